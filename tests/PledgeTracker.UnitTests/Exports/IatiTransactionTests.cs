using PledgeTracker.Exports;
using PledgeTracker.Ledger;
using PledgeTracker.UnitTests.Ledger;

namespace PledgeTracker.UnitTests.Exports;

public sealed class IatiTransactionTests
{
    [Fact]
    public void The_transactions_of_any_ledger_add_up_to_its_figures_by_type()
    {
        var (transactions, unsaid, releasedUnsaid) = (0, 0, 0);
        RandomLedger.ForAll(ledger =>
        {
            var entries = ledger.ToEntries();
            var made = IatiTransaction.Of(entries);
            foreach (var line in Figures.Lines(entries))
            {
                long Sum(string type) => made.Where(t => t.Entry.DonorId == line.DonorId && t.Type == type).Sum(t => t.UsdMinor);
                Assert.Equal((line.Sums.Pledged - line.Sums.Withdrawn, line.Sums.Committed, line.Sums.Paid), (Sum(IatiTransaction.Pledge), Sum(IatiTransaction.Commitment), Sum(IatiTransaction.Payment)));
            }

            transactions += made.Count;
            unsaid += made.Count(t => t is { IsUnsaid: true, UsdMinor: > 0 });
            releasedUnsaid += made.Count(t => t is { IsUnsaid: true, UsdMinor: < 0 });
        });
        Assert.True(transactions > 3000 && unsaid > 500 && releasedUnsaid > 50, $"{transactions} transactions, {unsaid} commitments that nobody stated, {releasedUnsaid} taken back");
    }
}
