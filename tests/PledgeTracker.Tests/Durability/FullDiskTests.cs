using System.Diagnostics;
using System.Net;

namespace PledgeTracker.Tests.Durability;

/// <summary>While there is no room to write, reads go on, writes are refused without a trace, and all resumes by itself.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task A_full_disk_is_507_without_a_trace_and_not_ready_until_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits how large the files of a running process may be.");
        var port = ChildProcess.FreePort();
        var server = await _served.StartLimitedAsync(port, "--Database:Seed=coalition", "--Logging:LogLevel:Default=None");
        using var clients = await _served.ClientsAsync(port);
        using var editor = clients.To(port);
        await editor.RecordAsync("/v1/contributions", Api.Payment(11m), ("Idempotency-Key", "before"));
        var before = await clients.CountAsync();

        await FillAsync(server);
        var refused = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(12m + i), ("Idempotency-Key", $"full-{i}"))));
        Assert.All(refused, reply => Assert.Equal((507, "storage_full"), ((int)reply.Status, reply.Code)));
        Assert.Equal(503, await ReadyAsync(editor, 503));
        Assert.Equal(HttpStatusCode.OK, (await editor.GetAsync("/health/live")).StatusCode);
        Assert.Equal(before, await clients.CountAsync());
        Assert.Equal(HttpStatusCode.OK, (await editor.GetAsync("/v1/funds")).StatusCode);

        await EmptyAsync(server);
        Assert.Equal(200, await ReadyAsync(editor, 200));
        for (var i = 0; i < 32; i++)
        {
            var made = await editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(12m + i), ("Idempotency-Key", $"full-{i}"));
            Assert.Equal((HttpStatusCode.Created, false), (made.Status, made.Replayed));
        }

        Assert.Equal(before + 32, await clients.CountAsync());
        await server.TerminateAsync();
        await _served.AssertWholeAsync();
    }

    // SQLite meets a limit as it meets a full disk. A PostgreSQL that cannot write its log stops; that it has no room for a table is what it says here.
    private async Task FillAsync(ChildProcess server)
    {
        if (!TestDatabase.IsPostgres)
        {
            server.LimitFiles(1024);
            return;
        }

        await using var connection = await _served.Database.OpenAsync();
        await connection.ExecuteAsync("""
            CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON change FOR EACH ROW EXECUTE FUNCTION fill();
            CREATE TRIGGER full_disk BEFORE INSERT ON idempotency FOR EACH ROW EXECUTE FUNCTION fill();
            """);
    }

    private async Task EmptyAsync(ChildProcess server)
    {
        if (!TestDatabase.IsPostgres)
        {
            server.LimitFiles(null);
            return;
        }

        await using var connection = await _served.Database.OpenAsync();
        await connection.ExecuteAsync("DROP TRIGGER full_disk ON change; DROP TRIGGER full_disk ON idempotency; DROP FUNCTION fill()");
    }

    // An answer from before holds for a second.
    private static async Task<int> ReadyAsync(HttpClient client, int expected)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            using var answer = await client.GetAsync("/health/ready");
            if ((int)answer.StatusCode == expected || waited.Elapsed > TimeSpan.FromSeconds(20))
            {
                return (int)answer.StatusCode;
            }
        }
    }
}
