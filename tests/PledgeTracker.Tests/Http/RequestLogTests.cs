using System.Diagnostics;
using System.Text.Json;
using PledgeTracker.Tests.Durability;

namespace PledgeTracker.Tests.Http;

/// <summary>What the log of a server in a process of its own says of requests.</summary>
public sealed class RequestLogTests : IAsyncLifetime
{
    private readonly int _port = ChildProcess.FreePort();
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task A_request_is_a_line_with_its_template_its_caller_and_its_id_and_without_what_is_secret()
    {
        var server = await StartAsync();
        var token = await TestKeys.ByCommandAsync(_served.Database.Connection, "editor");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        await AskAsync(client, HttpMethod.Get, "/v1/funds/undp-ffs?lang=ar", ("X-Request-Id", "from-a-proxy"));
        await LineAsync(server, @" GET /v1/funds/\{id\} 200 [0-9.]+ ms - [0-9A-Z]+:[0-9A-F]+ from-a-proxy$");
        await AskAsync(client, HttpMethod.Head, "/v1/funds", ("X-Request-Id", new string('x', 70) + "\u001B[31m"));
        await LineAsync(server, @" HEAD /v1/funds 200 [0-9.]+ ms - [0-9A-Z]+:[0-9A-F]+ x{64}$");
        await AskAsync(client, HttpMethod.Get, "/no/such/very-secret?q=very-secret");
        await LineAsync(server, @" GET - 404 [0-9.]+ ms - [0-9A-Z]+:[0-9A-F]+ -$");
        await AskAsync(client, HttpMethod.Get, "/v1/keys", ("Authorization", "Bearer " + token));
        await LineAsync(server, $@" GET /v1/keys 403 [0-9.]+ ms key:{token.Split('_')[1]} [0-9A-Z]+:[0-9A-F]+ -$");
        await AskAsync(client, HttpMethod.Get, "/v1/me", ("Authorization", "Bearer " + token));
        await LineAsync(server, $@" GET /v1/me 200 [0-9.]+ ms key:{token.Split('_')[1]} [0-9A-Z]+:[0-9A-F]+ -$");
        await AskAsync(client, HttpMethod.Get, "/v1/me", ("Authorization", "Bearer pt_0123456789ab_very-secret"));
        await LineAsync(server, @" GET /v1/me 401 ");
        Assert.DoesNotContain(token.Split('_')[2], server.Output + server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", server.Output + server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_id_of_a_problem_stands_in_the_line_of_its_fault()
    {
        var server = await StartAsync();
        await using (var connection = await _served.Database.OpenAsync())
        {
            await connection.ExecuteAsync("ALTER TABLE indicator RENAME TO elsewhere");
        }

        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        var problem = JsonDocument.Parse(await AskAsync(client, HttpMethod.Get, "/v1/indicators")).RootElement;
        Assert.Equal("internal_error", problem.Text("code"));
        var line = await LineAsync(server, $"GET /v1/indicators failed: {problem.Text("requestId")}");
        // What was thrown stands in the same line.
        Assert.Contains("indicator", line[line.IndexOf("failed:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        await LineAsync(server, $" GET /v1/indicators 500 [0-9.]+ ms - {problem.Text("requestId")} -$");
    }

    [Fact]
    public async Task By_setting_each_line_is_a_JSON_object()
    {
        var server = await StartAsync("--Logging:Console:FormatterName=json");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        await AskAsync(client, HttpMethod.Get, "/v1/funds/undp-ffs");
        var line = JsonDocument.Parse(await LineAsync(server, @"GET /v1/funds/\{id\} 200 ")).RootElement;
        Assert.Equal("PledgeTracker.Http.RequestLog", line.Text("Category"));
        var state = line.GetProperty("State");
        Assert.Equal(("GET", "/v1/funds/{id}", 200, "-"), (state.Text("Method"), state.Text("Route"), state.GetProperty("Status").GetInt32(), state.Text("Caller")));
        Assert.All(server.Output.TrimEnd().Split('\n'), each => JsonDocument.Parse(each));
    }

    private Task<ChildProcess> StartAsync(params string[] settings) => _served.StartAsync(_port, ["--Database:Seed=coalition", "--Logging:LogLevel:Default=Information", .. settings]);

    private static async Task<string> AskAsync(HttpClient client, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    // It is written after the answer was sent.
    private static async Task<string> LineAsync(ChildProcess server, string pattern)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(25, TestContext.Current.CancellationToken))
        {
            if (server.Output.Split('\n').FirstOrDefault(line => System.Text.RegularExpressions.Regex.IsMatch(line, pattern)) is { } found)
            {
                return found;
            }

            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), $"No line like {pattern}: {server.Output}");
        }
    }
}
