using PledgeTracker.Summaries;
using static PledgeTracker.UnitTests.Summaries.Promises;

namespace PledgeTracker.UnitTests.Summaries;

public sealed class ConcentrationTests
{
    [Fact]
    public void An_index_lies_between_that_of_donors_alike_and_that_of_one() => RandomLines.ForAll((headers, day) =>
    {
        var concentration = Concentration.Of(headers.Measured(day));
        Assert.Equal(concentration.Donors == 0, concentration.Herfindahl is null);
        if (concentration is { Donors: > 0 and var donors, Herfindahl: { } index, FiveLargest.Share: { } five, DonorsOf80Percent: { } few })
        {
            Assert.InRange(index, decimal.Round(1m / donors, 6), 1);
            Assert.InRange(five, Math.Min(1, decimal.Round(5m / donors, 6)), 1);
            Assert.InRange(few, 1, donors);
        }
    });

    [Fact]
    public void One_donor_or_one_group_of_donors_is_all_there_is() =>
        Assert.Equal(new Concentration { Donors = 1, FiveLargest = new(100, 100, 1), DonorsOf80Percent = 1, Herfindahl = 1 }, Concentration.Of([By("group", Pledge(100_00))]));

    [Fact]
    public void Ten_donors_alike_are_ten_of_whom_eight_make_80_percent() => Assert.Equal(
        new Concentration { Donors = 10, FiveLargest = new(50, 100, 0.5m), DonorsOf80Percent = 8, Herfindahl = 0.1m },
        Concentration.Of([.. Enumerable.Range(0, 10).Select(i => By($"d{i}", Pledge(10_00)))]));

    [Fact]
    public void A_donors_promises_are_added_up_and_what_was_withdrawn_is_none() => Assert.Equal(
        // 60, 30 and 10 of a hundred: 0.36 + 0.09 + 0.01.
        new Concentration { Donors = 3, FiveLargest = new(100, 100, 1), DonorsOf80Percent = 2, Herfindahl = 0.46m },
        Concentration.Of([By("a", Pledge(40_00)), By("b", Pledge(30_00)), By("a", Pledge(20_00)), By("c", Pledge(50_00), Withdrawn(40_00)), By("d", Pledge(7_00), Withdrawn(7_00))]));

    [Fact]
    public void Promises_of_any_size_have_their_index() => Assert.Equal(
        0.5m, Concentration.Of([.. Enumerable.Range(0, 80).Select(i => By(i % 2 == 0 ? "a" : "b", Pledge(100_000_000_000_000)))]).Herfindahl);
}
