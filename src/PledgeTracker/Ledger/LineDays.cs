namespace PledgeTracker.Ledger;

/// <summary>A day on which something of a line counts, with the line's sums at the end of the day before and of that day.</summary>
/// <param name="BeginsLine">It is the line's first.</param>
/// <param name="BeginsHeader">It is the first of all lines of the header, of several the first one's.</param>
internal sealed record LineDay(string DonorId, DateOnly On, Sums Before, Sums After, bool BeginsLine, bool BeginsHeader)
{
    /// <summary>What the day changed.</summary>
    public Sums Change => After - Before;

    /// <summary>It has a row: it changed something, or the line is there from then on.</summary>
    public bool IsKept => BeginsLine || Change != default;
}

/// <summary>The days of a header's lines. Pure.</summary>
internal static class LineDays
{
    public static List<LineDay> Of(List<Entry> entries)
    {
        var days = new List<LineDay>();
        foreach (var donorId in entries.Select(e => e.DonorId).Distinct())
        {
            var begins = true;
            foreach (var (on, before, after) in new Course(donorId, entries).Steps())
            {
                days.Add(new LineDay(donorId, on, before, after, begins, false));
                begins = false;
            }
        }

        if (days.MinBy(day => day.On) is { } first)
        {
            days[days.IndexOf(first)] = first with { BeginsHeader = true };
        }

        return days;
    }
}
