using System.Text.Json.Nodes;

namespace PledgeTracker.Sources;

/// <summary>Corrects what is said of a source.</summary>
public sealed class AmendSource : Writes<Patch<CreateSource.Request>, Source>
{
    public override void Configure()
    {
        Patch("/v1/sources/{id}");
        Tells("Sources", "Amend a source", "Changes the members that are sent (RFC 7396); the history shows what was there before.", Role.Editor,
            example: new JsonObject { ["note"] = new JsonObject { ["en"] = "Read again on 1 March 2026", ["ar"] = "قُرئ مجددا في 1 مارس 2026" } });
    }

    protected override async Task<Made<Source>> WriteAsync(Patch<CreateSource.Request> request, Write write)
    {
        var row = await write.Sql.QueryFirstOrDefaultAsync<SourceRow>($"{SourceRow.Select} WHERE s.id = @Id", new { request.Id }) ?? throw await GetSource.MissingAsync(write, request.Id);
        var before = new CreateSource.Request(row.Id, new(row.TitleEn, row.TitleAr), LocalizedText.Of(row.PublisherEn, row.PublisherAr), row.Url, row.Language,
            row.PublishedOn, row.DateQualifier, row.Reliability, LocalizedText.Of(row.NoteEn, row.NoteAr));
        var after = await request.ApplyToAsync(before, row.Version, new CreateSource.Rules(), (named, faults) =>
        {
            Amounts.NotAfterTomorrow(faults, "/publishedOn", named.PublishedOn, write.At);
            if (named.Id != request.Id)
            {
                faults.Add("/id", "not_allowed", "An id never changes.", "المعرف لا يتغير أبدا.");
            }

            return Task.CompletedTask;
        });
        if (MergePatch.ChangesNothing(CreateSource.Columns(before, row.Version), CreateSource.Columns(after, row.Version)))
        {
            return new((await GetSource.FindAsync(write, request.Id))!, Version: row.Version, Status: 200);
        }

        var version = await ChangeLog.AppendAsync(write, "amended", "source", request.Id, after, before);
        await write.Sql.ExecuteAsync("""
            UPDATE source SET title_en = @titleEn, title_ar = @titleAr, publisher_en = @publisherEn, publisher_ar = @publisherAr, url = @Url,
                language = @Language, published_on = @PublishedOn, date_qualifier = @dateQualifier, reliability = @Reliability, note_en = @noteEn,
                note_ar = @noteAr, version = @version
            WHERE id = @Id
            """, CreateSource.Columns(after, version));
        await Searched.FollowAsync(write, "source", request.Id);
        return new((await GetSource.FindAsync(write, request.Id))!, Version: version, Status: 200);
    }
}
