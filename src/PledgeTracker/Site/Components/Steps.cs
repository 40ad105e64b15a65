using System.Globalization;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site.Components;

/// <summary>What stood at the end of a day, in US dollars.</summary>
/// <param name="At">Where that stands in the answer.</param>
internal sealed record StepOn(DateOnly Day, decimal Pledged, decimal Withdrawn, decimal Committed, decimal Paid, decimal Outstanding, string At)
{
    public decimal Net => Pledged - Withdrawn;

    public static StepOn Of(DateOnly day, TimeSeriesRow row, string at) => new(day, row.Pledged, row.Withdrawn, row.Committed, row.Paid, row.Outstanding, at);
}

/// <summary>A day on which something was stated, as the chart marks it.</summary>
/// <param name="Row">Marks that would touch stand in rows.</param>
/// <param name="Index">Its place among the steps of the answer.</param>
internal sealed record Pin(int Number, decimal X, int Row, int Index, TimeSeriesStep Step);

/// <summary>The steps of a time series as they are drawn: where each day and each amount lies. Pure.</summary>
internal sealed class StepPlot
{
    private static readonly int[] YearSteps = [1, 2, 5, 10, 20, 50, 100, 1000];

    // Steps closer to each other than this, in percent of the width, would not be seen apart.
    private const decimal Closest = 0.5m;

    private const int MostPins = 9;
    private const decimal PinWidth = 8;
    private const int MostRows = 40;

    private StepPlot(IReadOnlyList<StepOn> steps, DateOnly today)
    {
        Steps = steps;
        var first = steps.Count == 0 ? today : steps[0].Day;
        // A whole month in front at least, so that the first step is seen to rise.
        From = new DateOnly(first.Year, first.Month, 1) is var month && month.Year > 1 ? month.AddMonths(first.Day < 8 ? -1 : 0) : month;
        To = today > From ? today : From.AddMonths(1);
        var peak = Math.Max(1, steps.Select(s => Math.Max(s.Net, Math.Max(s.Committed, s.Paid))).DefaultIfEmpty(0).Max());
        var size = 1m;
        while (size * 10 <= peak / 4)
        {
            size *= 10;
        }

        Grid = new[] { 1, 2, 2.5m, 5, 10, 20, 25, 50 }.Select(k => k * size).First(step => peak / step <= 4.6m);
        Most = Math.Ceiling(peak / Grid) * Grid;
    }

    /// <summary>All there are.</summary>
    public IReadOnlyList<StepOn> Steps { get; }

    public DateOnly From { get; }

    public DateOnly To { get; }

    /// <summary>What one line of the grid stands for, and the highest of them.</summary>
    public decimal Grid { get; }

    public decimal Most { get; }

    public IReadOnlyList<Pin> Pins { get; private set; } = [];

    /// <summary>Whether more days than those with pins have statements.</summary>
    public bool HasMorePins { get; private set; }

    /// <summary>How many rows of pins there are.</summary>
    public int PinRows => Pins.Count == 0 ? 0 : Pins.Max(pin => pin.Row) + 1;

    public static StepPlot Of(TimeSeries series, DateOnly today)
    {
        List<StepOn> steps = series.Steps.Count > 0 || series.Rows.Count == 0
            ? [.. series.Steps.Select((step, i) => StepOn.Of(DateOnly.ParseExact(step.Period, "yyyy-MM-dd", CultureInfo.InvariantCulture), step, $"/steps/{i}"))]
            : [.. series.Rows.Select((row, i) => StepOn.Of(EndOf(row.Period) is var end && end < today ? end : today, row, $"/rows/{i}"))];
        var plot = new StepPlot(steps, today);
        var stated = series.Steps.Index().Where(step => step.Item.StatementCount > 0).ToList();
        (plot.Pins, plot.HasMorePins) = (plot.PinsOf(stated), stated.Count > MostPins);
        return plot;
    }

    /// <summary>How far from the left a day is, in percent.</summary>
    public decimal X(DateOnly day) => Math.Clamp((day.DayNumber - From.DayNumber) * 100m / (To.DayNumber - From.DayNumber), 0, 100);

    /// <summary>The last step up to a day; null where there is none.</summary>
    public StepOn? AsOf(DateOnly day) => Steps.LastOrDefault(step => step.Day <= day);

    /// <summary>Each level of a figure with where it begins and ends: of steps too close to be seen apart the last.</summary>
    public IEnumerable<(decimal From, decimal To, decimal Before, decimal Level)> Levels(Func<StepOn, decimal> figure)
    {
        var (begin, before, level) = (0m, 0m, 0m);
        foreach (var step in Drawn())
        {
            var now = Math.Max(0, figure(step));
            if (now == level)
            {
                continue;
            }

            if (begin > 0 || level != 0)
            {
                yield return (begin, X(step.Day), before, level);
            }

            (begin, before, level) = (X(step.Day), level, now);
        }

        yield return (begin, 100, before, level);
    }

    /// <summary>The bands of one stage: from what lies under it up to it.</summary>
    public IEnumerable<(decimal From, decimal To, decimal Low, decimal High)> Bands(Func<StepOn, (decimal Low, decimal High)> stage)
    {
        var (begin, band) = (0m, (Low: 0m, High: 0m));
        foreach (var step in Drawn())
        {
            var now = stage(step);
            if (now != band)
            {
                if (band.High > band.Low)
                {
                    yield return (begin, X(step.Day), band.Low, band.High);
                }

                (begin, band) = (X(step.Day), now);
            }
        }

        if (band.High > band.Low)
        {
            yield return (begin, 100, band.Low, band.High);
        }
    }

    /// <summary>What is paid on the promises, what is committed beyond that, and what is promised beyond that.</summary>
    public static (decimal Paid, decimal Committed, decimal Net) Stages(StepOn step)
    {
        var net = Math.Max(0, step.Net);
        var paid = Math.Clamp(step.Net - step.Outstanding, 0, net);
        return (paid, Math.Clamp(step.Committed, paid, net), net);
    }

    /// <summary>The years or months under the axis, those without room on a narrow screen marked.</summary>
    public IEnumerable<(decimal X, DateOnly Day, bool IsYear, bool IsMinor)> Ticks()
    {
        var months = ((To.Year - From.Year) * 12) + To.Month - From.Month;
        var isOfYears = months > 30;
        var last = -100m;
        foreach (var day in isOfYears ? YearTicks() : MonthTicks(months))
        {
            var isMinor = X(day) - last < (isOfYears ? 15 : 24);
            last = isMinor ? last : X(day);
            yield return (X(day), day, isOfYears, isMinor);
        }
    }

    private IEnumerable<DateOnly> YearTicks()
    {
        var every = YearSteps.First(step => (To.Year - From.Year) / step <= 9);
        var years = Enumerable.Range(From.Year + 1, To.Year - From.Year).Where(year => year % every == 0).Select(year => new DateOnly(year, 1, 1)).ToList();
        // The first year has no first of January here; it is named where there is room.
        return years.Count > 0 && X(years[0]) > 6 ? years.Prepend(From) : years;
    }

    private IEnumerable<DateOnly> MonthTicks(int months)
    {
        var apart = Math.Max(1, (months + 11) / 12);
        return Enumerable.Range(0, (months / apart) + 1).Select(i => new DateOnly(From.Year, From.Month, 1).AddMonths(i * apart)).Where(day => day >= From && day <= To);
    }

    /// <summary>The rows of the table: of many steps the last of each month, or of each year.</summary>
    public IReadOnlyList<StepOn> Rows()
    {
        if (Steps.Count <= MostRows)
        {
            return Steps;
        }

        var months = Steps.GroupBy(step => (step.Day.Year, step.Day.Month)).Select(month => month.Last()).ToList();
        return months.Count <= MostRows ? months : [.. Steps.GroupBy(step => step.Day.Year).Select(year => year.Last()).TakeLast(MostRows)];
    }

    private IEnumerable<StepOn> Drawn()
    {
        for (var i = 0; i < Steps.Count; i++)
        {
            if (i + 1 == Steps.Count || decimal.Floor(X(Steps[i].Day) / Closest) != decimal.Floor(X(Steps[i + 1].Day) / Closest))
            {
                yield return Steps[i];
            }
        }
    }

    private List<Pin> PinsOf(List<(int Index, TimeSeriesStep Item)> stated)
    {
        var ends = new List<decimal>();
        return [.. stated.OrderByDescending(step => step.Item.Statements.Sum(s => Math.Abs(s.AmountUsd))).Take(MostPins).OrderBy(step => step.Index).Select((step, i) =>
        {
            var x = X(DateOnly.ParseExact(step.Item.Period, "yyyy-MM-dd", CultureInfo.InvariantCulture));
            var row = ends.FindIndex(end => x - end >= PinWidth);
            if (row < 0)
            {
                row = ends.Count;
                ends.Add(x);
            }

            ends[row] = x;
            return new Pin(i + 1, x, row, step.Index, step.Item);
        })];
    }

    // `2018-Q3`.
    private static DateOnly EndOf(string quarter) => new DateOnly(int.Parse(quarter[..4], CultureInfo.InvariantCulture), (quarter[^1] - '0') * 3, 1).AddMonths(1).AddDays(-1);
}
