using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Sources;

/// <summary>Enters a source: a document that figures can rest on.</summary>
internal sealed class CreateSource : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/sources", Handle).Writes("CreateSource", "Sources",
        "Enter a source", "A document that figures can rest on.", Role.Editor);

    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Language">The document's own language, BCP 47.</param>
    /// <param name="DateQualifier">`approximate` where the document carries no exact date.</param>
    /// <param name="Reliability">`primary` for those who promise or receive, `secondary` for news of it.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Title = null, LocalizedText? Publisher = null, string? Url = null, string? Language = null,
        DateOnly? PublishedOn = null, string? DateQualifier = null, string? Reliability = null, LocalizedText? Note = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Title).Needed().IsText(500);
            RuleFor(r => r.Publisher).IsText(300);
            RuleFor(r => r.Url).IsWebAddress();
            RuleFor(r => r.Language).Needed().Matches("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$").Or("unknown_code",
                "Send a BCP 47 language tag, such as ar.", "أرسل رمز اللغة وفق BCP 47 مثل ar.");
            RuleFor(r => r.PublishedOn).Needed();
            RuleFor(r => r.DateQualifier).IsOneOf(["exact", "approximate"]);
            RuleFor(r => r.Reliability).Needed().IsOneOf(Words.Reliabilities);
            RuleFor(r => r.Note).IsText(4000);
        }
    }

    private static Task<Recorded<Source>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Source>>(id => GetSource.Load(write, id)!));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        var faults = new List<Fault>();
        CodeRules.NotAfterTomorrow(faults, "/publishedOn", request.PublishedOn!.Value, write.At);
        if (faults.Count > 0)
        {
            return faults;
        }

        if (write.First<string>("SELECT id FROM source WHERE id = @id", ("@id", request.Id)) is not null)
        {
            return Refusal.Conflict($"There is a source {request.Id} already.", $"يوجد مصدر بالمعرف {request.Id} من قبل.", $"/v1/sources/{request.Id}");
        }

        var version = log.Append(write, actor, "created", "source", request.Id!, request);
        write.Execute("""
            INSERT INTO source (id, title_en, title_ar, publisher_en, publisher_ar, url, language, published_on, date_qualifier, reliability, note_en, note_ar,
                search, version)
            VALUES (@id, @titleEn, @titleAr, @publisherEn, @publisherAr, @url, @language, @publishedOn, @dateQualifier, @reliability, @noteEn, @noteAr,
                @search, @version)
            """,
            ("@id", request.Id), ("@titleEn", request.Title!.En), ("@titleAr", request.Title.Ar), ("@publisherEn", request.Publisher?.En),
            ("@publisherAr", request.Publisher?.Ar), ("@url", request.Url), ("@language", request.Language), ("@publishedOn", request.PublishedOn),
            ("@dateQualifier", request.DateQualifier ?? "exact"), ("@reliability", request.Reliability), ("@noteEn", request.Note?.En),
            ("@noteAr", request.Note?.Ar),
            ("@search", SearchText.Fold(request.Id, request.Title.En, request.Title.Ar, request.Publisher?.En, request.Publisher?.Ar)), ("@version", version));
        return request.Id!;
    }
}
