using System.Text.Json.Nodes;

namespace PledgeTracker.Events;

/// <summary>Corrects what is said of a pledging event. Its citations stay as they are.</summary>
public sealed class AmendEvent : Writes<Patch<CreateEvent.Request>, Event>
{
    public override void Configure()
    {
        Patch("/v1/events/{id}");
        Tells("Events", "Amend a pledging event", "Changes the members that are sent (RFC 7396), all but the citations; the history shows what was there before.", Role.Editor,
            example: new JsonObject { ["place"] = new JsonObject { ["en"] = "Kuwait City", ["ar"] = "مدينة الكويت" } });
    }

    protected override async Task<Made<Event>> WriteAsync(Patch<CreateEvent.Request> request, Write write)
    {
        var row = await write.Sql.QueryFirstOrDefaultAsync<EventRow>($"{EventRow.Select(Reader)} WHERE v.id = @Id", new { request.Id }) ?? throw await GetEvent.MissingAsync(write, request.Id);
        var before = new CreateEvent.Request(row.Id, new(row.NameEn, row.NameAr), row.StartsOn, row.EndsOn, LocalizedText.Of(row.PlaceEn, row.PlaceAr), row.Country,
            LocalizedText.Of(row.DescriptionEn, row.DescriptionAr),
            row.ReportedMinor is { } minor ? new(Currency.Major(minor, row.ReportedCurrency!), row.ReportedCurrency, row.ReportedQualifier) : null, row.PrecededBy);
        var after = await request.ApplyToAsync(before, row.Version, new CreateEvent.Rules(), async (named, faults) =>
        {
            if (named.PrecededBy is not null && await write.Sql.QueryFirstOrDefaultAsync<string>("""
                WITH RECURSIVE earlier (id) AS (
                    SELECT id FROM event WHERE id = @PrecededBy
                    UNION SELECT v.preceded_by FROM earlier e JOIN event v ON v.id = e.id WHERE v.preceded_by IS NOT NULL)
                SELECT id FROM earlier WHERE id = @Id
                """, new { request.Id, named.PrecededBy }) is not null)
            {
                faults.Add("/precededBy", "not_allowed", "An event cannot come before itself.", "لا يمكن أن تسبق الفعالية نفسها.");
            }

            // Rounds that followed it are looked for under the id that it has.
            await CreateEvent.FindAsync(write, faults, named with { Id = request.Id });
            if (named.Id != request.Id)
            {
                faults.Add("/id", "not_allowed", "An id never changes.", "المعرف لا يتغير أبدا.");
            }

            if (named.Citations is not null)
            {
                faults.Add("/citations", "not_allowed", "Citations are not amended.", "لا تعدل الاستشهادات.");
            }
        });
        if (MergePatch.ChangesNothing(CreateEvent.Columns(before, row.Version), CreateEvent.Columns(after, row.Version)))
        {
            return new((await GetEvent.FindAsync(write, request.Id, Reader))!, Version: row.Version, Status: 200);
        }

        var version = await ChangeLog.AppendAsync(write, "amended", "event", request.Id, after, before);
        await write.Sql.ExecuteAsync("""
            UPDATE event SET name_en = @nameEn, name_ar = @nameAr, starts_on = @StartsOn, ends_on = @EndsOn, place_en = @placeEn, place_ar = @placeAr,
                country = @Country, description_en = @descriptionEn, description_ar = @descriptionAr, reported_minor = @reported,
                reported_currency = @reportedCurrency, reported_qualifier = @reportedQualifier, preceded_by = @PrecededBy, version = @version
            WHERE id = @Id
            """, CreateEvent.Columns(after, version));
        await Searched.FollowAsync(write, "event", request.Id);
        return new((await GetEvent.FindAsync(write, request.Id, Reader))!, Version: version, Status: 200);
    }
}
