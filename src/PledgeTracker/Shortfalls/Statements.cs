using PledgeTracker.Data;

namespace PledgeTracker.Shortfalls;

/// <summary>
/// Statements about one fund whose periods overlap, or where one has no period, are readings of one gauge: the later supersedes the
/// earlier, and they are never added up.
/// </summary>
internal static class Statements
{
    /// <summary>Derives anew which statements of a fund are superseded, and by which: the next later one that speaks of the same time.</summary>
    /// <param name="kind">`shortfall` or `requirement`; also the table's name.</param>
    public static void Settle(Write write, string kind, string fundId)
    {
        foreach (var (no, by) in Superseded(write, kind, fundId))
        {
            write.Execute("""
                INSERT INTO superseded (kind, no, by_no) VALUES (@kind, @no, @by) ON CONFLICT (kind, no) DO UPDATE SET by_no = excluded.by_no
                """, ("@kind", kind), ("@no", no), ("@by", by));
        }
    }

    /// <summary>Derives them anew for every fund, and says what differs from what is stored.</summary>
    public static IEnumerable<string> Check(IQueries queries)
    {
        foreach (var kind in (string[])["shortfall", "requirement"])
        {
            var stored = queries.Query<Pair>("SELECT no, by_no AS by FROM superseded WHERE kind = @kind", ("@kind", kind)).ToDictionary(p => p.No, p => p.By);
            foreach (var fund in queries.Query<string>($"SELECT DISTINCT fund_id FROM {kind}"))
            {
                foreach (var (no, by) in Superseded(queries, kind, fund))
                {
                    if (!stored.Remove(no, out var other) || other != by)
                    {
                        yield return $"{kind} {no} of fund {fund}: not superseded by the statement that should";
                    }
                }
            }

            foreach (var no in stored.Keys)
            {
                yield return $"{kind} {no}: superseded, and should not be";
            }
        }
    }

    private static IEnumerable<(long No, long By)> Superseded(IQueries queries, string kind, string fundId)
    {
        var statements = queries.Query<Statement>(
            $"SELECT no, period_start, period_end, stated_on FROM {kind} WHERE fund_id = @fund ORDER BY stated_on, no", ("@fund", fundId));
        for (var i = 0; i < statements.Count; i++)
        {
            if (statements.Skip(i + 1).FirstOrDefault(later => Overlap(statements[i], later)) is { } by)
            {
                yield return (statements[i].No, by.No);
            }
        }
    }

    private static bool Overlap(Statement a, Statement b)
    {
        // "Now" and "until July" have no start; they reach back as far as any other.
        var (aStart, aEnd) = (a.PeriodStart ?? DateOnly.MinValue, a.PeriodEnd ?? DateOnly.MaxValue);
        var (bStart, bEnd) = (b.PeriodStart ?? DateOnly.MinValue, b.PeriodEnd ?? DateOnly.MaxValue);
        return aStart <= bEnd && bStart <= aEnd;
    }

    private sealed record Pair
    {
        public required long No { get; init; }

        public required long By { get; init; }
    }

    private sealed record Statement
    {
        public required long No { get; init; }

        public DateOnly? PeriodStart { get; init; }

        public DateOnly? PeriodEnd { get; init; }

        public required DateOnly StatedOn { get; init; }
    }
}
