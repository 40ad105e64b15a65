using System.Text.Json.Nodes;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Sources;

/// <summary>Corrects what is said of a source.</summary>
internal sealed class AmendSource : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/v1/sources/{id}", Handle).Writes("AmendSource", "Sources",
        "Amend a source", "Changes the members that are sent (RFC 7396); the history shows what was there before.", Role.Editor)
        .Refuses(404, 412, 428).WithMetadata(new AmendsDocument(typeof(CreateSource.Request)));

    /// <param name="id" example="state-note-2018-06-26">The source's id.</param>
    private static Task<Recorded<Source>> Handle(string id, WriteRequest<JsonObject> request, ChangeLog log) => request.AmendAsync<CreateSource.Request, Source>(new CreateSource.Rules(),
        Refusal.Missing($"There is no source {id}.", $"لا يوجد مصدر بالمعرف {id}."),
        write => Load(write, id),
        (write, before, after) =>
        {
            var faults = new List<Fault>();
            CodeRules.NotAfterTomorrow(faults, "/publishedOn", after.PublishedOn!.Value, write.At);
            if (after.Id != id)
            {
                faults.Add(new Fault("/id", "not_allowed", new("An id never changes.", "المعرف لا يتغير أبدا.")));
            }

            if (faults.Count > 0)
            {
                return faults;
            }

            var version = log.Append(write, request.Caller.Actor, "amended", "source", id, after, before);
            write.Execute("""
                UPDATE source SET title_en = @titleEn, title_ar = @titleAr, publisher_en = @publisherEn, publisher_ar = @publisherAr, url = @url,
                    language = @language, published_on = @publishedOn, date_qualifier = @dateQualifier, reliability = @reliability, note_en = @noteEn,
                    note_ar = @noteAr, search = @search, version = @version WHERE id = @id
                """,
                ("@titleEn", after.Title!.En), ("@titleAr", after.Title.Ar), ("@publisherEn", after.Publisher?.En), ("@publisherAr", after.Publisher?.Ar),
                ("@url", after.Url), ("@language", after.Language), ("@publishedOn", after.PublishedOn), ("@dateQualifier", after.DateQualifier ?? "exact"),
                ("@reliability", after.Reliability), ("@noteEn", after.Note?.En), ("@noteAr", after.Note?.Ar),
                ("@search", SearchText.Fold(id, after.Title.En, after.Title.Ar, after.Publisher?.En, after.Publisher?.Ar)), ("@version", version), ("@id", id));
            return GetSource.Load(write, id)! with { Status = 200, Location = null };
        });

    private static (CreateSource.Request Document, long Version)? Load(Write write, string id) =>
        write.First<SourceRow>($"SELECT {SourceRow.Columns} FROM source s WHERE s.id = @id", ("@id", id)) is not { } row
            ? null
            : (new(row.Id, new(row.TitleEn, row.TitleAr), LocalizedText.Of(row.PublisherEn, row.PublisherAr), row.Url, row.Language, row.PublishedOn,
                row.DateQualifier, row.Reliability, LocalizedText.Of(row.NoteEn, row.NoteAr)), row.Version);
}
