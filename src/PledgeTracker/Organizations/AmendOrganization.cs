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
        var before = new CreateOrganization.Request(id, row.Name, row.Type, row.Country, row.Description, row.Website, row.Aliases);
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

        var version = await ChangeLog.AppendAsync(write, "amended", "organization", id, after, before);
        await write.Sql.ExecuteAsync("""
            UPDATE organization SET name_en = @nameEn, name_ar = @nameAr, type = @Type, country = @Country, description_en = @descriptionEn,
                description_ar = @descriptionAr, website = @Website, aliases = @aliases, version = @version WHERE id = @Id
            """, CreateOrganization.Columns(after, version));
        await Searched.FollowAsync(write, "organization", id);
        return new((await OrganizationRow.FindAsync(write, id))!.ToOrganization(), Version: version, Status: 200);
    }
}
