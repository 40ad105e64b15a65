using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Http;

namespace PledgeTracker.UnitTests;

/// <summary>A server whose inside the tests look at: its services, its routes, the statements it sends.</summary>
public class Server : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private WebApplication? _app;
    private HttpClient? _client;

    /// <summary>What the server takes for now; null means the machine's clock.</summary>
    public FixedClock? Clock { get; init; }

    public string DatabasePath => Path.Combine(_folder, "test.db");

    public IServiceProvider Services => _app!.Services;

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts the server, or starts it again on the same file.</summary>
    public async Task StartAsync()
    {
        _app = Program.Build(
            [$"--Database:Path={DatabasePath}", "--Database:Seed=none", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
                "--RateLimit:ReadsPerMinute=0", "--RateLimit:WritesPerMinute=0"],
            builder =>
            {
                if (Clock is not null)
                {
                    builder.Services.AddSingleton<TimeProvider>(Clock);
                }
            }) ?? throw new InvalidOperationException("The server would not start.");
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First(url => url.StartsWith("http://127.", StringComparison.Ordinal))) };
    }

    public async Task StopAsync()
    {
        _client!.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _client!.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"GET {path}: {(int)response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }
}

/// <summary>A clock that a test sets.</summary>
public sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A list as the server maps it: its path, with an id where it needs one, and the parameters it declares.</summary>
internal sealed record ListRoute(string Name, string Path, IReadOnlyList<QueryParameter> Parameters)
{
    private static readonly string[] Common = ["sort", "limit", "cursor", "count", "lang"];

    /// <summary>The words that `sort` takes, with and without a hyphen.</summary>
    public IReadOnlyList<string> Sorts => [.. Parameters.Single(p => p.Name == "sort").Schema().Enum!.Select(word => (string)word!)];

    public IReadOnlyList<QueryParameter> Filters => [.. Parameters.Where(p => !Common.Contains(p.Name))];
}

internal static partial class Routes
{
    /// <summary>Every list that the server maps.</summary>
    /// <param name="pledgeId">Stands for the pledge whose ledger is listed.</param>
    public static List<ListRoute> Lists(this Server server, string pledgeId) => [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Where(e => ApiPath().IsMatch(e.RoutePattern.RawText!))
        .Select(route => (Route: route, Contract: route.Metadata.GetMetadata<QueryContract>()))
        .Where(r => r.Contract is not null && r.Contract.ByName.ContainsKey("cursor"))
        .Select(r => new ListRoute(r.Route.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName,
            r.Route.RoutePattern.RawText!.Replace("{id}", pledgeId, StringComparison.Ordinal), r.Contract!.Parameters))];

    [GeneratedRegex("^/(v1|health|version)(/|$)")]
    private static partial Regex ApiPath();
}
