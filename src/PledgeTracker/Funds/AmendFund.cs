using System.Text.Json;
using System.Text.Json.Nodes;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Funds;

/// <summary>Corrects what is said of a fund.</summary>
internal sealed class AmendFund : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/v1/funds/{id}", Handle).Writes("AmendFund", "Funds",
        "Amend a fund", "Changes the members that are sent (RFC 7396); the history shows what was there before.", Role.Editor)
        .Refuses(404, 412, 428).WithMetadata(new AmendsDocument(typeof(CreateFund.Request)));

    /// <param name="id" example="undp-ffs">The fund's id.</param>
    private static Task<Recorded<Fund>> Handle(string id, WriteRequest<JsonObject> request, ChangeLog log) => request.AmendAsync<CreateFund.Request, Fund>(new CreateFund.Rules(),
        Refusal.Missing($"There is no fund {id}.", $"لا يوجد صندوق بالمعرف {id}."),
        write => Load(write, id),
        (write, before, after) =>
        {
            var references = new References(write);
            references.Fund("/parentId", after.ParentId);
            references.Organization("/administratorId", after.AdministratorId);
            if (after.Id != id)
            {
                references.Add("/id", "not_allowed", "An id never changes.", "المعرف لا يتغير أبدا.");
            }

            if (after.ParentId is not null && write.First<long?>("""
                    WITH RECURSIVE above (id) AS (SELECT @parent UNION SELECT f.parent_id FROM above a JOIN fund f ON f.id = a.id WHERE f.parent_id IS NOT NULL)
                    SELECT 1 FROM above WHERE id = @id
                    """, ("@parent", after.ParentId), ("@id", id)) is not null)
            {
                references.Add("/parentId", "not_allowed", "A fund cannot stand under itself.", "لا يمكن أن يندرج الصندوق تحت نفسه.");
            }

            if (references.Faults.Count > 0)
            {
                return references.Faults;
            }

            var version = log.Append(write, request.Caller.Actor, "amended", "fund", id, after, before);
            write.Execute("""
                UPDATE fund SET name_en = @nameEn, name_ar = @nameAr, kind = @kind, description_en = @descriptionEn, description_ar = @descriptionAr,
                    parent_id = @parent, administrator_id = @administrator, countries = @countries, website = @website, search = @search, version = @version
                WHERE id = @id
                """,
                ("@nameEn", after.Name!.En), ("@nameAr", after.Name.Ar), ("@kind", after.Kind), ("@descriptionEn", after.Description?.En),
                ("@descriptionAr", after.Description?.Ar), ("@parent", after.ParentId), ("@administrator", after.AdministratorId),
                ("@countries", JsonSerializer.Serialize(after.Countries ?? [])), ("@website", after.Website),
                ("@search", SearchText.Fold(id, after.Name.En, after.Name.Ar)), ("@version", version), ("@id", id));
            return GetFund.Load(write, id, request.View)! with { Status = 200, Location = null };
        });

    private static (CreateFund.Request Document, long Version)? Load(Write write, string id) =>
        write.First<FundRow>($"SELECT {FundRow.Columns} FROM fund f {FundRow.Joins} LEFT JOIN total t ON false WHERE f.id = @id", ("@id", id)) is not { } row
            ? null
            : (new(row.Id, new(row.NameEn, row.NameAr), row.Kind, LocalizedText.Of(row.DescriptionEn, row.DescriptionAr), row.ParentId, row.AdministratorId,
                row.Countries, row.Website), row.Version);
}
