using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Funds;

/// <summary>One fund: its figures, what it needs and what it lacks.</summary>
public sealed class GetFund : Reads<GetFund.Request, Fund>
{
    // Of what it needs, and of what it lacks.
    private const int Most = 50;

    /// <param name="Id" example="undp-ffs">The fund's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/funds/{id}");
        Tells("Funds", "One fund",
            "Its figures over all instruments and for each, what it needs, and the shortfalls that are current. Its pledges: `/v1/pledges?fund={id}`. " +
            "As of a day, with what had been stated by then; before its first pledge its figures are 0.", 404);
    }

    protected override async Task<Fund> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        return (await FindAsync(view, request.Id, Reader, past) ?? throw await MissingAsync(view, request.Id)) with { Basis = basis };
    }

    internal static Task<Refused> MissingAsync(Session session, string id) => References.MissingAsync(session, "fund", id, $"There is no fund {id}.", $"لا يوجد صندوق بالمعرف {id}.");

    /// <summary>A fund as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Fund?> FindAsync(Session session, string id, Reader reader, Past? past = null)
    {
        if (await FundRow.FindAsync(session, id, reader) is not { } row)
        {
            return null;
        }

        var (all, byInstrument) = (await Totals.OfAsync(session, "fund", [id], past))[id];
        var then = past is null ? [] : await Statements.ThenAsync(session, "requirement", past, [id]);
        var requirements = past is null
            ? (await session.Sql.QueryAsync<RequirementRow>($"{RequirementRow.Select(reader)} WHERE t.fund_id = @id ORDER BY t.stated_on DESC, t.id DESC LIMIT {Most}", new { id })).AsList()
            : await RequirementRow.ThenAsync(session, LatestFirst(then), reader);
        var current = past is null
            ? (await session.Sql.QueryAsync<ShortfallRow>($"""
                {ShortfallRow.Select(null, changing: false, reader, $"WHERE t.fund_id = @id AND x.no IS NULL ORDER BY t.stated_on DESC, t.id DESC LIMIT {Most}")}
                ORDER BY t.basis DESC, t.stated_on DESC, t.id DESC LIMIT {Most}
                """, new { id })).AsList()
            : await CurrentThenAsync(session, id, reader, past, then);
        var (shortfalls, citations) = await ShortfallRow.ShowAsync(session, current, reader, LocalizedText.Of, requirements.Select(r => r.No), past);
        return new Fund
        {
            Id = row.Id,
            Name = row.Name,
            Kind = row.Kind,
            Description = row.Description,
            Parent = Ref.Of(row.ParentId, row.ParentName),
            Administrator = Ref.Of(row.AdministratorId, row.AdministratorName),
            Countries = row.Countries,
            Website = row.Website,
            Aliases = row.Aliases,
            Figures = TotalSet.Of(all),
            ByInstrument = byInstrument,
            PaceGap = PaceGap.Of(all, past is null ? row.OnlyPeriod : RequirementRow.OnlyPeriodOf(then), past?.Day ?? reader.Today),
            Requirements = requirements.ConvertAll(r => r.ToRequirement(citations[r.No], LocalizedText.Of)),
            CurrentShortfalls = shortfalls,
            Redacted = row.Redacted,
            Version = row.Version,
        };
    }

    // Reported ones first.
    private static async Task<List<ShortfallRow>> CurrentThenAsync(Session session, string id, Reader reader, Past past, List<StatementThen> requirements)
    {
        var reported = await Statements.ThenAsync(session, "shortfall", past, [id]);
        var current = LatestFirst(reported.FindAll(s => s.Next is null)).Concat(LatestFirst(requirements.FindAll(s => s.Next is null)));
        return await ShortfallRow.ThenAsync(session, current.Take(Most), reader);
    }

    private static IEnumerable<StatementThen> LatestFirst(List<StatementThen> statements) =>
        statements.OrderByDescending(s => s.Statement.StatedOn).ThenByDescending(s => s.Statement.Id, StringComparer.Ordinal).Take(Most);
}
