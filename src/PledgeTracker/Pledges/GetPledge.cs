using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Http;

namespace PledgeTracker.Pledges;

/// <summary>One pledge, whole.</summary>
internal sealed class GetPledge : IEndpoint
{
    internal const string Sql = $"SELECT {PledgeRow.Columns} FROM pledge p {PledgeRow.Joins} WHERE p.id = @id";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/pledges/{id}", Handle).Reads("GetPledge", "Pledges",
        "One pledge", "With its donors' lines, its figures, both languages of its texts, and the documents it rests on.");

    /// <param name="id" example="019b76da-a800-89f3-bf96-67ceab5649cd">The pledge's id.</param>
    private static async Task<Results<Ok<Pledge>, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        if (snapshot.First<PledgeRow>(Sql, ("@id", id)) is not { } row)
        {
            return new Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");
        }

        request.ResourceVersion = row.Version;
        return TypedResults.Ok(new PledgeDetails(snapshot, [row], request.View).Whole(row));
    }
}
