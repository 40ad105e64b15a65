using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Ledger;
using PledgeTracker.Site;
using PledgeTracker.Site.Components;
using PledgeTracker.Summaries;

namespace PledgeTracker.UnitTests.Site;

public sealed class StepPlotTests
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    /// <summary>Days before today, and what stood on each in thousands of dollars: pledged, withdrawn of it, committed, paid.</summary>
    private static readonly Gen<(int Ago, int Pledged, int Withdrawn, int Committed, int Paid)[]> Days =
        (from ago in Gen.Choose(0, 20_000)
         from pledged in Gen.Choose(0, 1_000_000)
         from withdrawn in Gen.Choose(0, 100)
         from committed in Gen.Choose(-10, 1_200_000)
         from paid in Gen.Choose(-10, 1_200_000)
         select (ago, pledged, withdrawn, committed, paid)).ArrayOf();

    [Fact]
    public void Whatever_the_steps_are_levels_cover_the_time_from_the_first_to_today_and_end_at_what_stands() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Days.ToArbitrary(), days =>
    {
        var plot = StepPlot.Of(Series(days), Today);
        foreach (var figure in (Func<StepOn, decimal>[])[step => step.Net, step => step.Committed, step => step.Paid])
        {
            var levels = plot.Levels(figure).ToList();
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.Equal((pair.First.To, pair.First.Level), (pair.Second.From, pair.Second.Before)));
            Assert.All(levels, level => Assert.InRange(level.From, 0, level.To));
            Assert.Equal(100, levels[^1].To);
            Assert.Equal(Math.Max(0, plot.Steps.Count == 0 ? 0 : figure(plot.Steps[^1])), levels[^1].Level);
            Assert.True(levels.Count <= 203);
            Assert.All(levels, level => Assert.InRange(level.Level, 0, plot.Most));
        }

        return true;
    }));

    [Fact]
    public void Bands_of_stages_stand_on_each_other_and_add_up_to_what_is_promised() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Days.ToArbitrary(), days =>
    {
        foreach (var step in StepPlot.Of(Series(days), Today).Steps)
        {
            var (paid, committed, net) = StepPlot.Stages(step);
            Assert.True(paid >= 0 && paid <= committed && committed <= net && net == Math.Max(0, step.Net));
        }

        return true;
    }));

    [Fact]
    public void Marks_that_would_touch_stand_in_rows_and_are_nine_at_most() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Days.ToArbitrary(), days =>
    {
        var plot = StepPlot.Of(Series(days), Today);
        Assert.InRange(plot.Pins.Count, 0, 9);
        Assert.Equal(Enumerable.Range(1, plot.Pins.Count), plot.Pins.Select(pin => pin.Number));
        Assert.All(plot.Pins.GroupBy(pin => pin.Row), row => Assert.All(row.Zip(row.Skip(1)), pair => Assert.True(pair.Second.X - pair.First.X >= 8)));
        Assert.Equal(plot.HasMorePins, plot.Steps.Count > 9);
        return true;
    }));

    [Theory]
    [InlineData("2026-11-20", 3)]
    [InlineData("2026-01-20", 13)]
    [InlineData("2018-02-14", 10)]
    [InlineData("1950-02-14", 10)]
    [InlineData("0001-01-01", 10)]
    public void Time_has_as_many_marks_as_have_room(string first, int most)
    {
        var plot = StepPlot.Of(Series([(Today.DayNumber - DateOnly.ParseExact(first, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber, 1, 0, 0, 0)]), Today);
        var ticks = plot.Ticks().ToList();
        Assert.InRange(ticks.Count, 1, most);
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.Second.X > pair.First.X));
        var major = ticks.Where(tick => !tick.IsMinor).ToList();
        Assert.All(major.Zip(major.Skip(1)), pair => Assert.True(pair.Second.X - pair.First.X >= 15));
    }

    [Fact]
    public void The_lines_of_the_grid_are_round_and_few()
    {
        foreach (var peak in (int[])[0, 1, 7, 10, 99, 100, 101, 470, 17_211, 999_999])
        {
            var plot = StepPlot.Of(Series([(100, peak, 0, 0, 0)]), Today);
            Assert.InRange(plot.Most / plot.Grid, 1, 5);
            Assert.True(plot.Most >= peak * 1000m);
            Assert.Contains(plot.Grid.ToString("0.####", CultureInfo.InvariantCulture).Trim('0').Replace(".", "", StringComparison.Ordinal), new[] { "1", "2", "25", "5" });
        }
    }

    private static TimeSeries Series((int Ago, int Pledged, int Withdrawn, int Committed, int Paid)[] days) => new()
    {
        AsOf = Today,
        Interval = null,
        Cumulative = true,
        GroupBy = null,
        Rows = [],
        Series = [],
        Basis = new SummaryBasis { KnownAt = null, Rate = null, Rules = [] },
        Steps = [.. days.DistinctBy(day => day.Ago).OrderByDescending(day => day.Ago).Select(day =>
        {
            var (pledged, withdrawn) = (day.Pledged * 100_000L, day.Pledged * 100_000L * day.Withdrawn / 100);
            var statement = new DaysStatement { Kind = "pledge", Id = "1", Donor = null, Amount = day.Pledged, Currency = "USD", AmountUsd = day.Pledged, Qualifier = "exact" };
            return new TimeSeriesStep(Today.AddDays(-day.Ago), new Sums { Pledged = pledged, Withdrawn = withdrawn, Committed = day.Committed * 100_000L, Paid = day.Paid * 100_000L, Outstanding = (pledged - withdrawn) / 2 }, [statement], 1);
        })],
    };
}
