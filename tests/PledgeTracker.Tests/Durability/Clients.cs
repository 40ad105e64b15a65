using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Tests.Durability;

/// <summary>A contribution that a client records, however often it has to send it.</summary>
internal sealed record Sent(string Key, string Body)
{
    /// <summary>The body of every 2xx that came back.</summary>
    public ConcurrentBag<string> Answers { get; } = [];

    private int _acknowledged;

    /// <summary>Keeps an answer; whether it is the first.</summary>
    public bool Acknowledge(string answer)
    {
        Answers.Add(answer);
        return Interlocked.Exchange(ref _acknowledged, 1) == 0;
    }

    public string Id => JsonDocument.Parse(Answers.First()).RootElement.GetProperty("id").GetString()!;
}

/// <summary>
/// Many clients that record contributions on servers which may come and go. Each sends a thing until it is acknowledged, now and then twice at once and
/// again afterwards, with one Idempotency-Key and one externalId, on whichever server; then it reads what it recorded from whichever server.
/// </summary>
internal sealed class Clients : IDisposable
{
    private static readonly string[] Donors = ["usa", "deu", "sau", "are", "irq", "undp"];
    private static readonly string[] Funds = ["undp-ffs", "syria-recovery-trust-fund", "ne-syria-stabilization", "iraq-stabilization"];

    // Twice what a server waits for the database, and more than a frozen one is left so.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }) { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentDictionary<string, Sent> _sent = new();
    private readonly ConcurrentDictionary<string, long> _answers = new();
    private readonly ConcurrentBag<string> _surprises = [];
    private int _begun;
    private int _acknowledged;
    private int _unread;

    private readonly string _name;

    /// <param name="token">A key that may record.</param>
    /// <param name="name">Tells what these record from what others do.</param>
    public Clients(string token, string name = "thing")
    {
        _name = name;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The ports of the servers that are sent to.</summary>
    public volatile int[] Ports = [];

    public IReadOnlyCollection<Sent> All => [.. _sent.Values];

    /// <summary>How many things have had an answer.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Whatever nobody should be answered.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    /// <summary>How often a server answered so: a problem's code, `recorded`, `replayed`, `same` (externalId), `refused` (nobody listened), `lost` (no answer came).</summary>
    public long Count(string answer) => _answers.GetValueOrDefault(answer);

    /// <summary>All kinds of answers that were had.</summary>
    public IReadOnlySet<string> Kinds => _answers.Keys.ToHashSet();

    /// <summary>How many writes were answered 503.</summary>
    public long Refusals => Count("busy") + Count("outcome_unknown");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{_sent.Count} contributions; {string.Join(", ", _answers.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value}"))}");

    /// <summary>Records until this many things were recorded, or until it is enough.</summary>
    public Task RunAsync(int clients, int most, CancellationToken enough) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(no => Task.Run(() => ClientAsync(new Random(no), most, enough), CancellationToken.None)));

    /// <summary>Waits until this many things have been acknowledged.</summary>
    public async Task AcknowledgedAsync(int count, TimeSpan patience, Task running)
    {
        using var late = new CancellationTokenSource(patience);
        while (Acknowledged < count && !running.IsCompleted)
        {
            Assert.False(late.IsCancellationRequested, $"{Acknowledged} of {count} were acknowledged within {patience}: {this}");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>Records no more, and waits until all that was begun is acknowledged.</summary>
    public async Task EndAsync(CancellationTokenSource enough, Task recording)
    {
        await enough.CancelAsync();
        await Task.WhenAny(recording, Task.Delay(2 * Patience, CancellationToken.None));
        Assert.True(recording.IsCompleted, $"Never acknowledged: {string.Join(", ", All.Where(sent => sent.Answers.IsEmpty).Select(sent => sent.Key))}. {this}");
        await recording;
    }

    /// <summary>Every answer that a thing had is the same, is what is read from each server, and is the answer to one more retry.</summary>
    public async Task AssertEachIsThereOnceAsync()
    {
        Assert.Empty(_surprises);
        Assert.Equal(0, _unread);
        await Parallel.ForEachAsync(_sent.Values, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (sent, cancellation) =>
        {
            var answer = Assert.Single(sent.Answers.Distinct());
            foreach (var port in Ports)
            {
                Assert.Equal(answer, await _http.GetStringAsync($"http://127.0.0.1:{port}/v1/contributions/{sent.Id}", cancellation));
            }

            await PostAsync(Any(Random.Shared), sent, sent.Key);
            Assert.Single(sent.Answers.Distinct());
        });
        Assert.Empty(_surprises);
        Assert.Equal(_sent.Count, _sent.Values.Select(sent => sent.Id).Distinct().Count());
    }

    /// <summary>A client of one server, with the same key.</summary>
    public HttpClient To(int port)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = _http.DefaultRequestHeaders.Authorization;
        return client;
    }

    public async Task<long> CountAsync()
    {
        using var page = JsonDocument.Parse(await _http.GetStringAsync($"http://127.0.0.1:{Ports[0]}/v1/contributions?count=true&limit=1"));
        return page.RootElement.GetProperty("count").GetInt64();
    }

    public void Dispose() => _http.Dispose();

    private int Any(Random random) => Ports is var ports ? ports[random.Next(ports.Length)] : 0;

    private async Task ClientAsync(Random random, int most, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested && Interlocked.Increment(ref _begun) is var no && no <= most)
        {
            var sent = new Sent($"{_name}-{no}", JsonSerializer.Serialize(new
            {
                donorId = Donors[random.Next(Donors.Length)],
                fundId = Funds[random.Next(Funds.Length)],
                stage = random.Next(2) == 0 ? "payment" : "commitment",
                amount = random.Next(1, 100_000) / 100m,
                currency = "USD",
                date = "2026-02-01",
                reference = $"{_name} {no}",
                externalId = $"{_name}-{no}",
            }));
            _sent[sent.Key] = sent;
            do
            {
                await Task.WhenAll(Copies(random, sent));
                if (sent.Answers.IsEmpty || random.Next(10) == 0)
                {
                    await Task.Delay(random.Next(1, 100), CancellationToken.None);
                }
            }
            while (sent.Answers.IsEmpty || random.Next(6) == 0);
            await ReadBackAsync(random, sent);
        }
    }

    // Once; or twice at once, on two servers where there are two, as a proxy or an impatient client does; or so and without the same Idempotency-Key.
    private IEnumerable<Task> Copies(Random random, Sent sent)
    {
        var ports = Ports;
        var first = random.Next(ports.Length);
        yield return PostAsync(ports[first], sent, sent.Key);
        if (random.Next(4) is var twice && twice < 2)
        {
            yield return PostAsync(ports[(first + 1) % ports.Length], sent, twice == 0 ? sent.Key : sent.Key + "-again");
        }
    }

    private async Task PostAsync(int port, Sent sent, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/v1/contributions") { Content = new StringContent(sent.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        if (await SendAsync(request) is not var (response, body))
        {
            return;
        }

        using (response)
        {
            switch (response.StatusCode)
            {
                case HttpStatusCode.Created or HttpStatusCode.OK:
                    if (sent.Acknowledge(body))
                    {
                        Interlocked.Increment(ref _acknowledged);
                    }

                    Note(response.StatusCode == HttpStatusCode.OK ? "same" : response.Headers.Contains("Idempotency-Replayed") ? "replayed" : "recorded");
                    break;
                case HttpStatusCode.Conflict when body.Contains("\"conflict\"", StringComparison.Ordinal) && response.Headers.RetryAfter is not null:
                    Note("running");
                    break;
                case HttpStatusCode.ServiceUnavailable when response.Headers.RetryAfter is not null:
                    Note(JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()!);
                    break;
                default:
                    _surprises.Add($"{sent.Body}: {(int)response.StatusCode} {body}");
                    sent.Answers.Add(body);
                    break;
            }
        }
    }

    // What was acknowledged by one server is seen in the next read, on any.
    private async Task ReadBackAsync(Random random, Sent sent)
    {
        if (sent.Answers.FirstOrDefault() is not { } answer || _surprises.Any(s => s.StartsWith(sent.Body, StringComparison.Ordinal)))
        {
            return;
        }

        using var late = new CancellationTokenSource(Patience);
        while (!late.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Any(random)}/v1/contributions/{sent.Id}");
            if (await SendAsync(request) is var (response, body))
            {
                using (response)
                {
                    if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
                    {
                        if (body != answer)
                        {
                            _surprises.Add($"{request.RequestUri}: {(int)response.StatusCode} {body}");
                        }

                        return;
                    }

                    Note("read " + JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
                }
            }

            await Task.Delay(random.Next(1, 100), CancellationToken.None);
        }

        Interlocked.Increment(ref _unread);
    }

    private async Task<(HttpResponseMessage Response, string Body)?> SendAsync(HttpRequestMessage request)
    {
        try
        {
            var response = await _http.SendAsync(request);
            return (response, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            // Nobody listens: the server is down, and this one was never sent.
            Note("refused");
            await Task.Delay(200);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException)
        {
            Note("lost");
        }

        return null;
    }

    private void Note(string answer) => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
}
