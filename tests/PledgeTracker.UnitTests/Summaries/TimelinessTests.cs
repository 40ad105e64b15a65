using PledgeTracker.Summaries;
using static PledgeTracker.UnitTests.Summaries.Promises;

namespace PledgeTracker.UnitTests.Summaries;

public sealed class TimelinessTests
{
    private static readonly DateOnly First = new(2023, 1, 1);

    [Fact]
    public void The_payments_are_all_that_was_paid_on_the_promises_and_no_longer_wait_makes_less_of_them() => RandomLines.ForAll((headers, day) =>
    {
        var lines = headers.Measured(day).FindAll(l => l.Line.HasPledge);
        var timeliness = Timeliness.Of(lines, day);
        Assert.Equal(lines.Sum(l => l.PaidUsd), timeliness.MeanDays.Denominator * 100);
        Assert.All([timeliness.Within90Days, timeliness.Within180Days, timeliness.Within365Days, timeliness.Within730Days], share => Assert.True(share.Share is null or (>= 0 and <= 1)));
        var old = lines.FindAll(l => day.DayNumber - l.Line.PledgedOn!.Value.DayNumber >= 730);
        var ofTheOld = Timeliness.Of(old, day);
        Assert.True(ofTheOld.Within90Days.Numerator <= ofTheOld.Within180Days.Numerator && ofTheOld.Within180Days.Numerator <= ofTheOld.Within365Days.Numerator
            && ofTheOld.Within365Days.Numerator <= ofTheOld.Within730Days.Numerator);
    });

    [Fact]
    public void The_mean_is_weighted_by_what_was_paid()
    {
        var mean = Timely(Pledge(100_00, on: First), Paid(30_00, on: First.AddDays(10)), Paid(10_00, on: First.AddDays(101))).MeanDays;
        Assert.Equal(new MeanDays((30 * 10) + (10 * 101), 40, 32.8m), mean);
    }

    [Fact]
    public void A_payment_before_the_pledge_took_no_days() =>
        Assert.Equal(new MeanDays(0, 40, 0), Timely(Pledge(100_00, on: First), Paid(40_00, on: First.AddDays(-60))).MeanDays);

    [Fact]
    public void What_was_paid_beyond_the_promise_is_left_out() =>
        Assert.Equal(new MeanDays(100 * 10, 100, 10), Timely(Pledge(100_00, on: First), Paid(100_00, on: First.AddDays(10)), Paid(50_00, on: First.AddDays(500))).MeanDays);

    [Fact]
    public void A_refund_takes_the_latest_money_that_was_there_on_its_day()
    {
        // 100 after 10 days, all of it refunded, and 100 again after 400: only those are there.
        Assert.Equal(new MeanDays(100 * 400, 100, 400),
            Timely(Pledge(100_00, on: First), Paid(100_00, on: First.AddDays(10)), Paid(-100_00, on: First.AddDays(20)), Paid(100_00, on: First.AddDays(400))).MeanDays);
        // Of 60 and 40 the refund of 50 takes the 40, and 10 of the 60.
        Assert.Equal(new MeanDays(50 * 10, 50, 10),
            Timely(Pledge(100_00, on: First), Paid(60_00, on: First.AddDays(10)), Paid(40_00, on: First.AddDays(30)), Paid(-50_00, on: First.AddDays(40))).MeanDays);
    }

    [Fact]
    public void Paid_within_so_many_days_is_counted_with_the_day_itself_over_pledges_that_are_as_old()
    {
        var old = Promise(Pledge(100_00, on: AsOf.AddDays(-180)), Paid(20_00, on: AsOf.AddDays(-90)), Paid(30_00, on: AsOf.AddDays(-89)));
        var young = Promise(Pledge(100_00, on: AsOf.AddDays(-89)), Paid(100_00, on: AsOf));
        var timeliness = Timeliness.Of([old, young], AsOf);
        Assert.Equal(new Ratio(20, 100, 0.2m), timeliness.Within90Days);
        Assert.Equal(new Ratio(50, 100, 0.5m), timeliness.Within180Days);
        Assert.Equal((new Ratio(0, 0, null), new Ratio(0, 0, null)), (timeliness.Within365Days, timeliness.Within730Days));
    }

    [Fact]
    public void What_was_withdrawn_is_no_longer_waited_for() =>
        Assert.Equal(new Ratio(40, 80, 0.5m), Timely(Pledge(100_00, on: First), Paid(40_00, on: First.AddDays(700)), Withdrawn(20_00)).Within730Days);

    [Fact]
    public void A_payment_counts_the_pledges_dollars_of_what_it_settles() =>
        Assert.Equal(new MeanDays(55 * 10, 55, 10), Timely(Pledge(100_00, "EUR", 110_00, First), Paid(60_00, "USD", on: First.AddDays(10)) with { SettlesMinor = 50_00 }).MeanDays);

    private static Timeliness Timely(params PledgeTracker.Tests.Ledger.Naive.Entry[] entries) => Timeliness.Of([Promise(entries)], AsOf);
}
