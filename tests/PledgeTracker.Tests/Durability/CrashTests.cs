using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Tests.Durability;

/// <summary>
/// Many clients record contributions while the server is killed and started again, and retry whatever they got no answer to.
/// What CI runs is short. The long one is the same test, sized by the environment:
/// <c>PLEDGETRACKER_CRASH_CLIENTS=200 PLEDGETRACKER_CRASH_KILLS=20 PLEDGETRACKER_CRASH_SECONDS=180 dotnet test --filter-class "*CrashTests"</c>.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private static readonly string[] Donors = ["usa", "deu", "sau", "are", "irq", "undp"];
    private static readonly string[] Funds = ["undp-ffs", "syria-recovery-trust-fund", "ne-syria-stabilization", "iraq-stabilization"];

    private readonly int _clients = Setting("CLIENTS", 40);
    private readonly int _kills = Setting("KILLS", 3);
    private readonly TimeSpan _time = TimeSpan.FromSeconds(Setting("SECONDS", 6));
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private readonly int _port = ChildProcess.FreePort();
    private readonly ConcurrentDictionary<string, Sent> _sent = new();
    private readonly ConcurrentBag<string> _surprises = [];
    private ChildProcess _server = null!;
    private long _requests, _refused, _lost, _replays, _running, _busy;

    private string DatabasePath => Path.Combine(_folder, "crash.db");

    [Fact]
    public async Task Whatever_was_acknowledged_survives_the_kills_and_no_retry_doubles()
    {
        await StartAsync("--Database:Seed=coalition");
        var before = await CountAsync();
        var token = await TestKeys.ByCommandAsync($"Data Source={DatabasePath}", "editor");
        using var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) };
        using var http = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var running = Stopwatch.StartNew();
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, _clients).Select(no => Task.Run(() => ClientAsync(http, no, enough.Token))).ToArray();
        for (var kill = 1; kill <= _kills; kill++)
        {
            // At any moment: under load, between two writes, or while the server still starts.
            await Task.WhenAny(Task.Delay(_time * (Random.Shared.NextDouble() * 2 / (_kills + 1))), Task.WhenAll(clients));
            await _server.KillAsync();
            _server.Dispose();
            _server = ChildProcess.Start([.. Args]);
        }

        await _server.ReadyAsync(_port);
        var left = _time - running.Elapsed;
        await Task.Delay(left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
        await enough.CancelAsync();
        await Task.WhenAll(clients);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_clients} clients, {_kills} kills, {running.Elapsed.TotalSeconds:0} s: {_requests} requests for {_sent.Count} contributions, " +
            $"{_refused} found no server, {_lost} lost their answer, {_replays} replays, {_running} still running, {_busy} busy"));
        Assert.Empty(_surprises);
        // Each client ends with an answer to the last thing it sent, so every key is acknowledged.
        Assert.All(_sent.Values, sent => Assert.NotEmpty(sent.Answers));
        Assert.True(_sent.Count >= _clients && _refused + _lost > 0 && _replays > 0, "The clients met no crash: the test shows nothing.");
        Assert.Equal(_sent.Count, await CountAsync() - before);
        await EveryAnswerIsPresentAsync(http);
        await _server.TerminateAsync();
        using var verified = await ChildProcess.RunAsync("verify", "--Database:Connection", $"Data Source={DatabasePath}");
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
    }

    public void Dispose()
    {
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<string> Args => [.. ChildProcess.ServerArgs($"Data Source={DatabasePath}", _port), "--RateLimit:WritesPerMinute=0", "--RateLimit:ReadsPerMinute=0"];

    private async Task StartAsync(params string[] settings)
    {
        _server = ChildProcess.Start([.. Args, .. settings]);
        await _server.ReadyAsync(_port);
    }

    /// <summary>One client after another thing to record, each until it has an answer.</summary>
    private async Task ClientAsync(HttpClient http, int no, CancellationToken enough)
    {
        var random = new Random(no);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var sent = new Sent($"client-{no}-{i}", JsonSerializer.Serialize(new
            {
                donorId = Donors[random.Next(Donors.Length)],
                fundId = Funds[random.Next(Funds.Length)],
                stage = random.Next(2) == 0 ? "payment" : "commitment",
                amount = random.Next(1, 100_000) / 100m,
                currency = "USD",
                date = "2026-02-01",
                reference = $"{no}/{i}",
            }));
            _sent[sent.Key] = sent;
            do
            {
                // Now and then twice at once, as a proxy or an impatient client does, and again after an answer was had.
                var copies = random.Next(8) == 0 ? 2 : 1;
                await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => PostAsync(http, sent)));
                if (sent.Answers.IsEmpty || random.Next(10) == 0)
                {
                    await Task.Delay(random.Next(1, 100), CancellationToken.None);
                }
            }
            while (sent.Answers.IsEmpty || random.Next(6) == 0);
        }
    }

    private async Task PostAsync(HttpClient http, Sent sent)
    {
        Interlocked.Increment(ref _requests);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/contributions") { Content = new StringContent(sent.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", sent.Key);
        try
        {
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            switch (response.StatusCode)
            {
                case HttpStatusCode.Created:
                    sent.Answers.Add(body);
                    if (response.Headers.Contains("Idempotency-Replayed"))
                    {
                        Interlocked.Increment(ref _replays);
                    }

                    break;
                case HttpStatusCode.Conflict when body.Contains("\"conflict\"", StringComparison.Ordinal) && response.Headers.RetryAfter is not null:
                    Interlocked.Increment(ref _running);
                    break;
                case HttpStatusCode.ServiceUnavailable when response.Headers.RetryAfter is not null:
                    Interlocked.Increment(ref _busy);
                    break;
                default:
                    _surprises.Add($"{sent.Body}: {(int)response.StatusCode} {body}");
                    sent.Answers.Add(body);
                    break;
            }
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            // Nobody listens: the server is down, and this one was never sent.
            Interlocked.Increment(ref _refused);
            await Task.Delay(200);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException)
        {
            Interlocked.Increment(ref _lost);
        }
    }

    private async Task EveryAnswerIsPresentAsync(HttpClient http)
    {
        await Parallel.ForEachAsync(_sent.Values, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (sent, cancellation) =>
        {
            var answer = Assert.Single(sent.Answers.Distinct());
            var id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString();
            Assert.Equal(answer, await http.GetStringAsync($"/v1/contributions/{id}", cancellation));
            await PostAsync(http, sent);
            Assert.Single(sent.Answers.Distinct());
        });
    }

    private async Task<long> CountAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        using var page = JsonDocument.Parse(await http.GetStringAsync("/v1/contributions?count=true&limit=1"));
        return page.RootElement.GetProperty("count").GetInt64();
    }

    private static int Setting(string name, int standard) =>
        Environment.GetEnvironmentVariable("PLEDGETRACKER_CRASH_" + name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;

    private sealed record Sent(string Key, string Body)
    {
        /// <summary>The body of every 2xx that came back.</summary>
        public ConcurrentBag<string> Answers { get; } = [];
    }
}
