using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using PledgeTracker.Tests.Db;

namespace PledgeTracker.Tests.Durability;

/// <summary>
/// Several servers on one database are as right as one. What CI runs is short; the long one is the same, sized by the environment:
/// <c>PLEDGETRACKER_CRASH_WRITES=10000 PLEDGETRACKER_CRASH_CLIENTS=32 dotnet test --filter-class "*TwoServersTests"</c>.
/// </summary>
public sealed class TwoServersTests : IAsyncLifetime
{
    private const string OnPostgresOnly = "Of servers that share a machine and a SQLite file none outlives the other's pause: this is for PostgreSQL.";

    // The server's own lock: see Data/Postgres.cs. Both halves of its number stand in pg_locks.
    private const string HoldersOfTheLock = """
        SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND a.state = 'idle in transaction'
        """;

    private readonly int _writes = CrashTests.Setting("WRITES", 600);
    private readonly int _clients = CrashTests.Setting("CLIENTS", 16);
    private readonly int _one = ChildProcess.FreePort();
    private readonly int _two = ChildProcess.FreePort();
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task What_either_acknowledged_is_there_once_and_read_from_both_while_a_third_comes_and_one_is_killed()
    {
        var killed = await _served.StartAsync(_one, "--Database:Seed=coalition");
        await _served.StartAsync(_two);
        using var clients = await _served.ClientsAsync(_one, _two);
        var before = await clients.CountAsync();
        var running = Stopwatch.StartNew();
        using var enough = new CancellationTokenSource();
        var recording = clients.RunAsync(_clients, int.MaxValue, enough.Token);

        await MoreAsync();
        var three = ChildProcess.FreePort();
        await _served.StartAsync(three);
        clients.Ports = [_one, _two, three];
        await MoreAsync();
        await killed.KillAsync();
        await MoreAsync();
        clients.Ports = [_two, three];
        await MoreAsync();
        await clients.EndAsync(enough, recording);

        Tell(running, clients);
        Assert.True(clients.Count("refused") + clients.Count("lost") > 0 && clients.Count("replayed") > 0 && clients.Count("same") > 0, "Nothing was sent twice, or nobody missed the server: the test shows nothing.");
        await clients.AssertEachIsThereOnceAsync();
        Assert.Equal(clients.All.Count, await clients.CountAsync() - before);
        await _served.AssertWholeAsync();

        // A quarter of the writes falls into each time, however long a server takes to start.
        Task MoreAsync() => clients.AcknowledgedAsync(clients.Acknowledged + (_writes / 4), TimeSpan.FromMinutes(10), recording);
    }

    [Fact]
    public async Task One_that_freezes_inside_a_write_stops_the_other_for_seconds_and_loses_nothing()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, OnPostgresOnly);
        var frozen = await _served.StartNamedAsync("freezes", _one, "--Database:Seed=coalition");
        await _served.StartNamedAsync("goes-on", _two);
        using var there = await _served.ClientsAsync(_one);
        using var here = new Clients(await TestKeys.ByCommandAsync(_served.Database.Connection, "editor"), "here") { Ports = [_two] };
        var before = await there.CountAsync();
        using var enough = new CancellationTokenSource();
        var recording = Task.WhenAll(there.RunAsync(_clients, int.MaxValue, enough.Token), here.RunAsync(_clients, int.MaxValue, enough.Token));
        await there.AcknowledgedAsync(_clients, TimeSpan.FromMinutes(1), recording);

        await FreezeInsideAWriteAsync(frozen);
        var stopped = Stopwatch.StartNew();
        await here.AcknowledgedAsync(here.Acknowledged + 1, TimeSpan.FromSeconds(30), recording);
        var (waited, refusedBefore) = (stopped.Elapsed, there.Refusals);
        // The other is at work again, and the frozen one's transaction is no more.
        await here.AcknowledgedAsync(here.Acknowledged + (10 * _clients), TimeSpan.FromMinutes(1), recording);
        frozen.Thaw();
        await there.AcknowledgedAsync(there.Acknowledged + (2 * _clients), TimeSpan.FromMinutes(1), recording);
        await here.EndAsync(enough, recording);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the other wrote again after {waited.TotalSeconds:0.0} s"));
        Tell(stopped, there);
        Tell(stopped, here);
        Assert.True(there.Refusals > refusedBefore, "What the frozen server had begun was not refused.");
        foreach (var clients in new[] { there, here })
        {
            clients.Ports = [_one, _two];
            await clients.AssertEachIsThereOnceAsync();
        }

        Assert.Equal(there.All.Count + here.All.Count, await there.CountAsync() - before);
        await _served.AssertWholeAsync();
    }

    [Fact]
    public async Task A_subcommand_writes_beside_a_server_under_load()
    {
        await _served.StartAsync(_one, "--Database:Seed=coalition");
        using var clients = await _served.ClientsAsync(_one);
        var before = await clients.CountAsync();
        using var enough = new CancellationTokenSource();
        var running = Stopwatch.StartNew();
        var recording = clients.RunAsync(_clients, int.MaxValue, enough.Token);
        await clients.AcknowledgedAsync(_clients, TimeSpan.FromMinutes(1), recording);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_one}") };
        for (var i = 0; i < 4; i++)
        {
            using var made = await ChildProcess.RunAsync("keys", "create", "--name", $"beside {i}", "--role", "admin", "--Database:Connection", _served.Database.Connection);
            Assert.True(made.ExitCode == 0, made.Output + made.Error);
            // The running server takes it at once.
            http.DefaultRequestHeaders.Authorization = new("Bearer", made.Output.TrimEnd().Split('\n')[^1]);
            var keys = await http.ReadAsync("/v1/keys");
            Assert.Equal(i + 1, keys.Body.GetProperty("data").EnumerateArray().Count(key => key.Text("name")!.StartsWith("beside", StringComparison.Ordinal)));
        }

        await clients.EndAsync(enough, recording);
        Tell(running, clients);
        Assert.Equal(0, clients.Refusals);
        await clients.AssertEachIsThereOnceAsync();
        Assert.Equal(clients.All.Count, await clients.CountAsync() - before);
        await _served.AssertWholeAsync();
    }

    [Fact]
    public async Task Three_that_start_at_once_on_an_empty_database_make_and_fill_it_once()
    {
        int[] ports = [_one, _two, ChildProcess.FreePort()];
        var servers = ports.Select(port => (port, server: _served.Start(port, "--Database:Seed=coalition"))).ToList();
        await Task.WhenAll(servers.Select(s => s.server.ReadyAsync(s.port)));
        await using (var connection = await _served.Database.OpenAsync())
        {
            Assert.Equal([1L], connection.Query<long>("SELECT count(*) FROM change WHERE entity = 'fund' AND entity_id = 'undp-ffs'"));
        }

        await _served.AssertWholeAsync();
    }

    [Fact]
    public async Task A_change_that_one_commits_arrives_on_the_others_stream()
    {
        await _served.StartAsync(_one, "--Database:Seed=coalition");
        await _served.StartNamedAsync("hears", _two);
        using var editor = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_one}") };
        editor.DefaultRequestHeaders.Authorization = new("Bearer", await TestKeys.ByCommandAsync(_served.Database.Connection, "editor"));
        using var other = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_two}") };
        await using var stream = await other.GetStreamAsync("/v1/changes/stream");
        await using var events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        var told = await ArrivalAsync(editor, events);
        if (TestDatabase.IsPostgres)
        {
            // Looking alone, every two seconds, would not be so quick.
            Assert.True(told < TimeSpan.FromSeconds(1), $"The bell rang after {told}.");
            await using var connection = await _served.Database.OpenAsync();
            Assert.NotEmpty(connection.Query<bool>("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hears' AND query LIKE 'LISTEN%'"));
            await ArrivalAsync(editor, events);
            // It listens again.
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (connection.Query<int>("SELECT pid FROM pg_stat_activity WHERE application_name = 'hears' AND query LIKE 'LISTEN%' AND state = 'idle'").Count == 0)
            {
                await Task.Delay(20, late.Token);
            }

            told = await ArrivalAsync(editor, events);
            Assert.True(told < TimeSpan.FromSeconds(1), $"After the bell was hung again it rang after {told}.");
        }
    }

    /// <summary>How long it takes until the stream has it: the best of three, for a busy machine.</summary>
    private static async Task<TimeSpan> ArrivalAsync(HttpClient editor, IAsyncEnumerator<SseItem<string>> events)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var recorded = Stopwatch.StartNew();
            var id = (await editor.RecordAsync("/v1/contributions", WriteServer.Direct("deu", "undp-ffs", "commitment", 1, date: "2026-01-15", more: """, "distinctFrom": "all" """))).Id();
            do
            {
                Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
            }
            while (events.Current.EventType != "change");
            Assert.Contains(id, events.Current.Data, StringComparison.Ordinal);
            best = recorded.Elapsed < best ? recorded.Elapsed : best;
        }

        return best;
    }

    /// <summary>Freezes it at moments until one of them lies inside a write: its transaction, which waits for nothing but for it, holds the lock.</summary>
    private async Task FreezeInsideAWriteAsync(ChildProcess server)
    {
        await using var connection = await _served.Database.OpenAsync();
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            server.Freeze();
            // What it has sent is carried out before its transaction idles.
            await Task.Delay(100, CancellationToken.None);
            if (connection.Query<string>(HoldersOfTheLock).Contains("freezes"))
            {
                return;
            }

            server.Thaw();
            Assert.False(late.IsCancellationRequested, "It was never caught inside a write.");
            await Task.Delay(Random.Shared.Next(5, 50), CancellationToken.None);
        }
    }

    private static void Tell(Stopwatch running, Clients clients) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{running.Elapsed.TotalSeconds:0} s: {clients}"));
}
