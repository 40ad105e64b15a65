using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Shortfalls;

/// <summary>What counts against a shortfall. The sums come from `fund_day` and `fund_year`, so a window costs its days and not its pledges.</summary>
internal static class CoverageRules
{
    /// <summary>The last day whose money counts against a statement: the earlier of its period's end and the next statement; null while there is neither.</summary>
    public static DateOnly? WindowEnd(DateOnly? periodEnd, DateOnly? nextStatedOn) =>
        periodEnd is { } end && nextStatedOn is { } next ? (end < next ? end : next) : periodEnd ?? nextStatedOn;

    public static Coverage OfReported(IQueries queries, ShortfallRow row, string? parentId, View view)
    {
        var end = WindowEnd(row.PeriodEnd, row.NextStatedOn);
        var own = Window(queries, row.FundId, row.StatedOn, end);
        return Of(own.Pledged, own.Committed, own.Paid, own.Pledged + own.CommittedDirect, row.UsdMinor, end, view.Today,
            parentId is null ? [] : Related(queries, row, end, view.Language));
    }

    public static Coverage OfRequirement(IQueries queries, ShortfallRow row, DateOnly today)
    {
        var filter = new Filter().Where("fund_id = @fund", "@fund", row.FundId)
            .Where("first_year >= @first", "@first", row.PeriodStart?.Year)
            .Where("last_year <= @last", "@last", row.PeriodEnd?.Year);
        var sums = queries.First<Sums>($"""
            SELECT coalesce(sum(pledged), 0) AS pledged, coalesce(sum(committed), 0) AS committed, 0 AS committed_direct, coalesce(sum(paid), 0) AS paid
            FROM fund_year {filter.Sql}
            """, filter.Parameters)!;
        return Of(sums.Pledged, sums.Committed, sums.Paid, sums.Committed, row.UsdMinor, WindowEnd(row.PeriodEnd, row.NextStatedOn), today, []);
    }

    private static Coverage Of(long pledged, long committed, long paid, long covered, long amount, DateOnly? end, DateOnly today, IReadOnlyList<RelatedMoney> related) => new()
    {
        WindowOpen = end is null || end >= today,
        WindowEnd = end,
        PledgedSince = Currency.Usd(pledged),
        CommittedSince = Currency.Usd(committed),
        PaidSince = Currency.Usd(paid),
        Covered = Currency.Usd(covered),
        Remaining = Currency.Usd(Math.Max(0, amount - covered)),
        CoveredShare = FigureSet.Share(covered, amount),
        Related = related,
    };

    private static Sums Window(IQueries queries, string fundId, DateOnly after, DateOnly? end) => queries.First<Sums>("""
        SELECT coalesce(sum(pledged), 0) AS pledged, coalesce(sum(committed), 0) AS committed,
               coalesce(sum(committed_direct), 0) AS committed_direct, coalesce(sum(paid), 0) AS paid
        FROM fund_day WHERE fund_id = @fund AND day > @after AND day <= @end
        """, ("@fund", fundId), ("@after", after), ("@end", end ?? DateOnly.MaxValue))!;

    private static List<RelatedMoney> Related(IQueries queries, ShortfallRow row, DateOnly? end, Language language) => queries.Query<Above>("""
        WITH RECURSIVE above (id, depth) AS (
            SELECT parent_id, 1 FROM fund WHERE id = @fund AND parent_id IS NOT NULL
            UNION
            SELECT f.parent_id, a.depth + 1 FROM above a JOIN fund f ON f.id = a.id WHERE f.parent_id IS NOT NULL AND a.depth < 16)
        SELECT f.id, f.name_en, f.name_ar FROM above a JOIN fund f ON f.id = a.id ORDER BY a.depth
        """, ("@fund", row.FundId)).ConvertAll(fund =>
        {
            var window = Window(queries, fund.Id, row.StatedOn, end);
            return new RelatedMoney
            {
                Fund = Ref.Of(fund.Id, fund.NameEn, fund.NameAr, language)!,
                PledgedSince = Currency.Usd(window.Pledged),
                CommittedSince = Currency.Usd(window.Committed),
                PaidSince = Currency.Usd(window.Paid),
            };
        });

    private sealed record Sums
    {
        public required long Pledged { get; init; }

        public required long Committed { get; init; }

        public required long CommittedDirect { get; init; }

        public required long Paid { get; init; }
    }

    private sealed record Above
    {
        public required string Id { get; init; }

        public string? NameEn { get; init; }

        public string? NameAr { get; init; }
    }
}
