using PledgeTracker.Ledger;
using PledgeTracker.Tests.Ledger;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Ledger;

/// <summary>The product's records as those of the naive rules, so that the two can be compared.</summary>
internal static class Plain
{
    public static List<Naive.Entry> ToPlain(this IEnumerable<Entry> entries) =>
        [.. entries.Select(e => new Naive.Entry(e.No, e.DonorId, e.Kind, e.AmountMinor, e.Currency, e.UsdMinor, e.Qualifier, e.ValueDate, e.ReversesNo))];

    public static List<Naive.Line> ToPlain(this IEnumerable<Line> lines) =>
        [.. lines.Select(l => new Naive.Line(l.DonorId, l.HasPledge, l.PledgedOn, l.AmountMinor, l.PromisedMinor, l.OutstandingMinor,
            new(l.Sums.Pledged, l.Sums.Withdrawn, l.Sums.Committed, l.Sums.Paid, l.Sums.PaidOnPledged, l.Sums.Outstanding), l.Status))];

    public static Naive.Day ToPlain(this FundDays day) => new(day.Pledged, day.Committed, day.CommittedDirect, day.Paid);
}
