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

    public long? ReversesNo { get; init; }
}

/// <summary>The sums of a line, or of any group of lines, in US cents. Stages are never added to each other.</summary>
internal readonly record struct Sums(long Pledged, long Withdrawn, long Committed, long Paid, long PaidOnPledged, long Outstanding)
{
    public static Sums operator +(Sums a, Sums b) => checked(new(a.Pledged + b.Pledged, a.Withdrawn + b.Withdrawn, a.Committed + b.Committed,
        a.Paid + b.Paid, a.PaidOnPledged + b.PaidOnPledged, a.Outstanding + b.Outstanding));

    public static Sums operator -(Sums a, Sums b) => checked(new(a.Pledged - b.Pledged, a.Withdrawn - b.Withdrawn, a.Committed - b.Committed,
        a.Paid - b.Paid, a.PaidOnPledged - b.PaidOnPledged, a.Outstanding - b.Outstanding));
}

/// <summary>What a line, one donor's part of one header, comes to.</summary>
/// <param name="HasPledge">The donor promised something that was not entered by mistake.</param>
/// <param name="PledgedOn">The day of the promise.</param>
/// <param name="AmountMinor">pledge + revisions, in the header's currency.</param>
/// <param name="PromisedMinor">AmountMinor less what was withdrawn.</param>
/// <param name="OutstandingMinor">What is left of it, in the header's currency.</param>
internal sealed record Line(
    string DonorId, bool HasPledge, DateOnly? PledgedOn, long AmountMinor, long PromisedMinor, long OutstandingMinor, Sums Sums, string Status);

/// <summary>What one day added to a line, in US cents.</summary>
internal readonly record struct Day(DateOnly On, long Committed, long Paid);

/// <summary>
/// The rules that turn entries into figures. Pure: everything that is shown or stored of a line comes from here.
/// </summary>
/// <remarks>
/// Withdrawals are entered as positive amounts; released agreements and refunds as negative commitments and payments. An entry that
/// was reversed counts as if it had never been made, and so does its reversal.
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

    // The figures of one donor's entries under one header.
    private static Line LineOf(string donorId, List<Entry> live)
    {
        long pledged = 0, withdrawn = 0, commitments = 0, paid = 0;
        long pledgedMinor = 0, withdrawnMinor = 0, commitmentsMinor = 0, paidMinor = 0;
        var anyCommitment = false;
        var oneCurrency = true;
        Entry? pledge = null;
        string? currency = null;
        foreach (var entry in live)
        {
            if (entry.DonorId != donorId)
            {
                continue;
            }

            oneCurrency &= (currency ??= entry.Currency) == entry.Currency;
            switch (entry.Kind)
            {
                case "pledge" or "revision":
                    pledge = entry.Kind == "pledge" ? pledge ?? entry : pledge;
                    pledged = checked(pledged + entry.UsdMinor);
                    pledgedMinor = checked(pledgedMinor + entry.AmountMinor);
                    break;
                case "withdrawal":
                    withdrawn = checked(withdrawn + entry.UsdMinor);
                    withdrawnMinor = checked(withdrawnMinor + entry.AmountMinor);
                    break;
                case "commitment":
                    anyCommitment = true;
                    commitments = checked(commitments + entry.UsdMinor);
                    commitmentsMinor = checked(commitmentsMinor + entry.AmountMinor);
                    break;
                default:
                    paid = checked(paid + entry.UsdMinor);
                    paidMinor = checked(paidMinor + entry.AmountMinor);
                    break;
            }
        }

        var committed = Committed(anyCommitment, commitments, paid);
        var promised = pledgedMinor - withdrawnMinor;
        long outstanding = 0, outstandingMinor = 0;
        var native = oneCurrency && pledge is { AmountMinor: not 0, UsdMinor: not 0 };
        if (native)
        {
            // In the pledge's own currency where everything is in it: a pledge paid in full in euros is paid, whatever the dollar did.
            outstandingMinor = Math.Max(0, promised - paidMinor);
            outstanding = Money.Scale(outstandingMinor, pledge!.UsdMinor, pledge.AmountMinor);
        }
        else if (pledge is not null)
        {
            outstanding = Math.Max(0, pledged - withdrawn - paid);
            outstandingMinor = pledge.UsdMinor == 0 ? 0 : Money.Scale(outstanding, pledge.AmountMinor, pledge.UsdMinor);
        }

        var nothingLeft = native ? outstandingMinor == 0 : outstanding == 0;
        var fullyCommitted = native ? Committed(anyCommitment, commitmentsMinor, paidMinor) >= promised : committed >= pledged - withdrawn;
        var status = pledge is null
            ? DirectStatus(committed, paid)
            : native
                ? PledgeStatus(withdrawnMinor, Committed(anyCommitment, commitmentsMinor, paidMinor), paidMinor, nothingLeft, fullyCommitted)
                : PledgeStatus(withdrawn, committed, paid, nothingLeft, fullyCommitted);
        var sums = new Sums(pledged, withdrawn, committed, paid, pledge is null ? 0 : paid, outstanding);
        return pledge is null
            ? new Line(donorId, false, null, 0, 0, 0, sums, status)
            : new Line(donorId, true, pledge.ValueDate, pledgedMinor, promised, outstandingMinor, sums, status);
    }

    /// <summary>What each day added to the committed and paid of a donor's line, so that a window of days is a plain sum.</summary>
    public static IEnumerable<Day> Days(string donorId, List<Entry> entries)
    {
        long commitments = 0, paid = 0, committedSoFar = 0, paidSoFar = 0;
        var anyCommitment = false;
        var moves = Live(entries).FindAll(e => e.DonorId == donorId && e.Kind is "commitment" or "payment");
        moves.Sort((a, b) => a.ValueDate.CompareTo(b.ValueDate));
        for (var i = 0; i < moves.Count; i++)
        {
            if (moves[i].Kind == "commitment")
            {
                anyCommitment = true;
                commitments = checked(commitments + moves[i].UsdMinor);
            }
            else
            {
                paid = checked(paid + moves[i].UsdMinor);
            }

            var day = moves[i].ValueDate;
            if (i + 1 == moves.Count || moves[i + 1].ValueDate != day)
            {
                var committed = Committed(anyCommitment, commitments, paid);
                yield return new Day(day, committed - committedSoFar, paid - paidSoFar);
                (committedSoFar, paidSoFar) = (committed, paid);
            }
        }
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

    // Money that arrived was committed, whether or not anybody said so.
    private static long Committed(bool anyCommitment, long commitments, long paid) => anyCommitment ? Math.Max(commitments, paid) : paid;

    private static string PledgeStatus(long withdrawn, long committed, long paid, bool nothingLeft, bool fullyCommitted) => nothingLeft switch
    {
        true when paid <= 0 => withdrawn > 0 ? "withdrawn" : "void",
        true => withdrawn > 0 ? "partially_withdrawn" : "paid",
        false when paid > 0 => "partially_paid",
        false when committed > 0 => fullyCommitted ? "committed" : "partially_committed",
        false => "announced",
    };

    private static string DirectStatus(long committed, long paid) =>
        paid > 0 ? paid >= committed ? "paid" : "partially_paid" : committed > 0 ? "committed" : "void";
}
