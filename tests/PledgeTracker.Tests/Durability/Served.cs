using PledgeTracker.Tests.Db;

namespace PledgeTracker.Tests.Durability;

/// <summary>A database that servers in processes of their own share: all of it goes at the end.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private readonly List<ChildProcess> _servers = [];

    public Served() => Database = TestDatabase.New(_folder);

    public Served(OwnPostgres server) => Database = TestDatabase.On(server);

    public TestDatabase Database { get; }

    public async ValueTask CreateAsync() => await Database.CreateAsync();

    /// <summary>Starts a server, which is not waited for.</summary>
    public ChildProcess Start(int port, params string[] settings) => StartOn(Database.Connection, port, settings);

    /// <summary>Starts a server and waits until it answers.</summary>
    public async Task<ChildProcess> StartAsync(int port, params string[] settings)
    {
        var server = Start(port, settings);
        await server.ReadyAsync(port);
        return server;
    }

    /// <summary>Starts a server whose connections, where they are to PostgreSQL, go by a name.</summary>
    public async Task<ChildProcess> StartNamedAsync(string name, int port, params string[] settings)
    {
        var server = StartOn(Database.Connection + (TestDatabase.IsPostgres ? $";Application Name={name}" : ""), port, settings);
        await server.ReadyAsync(port);
        return server;
    }

    /// <summary>Starts a server whose files may be limited, and waits until it answers.</summary>
    public async Task<ChildProcess> StartLimitedAsync(int port, params string[] settings)
    {
        var server = StartOn(Database.Connection, port, settings, limited: true);
        await server.ReadyAsync(port);
        return server;
    }

    /// <summary>Starts a server with variables in its environment, and waits until it answers.</summary>
    public async Task<ChildProcess> StartInAsync(Dictionary<string, string> variables, int port, params string[] settings)
    {
        var server = ChildProcess.StartIn(variables, ArgsOf(Database.Connection, port, settings));
        _servers.Add(server);
        await server.ReadyAsync(port);
        return server;
    }

    /// <summary>Clients of these servers, with a key of their own.</summary>
    public async Task<Clients> ClientsAsync(params int[] ports) => new(await TestKeys.ByCommandAsync(Database.Connection, "editor")) { Ports = ports };

    /// <summary>The sequence of changes has no gaps, and `verify` finds nothing wrong.</summary>
    public async Task AssertWholeAsync()
    {
        await using (var connection = await Database.OpenAsync())
        {
            Assert.Equal(["true"], connection.Query<string>("SELECT CASE WHEN count(*) = max(seq) AND min(seq) = 1 THEN 'true' ELSE 'gaps' END FROM change"));
        }

        using var verified = await ChildProcess.RunAsync("verify", "--Database:Connection", Database.Connection);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
    }

    public async ValueTask DisposeAsync()
    {
        _servers.ForEach(server => server.Dispose());
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ChildProcess StartOn(string connection, int port, string[] settings, bool limited = false)
    {
        var args = ArgsOf(connection, port, settings);
        var server = limited ? ChildProcess.StartLimited(args) : ChildProcess.Start(args);
        _servers.Add(server);
        return server;
    }

    private static string[] ArgsOf(string connection, int port, string[] settings) =>
        [.. ChildProcess.ServerArgs(connection, port), "--RateLimit:WritesPerMinute=0", "--RateLimit:ReadsPerMinute=0", .. settings];
}
