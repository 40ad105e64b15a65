namespace PledgeTracker.Tests.Seed;

public sealed class SeedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    [Fact]
    public async Task The_facts_are_loaded_once_however_often_the_server_starts()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        var (changes, pledges) = (await CountAsync(server, "changes"), await CountAsync(server, "pledges"));
        Assert.Equal(22, pledges);
        await server.StopAsync();
        await server.StartAsync();
        Assert.Equal((changes, pledges), (await CountAsync(server, "changes"), await CountAsync(server, "pledges")));
    }

    [Fact]
    public async Task Without_a_seed_the_database_is_empty()
    {
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        foreach (var list in (string[])["changes", "pledges", "organizations", "funds", "sources", "events", "contributions", "shortfalls"])
        {
            Assert.Equal(0, await CountAsync(server, list));
        }
    }

    [Fact]
    public async Task An_empty_database_takes_the_facts_later()
    {
        var connection = $"Data Source={Path.Combine(_folder, "later.db")}";
        var port = ChildProcess.FreePort();
        using (var empty = await ChildProcess.ServeAsync(connection, port, "--Database:Seed=none"))
        {
            await empty.TerminateAsync();
        }

        using var loaded = await ChildProcess.ServeAsync(connection, port, "--Database:Seed=coalition");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Contains("\"count\":22", await client.GetStringAsync("/v1/pledges?count=true"));
    }

    [Fact]
    public async Task An_unknown_seed_is_refused_in_words()
    {
        using var refused = await ChildProcess.RunAsync([.. ChildProcess.ServerArgs($"Data Source={Path.Combine(_folder, "refused.db")}", ChildProcess.FreePort()), "--Database:Seed=unknown"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("there is no seed unknown", refused.Error);
        Assert.DoesNotContain("   at ", refused.Output + refused.Error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<long> CountAsync(TestServer server, string list) => (await server.GetAsync($"/v1/{list}?count=true&limit=1")).GetProperty("count").GetInt64();
}
