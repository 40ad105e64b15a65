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

    // As where a database is lost at this very moment.
    private const string Ending = """
        CREATE FUNCTION end_connection() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
        """;

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
        await clients.EndAsync(enough, recording);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_stops} stops, {running.Elapsed.TotalSeconds:0} s: {clients}"));
        Assert.Subset(new HashSet<string> { "recorded", "replayed", "same", "running", "busy", "outcome_unknown", "read busy" }, clients.Kinds.ToHashSet());
        Assert.InRange(clients.Count("outcome_unknown"), 0, _stops * 2 * MostInABatch);
        await clients.AssertEachIsThereOnceAsync();
        Assert.Equal(clients.All.Count, await clients.CountAsync() - before);
        await served.AssertWholeAsync();
    }

    [Fact]
    public async Task A_COMMIT_whose_answer_is_lost_is_outcome_unknown_and_sent_again_it_is_recorded_once()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, OnPostgresOnly);
        await using var server = new TestServer { Settings = ["--Logging:LogLevel:Default=None"] };
        await server.InitializeAsync();
        using var editor = await server.ClientAsync("editor");
        await using var connection = await server.OpenDatabaseAsync();
        await connection.ExecuteAsync(Ending + "CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_connection()");
        var lost = await editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(), ("Idempotency-Key", "lost"));
        Assert.Equal((503, "outcome_unknown"), ((int)lost.Status, lost.Code));

        await connection.ExecuteAsync("DROP TRIGGER ends ON change");
        var made = await editor.RecordAsync("/v1/contributions", Api.Payment(), ("Idempotency-Key", "lost"));
        Assert.Equal(made.Id(), (await editor.RecordAsync("/v1/contributions", Api.Payment(), ("Idempotency-Key", "lost"))).Id());
        await server.AssertCleanAsync();
    }

    [Fact]
    public async Task A_connection_that_is_lost_within_a_job_is_busy_to_all_that_share_its_transaction()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, OnPostgresOnly);
        await using var server = new TestServer { Settings = ["--Logging:LogLevel:Default=None"] };
        await server.InitializeAsync();
        using var editor = await server.ClientAsync("editor");
        await using var connection = await server.OpenDatabaseAsync();
        await connection.ExecuteAsync(Ending + "CREATE TRIGGER ends AFTER INSERT ON indicator FOR EACH ROW EXECUTE FUNCTION end_connection()");
        var sending = new List<Task<Reply>>();
        await using (await server.HoldWritesAsync())
        {
            // The writer is kept waiting while these are sent, so that they share a transaction.
            for (var i = 0; i < 20; i++)
            {
                sending.Add(i == 10
                    ? editor.SendAsync(HttpMethod.Post, "/v1/indicators", """{ "measure": "m", "name": { "en": "M" }, "value": 1, "unit": "people", "date": "2026-01-15" }""")
                    : editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(5 + (i / 100m))));
            }
        }

        var replies = await Task.WhenAll(sending);
        Assert.Equal((503, "busy"), ((int)replies[10].Status, replies[10].Code));
        Assert.All(replies, reply => Assert.True((int)reply.Status == 201 || ((int)reply.Status == 503 && reply.Code == "busy"), reply.Text));
        await server.AssertCleanAsync();
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
