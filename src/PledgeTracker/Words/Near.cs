namespace PledgeTracker.Words;

/// <summary>What somebody may have meant who wrote a name wrongly.</summary>
internal static class Near
{
    /// <summary>How many letters may be wrong in a name of this length: a third of them. More would be a guess.</summary>
    public static int Reach(int length) => length / 3;

    /// <summary>The known name that is nearest; null where none is near.</summary>
    /// <param name="most">How many letters may be wrong, however long the name is.</param>
    public static string? Of(string name, IEnumerable<string> known, int most = int.MaxValue)
    {
        var (nearest, least) = ((string?)null, Math.Min(Reach(name.Length), most) + 1);
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) < least && Distance(candidate, name) is var distance && distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    // Levenshtein's distance, letter case aside; two neighbours that changed places are one mistake.
    private static int Distance(string known, string name)
    {
        // Whatever is longer is no name.
        if (name.Length > 64)
        {
            return int.MaxValue;
        }

        var rows = new int[known.Length + 1, name.Length + 1];
        for (var i = 0; i <= known.Length; i++)
        {
            for (var j = 0; j <= name.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (IsSame(i, j) ? 0 : 1));
                if (i > 1 && j > 1 && IsSame(i, j - 1) && IsSame(i - 1, j))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[known.Length, name.Length];

        bool IsSame(int i, int j) => char.ToLowerInvariant(known[i - 1]) == char.ToLowerInvariant(name[j - 1]);
    }
}
