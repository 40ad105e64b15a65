using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

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

    /// <summary>A client of the local socket, which is trusted as admin without a key.</summary>
    public HttpClient LocalClient() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(LocalSocket.PathFor(new Database(DatabasePath))), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://localhost") };

    /// <summary>A client with a key of its own.</summary>
    /// <param name="organization">Whom it speaks for; a recorder needs one.</param>
    public async Task<HttpClient> ClientAsync(string role, string? organization = null) => WithToken(await TokenAsync(role, organization));

    /// <summary>Makes a key over the local socket; the token.</summary>
    public async Task<string> TokenAsync(string role, string? organization = null, DateTimeOffset? expiresAt = null)
    {
        using var local = LocalClient();
        var made = await local.RecordAsync("/v1/keys", JsonSerializer.Serialize(new { name = "test", role, organizationId = organization, expiresAt }));
        return made.GetProperty("token").GetString()!;
    }

    /// <summary>A client with this token.</summary>
    public HttpClient WithToken(string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>The sequence of the last change: it stays where nothing was recorded.</summary>
    public async Task<long> VersionAsync() => (await GetAsync("/version")).GetProperty("datasetVersion").GetInt64();

    /// <summary>What the `verify` command checks: the chain of changes, all derived figures, and the references of the file.</summary>
    public void AssertClean()
    {
        using var session = new Session(new Database(DatabasePath).OpenForReading());
        session.ExecuteOnce("BEGIN");
        var (faults, _) = ChainCheck.Run(session, 1, long.MaxValue);
        faults.AddRange(DerivedCheck.Run(session));
        faults.AddRange(session.Query<string>("SELECT \"table\" FROM pragma_foreign_key_check"));
        Assert.Empty(faults);
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
