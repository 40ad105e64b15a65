using System.Text.Json;

namespace PledgeTracker.Changes;

/// <summary>Recomputes the chain of the change log.</summary>
internal static class ChainCheck
{
    private const int Batch = 1000;

    /// <summary>What does not hold, a line per fault; and how many changes were looked at.</summary>
    /// <param name="from">The first sequence to check; the one before it is taken on trust.</param>
    public static async Task<(List<string> Faults, long Checked)> RunAsync(Session session, long from, long to)
    {
        var faults = new List<string>();
        long done = 0;
        var previous = await session.Sql.QueryFirstOrDefaultAsync<byte[]>("SELECT hash FROM change WHERE seq = @before", new { before = from - 1 }) ?? new byte[32];
        var expected = from;
        while (true)
        {
            var rows = (await session.Sql.QueryAsync<StoredChange>(
                $"SELECT {StoredChange.Columns} FROM change c WHERE c.seq >= @expected AND c.seq <= @to ORDER BY c.seq LIMIT {Batch}", new { expected, to })).AsList();
            foreach (var row in rows)
            {
                if (row.Seq != expected)
                {
                    faults.Add($"change {expected}: missing");
                }

                if (!Chain.Hash(previous, row.Seq, Iso.Instant(row.At), row.Actor, row.Body).AsSpan().SequenceEqual(row.Hash))
                {
                    faults.Add($"change {row.Seq}: its hash does not follow from what it says and the change before it");
                }

                if (!ColumnsMatch(row))
                {
                    faults.Add($"change {row.Seq}: its columns do not say what its body says");
                }

                previous = row.Hash;
                expected = row.Seq + 1;
                done++;
            }

            if (rows.Count < Batch)
            {
                return (faults, done);
            }
        }
    }

    /// <summary>Changes that are gone from the end, where the chain itself cannot show it: what they changed still names them.</summary>
    public static async Task<List<string>> MissingAtEndAsync(View view)
    {
        var newest = await view.Sql.QueryFirstAsync<long>("""
            SELECT coalesce(max(version), 0) FROM (SELECT version FROM organization UNION ALL SELECT version FROM fund UNION ALL SELECT version FROM event
                UNION ALL SELECT version FROM source UNION ALL SELECT version FROM pledge UNION ALL SELECT version FROM requirement
                UNION ALL SELECT version FROM shortfall UNION ALL SELECT version FROM indicator) AS shown
            """);
        var faults = new List<string>();
        for (var missing = view.Head.Sequence + 1; missing <= newest; missing++)
        {
            faults.Add($"change {missing}: missing");
        }

        return faults;
    }

    private static bool ColumnsMatch(StoredChange row)
    {
        try
        {
            using var body = JsonDocument.Parse(row.Body);
            return Says("entity", row.Entity) && Says("id", row.EntityId) && Says("pledgeId", row.PledgeId);

            bool Says(string name, string? column) => body.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind is JsonValueKind.String or JsonValueKind.Null && value.GetString() == column;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // No JSON, or no object: somebody wrote over it.
            return false;
        }
    }
}
