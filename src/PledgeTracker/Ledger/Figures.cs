namespace PledgeTracker.Ledger;

/// <summary>An entry of the ledger, as far as figures go.</summary>
internal sealed record Entry
{
    public required long No { get; init; }

    /// <summary>The donor, or the organization it was merged into.</summary>
    public required string DonorId { get; init; }

    public required string Kind { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required long UsdMinor { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly ValueDate { get; init; }

    /// <summary>The day it counts from: its date, or the day it was recorded on where that was earlier.</summary>
    public required DateOnly CountsFrom { get; init; }

    /// <summary>What it settles in the pledge's currency, where it is in another.</summary>
    public long? SettlesMinor { get; init; }

    /// <summary>Why a promise was withdrawn.</summary>
    public string? Reason { get; init; }

    /// <summary>What an adjustment corrects.</summary>
    public string? Adjusts { get; init; }

    /// <summary>How exact the dollars are, where that differs from the amount.</summary>
    public string? UsdQualifier { get; init; }

    public long? ReversesNo { get; init; }
}

/// <summary>What a line, one donor's part of one header, comes to.</summary>
/// <param name="HasPledge">The donor promised something that was not entered by mistake.</param>
/// <param name="PledgedOn">The day that the promise counts from.</param>
/// <param name="AmountMinor">pledge + revisions, in the header's currency.</param>
/// <param name="PromisedMinor">AmountMinor less what was withdrawn.</param>
/// <param name="OutstandingMinor">What is left of it, in the header's currency.</param>
internal sealed record Line(
    string DonorId, bool HasPledge, DateOnly? PledgedOn, long AmountMinor, long PromisedMinor, long OutstandingMinor, Sums Sums, string Status)
{
    /// <summary>The promise that still stands, in US cents.</summary>
    public long PromisedUsd => Sums.Pledged - Sums.Withdrawn;
}

/// <summary>What one day added to a line, in US cents.</summary>
internal readonly record struct Day(DateOnly On, long Committed, long Paid);

/// <summary>
/// The rules that turn entries into figures. Pure: everything that is shown or stored of a line comes from here.
/// </summary>
/// <remarks>
/// Withdrawals are entered as positive amounts; released agreements and refunds as negative commitments and payments. An entry that
/// was reversed counts as if it had never been made, and so does its reversal. A line with a pledge is counted in the pledge's currency: a pledge
/// paid in full in euros is paid, whatever the dollar did.
/// </remarks>
internal static class Figures
{
    /// <summary>The lines of a header, one per donor, in the order in which the donors first appear.</summary>
    public static List<Line> Lines(List<Entry> entries)
    {
        var live = Live(entries);
        var lines = new List<Line>();
        foreach (var entry in entries)
        {
            if (lines.Of(entry.DonorId) is null)
            {
                lines.Add(LineOf(entry.DonorId, live));
            }
        }

        return lines;
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

    /// <summary>A donor's line as it stood at the end of a day.</summary>
    public static Line AsOf(DateOnly day, string donorId, List<Entry> entries) => LineOf(donorId, Live(entries).FindAll(e => e.CountsFrom <= day));

    // The figures of one donor's entries under one header.
    private static Line LineOf(string donorId, List<Entry> live)
    {
        var own = live.FindAll(e => e.DonorId == donorId);
        var pledge = own.Find(e => e.Kind == "pledge");
        var sums = default(Sums);
        long amountMinor = 0, withdrawnMinor = 0, committedMinor = 0, paidMinor = 0, commitments = 0, payments = 0;
        foreach (var entry in own)
        {
            sums = Counted(sums, entry.UsdQualifier ?? entry.Qualifier);
            switch (entry.Kind)
            {
                case "pledge" or "revision":
                    amountMinor = checked(amountMinor + entry.AmountMinor);
                    sums = sums with { Pledged = checked(sums.Pledged + entry.UsdMinor), RevisedDown = checked(sums.RevisedDown + (entry.Kind == "revision" ? Math.Max(0, -entry.UsdMinor) : 0)) };
                    break;
                case "withdrawal":
                    withdrawnMinor = checked(withdrawnMinor + entry.AmountMinor);
                    sums = Withdraw(sums, entry.Reason, entry.UsdMinor);
                    break;
                case "commitment":
                    commitments = checked(commitments + entry.UsdMinor);
                    committedMinor = checked(committedMinor + SettledBy(entry, pledge));
                    break;
                case "payment":
                    payments = checked(payments + entry.UsdMinor);
                    paidMinor = checked(paidMinor + SettledBy(entry, pledge));
                    break;
                default:
                    sums = entry.Adjusts switch
                    {
                        "pledge" => sums with { AdjustedPledged = checked(sums.AdjustedPledged + entry.UsdMinor) },
                        "commitment" => sums with { AdjustedCommitted = checked(sums.AdjustedCommitted + entry.UsdMinor) },
                        _ => sums with { AdjustedPaid = checked(sums.AdjustedPaid + entry.UsdMinor) },
                    };
                    break;
            }
        }

        // Money that arrived was committed, whether or not anybody said so.
        var agreed = own.Exists(e => e.Kind == "commitment");
        var committed = agreed ? Math.Max(commitments, payments) : payments;
        sums = sums with { Committed = checked(committed + sums.AdjustedCommitted + sums.AdjustedPaid), Paid = checked(payments + sums.AdjustedPaid) };
        if (pledge is null)
        {
            sums = sums with { Pledged = 0, RevisedDown = 0, Withdrawn = 0, WithdrawnByDonor = 0, Lapsed = 0, WrittenOff = 0, DirectCommitted = sums.Committed, DirectPaid = sums.Paid };
            return new Line(donorId, false, null, 0, 0, 0, sums, DirectStatus(own, committed, payments));
        }

        // N, P and C of the design: what is promised, and what of it is paid and committed.
        var promised = amountMinor - withdrawnMinor;
        if (promised == 0)
        {
            // Cents that a reversal left on a promise of nothing.
            var left = sums.Pledged - sums.Withdrawn;
            sums = withdrawnMinor != 0 ? sums with { Withdrawn = sums.Withdrawn + left } : sums with { Pledged = sums.Pledged - left, RevisedDown = sums.RevisedDown + left };
        }

        var usd = sums.Pledged - sums.Withdrawn;
        var paid = Within(0, paidMinor, promised);
        committedMinor = Within(paid, agreed ? Math.Max(committedMinor, paidMinor) : paidMinor, promised);
        sums = sums with
        {
            Outstanding = promised == 0 ? 0 : Money.ScaleEven(usd, promised - paid, promised),
            PromisedOnly = promised == 0 ? 0 : Money.ScaleEven(usd, promised - committedMinor, promised),
            Excess = paidMinor > promised ? Money.ScaleEven(payments, paidMinor - promised, paidMinor) : 0,
        };
        var status = PledgeStatus(promised, paid, committedMinor, withdrawnMinor > 0, paidMinor > 0);
        return new Line(donorId, true, pledge.CountsFrom, amountMinor, promised, promised - paid, sums, status);
    }

    /// <summary>
    /// What an entry counts for in the pledge's currency. Entries in another currency were told what they settle when they were recorded; those of before
    /// that was asked count at the pledge's own rate.
    /// </summary>
    private static long SettledBy(Entry entry, Entry? pledge) =>
        pledge is null || entry.Currency == pledge.Currency ? entry.AmountMinor
        : entry.SettlesMinor ?? (pledge.UsdMinor == 0 ? 0 : Money.ScaleEven(entry.UsdMinor, pledge.AmountMinor, pledge.UsdMinor));

    private static long Within(long least, long value, long most) => Math.Min(Math.Max(value, least), Math.Max(most, least));

    private static Sums Counted(Sums sums, string qualifier) => qualifier switch
    {
        "approximate" => sums with { Approximate = sums.Approximate + 1 },
        "at_least" => sums with { AtLeast = sums.AtLeast + 1 },
        "at_most" => sums with { AtMost = sums.AtMost + 1 },
        _ => sums,
    };

    private static Sums Withdraw(Sums sums, string? reason, long usd)
    {
        sums = sums with { Withdrawn = checked(sums.Withdrawn + usd) };
        return reason switch
        {
            "withdrawn_by_donor" => sums with { WithdrawnByDonor = checked(sums.WithdrawnByDonor + usd) },
            "lapsed" => sums with { Lapsed = checked(sums.Lapsed + usd) },
            "written_off" => sums with { WrittenOff = checked(sums.WrittenOff + usd) },
            _ => sums,
        };
    }

    /// <summary>
    /// What each day added to the committed and paid of a donor's line, so that a window of days is a plain sum. Money taken back comes off the latest
    /// money first, and belongs where that lay; what was never there stays on its own day, below nothing.
    /// </summary>
    public static IEnumerable<Day> Days(string donorId, List<Entry> entries)
    {
        var days = Live(entries).Where(e => e.DonorId == donorId && e.Kind is "commitment" or "payment" or "adjustment").Select(e => e.CountsFrom).Distinct().Order().ToList();
        var then = days.ConvertAll(day => AsOf(day, donorId, entries).Sums);
        var committed = WhereItLay(then.ConvertAll(sums => sums.Committed));
        var paid = WhereItLay(then.ConvertAll(sums => sums.Paid));
        return days.Select((day, i) => new Day(day, committed[i], paid[i]));
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

    /// <summary>
    /// The first day, from one on, on which a line would hold less than nothing: of what is promised, committed or paid. Adjustments are left out:
    /// they may. Null where there is none.
    /// </summary>
    public static Shortage? ShortageFrom(DateOnly from, string donorId, List<Entry> entries)
    {
        var own = Live(entries).FindAll(e => e.DonorId == donorId && e.Kind != "adjustment");
        foreach (var day in own.Select(e => e.CountsFrom).Where(day => day > from).Append(from).Distinct().Order())
        {
            var then = own.FindAll(e => e.CountsFrom <= day);
            var pledge = own.Find(e => e.Kind == "pledge");
            var promise = then.FindAll(e => e.Kind is "pledge" or "revision" or "withdrawal");
            if (Sum(promise, e => e.Kind == "withdrawal" ? -e.AmountMinor : e.AmountMinor) is < 0 and var minor)
            {
                return new Shortage(day, "promised", minor, promise[0].Currency);
            }

            if (Sum(promise, e => e.Kind == "withdrawal" ? -e.UsdMinor : e.UsdMinor) is < 0 and var cents)
            {
                return new Shortage(day, "promised", cents, "USD");
            }

            foreach (var (kind, word) in (ReadOnlySpan<(string, string)>)[("commitment", "committed"), ("payment", "paid")])
            {
                var moves = then.FindAll(e => e.Kind == kind);
                if (pledge is not null && Sum(moves, e => SettledBy(e, pledge)) is < 0 and var settled)
                {
                    return new Shortage(day, word, settled, pledge.Currency);
                }

                foreach (var currency in moves.GroupBy(e => e.Currency))
                {
                    if (pledge is null && Sum(currency, e => e.AmountMinor) is < 0 and var moved)
                    {
                        return new Shortage(day, word, moved, currency.Key);
                    }
                }

                if (Sum(moves, e => e.UsdMinor) is < 0 and var dollars)
                {
                    return new Shortage(day, word, dollars, "USD");
                }
            }
        }

        return null;

        static long Sum(IEnumerable<Entry> some, Func<Entry, long> of) => some.Aggregate(0L, (sum, e) => checked(sum + of(e)));
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

    /// <param name="promised">What is promised, in the pledge's currency.</param>
    /// <param name="paid">The part of it that is paid.</param>
    /// <param name="committed">The part of it that is committed or paid.</param>
    /// <param name="everPaid">Anything was paid: also where nothing is promised any more.</param>
    private static string PledgeStatus(long promised, long paid, long committed, bool withdrawn, bool everPaid) =>
        paid < promised
            ? paid > 0 ? "partially_paid" : committed == promised ? "committed" : committed > 0 ? "partially_committed" : "announced"
            : promised == 0 && !everPaid ? "withdrawn" : withdrawn ? "partially_withdrawn" : "paid";

    private static string DirectStatus(List<Entry> live, long committed, long paid) =>
        live.Count == 0 ? "void"
        : live.TrueForAll(e => e.Kind == "adjustment") ? "adjusted"
        : Moved(live, "payment") ? paid >= committed ? "paid" : "partially_paid"
        : Moved(live, "commitment") ? "committed" : "taken_back";

    // In its own currency: what comes to no cent in US dollars moved all the same.
    private static bool Moved(List<Entry> live, string kind) => live.Where(e => e.Kind == kind).GroupBy(e => e.Currency).Any(moves => moves.Sum(e => e.AmountMinor) > 0);
}

/// <summary>A day on which a line would hold less than nothing.</summary>
/// <param name="What">`promised`, `committed` or `paid`.</param>
/// <param name="Minor">By how much, below 0, in minor units of the currency.</param>
internal sealed record Shortage(DateOnly Day, string What, long Minor, string Currency);
