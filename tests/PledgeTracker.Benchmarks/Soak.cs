using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// Requests of every kind that the document has, most of them changed at random: methods, paths, parameters, headers, keys, bodies, addresses. What they come to
/// is only counted; what the server's memory comes to is looked at.
/// </summary>
internal sealed class Soak(Server server, string key)
{
    private const int Clients = 16;
    private const int Between = 50_000;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(100);

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "get", "QUERY"];
    private static readonly string[] Accepts = ["*/*", "application/json", "application/problem+json;q=0.1, application/json", "text/csv", "text/html", "application/json;version=1", "x"];
    private static readonly string[] Types = ["application/json", "application/merge-patch+json", "application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

    // What may be meant, and what cannot be.
    private static readonly string[] Values =
    [
        "", "0", "1", "-1", "50", "1e400", "99999999999999999999", "0.000000000001", "true", "false", "null", "2018", "2018-06-26", "2018-02-30", "9999-12-31", "me", "usd", "USD", "SYR", "all", "*",
        "%", "'", "\"", "<b>", "سوريا", "\u064F", "🏳️", "\u0000", "\u202E", "٢٠١٨", "../../etc", "pt_a_b", "{}", "[]", "a,b,c", ",", "0-00000000", "00000000-0000-0000-0000-000000000000", "-paid", "-announcedOn",
    ];

    private readonly List<Operation> _operations = [];
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, List<string>> _idsOf = [];
    private readonly long[] _answers = new long[6];
    private long _sent;

    /// <summary>Sends so many requests to a server of its own, and prints what it holds every now and then.</summary>
    public static async Task RunAsync(Database database, long requests)
    {
        // What a proxy says of addresses is believed: each request may come from another.
        using var server = Server.Over(database, "--Database:Seed=coalition", "--Proxies=127.0.0.0/8", "--RateLimit:WritesPerMinute=1000000000");
        var soak = new Soak(server, Server.MakeKey(database));
        await soak.LearnAsync();
        Console.WriteLine($"{soak._operations.Count} operations, {soak._ids.Count} ids, {Clients} clients");
        Console.WriteLine($"{"requests",10} {"a second",9} {"RSS",6} {"live",6} {"held",6} MB   without an answer, 2xx, 3xx, 4xx, 5xx");
        await soak.TellAsync(0);
        while (soak._sent < requests)
        {
            var (begun, before) = (Stopwatch.GetTimestamp(), soak._sent);
            var upTo = Math.Min(requests, before + Between);
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => soak.SendAsync(new Random((int)before + client), upTo)));
            await soak.TellAsync((soak._sent - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        // The limits remember each client for a minute and a little.
        await Task.Delay(Rest);
        await soak.TellAsync(0);
    }

    private async Task TellAsync(double perSecond)
    {
        var memory = await server.MemoryAsync();
        Console.WriteLine($"{_sent,10:N0} {perSecond,9:N0} {memory.Resident >> 20,6:N0} {memory.Live >> 20,6:N0} {memory.Held >> 20,6:N0}      {_answers[0]:N0}, {_answers[2]:N0}, {_answers[3]:N0}, {_answers[4]:N0}, {_answers[5]:N0}");
    }

    private async Task LearnAsync()
    {
        var document = JsonNode.Parse(await server.Client.GetStringAsync("/openapi.json"))!;
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject().Where(o => o.Value is JsonObject))
            {
                var body = operation!["requestBody"]?["content"]?.AsObject().First();
                _operations.Add(new(method.ToUpperInvariant(), path,
                    [.. (operation["parameters"]?.AsArray() ?? []).Where(p => (string?)p!["in"] == "query").Select(p => new Parameter((string)p!["name"]!, ValuesOf(p["schema"], document)))],
                    body?.Value!["example"], body?.Key));
            }
        }

        foreach (var list in _operations.Where(o => o.Method == "GET" && o.Parameters.Any(p => p.Name == "limit")))
        {
            using var answer = await server.Client.GetAsync(list.Path + "?limit=100");
            if (answer.IsSuccessStatusCode)
            {
                var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
                _idsOf[list.Path] = [.. (page?["data"]?.AsArray() ?? []).Select(item => item?["id"]?.ToString()).OfType<string>()];
                AddIds(page);
            }
        }
    }

    // What a parameter takes; where the document does not say, ids.
    private static string[] ValuesOf(JsonNode? schema, JsonNode document) =>
        (string?)schema?["$ref"] is { } named ? ValuesOf(document["components"]!["schemas"]![named.Split('/')[^1]], document)
        : schema?["items"] is { } items ? ValuesOf(items, document)
        : schema?["enum"] is JsonArray words ? [.. words.Select(w => w!.ToString())]
        : (string?)schema?["format"] == "date" ? ["2015-01-01", "2018-06-26", "2018-07-12", "2026-01-01"]
        : schema?["type"]?.ToString() switch { "integer" or "number" => ["1", "2", "5", "50", "500"], "boolean" => ["true", "false"], _ => [] };

    private void AddIds(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            if (members["id"] is JsonValue id && !_ids.Contains(id.ToString()))
            {
                _ids.Add(id.ToString());
            }

            members.ToList().ForEach(m => AddIds(m.Value));
        }
        else if (node is JsonArray items)
        {
            items.ToList().ForEach(AddIds);
        }
    }

    private async Task SendAsync(Random random, long upTo)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Client.BaseAddress };
        while (Interlocked.Increment(ref _sent) <= upTo)
        {
            using var request = Make(random);
            // A stream of changes never ends; who leaves in the middle is a kind, too.
            using var patience = new CancellationTokenSource(request.RequestUri!.OriginalString.Contains("/stream", StringComparison.Ordinal) || random.Next(500) == 0 ? 20 : 60_000);
            var kind = 0;
            try
            {
                if (random.Next(200) == 0)
                {
                    await SendBytesAsync(request, random, patience.Token);
                }
                else
                {
                    using var answer = await client.SendAsync(request, patience.Token);
                    kind = (int)answer.StatusCode / 100;
                    if (kind == 5)
                    {
                        // A 500 is a bug, always.
                        Console.WriteLine($"{request.Method} {request.RequestUri}: {await answer.Content.ReadAsStringAsync(patience.Token)}");
                    }
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException or SocketException)
            {
                // The server may close a connection on what is no HTTP; it is counted.
            }

            Interlocked.Increment(ref _answers[kind]);
        }

        Interlocked.Decrement(ref _sent);
    }

    private HttpRequestMessage Make(Random random)
    {
        var operation = Pick(random, _operations);
        // One in five is as the document has it.
        var isPlain = random.Next(5) == 0;
        var path = operation.Path;
        while (path.IndexOf("/{", StringComparison.Ordinal) is >= 0 and var at)
        {
            var ids = random.Next(10) > 0 && _idsOf.TryGetValue(path[..at], out var own) && own.Count > 0 ? own : _ids;
            path = string.Concat(path.AsSpan(0, at + 1), Pick(random, ids), path.AsSpan(path.IndexOf('}', at) + 1));
        }

        if (!isPlain && random.Next(10) == 0)
        {
            path = path.Insert(random.Next(1, path.Length + 1), Uri.EscapeDataString(Any(random)));
        }

        var query = new List<string>();
        foreach (var parameter in isPlain ? [] : operation.Parameters.OrderBy(_ => random.Next()).Take(random.Next(6)))
        {
            query.Add($"{parameter.Name}={Uri.EscapeDataString(random.Next(15) == 0 ? Any(random) : Pick<string>(random, parameter.Values.Length > 0 ? parameter.Values : _ids))}");
        }

        if (!isPlain && random.Next(20) == 0)
        {
            query.Add($"{Uri.EscapeDataString(Any(random))}=%{Any(random)}");
        }

        var request = new HttpRequestMessage(new HttpMethod(isPlain || random.Next(15) > 0 ? operation.Method : Pick(random, Methods)),
            new Uri(query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", UriKind.Relative));
        AddHeaders(request, random);
        if (operation.Example is { } example && request.Method.Method is not ("GET" or "HEAD"))
        {
            var json = example.ToJsonString();
            json = isPlain ? json : Changed(json, random);
            request.Content = new StringContent(json, Encoding.UTF8);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", isPlain || random.Next(20) > 0 ? operation.MediaType : Pick(random, Types));
        }

        return request;
    }

    private void AddHeaders(HttpRequestMessage request, Random random)
    {
        var headers = request.Headers;
        headers.TryAddWithoutValidation("X-Forwarded-For", random.Next(2) == 0
            ? new IPAddress(random.NextInt64(1L << 32)).ToString() : $"2001:db8:{random.Next(65536):x}:{random.Next(65536):x}::{random.Next(65536):x}");
        switch (random.Next(8))
        {
            case > 1:
                headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
                break;
            case 1:
                headers.TryAddWithoutValidation("Authorization", $"Bearer pt_{random.NextInt64():x}_{random.NextInt64():x}");
                break;
        }

        Sometimes("Accept", () => Pick(random, Accepts));
        Sometimes("Accept-Language", () => random.Next(2) == 0 ? "ar" : $"x-{random.Next(100_000)}, en;q=0.{random.Next(10)}");
        Sometimes("Accept-Encoding", () => random.Next(2) == 0 ? "gzip" : "br;q=0.9, zstd");
        Sometimes("If-None-Match", () => $"\"{random.Next(100)}.{random.NextInt64():x}\"");
        Sometimes("If-Match", () => random.Next(2) == 0 ? "*" : $"\"{random.Next(100)}.{random.Next(100)}\"");
        Sometimes("Idempotency-Key", () => $"{random.NextInt64():x}");
        Sometimes("Dataset-Version-Min", () => $"{random.Next(1000)}");
        Sometimes("Origin", () => $"https://{random.Next(100_000)}.example");
        Sometimes("X-Request-Id", () => $"{random.NextInt64():x}");
        Sometimes("X-Forwarded-Prefix", () => $"/p{random.Next(100_000)}");
        Sometimes("X-" + random.Next(100_000), () => "x");

        void Sometimes(string name, Func<string> value)
        {
            if (random.Next(6) == 0)
            {
                headers.TryAddWithoutValidation(name, value());
            }
        }
    }

    // What stands in the example becomes something else; now and then it is no JSON any more, or a long one.
    private string Changed(string json, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                return json[..random.Next(json.Length)];
            case 1:
                return json.Insert(random.Next(json.Length), Any(random));
            case 2:
                return json.Replace("\":\"", "\":\"" + new string('x', random.Next(200_000)), StringComparison.Ordinal);
        }

        var node = JsonNode.Parse(json)!;
        for (var changes = random.Next(1, 4); changes > 0 && node is JsonObject { Count: > 0 } members; changes--)
        {
            var name = Pick(random, [.. members.Select(m => m.Key)]);
            switch (random.Next(5))
            {
                case 0:
                    members.Remove(name);
                    break;
                case 1:
                    members[$"{name}{random.Next(100_000)}"] = Any(random);
                    break;
                case 2:
                    members[name] = random.Next(1_000_000) / 100m;
                    break;
                case 3:
                    members[name] = new JsonArray(Any(random));
                    break;
                default:
                    members[name] = Any(random);
                    break;
            }
        }

        return node.ToJsonString();
    }

    private string Any(Random random) => random.Next(4) switch
    {
        0 => Pick(random, _ids),
        1 => $"{random.NextInt64():x}",
        2 => $"{Pick(random, _ids)},{Pick(random, _ids)}",
        _ => Pick(random, Values),
    };

    private static T Pick<T>(Random random, IReadOnlyList<T> all) => all[random.Next(all.Count)];

    /// <summary>The request as bytes of which some are others.</summary>
    private async Task SendBytesAsync(HttpRequestMessage request, Random random, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes($"{request.Method} {request.RequestUri} HTTP/1.1\r\nHost: localhost\r\n{request.Headers}Connection: close\r\n\r\n");
        for (var i = random.Next(4); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellation);
        await socket.SendAsync(bytes, cancellation);
        socket.Shutdown(SocketShutdown.Send);
        var buffer = new byte[1 << 16];
        while (await socket.ReceiveAsync(buffer, cancellation) > 0)
        {
        }
    }

    private sealed record Operation(string Method, string Path, List<Parameter> Parameters, JsonNode? Example, string? MediaType);

    private sealed record Parameter(string Name, string[] Values);
}

/// <summary>What a server holds, in bytes.</summary>
/// <param name="Resident">As the kernel counts it.</param>
/// <param name="Live">Managed objects that are in use, after everything else was collected.</param>
/// <param name="Held">What the collector holds of the machine's memory.</param>
internal sealed record Memory(long Resident, long Live, long Held);
