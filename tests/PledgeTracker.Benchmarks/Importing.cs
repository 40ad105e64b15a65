using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PledgeTracker.Contributions;
using PledgeTracker.Data;
using PledgeTracker.Funds;
using PledgeTracker.Imports;
using PledgeTracker.Organizations;
using PledgeTracker.Words;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// How fast a file of contributions is imported, and what a server on the same database answers meanwhile. Before it the same records go in without a file, and into a table without rules: each in a
/// process and on a database of its own, while the same is asked of a server there.
/// </summary>
internal static class Importing
{
    private const int Donors = 500;
    private const int Funds = 200;
    private const int ThereBefore = 2000;
    private const int RecordsAtOnce = 200;

    // So many rows, or a tenth of them, are set beside the last.
    private const int Stretch = 100_000;

    private const double FlatAim = 1.5;
    private const double ReadAim = 5;
    private const int MemoryAim = 300;

    // Few enough that they hardly hold up what goes on beside them.
    private static readonly TimeSpan BetweenReads = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);

    private static readonly DateOnly First = new(2016, 1, 1);
    private static readonly string[] Paths = ["/v1/contributions?limit=50", $"/v1/funds/{Mix.Fund(0)}", "/v1/summary?groupBy=donor"];
    private static long _asked;

    /// <param name="rows">More than are tried out as a whole before the first is recorded.</param>
    public static async Task RunAsync(int rows, int seed)
    {
        var (server, folder) = (Environment.GetEnvironmentVariable("PLEDGETRACKER_TEST_POSTGRES"), Directory.CreateTempSubdirectory("pledgetracker-imports-"));
        try
        {
            var (file, results) = (Path.Combine(folder.FullName, "contributions.csv"), new List<Result>());
            await File.WriteAllLinesAsync(file, Lines(rows, seed));
            Say($"{rows:N0} contributions, {new FileInfo(file).Length / 1e6:N1} MB as CSV, on {(server is null ? "SQLite" : "PostgreSQL")}, seed {seed}");
            foreach (var way in (string[])["insert", "record", "import"])
            {
                var name = $"imports_{Guid.NewGuid():n}";
                await OnPostgresAsync(server, $"CREATE DATABASE {name}");
                using (var database = new Database(server is null ? null : new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString()))
                {
                    results.Add(await BesideReadsAsync(database, [way, database.Connection, file, $"{rows}", $"{seed}"], seed));
                }

                await OnPostgresAsync(server, $"DROP DATABASE {name} WITH (FORCE)");
            }

            Tell(rows, results[0].Phases[0], results[1].Phases[0], results[2]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Inside the child: one of the ways, and what it came to as JSON.</summary>
    public static async Task<int> OneAsync(string[] args)
    {
        var (file, rows, seed) = (args[2], int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
        await using var db = Open(args[1]);
        Console.WriteLine(JsonSerializer.Serialize(args[0] switch
        {
            "insert" => await InsertAllAsync(db, Records(rows, seed), new Course("an INSERT each", rows)),
            "record" => await RecordAllAsync(db, Records(rows, seed), new Course("`RecordContribution` alone", rows)),
            _ => await ImportAsync(db, file, rows),
        }));
        return 0;
    }

    private static async Task<Phase[]> ImportAsync(Db db, string file, int rows)
    {
        var staging = new Course("import: staging", rows);
        var id = await Staging.StageAsync(db, Caller.Local, new NewImport("contributions", null, null, "all", DryRun: false), FilesAsync(file), () => "{}", ImportLimits.None,
            (_, staged) => Task.FromResult(staged), staging.Mark, CancellationToken.None);
        var staged = staging.End();
        var (applying, applier) = (new Course("import: applying", rows), new Applier(db, NullLogger<Applier>.Instance));
        while (await applier.StepAllAsync(CancellationToken.None))
        {
            await using var view = await db.ReadAsync(CancellationToken.None);
            var import = await GetImport.FindAsync(view, id, Caller.Local);
            applying.Mark(import.Reached);
            if (import.EndedAt is not null)
            {
                return import.State == "done" && import.RowsCreated == rows ? [staged, applying.End()] : throw new InvalidOperationException($"{import.State}: {import.RowsCreated} rows of {rows} were recorded.");
            }
        }

        throw new InvalidOperationException("The server on the same database was faster and applies it: run it again.");
    }

    private static async IAsyncEnumerable<ImportFile> FilesAsync(string file)
    {
        await using var content = File.OpenRead(file);
        yield return new ImportFile(Path.GetFileName(file), ImportBody.MediaTypeOf(file), content);
    }

    private static Task<Phase[]> RecordAllAsync(Db db, IEnumerable<RecordContribution.Request> records, Course course) => InBatchesAsync(db, records, (write, record) => RecordContribution.RecordAsync(write, record), course);

    // As wide as an entry of the ledger, and nothing is asked of it.
    private static async Task<Phase[]> InsertAllAsync(Db db, IEnumerable<RecordContribution.Request> records, Course course)
    {
        var no = 0L;
        await db.WriteAsync(Caller.Local, write => write.Sql.ExecuteAsync("CREATE TABLE bare AS SELECT * FROM ledger_entry WHERE no < 0"));
        return await InBatchesAsync(db, records, (write, record) => write.Sql.ExecuteAsync("""
            INSERT INTO bare (no, id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, qualifier, value_date, date_precision, counts_from, recorded_at, recorded_by, external_system, external_id)
            VALUES (@no, @id, @no, @DonorId, @Stage, @amount, @Currency, @usd, 'reported', 'exact', @Date, 'day', @Date, @At, @by, @ExternalSystem, @ExternalId)
            """, new
        {
            no = ++no, id = write.NewId(), record.DonorId, record.Stage, amount = (long)(record.Amount! * 100), record.Currency, usd = (long)((record.AmountUsd ?? record.Amount)! * 100), record.Date, write.At,
            by = write.By.Id, record.ExternalSystem, record.ExternalId,
        }), course);
    }

    private static async Task<Phase[]> InBatchesAsync(Db db, IEnumerable<RecordContribution.Request> records, Func<Write, RecordContribution.Request, Task> act, Course course)
    {
        var done = 0;
        foreach (var batch in records.Chunk(RecordsAtOnce))
        {
            done += await db.WriteAsync(Caller.Local, async write =>
            {
                foreach (var record in batch)
                {
                    await act(write, record);
                }

                return batch.Length;
            });
            course.Mark(done);
        }

        return [course.End()];
    }

    /// <summary>A way in a process of its own, on a database with its organizations and funds and some contributions, and what a server there answers before, meanwhile and after.</summary>
    private static async Task<Result> BesideReadsAsync(Database database, string[] way, int seed)
    {
        using var server = Server.Over(database);
        await using (var db = Open(database.Connection))
        {
            await db.WriteAsync(Caller.Local, async write =>
            {
                for (var i = 0; i < Donors; i++)
                {
                    await CreateOrganization.RecordAsync(write, new(Mix.Donor(i), new($"Donor {i + 1}", $"الجهة المانحة {i + 1}"), "10"));
                }

                for (var i = 0; i < Funds; i++)
                {
                    await CreateFund.RecordAsync(write, new(Mix.Fund(i), new($"Facility {i + 1}", $"الصندوق {i + 1}"), "facility"));
                }

                return true;
            });
            await RecordAllAsync(db, Records(ThereBefore, seed, "before"), new Course("there before", ThereBefore));
        }

        await AskAsync(server, TimeSpan.Zero, WarmUp, CancellationToken.None);
        // Of the others nobody is told what was read.
        var quiet = way[0] == "import" ? Quiet : TimeSpan.Zero;
        var before = await AskAsync(server, BetweenReads, quiet, CancellationToken.None);
        using var over = new CancellationTokenSource();
        using var process = Server.Run(["--import", .. way]);
        var meanwhile = AskAsync(server, BetweenReads, TimeSpan.MaxValue, over.Token);
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await over.CancelAsync();
        var phases = process.ExitCode == 0 ? JsonSerializer.Deserialize<Phase[]>(said)! : throw new InvalidOperationException($"The process that was to {way[0]} ended with {process.ExitCode}.");
        return new(phases, before, await meanwhile, await AskAsync(server, BetweenReads, quiet, CancellationToken.None));
    }

    // At a pace, however slow the answers are: what had to wait for the answer before it has waited since it was due.
    private static Task<Sample[]> AskAsync(Server server, TimeSpan between, TimeSpan time, CancellationToken until) => Task.Run(async () =>
    {
        using var connection = new Connection(server.Port);
        var (begun, taken) = (Stopwatch.GetTimestamp(), Array.ConvertAll(Paths, _ => new List<long>()));
        for (var n = 0; !until.IsCancellationRequested && Stopwatch.GetElapsedTime(begun) < time; n++)
        {
            var due = begun + (n * (long)(between.TotalSeconds * Stopwatch.Frequency));
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, CancellationToken.None);
                due = Stopwatch.GetTimestamp();
            }

            connection.Send(Load.Get(Load.Anew(Paths[n % Paths.Length], _asked++)));
            while (!connection.TryReceive())
            {
                connection.Socket.Poll(-1, SelectMode.SelectRead);
            }

            taken[n % Paths.Length].Add(Stopwatch.GetTimestamp() - due);
            if (connection.Status != 200)
            {
                Say($"`{Paths[n % Paths.Length]}` was answered {connection.Status}");
            }
        }

        return Array.ConvertAll(taken, ticks => new Sample(ticks, Stopwatch.GetElapsedTime(begun)));
    });

    private static IEnumerable<RecordContribution.Request> Records(int rows, int seed, string system = "benchmark")
    {
        var random = new Random(seed);
        for (var i = 1; i <= rows; i++)
        {
            var (amount, isEuros) = (random.Next(100, 100_000_000) / 100m, random.Next(3) == 0);
            // As rows of a file are: nothing is taken for a double.
            yield return new(DonorId: Mix.Donor(random.Next(Donors)), FundId: Mix.Fund(random.Next(Funds)), Stage: random.Next(2) == 0 ? "payment" : "commitment", Amount: amount,
                Currency: isEuros ? "EUR" : "USD", AmountUsd: isEuros ? Math.Round(amount * 1.12m, 2) : null, Date: First.AddDays(random.Next(3650)), ExternalSystem: system, ExternalId: $"{i}", DistinctFrom: ["all"]);
        }
    }

    // Donors by their names, as people write them.
    private static IEnumerable<string> Lines(int rows, int seed) => Records(rows, seed).Select(r => string.Create(CultureInfo.InvariantCulture,
        $"{r.DonorId!.Replace('-', ' ')},{r.FundId},{r.Stage},{r.Amount},{r.Currency},{r.AmountUsd},{r.Date:yyyy-MM-dd},{r.ExternalSystem},{r.ExternalId}"))
        .Prepend("donorId,fundId,stage,amount,currency,amountUsd,date,externalSystem,externalId");

    private static Db Open(string connection) => new(Engine.Of(connection), null, TimeProvider.System, Ids.Standard, NullLogger<Db>.Instance);

    private static async Task OnPostgresAsync(string? server, string sql)
    {
        if (server is not null)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());
            await connection.ExecuteAsync(sql);
        }
    }

    private static void Tell(int rows, Phase inserted, Phase recorded, Result imported)
    {
        var (stretch, staged, applied) = (Math.Min(Stretch, rows / 10), imported.Phases[0], imported.Phases[1]);
        Say($"| | rows a second | the first {stretch:N0} | the last {stretch:N0} | first to last (aim ≤ {FlatAim}) | MB, after the first | at most (aim < {MemoryAim}) | rows of a job | its ms, p50 | p99 | longest |");
        Say($"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var p in (Phase[])[inserted, recorded, staged, applied])
        {
            Say($"| {p.Name} | {rows / p.Seconds:N0} | {p.First:N0} | {p.Last:N0} | {Beside(p.First / p.Last, FlatAim)} | {p.PeakAfterFirst} | {p.Peak}{(p.Peak < MemoryAim ? "" : " **no**")} | {p.MostRows} | {p.P50:F0} | {p.P99:F0} | {p.Longest:F0} |");
        }

        Say($"To apply takes {applied.Seconds / recorded.Seconds:F2} times as long as to record alone, to stage and apply {(staged.Seconds + applied.Seconds) / recorded.Seconds:F2} times; to record alone {recorded.Seconds / inserted.Seconds:F1} times as long as to insert.");
        Say($"| ms | before, p50 | p99 | meanwhile, p50 | p99 | p99 to before (aim ≤ {ReadAim}) | after, p50 | p99 |");
        Say($"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (i, path) in Paths.Index())
        {
            var (before, meanwhile, after) = (imported.Before[i], imported.Meanwhile[i], imported.After[i]);
            Say($"| `{path}` | {before.Percentile(0.5):F1} | {before.Percentile(0.99):F1} | {meanwhile.Percentile(0.5):F1} | {meanwhile.Percentile(0.99):F1} | {Beside(meanwhile.Percentile(0.99) / before.Percentile(0.99), ReadAim)} | {after.Percentile(0.5):F1} | {after.Percentile(0.99):F1} |");
        }

        Say($"Load average {(File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "unknown")} at the end, the benchmark's own included");

        static string Beside(double ratio, double aim) => string.Create(CultureInfo.InvariantCulture, $"{ratio:F2}{(ratio <= aim ? "" : " **no**")}");
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Result(Phase[] Phases, Sample[] Before, Sample[] Meanwhile, Sample[] After);

    /// <summary>What a way came to, or a part of one: rows a second, MB that were resident at most until then, and the transactions that write, which others wait for.</summary>
    private sealed record Phase(string Name, double Seconds, double First, double Last, long PeakAfterFirst, long Peak, long MostRows, double P50, double P99, double Longest);

    /// <summary>How it goes on, until it ends.</summary>
    private sealed class Course : IDisposable
    {
        private readonly string _name;
        private readonly long _all;
        private readonly long _begun = Stopwatch.GetTimestamp();
        private readonly MeterListener _listener = new();
        private readonly List<double> _jobs = [];
        private readonly List<(long Rows, double Seconds, long Peak)> _marks = [(0, 0, 0)];

        public Course(string name, long all)
        {
            (_name, _all) = (name, all);
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Name: "pledgetracker.database.duration", Meter.Name: Measures.Name })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            // The writer alone adds to them, and before it answers.
            _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => _jobs.AddRange(tags[0].Value is "write" ? [seconds * 1000] : []));
            _listener.Start();
        }

        /// <summary>So many rows are through.</summary>
        public void Mark(long rows)
        {
            using var self = Process.GetCurrentProcess();
            _marks.Add((rows, Stopwatch.GetElapsedTime(_begun).TotalSeconds, self.PeakWorkingSet64 >> 20));
            if (rows * 10 / _all > _marks[^2].Rows * 10 / _all)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_name}: {rows:N0} rows in {_marks[^1].Seconds:F0} s, {_marks[^1].Peak} MB at most"));
            }
        }

        public Phase End()
        {
            Dispose();
            _jobs.Sort();
            var stretch = Math.Min(Stretch, _all / 10);
            var (first, before, end) = (_marks.First(m => m.Rows >= stretch), _marks.Last(m => m.Rows <= _all - stretch), _marks[^1]);
            return new(_name, end.Seconds, first.Rows / first.Seconds, (end.Rows - before.Rows) / (end.Seconds - before.Seconds), first.Peak, end.Peak,
                _marks.Zip(_marks.Skip(1), (m, next) => next.Rows - m.Rows).Max(), _jobs[_jobs.Count / 2], _jobs[(int)(_jobs.Count * 0.99)], _jobs[^1]);
        }

        public void Dispose() => _listener.Dispose();
    }
}
