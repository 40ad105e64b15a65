namespace PledgeTracker.Ledger;

/// <summary>What one day added to a line, in US cents.</summary>
internal readonly record struct Day(DateOnly On, long Committed, long Paid);

/// <summary>How a donor's line under one header went: it stands from one day on which something counts until the next.</summary>
internal sealed class Course
{
    private readonly List<Then> _days = [];
    private readonly Line _before;

    /// <param name="entries">The header's.</param>
    public Course(string donorId, List<Entry> entries)
    {
        var own = Figures.Live(entries).FindAll(e => e.DonorId == donorId);
        var tally = new Tally(donorId, own.Find(e => e.Kind == "pledge"));
        _before = tally.Line();
        foreach (var day in own.GroupBy(e => e.CountsFrom).OrderBy(day => day.Key))
        {
            foreach (var entry in day)
            {
                tally.Add(entry);
            }

            _days.Add(new Then(day.Key, tally.Line(), tally.Shortage(day.Key)));
        }
    }

    /// <summary>The line at the end of a day.</summary>
    public Line AsOf(DateOnly day) => On(day).Line;

    /// <summary>The line on a day, and on each later one that changes it: what goes must have been there on all of them.</summary>
    public IEnumerable<(DateOnly Day, Line Line)> From(DateOnly day) => AllFrom(day).Select(then => (then.Day, then.Line));

    /// <summary>The day, from one on, on which least of the promise stands, with the line as it stands then.</summary>
    public (DateOnly Day, Line Line) LeastFrom(DateOnly day) => From(day).MinBy(then => (then.Line.PromisedMinor, then.Line.PromisedUsd));

    /// <summary>The first day, from one on, on which the line holds less than nothing of something. Null where there is none.</summary>
    public Shortage? ShortageFrom(DateOnly day) => AllFrom(day).FirstOrDefault(then => then.Shortage is not null).Shortage;

    /// <summary>
    /// What each day added to the line's committed and paid, so that a window of days is a plain sum. Money taken back comes off the latest
    /// money first, and belongs where that lay; what was never there stays on its own day, below nothing.
    /// </summary>
    public IEnumerable<Day> Days()
    {
        var committed = WhereItLay(_days.ConvertAll(then => then.Line.Sums.Committed));
        var paid = WhereItLay(_days.ConvertAll(then => then.Line.Sums.Paid));
        return _days.Select((then, i) => new Day(then.Day, committed[i], paid[i]));
    }

    private IEnumerable<Then> AllFrom(DateOnly day) => _days.Where(then => then.Day > day).Prepend(On(day));

    private Then On(DateOnly day) => _days.FindLast(then => then.Day <= day) is { Line: not null } then
        ? new(day, then.Line, then.Shortage is { } shortage ? shortage with { Day = day } : null)
        : new(day, _before, null);

    /// <param name="levels">A figure at the end of each of some days.</param>
    private static long[] WhereItLay(List<long> levels)
    {
        var added = new long[levels.Count];
        long before = 0;
        for (var i = 0; i < levels.Count; i++)
        {
            var change = levels[i] - before;
            before = levels[i];
            for (var j = i - 1; j >= 0 && change < 0; j--)
            {
                var taken = Math.Min(Math.Max(0, added[j]), -change);
                added[j] -= taken;
                change += taken;
            }

            added[i] = change;
        }

        return added;
    }

    private readonly record struct Then(DateOnly Day, Line Line, Shortage? Shortage);
}
