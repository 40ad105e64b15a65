using System.Net;
using System.Net.Sockets;
using PledgeTracker.Tests.Contract;

namespace PledgeTracker.Tests.Durability;

/// <summary>`Database:ReadFrom`: a replica answers what anybody may ask, as far as it has come. An older copy of the database stands in for one.</summary>
public sealed class ReadFromTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private readonly TestDatabase _replica;

    public ReadFromTests() => _replica = TestDatabase.New(_folder);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_replica_that_is_behind_answers_only_who_has_not_seen_more()
    {
        await using var server = new TestServer { Settings = [$"--Database:ReadFrom={_replica.Connection}"] };
        await server.InitializeAsync();
        using var editor = await server.ClientAsync("editor");
        // There is none yet.
        Assert.Equal(200, (await server.AskAsync("/v1/pledges?limit=1")).Status);

        await _replica.CopyAsync(server.Database);
        var old = (await server.AskAsync("/v1/pledges?limit=1")).Header("Dataset-Version")!;
        using var response = await editor.PostAsync("/v1/contributions", new StringContent(Api.Payment(), System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var made = response.Headers.GetValues("Dataset-Version").Single();
        Assert.Equal(Sequence(old) + 1, Sequence(made));
        var path = response.Headers.Location!.ToString();

        // Who says nothing gets what the replica has; who has seen more, or shows the key that wrote, gets all.
        var anybody = await server.AskAsync(path);
        Assert.Equal((404, old), (anybody.Status, anybody.Header("Dataset-Version")));
        Assert.Equal(old, (await server.AskAsync("/v1/contributions", null, ("Dataset-Version-Min", old))).Header("Dataset-Version"));
        foreach (var least in new[] { made, Sequence(made).ToString() })
        {
            var seen = await server.AskAsync(path, null, ("Dataset-Version-Min", least));
            Assert.Equal((200, made), (seen.Status, seen.Header("Dataset-Version")));
        }

        Assert.Equal(HttpStatusCode.OK, (await editor.SendAsync(HttpMethod.Get, path)).Status);
        // What nobody has, the database itself says.
        Assert.Equal(made, (await server.AskAsync(path, null, ("Dataset-Version-Min", "999999999-00000000"))).Header("Dataset-Version"));
        // A tag of one moment is not that of another.
        var tag = (await server.AskAsync("/v1/pledges", null, ("Dataset-Version-Min", made))).Header("ETag")!;
        Assert.Equal(200, (await server.AskAsync("/v1/pledges", null, ("If-None-Match", tag))).Status);
        Assert.Equal(304, (await server.AskAsync("/v1/pledges", null, ("If-None-Match", tag), ("Dataset-Version-Min", made))).Status);
    }

    [Fact]
    public async Task A_replica_that_does_not_answer_is_left_alone_for_a_while()
    {
        // Whoever connects waits, as for a machine that is gone.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
        await using var server = new TestServer
        {
            Clock = clock,
            Settings = [$"--Database:ReadFrom=Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Timeout=1", "--Logging:LogLevel:Default=Error"],
        };
        await server.InitializeAsync();
        var first = await server.AskAsync("/v1/pledges?limit=1");
        Assert.Equal(200, first.Status);
        Assert.NotNull(first.Header("Dataset-Version"));
        Assert.True(silent.Pending());
        Drain();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await server.AskAsync("/v1/pledges?limit=2")).Status);
        }

        Assert.False(silent.Pending());
        clock.Now += TimeSpan.FromSeconds(11);
        Assert.Equal(200, (await server.AskAsync("/v1/pledges?limit=3")).Status);
        Assert.True(silent.Pending());

        void Drain()
        {
            while (silent.Pending())
            {
                silent.AcceptTcpClient().Dispose();
            }
        }
    }

    [Fact]
    public async Task Every_read_and_every_write_says_how_far_the_data_goes()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        using var admin = server.WithToken(await server.FirstKey);
        var expected = (await server.AskAsync("/version")).Header("Dataset-Version");
        Assert.NotNull(expected);
        var reads = (await Operation.AllAsync(server)).Operations
            .Where(o => o.Method == "get" && !o.Path.Contains('{', StringComparison.Ordinal) && !o.Path.StartsWith("/health", StringComparison.Ordinal) && !o.Path.EndsWith("/stream", StringComparison.Ordinal))
            .ToList();
        Assert.True(reads.Count > 10);
        foreach (var read in reads)
        {
            using var answer = await admin.GetAsync(read.Path);
            Assert.Equal((read.Path, expected), (read.Path, answer.Headers.GetValues("Dataset-Version").Single()));
        }

        using var missing = await admin.GetAsync("/v1/funds/there-is-none");
        Assert.Equal((HttpStatusCode.NotFound, expected), (missing.StatusCode, missing.Headers.GetValues("Dataset-Version").Single()));
        using var written = await admin.PostAsync("/v1/contributions", new StringContent(Api.Payment(), System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((await server.AskAsync("/version")).Header("Dataset-Version"), written.Headers.GetValues("Dataset-Version").Single());
    }

    private static long Sequence(string version) => long.Parse(version.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);
}
