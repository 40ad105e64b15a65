using System.Diagnostics;
using System.Globalization;

namespace PledgeTracker.Tests.Durability;

/// <summary>
/// PostgreSQL stops at once under two servers that write, and comes back. The long one is the same, sized by the environment:
/// <c>PLEDGETRACKER_CRASH_KILLS=10 PLEDGETRACKER_CRASH_CLIENTS=32 dotnet test --filter-class "*StoppedDatabaseTests"</c>.
/// </summary>
public sealed class StoppedDatabaseTests
{
    private const string OnPostgresOnly = "SQLite is in the server's own process: CrashTests kills both.";

    // How many writes of a server can share the transaction whose COMMIT nobody knows the end of.
    private const int MostInABatch = 50;

    private readonly int _stops = CrashTests.Setting("KILLS", 2);
    private readonly int _clients = CrashTests.Setting("CLIENTS", 16);

    [Fact]
    public async Task Whatever_was_acknowledged_outlives_a_database_that_stops_at_once_and_what_was_not_is_refused()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, OnPostgresOnly);
        await using var database = await OwnPostgres.StartAsync();
        await using var served = new Served(database);
        await served.CreateAsync();
        var (one, two) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        await served.StartAsync(one, "--Database:Seed=coalition");
        await served.StartAsync(two);
        using var clients = await served.ClientsAsync(one, two);
        var before = await clients.CountAsync();
        using var enough = new CancellationTokenSource();
        var running = Stopwatch.StartNew();
        var recording = clients.RunAsync(_clients, int.MaxValue, enough.Token);
        for (var stop = 1; stop <= _stops; stop++)
        {
            await clients.AcknowledgedAsync(clients.Acknowledged + (2 * _clients), TimeSpan.FromMinutes(2), recording);
            await Task.Delay(Random.Shared.Next(300), CancellationToken.None);
            await database.HaltAsync();
            await AssertRefusedAsync(one, clients);
            await database.ResumeAsync();
        }

        await clients.AcknowledgedAsync(clients.Acknowledged + (2 * _clients), TimeSpan.FromMinutes(2), recording);
        await enough.CancelAsync();
        await recording;

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_stops} stops, {running.Elapsed.TotalSeconds:0} s: {clients}"));
        Assert.Subset(new HashSet<string> { "recorded", "replayed", "same", "running", "busy", "outcome_unknown", "read busy" }, clients.Kinds.ToHashSet());
        Assert.InRange(clients.Count("outcome_unknown"), 0, _stops * 2 * MostInABatch);
        await clients.AssertEachIsThereOnceAsync();
        Assert.Equal(clients.All.Count, await clients.CountAsync() - before);
        await served.AssertWholeAsync();
    }

    /// <summary>While there is no database, nothing can have been begun: what is asked is refused, and known to be.</summary>
    private static async Task AssertRefusedAsync(int port, Clients clients)
    {
        using var http = clients.To(port);
        foreach (var reply in new[]
        {
            await http.SendAsync(HttpMethod.Get, "/v1/pledges"),
            await http.SendAsync(HttpMethod.Get, "/version"),
            await http.SendAsync(HttpMethod.Get, "/health/ready"),
            await http.SendAsync(HttpMethod.Get, "/v1/keys"),
            await http.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment()),
        })
        {
            Assert.Equal((503, "busy"), ((int)reply.Status, reply.Code));
        }

        Assert.Equal(200, (int)(await http.SendAsync(HttpMethod.Get, "/health/live")).Status);
    }
}
