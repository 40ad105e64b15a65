using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;
using PledgeTracker.Tests.Changes;
using PledgeTracker.Tests.Exports;

namespace PledgeTracker.Tests.Golden;

/// <summary>Holds the conversation of a folder with a server of its own, and compares what it says.</summary>
internal sealed partial class GoldenReplay : IDisposable
{
    private static readonly DateTimeOffset Begins = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly TestServer _server;
    private readonly FixedClock _clock;
    private readonly Dictionary<string, (HttpResponseMessage Response, string Body)> _named = [];
    private readonly string _admin;

    private GoldenReplay(TestServer server, FixedClock clock, string admin)
    {
        (_server, _clock, _admin) = (server, clock, admin);
    }

    /// <param name="folder">Beside this file.</param>
    /// <param name="seed">What the server starts on.</param>
    public static async Task RunAsync(string folder, string seed)
    {
        var clock = new FixedClock(Begins);
        await using var server = New(clock, seed);
        await server.InitializeAsync();
        var admin = await TestKeys.ByCommandAsync(server.Connection, "admin");
        await using (var outside = await server.OpenDatabaseAsync())
        {
            // The subcommand goes by the machine's clock.
            await outside.ExecuteAsync($"UPDATE api_key SET created_at = '{Begins:yyyy-MM-ddTHH:mm:ss.fffZ}'");
        }

        using var replay = new GoldenReplay(server, clock, admin);
        var differences = new List<string>();
        foreach (var file in GoldenFile.AllOf(folder))
        {
            var answers = new List<string>();
            foreach (var request in file.Requests)
            {
                if (replay.Missing(request) is { } missing)
                {
                    Assert.Fail(Report([.. differences.Take(5), $"{file.Path}: {request.Name}\n{request.Text}\n\nNo answer before has {missing}."]));
                }

                var answer = await replay.AnswerAsync(request);
                answers.Add(answer);
                if (answer != request.Expected)
                {
                    differences.Add($"{file.Path}: {request.Name}\n{request.Text}\n\n{GoldenAnswer.Difference(request.Expected, answer)}");
                }
            }

            if (Environment.GetEnvironmentVariable("PLEDGETRACKER_UPDATE") == "1")
            {
                await Repository.MatchesAsync(file.Path, file.With(answers));
                differences.Clear();
            }
        }

        Assert.True(differences.Count == 0, Report(differences));
        await server.AssertCleanAsync();
        // What is redacted may be anything.
        var kinds = (await Told.AssertAsync(server)).FindAll(kind => kind.Action != "redacted");
        Assert.Equal(folder == "ledger" ? Told.Kinds : Told.Kinds.Intersect(kinds), kinds);
        await Told.AssertAboutAsync(server);
        await replay.AssertMovesAsync(GoldenFile.AllOf(folder).SelectMany(file => file.Requests).Where(request => request.Method == HttpMethod.Get && !request.Directives.ContainsKey("as")
            && !request.Directives.ContainsKey("events") && replay.Missing(request) is null).DistinctBy(request => request.Text));

        static string Report(List<string> differences) =>
            $"{differences.Count} answers differ from what is recorded (- expected, + came):\n\n{string.Join("\n\n", differences.Take(6))}";
    }

    public void Dispose()
    {
        foreach (var (response, _) in _named.Values)
        {
            response.Dispose();
        }
    }

    private static TestServer New(FixedClock clock, string seed, TestDatabase? database = null) =>
        new(database) { Seed = seed, Clock = clock, Configure = builder => builder.Services.AddSingleton<Ids>(new ClockedIds(clock)) };

    /// <summary>A bundle of all that was entered, in an empty database of the other engine and from there in one of this, answers to the letter what the server does; and what is recorded then goes on from there.</summary>
    private async Task AssertMovesAsync(IEnumerable<GoldenRequest> questions)
    {
        var asked = new List<(GoldenRequest Request, string Answer)>();
        foreach (var request in questions)
        {
            asked.Add((request, await ExactlyAsync(_server, request)));
        }

        Assert.NotEmpty(asked);
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        await using var other = New(_clock, "none", TestDatabase.NewOther(folder));
        await using var back = New(_clock, "none");
        var from = _server;
        foreach (var (to, file) in new[] { (other, "there.jsonl"), (back, "back.jsonl.gz") })
        {
            await Bundles.MoveAsync(from.Connection, Path.Combine(folder, file), to);
            await to.InitializeAsync();
            foreach (var (request, answer) in asked)
            {
                Assert.Equal($"{request.Text}\n\n{answer}", $"{request.Text}\n\n{await ExactlyAsync(to, request)}");
            }

            from = to;
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "there.jsonl")), Bundles.Unpacked(await File.ReadAllBytesAsync(Path.Combine(folder, "back.jsonl.gz"))));
        await back.AssertCleanAsync();
        var version = await _server.VersionAsync();
        _clock.Now += TimeSpan.FromMinutes(1);
        using var editor = await back.ClientAsync("editor");
        var made = await editor.SendAsync(HttpMethod.Post, "/v1/funds", """{"id": "after-the-move", "name": {"en": "After the move"}, "kind": "appeal"}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(version + 1, await back.VersionAsync());
        await back.AssertCleanAsync();
        Directory.Delete(folder, recursive: true);
    }

    // All that must be the same of two servers on the same data, where they are asked as one.
    private async Task<string> ExactlyAsync(TestServer server, GoldenRequest request)
    {
        var (response, body) = await SendAsync(request, Fill(request.Target), server, host: "data.example");
        using (response)
        {
            return string.Join('\n', GoldenAnswer.Show(response, body), response.Headers.NonValidated.GetValueOrDefault("ETag"), response.Headers.NonValidated.GetValueOrDefault("Dataset-Version"), response.IsSuccessStatusCode ? body : "");
        }
    }

    private async Task<string> AnswerAsync(GoldenRequest request)
    {
        if (request.Directives.TryGetValue("clock", out var time))
        {
            _clock.Now = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        }

        if (request.Writes)
        {
            _clock.Now += TimeSpan.FromMinutes(1);
        }

        var answers = new List<string>();
        for (var target = Fill(request.Target); target is not null;)
        {
            var (response, body) = await SendAsync(request, target);
            answers.Add(GoldenAnswer.Show(response, body));
            target = request.Directives.ContainsKey("pages") ? JsonDocument.Parse(body).RootElement.GetProperty("next").GetString() : null;
            if (request.Name.Length == 0 || answers.Count > 1)
            {
                response.Dispose();
            }
            else
            {
                Assert.True(_named.TryAdd(request.Name, (response, body)), $"There are two requests named {request.Name}.");
            }
        }

        if (request.Method == HttpMethod.Post && request.Target.StartsWith("/v1/imports", StringComparison.Ordinal))
        {
            await ImportedAsync();
        }

        // The key that is there from the start was made outside the conversation.
        return string.Join("\n\n", answers).Replace(_admin.Split('_')[1], "{{admin.id}}", StringComparison.Ordinal);
    }

    // What is recorded behind an answer is recorded before the next request, so that both are the same in every run.
    private async Task ImportedAsync()
    {
        using var admin = _server.WithToken(_admin);
        while ((await admin.ReadAsync("/v1/imports?state=staging,checking,applying&limit=1")).Body.GetProperty("data").GetArrayLength() > 0)
        {
            await Task.Delay(5);
        }
    }

    private async Task<(HttpResponseMessage Response, string Body)> SendAsync(GoldenRequest request, string target, TestServer? to = null, string? host = null)
    {
        using var message = new HttpRequestMessage(request.Method, target);
        message.Headers.Host = host;
        if (request.Directives.TryGetValue("as", out var caller))
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(caller));
        }

        if (request.Body is not null || request.Directives.ContainsKey("hex"))
        {
            var bytes = request.Directives.TryGetValue("hex", out var hex) ? Convert.FromHexString(hex) : Encoding.UTF8.GetBytes(Fill(request.Body!));
            message.Content = new ByteArrayContent(bytes);
        }

        foreach (var (name, value) in request.Headers)
        {
            if (name is not ("Content-Type" or "Content-Encoding"))
            {
                Assert.True(message.Headers.TryAddWithoutValidation(name, Fill(value)), name);
            }
            else if (value != "none")
            {
                (message.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (message.Content is not null && !request.Headers.Exists(h => h.Name == "Content-Type"))
        {
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.Method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        var events = request.Directives.TryGetValue("events", out var count) ? int.Parse(count, CultureInfo.InvariantCulture) : 0;
        var response = await (to ?? _server).Client.SendAsync(message, events > 0 ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
        return (response, events > 0 ? await EventsAsync(response, events) : await GoldenAnswer.ReadAsync(response));
    }

    private static async Task<string> EventsAsync(HttpResponseMessage response, int count)
    {
        var text = new StringBuilder();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (count > 0 && await lines.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            count -= line.Length == 0 ? 1 : 0;
        }

        return text.ToString();
    }

    private string Token(string caller) => caller == "admin" ? _admin : Of(caller, "token");

    /// <summary>Puts in what earlier answers said.</summary>
    private string Fill(string text) => Placeholder().Replace(text, match => match.Groups["times"].Success
        ? new StringBuilder().Insert(0, match.Groups["text"].Value, int.Parse(match.Groups["times"].Value, CultureInfo.InvariantCulture)).ToString()
        : match.Groups["name"].Value == "admin" ? _admin.Split('_')[1] : Of(match.Groups["name"].Value, match.Groups["path"].Value));

    /// <summary>The first thing that a request refers to and that is not there; null where all is.</summary>
    private string? Missing(GoldenRequest request)
    {
        var text = request.Directives.TryGetValue("as", out var caller) ? $"{{{{{caller}.token}}}} {request.Text}" : request.Text;
        return Placeholder().Matches(text).FirstOrDefault(match =>
            !match.Groups["times"].Success && match.Groups["name"].Value != "admin" && Find(match.Groups["name"].Value, match.Groups["path"].Value) is null)?.Value;
    }

    private string Of(string name, string path) => Find(name, path) ?? throw new InvalidOperationException($"{name} has no {path}.");

    // A member of an earlier answer's body, or one of its headers.
    private string? Find(string name, string path)
    {
        if (!_named.TryGetValue(name, out var answer) || answer.Body.Length == 0)
        {
            return null;
        }

        if (answer.Response.Headers.NonValidated.TryGetValues(path, out var header))
        {
            return header.ToString();
        }

        var value = JsonNode.Parse(answer.Body);
        foreach (var step in path.Split('.'))
        {
            value = value switch
            {
                JsonObject members => members[step],
                JsonArray items when int.Parse(step, CultureInfo.InvariantCulture) is var at && at < items.Count => items[at],
                _ => null,
            };
        }

        return value?.ToString();
    }

    [GeneratedRegex(@"\{\{((?<text>[^{}]+)\*(?<times>\d+)|(?<name>[a-z0-9-]+)\.(?<path>[A-Za-z0-9.-]+))\}\}")]
    private static partial Regex Placeholder();

    /// <summary>Ids and secrets that follow from the clock: the n-th that is asked for at a moment is the same in every run.</summary>
    private sealed class ClockedIds(FixedClock clock) : Ids
    {
        private DateTimeOffset _at;
        private int _made;

        // Shaped as UUIDv7 (RFC 9562 §5.7): the time, then the place within it.
        public override Guid NewRecord(DateTimeOffset at) => Guid.Parse($"{at.ToUnixTimeMilliseconds():x12}70008000{Next(at):x12}");

        public override string NewDigits(int count) => $"{clock.Now.ToUnixTimeMilliseconds():x}{Next(clock.Now):x}".PadLeft(count, '0')[^count..];

        private int Next(DateTimeOffset at)
        {
            (_at, _made) = (at, at == _at ? _made + 1 : 1);
            return _made;
        }
    }
}
