using PledgeTracker.Summaries;

namespace PledgeTracker.Shortfalls;

/// <summary>A reported shortfall or a requirement, as far as coverage goes.</summary>
/// <param name="MadeOn">The day from which it is there: that of the statement, or today where that is still to come.</param>
internal sealed record GaugeStatement(long No, DateOnly MadeOn, DateOnly StatedOn, DateOnly? PeriodStart, DateOnly? PeriodEnd)
{
    public bool IsOfWholeYears => PeriodStart is { Month: 1, Day: 1 } && PeriodEnd is { Month: 12, Day: 31 };

    public bool Overlaps(GaugeStatement other) =>
        (PeriodStart ?? DateOnly.MinValue) <= (other.PeriodEnd ?? DateOnly.MaxValue) && (other.PeriodStart ?? DateOnly.MinValue) <= (PeriodEnd ?? DateOnly.MaxValue);

    public bool Holds(DateOnly day) => (PeriodStart ?? DateOnly.MinValue) <= day && day <= (PeriodEnd ?? DateOnly.MaxValue);

    /// <summary>Money names years from the first of January of the first to the end of the last.</summary>
    public bool HoldsYears(int first, int last) => Holds(new DateOnly(first, 1, 1)) && Holds(new DateOnly(last, 12, 31));
}

/// <summary>The money of a header of the fund, as far as it is known.</summary>
/// <param name="FirstYear">Of the usage years that it names; 0 where it names none.</param>
internal sealed record GaugeMoney(int FirstYear, int LastYear, List<Entry> Entries);

/// <summary>
/// The coverage of a fund's shortfalls on any day, from its statements of one kind and from the ledger of what was given to it. Pure; by the same rules as
/// <see cref="Coverages"/>, which adds up what is kept of today.
/// </summary>
/// <param name="isReported">Whether the statements are reported shortfalls; requirements otherwise.</param>
internal sealed class Gauge(bool isReported, IReadOnlyList<GaugeStatement> statements, IReadOnlyList<GaugeMoney> money)
{
    private readonly List<GaugeStatement> _statements = [.. statements.OrderBy(s => s.StatedOn).ThenBy(s => s.No)];

    private readonly List<GaugeMoney> _money = [.. money.Select(m => m with { Entries = Figures.Live(m.Entries) })];

    /// <summary>Reads what it is made of, by what was known at a moment.</summary>
    /// <param name="kind">`shortfall` or `requirement`.</param>
    public static async Task<Gauge> OfAsync(View view, string kind, string fundId, KnownMoment? known, DateOnly today)
    {
        var said = new Filter().Where("s.fund_id = @fundId").With("fundId", fundId).Where("s.version <= @sequence", "sequence", known?.Sequence);
        var statements = await view.Sql.QueryAsync<SaidRow>($"SELECT s.no, s.stated_on, s.period_start, s.period_end FROM {kind} s {said.Sql}", said.Parameters);
        const string Counted = "p.fund_id = @fundId AND p.counted = TRUE";
        var headers = (await view.Sql.QueryAsync<HeaderRow>($"SELECT p.no, p.usage_years FROM pledge p WHERE {Counted}", new { fundId })).AsList();
        var made = new Filter().Where($"e.pledge_no IN (SELECT p.no FROM pledge p WHERE {Counted})").With("fundId", fundId).Where("e.no <= @lastEntry", "lastEntry", known?.LastEntry);
        var entries = (await view.Sql.QueryAsync<long, Entry, (long PledgeNo, Entry Entry)>($"SELECT e.pledge_no, {Posting.EntryColumns} FROM {Posting.EntryTables} {made.Sql} ORDER BY e.no",
            (pledge, entry) => (pledge, entry), made.Parameters, splitOn: "no")).ToLookup(e => e.PledgeNo, e => e.Entry);
        return new(kind == "shortfall",
            [.. statements.Select(s => new GaugeStatement(s.No, s.StatedOn < today ? s.StatedOn : today, s.StatedOn, s.PeriodStart, s.PeriodEnd))],
            headers.ConvertAll(h => h.UsageYears is { Length: > 0 } years ? new GaugeMoney(years.Min(), years.Max(), [.. entries[h.No]]) : new GaugeMoney(0, 0, [.. entries[h.No]])));
    }

    /// <summary>The statements that had been made by the end of a day, in the order in which they speak.</summary>
    public List<GaugeStatement> MadeBy(DateOnly day) => _statements.FindAll(s => s.MadeOn <= day);

    /// <summary>The statement that had superseded one by the end of a day: the next later one that speaks of the same time.</summary>
    public GaugeStatement? NextOf(GaugeStatement statement, DateOnly day) => Next(statement, MadeBy(day));

    /// <summary>The last day whose money counted against a statement, as it stood at the end of a day; null where there was neither an end of its period nor a later statement.</summary>
    public DateOnly? WindowEndOf(GaugeStatement statement, DateOnly day) => WindowEnd(statement, MadeBy(day));

    /// <summary>What counted against a statement at the end of each day on which anything was entered or stated, up to one; first on the day on which it was made.</summary>
    /// <param name="no">Its number.</param>
    public IEnumerable<(DateOnly Day, FundDay Sum)> DaysOf(long no, DateOnly until)
    {
        var statement = _statements.Find(s => s.No == no)!;
        var moved = _money.SelectMany(header => header.Entries.Select(e => e.CountsFrom).Distinct(), (header, day) => (Header: header, Day: day)).ToLookup(move => move.Day, move => move.Header);
        var kept = new Dictionary<GaugeMoney, Dictionary<DateOnly, FundDay>>(ReferenceEqualityComparer.Instance);
        var days = new Dictionary<(int First, int Last, DateOnly On), FundDay>();
        List<GaugeStatement> made = [];
        FundDay sum = default;
        foreach (var day in moved.Select(move => move.Key).Concat(_statements.Select(s => s.MadeOn)).Where(day => day <= until).Distinct().Order())
        {
            foreach (var header in moved[day])
            {
                // Money taken back comes off earlier days: all that the header holds is taken off and added anew.
                foreach (var (on, was) in kept.GetValueOrDefault(header) ?? [])
                {
                    Add((header.FirstYear, header.LastYear, on), default(FundDay) - was);
                }

                foreach (var (on, now) in kept[header] = FundDays.Of(header.Entries.FindAll(e => e.CountsFrom <= day)))
                {
                    Add((header.FirstYear, header.LastYear, on), now);
                }
            }

            if (MadeBy(day) is var by && by.Count > made.Count)
            {
                made = by;
                sum = days.Where(d => Counts(statement, made, d.Key)).Aggregate(default(FundDay), (all, d) => all + d.Value);
            }

            if (day >= statement.MadeOn)
            {
                yield return (day, sum);
            }
        }

        void Add((int First, int Last, DateOnly On) key, FundDay change)
        {
            days[key] = days.GetValueOrDefault(key) + change;
            sum += Counts(statement, made, key) ? change : default;
        }
    }

    /// <summary>What counted against each statement that had been made by the end of a day.</summary>
    public List<(GaugeStatement Statement, FundDay Sum)> AsOf(DateOnly day)
    {
        var made = MadeBy(day);
        var days = _money.SelectMany(header => FundDays.Of(header.Entries.FindAll(e => e.CountsFrom <= day)), (header, of) => (Key: (header.FirstYear, header.LastYear, of.Key), of.Value)).ToList();
        return made.ConvertAll(statement => (statement, days.Where(d => Counts(statement, made, d.Key)).Aggregate(default(FundDay), (all, d) => all + d.Value)));
    }

    /// <summary>Whether money counts against a statement.</summary>
    /// <param name="made">The statements that speak.</param>
    private bool Counts(GaugeStatement statement, List<GaugeStatement> made, (int First, int Last, DateOnly On) of) =>
        isReported ? CountsInWindow(statement, made, of) : BelongsToPeriod(statement, made, of);

    private static bool CountsInWindow(GaugeStatement statement, List<GaugeStatement> made, (int First, int Last, DateOnly On) of)
    {
        if (!IsInWindow(statement))
        {
            return false;
        }

        // Of several current statements whose windows hold a day, the one that comes first has its money.
        return Next(statement, made) is not null
            || made.Where(other => Next(other, made) is null && IsInWindow(other)).MinBy(Order) == statement;

        bool IsInWindow(GaugeStatement s) => s.StatedOn < of.On && of.On <= (WindowEnd(s, made) ?? DateOnly.MaxValue);

        (int, DateOnly, long) Order(GaugeStatement s) =>
            (of.First > 0 && s.HoldsYears(of.First, of.Last) ? 0 : s.Holds(of.On) ? 1 : 2, s.PeriodEnd ?? DateOnly.MaxValue, s.No);
    }

    private static bool BelongsToPeriod(GaugeStatement requirement, List<GaugeStatement> made, (int First, int Last, DateOnly On) of) =>
        requirement.PeriodStart is null
        || (of.First == 0 ? requirement.Holds(of.On)
            : requirement.IsOfWholeYears ? requirement.HoldsYears(of.First, of.Last)
            : requirement.Holds(of.On) && !made.Exists(whole => whole.IsOfWholeYears && whole.HoldsYears(of.First, of.Last) && Next(whole, made) is null && !whole.Overlaps(requirement)));

    private static GaugeStatement? Next(GaugeStatement statement, List<GaugeStatement> made) =>
        made.Find(later => (later.StatedOn, later.No).CompareTo((statement.StatedOn, statement.No)) > 0 && later.Overlaps(statement));

    private static DateOnly? WindowEnd(GaugeStatement statement, List<GaugeStatement> made) =>
        Next(statement, made)?.StatedOn is { } next && !(statement.PeriodEnd <= next) ? next : statement.PeriodEnd;

    private sealed record SaidRow
    {
        public required long No { get; init; }
        public required DateOnly StatedOn { get; init; }
        public DateOnly? PeriodStart { get; init; }
        public DateOnly? PeriodEnd { get; init; }
    }

    private sealed record HeaderRow
    {
        public required long No { get; init; }
        public required int[] UsageYears { get; init; }
    }
}
