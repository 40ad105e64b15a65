using System.Text.Json.Nodes;

namespace PledgeTracker.Organizations;

/// <summary>Corrects what is said of an organization.</summary>
public sealed class AmendOrganization : Writes<Patch<CreateOrganization.Request>, Organization>
{
    public override void Configure()
    {
        Patch("/v1/organizations/{id}");
        Tells("Organizations", "Amend an organization", "Changes the members that are sent (RFC 7396); the history shows what was there before.", Role.Editor,
            example: new JsonObject { ["website"] = "https://www.undp.org/" });
    }

    protected override async Task<Made<Organization>> WriteAsync(Patch<CreateOrganization.Request> request, Write write)
    {
        var id = request.Id;
        var row = await OrganizationRow.FindAsync(write, id) ?? throw await GetOrganization.MissingAsync(write, id);
        // A redirect would have the patch, made for the one, applied to the other.
        row.ThrowIfMerged();
        var before = Said(row);
        var after = await request.ApplyToAsync(before, row.Version, new CreateOrganization.Rules(), (named, faults) =>
        {
            if (named.Id != id)
            {
                faults.Add("/id", "not_allowed", "An id never changes.", "المعرف لا يتغير أبدا.");
            }

            return Task.CompletedTask;
        });
        if (MergePatch.ChangesNothing(CreateOrganization.Columns(before, row.Version), CreateOrganization.Columns(after, row.Version)))
        {
            return new(row.ToOrganization(), Version: row.Version, Status: 200);
        }

        var version = await KeepAsync(write, before, after);
        return new((await OrganizationRow.FindAsync(write, id))!.ToOrganization(), Version: version, Status: 200);
    }

    /// <summary>Has one found by another name as well: for whatever learns what it is called. Where it has as many names as it may have, it stays as it is.</summary>
    internal static async Task AddAliasAsync(Write write, string id, string name)
    {
        var row = (await OrganizationRow.FindAsync(write, id))!;
        var before = Said(row);
        var after = before with { Aliases = [.. row.Aliases, name] };
        if (new CreateOrganization.Rules().Check(after).Count == 0)
        {
            await KeepAsync(write, before, after);
        }
    }

    private static CreateOrganization.Request Said(OrganizationRow row) => new(row.Id, row.Name, row.Type, row.Country, row.Description, row.Website, row.Aliases);

    private static async Task<long> KeepAsync(Write write, CreateOrganization.Request before, CreateOrganization.Request after)
    {
        var version = await ChangeLog.AppendAsync(write, "amended", "organization", after.Id!, after, before);
        await write.Sql.ExecuteAsync("""
            UPDATE organization SET name_en = @nameEn, name_ar = @nameAr, type = @Type, country = @Country, description_en = @descriptionEn,
                description_ar = @descriptionAr, website = @Website, aliases = @aliases, version = @version WHERE id = @Id
            """, CreateOrganization.Columns(after, version));
        await Searched.FollowAsync(write, "organization", after.Id!);
        return version;
    }
}
