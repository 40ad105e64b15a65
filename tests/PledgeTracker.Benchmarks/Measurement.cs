using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using PledgeTracker.Data;

namespace PledgeTracker.Benchmarks;

/// <summary>One kind of request, whose throughput is held against the plaintext endpoint's in the same run.</summary>
/// <param name="Request">The n-th request; reads take it from a pool, writes make each anew.</param>
internal sealed record Case(string Name, Func<long, byte[]> Request)
{
    public int Connections { get; init; } = 64;

    /// <summary>The status that every answer must have.</summary>
    public int Status { get; init; } = 200;

    /// <summary>At least this share of the plaintext endpoint's requests a second; null where the figure is only reported.</summary>
    public double? Aim { get; init; }

    /// <summary>Throws when an answer has another status than it must have, or says nothing.</summary>
    public void Check(Connection answer)
    {
        var empty = Status != 304 && (answer.BodyLength == 0 || answer.Opening.StartsWith("{\"data\":[]"u8));
        if (answer.Status != Status || empty)
        {
            throw new InvalidOperationException($"{Name}: {(empty ? "an empty " : "")}{answer.Status} where a {Status} belongs.\n{answer.Head}");
        }
    }
}

/// <summary>What a case came to.</summary>
/// <param name="Ratio">The median of the rounds' ratios to the plaintext endpoint.</param>
internal sealed record CaseResult(Case Case, double Ratio, double PerSecond, double PlaintextPerSecond, double P50, double P90, double P99, double Bytes);

/// <summary>Page 1,000 of a walk (or the last one) against page 1 of the same walk, on one connection.</summary>
internal sealed record WalkResult(string Name, int Page, double FirstMs, double DeepMs, double Ratio, double FirstP99, double DeepP99);

/// <summary>Start-up from the process's start to its first answer.</summary>
internal sealed record StartResult(double ServerMs, double EmptyMs, double Ratio);

/// <summary>All that is measured over one database.</summary>
internal sealed record Measured(
    int Pledges, Generator.Rate? Generated, long DatabaseBytes, IReadOnlyList<CaseResult> Cases, IReadOnlyList<WalkResult> Walks, StartResult? Start,
    WritesResult? Writes, long PeakBytes, long HighWaterBytes);

/// <summary>Runs everything over one database.</summary>
internal static partial class Measurement
{
    private const int StartUps = 7;

    // A second in which no more methods than these are compiled counts as quiet; two in a row end the warm-up.
    private const int FewMethods = 10;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(60);

    public static Measured Of(Database database, int pledges, Generator.Rate? generated, Options options)
    {
        var cases = new List<CaseResult>();
        var walks = new List<WalkResult>();
        var choices = new Choices(database);
        var (sampled, highWater) = (0L, 0L);
        using (var server = Child.Serve(database, keptMegabytes: 0))
        {
            RunAll(server, Reads(choices, server.Port));
            foreach (var (name, path) in Walks(choices).Where(w => w.Name.Contains(options.Only, StringComparison.Ordinal)))
            {
                walks.Add(Walk(server, name, path, options));
                Console.WriteLine($"  {Report.Line(walks[^1])}");
            }

            Remember(server);
        }

        using (var server = Child.Serve(database))
        {
            RunAll(server, Pages(choices).Select(page => page with { Name = page.Name + ", asked for again" }));
            Remember(server);
        }

        var start = options.Only.Length == 0 ? StartUp(database) : null;
        WritesResult? writes = null;
        if ("writes".Contains(options.Only, StringComparison.Ordinal))
        {
            // On a copy: the generated database stays as it was made.
            var copy = new Database(database.Path + ".copy");
            try
            {
                File.Copy(database.Path, copy.Path, overwrite: true);
                var recording = new Recording(copy, choices.SingleDonorPledges);
                using (var server = Child.Serve(copy))
                {
                    RunAll(server, recording.Cases, all: true);
                    writes = recording.ReadsBeside(server, Reads(choices, server.Port).First(), options);
                    Remember(server);
                }

                writes = recording.CountFlushes(writes, options);
                Console.WriteLine($"  {writes}");
            }
            finally
            {
                foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm", ".lock"])
                {
                    File.Delete(copy.Path + suffix);
                }
            }
        }

        return new Measured(pledges, generated, new FileInfo(database.Path).Length, cases, walks, start, writes, sampled, highWater);

        void RunAll(Child server, IEnumerable<Case> list, bool all = false)
        {
            foreach (var @case in list.Where(c => all || c.Name.Contains(options.Only, StringComparison.Ordinal)))
            {
                cases.Add(Run(server, @case, options));
                Console.WriteLine($"  {Report.Line(cases[^1])}  {server.Resident >> 20} MB");
            }
        }

        void Remember(Child server) => (sampled, highWater) = (Math.Max(sampled, server.Memory.Sampled), Math.Max(highWater, server.Memory.HighWater));
    }

    private static IEnumerable<Case> Reads(Choices choices, int port)
    {
        var tag = EntityTag().Match(Load.Ask(port, Load.Get("/v1/pledges")).Head).Groups[1].Value;
        return
        [
            Pool("one pledge by id", choices.PledgeIds, id => $"/v1/pledges/{id}") with { Aim = 0.35 },
            Pool("one pledge by id, 1 connection", choices.PledgeIds, id => $"/v1/pledges/{id}") with { Connections = 1 },
            .. Pages(choices),
            Pool("contributions to a fund, 50", choices.Funds, id => $"/v1/contributions?fund={id}&limit=50"),
            Pool("donors by paid, 50", ["/v1/donors?sort=-paid&limit=50"], path => path),
            Pool("shortfalls, 50", ["/v1/shortfalls?limit=50"], path => path),
            // On one connection: many such searches at once are refused with 503 when the readers' deadline passes.
            Pool("search by two words, 50, 1 connection", [.. Mix.Searches], words => $"/v1/pledges?q={Uri.EscapeDataString(words)}&limit=50") with { Connections = 1 },
            new Case("conditional read, 304", Same(Load.Get("/v1/pledges", $"If-None-Match: {tag}\r\n"))) { Status = 304 },
        ];
    }

    private static IEnumerable<Case> Pages(Choices choices) =>
    [
            Pool("pledges of a donor, 50", choices.Donors, id => $"/v1/pledges?donor={id}&limit=50") with { Aim = 0.10 },
            Pool("pledges to a fund, 50", choices.Funds, id => $"/v1/pledges?fund={id}&limit=50") with { Aim = 0.10 },
            Pool("pledges for a country, 50", Mix.AllCountries, code => $"/v1/pledges?country={code}&limit=50") with { Aim = 0.10 },
            Pool("pledges by status and instrument, 50", choices.Kinds, kind => $"/v1/pledges?{kind}&limit=50") with { Aim = 0.10 },
            Pool("pledges unfiltered, first page of 50", ["/v1/pledges?limit=50"], path => path) with { Aim = 0.10 },
    ];

    private static IEnumerable<(string Name, string Path)> Walks(Choices choices) =>
    [
        ("walk, unfiltered", "/v1/pledges?limit=50"),
        ("walk, largest donor", $"/v1/pledges?donor={choices.LargestDonor}&limit=50"),
        ("walk, by amount", "/v1/pledges?sort=-amountUsd&limit=50"),
    ];

    private static Case Pool(string name, IReadOnlyList<string> keys, Func<string, string> path)
    {
        var requests = keys.Select(key => Load.Get(path(key))).ToArray();
        return new Case(name, n => requests[n % requests.Length]);
    }

    private static Func<long, byte[]> Same(byte[] request) => _ => request;

    private static CaseResult Run(Child server, Case @case, Options options)
    {
        var plaintext = new Case("plaintext", Same(Load.Get("/plaintext"))) { Connections = @case.Connections };
        var asked = 0L;
        var (bytes, answers) = (0L, 0L);
        byte[] Next(long _) => @case.Request(asked++);
        void Check(Connection answer)
        {
            @case.Check(answer);
            bytes += answer.BodyLength;
            answers++;
        }

        WarmUp(server, plaintext, plaintext.Request, plaintext.Check);
        WarmUp(server, @case, Next, Check);
        var (ratios, samples, reference) = (new List<double>(), new List<Sample>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var a = Half(server, plaintext, plaintext.Request, plaintext.Check, options.Half);
            var b = Half(server, @case, Next, Check, options.Half);
            samples.Add(b);
            reference.Add(a.PerSecond);
            ratios.Add(b.PerSecond / a.PerSecond);
        }

        return new CaseResult(@case, Median(ratios), Median(samples.Select(s => s.PerSecond)), Median(reference), Median(samples.Select(s => s.Percentile(0.5))),
            Median(samples.Select(s => s.Percentile(0.9))), Median(samples.Select(s => s.Percentile(0.99))), (double)bytes / answers);
    }

    /// <summary>
    /// Loads the server until its runtime has nothing more to compile: .NET compiles a method quickly first, counts its calls, and compiles
    /// it again, twice, from what it learned, on the very cores that are measured.
    /// </summary>
    internal static void WarmUp(Child server, Case @case, Func<long, byte[]> request, Action<Connection> check)
    {
        var watch = Stopwatch.StartNew();
        for (var (quiet, compiled) = (0, server.Compiled); quiet < 2 && watch.Elapsed < LongestWarmUp;)
        {
            Half(server, @case, request, check, TimeSpan.FromSeconds(1));
            var now = server.Compiled;
            quiet = now - compiled > FewMethods ? 0 : quiet + 1;
            compiled = now;
        }
    }

    internal static Sample Half(Child server, Case @case, Func<long, byte[]> request, Action<Connection> check, TimeSpan time) =>
        Load.Run(server.Port, @case.Connections, time, request, check);

    private static WalkResult Walk(Child server, string name, string path, Options options)
    {
        var page = 1;
        var at = path;
        while (page < 1000 && NextOf(server.Port, at) is { } next)
        {
            (at, page) = (next, page + 1);
        }

        var first = new Case($"{name}, page 1", Same(Load.Get(path))) { Connections = 1 };
        var deep = new Case($"{name}, page {page}", Same(Load.Get(at))) { Connections = 1 };
        var time = options.Half / 3;
        WarmUp(server, first, first.Request, first.Check);
        var (ratios, firsts, deeps) = (new List<double>(), new List<Sample>(), new List<Sample>());
        for (var round = 0; round < options.Rounds; round++)
        {
            firsts.Add(Half(server, first, first.Request, first.Check, time));
            deeps.Add(Half(server, deep, deep.Request, deep.Check, time));
            ratios.Add(deeps[^1].Percentile(0.5) / firsts[^1].Percentile(0.5));
        }

        return new WalkResult(name, page, Median(firsts.Select(s => s.Percentile(0.5))), Median(deeps.Select(s => s.Percentile(0.5))), Median(ratios),
            Median(firsts.Select(s => s.Percentile(0.99))), Median(deeps.Select(s => s.Percentile(0.99))));
    }

    private static string? NextOf(int port, string path)
    {
        using var answer = Load.Ask(port, Load.Get(path));
        if (answer.Status != 200)
        {
            throw new InvalidOperationException($"{path}: {answer.Status}");
        }

        using var body = JsonDocument.Parse(answer.Body());
        return body.RootElement.GetProperty("next").GetString();
    }

    private static StartResult StartUp(Database database)
    {
        static double Took(Func<Child> start)
        {
            var watch = Stopwatch.StartNew();
            using var child = start();
            using var answer = Load.Ask(child.Port, Load.Get("/health/live"));
            watch.Stop();
            return answer.Status == 200 ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"/health/live: {answer.Status}");
        }

        var runs = Enumerable.Range(0, StartUps).Select(_ => (Empty: Took(Child.Empty), Server: Took(() => Child.Serve(database)))).ToList();
        return new StartResult(Median(runs.Select(r => r.Server)), Median(runs.Select(r => r.Empty)), Median(runs.Select(r => r.Server / r.Empty)));
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    [GeneratedRegex("ETag: (\"[^\"]+\")")]
    private static partial Regex EntityTag();

    /// <summary>What the requests ask for, picked from the database out of a seed.</summary>
    private sealed class Choices
    {
        public Choices(Database database)
        {
            using var session = new Session(database.OpenForReading());
            var random = new Random(3);
            var step = Math.Max(1, session.First<long>("SELECT max(no) FROM pledge") / 100_000);
            PledgeIds = Shuffled(random, session.Query<string>("SELECT id FROM pledge INDEXED BY sqlite_autoindex_pledge_1 WHERE no % @step = 0", ("@step", step)));
            Donors = Shuffled(random, session.Query<string>(Busiest, ("@scope", "donor")));
            Funds = Shuffled(random, session.Query<string>(Busiest, ("@scope", "fund")));
            SingleDonorPledges = Shuffled(random, session.Query<string>("""
                SELECT p.id FROM pledge p WHERE p.no % @step = 0 AND p.origin = 'announced' AND (SELECT count(*) FROM line l WHERE l.pledge_no = p.no) = 1
                """, ("@step", step)));
            LargestDonor = session.First<string>("SELECT id FROM total WHERE scope = 'donor' AND instrument = 'all' ORDER BY lines DESC LIMIT 1")!;
        }

        // Those whose page is full; a small database has few of them.
        private const string Busiest = """
            SELECT id FROM (SELECT id, row_number() OVER (ORDER BY lines DESC) AS rank, lines FROM total WHERE scope = @scope AND instrument = 'all')
            WHERE lines > 60 OR rank <= 50 LIMIT 1000
            """;

        public IReadOnlyList<string> PledgeIds { get; }

        public IReadOnlyList<string> SingleDonorPledges { get; }

        public IReadOnlyList<string> Donors { get; }

        public IReadOnlyList<string> Funds { get; }

        public string LargestDonor { get; }

        public IReadOnlyList<string> Kinds { get; } =
        [
            .. from status in (string[])["announced", "committed", "partially_paid", "paid"]
               from instrument in (string[])["grant", "loan", "in_kind", "unspecified"]
               select $"status={status}&instrument={instrument}",
        ];

        private static List<string> Shuffled(Random random, List<string> items)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items));
            return items;
        }
    }
}
