using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Donors;

/// <summary>One organization.</summary>
internal sealed class GetOrganization : IEndpoint
{
    private const string Sql = $"SELECT {OrganizationRow.Columns} FROM organization o WHERE o.id = @id";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/organizations/{id}", Handle).Reads("GetOrganization", "Organizations",
        "One organization", "In both languages. What it pledged and gave stands under `/v1/donors/{id}`.");

    internal static Made<Organization>? Load(IQueries queries, string id) =>
        queries.First<OrganizationRow>(Sql, ("@id", id)) is { } row ? new Made<Organization>($"/v1/organizations/{id}", row.ToOrganization(), row.Version) : null;

    /// <param name="id" example="undp">The organization's id.</param>
    private static async Task<Results<ReadyJson<Organization>, MovedTo, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        if (MovedTo.Survivor(snapshot, id) is { } survivor)
        {
            return new MovedTo($"/v1/organizations/{survivor}");
        }

        return Load(snapshot, id) is { } found ? request.Ok(found) : new Missing($"There is no organization {id}.", $"لا توجد جهة بالمعرف {id}.");
    }
}
