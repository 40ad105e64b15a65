namespace PledgeTracker.Ledger;

/// <summary>
/// Statements about one fund whose periods overlap, or where one has no period, are readings of one gauge: the later supersedes the
/// earlier, and they are never added up.
/// </summary>
internal static class Statements
{
    /// <summary>Statements with their `version` as that of the change after which they last showed something else: when they were stated, superseded by another, or redacted.</summary>
    /// <param name="kind">As for <see cref="SettleAsync"/>.</param>
    public static string Changing(string kind) => $"""
        (SELECT s.no, s.id, s.fund_id, {(kind == "requirement" ? "s.kind, " : "")}s.period_start, s.period_end, s.amount_minor, s.currency, s.usd_minor, s.qualifier, s.stated_on, s.date_precision,
            s.stated_by_en, s.stated_by_ar, s.note_en, s.note_ar, s.redacted_by,
            CASE WHEN m.version > coalesce(s.redacted_by, s.version) THEN m.version ELSE coalesce(s.redacted_by, s.version) END AS version
        FROM {kind} s LEFT JOIN superseded y ON y.kind = '{kind}' AND y.no = s.no LEFT JOIN {kind} m ON m.no = y.by_no)
        """;

    /// <summary>Derives anew which statements of a fund are superseded, and by which: the next later one that speaks of the same time.</summary>
    /// <param name="kind">`shortfall` or `requirement`; also the table's name.</param>
    public static async Task SettleAsync(Write write, string kind, string fundId)
    {
        var statements = await write.Sql.QueryAsync<Statement>($"{Select(kind)} WHERE s.fund_id = @fundId ORDER BY s.stated_on, s.no", new { fundId });
        foreach (var (statement, by) in WithNext([.. statements]).Where(s => s.Statement.SupersededBy != s.Next))
        {
            await write.Sql.ExecuteAsync("""
                INSERT INTO superseded (kind, no, by_no) VALUES (@kind, @No, @by) ON CONFLICT (kind, no) DO UPDATE SET by_no = excluded.by_no
                """, new { kind, statement.No, by });
        }
    }

    /// <summary>Derives them anew for every fund, and says what differs from what is stored.</summary>
    public static async Task<List<string>> CheckAsync(Session session)
    {
        var faults = new List<string>();
        foreach (var kind in (string[])["shortfall", "requirement"])
        {
            var statements = await session.Sql.QueryAsync<Statement>($"{Select(kind)} ORDER BY s.stated_on, s.no");
            faults.AddRange(statements.GroupBy(s => s.FundId).SelectMany(fund => WithNext([.. fund])).Where(s => s.Statement.SupersededBy != s.Next)
                .Select(s => $"{kind} {s.Statement.No} of fund {s.Statement.FundId}: not superseded by the statement that should"));
            faults.AddRange((await session.Sql.QueryAsync<long>($"SELECT no FROM superseded WHERE kind = @kind AND no NOT IN (SELECT no FROM {kind})", new { kind }))
                .Select(no => $"{kind} {no}: superseded, and not there"));
        }

        return faults;
    }

    private static string Select(string kind) => $"""
        SELECT s.no, s.fund_id, s.period_start, s.period_end, x.by_no AS superseded_by
        FROM {kind} s LEFT JOIN superseded x ON x.kind = '{kind}' AND x.no = s.no
        """;

    /// <param name="statements">Of one fund, the earliest first.</param>
    private static IEnumerable<(Statement Statement, long? Next)> WithNext(List<Statement> statements) =>
        statements.Select((statement, i) => (statement, statements.Skip(i + 1).FirstOrDefault(later => Overlap(statement, later))?.No));

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
        public required string FundId { get; init; }
        public DateOnly? PeriodStart { get; init; }
        public DateOnly? PeriodEnd { get; init; }
        public long? SupersededBy { get; init; }
    }
}
