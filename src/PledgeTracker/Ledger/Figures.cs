namespace PledgeTracker.Ledger;

/// <summary>What the lines of a header come to. Pure: everything that is shown or stored of them comes from here, from <see cref="Tally"/> and from <see cref="Course"/>.</summary>
/// <remarks>An entry that was reversed counts as if it had never been made, and so does its reversal.</remarks>
internal static class Figures
{
    /// <summary>The lines of a header, one per donor, in the order in which the donors first appear.</summary>
    public static List<Line> Lines(List<Entry> entries)
    {
        var live = Live(entries);
        var tallies = new OrderedDictionary<string, Tally>();
        foreach (var entry in entries)
        {
            if (!tallies.ContainsKey(entry.DonorId))
            {
                tallies.Add(entry.DonorId, new Tally(entry.DonorId, live.Find(e => e.DonorId == entry.DonorId && e.Kind == "pledge")));
            }
        }

        foreach (var entry in live)
        {
            tallies[entry.DonorId].Add(entry);
        }

        return [.. tallies.Values.Select(tally => tally.Line())];
    }

    /// <summary>A donor's line; null when it has none.</summary>
    public static Line? Of(this List<Line> lines, string donorId)
    {
        foreach (var line in lines)
        {
            if (line.DonorId == donorId)
            {
                return line;
            }
        }

        return null;
    }

    /// <summary>The sum of a header's lines.</summary>
    public static Sums Sum(this List<Line> lines)
    {
        var sum = default(Sums);
        foreach (var line in lines)
        {
            sum += line.Sums;
        }

        return sum;
    }

    /// <summary>Entries without those that were reversed and without the reversals: the same list where there are none.</summary>
    public static List<Entry> Live(List<Entry> entries)
    {
        if (entries.TrueForAll(e => e.ReversesNo is null))
        {
            return entries;
        }

        var reversed = entries.Where(e => e.ReversesNo is not null).Select(e => e.ReversesNo!.Value).ToHashSet();
        return entries.FindAll(e => e.ReversesNo is null && !reversed.Contains(e.No));
    }

    /// <summary>
    /// A header shows the status of its least advanced line. Lines that came to nothing do not speak; where some lines were paid and the
    /// others taken back, the whole is partially withdrawn.
    /// </summary>
    public static string HeaderStatus(List<Line> lines)
    {
        var least = Vocabulary.Statuses.Length - 1;
        foreach (var line in lines)
        {
            least = Math.Min(least, Array.IndexOf(Vocabulary.Statuses, line.Status));
        }

        var status = Vocabulary.Statuses[least];
        return status == "paid" && lines.Exists(l => l.Status is "withdrawn" or "partially_withdrawn") ? "partially_withdrawn" : status;
    }

    /// <summary>How exact the promised amount is: as its parts are where they agree, and otherwise `approximate`.</summary>
    public static string? Qualifier(List<Entry> entries)
    {
        string? qualifier = null;
        foreach (var entry in Live(entries))
        {
            if (entry.Kind is "pledge" or "revision")
            {
                qualifier = (qualifier ?? entry.Qualifier) == entry.Qualifier ? entry.Qualifier : "approximate";
            }
        }

        return qualifier;
    }

    /// <summary>
    /// A promise by the day on which it falls due, the last first, in its currency. What no date speaks of comes before all others: it is the last to be paid. The days come to more than the
    /// promise where a part of that was withdrawn.
    /// </summary>
    public static List<(DateOnly? On, long Minor)> FallsDue(long promised, IReadOnlyCollection<StoredInstalment> instalments, DateOnly? dueOn)
    {
        var days = new SortedDictionary<DateOnly, long>();
        foreach (var instalment in instalments)
        {
            days[instalment.DueOn] = checked(days.GetValueOrDefault(instalment.DueOn) + instalment.AmountMinor);
        }

        var rest = Math.Max(0, promised - days.Values.Sum());
        if (dueOn is { } due)
        {
            days[due] = days.GetValueOrDefault(due) + rest;
            rest = 0;
        }

        return [(null, rest), .. days.Reverse().Select(day => ((DateOnly?)day.Key, day.Value))];
    }

    /// <summary>The days on which something falls due that is outstanding, the last first.</summary>
    /// <param name="promised">As for <see cref="FallsDue"/>.</param>
    public static List<(DateOnly On, long Due, long Outstanding)> OutstandingOn(long promised, long outstanding, IReadOnlyCollection<StoredInstalment> instalments, DateOnly? dueOn)
    {
        List<(DateOnly On, long Due, long Outstanding)> days = [];
        foreach (var (on, due) in FallsDue(promised, instalments, dueOn))
        {
            // What is left lies in what falls due last.
            var left = Math.Min(outstanding, due);
            outstanding -= left;
            if (on is { } day && left > 0)
            {
                days.Add((day, due, left));
            }
        }

        return days;
    }

    /// <summary>The due date of a header that is missed once it has passed.</summary>
    /// <param name="instalments">As stored.</param>
    public static DateOnly? OverdueFrom(List<Line> lines, string instalments, DateOnly? dueOn) => OverdueFrom(lines.Sum(l => l.OutstandingMinor), lines.Sum(l => l.PromisedMinor),
        [.. StoredInstalment.Of(instalments).Select(i => (i.DueOn, i.AmountMinor))], dueOn);

    /// <summary>
    /// The due date that is missed once it has passed, as the money stands now: the first after which more is outstanding than the later
    /// instalments will bring. Null when nothing is outstanding or no date was given.
    /// </summary>
    /// <param name="outstanding">In the unit of the instalments.</param>
    /// <param name="promised">pledged − withdrawn, in the unit of the instalments.</param>
    public static DateOnly? OverdueFrom(long outstanding, long promised, IReadOnlyCollection<(DateOnly On, long Amount)> instalments, DateOnly? dueOn)
    {
        if (outstanding <= 0)
        {
            return null;
        }

        var dates = instalments.ToList();
        var rest = promised - dates.Sum(i => i.Amount);
        if (dueOn is { } day)
        {
            dates.Add((day, Math.Max(0, rest)));
            rest = 0;
        }

        var later = dates.Sum(i => i.Amount) + Math.Max(0, rest);
        dates.Sort((a, b) => a.On.CompareTo(b.On));
        foreach (var (on, amount) in dates)
        {
            later -= amount;
            if (outstanding > later)
            {
                return on;
            }
        }

        return null;
    }
}
