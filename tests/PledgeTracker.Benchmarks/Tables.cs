using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace PledgeTracker.Benchmarks;

/// <summary>How many rows of a table a second come over HTTP, beside a loop that reads the same columns from the same file and does nothing but write them.</summary>
internal static class Tables
{
    private const int Rounds = 5;

    // The columns of a contribution's CSV, as one statement of SQLite has them.
    private const string Contributions = """
        SELECT e.id, c.stage, e.adjusts, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, x.date, e.qualifier, e.usd_qualifier, e.settles_minor, p.currency, c.value_date, e.date_precision,
               d.id, d.name_en, b.id, b.name_en, f.id, f.name_en, r.id, r.name_en, p.id, p.origin, p.instrument, p.countries, p.shares, p.shares, p.shares, v.id, v.name_en, p.shared, p.sectors,
               p.usage_years, p.earmarking, p.description_en, e.reference, e.external_system, e.external_id, e.note_en, c.reversed, s.id, s.note_en, y.id, z.id, c.verification,
               (SELECT group_concat(n.organization_id, ';') FROM confirmation n WHERE n.entry_no = e.no), (SELECT group_concat(q.source_id, ';') FROM citation q WHERE q.entry_no = e.no),
               e.recorded_at, e.recorded_by, w.id, w.name_en, rd.id, rd.recorded_at, rd.reason_en, rd.reason_ar
        FROM contribution c JOIN ledger_entry e ON e.no = c.entry_no JOIN pledge p ON p.no = c.pledge_no LEFT JOIN exchange_rate x ON x.no = e.rate_no
        LEFT JOIN redaction rd ON rd.seq = e.redacted_by LEFT JOIN ledger_entry s ON s.reverses_no = e.no LEFT JOIN ledger_entry y ON y.no = e.replaces_no LEFT JOIN ledger_entry z ON z.replaces_no = e.no
        JOIN organization d0 ON d0.id = c.donor_id JOIN organization d ON d.id = coalesce(d0.merged_into, d0.id)
        LEFT JOIN organization b0 ON b0.id = e.paid_by LEFT JOIN organization b ON b.id = coalesce(b0.merged_into, b0.id)
        LEFT JOIN organization w0 ON w0.id = e.recorded_for LEFT JOIN organization w ON w.id = coalesce(w0.merged_into, w0.id)
        LEFT JOIN fund f ON f.id = c.fund_id LEFT JOIN event v ON v.id = p.event_id
        LEFT JOIN organization r0 ON r0.id = p.recipient_id LEFT JOIN organization r ON r.id = coalesce(r0.merged_into, r0.id)
        WHERE c.reversed = FALSE ORDER BY c.value_date DESC, c.entry_no DESC
        """;

    /// <summary>Fills a database of its own with so many pledges, and prints what was measured, best of several rounds that alternate.</summary>
    public static async Task RunAsync(Database database, int pledges)
    {
        using var server = Server.Over(database);
        Console.WriteLine(await Filling.EnsureAsync(server, Server.MakeKey(database), pledges));
        var (best, counted, resident) = (new Dictionary<string, double>(), new Dictionary<string, int>(), server.HighWater);
        string[] paths = ["/v1/contributions.csv", "/v1/contributions.csv?fields=id,date,donor.name,amountUsd", "/v1/contributions.ndjson", "/v1/contributions.xlsx", "/v1/pledges.csv", "/v1/pledges.ndjson", "/v1/pledges.xlsx", "/v1/changes.csv"];
        for (var round = 0; round < Rounds; round++)
        {
            Keep("a bare loop over contributions", Bare);
            foreach (var path in paths)
            {
                var (begun, lines) = (Stopwatch.GetTimestamp(), await CountAsync(server.Client, path));
                // A workbook is packed: it has the rows of the CSV.
                var rows = counted[path] = path.EndsWith(".xlsx", StringComparison.Ordinal) ? counted[path.Replace(".xlsx", ".csv", StringComparison.Ordinal)] : lines;
                Keep(path, () => rows, begun);
            }
        }

        foreach (var (what, rate) in best)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate,12:N0} rows a second: {what}"));
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => CountAsync(server.Client, i % 2 == 0 ? "/v1/contributions.csv" : "/v1/contributions.xlsx")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{server.HighWater >> 20} MiB resident at most, {resident >> 20} MiB before the first; four at a time at the end"));

        void Keep(string what, Func<int> rows, long begun = 0)
        {
            begun = begun == 0 ? Stopwatch.GetTimestamp() : begun;
            var rate = rows() / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            best[what] = Math.Max(rate, best.GetValueOrDefault(what));
        }

        int Bare()
        {
            using var connection = new SqliteConnection(database.Connection + ";Mode=ReadOnly");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Contributions;
            using var reader = command.ExecuteReader();
            using var text = new StreamWriter(new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.DeleteOnClose), Encoding.UTF8);
            var rows = 0;
            for (; reader.Read(); rows++)
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    text.Write(column == 0 ? "" : ",");
                    text.Write(reader.IsDBNull(column) ? "" : reader.GetString(column));
                }

                text.Write("\r\n");
            }

            return rows;
        }
    }

    private static async Task<int> CountAsync(HttpClient client, string path)
    {
        await using var body = await client.GetStreamAsync(path);
        var (rows, buffer) = (0, new byte[1 << 16]);
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            rows += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return rows;
    }
}
