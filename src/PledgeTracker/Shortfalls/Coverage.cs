namespace PledgeTracker.Shortfalls;

/// <summary>
/// What has come in against a shortfall, in US dollars. For a reported shortfall, new money in its window: after the day of the statement, up
/// to the earlier of the period's end and the next statement. For a computed one, all the money for the requirement's period, whenever it came:
/// that of the pledges and direct contributions whose usage years (where none are named, the year of announcement or of the contribution) all
/// lie in the years of the period; where the requirement has no period, all there is. Restated pledges and money passed on count in neither.
/// </summary>
public sealed record Coverage
{
    /// <summary>The window has not ended.</summary>
    public required bool WindowOpen { get; init; }

    /// <summary>The last day of the window, or of what the requirement speaks of: the earlier of the period's end and the next statement; null while there is neither.</summary>
    public required DateOnly? WindowEnd { get; init; }

    /// <summary>Reported: pledges made in the window, net of their own revisions and withdrawals. Computed: all pledges for the period, net of the same.</summary>
    public required decimal PledgedSince { get; init; }

    /// <summary>Reported: commitments in the window, whatever they fulfil. Computed: all commitments for the period, those on pledges and those that nobody had pledged.</summary>
    public required decimal CommittedSince { get; init; }

    /// <summary>Reported: payments in the window, whatever they fulfil. Computed: all payments for the period.</summary>
    public required decimal PaidSince { get; init; }

    /// <summary>Reported: pledgedSince + the commitments in the window that nobody had pledged. Computed: committedSince, since promises do not meet a requirement until they bind.</summary>
    public required decimal Covered { get; init; }

    /// <summary>What is still missing; never below 0.</summary>
    public required decimal Remaining { get; init; }

    /// <summary>covered ÷ the amount, to six places; may exceed 1.</summary>
    public required decimal? CoveredShare { get; init; }

    /// <summary>Money in the same window for a programme above the fund. It is shown and never added: the sources do not say that it reaches this fund.</summary>
    public required RelatedMoney[] Related { get; init; }
}

/// <summary>Money for a programme above the fund, in US dollars.</summary>
public sealed record RelatedMoney
{
    public required Ref Fund { get; init; }

    public required decimal PledgedSince { get; init; }

    public required decimal CommittedSince { get; init; }

    public required decimal PaidSince { get; init; }
}

/// <summary>
/// What counts against shortfalls. The sums come from `fund_day` and `fund_year`, so a window costs its days and not its pledges; however many
/// shortfalls are shown, it is one statement for all that are reported and one for all that are computed.
/// </summary>
internal static class Coverages
{
    /// <summary>
    /// SQL for the last day whose money counts against the statement <c>t</c> that <c>n</c> supersedes: the earlier of its period's end and the next
    /// statement; null while there is neither.
    /// </summary>
    public const string WindowEnd = "CASE WHEN n.stated_on < t.period_end THEN n.stated_on ELSE coalesce(t.period_end, n.stated_on) END";

    /// <summary>The coverage of some shortfalls, by their ids.</summary>
    public static async Task<Dictionary<string, Coverage>> OfAsync(Session session, IReadOnlyList<ShortfallRow> rows, Reader reader)
    {
        var windows = await WindowsAsync(session, [.. rows.Where(row => row.Basis == "reported").Select(row => row.No)], reader);
        var years = await YearsAsync(session, [.. rows.Where(row => row.Basis == "computed").Select(row => row.FundId).Distinct()]);
        return rows.ToDictionary(row => row.Id, row => row.Basis == "reported" ? OfWindow(row, [.. windows[row.No]], reader) : OfYears(row, years[row.FundId], reader));
    }

    private static Coverage OfWindow(ShortfallRow row, List<Window> funds, Reader reader)
    {
        var own = funds[0];
        return Of(row, own.Pledged, own.Committed, own.Paid, own.Pledged + own.CommittedDirect, reader, funds.Skip(1).Select(above => new RelatedMoney
        {
            Fund = new Ref(above.FundId, above.FundName),
            PledgedSince = Currency.Usd(above.Pledged),
            CommittedSince = Currency.Usd(above.Committed),
            PaidSince = Currency.Usd(above.Paid),
        }));
    }

    private static Coverage OfYears(ShortfallRow row, IEnumerable<Years> years, Reader reader)
    {
        var counted = years.Where(y => !(y.FirstYear < row.PeriodStart?.Year) && !(y.LastYear > row.PeriodEnd?.Year)).ToList();
        var committed = counted.Sum(y => y.Committed);
        return Of(row, counted.Sum(y => y.Pledged), committed, counted.Sum(y => y.Paid), committed, reader, []);
    }

    private static Coverage Of(ShortfallRow row, long pledged, long committed, long paid, long covered, Reader reader, IEnumerable<RelatedMoney> related) => new()
    {
        WindowOpen = row.WindowEnd is null || row.WindowEnd >= reader.Today,
        WindowEnd = row.WindowEnd,
        PledgedSince = Currency.Usd(pledged),
        CommittedSince = Currency.Usd(committed),
        PaidSince = Currency.Usd(paid),
        Covered = Currency.Usd(covered),
        Remaining = Currency.Usd(Math.Max(0, row.UsdMinor - covered)),
        CoveredShare = FigureSet.Share(covered, row.UsdMinor),
        Related = [.. related],
    };

    /// <summary>The money in the window of each of some reported shortfalls: for its fund first, then for the programmes above it, the nearest first.</summary>
    private static async Task<ILookup<long, Window>> WindowsAsync(Session session, List<long> list, Reader reader) =>
        (list.Count == 0 ? [] : await session.Sql.QueryAsync<Window>($"""
            WITH RECURSIVE gauge (no, fund_id, after_day, last_day) AS (
                SELECT t.no, t.fund_id, t.stated_on, coalesce({WindowEnd}, @Forever)
                FROM shortfall t LEFT JOIN superseded x ON x.kind = 'shortfall' AND x.no = t.no LEFT JOIN shortfall n ON n.no = x.by_no
                WHERE {session.Engine.AnyOf("t.no", "@list")}),
            above (no, fund_id, height, after_day, last_day) AS (
                SELECT no, fund_id, 0, after_day, last_day FROM gauge
                UNION ALL
                SELECT a.no, f.parent_id, a.height + 1, a.after_day, a.last_day FROM above a JOIN fund f ON f.id = a.fund_id
                WHERE f.parent_id IS NOT NULL AND a.height < 16)
            SELECT a.no, a.fund_id, {reader.Text("f.name")} AS fund_name, CAST(coalesce(sum(d.pledged), 0) AS bigint) AS pledged,
                   CAST(coalesce(sum(d.committed), 0) AS bigint) AS committed, CAST(coalesce(sum(d.committed_direct), 0) AS bigint) AS committed_direct,
                   CAST(coalesce(sum(d.paid), 0) AS bigint) AS paid
            FROM above a JOIN fund f ON f.id = a.fund_id
            LEFT JOIN fund_day d ON d.fund_id = a.fund_id AND d.day > a.after_day AND d.day <= a.last_day
            GROUP BY a.no, a.height, a.fund_id, f.name_en, f.name_ar ORDER BY a.no, a.height
            """, new { list, Forever = DateOnly.MaxValue })).ToLookup(window => window.No);

    private static async Task<ILookup<string, Years>> YearsAsync(Session session, List<string> list) =>
        (list.Count == 0 ? [] : await session.Sql.QueryAsync<Years>(
            $"SELECT fund_id, first_year, last_year, pledged, committed, paid FROM fund_year WHERE {session.Engine.AnyOf("fund_id", "@list")}", new { list })).ToLookup(y => y.FundId);

    private sealed record Window
    {
        public required long No { get; init; }
        public required string FundId { get; init; }
        public string? FundName { get; init; }
        public required long Pledged { get; init; }
        public required long Committed { get; init; }
        public required long CommittedDirect { get; init; }
        public required long Paid { get; init; }
    }

    private sealed record Years
    {
        public required string FundId { get; init; }
        public required long FirstYear { get; init; }
        public required long LastYear { get; init; }
        public required long Pledged { get; init; }
        public required long Committed { get; init; }
        public required long Paid { get; init; }
    }
}
