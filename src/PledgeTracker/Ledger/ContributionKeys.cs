namespace PledgeTracker.Ledger;

/// <summary>
/// What contributions are found by that stands elsewhere than in their own row: recipient, event, country, instrument, who recorded them, their number. Derived, and
/// the same for as long as the entry is there, since what decides it is fixed.
/// </summary>
internal static class ContributionKeys
{
    // What is listed, by what it is found by, of all entries or of one.
    private static readonly (string Filter, string Value, string More)[] Kinds =
    [
        ("recipient", "p.recipient_id", ""), ("event", "p.event_id", ""), ("instrument", "p.instrument", ""), ("country", "c.country", "JOIN pledge_country c ON c.pledge_no = p.no"),
        ("recordedBy", "e.recorded_by", ""), ("recordedBy", "e.recorded_for", ""), ("externalSystem", "lower(e.external_system)", ""), ("externalId", "e.external_id", ""),
    ];

    /// <summary>Lists an entry.</summary>
    public static Task ListAsync(Write write, long entryNo) =>
        write.Sql.ExecuteAsync($"INSERT INTO contribution_key (filter, value, value_date, entry_no) {Select("AND e.no = @entryNo")}", new { entryNo });

    /// <summary>Lists all of them anew.</summary>
    public static Task RebuildAsync(Write write) =>
        write.Sql.ExecuteAsync($"DELETE FROM contribution_key; INSERT INTO contribution_key (filter, value, value_date, entry_no) {Select()}");

    /// <summary>What is listed and should not be, or is not and should be, a line each; no more than <see cref="Verify.MostFaults"/>.</summary>
    public static async Task<IEnumerable<string>> CheckAsync(Session session)
    {
        const string listed = "SELECT filter, value, value_date, entry_no FROM contribution_key";
        var wrong = await session.Sql.QueryAsync<long>($"SELECT entry_no FROM ({listed} EXCEPT SELECT filter, value, value_date, entry_no FROM ({Select()}) AS named) AS more UNION SELECT entry_no FROM (SELECT filter, value, value_date, entry_no FROM ({Select()}) AS named EXCEPT {listed}) AS less ORDER BY 1 LIMIT {Verify.MostFaults}");
        return wrong.Select(no => $"contribution of entry {no}: not found by what it names");
    }

    private static string Select(string and = "") => string.Join(" UNION ALL ", Kinds.Select(kind => $"""
        SELECT '{kind.Filter}' AS filter, {kind.Value} AS value, e.value_date, e.no AS entry_no FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no {kind.More}
        WHERE {kind.Value} IS NOT NULL AND e.kind IN ('commitment', 'payment', 'adjustment') AND e.reverses_no IS NULL {and}
        """));
}
