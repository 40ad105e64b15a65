using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Shortfalls;

/// <summary>One shortfall, reported or computed.</summary>
internal sealed class GetShortfall : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/shortfalls/{id}", Handle).Reads("GetShortfall", "Shortfalls",
        "One shortfall", "Reported (by the id of the statement) or computed (by the id of the requirement), with what has come in against it.");

    internal static Made<Shortfall<LocalizedText>>? Load(IQueries queries, string id, View view) =>
        queries.First<ShortfallRow>(ShortfallRow.Sql("both", "WHERE t.id = @id"), ("@id", id)) is { } row
            ? new Made<Shortfall<LocalizedText>>($"/v1/shortfalls/{id}", ShortfallRow.Show(queries, [row], view, Texts.Both)[0], row.Version)
            : null;

    /// <param name="id" example="019b76da-a800-8e6f-beac-e0365b2a8d65">The id of the statement, or of the requirement.</param>
    private static async Task<Results<ReadyJson<Shortfall<LocalizedText>>, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        return Load(snapshot, id, request.View) is { } found ? request.Ok(found) : new Missing($"There is no shortfall {id}.", $"لا يوجد عجز بالمعرف {id}.");
    }
}
