using PledgeTracker.Ledger;
using PledgeTracker.Summaries;
using static PledgeTracker.UnitTests.Summaries.Promises;

namespace PledgeTracker.UnitTests.Summaries;

public sealed class ScheduleTests
{
    [Fact]
    public void There_are_arrears_where_a_pledge_is_overdue_and_nowhere_else() => RandomLines.ForAll((headers, day) =>
    {
        foreach (var header in headers)
        {
            // A dollar for each unit of the pledge's currency, so that rounding hides none.
            foreach (var line in ((PlainHeader[])[header]).Measured(day).Where(l => l.OfOneLine))
            {
                var overdueFrom = Figures.OverdueFrom(line.Line.OutstandingMinor, line.Line.PromisedMinor, header.Instalments ?? [], header.DueOn);
                var schedule = Schedule.Of([line with { Line = line.Line with { Sums = new Sums { Pledged = line.Line.PromisedMinor } } }], day);
                Assert.Equal(overdueFrom <= day, schedule.Arrears > 0);
            }
        }
    });

    [Fact]
    public void What_is_due_and_not_due_and_undated_is_within_what_is_promised_and_arrears_within_what_is_outstanding() => RandomLines.ForAll((headers, day) =>
        Assert.All(headers.Measured(day), line =>
        {
            var schedule = Schedule.Of([line], day);
            Assert.True(schedule.DueToDate >= 0 && schedule.DueToDate * 100 <= line.Line.PromisedUsd, schedule.ToString());
            Assert.True(schedule.Arrears >= 0 && schedule.Arrears * 100 <= line.Line.Sums.Outstanding && schedule.Arrears <= schedule.DueToDate, schedule.ToString());
            Assert.True(schedule.Beyond >= 0 && schedule.Beyond * 100 <= line.PaidUsd + 1 && (schedule.Beyond == 0 || schedule.Arrears == 0), schedule.ToString());
            Assert.True(schedule.Undated >= 0 && schedule.Undated * 100 <= line.Line.PromisedUsd, schedule.ToString());
        }));

    [Theory]
    [InlineData(0, 70, 70, 0)]
    [InlineData(50, 70, 20, 0)]
    [InlineData(70, 70, 0, 0)]
    [InlineData(90, 70, 0, 20)]
    [InlineData(130, 70, 0, 30)] // what was paid beyond the promise is excess, and not before its day
    public void What_was_paid_is_held_against_the_instalments_up_to_the_day(int paid, int due, int arrears, int beyond)
    {
        var line = Promise([Pledge(100_00), .. paid == 0 ? (PledgeTracker.Tests.Ledger.Naive.Entry[])[] : [Paid(paid * 100)]]);
        Assert.Equal(Told(due, arrears, beyond), Schedule.Of([line with { Instalments = [new(AsOf.AddDays(-50), 40_00), new(AsOf, 30_00), new(AsOf.AddDays(1), 30_00)] }], AsOf));
    }

    [Fact]
    public void A_due_date_is_one_instalment_of_all_or_of_what_the_others_leave()
    {
        Assert.Equal(Told(100, 100, 0), Schedule.Of([Promise(Pledge(100_00)) with { DueOn = AsOf }], AsOf));
        Assert.Equal(Told(0, 0, 25), Schedule.Of([Promise(Pledge(100_00), Paid(25_00)) with { DueOn = AsOf.AddDays(1) }], AsOf));
        Assert.Equal(Told(60, 60, 0), Schedule.Of([Promise(Pledge(100_00)) with { DueOn = AsOf, Instalments = [new(AsOf.AddDays(1), 40_00)] }], AsOf));
    }

    [Fact]
    public void What_no_date_speaks_of_is_not_due_and_counted_apart()
    {
        Assert.Equal(Told(0, 0, 0, undated: 100), Schedule.Of([Promise(Pledge(100_00), Paid(60_00))], AsOf));
        Assert.Equal(Told(40, 30, 0, undated: 60), Schedule.Of([Promise(Pledge(100_00), Paid(10_00)) with { Instalments = [new(AsOf, 40_00)] }], AsOf));
    }

    [Fact]
    public void A_withdrawal_takes_the_first_instalments()
    {
        var line = Promise(Pledge(100_00), Withdrawn(50_00)) with { Instalments = [new(AsOf.AddDays(-1), 40_00), new(AsOf.AddDays(1), 60_00)] };
        Assert.Equal(Told(0, 0, 0), Schedule.Of([line], AsOf));
        Assert.Equal(Told(50, 50, 0), Schedule.Of([line], AsOf.AddDays(1)));
    }

    [Fact]
    public void Nobodys_surplus_pays_what_another_owes()
    {
        var late = Promise(Pledge(100_00)) with { DueOn = AsOf };
        var early = Promise(Pledge(100_00), Paid(100_00)) with { DueOn = AsOf.AddDays(1) };
        Assert.Equal(Told(100, 100, 100), Schedule.Of([late, early], AsOf));
    }

    [Fact]
    public void It_is_taken_in_the_pledges_currency_and_then_at_its_rate() => Assert.Equal(Told(55, 33, 0),
        Schedule.Of([Promise(Pledge(100_00, "EUR", 110_00), Paid(20_00, "EUR", 30_00)) with { Instalments = [new(AsOf, 50_00), new(AsOf.AddDays(1), 50_00)] }], AsOf));

    [Fact]
    public void Donors_who_pledge_together_have_their_parts_of_a_date_by_what_they_promise()
    {
        StoredInstalment[] dates = [new(AsOf, 60_00), new(AsOf.AddDays(1), 60_00)];
        var large = By("a", Pledge(90_00), Paid(50_00)) with { Instalments = dates, OfOneLine = false, HeaderPromisedMinor = 120_00 };
        var small = By("b", Pledge(30_00)) with { Instalments = dates, OfOneLine = false, HeaderPromisedMinor = 120_00 };
        Assert.Equal(Told(45, 0, 5), Schedule.Of([large], AsOf));
        Assert.Equal(Told(15, 15, 0), Schedule.Of([small], AsOf));
        Assert.Equal(Told(60, 15, 5), Schedule.Of([large, small], AsOf));
    }

    [Fact]
    public void A_part_of_a_date_that_nobody_can_tell_is_no_date() =>
        Assert.Equal(Told(0, 0, 0, undated: 90), Schedule.Of([By("a", Pledge(90_00)) with { DueOn = AsOf, OfOneLine = false }], AsOf));

    [Fact]
    public void The_parts_of_a_header_add_up_to_its_dates() => RandomLines.ForAll((headers, day) =>
    {
        foreach (var header in headers)
        {
            var lines = ((PlainHeader[])[header]).Measured(day);
            var promised = lines.Sum(l => l.Line.PromisedMinor);
            foreach (var line in lines.Where(l => l.Line.PromisedMinor > 0))
            {
                var falls = line.FallsDue();
                Assert.All(falls, part => Assert.True(part.Minor >= 0));
                Assert.True(falls.Sum(part => part.Minor) >= line.Line.PromisedMinor);
                Assert.Equal(falls.OrderBy(part => part.On is null ? 0 : 1).ThenByDescending(part => part.On), falls);
            }

            // Each rounds once, so all of them are off by less than a unit for each.
            var notDue = lines.SelectMany(l => l.FallsDue()).Where(part => part.On is null || part.On > day).Sum(part => part.Minor);
            var instalments = header.Instalments ?? [];
            var rest = Math.Max(0, promised - instalments.Sum(i => i.Amount));
            Assert.InRange(notDue - (instalments.Where(i => i.On > day).Sum(i => promised == 0 ? 0 : i.Amount) + (header.DueOn is null || header.DueOn > day ? rest : 0)), -lines.Count, lines.Count);
        }
    });

    private static Schedule Told(decimal due, decimal arrears, decimal beyond, decimal undated = 0) => new() { DueToDate = due, Arrears = arrears, Beyond = beyond, Undated = undated };
}
