using System.Text.Json.Nodes;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Events;

/// <summary>Corrects what is said of a pledging event. Its citations stay as they are.</summary>
internal sealed class AmendEvent : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/v1/events/{id}", Handle).Writes("AmendEvent", "Events",
        "Amend a pledging event", "Changes the members that are sent (RFC 7396), all but the citations; the history shows what was there before.", Role.Editor)
        .Refuses(404, 412, 428).WithMetadata(new AmendsDocument(typeof(CreateEvent.Request)));

    /// <param name="id" example="kuwait-conference-2018">The event's id.</param>
    private static Task<Recorded<Event<LocalizedText>>> Handle(string id, WriteRequest<JsonObject> request, ChangeLog log) => request.AmendAsync<CreateEvent.Request, Event<LocalizedText>>(new CreateEvent.Rules(),
        Refusal.Missing($"There is no event {id}.", $"لا توجد فعالية بالمعرف {id}."),
        write => Load(write, id),
        (write, before, after) =>
        {
            var faults = new List<Fault>();
            CodeRules.NotFarAhead(faults, "/startsOn", after.StartsOn!.Value, write.At);
            CodeRules.NotFarAhead(faults, "/endsOn", after.EndsOn, write.At);
            long? reported = after.ReportedTotal is { } total ? CodeRules.Minor(faults, "/reportedTotal/amount", total.Amount!.Value, total.Currency!) : null;
            if (after.Id != id)
            {
                faults.Add(new Fault("/id", "not_allowed", new("An id never changes.", "المعرف لا يتغير أبدا.")));
            }

            if (after.Citations is not null)
            {
                faults.Add(new Fault("/citations", "not_allowed", new("Citations are not amended.", "لا تعدل الاستشهادات.")));
            }

            if (faults.Count > 0)
            {
                return faults;
            }

            var version = log.Append(write, request.Caller.Actor, "amended", "event", id, after, before);
            write.Execute("""
                UPDATE event SET name_en = @nameEn, name_ar = @nameAr, starts_on = @startsOn, ends_on = @endsOn, place_en = @placeEn, place_ar = @placeAr,
                    country = @country, description_en = @descriptionEn, description_ar = @descriptionAr, reported_minor = @reported,
                    reported_currency = @reportedCurrency, reported_qualifier = @reportedQualifier, search = @search, version = @version WHERE id = @id
                """,
                ("@nameEn", after.Name!.En), ("@nameAr", after.Name.Ar), ("@startsOn", after.StartsOn), ("@endsOn", after.EndsOn), ("@placeEn", after.Place?.En),
                ("@placeAr", after.Place?.Ar), ("@country", after.Country), ("@descriptionEn", after.Description?.En), ("@descriptionAr", after.Description?.Ar),
                ("@reported", reported), ("@reportedCurrency", after.ReportedTotal?.Currency),
                ("@reportedQualifier", reported is null ? null : after.ReportedTotal!.Qualifier ?? "exact"),
                ("@search", SearchText.Fold(id, after.Name.En, after.Name.Ar, after.Place?.En, after.Place?.Ar)), ("@version", version), ("@id", id));
            return GetEvent.Load(write, id, request.View)! with { Status = 200, Location = null };
        });

    private static (CreateEvent.Request Document, long Version)? Load(Write write, string id) =>
        write.First<EventRow>($"SELECT {EventRow.Columns} FROM event v WHERE v.id = @id", ("@id", id)) is not { } row
            ? null
            : (new(row.Id, new(row.NameEn, row.NameAr), row.StartsOn, row.EndsOn, LocalizedText.Of(row.PlaceEn, row.PlaceAr), row.Country,
                LocalizedText.Of(row.DescriptionEn, row.DescriptionAr),
                row.ReportedMinor is not { } minor ? null : new(Currency.Major(minor, row.ReportedCurrency!), row.ReportedCurrency, row.ReportedQualifier)), row.Version);
}
