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

    /// <summary>The parts of a line.</summary>
    public static Sums[] Split(Sums line, IReadOnlyList<(string Country, int Share)> shares)
    {
        var split = new Dictionary<long, long[]>();
        long[] PartsOf(long amount) => split.TryGetValue(amount, out var parts) ? parts : split[amount] = Split(amount, shares);
        Sums[] sums = [.. shares.Select((_, i) => line.Parted(amount => PartsOf(amount)[i]))];
        // Reasons are parted one after the other, what has none being the rest.
        var all = Within(PartsOf(line.WithdrawnByDonor + line.Lapsed + line.WrittenOff), [.. sums.Select(sum => sum.Withdrawn)]);
        var second = Within(PartsOf(line.WithdrawnByDonor + line.Lapsed), all);
        var first = Within(PartsOf(line.WithdrawnByDonor), second);
        return [.. sums.Select((sum, i) => sum with { WithdrawnByDonor = first[i], Lapsed = second[i] - first[i], WrittenOff = all[i] - second[i] })];
    }

    // A smaller amount may have the larger part: largest remainders do not grow in step. What is too much for one goes to the first that have room.
    private static long[] Within(long[] parts, long[] most)
    {
        long[] within = [.. parts.Zip(most, Math.Min)];
        var left = parts.Sum() - within.Sum();
        for (var i = 0; i < within.Length && left > 0; i++)
        {
            var more = Math.Min(left, most[i] - within[i]);
            within[i] += more;
            left -= more;
        }

        return within;
    }
}
