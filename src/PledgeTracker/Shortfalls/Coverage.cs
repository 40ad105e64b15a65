using PledgeTracker.Summaries;

namespace PledgeTracker.Shortfalls;

/// <summary>
/// What has come in against a shortfall, in US dollars. For a reported shortfall, new money in its window: after the day of the statement, up
/// to the earlier of the period's end and the next statement; money in the windows of several current statements of one fund covers one of them: the one
/// whose period holds its usage years, else its date, else the one that ends first. For a computed one, the money that belongs to the requirement's period:
/// that of pledges and direct contributions whose usage years the period holds, where it is made of whole calendar years; that dated in the period, where no usage
/// years are named, or where the period is not of whole years and no requirement of other whole years holds them. Where the requirement has no period, all there
/// is. Money taken back comes off the latest money first. Money of every instrument counts, loans as well as grants, and `byInstrument` keeps them apart. Restated pledges and money passed on count in neither.
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

    /// <summary>remaining ÷ the days that are left of the period. Null where no end is named, where it is past, and where a later statement superseded this one.</summary>
    public required Urgency? Urgency { get; init; }

    /// <summary>Computed: commitments for several years together that no one period of the fund's requirements holds. They stand here for the fund once, and in none of its `covered`.</summary>
    public required decimal AcrossPeriods { get; init; }

    /// <summary>The same, of each instrument that occurs: these add up to the figures above. Loans, credit lines, investments and memoranda are never silently mixed with grants.</summary>
    public required InstrumentCoverage[] ByInstrument { get; init; }

    /// <summary>Money in the same window for a programme above the fund. It is shown and never added: the sources do not say that it reaches this fund.</summary>
    public required RelatedMoney[] Related { get; init; }
}

/// <summary>What has come in of one instrument.</summary>
public sealed record InstrumentCoverage
{
    [OneOf(nameof(Vocabulary.Instruments))]
    public required string Instrument { get; init; }

    public required CoverageFigures Figures { get; init; }
}

/// <summary>The parts of a coverage that add up over instruments, in US dollars.</summary>
public sealed record CoverageFigures(decimal PledgedSince, decimal CommittedSince, decimal PaidSince, decimal Covered, decimal AcrossPeriods);

/// <summary>Money for a programme above the fund, in US dollars.</summary>
public sealed record RelatedMoney
{
    public required Ref Fund { get; init; }

    public required decimal PledgedSince { get; init; }

    public required decimal CommittedSince { get; init; }

    public required decimal PaidSince { get; init; }

    /// <summary>The same, of each instrument that occurs.</summary>
    public required InstrumentRelatedMoney[] ByInstrument { get; init; }
}

/// <summary>Money of one instrument for a programme above the fund.</summary>
public sealed record InstrumentRelatedMoney
{
    [OneOf(nameof(Vocabulary.Instruments))]
    public required string Instrument { get; init; }

    public required RelatedFigures Figures { get; init; }
}

/// <summary>The parts of such money that add up over instruments, in US dollars.</summary>
public sealed record RelatedFigures(decimal PledgedSince, decimal CommittedSince, decimal PaidSince);

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
    /// <param name="rows">As they stand as of the day.</param>
    public static async Task<Dictionary<string, Coverage>> OfAsync(Session session, IReadOnlyList<ShortfallRow> rows, Reader reader, Past? past = null)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var (windows, periods) = past is null
            ? (await WindowsAsync(session, [.. rows.Where(row => row.Basis == "reported").Select(row => row.No)], reader), await PeriodsAsync(session, [.. rows.Where(row => row.Basis == "computed").Select(row => row.No)]))
            : await ThenAsync(session, rows, reader, past);
        var seen = past?.Seen(reader) ?? reader;
        return rows.ToDictionary(row => row.Id, row => row.Basis == "reported" ? OfWindow(row, windows[row.No], seen) : Of(row, periods[row.No], m => m.Committed, [], seen));
    }

    private static Coverage OfWindow(ShortfallRow row, IEnumerable<Window> windows, Reader reader)
    {
        var funds = windows.GroupBy(window => window.Height).ToList();
        return Of(row, funds[0], m => m.Pledged + m.CommittedDirect, funds.Skip(1).Select(ToRelated), reader);
    }

    /// <param name="money">That of the fund itself, by instrument.</param>
    /// <param name="covers">What of it covers the shortfall.</param>
    private static Coverage Of(ShortfallRow row, IEnumerable<MoneyRow> money, Func<MoneyRow, long> covers, IEnumerable<RelatedMoney> related, Reader reader)
    {
        var parts = money.Where(m => m.IsAny).ToList();
        var covered = parts.Sum(covers);
        var remaining = Math.Max(0, row.UsdMinor - covered);
        return new()
        {
            WindowOpen = row.WindowEnd is null || row.WindowEnd >= reader.Today,
            WindowEnd = row.WindowEnd,
            PledgedSince = Currency.Usd(parts.Sum(m => m.Pledged)),
            CommittedSince = Currency.Usd(parts.Sum(m => m.Committed)),
            PaidSince = Currency.Usd(parts.Sum(m => m.Paid)),
            Covered = Currency.Usd(covered),
            Remaining = Currency.Usd(remaining),
            CoveredShare = FigureSet.Share(covered, row.UsdMinor),
            Urgency = row.SupersededBy is null ? Urgency.Of(remaining, row.PeriodEnd, reader.Today) : null,
            AcrossPeriods = Currency.Usd(parts.Sum(m => m.Across)),
            ByInstrument = [.. parts.Select(m => new InstrumentCoverage
            {
                Instrument = m.Instrument!,
                Figures = new(Currency.Usd(m.Pledged), Currency.Usd(m.Committed), Currency.Usd(m.Paid), Currency.Usd(covers(m)), Currency.Usd(m.Across)),
            })],
            Related = [.. related],
        };
    }

    private static RelatedMoney ToRelated(IEnumerable<Window> above)
    {
        var parts = above.ToList();
        return new()
        {
            Fund = new Ref(parts[0].FundId, parts[0].FundName),
            PledgedSince = Currency.Usd(parts.Sum(m => m.Pledged)),
            CommittedSince = Currency.Usd(parts.Sum(m => m.Committed)),
            PaidSince = Currency.Usd(parts.Sum(m => m.Paid)),
            ByInstrument = [.. parts.Where(m => m.IsAny).Select(m => new InstrumentRelatedMoney
            {
                Instrument = m.Instrument!,
                Figures = new(Currency.Usd(m.Pledged), Currency.Usd(m.Committed), Currency.Usd(m.Paid)),
            })],
        };
    }

    /// <summary>
    /// The money in the window of each of some reported shortfalls, by instrument: for its fund first, then for the programmes above it, the nearest first. A row
    /// without an instrument stands for a fund that has none.
    /// </summary>
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
            SELECT a.no, a.height, a.fund_id, {reader.Text("f.name")} AS fund_name, d.instrument, {Sums}, CAST(0 AS bigint) AS across
            FROM above a JOIN fund f ON f.id = a.fund_id
            LEFT JOIN fund_day d ON d.fund_id = a.fund_id AND d.day > a.after_day AND d.day <= a.last_day AND (a.height > 0 OR a.current = 0 OR NOT EXISTS (
                SELECT 1 FROM shortfall o WHERE o.fund_id = a.fund_id AND o.no <> a.no AND o.stated_on < d.day AND (o.period_end IS NULL OR d.day <= o.period_end)
                  AND {IsCurrent("shortfall", "o")} AND {Order("o")} < {Order("a")}))
            GROUP BY a.no, a.height, a.fund_id, f.name_en, f.name_ar, d.instrument ORDER BY a.no, a.height, d.instrument
            """, new { list, Forever = DateOnly.MaxValue })).ToLookup(window => window.No);

    /// <summary>The money that belongs to the period of each of some requirements, and what the fund has for several years in none, by instrument.</summary>
    private static async Task<ILookup<long, MoneyRow>> PeriodsAsync(Session session, List<long> list) =>
        (list.Count == 0 ? [] : await session.Sql.QueryAsync<MoneyRow>($"""
            SELECT b.no, b.instrument, CAST(sum(b.pledged) AS bigint) AS pledged, CAST(sum(b.committed) AS bigint) AS committed,
                   CAST(sum(b.committed_direct) AS bigint) AS committed_direct, CAST(sum(b.paid) AS bigint) AS paid, CAST(sum(b.across) AS bigint) AS across
            FROM (
                SELECT q.no, d.instrument, d.pledged, d.committed, d.committed_direct, d.paid, 0 AS across
                FROM requirement q JOIN fund_day d ON d.fund_id = q.fund_id AND {BelongsTo("q")} WHERE {session.Engine.AnyOf("q.no", "@list")}
                UNION ALL
                SELECT q.no, d.instrument, 0, 0, 0, 0, d.committed
                FROM requirement q JOIN fund_day d ON d.fund_id = q.fund_id
                WHERE {session.Engine.AnyOf("q.no", "@list")} AND d.last_year > d.first_year AND NOT EXISTS (
                    SELECT 1 FROM requirement r WHERE r.fund_id = d.fund_id AND {IsCurrent("requirement", "r")} AND {BelongsTo("r")})) b
            GROUP BY b.no, b.instrument ORDER BY b.no, b.instrument
            """, new { list })).ToLookup(period => period.No);

    // As of a day, the statements that had been made say which money counts, of all that the ledger gave their funds by then.
    private static async Task<(ILookup<long, Window> Windows, ILookup<long, MoneyRow> Periods)> ThenAsync(Session session, IReadOnlyList<ShortfallRow> rows, Reader reader, Past past)
    {
        var funds = rows.Select(row => row.FundId).Distinct().ToList();
        var above = await AboveAsync(session, funds, reader);
        var money = (await FundDays.ThenAsync(session, past, [.. funds.Union(above.SelectMany(of => of).Select(fund => fund.Id))])).ToLookup(m => m.Key.FundId);
        List<Window> windows = [];
        List<MoneyRow> periods = [];
        foreach (var (basis, kind) in ShortfallRow.Both)
        {
            var said = (await Statements.ThenAsync(session, kind, past, funds)).ToLookup(s => s.Statement.FundId);
            foreach (var row in rows.Where(row => row.Basis == basis))
            {
                var gauge = new Gauge(basis == "reported", [.. said[row.FundId]]);
                var statement = gauge.Find(row.No)!;
                var own = Counted(row.No, 0, new(row.FundId, row.FundName), m => gauge.Counts(statement, m), m => basis == "computed" && gauge.IsAcross(m));
                if (basis == "computed")
                {
                    periods.AddRange(own);
                    continue;
                }

                windows.AddRange([.. own, .. above[row.FundId].SelectMany((fund, i) => Counted(row.No, i + 1, fund, m => statement.HasInWindow(m.On), _ => false))]);
            }
        }

        return (windows.ToLookup(window => window.No), periods.ToLookup(period => period.No));

        IEnumerable<Window> Counted(long no, int height, Ref fund, Func<FundMoney, bool> counts, Func<FundMoney, bool> isAcross) => money[fund.Id].GroupBy(m => m.Key.Instrument).OrderBy(of => of.Key, StringComparer.Ordinal)
            .Select(of => Window.Of(no, height, fund, of.Key, Sum(of.Where(m => counts(m.Key))), Sum(of.Where(m => isAcross(m.Key))).Committed)).DefaultIfEmpty(Window.Of(no, height, fund, null, default, 0));

        static FundDay Sum(IEnumerable<KeyValuePair<FundMoney, FundDay>> all) => all.Aggregate(default(FundDay), (sum, m) => sum + m.Value);
    }

    /// <summary>The programmes above some funds, the nearest first.</summary>
    private static async Task<ILookup<string, Ref>> AboveAsync(Session session, List<string> funds, Reader reader) => (await session.Sql.QueryAsync<(string Below, string Id, string? Name)>($"""
        WITH RECURSIVE above (below, fund_id, height) AS (
            SELECT f.id, f.parent_id, 1 FROM fund f WHERE {session.Engine.AnyOf("f.id", "@funds")} AND f.parent_id IS NOT NULL
            UNION ALL
            SELECT a.below, f.parent_id, a.height + 1 FROM above a JOIN fund f ON f.id = a.fund_id WHERE f.parent_id IS NOT NULL AND a.height < 16)
        SELECT a.below, a.fund_id, {reader.Text("f.name")} FROM above a JOIN fund f ON f.id = a.fund_id ORDER BY a.below, a.height
        """, new { funds })).ToLookup(fund => fund.Below, fund => new Ref(fund.Id, fund.Name));

    private record MoneyRow
    {
        public required long No { get; init; }
        public string? Instrument { get; init; }
        public required long Pledged { get; init; }
        public required long Committed { get; init; }
        public required long CommittedDirect { get; init; }
        public required long Paid { get; init; }
        public required long Across { get; init; }

        /// <summary>It says something: what has come back to nothing may still have its row.</summary>
        public bool IsAny => (Pledged, Committed, CommittedDirect, Paid, Across) != default;
    }

    private sealed record Window : MoneyRow
    {
        public required long Height { get; init; }
        public required string FundId { get; init; }
        public string? FundName { get; init; }

        public static Window Of(long no, long height, Ref fund, string? instrument, FundDay sum, long across) => new()
        {
            No = no,
            Height = height,
            FundId = fund.Id,
            FundName = fund.Name,
            Instrument = instrument,
            Pledged = sum.Pledged,
            Committed = sum.Committed,
            CommittedDirect = sum.CommittedDirect,
            Paid = sum.Paid,
            Across = across,
        };
    }
}
