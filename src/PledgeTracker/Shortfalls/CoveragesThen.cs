namespace PledgeTracker.Shortfalls;

/// <summary>
/// What counted against shortfalls as of a day: the rules of <see cref="Coverages"/>, over the days that the ledger gave its funds by then and the statements that had been made.
/// </summary>
/// <param name="shortfalls">Those of the funds of the rows, and so are the requirements.</param>
/// <param name="money">Of these funds, and of the programmes above them.</param>
internal sealed class CoveragesThen(List<(Statement Statement, Statement? Next)> shortfalls, List<(Statement Statement, Statement? Next)> requirements, ILookup<string, CoveragesThen.Money> money)
{
    /// <summary>The coverage of some shortfalls, by their ids.</summary>
    /// <param name="rows">As they stood then.</param>
    public static async Task<Dictionary<string, Coverage>> OfAsync(Session session, IReadOnlyList<ShortfallRow> rows, Reader reader, Past past)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var funds = rows.Select(row => row.FundId).Distinct().ToList();
        var above = await AboveAsync(session, funds, reader);
        var days = await FundDays.ThenAsync(session, past, [.. funds.Union(above.SelectMany(fund => fund).Select(fund => fund.Id))]);
        var then = new CoveragesThen(await Statements.ThenAsync(session, "shortfall", past, funds), await Statements.ThenAsync(session, "requirement", past, funds),
            days.ToLookup(day => day.Key.FundId, day => new Money(day.Key.First, day.Key.Last, day.Key.On, day.Value)));
        return rows.ToDictionary(row => row.Id, row => row.Basis == "reported" ? then.OfWindow(row, above[row.FundId], past.Seen(reader)) : then.OfPeriod(row, past.Seen(reader)));
    }

    private Coverage OfWindow(ShortfallRow row, IEnumerable<Ref> above, Reader reader)
    {
        var own = shortfalls.Find(s => s.Statement.No == row.No);
        var last = row.WindowEnd ?? DateOnly.MaxValue;
        bool InWindow(Money m) => row.StatedOn < m.On && m.On <= last;
        // Of several current statements whose windows hold a day, the one that comes first has its money.
        var rivals = own.Next is not null ? [] : shortfalls.FindAll(s => s.Statement.FundId == row.FundId && s.Next is null && s.Statement.No != row.No).ConvertAll(s => s.Statement);
        var covering = money[row.FundId].Where(m => InWindow(m) && !rivals.Exists(r => r.StatedOn < m.On && !(r.PeriodEnd < m.On) && Place(r, m).CompareTo(Place(own.Statement, m)) < 0));
        return Coverages.OfWindow(row, [(new Ref(row.FundId, row.FundName), Sum(covering)), .. above.Select(fund => (fund, Sum(money[fund.Id].Where(InWindow))))], reader);
    }

    private Coverage OfPeriod(ShortfallRow row, Reader reader)
    {
        var own = requirements.Find(r => r.Statement.No == row.No).Statement;
        var current = requirements.FindAll(r => r.Statement.FundId == row.FundId && r.Next is null).ConvertAll(r => r.Statement);
        bool Belongs(Statement requirement, Money m) => requirement.PeriodStart is null
            || (m.First == 0 ? HoldsDay(requirement, m)
                : IsOfWholeYears(requirement) ? HoldsYears(requirement, m)
                : HoldsDay(requirement, m) && !current.Exists(w => IsOfWholeYears(w) && HoldsYears(w, m) && !w.Overlaps(requirement)));
        var across = Sum(money[row.FundId].Where(m => m.Last > m.First && !current.Exists(r => Belongs(r, m))));
        return Coverages.OfPeriod(row, Sum(money[row.FundId].Where(m => Belongs(own, m))), across.Committed, reader);
    }

    private static (int, DateOnly, long) Place(Statement statement, Money m) =>
        (m.First > 0 && HoldsYears(statement, m) ? 0 : HoldsDay(statement, m) ? 1 : 2, statement.PeriodEnd ?? DateOnly.MaxValue, statement.No);

    private static bool HoldsDay(Statement statement, Money m) => !(m.On < statement.PeriodStart) && !(m.On > statement.PeriodEnd);

    // Money names years from the first of January of the first to the end of the last; a period without an end holds all that come.
    private static bool HoldsYears(Statement statement, Money m) => !(new DateOnly(m.First, 1, 1) < statement.PeriodStart) && !(new DateOnly(m.Last, 12, 31) > statement.PeriodEnd);

    private static bool IsOfWholeYears(Statement statement) => statement is { PeriodStart: { Month: 1, Day: 1 }, PeriodEnd: { Month: 12, Day: 31 } };

    private static FundDay Sum(IEnumerable<Money> all) => all.Aggregate(default(FundDay), (sum, m) => sum + m.Of);

    /// <summary>The programmes above some funds, the nearest first.</summary>
    private static async Task<ILookup<string, Ref>> AboveAsync(Session session, List<string> funds, Reader reader) => (await session.Sql.QueryAsync<(string Below, string Id, string? Name)>($"""
        WITH RECURSIVE above (below, fund_id, height) AS (
            SELECT f.id, f.parent_id, 1 FROM fund f WHERE {session.Engine.AnyOf("f.id", "@funds")} AND f.parent_id IS NOT NULL
            UNION ALL
            SELECT a.below, f.parent_id, a.height + 1 FROM above a JOIN fund f ON f.id = a.fund_id WHERE f.parent_id IS NOT NULL AND a.height < 16)
        SELECT a.below, a.fund_id, {reader.Text("f.name")} FROM above a JOIN fund f ON f.id = a.fund_id ORDER BY a.below, a.height
        """, new { funds })).ToLookup(fund => fund.Below, fund => new Ref(fund.Id, fund.Name));

    /// <summary>Money of one day of a fund.</summary>
    /// <param name="First">The first of the years that it is for, and the last; 0 and 0 where it names none.</param>
    internal sealed record Money(int First, int Last, DateOnly On, FundDay Of);
}
