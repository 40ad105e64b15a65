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
        var statements = write.Query<Statement>(
            $"SELECT no, period_start, period_end, stated_on FROM {kind} WHERE fund_id = @fund ORDER BY stated_on, no", ("@fund", fundId));
        for (var i = 0; i < statements.Count; i++)
        {
            var later = statements.Skip(i + 1).FirstOrDefault(s => Overlap(statements[i], s));
            if (later is not null)
            {
                write.Execute("""
                    INSERT INTO superseded (kind, no, by_no) VALUES (@kind, @no, @by) ON CONFLICT (kind, no) DO UPDATE SET by_no = excluded.by_no
                    """, ("@kind", kind), ("@no", statements[i].No), ("@by", later.No));
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

    private sealed record Statement
    {
        public required long No { get; init; }

        public DateOnly? PeriodStart { get; init; }

        public DateOnly? PeriodEnd { get; init; }

        public required DateOnly StatedOn { get; init; }
    }
}
