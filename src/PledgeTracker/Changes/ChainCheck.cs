using System.Text.Json;

namespace PledgeTracker.Changes;

/// <summary>Recomputes the chain of the change log.</summary>
internal static class ChainCheck
{
    private const int Batch = 1000;

    /// <summary>What does not hold, a line per fault, no further than the batch that brings <see cref="Verify.MostFaults"/>; how many changes were looked at; and those that a redaction blanked free text in, which holds.</summary>
    /// <param name="from">The first sequence to check; the one before it is taken on trust.</param>
    public static async Task<(List<string> Faults, long Checked, List<long> Redacted)> RunAsync(Session session, long from, long to)
    {
        var faults = new List<string>();
        var redacted = new List<long>();
        long done = 0;
        var previous = await session.Sql.QueryFirstOrDefaultAsync<byte[]>("SELECT hash FROM change WHERE seq = @before", new { before = from - 1 }) ?? new byte[32];
        var expected = from;
        while (faults.Count < Verify.MostFaults)
        {
            var rows = (await session.Sql.QueryAsync<StoredChange>(
                $"SELECT {StoredChange.Columns} FROM change c WHERE c.seq >= @expected AND c.seq <= @to ORDER BY c.seq LIMIT {Batch}", new { expected, to })).AsList();
            var left = await LeftAsync(session, rows);
            foreach (var row in rows)
            {
                if (row.Seq != expected)
                {
                    faults.Add(Missing(expected, row.Seq - 1));
                }

                if (!Chain.Hash(previous, row.Seq, Iso.Instant(row.At), row.Actor, row.BodyHash ?? Chain.BodyHash(row.Body)).AsSpan().SequenceEqual(row.Hash))
                {
                    faults.Add($"change {row.Seq}: its hash does not follow from what it says and the change before it");
                }

                if (!ColumnsMatch(row))
                {
                    faults.Add($"change {row.Seq}: its columns do not say what its body says");
                }

                if (row.BodyHash is not null || row.RedactedBy is not null)
                {
                    redacted.Add(row.Seq);
                    if (row.RedactedBy is not { } by || !left.TryGetValue((by, row.Seq), out var hash))
                    {
                        faults.Add($"change {row.Seq}: its text was blanked, and no redaction names it");
                    }
                    else if (hash != Convert.ToHexStringLower(Chain.BodyHash(row.Body)))
                    {
                        faults.Add($"change {row.Seq}: it is not what its redaction left of it");
                    }
                }

                previous = row.Hash;
                expected = row.Seq + 1;
                done++;
            }

            if (rows.Count < Batch)
            {
                break;
            }
        }

        return (faults, done, redacted);
    }

    /// <summary>Changes that are gone from the end, where the chain itself cannot show it: what they changed still names them.</summary>
    /// <param name="last">The sequence of the last one that is there.</param>
    public static async Task<List<string>> MissingAtEndAsync(Session session, long last)
    {
        var newest = await session.Sql.QueryFirstAsync<long>("""
            SELECT coalesce(max(version), 0) FROM (SELECT version FROM organization UNION ALL SELECT version FROM fund UNION ALL SELECT version FROM event
                UNION ALL SELECT version FROM source UNION ALL SELECT version FROM pledge UNION ALL SELECT version FROM requirement
                UNION ALL SELECT version FROM shortfall UNION ALL SELECT version FROM indicator) AS shown
            """);
        return newest > last ? [Missing(last + 1, newest)] : [];
    }

    private static string Missing(long first, long last) => first == last ? $"change {first}: missing" : $"changes {first} to {last}: missing";

    /// <summary>What the redactions of these changes say that they left of each: its hash, in changes of their own that stand in the same chain.</summary>
    private static async Task<Dictionary<(long By, long Change), string>> LeftAsync(Session session, IEnumerable<StoredChange> rows)
    {
        var left = new Dictionary<(long, long), string>();
        var list = rows.Select(row => row.RedactedBy).OfType<long>().Distinct().ToList();
        if (list.Count == 0)
        {
            return left;
        }

        foreach (var row in await session.Sql.QueryAsync<StoredChange>($"SELECT {StoredChange.Columns} FROM change c WHERE {session.Engine.AnyOf("c.seq", "@list")}", new { list }))
        {
            foreach (var change in RedactionChange.Of(row.Body)?.Changes ?? [])
            {
                left[(row.Seq, change.Sequence)] = change.Sha256;
            }
        }

        return left;
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
