using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Events;

/// <summary>Enters a pledging event: the conference or meeting where pledges were announced.</summary>
internal sealed class CreateEvent : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/events", Handle).Writes("CreateEvent", "Events",
        "Enter a pledging event", "The conference or meeting where pledges were announced.", Role.Editor);

    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Country">ISO 3166-1 alpha-3.</param>
    /// <param name="ReportedTotal">What was announced as the event's total, itemised or not.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Name = null, DateOnly? StartsOn = null, DateOnly? EndsOn = null, LocalizedText? Place = null, string? Country = null,
        LocalizedText? Description = null, ReportedTotalRequest? ReportedTotal = null, IReadOnlyList<CitationRequest>? Citations = null);

    public sealed record ReportedTotalRequest(decimal? Amount = null, string? Currency = null, string? Qualifier = null);

    internal sealed class ReportedTotalRules : AbstractValidator<ReportedTotalRequest>
    {
        public ReportedTotalRules()
        {
            RuleFor(t => t.Amount).Needed().IsPositive();
            RuleFor(t => t.Currency).Needed().IsCurrency();
            RuleFor(t => t.Qualifier).IsOneOf(Words.Qualifiers);
        }
    }

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsText(300);
            RuleFor(r => r.StartsOn).Needed();
            RuleFor(r => r.EndsOn).Must((r, end) => end is null || end >= r.StartsOn).Or("date_out_of_range",
                "Send a day on or after startsOn.", "أرسل يوما لا يسبق startsOn.");
            RuleFor(r => r.Place).IsText(300);
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.Description).IsText(4000);
            RuleFor(r => r.ReportedTotal).SetValidator(new ReportedTotalRules()!);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    private static Task<Recorded<Event<LocalizedText>>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Event<LocalizedText>>>(id => GetEvent.Load(write, id, request.View)!));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        var references = new References(write);
        Citations.Check(references, request.Citations);
        CodeRules.NotFarAhead(references.Faults, "/startsOn", request.StartsOn!.Value, write.At);
        CodeRules.NotFarAhead(references.Faults, "/endsOn", request.EndsOn, write.At);
        long? reported = request.ReportedTotal is { } total
            ? CodeRules.Minor(references.Faults, "/reportedTotal/amount", total.Amount!.Value, total.Currency!)
            : null;
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        if (write.First<string>("SELECT id FROM event WHERE id = @id", ("@id", request.Id)) is not null)
        {
            return Refusal.Conflict($"There is an event {request.Id} already.", $"توجد فعالية بالمعرف {request.Id} من قبل.", $"/v1/events/{request.Id}");
        }

        var version = log.Append(write, actor, "created", "event", request.Id!, request);
        write.Execute("""
            INSERT INTO event (id, name_en, name_ar, starts_on, ends_on, place_en, place_ar, country, description_en, description_ar,
                reported_minor, reported_currency, reported_qualifier, search, version)
            VALUES (@id, @nameEn, @nameAr, @startsOn, @endsOn, @placeEn, @placeAr, @country, @descriptionEn, @descriptionAr,
                @reported, @reportedCurrency, @reportedQualifier, @search, @version)
            """,
            ("@id", request.Id), ("@nameEn", request.Name!.En), ("@nameAr", request.Name.Ar), ("@startsOn", request.StartsOn), ("@endsOn", request.EndsOn),
            ("@placeEn", request.Place?.En), ("@placeAr", request.Place?.Ar), ("@country", request.Country),
            ("@descriptionEn", request.Description?.En), ("@descriptionAr", request.Description?.Ar), ("@reported", reported),
            ("@reportedCurrency", request.ReportedTotal?.Currency), ("@reportedQualifier", reported is null ? null : request.ReportedTotal!.Qualifier ?? "exact"),
            ("@search", SearchText.Fold(request.Id, request.Name.En, request.Name.Ar, request.Place?.En, request.Place?.Ar)), ("@version", version));
        Citations.Add(write, Citations.OfEvents, request.Id!, request.Citations);
        return request.Id!;
    }
}
