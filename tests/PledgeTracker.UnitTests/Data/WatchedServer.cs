using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Data;

/// <summary>A server with made-up data, and what it sends to its database. For one test at a time, like every class fixture.</summary>
public class WatchedServer : IAsyncLifetime
{
    private WatchedEngine _engine = null!;

    public WatchedServer()
        : this(new KeptAnswers(0))
    {
    }

    /// <param name="kept">Nothing is kept where nothing else is said: what an answer costs is what is watched.</param>
    protected WatchedServer(KeptAnswers kept) => Server = new GeneratedServer
    {
        Configure = builder =>
        {
            builder.Services.AddSingleton(kept);
            Watch(builder);
        },
    };

    public GeneratedServer Server { get; }

    public async ValueTask InitializeAsync() => await Server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The queries that answer a path; what is private is asked for with a key.</summary>
    public Task<List<string>> QueriesAsync(string path, HttpClient? client = null) => _engine.DuringAsync(() => (client ?? Server.Client).ReadAsync(path));

    /// <summary>The queries that are sent while this goes on.</summary>
    public Task<List<string>> DuringAsync(Func<Task> asking) => _engine.DuringAsync(asking);

    private void Watch(WebApplicationBuilder builder)
    {
        WatchedEngine.Watch(builder);
        _engine = (WatchedEngine)builder.Services.Last(s => s.ServiceType == typeof(Engine)).ImplementationInstance!;
    }
}
