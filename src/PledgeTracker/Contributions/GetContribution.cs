using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Sources;

namespace PledgeTracker.Contributions;

/// <summary>One contribution.</summary>
internal sealed class GetContribution : IEndpoint
{
    private const string Sql = $"SELECT {ContributionRow.Columns} FROM ledger_entry k CROSS JOIN contribution c ON c.entry_no = k.no {ContributionRow.Joins} WHERE k.id = @id";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/contributions/{id}", Handle).Reads("GetContribution", "Contributions",
        "One contribution", "Also when it was reversed: then `reversed` is true, and the ledger of its pledge shows the correction.");

    internal static Made<Contribution<LocalizedText>>? Load(IQueries queries, string id, View view) =>
        queries.First<ContributionRow>(Sql, ("@id", id)) is { } row
            ? new Made<Contribution<LocalizedText>>($"/v1/contributions/{id}", row.ToContribution(queries, Citations.OfEntry(queries, row.No, view.Language), view.Language, Texts.Both), null)
            : null;

    /// <param name="id" example="019b76da-a800-812c-979a-e8b431cc74cd">The contribution's id.</param>
    private static async Task<Results<ReadyJson<Contribution<LocalizedText>>, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        return Load(snapshot, id, request.View) is { } found ? request.Ok(found) : new Missing($"There is no contribution {id}.", $"لا توجد مساهمة بالمعرف {id}.");
    }
}
