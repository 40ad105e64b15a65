using PledgeTracker.Ledger;
using PledgeTracker.Tests.Ledger;

namespace PledgeTracker.UnitTests.Ledger;

/// <summary>The records of the naive rules as the product's, and what the product makes of them back again, so that the two can be compared.</summary>
internal static class Plain
{
    public static List<Entry> ToEntries(this IEnumerable<Naive.Entry> entries) =>
    [
        .. entries.Select(e => new Entry
        {
            No = e.No,
            DonorId = e.DonorId,
            Kind = e.Kind,
            AmountMinor = e.AmountMinor,
            Currency = e.Currency,
            UsdMinor = e.UsdMinor,
            Qualifier = e.Qualifier,
            UsdQualifier = e.UsdQualifier,
            ValueDate = e.ValueDate,
            CountsFrom = e.CountsFrom,
            ReversesNo = e.ReversesNo,
            SettlesMinor = e.SettlesMinor,
            Reason = e.Reason,
            Adjusts = e.Adjusts,
        }),
    ];

    /// <summary>In the order of the donors' ids.</summary>
    public static List<Naive.Line> ToPlain(this IEnumerable<Line> lines) =>
    [
        .. lines.OrderBy(l => l.DonorId, StringComparer.Ordinal).Select(l => new Naive.Line(
            l.DonorId, l.HasPledge, l.PledgedOn, l.AmountMinor, l.PromisedMinor, l.OutstandingMinor, l.Sums.ToPlain(), l.Status)),
    ];

    public static Naive.Sums ToPlain(this Sums s) => new()
    {
        Pledged = s.Pledged,
        RevisedDown = s.RevisedDown,
        Withdrawn = s.Withdrawn,
        WithdrawnByDonor = s.WithdrawnByDonor,
        Lapsed = s.Lapsed,
        WrittenOff = s.WrittenOff,
        Committed = s.Committed,
        Paid = s.Paid,
        Outstanding = s.Outstanding,
        PromisedOnly = s.PromisedOnly,
        Excess = s.Excess,
        Undisbursed = s.Undisbursed,
        DirectCommitted = s.DirectCommitted,
        DirectPaid = s.DirectPaid,
        AdjustedPledged = s.AdjustedPledged,
        AdjustedCommitted = s.AdjustedCommitted,
        AdjustedPaid = s.AdjustedPaid,
        Approximate = s.Approximate,
        AtLeast = s.AtLeast,
        AtMost = s.AtMost,
    };

    public static Naive.Day ToPlain(this FundDay day) => new(day.Pledged, day.Committed, day.CommittedDirect, day.Paid);
}
