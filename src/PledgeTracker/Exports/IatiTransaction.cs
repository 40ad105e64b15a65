namespace PledgeTracker.Exports;

/// <summary>What an entry of the ledger is in IATI. Pure.</summary>
/// <param name="Type">IATI's TransactionType: <see cref="Pledge"/>, <see cref="Commitment"/> or <see cref="Payment"/>.</param>
/// <param name="UsdMinor">Below nothing where it takes something back.</param>
/// <param name="AmountMinor">The same in the entry's own currency; null where it is no more than a part of the entry.</param>
/// <param name="IsUnsaid">A commitment that nobody stated: the money arrived.</param>
internal sealed record IatiTransaction(Entry Entry, string Type, long UsdMinor, long? AmountMinor, bool IsUnsaid = false)
{
    public const string Pledge = "13";
    public const string Commitment = "11";
    public const string Payment = "1";

    /// <summary>The day from which it counts: one that is given may lie ahead, as the end of this year does, and IATI has none in the future.</summary>
    public DateOnly On => Entry.CountsFrom;

    /// <summary>
    /// Those of a header. By type they add up to what its lines come to: pledged less withdrawn, committed, paid. What was reversed is left out with its reversal, and so is an
    /// adjustment of a pledge, which counts in no figure.
    /// </summary>
    /// <param name="entries">The header's.</param>
    public static List<IatiTransaction> Of(List<Entry> entries)
    {
        var live = Figures.Live(entries);
        return [.. Figures.Lines(entries).SelectMany(line => OfLine(line, [.. live.Where(e => e.DonorId == line.DonorId).OrderBy(e => e.CountsFrom).ThenBy(e => e.No)]))];
    }

    private static List<IatiTransaction> OfLine(Line line, List<Entry> entries)
    {
        List<IatiTransaction> all = [];
        void Add(Entry entry, string type, int sign = 1) => all.Add(new(entry, type, sign * entry.UsdMinor, sign * entry.AmountMinor));
        var commitments = entries.Where(e => e.Kind == "commitment").ToList();
        long stated = commitments.Sum(e => e.UsdMinor), paid = 0, unsaid = 0;
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case "pledge" or "revision" or "withdrawal":
                    if (line.HasPledge)
                    {
                        Add(entry, Pledge, entry.Kind == "withdrawal" ? -1 : 1);
                    }

                    break;
                case "commitment":
                    Add(entry, Commitment);
                    break;
                case "payment":
                    Add(entry, Payment);
                    paid += entry.UsdMinor;
                    // Money that arrived was committed: what it is more than all that was said to be.
                    var more = commitments.Count == 0 ? paid : Math.Max(0, paid - stated);
                    if (more != unsaid)
                    {
                        all.Add(new(entry, Commitment, more - unsaid, more - unsaid == entry.UsdMinor ? entry.AmountMinor : null, IsUnsaid: true));
                        unsaid = more;
                    }

                    break;
                case "adjustment" when entry.Adjusts is "commitment" or "payment":
                    Add(entry, Commitment);
                    if (entry.Adjusts == "payment")
                    {
                        Add(entry, Payment);
                    }

                    break;
            }
        }

        // Cents that a reversal left on a promise of nothing.
        if (line.PromisedUsd - all.Where(t => t.Type == Pledge).Sum(t => t.UsdMinor) is not 0 and var left)
        {
            var last = all.FindLastIndex(t => t.Type == Pledge);
            all[last] = all[last] with { UsdMinor = all[last].UsdMinor + left };
        }

        return all;
    }
}
