using System.Text.Json;
using PledgeTracker.Data;

namespace PledgeTracker.Changes;

/// <summary>Recomputes the chain of the change log.</summary>
internal static class ChainCheck
{
    private const int Batch = 1000;

    /// <summary>What does not hold, a line per fault; and how many changes were looked at.</summary>
    /// <param name="from">The first sequence to check; the one before it is taken on trust.</param>
    public static (List<string> Faults, long Checked) Run(IQueries queries, long from, long to)
    {
        var faults = new List<string>();
        long done = 0;
        var previous = from <= 1 ? new byte[32] : queries.First<ChangeRow>($"SELECT {ChangeRow.Columns} FROM change c WHERE c.seq = @seq", ("@seq", from - 1))?.Hash ?? new byte[32];
        var expected = Math.Max(1, from);
        while (true)
        {
            var rows = queries.Query<ChangeRow>($"SELECT {ChangeRow.Columns} FROM change c WHERE c.seq >= @from AND c.seq <= @to ORDER BY c.seq LIMIT {Batch}",
                ("@from", expected), ("@to", to));
            foreach (var row in rows)
            {
                if (row.Seq != expected)
                {
                    faults.Add($"change {expected}: missing");
                }

                if (!ChangeLog.Hash(previous, row.Seq, row.At, row.Actor, row.Body).AsSpan().SequenceEqual(row.Hash))
                {
                    faults.Add($"change {row.Seq}: its hash does not follow from what it says and the change before it");
                }

                using var body = JsonDocument.Parse(row.Body);
                if (body.RootElement.GetProperty("entity").GetString() != row.Entity || body.RootElement.GetProperty("id").GetString() != row.EntityId
                    || body.RootElement.GetProperty("pledgeId").GetString() != row.PledgeId)
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
}
