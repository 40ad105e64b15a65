namespace PledgeTracker.Tests;

public sealed class SettingsTests
{
    [Fact]
    public async Task Where_no_address_is_set_it_listens_where_the_README_says()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        await using (var app = Program.Build([$"--Database:Connection=Data Source={folder}/a.db"])!)
        {
            Assert.Equal(["http://localhost:5080"], app.Urls);
        }

        await using (var app = Program.Build([$"--Database:Connection=Data Source={folder}/a.db", "--http_ports=8080"])!)
        {
            Assert.Empty(app.Urls);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("RateLimit:ReadsPerMinute=abc", "RateLimit:ReadsPerMinute: abc is not a whole number")]
    [InlineData("RateLimit:WritesPerMinute=-1", "RateLimit:WritesPerMinute: -1 is not a whole number")]
    [InlineData("Proxies=10.0.0.1, proxy", "Proxies: proxy is not an IP address")]
    [InlineData("Database:Conection=Data Source=x.db", "There is no setting Database:Conection. Known: Database:Connection,")]
    [InlineData("RateLimit:Reads=5", "There is no setting RateLimit:Reads.")]
    [InlineData("Cors:Origin=https://a.example", "There is no setting Cors:Origin.")]
    public async Task A_setting_that_cannot_be_is_refused_at_start(string setting, string told)
    {
        using var ended = await ChildProcess.RunAsync("--" + setting);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(told, ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
    }

    [Fact]
    public async Task A_misspelt_subcommand_starts_no_server()
    {
        using var ended = await ChildProcess.RunAsync("verfy");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("verfy", ended.Error);
    }

    [Theory]
    [InlineData("--Cors:Origins=https://a.example, https://b.example")]
    [InlineData("--Cors:Origins:0=https://a.example", "--Cors:Origins:1=https://b.example")]
    public async Task The_pages_that_may_read_are_named_one_by_one_or_with_commas(params string[] settings)
    {
        await using var server = new TestServer { Seed = "none", Settings = settings };
        await server.InitializeAsync();
        foreach (var (origin, allowed) in new[] { ("https://a.example", "https://a.example"), ("https://b.example", "https://b.example"), ("https://c.example", null) })
        {
            Assert.Equal(allowed, (await server.AskAsync("/v1/funds", null, ("Origin", origin))).Header("Access-Control-Allow-Origin"));
        }
    }
}
