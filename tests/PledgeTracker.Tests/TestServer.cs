using System.Data.Common;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace PledgeTracker.Tests;

/// <summary>
/// A real server on a real port and a real database of its own, which goes with it. Use it as a class fixture (one server for the
/// reads of a class) or make one in a test that writes.
/// </summary>
public class TestServer : IAsyncLifetime
{
    private readonly Lazy<Task<string>> _firstKey;
    private readonly Lazy<Task<string>> _editorKey;
    private WebApplication? _app;

    public TestServer()
        : this(null)
    {
    }

    /// <param name="database">Null for one of its own on the engine under test.</param>
    internal TestServer(TestDatabase? database)
    {
        Database = database ?? TestDatabase.New(Folder);
        _firstKey = new(() => TestKeys.ByCommandAsync(Connection, "admin"));
        _editorKey = new(() => this.TokenAsync("editor"));
    }

    /// <summary>The facts it starts on: `coalition` or `none`.</summary>
    public string Seed { get; init; } = "coalition";

    /// <summary>Further settings, such as <c>--RateLimit:ReadsPerMinute=10</c>; there is no rate limit unless one is set here.</summary>
    public string[] Settings { get; init; } = [];

    /// <summary>What the server takes for now. Null, as everywhere in production, means the machine's clock.</summary>
    public FixedClock? Clock { get; init; }

    /// <summary>A last word on what is built, such as shorter limits of Kestrel.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    /// <summary>The database it serves, of its own.</summary>
    public TestDatabase Database { get; }

    /// <summary>As the setting `Database:Connection` takes it.</summary>
    public string Connection => Database.Connection;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The token of the key that makes the others, an admin's.</summary>
    public Task<string> FirstKey => _firstKey.Value;

    /// <summary>The token of the key that data for a test is recorded with.</summary>
    public Task<string> EditorKey => _editorKey.Value;

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts the server, or starts it again on the same database.</summary>
    public async Task StartAsync()
    {
        // Ids, say, may be other ones.
        await (Configure is null ? Database.CreateAsync(Seed, Clock?.Now) : Database.CreateAsync());
        _app = Program.Build(
            [$"--Database:Connection={Connection}", $"--Database:Seed={Seed}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
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
        if (_app is not null)
        {
            Client.Dispose();
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
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

    /// <inheritdoc cref="TestDatabase.OpenAsync"/>
    public Task<DbConnection> OpenDatabaseAsync(bool unguarded = false) => Database.OpenAsync(unguarded);

    /// <inheritdoc cref="TestDatabase.HoldWritesAsync"/>
    public Task<IAsyncDisposable> HoldWritesAsync() => Database.HoldWritesAsync();

    /// <summary>A server on a copy of the database as it is now, which is not started.</summary>
    public async Task<TestServer> CopyAsync()
    {
        var copy = new TestServer { Seed = "none" };
        await copy.Database.CopyAsync(Database);
        return copy;
    }

    /// <summary>The sequence of the last change: it stays where nothing was recorded.</summary>
    public async Task<long> VersionAsync() => (await GetAsync("/version")).GetProperty("datasetVersion").GetInt64();

    /// <summary>What the `verify` subcommand says of the database.</summary>
    internal Task<Printed> VerifyAsync() => Subcommand.RunAsync("verify", "--Database:Connection", Connection);

    /// <summary>Nothing that `verify` looks at is wrong: the chain of changes, all derived figures, the file and its references.</summary>
    public async Task AssertCleanAsync()
    {
        var verified = await VerifyAsync();
        // Of a server that nothing was recorded on it says just that.
        Assert.True(verified.ExitCode is 0 or 2, verified.Output + verified.Error);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A clock that a test sets.</summary>
public sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}
