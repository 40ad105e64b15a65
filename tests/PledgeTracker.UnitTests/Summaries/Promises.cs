using PledgeTracker.Ledger;
using PledgeTracker.Summaries;
using PledgeTracker.Tests.Ledger;
using PledgeTracker.UnitTests.Ledger;

namespace PledgeTracker.UnitTests.Summaries;

/// <summary>Lines for worked cases: what happened, and what it comes to.</summary>
internal static class Promises
{
    public static readonly DateOnly AsOf = new(2026, 11, 26);

    public static Naive.Entry Pledge(long amount, string currency = "USD", long? usd = null, DateOnly? on = null) => Entry("pledge", amount, currency, usd, on);

    public static Naive.Entry Revised(long amount, string currency = "USD", long? usd = null, DateOnly? on = null) => Entry("revision", amount, currency, usd, on);

    public static Naive.Entry Withdrawn(long amount, string currency = "USD", long? usd = null, DateOnly? on = null) => Entry("withdrawal", amount, currency, usd, on);

    public static Naive.Entry Committed(long amount, string currency = "USD", long? usd = null, DateOnly? on = null) => Entry("commitment", amount, currency, usd, on);

    public static Naive.Entry Paid(long amount, string currency = "USD", long? usd = null, DateOnly? on = null) => Entry("payment", amount, currency, usd, on);

    /// <summary>The line that these make, the only one of its header.</summary>
    public static MeasuredLine Promise(params Naive.Entry[] entries) => By("a", entries);

    public static MeasuredLine By(string donor, params Naive.Entry[] entries)
    {
        var own = entries.Select((e, i) => e with { No = i + 1, DonorId = donor }).ToEntries();
        return new MeasuredLine(donor, Assert.Single(Figures.Lines(own)), own, null, [], OfOneLine: true, HasRecipient: false, HasVerification: false);
    }

    private static Naive.Entry Entry(string kind, long amount, string currency, long? usd, DateOnly? on) =>
        new(0, "a", kind, amount, currency, usd ?? amount, "exact", on ?? AsOf, on ?? AsOf);
}
