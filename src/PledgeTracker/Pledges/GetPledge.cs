using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Pledges;

/// <summary>One pledge, whole.</summary>
internal sealed class GetPledge : IEndpoint
{
    private const string Sql = $"SELECT {PledgeRow.Columns} FROM pledge p WHERE p.id = @id";

    private static readonly int Version = PledgeRow.At("version");

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/pledges/{id}", Handle).Reads("GetPledge", "Pledges",
        "One pledge", "With its donors' lines, its figures, both languages of its texts, and the documents it rests on.");

    internal static Made<Pledge>? Load(IQueries queries, string id, View view)
    {
        using var rows = queries.Read(Sql, ("@id", id));
        if (!rows.Next())
        {
            return null;
        }

        using var body = JsonOutput.Begin();
        new PledgeJson(queries, view, body.Writer).Whole(rows);
        return new Made<Pledge>($"/v1/pledges/{id}", body.ToArray(), rows.Whole(Version));
    }

    /// <param name="id" example="019b76da-a800-89f3-bf96-67ceab5649cd">The pledge's id.</param>
    private static async Task<Results<ReadyJson<Pledge>, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        return Load(snapshot, id, request.View) is { } found ? request.Ok(found) : new Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");
    }
}
