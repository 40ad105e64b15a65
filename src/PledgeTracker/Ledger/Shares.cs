namespace PledgeTracker.Ledger;

/// <summary>
/// How money for several countries is split where its source gives percentages: by largest remainder, ties by code, so that the parts add up to the whole to the
/// last unit. Pure.
/// </summary>
internal static class Shares
{
    /// <summary>100 %: shares are whole numbers of ten-thousandths of a percent.</summary>
    public const int Whole = 1_000_000;

    /// <summary>How many decimals a percentage may have.</summary>
    public const int Decimals = 4;

    /// <summary>The shares of a header as it keeps them, each with its country; none where its source gives none.</summary>
    public static (string Country, int Share)[] Of(string[] countries, int[] shares) => shares.Length == 0 ? [] : [.. countries.Zip(shares)];

    /// <summary>The parts of an amount of whole units, in the order of the shares. Below zero it is split as above: what is taken back comes from where it went.</summary>
    public static long[] Split(long amount, IReadOnlyList<(string Country, int Share)> shares)
    {
        var (parts, rests) = (new long[shares.Count], new Int128[shares.Count]);
        var left = Int128.Abs(amount);
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, rest) = Int128.DivRem(Int128.Abs(amount) * shares[i].Share, Whole);
            (parts[i], rests[i]) = ((long)(amount < 0 ? -part : part), rest);
            left -= part;
        }

        // Less than one unit for each is left.
        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => rests[i]).ThenBy(i => shares[i].Country, StringComparer.Ordinal).Take((int)left))
        {
            parts[i] += amount < 0 ? -1 : 1;
        }

        return parts;
    }

    /// <summary>
    /// The parts of a line. Withdrawn, the stages, the excess and, of the dollars that moved, what was paid and what was committed beyond that are split each by itself; every other
    /// figure of these is the sum of such parts, so that a country's stages add up to what is pledged for it. What is known besides (the reasons of withdrawals, what is direct, adjusted
    /// or not disbursed) is split each by itself. How many entries are not exact is true of each part, and stands in all of them.
    /// </summary>
    public static Sums[] Split(Sums line, IReadOnlyList<(string Country, int Share)> shares)
    {
        var withdrawn = Split(line.Withdrawn, shares);
        var paidOfPledged = Split(checked(line.Pledged - line.Withdrawn - line.Outstanding), shares);
        var committedUnpaid = Split(checked(line.Outstanding - line.PromisedOnly), shares);
        var promisedOnly = Split(line.PromisedOnly, shares);
        var excess = Split(line.Excess, shares);
        var paid = Split(line.Paid, shares);
        var committedBeyond = Split(checked(line.Committed - line.Paid), shares);
        var revisedDown = Split(line.RevisedDown, shares);
        var undisbursed = Split(line.Undisbursed, shares);
        var (byDonor, lapsed, writtenOff) = (Split(line.WithdrawnByDonor, shares), Split(line.Lapsed, shares), Split(line.WrittenOff, shares));
        var (directCommitted, directPaid) = (Split(line.DirectCommitted, shares), Split(line.DirectPaid, shares));
        var (adjustedPledged, adjustedCommitted, adjustedPaid) = (Split(line.AdjustedPledged, shares), Split(line.AdjustedCommitted, shares), Split(line.AdjustedPaid, shares));
        return [.. shares.Select((_, i) => new Sums
        {
            Pledged = checked(promisedOnly[i] + committedUnpaid[i] + paidOfPledged[i] + withdrawn[i]),
            RevisedDown = revisedDown[i],
            Withdrawn = withdrawn[i],
            Committed = checked(paid[i] + committedBeyond[i]),
            Paid = paid[i],
            Outstanding = checked(promisedOnly[i] + committedUnpaid[i]),
            PromisedOnly = promisedOnly[i],
            Excess = excess[i],
            Undisbursed = undisbursed[i],
            Approximate = line.Approximate,
            AtLeast = line.AtLeast,
            AtMost = line.AtMost,
            WithdrawnByDonor = byDonor[i],
            Lapsed = lapsed[i],
            WrittenOff = writtenOff[i],
            DirectCommitted = directCommitted[i],
            DirectPaid = directPaid[i],
            AdjustedPledged = adjustedPledged[i],
            AdjustedCommitted = adjustedCommitted[i],
            AdjustedPaid = adjustedPaid[i],
        })];
    }
}
