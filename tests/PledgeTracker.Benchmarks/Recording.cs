using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Keys;

namespace PledgeTracker.Benchmarks;

/// <summary>What the writes came to beside their throughput.</summary>
/// <param name="ReadP99">Of reads alone, and of the same reads beside a steady thousand writes a second, in ms.</param>
/// <param name="Flushes">fsync and fdatasync calls for each acknowledged write, at 64 connections and at 1; null where they could not be counted.</param>
internal sealed record WritesResult(double ReadP99, double ReadP99Beside, double WritesPerSecond, double? Flushes64 = null, double? Flushes1 = null)
{
    public double Ratio => ReadP99Beside / ReadP99;
}

/// <summary>Contributions recorded over HTTP: each a payment on some pledge, with a key and an Idempotency-Key of its own.</summary>
internal sealed partial class Recording
{
    private readonly Database _database;
    private readonly IReadOnlyList<string> _pledges;
    private readonly string _token;
    private long _made;

    public Recording(Database database, IReadOnlyList<string> pledges)
    {
        (_database, _pledges) = (database, pledges);
        _token = MakeKey(database);
    }

    public IEnumerable<Case> Cases =>
    [
        Case("contribution recorded", 64) with { Aim = 0.12 },
        Case("contribution recorded, 1 connection", 1),
    ];

    /// <summary>The latency of a thousand reads a second, alone and beside a thousand writes a second, by turns.</summary>
    public WritesResult ReadsBeside(Child server, Case read, Options options)
    {
        const int Connections = 32;
        const int PerSecond = 1000;
        Measurement.WarmUp(server, read, read.Request, read.Check);
        var (alone, beside, rates) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            alone.Add(Steadily(read).GetAwaiter().GetResult().Percentile(0.99));
            var writes = Steadily(Case("steady writes", Connections));
            beside.Add(Steadily(read).GetAwaiter().GetResult().Percentile(0.99));
            rates.Add(writes.GetAwaiter().GetResult().PerSecond);
        }

        return new WritesResult(Measurement.Median(alone), Measurement.Median(beside), Measurement.Median(rates));

        // Clients have machines of their own: what they wait for is the server, not a processor. On threads of their own, because the processes that
        // are started from such a thread would ask for as much.
        Task<Sample> Steadily(Case load) => Task.Factory.StartNew(() =>
        {
            Scheduling.AnswerSoon();
            return Load.Steadily(server.Port, Connections, PerSecond, options.Half, load.Request, load.Check);
        }, TaskCreationOptions.LongRunning);
    }

    /// <summary>
    /// Counts the flushes in a run of its own under strace, which stops the server at these two calls alone. Those of start-up and shutdown
    /// count as well.
    /// </summary>
    public WritesResult CountFlushes(WritesResult result, Options options) =>
        result with { Flushes64 = FlushesPerWrite(64, options), Flushes1 = FlushesPerWrite(1, options) };

    private double? FlushesPerWrite(int connections, Options options)
    {
        var summary = Path.GetTempFileName();
        try
        {
            long writes;
            try
            {
                using var server = Child.Serve(_database, 24, "strace", "-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync", "-o", summary);
                var write = Case("writes counted", connections);
                var before = _made;
                Measurement.Half(server, write, write.Request, write.Check, options.Half);
                writes = _made - before;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return null;
            }

            var calls = File.ReadLines(summary).Select(l => Calls().Match(l)).Where(m => m.Success).Sum(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
            return (double)calls / writes;
        }
        finally
        {
            File.Delete(summary);
        }
    }

    private Case Case(string name, int connections) => new(name, _ => Next()) { Connections = connections, Status = 201 };

    private byte[] Next()
    {
        var n = Interlocked.Increment(ref _made);
        var json = string.Create(CultureInfo.InvariantCulture,
            $$"""{"pledgeId":"{{_pledges[(int)(n % _pledges.Count)]}}","stage":"payment","amount":{{1000 + (n % 9000)}},"currency":"USD","date":"2025-06-{{1 + (n % 28):D2}}","reference":"TR-{{n}}"}""");
        return Load.Post("/v1/contributions", $"Authorization: Bearer {_token}\r\nIdempotency-Key: benchmark-{n}\r\n", json);
    }

    // The first key of a database is made by its owner, who needs no key.
    private static string MakeKey(Database database)
    {
        using var readers = new Readers(database, 1, TimeSpan.FromMinutes(1));
        using var writer = new Writer(database, TimeProvider.System, NullLogger<Writer>.Instance);
        using var snapshot = readers.OpenAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var ring = new KeyRing(snapshot, writer, TimeProvider.System, Ids.Standard);
        return writer.WriteAsync(write => ring.Create(write, Caller.Local, "benchmark", "editor", null, null).Token).GetAwaiter().GetResult();
    }

    [GeneratedRegex(@"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?f(?:data)?sync$")]
    private static partial Regex Calls();
}
