using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Donors;

/// <summary>One donor with its figures.</summary>
internal sealed class GetDonor : IEndpoint
{
    private const string Sql = $"""
        SELECT {OrganizationRow.Columns} FROM organization o
        WHERE o.id = @id AND o.merged_into IS NULL AND EXISTS (SELECT 1 FROM line l WHERE l.donor_id = o.id)
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/donors/{id}", Handle).Reads("GetDonor", "Donors",
        "One donor", "An organization that pledged or gave, with its figures over all instruments and for each. " +
        "Restated pledges and money passed on are left out. Its pledges: `/v1/pledges?donor={id}`.");

    /// <param name="id" example="usa">The donor's id.</param>
    private static async Task<Results<Ok<Donor>, MovedTo, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        if (MovedTo.Survivor(snapshot, id) is { } survivor)
        {
            return new MovedTo($"/v1/donors/{survivor}");
        }

        if (snapshot.First<OrganizationRow>(Sql, ("@id", id)) is not { } row)
        {
            return new Missing($"There is no donor {id}.", $"لا توجد جهة مانحة بالمعرف {id}.");
        }

        var (all, byInstrument) = TotalRow.Of(snapshot, "donor", id);
        request.ResourceVersion = row.Version;
        return TypedResults.Ok(new Donor
        {
            Id = row.Id,
            Name = new(row.NameEn, row.NameAr),
            Type = row.Type,
            Country = row.Country,
            Description = LocalizedText.Of(row.DescriptionEn, row.DescriptionAr),
            Figures = all,
            ByInstrument = byInstrument,
        });
    }
}
