using PledgeTracker.Summaries;
using PledgeTracker.Words;
using static PledgeTracker.UnitTests.Summaries.Promises;

namespace PledgeTracker.UnitTests.Summaries;

public sealed class AgeingTests
{
    private static readonly DateOnly Old = new(2020, 3, 1), New = new(2026, 11, 1);

    [Theory]
    [InlineData("pledge")]
    [InlineData("due")]
    public void The_classes_add_up_to_what_is_outstanding_to_the_cent(string basis) => RandomLines.ForAll((headers, day) =>
    {
        var lines = headers.Measured(day);
        var ageing = Ageing.Of(lines, day, basis);
        Assert.Equal(ageing.Outstanding, Classes(ageing).Sum() + (ageing.NotDue ?? 0) + (ageing.Undated ?? 0));
        Assert.Equal(lines.Sum(l => l.Line.Sums.Outstanding), ageing.Outstanding * 100);
        Assert.All([.. Classes(ageing), ageing.NotDue ?? 0, ageing.Undated ?? 0, ageing.Silent, ageing.Outstanding - ageing.Silent], part => Assert.True(part >= 0));
    });

    [Theory]
    [InlineData("pledge")]
    [InlineData("due")]
    public void The_ageing_of_a_group_is_that_of_its_lines_added_up(string basis) => RandomLines.ForAll((headers, day) =>
    {
        var lines = headers.Measured(day);
        var each = lines.ConvertAll(line => Ageing.Of([line], day, basis));
        var whole = Ageing.Of(lines, day, basis);
        Assert.Equal(Classes(whole), Enumerable.Range(0, 7).Select(i => each.Sum(a => Classes(a)[i])));
        Assert.Equal((whole.NotDue ?? 0, whole.Undated ?? 0, whole.Silent), (each.Sum(a => a.NotDue ?? 0), each.Sum(a => a.Undated ?? 0), each.Sum(a => a.Silent)));
        Assert.Equal((whole.MeanAgeDays.Numerator, whole.MeanAgeDays.Denominator), (each.Sum(a => a.MeanAgeDays.Numerator), each.Sum(a => a.MeanAgeDays.Denominator)));
    }, cases: 300);

    [Fact]
    public void A_hundred_of_2020_raised_by_nine_hundred_in_2026_is_a_hundred_old_and_nine_hundred_young()
    {
        var ageing = Aged(Pledge(100_00, on: Old), Revised(900_00, on: New));
        Assert.Equal([900, 0, 0, 0, 0, 0, 100], Classes(ageing));
        Assert.Equal((1000, null, null), (ageing.Outstanding, ageing.NotDue, ageing.Undated));
        // 25 days of nine hundred and 2461 of a hundred.
        Assert.Equal(new MeanDays((900 * 25) + (100 * 2461), 1000, 268.6m), ageing.MeanAgeDays);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90, 0)]
    [InlineData(91, 1)]
    [InlineData(180, 1)]
    [InlineData(181, 2)]
    [InlineData(365, 2)]
    [InlineData(366, 3)]
    [InlineData(730, 3)]
    [InlineData(731, 4)]
    [InlineData(1095, 4)]
    [InlineData(1096, 5)]
    [InlineData(1825, 5)]
    [InlineData(1826, 6)]
    public void A_class_holds_its_last_day(int age, int index)
    {
        var expected = Enumerable.Range(0, 7).Select(i => i == index ? 100m : 0);
        Assert.Equal(expected, Classes(Aged(Pledge(100_00, on: AsOf.AddDays(-age)))));
        Assert.Equal(expected, Classes(Ageing.Of([Promise(Pledge(100_00)) with { DueOn = AsOf.AddDays(-age) }], AsOf, "due")));
    }

    [Fact]
    public void Payments_withdrawals_and_revisions_that_lower_a_promise_take_the_oldest_first()
    {
        Assert.Equal([900, 0, 0, 0, 0, 0, 70], Classes(Aged(Pledge(100_00, on: Old), Revised(900_00, on: New), Paid(30_00))));
        Assert.Equal([900, 0, 0, 0, 0, 0, 70], Classes(Aged(Pledge(100_00, on: Old), Revised(900_00, on: New), Withdrawn(30_00))));
        Assert.Equal([900, 0, 0, 0, 0, 0, 70], Classes(Aged(Pledge(100_00, on: Old), Revised(900_00, on: New), Revised(-30_00))));
        Assert.Equal([850, 0, 0, 0, 0, 0, 0], Classes(Aged(Pledge(100_00, on: Old), Revised(900_00, on: New), Paid(90_00), Withdrawn(30_00), Revised(-30_00))));
    }

    [Fact]
    public void What_was_taken_before_a_promise_was_raised_was_taken_of_what_there_was() =>
        Assert.Equal([900, 0, 0, 0, 0, 0, 60], Classes(Aged(Pledge(100_00, on: Old), Revised(-40_00, on: Old.AddDays(9)), Revised(900_00, on: New))));

    [Fact]
    public void What_a_refund_makes_outstanding_again_is_as_old_as_it_was() =>
        Assert.Equal([900, 0, 0, 0, 0, 0, 25], Classes(Aged(Pledge(100_00, on: Old), Paid(100_00, on: Old), Revised(900_00, on: New), Paid(-25_00))));

    [Fact]
    public void Ages_are_told_in_the_dollars_that_are_outstanding_and_the_cents_that_rounding_leaves_lie_with_the_older_money()
    {
        // Three thirds of a dollar: the youngest has 33 cents, the two youngest 67, all of them 100.
        var ageing = Aged(Pledge(1, "EUR", 100, on: Old), Revised(1, "EUR", 0, on: AsOf.AddDays(-100)), Revised(1, "EUR", 0, on: New));
        Assert.Equal([0.33m, 0.34m, 0, 0, 0, 0, 0.33m], Classes(ageing));
        Assert.Equal(1, ageing.Outstanding);
    }

    [Fact]
    public void A_promise_of_no_dollars_has_no_age()
    {
        var ageing = Aged(Pledge(500_00, "IRR", 0, on: Old));
        Assert.Equal(new MeanDays(0, 0, null), ageing.MeanAgeDays);
        Assert.Equal(0, Classes(ageing).Sum());
    }

    [Fact]
    public void A_pledge_is_silent_once_nothing_was_entered_on_it_for_365_days()
    {
        Assert.Equal(0, Aged(Pledge(100_00, on: AsOf.AddDays(-364))).Silent);
        Assert.Equal(100, Aged(Pledge(100_00, on: AsOf.AddDays(-365))).Silent);
        Assert.Equal(0, Aged(Pledge(100_00, on: Old), Committed(1_00, on: AsOf.AddDays(-30))).Silent);
        Assert.Equal(60, Aged(Pledge(100_00, on: Old), Paid(40_00, on: Old)).Silent);
    }

    [Fact]
    public void By_due_date_instalments_are_paid_in_their_order_and_what_has_no_date_last()
    {
        var line = Promise(Pledge(100_00, on: Old), Paid(10_00)) with { Instalments = [new(AsOf.AddDays(-100), 30_00), new(AsOf.AddDays(-10), 20_00), new(AsOf.AddDays(1), 25_00)] };
        var ageing = Ageing.Of([line], AsOf, "due");
        Assert.Equal([20, 20, 0, 0, 0, 0, 0], Classes(ageing));
        Assert.Equal((25, 25, 90), (ageing.NotDue, ageing.Undated, ageing.Outstanding));
        // The 40 that have fallen due.
        Assert.Equal(new MeanDays(2200, 40, 55), ageing.MeanAgeDays);
        Assert.Equal("due", ageing.Basis);
    }

    [Fact]
    public void By_due_date_what_no_instalment_speaks_of_is_due_on_the_pledges_own_day()
    {
        var line = Promise(Pledge(100_00, on: Old)) with { Instalments = [new(AsOf.AddDays(-100), 30_00)], DueOn = AsOf.AddDays(-200) };
        Assert.Equal([0, 30, 70, 0, 0, 0, 0], Classes(Ageing.Of([line], AsOf, "due")));
    }

    [Fact]
    public void By_due_date_a_withdrawal_takes_the_first_instalments()
    {
        var line = Promise(Pledge(100_00, on: Old), Withdrawn(50_00)) with { Instalments = [new(AsOf.AddDays(-100), 40_00), new(AsOf.AddDays(1), 60_00)] };
        var ageing = Ageing.Of([line], AsOf, "due");
        Assert.Equal((0, 50), (Classes(ageing).Sum(), ageing.NotDue));
    }

    private static Ageing Aged(params PledgeTracker.Tests.Ledger.Naive.Entry[] entries) => Ageing.Of([Promise(entries)], AsOf, Vocabulary.AgeingBases[0]);

    private static decimal[] Classes(Ageing a) => [a.UpTo90Days, a.UpTo180Days, a.UpTo365Days, a.UpTo730Days, a.UpTo1095Days, a.UpTo1825Days, a.Over1825Days];
}
