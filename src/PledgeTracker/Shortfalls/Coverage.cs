namespace PledgeTracker.Shortfalls;

/// <summary>
/// What has come in against a shortfall, in US dollars. For a reported shortfall, new money in its window: after the day of the statement, up
/// to the earlier of the period's end and the next statement; money in the windows of several current statements of one fund covers one of them: the one
/// whose period holds its usage years, else its date, else the one that ends first. For a computed one, the money that belongs to the requirement's period:
/// that of pledges and direct contributions whose usage years the period holds, where it is made of whole calendar years; that dated in the period, where no usage
/// years are named, or where the period is not of whole years and no requirement of other whole years holds them. Where the requirement has no period, all there
/// is. Money taken back comes off the latest money first. Money of every instrument counts, loans as well as grants. Restated pledges and money passed on count in neither.
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

    /// <summary>Computed: commitments for several years together that no one period of the fund's requirements holds. They stand here for the fund once, and in none of its `covered`.</summary>
    public required decimal AcrossPeriods { get; init; }

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
/// What counts against shortfalls. The sums come from `fund_day`, so a window costs its days and not its pledges; however many shortfalls are shown, the
/// number of statements is the same.
/// </summary>
internal static class Coverages
{
    /// <summary>
    /// SQL for the last day whose money counts against the statement <c>t</c> that <c>n</c> supersedes: the earlier of its period's end and the next
    /// statement; null while there is neither.
    /// </summary>
    public const string WindowEnd = "CASE WHEN n.stated_on < t.period_end THEN n.stated_on ELSE coalesce(t.period_end, n.stated_on) END";

    // Money names years from the first of January of the first to the end of the last; a period without an end holds all that come.
    private static string HoldsYears(string statement) => $"""
        ({statement}.period_start IS NULL OR CAST(d.first_year AS text) || '-01-01' >= CAST({statement}.period_start AS text))
        AND ({statement}.period_end IS NULL OR CAST(d.last_year AS text) || '-12-31' <= CAST({statement}.period_end AS text))
        """;

    private static string HoldsDay(string statement) =>
        $"({statement}.period_start IS NULL OR d.day >= {statement}.period_start) AND ({statement}.period_end IS NULL OR d.day <= {statement}.period_end)";

    private static string IsOfWholeYears(string statement) =>
        $"substr(CAST({statement}.period_start AS text), 6) = '01-01' AND substr(CAST({statement}.period_end AS text), 6) = '12-31'";

    private static string IsCurrent(string kind, string statement) => $"NOT EXISTS (SELECT 1 FROM superseded y WHERE y.kind = '{kind}' AND y.no = {statement}.no)";

    /// <summary>SQL for: the money of the day <c>d</c> belongs to the period of this requirement.</summary>
    private static string BelongsTo(string requirement) => $"""
        ({requirement}.period_start IS NULL
        OR (d.first_year = 0 AND {HoldsDay(requirement)})
        OR (d.first_year > 0 AND {IsOfWholeYears(requirement)} AND {HoldsYears(requirement)})
        OR (d.first_year > 0 AND NOT ({IsOfWholeYears(requirement)}) AND {HoldsDay(requirement)} AND NOT EXISTS (
            SELECT 1 FROM requirement w WHERE w.fund_id = d.fund_id AND {IsOfWholeYears("w")} AND {HoldsYears("w")} AND {IsCurrent("requirement", "w")}
              AND NOT (w.period_start <= {requirement}.period_end AND {requirement}.period_start <= w.period_end))))
        """;

    // Of several current statements whose windows hold a day, the one that comes first has its money.
    private static string Order(string statement) => $"""
        (CASE WHEN d.first_year > 0 AND {HoldsYears(statement)} THEN 0 WHEN {HoldsDay(statement)} THEN 1 ELSE 2 END, coalesce({statement}.period_end, @Forever), {statement}.no)
        """;

    private const string Sums = """
        CAST(coalesce(sum(d.pledged), 0) AS bigint) AS pledged, CAST(coalesce(sum(d.committed), 0) AS bigint) AS committed,
        CAST(coalesce(sum(d.committed_direct), 0) AS bigint) AS committed_direct, CAST(coalesce(sum(d.paid), 0) AS bigint) AS paid
        """;

    /// <summary>The coverage of some shortfalls, by their ids.</summary>
    public static async Task<Dictionary<string, Coverage>> OfAsync(Session session, IReadOnlyList<ShortfallRow> rows, Reader reader, Past? past = null)
    {
        if (past is not null)
        {
            return await CoveragesThen.OfAsync(session, rows, reader, past);
        }

        var windows = await WindowsAsync(session, [.. rows.Where(row => row.Basis == "reported").Select(row => row.No)], reader);
        var periods = await PeriodsAsync(session, [.. rows.Where(row => row.Basis == "computed").Select(row => row.No)]);
        return rows.ToDictionary(row => row.Id, row => row.Basis == "reported"
            ? OfWindow(row, [.. windows[row.No].Select(window => (new Ref(window.FundId, window.FundName), window.Sum))], reader)
            : OfPeriod(row, periods[row.No].Sum, periods[row.No].Across, reader));
    }

    /// <param name="funds">The money in the window for its fund first, then for the programmes above it.</param>
    public static Coverage OfWindow(ShortfallRow row, List<(Ref Fund, FundDay Money)> funds, Reader reader)
    {
        var own = funds[0].Money;
        return Of(row, own, own.Pledged + own.CommittedDirect, 0, reader, funds.Skip(1).Select(above => new RelatedMoney
        {
            Fund = above.Fund,
            PledgedSince = Currency.Usd(above.Money.Pledged),
            CommittedSince = Currency.Usd(above.Money.Committed),
            PaidSince = Currency.Usd(above.Money.Paid),
        }));
    }

    public static Coverage OfPeriod(ShortfallRow row, FundDay money, long across, Reader reader) => Of(row, money, money.Committed, across, reader, []);

    private static Coverage Of(ShortfallRow row, FundDay money, long covered, long across, Reader reader, IEnumerable<RelatedMoney> related) => new()
    {
        WindowOpen = row.WindowEnd is null || row.WindowEnd >= reader.Today,
        WindowEnd = row.WindowEnd,
        PledgedSince = Currency.Usd(money.Pledged),
        CommittedSince = Currency.Usd(money.Committed),
        PaidSince = Currency.Usd(money.Paid),
        Covered = Currency.Usd(covered),
        Remaining = Currency.Usd(Math.Max(0, row.UsdMinor - covered)),
        CoveredShare = FigureSet.Share(covered, row.UsdMinor),
        AcrossPeriods = Currency.Usd(across),
        Related = [.. related],
    };

    /// <summary>The money in the window of each of some reported shortfalls: for its fund first, then for the programmes above it, the nearest first.</summary>
    private static async Task<ILookup<long, Window>> WindowsAsync(Session session, List<long> list, Reader reader) =>
        (list.Count == 0 ? [] : await session.Sql.QueryAsync<Window>($"""
            WITH RECURSIVE gauge (no, fund_id, after_day, last_day, current, period_start, period_end) AS (
                SELECT t.no, t.fund_id, t.stated_on, coalesce({WindowEnd}, @Forever), CASE WHEN x.no IS NULL THEN 1 ELSE 0 END, t.period_start, t.period_end
                FROM shortfall t LEFT JOIN superseded x ON x.kind = 'shortfall' AND x.no = t.no LEFT JOIN shortfall n ON n.no = x.by_no
                WHERE {session.Engine.AnyOf("t.no", "@list")}),
            above (no, fund_id, height, after_day, last_day, current, period_start, period_end) AS (
                SELECT no, fund_id, 0, after_day, last_day, current, period_start, period_end FROM gauge
                UNION ALL
                SELECT a.no, f.parent_id, a.height + 1, a.after_day, a.last_day, a.current, a.period_start, a.period_end FROM above a JOIN fund f ON f.id = a.fund_id
                WHERE f.parent_id IS NOT NULL AND a.height < 16)
            SELECT a.no, a.fund_id, {reader.Text("f.name")} AS fund_name, {Sums}
            FROM above a JOIN fund f ON f.id = a.fund_id
            LEFT JOIN fund_day d ON d.fund_id = a.fund_id AND d.day > a.after_day AND d.day <= a.last_day AND (a.height > 0 OR a.current = 0 OR NOT EXISTS (
                SELECT 1 FROM shortfall o WHERE o.fund_id = a.fund_id AND o.no <> a.no AND o.stated_on < d.day AND (o.period_end IS NULL OR d.day <= o.period_end)
                  AND {IsCurrent("shortfall", "o")} AND {Order("o")} < {Order("a")}))
            GROUP BY a.no, a.height, a.fund_id, f.name_en, f.name_ar ORDER BY a.no, a.height
            """, new { list, Forever = DateOnly.MaxValue })).ToLookup(window => window.No);

    /// <summary>The money that belongs to the period of each of some requirements, and what the fund has for several years in none.</summary>
    private static async Task<Dictionary<long, Period>> PeriodsAsync(Session session, List<long> list) =>
        (list.Count == 0 ? [] : await session.Sql.QueryAsync<Period>($"""
            SELECT q.no, {Sums},
                   (SELECT CAST(coalesce(sum(d.committed), 0) AS bigint) FROM fund_day d WHERE d.fund_id = q.fund_id AND d.last_year > d.first_year AND NOT EXISTS (
                       SELECT 1 FROM requirement r WHERE r.fund_id = d.fund_id AND {IsCurrent("requirement", "r")} AND {BelongsTo("r")})) AS across
            FROM requirement q LEFT JOIN fund_day d ON d.fund_id = q.fund_id AND {BelongsTo("q")}
            WHERE {session.Engine.AnyOf("q.no", "@list")} GROUP BY q.no, q.fund_id
            """, new { list })).ToDictionary(period => period.No);

    private abstract record Money
    {
        public required long No { get; init; }
        public required long Pledged { get; init; }
        public required long Committed { get; init; }
        public required long CommittedDirect { get; init; }
        public required long Paid { get; init; }

        public FundDay Sum => new(Pledged, Committed, CommittedDirect, Paid);
    }

    private sealed record Window : Money
    {
        public required string FundId { get; init; }
        public string? FundName { get; init; }
    }

    private sealed record Period : Money
    {
        public required long Across { get; init; }
    }
}
