namespace PledgeTracker.Ledger;

/// <summary>What one day adds to a fund, in US cents: the windows of its shortfalls are sums of these.</summary>
/// <param name="Pledged">Promises that count from that day, net of their later revisions and withdrawals.</param>
/// <param name="CommittedDirect">The part of Committed that nobody had pledged.</param>
internal readonly record struct FundDay(long Pledged, long Committed, long CommittedDirect, long Paid)
{
    public static FundDay operator +(FundDay a, FundDay b) =>
        checked(new(a.Pledged + b.Pledged, a.Committed + b.Committed, a.CommittedDirect + b.CommittedDirect, a.Paid + b.Paid));

    public static FundDay operator -(FundDay a, FundDay b) =>
        checked(new(a.Pledged - b.Pledged, a.Committed - b.Committed, a.CommittedDirect - b.CommittedDirect, a.Paid - b.Paid));
}

/// <summary>What the money of a fund is kept apart by.</summary>
/// <param name="FirstYear">The first of the years that it is for, and the last; 0 and 0 where it names none.</param>
internal readonly record struct FundMoney(string FundId, string Instrument, int FirstYear, int LastYear, DateOnly On);

/// <summary>What the entries of one header add to its fund, day by day.</summary>
internal static class FundDays
{
    public static Dictionary<DateOnly, FundDay> Of(List<Entry> entries)
    {
        var days = new Dictionary<DateOnly, FundDay>();
        foreach (var line in Figures.Lines(entries))
        {
            if (line.PledgedOn is { } announced)
            {
                days[announced] = days.GetValueOrDefault(announced) + new FundDay(line.PromisedUsd, 0, 0, 0);
            }

            foreach (var day in new Course(line.DonorId, entries).Days())
            {
                days[day.On] = days.GetValueOrDefault(day.On) + new FundDay(0, day.Committed, line.HasPledge ? 0 : day.Committed, day.Paid);
            }
        }

        return days;
    }

    /// <summary>What some funds have on each day, as of a day, from the ledger.</summary>
    public static async Task<Dictionary<FundMoney, FundDay>> ThenAsync(Session session, Past past, List<string> funds)
    {
        var all = new Dictionary<FundMoney, FundDay>();
        await foreach (var (header, entries) in past.HeadersAsync(session, session.Engine.AnyOf("p.fund_id", "@funds"), new { funds }))
        {
            foreach (var (day, added) in Of(entries))
            {
                var money = header.MoneyOf(day);
                all[money] = all.GetValueOrDefault(money) + added;
            }
        }

        return all;
    }
}
