using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Data;

/// <summary>A server with made-up data, and what it sends to its database. For one test at a time, like every class fixture.</summary>
public sealed class WatchedServer : IAsyncLifetime
{
    private WatchedEngine _engine = null!;

    public WatchedServer() => Server = new GeneratedServer { Configure = Watch };

    public GeneratedServer Server { get; }

    public async ValueTask InitializeAsync() => await Server.InitializeAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>The queries that answer a path; what is private is asked for with a key.</summary>
    public Task<List<string>> QueriesAsync(string path, HttpClient? client = null) => _engine.DuringAsync(() => (client ?? Server.Client).ReadAsync(path));

    private void Watch(WebApplicationBuilder builder)
    {
        WatchedEngine.Watch(builder);
        _engine = (WatchedEngine)builder.Services.Last(s => s.ServiceType == typeof(Engine)).ImplementationInstance!;
    }
}
