using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Benchmarks;

/// <summary>One kind of request.</summary>
/// <param name="Request">The n-th request.</param>
internal sealed record Case(string Name, Func<long, byte[]> Request)
{
    public int Connections { get; init; } = 64;

    /// <summary>The status that every answer must have.</summary>
    public int Status { get; init; } = 200;

    /// <summary>What a shorter body would not be: an empty page, say.</summary>
    public int LeastBytes { get; init; } = 100;

    /// <summary>At least this share of the plaintext endpoint's requests a second; null where the figure is only reported.</summary>
    public double? Aim { get; init; }

    /// <summary>Throws when an answer is not what it has to be.</summary>
    public void Check(Connection answer)
    {
        if (answer.Status != Status || answer.BodyLength < LeastBytes)
        {
            throw new InvalidOperationException($"{Name}: {answer.Status} with {answer.BodyLength} bytes where a {Status} with at least {LeastBytes} belongs.");
        }
    }
}

/// <summary>What a case came to.</summary>
/// <param name="Ratio">The median of the rounds' ratios to the plaintext endpoint.</param>
internal sealed record CaseResult(Case Case, double Ratio, double PerSecond, double PlaintextPerSecond, double P50, double P90, double P99, double Bytes);

/// <summary>Page 1,000 of a walk (or the last one) against page 1 of the same walk, on one connection.</summary>
internal sealed record WalkResult(string Name, int Page, double FirstMs, double DeepMs, double Ratio);

/// <summary>Start-up from the process's start to its first answer.</summary>
internal sealed record StartResult(double ServerMs, double EmptyMs, double Ratio);

/// <summary>All that is measured over one database.</summary>
internal sealed record Measured(
    string Engine, int Pledges, Filled? Filled, IReadOnlyList<CaseResult> Cases, IReadOnlyList<WalkResult> Walks, StartResult? Start, long HighWaterBytes);

/// <summary>Runs everything over one database.</summary>
internal sealed class Measurement(Server server, Options options)
{
    public const int StartUps = 7;

    // A second in which no more methods than these are compiled counts as quiet; two in a row end the warm-up.
    private const int FewMethods = 10;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(20);

    public static async Task<Measured> OfAsync(Database database, int pledges, Options options)
    {
        string key;
        Filled? filled;
        // Filled by a server of its own: what filling left in memory belongs to none of the cases.
        using (var server = Server.Over(database))
        {
            key = Server.MakeKey(database);
            filled = await Filling.EnsureAsync(server, key, pledges);
            Console.WriteLine($"  {filled?.ToString() ?? "it is filled already"}");
        }

        var cases = new List<CaseResult>();
        var walks = new List<WalkResult>();
        long highWater;
        using (var server = Server.Over(database))
        {
            var measurement = new Measurement(server, options);
            var choices = await Choices.OfAsync(server, pledges);
            foreach (var @case in Reads(choices).Where(c => c.Name.Contains(options.Only, StringComparison.Ordinal)))
            {
                await RunAsync(measurement, @case);
            }

            foreach (var (name, path) in Walks.Where(w => w.Name.Contains(options.Only, StringComparison.Ordinal)))
            {
                walks.Add(await measurement.WalkAsync(name, path));
                Console.WriteLine($"  {Report.Line(walks[^1])}");
            }

            // Last, because they add to the database.
            foreach (var @case in Writes(choices, key).Where(c => c.Name.Contains(options.Only, StringComparison.Ordinal)))
            {
                await RunAsync(measurement, @case);
            }

            highWater = server.HighWater;
        }

        return new Measured(database.Engine, pledges, filled, cases, walks, options.Only.Length == 0 ? await StartUpAsync(database) : null, highWater);

        async Task RunAsync(Measurement measurement, Case @case)
        {
            cases.Add(await measurement.RunAsync(@case));
            Console.WriteLine($"  {Report.Line(cases[^1])}");
        }
    }

    // The aim of pages is 1,000 a second where the plaintext endpoint answers 90,000.
    private static IEnumerable<Case> Reads(Choices choices) =>
    [
        Anew("one pledge by id", choices.Pledges, id => $"/v1/pledges/{id}") with { Aim = 0.15 },
        Anew("one pledge by id, 1 connection", choices.Pledges, id => $"/v1/pledges/{id}") with { Connections = 1 },
        .. ((Case[])
        [
            Anew("pledges of a donor, 50", choices.Donors, id => $"/v1/pledges?donor={id}&limit=50"),
            Anew("pledges to a fund, 50", choices.Funds, id => $"/v1/pledges?fund={id}&limit=50"),
            Anew("pledges for a country, 50", Mix.AllCountries, code => $"/v1/pledges?country={code}&limit=50"),
            Anew("pledges by status and instrument, 50", choices.Kinds, kind => $"/v1/pledges?{kind}&limit=50"),
            Anew("pledges unfiltered, 50", ["/v1/pledges?limit=50"], path => path),
        ]).Select(page => page with { Aim = 0.0111 }),
        Pool("pledges of a donor, 50, asked for again", choices.Donors, id => $"/v1/pledges?donor={id}&limit=50"),
        new Case("pledges unfiltered, asked for again with If-None-Match, 304", Same(Load.Get("/v1/pledges?limit=50", $"If-None-Match: {choices.Tag}\r\n"))) { Status = 304, LeastBytes = 0 },
        Anew("contributions to a fund, 50", choices.Funds, id => $"/v1/contributions?fund={id}&limit=50"),
        Anew("donors by paid, 50", ["/v1/donors?sort=-paid&limit=50"], path => path),
        Anew("funds by pledged, 50", ["/v1/funds?sort=-pledged&limit=50"], path => path),
        Anew("shortfalls, 50", ["/v1/shortfalls?limit=50"], path => path),
        Anew("summary by fund", ["/v1/summary?groupBy=fund"], path => path),
        Pool("summary by fund, asked for again", ["/v1/summary?groupBy=fund"], path => path),
        // On one connection: many such searches at once are refused with 503 when the time of a read is up.
        Anew("search by two words, 50, 1 connection", [.. Mix.Searches], words => $"/v1/pledges?q={Uri.EscapeDataString(words)}&limit=50") with { Connections = 1, LeastBytes = 0 },
    ];

    // 1,200 a second where the plaintext endpoint answers 90,000.
    private static IEnumerable<Case> Writes(Choices choices, string key) =>
        [Recording("contribution recorded", choices, key) with { Aim = 0.0133 }, Recording("contribution recorded, 1 connection", choices, key) with { Connections = 1 }];

    private static IEnumerable<(string Name, string Path)> Walks =>
    [
        ("walk, unfiltered", "/v1/pledges?limit=50"),
        ("walk, largest donor", $"/v1/pledges?donor={Mix.Donor(0)}&limit=50"),
        ("walk, by amount", "/v1/pledges?sort=-amountUsd&limit=50"),
    ];

    private static Case Pool(string name, IReadOnlyList<string> keys, Func<string, string> path)
    {
        var requests = keys.Select(key => Load.Get(path(key))).ToArray();
        return new Case(name, n => requests[n % requests.Length]);
    }

    /// <summary>The same where no answer was kept.</summary>
    private static Case Anew(string name, IReadOnlyList<string> keys, Func<string, string> path) => new(name, n => Load.Get(Load.Anew(path(keys[(int)(n % keys.Count)]), n / keys.Count)));

    private static Case Recording(string name, Choices choices, string key)
    {
        var run = Guid.NewGuid();
        return new Case(name, n => Load.Post("/v1/contributions", $"Authorization: Bearer {key}\r\nIdempotency-Key: {run}-{n}\r\n", string.Create(CultureInfo.InvariantCulture,
            $$"""{"pledgeId":"{{choices.Single[(int)(n % choices.Single.Count)]}}","stage":"payment","amount":{{1000 + (n % 9000)}},"currency":"USD","date":"2025-06-{{1 + (n % 28):D2}}","reference":"TR-{{n}}"}""")))
        { Status = 201 };
    }

    private static Func<long, byte[]> Same(byte[] request) => _ => request;

    private async Task<CaseResult> RunAsync(Case @case)
    {
        var plaintext = new Case("plaintext", Same(Load.Get("/plaintext"))) { Connections = @case.Connections, LeastBytes = 1 };
        var asked = 0L;
        var (bytes, answers) = (0L, 0L);
        byte[] Next(long _) => @case.Request(asked++);
        void Check(Connection answer)
        {
            @case.Check(answer);
            bytes += answer.BodyLength;
            answers++;
        }

        await WarmUpAsync(() => Half(plaintext, plaintext.Request, plaintext.Check, TimeSpan.FromSeconds(1)));
        await WarmUpAsync(() => Half(@case, Next, Check, TimeSpan.FromSeconds(1)));
        var (ratios, samples, reference) = (new List<double>(), new List<Sample>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var a = Half(plaintext, plaintext.Request, plaintext.Check, options.Half);
            var b = Half(@case, Next, Check, options.Half);
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
    private async Task WarmUpAsync(Action aSecond)
    {
        var watch = Stopwatch.StartNew();
        for (var (quiet, compiled) = (0, await server.CompiledAsync()); quiet < 2 && watch.Elapsed < LongestWarmUp;)
        {
            aSecond();
            var now = await server.CompiledAsync();
            quiet = now - compiled > FewMethods ? 0 : quiet + 1;
            compiled = now;
        }
    }

    private Sample Half(Case @case, Func<long, byte[]> request, Action<Connection> check, TimeSpan time) => Load.Run(server.Port, @case.Connections, time, request, check);

    private async Task<WalkResult> WalkAsync(string name, string path)
    {
        var (page, at) = (1, path);
        while (page < 1000 && await NextOfAsync(at) is { } next)
        {
            (at, page) = (next, page + 1);
        }

        var first = new Case($"{name}, page 1", Same(Load.Get(path))) { Connections = 1 };
        var deep = new Case($"{name}, page {page}", Same(Load.Get(at))) { Connections = 1 };
        var time = options.Half / 3;
        await WarmUpAsync(() => Half(first, first.Request, first.Check, TimeSpan.FromSeconds(1)));
        var (ratios, firsts, deeps) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            firsts.Add(Half(first, first.Request, first.Check, time).Percentile(0.5));
            deeps.Add(Half(deep, deep.Request, deep.Check, time).Percentile(0.5));
            ratios.Add(deeps[^1] / firsts[^1]);
        }

        return new WalkResult(name, page, Median(firsts), Median(deeps), Median(ratios));
    }

    private async Task<string?> NextOfAsync(string path)
    {
        using var body = JsonDocument.Parse(await server.Client.GetStringAsync(path));
        return body.RootElement.GetProperty("next").GetString();
    }

    private static async Task<StartResult> StartUpAsync(Database database)
    {
        static async Task<double> TookAsync(Func<Server> start)
        {
            var watch = Stopwatch.StartNew();
            using var child = start();
            await child.Client.GetStringAsync("/health/live");
            return watch.Elapsed.TotalMilliseconds;
        }

        var runs = new List<(double Empty, double Server)>();
        for (var i = 0; i < StartUps; i++)
        {
            runs.Add((await TookAsync(Server.Empty), await TookAsync(() => Server.Over(database))));
        }

        return new StartResult(Median(runs.Select(r => r.Server)), Median(runs.Select(r => r.Empty)), Median(runs.Select(r => r.Server / r.Empty)));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>What the requests ask for.</summary>
    /// <param name="Pledges">Of all years.</param>
    /// <param name="Single">Those that one donor made alone.</param>
    /// <param name="Donors">Those with the most pledges, whose pages are full.</param>
    /// <param name="Tag">The entity tag of the first page.</param>
    private sealed record Choices(List<string> Pledges, List<string> Single, List<string> Donors, List<string> Funds, string Tag)
    {
        public IReadOnlyList<string> Kinds { get; } =
        [
            .. from status in (string[])["announced", "committed", "partially_paid", "paid"]
               from instrument in (string[])["grant", "loan", "in_kind", "unspecified"]
               select $"status={status}&instrument={instrument}",
        ];

        public static async Task<Choices> OfAsync(Server server, int pledges)
        {
            var random = new Random(3);
            var (all, single) = (new HashSet<string>(), new HashSet<string>());
            for (var month = new DateOnly(2011, 1, 1); month.Year < 2026; month = month.AddMonths(1))
            {
                using var page = JsonDocument.Parse(await server.Client.GetStringAsync($"/v1/pledges?announcedFrom={month:yyyy-MM-dd}&sort=announcedOn&limit=200"));
                foreach (var pledge in page.RootElement.GetProperty("data").EnumerateArray())
                {
                    var id = pledge.GetProperty("id").GetString()!;
                    all.Add(id);
                    if (pledge.GetProperty("donors").GetArrayLength() == 1)
                    {
                        single.Add(id);
                    }
                }
            }

            var busiest = Math.Clamp(pledges / 1000, 50, 1000);
            using var first = await server.Client.GetAsync("/v1/pledges?limit=50");
            return new Choices(Shuffled(random, all), Shuffled(random, single), Shuffled(random, Enumerable.Range(0, busiest).Select(Mix.Donor)),
                Shuffled(random, Enumerable.Range(0, busiest).Select(Mix.Fund)), first.Headers.ETag!.ToString());
        }

        private static List<string> Shuffled(Random random, IEnumerable<string> items)
        {
            var list = items.ToArray();
            random.Shuffle(list);
            return [.. list];
        }
    }
}
