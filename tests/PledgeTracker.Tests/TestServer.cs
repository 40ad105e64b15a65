using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace PledgeTracker.Tests;

/// <summary>
/// A real server on a real port and a real file, in a folder of its own that goes with it. Use it as a class fixture (one server for the
/// reads of a class) or make one in a test that writes.
/// </summary>
public class TestServer : IAsyncLifetime
{
    private WebApplication? _app;

    /// <summary>The facts it starts on: `coalition` or `none`.</summary>
    public string Seed { get; init; } = "coalition";

    /// <summary>Further settings, such as <c>--RateLimit:ReadsPerMinute=10</c>; there is no rate limit unless one is set here.</summary>
    public string[] Settings { get; init; } = [];

    /// <summary>What the server takes for now. Null, as everywhere in production, means the machine's clock.</summary>
    public FixedClock? Clock { get; init; }

    /// <summary>A last word on what is built, such as shorter limits of Kestrel.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    public string DatabasePath => Path.Combine(Folder, "test.db");

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts the server, or starts it again on the same file.</summary>
    public async Task StartAsync()
    {
        _app = Program.Build(
            [$"--Database:Path={DatabasePath}", $"--Database:Seed={Seed}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
                "--RateLimit:ReadsPerMinute=0", "--RateLimit:WritesPerMinute=0", .. Settings],
            builder =>
            {
                if (Clock is not null)
                {
                    builder.Services.AddSingleton<TimeProvider>(Clock);
                }

                Configure?.Invoke(builder);
            }) ?? throw new InvalidOperationException("The server would not start.");
        await _app.StartAsync();
        var address = _app.Urls.First(url => url.StartsWith("http://127.", StringComparison.Ordinal));
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    public async Task StopAsync()
    {
        Client.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Gets JSON and expects this status; the answer's body is in the message where it differs.</summary>
    public async Task<JsonElement> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (language is not null)
        {
            request.Headers.AcceptLanguage.ParseAdd(language);
        }

        using var response = await Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"GET {path}: {(int)response.StatusCode} instead of {(int)expected}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A clock that a test sets.</summary>
public sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
