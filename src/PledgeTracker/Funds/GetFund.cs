using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Shortfalls;

namespace PledgeTracker.Funds;

/// <summary>One fund: its figures, what it needs and what it lacks.</summary>
internal sealed class GetFund : IEndpoint
{
    private const string Sql = $"""
        SELECT {FundRow.Columns} FROM fund f {FundRow.Joins} LEFT JOIN total t ON t.scope = 'fund' AND t.id = f.id AND t.instrument = 'all' WHERE f.id = @id
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/funds/{id}", Handle).Reads("GetFund", "Funds",
        "One fund", "Its figures over all instruments and for each, what it needs, and the shortfalls that are current. Its pledges: `/v1/pledges?fund={id}`.");

    internal static Made<Fund>? Load(IQueries queries, string id, View view)
    {
        if (queries.First<FundRow>(Sql, ("@id", id)) is not { } row)
        {
            return null;
        }

        var (all, byInstrument) = TotalRow.Of(queries, "fund", id);
        var requirements = queries.Query<RequirementRow>($"""
            SELECT {RequirementRow.Columns} FROM requirement q {RequirementRow.Joins} WHERE q.fund_id = @id ORDER BY q.stated_on DESC, q.id DESC LIMIT 50
            """, ("@id", id));
        var shortfalls = queries.Query<ShortfallRow>(
            $"{ShortfallRow.Sql("both", "WHERE t.fund_id = @id AND x.no IS NULL")} ORDER BY basis DESC, stated_on DESC LIMIT 50", ("@id", id));
        return new Made<Fund>($"/v1/funds/{id}", new Fund
        {
            Id = row.Id,
            Name = new(row.NameEn, row.NameAr),
            Kind = row.Kind,
            Description = LocalizedText.Of(row.DescriptionEn, row.DescriptionAr),
            Parent = Ref.Of(row.ParentId, row.ParentEn, row.ParentAr, view.Language),
            Administrator = Ref.Of(row.AdministratorId, row.AdministratorEn, row.AdministratorAr, view.Language),
            Countries = row.Countries,
            Website = row.Website,
            Figures = all,
            ByInstrument = byInstrument,
            Requirements = RequirementRow.Show(queries, requirements, view, Texts.Both),
            CurrentShortfalls = ShortfallRow.Show(queries, shortfalls, view, Texts.Both),
        }, row.Version);
    }

    /// <param name="id" example="undp-ffs">The fund's id.</param>
    private static async Task<Results<ReadyJson<Fund>, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        return Load(snapshot, id, request.View) is { } fund ? request.Ok(fund) : new Missing($"There is no fund {id}.", $"لا يوجد صندوق بالمعرف {id}.");
    }
}
