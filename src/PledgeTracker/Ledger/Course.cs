namespace PledgeTracker.Ledger;

/// <summary>What one day added to a line, in US cents.</summary>
internal readonly record struct Day(DateOnly On, long Committed, long Paid);

/// <summary>How a donor's line under one header went: it stands from one day on which something counts until the next.</summary>
internal sealed class Course
{
    private readonly string _donorId;
    private readonly List<Entry> _own;
    private List<(DateOnly Day, Line Line)>? _lines;

    /// <param name="entries">The header's.</param>
    public Course(string donorId, List<Entry> entries) => (_donorId, _own) = (donorId, Figures.Live(entries).FindAll(e => e.DonorId == donorId));

    private List<(DateOnly Day, Line Line)> Lines => _lines ??= [.. Told().Select(then => (then.Day, then.Tally.Line()))];

    /// <summary>The line at the end of a day.</summary>
    public Line AsOf(DateOnly day) => Lines.FindLast(then => then.Day <= day).Line ?? new Tally(_donorId, null).Line();

    /// <summary>The line on a day, and on each later one that changes it: what goes must have been there on all of them.</summary>
    public IEnumerable<(DateOnly Day, Line Line)> From(DateOnly day) => Lines.Where(then => then.Day > day).Prepend((day, AsOf(day)));

    /// <summary>The day, from one on, on which least of the promise stands, with the line as it stands then.</summary>
    public (DateOnly Day, Line Line) LeastFrom(DateOnly day) => From(day).MinBy(then => (then.Line.PromisedMinor, then.Line.PromisedUsd));

    /// <summary>The days, from one on, on which the line holds less than nothing of something.</summary>
    public List<Shortage> ShortagesFrom(DateOnly from)
    {
        Shortage? standing = null;
        var shortages = new List<Shortage>();
        foreach (var (day, tally) in Told())
        {
            if (day > from && standing is not null)
            {
                shortages.Add(standing);
            }

            standing = tally.Shortage(day > from ? day : from);
        }

        return standing is null ? shortages : [.. shortages, standing];
    }

    /// <summary>Each day that something of the line counts from, with its sums at the end of the day before and of that day.</summary>
    public IEnumerable<(DateOnly Day, Sums Before, Sums After)> Steps() =>
        Lines.Select((then, i) => (then.Day, i == 0 ? default : Lines[i - 1].Line.Sums, then.Line.Sums));

    /// <summary>
    /// What each day added to the line's committed and paid, so that a window of days is a plain sum. Money taken back comes off the latest
    /// money first, and belongs where that lay; what was never there stays on its own day, below nothing.
    /// </summary>
    public IEnumerable<Day> Days()
    {
        var committed = WhereItLay(Lines.ConvertAll(then => then.Line.Sums.Committed));
        var paid = WhereItLay(Lines.ConvertAll(then => then.Line.Sums.Paid));
        return Lines.Select((then, i) => new Day(then.Day, committed[i], paid[i]));
    }

    // One tally, day after day: look at it before going on.
    private IEnumerable<(DateOnly Day, Tally Tally)> Told()
    {
        var tally = new Tally(_donorId, _own.Find(e => e.Kind == "pledge"));
        foreach (var day in _own.GroupBy(e => e.CountsFrom).OrderBy(day => day.Key))
        {
            foreach (var entry in day)
            {
                tally.Add(entry);
            }

            yield return (day.Key, tally);
        }
    }

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
}
