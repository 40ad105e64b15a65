using System.Text.Json.Nodes;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Donors;

/// <summary>Corrects what is said of an organization.</summary>
internal sealed class AmendOrganization : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/v1/organizations/{id}", Handle).Writes("AmendOrganization", "Organizations",
        "Amend an organization", "Changes the members that are sent (RFC 7396); the history shows what was there before.", Role.Editor)
        .Refuses(404, 412, 428).WithMetadata(new AmendsDocument(typeof(CreateOrganization.Request)));

    /// <param name="id" example="undp">The organization's id.</param>
    private static Task<Recorded<Organization>> Handle(string id, WriteRequest<JsonObject> request, ChangeLog log) => request.AmendAsync<CreateOrganization.Request, Organization>(new CreateOrganization.Rules(),
        Refusal.Missing($"There is no organization {id}.", $"لا توجد جهة بالمعرف {id}."),
        write => Load(write, id),
        (write, before, after) =>
        {
            if (after.Id != id)
            {
                return Refusal.Invalid(new Fault("/id", "not_allowed", new("An id never changes.", "المعرف لا يتغير أبدا.")));
            }

            var version = log.Append(write, request.Caller.Actor, "amended", "organization", id, after, before);
            write.Execute("""
                UPDATE organization SET name_en = @nameEn, name_ar = @nameAr, type = @type, country = @country, description_en = @descriptionEn,
                    description_ar = @descriptionAr, website = @website, search = @search, version = @version WHERE id = @id
                """,
                ("@nameEn", after.Name!.En), ("@nameAr", after.Name.Ar), ("@type", after.Type), ("@country", after.Country),
                ("@descriptionEn", after.Description?.En), ("@descriptionAr", after.Description?.Ar), ("@website", after.Website),
                ("@search", SearchText.Fold(id, after.Name.En, after.Name.Ar)), ("@version", version), ("@id", id));
            return GetOrganization.Load(write, id)! with { Status = 200, Location = null };
        },
        // A redirect would have the patch, made for the one, applied to the other.
        write => MovedTo.Survivor(write, id) is { } survivor ? MovedTo.Refused(id, survivor) : null);

    private static (CreateOrganization.Request Document, long Version)? Load(Write write, string id) =>
        write.First<OrganizationRow>($"SELECT {OrganizationRow.Columns} FROM organization o WHERE o.id = @id AND o.merged_into IS NULL", ("@id", id)) is not { } row
            ? null
            : (new(row.Id, new(row.NameEn, row.NameAr), row.Type, row.Country, LocalizedText.Of(row.DescriptionEn, row.DescriptionAr), row.Website), row.Version);
}
