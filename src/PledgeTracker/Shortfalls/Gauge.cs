namespace PledgeTracker.Shortfalls;

/// <summary>
/// What had been said of one fund by the end of a day, and which of its money counts against what. Pure; by the same rules as <see cref="Coverages"/>, which asks the
/// database about what is kept of today.
/// </summary>
/// <param name="isReported">Whether the statements are reported shortfalls; requirements otherwise.</param>
internal sealed class Gauge(bool isReported, IReadOnlyList<StatementThen> statements)
{
    /// <summary>A statement by its number; null where it had not been made.</summary>
    public StatementThen? Find(long no) => statements.FirstOrDefault(s => s.Statement.No == no);

    /// <summary>Whether money counts against a statement.</summary>
    public bool Counts(StatementThen statement, FundMoney money) => isReported ? CountsInWindow(statement, money) : BelongsToPeriod(statement.Statement, money);

    /// <summary>Whether money is for several years together that no current requirement's period holds.</summary>
    public bool IsAcross(FundMoney money) => money.LastYear > money.FirstYear && !statements.Any(s => s.Next is null && BelongsToPeriod(s.Statement, money));

    /// <summary>What counted against a statement at the end of each day on which anything was entered or stated; first on the day on which it was made.</summary>
    /// <param name="no">Its number.</param>
    /// <param name="isReported">As of a gauge.</param>
    /// <param name="statements">Those of its fund, the earliest first.</param>
    /// <param name="headers">The money of the fund, each with what it is counted by.</param>
    public static IEnumerable<(DateOnly Day, FundDay Sum)> DaysOf(long no, bool isReported, List<Statement> statements, List<(Past.EntryThen First, List<Entry> Entries)> headers)
    {
        var moved = headers.ConvertAll(header => header with { Entries = Figures.Live(header.Entries) })
            .SelectMany(header => header.Entries.Select(e => e.CountsFrom).Distinct(), (header, day) => (Header: header, Day: day)).ToLookup(move => move.Day, move => move.Header);
        var kept = new Dictionary<long, Dictionary<DateOnly, FundDay>>();
        var days = new Dictionary<FundMoney, FundDay>();
        var (gauge, own, sum) = (new Gauge(isReported, []), default(StatementThen), default(FundDay));
        foreach (var day in moved.Select(move => move.Key).Concat(statements.Select(s => s.MadeOn)).Distinct().Order())
        {
            foreach (var (first, entries) in moved[day])
            {
                // Money taken back comes off earlier days: all that the header holds is taken off and added anew.
                foreach (var (on, was) in kept.GetValueOrDefault(first.PledgeNo) ?? [])
                {
                    Add(first.MoneyOf(on), default(FundDay) - was);
                }

                foreach (var (on, now) in kept[first.PledgeNo] = FundDays.Of(entries.FindAll(e => e.CountsFrom <= day)))
                {
                    Add(first.MoneyOf(on), now);
                }
            }

            if (statements.Exists(s => s.MadeOn == day))
            {
                gauge = new Gauge(isReported, [.. Statements.WithNext(statements.FindAll(s => s.MadeOn <= day))]);
                own = gauge.Find(no);
                sum = own is null ? default : days.Where(d => gauge.Counts(own, d.Key)).Aggregate(default(FundDay), (all, d) => all + d.Value);
            }

            if (own is not null)
            {
                yield return (day, sum);
            }
        }

        void Add(FundMoney money, FundDay change)
        {
            days[money] = days.GetValueOrDefault(money) + change;
            sum += own is not null && gauge.Counts(own, money) ? change : default;
        }
    }

    // Of several current statements whose windows hold a day, the one that comes first has its money.
    private bool CountsInWindow(StatementThen statement, FundMoney money) => statement.HasInWindow(money.On)
        && (statement.Next is not null || statements.Where(s => s.Next is null && s.HasInWindow(money.On)).MinBy(s => Order(s.Statement, money))!.Statement.No == statement.Statement.No);

    private static (int, DateOnly, long) Order(Statement statement, FundMoney money) =>
        (money.FirstYear > 0 && statement.HoldsYears(money.FirstYear, money.LastYear) ? 0 : statement.Holds(money.On) ? 1 : 2, statement.PeriodEnd ?? DateOnly.MaxValue, statement.No);

    private bool BelongsToPeriod(Statement requirement, FundMoney money) =>
        requirement.PeriodStart is null
        || (money.FirstYear == 0 ? requirement.Holds(money.On)
            : requirement.IsOfWholeYears ? requirement.HoldsYears(money.FirstYear, money.LastYear)
            : requirement.Holds(money.On) && !statements.Any(s => s.Next is null && s.Statement.IsOfWholeYears && s.Statement.HoldsYears(money.FirstYear, money.LastYear) && !s.Statement.Overlaps(requirement)));
}
