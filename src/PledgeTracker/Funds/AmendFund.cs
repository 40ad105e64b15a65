using System.Text.Json.Nodes;

namespace PledgeTracker.Funds;

/// <summary>Corrects what is said of a fund.</summary>
public sealed class AmendFund : Writes<Patch<CreateFund.Request>, Fund>
{
    public override void Configure()
    {
        Patch("/v1/funds/{id}");
        Tells("Funds", "Amend a fund", "Changes the members that are sent (RFC 7396); the history shows what was there before.", Role.Editor,
            example: new JsonObject { ["website"] = "https://www.undp.org/iraq" });
    }

    protected override async Task<Made<Fund>> WriteAsync(Patch<CreateFund.Request> request, Write write)
    {
        var id = request.Id;
        var row = await FundRow.FindAsync(write, id, Reader) ?? throw await GetFund.MissingAsync(write, id);
        var before = Said(row);
        var after = await request.ApplyToAsync(before, row.Version, new CreateFund.Rules(), async (named, faults) =>
        {
            await CreateFund.FindAsync(write, faults, named);
            if (named.Id != id)
            {
                faults.Add("/id", "not_allowed", "An id never changes.", "المعرف لا يتغير أبدا.");
            }

            if (named.ParentId is not null && await write.Sql.QueryFirstOrDefaultAsync<string>("""
                WITH RECURSIVE above (id) AS (
                    SELECT id FROM fund WHERE id = @ParentId
                    UNION SELECT f.parent_id FROM above a JOIN fund f ON f.id = a.id WHERE f.parent_id IS NOT NULL)
                SELECT id FROM above WHERE id = @id
                """, new { id, named.ParentId }) is not null)
            {
                faults.Add("/parentId", "not_allowed", "A fund cannot stand under itself.", "لا يمكن أن يندرج الصندوق تحت نفسه.");
            }
        });
        if (MergePatch.ChangesNothing(CreateFund.Columns(before, row.Version), CreateFund.Columns(after, row.Version)))
        {
            return new((await GetFund.FindAsync(write, id, Reader))!, Version: row.Version, Status: 200);
        }

        var version = await KeepAsync(write, before, after);
        return new((await GetFund.FindAsync(write, id, Reader))!, Version: version, Status: 200);
    }

    /// <summary>Says of a fund what nobody has said yet: where it works, and what else it is called.</summary>
    internal static async Task CompleteAsync(Write write, string id, IReadOnlyList<string>? countries, string? alias)
    {
        var before = Said((await FundRow.FindAsync(write, id, new Reader(Language.English, default)))!);
        var after = before with { Countries = before.Countries is [_, ..] ? before.Countries : countries ?? [], Aliases = before.Aliases is [_, ..] || alias is null ? before.Aliases : [alias] };
        if (!MergePatch.ChangesNothing(CreateFund.Columns(before, 0), CreateFund.Columns(after, 0)) && new CreateFund.Rules().Check(after).Count == 0)
        {
            await KeepAsync(write, before, after);
        }
    }

    private static CreateFund.Request Said(FundRow row) => new(row.Id, row.Name, row.Kind, row.Description, row.ParentId, row.AdministratorId, row.Countries, row.Website, row.Aliases);

    private static async Task<long> KeepAsync(Write write, CreateFund.Request before, CreateFund.Request after)
    {
        var version = await ChangeLog.AppendAsync(write, "amended", "fund", after.Id!, after, before);
        await write.Sql.ExecuteAsync("""
            UPDATE fund SET name_en = @nameEn, name_ar = @nameAr, kind = @Kind, description_en = @descriptionEn, description_ar = @descriptionAr,
                parent_id = @ParentId, administrator_id = @AdministratorId, countries = @countries, website = @Website, aliases = @aliases, version = @version
            WHERE id = @Id
            """, CreateFund.Columns(after, version));
        await Searched.FollowAsync(write, "fund", after.Id!);
        return version;
    }
}
