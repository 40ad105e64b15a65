using System.Net;
using System.Net.Sockets;

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
    [InlineData("Proxies=10.0.0.0/33", "Proxies: 10.0.0.0/33 is not an IP address, and not a network such as 10.0.0.0/8.")]
    [InlineData("Database:Conection=Data Source=x.db", "There is no setting Database:Conection. Did you mean Database:Connection? Known: Database:Connection,")]
    [InlineData("RateLimit:Reads=5", "There is no setting RateLimit:Reads.")]
    [InlineData("Cors:Origin=https://a.example", "There is no setting Cors:Origin.")]
    [InlineData("RateLimit:ReadsPerMinute=lots", "RateLimit:ReadsPerMinute: lots is not a whole number")]
    [InlineData("Database:Seed=coalitoin", "Database:Seed: there is no seed coalitoin. Known: none, coalition.")]
    [InlineData("Backup:Directory=/no/such/folder", "Backup:Directory: there is no folder /no/such/folder")]
    [InlineData("Backup:Every=6h", "Backup:Every: name the Backup:Directory, too")]
    [InlineData("Backup:Directory=/ --Backup:Every=6", "Backup:Every: 6 is no time: send a whole number with s, m, h or d, such as 6h")]
    [InlineData("Backup:Directory=/ --Backup:Every=31d", "Backup:Every: 31d is no time")]
    [InlineData("Backup:Directory=/ --Backup:Keep=0", "Backup:Keep: 0 is not a whole number from 1.")]
    [InlineData("urls=localhost", "urls: localhost is no address such as http://localhost:5080.")]
    [InlineData("urls=http://localhost:5080;httpx://localhost", "urls: httpx://localhost is no address such as http://localhost:5080.")]
    [InlineData("urls=http://127.0.0.1:99999", "urls: http://127.0.0.1:99999 is no address such as http://localhost:5080.")]
    [InlineData("http_ports=80x", "http_ports: 80x is no port such as 5080.")]
    [InlineData("Kestrel:Endpoints:Https:Url=5443", "Kestrel:Endpoints:Https:Url: 5443 is no address such as http://localhost:5080.")]
    [InlineData("Logging:LogLevel:Default=Lots", "Lots")]
    [InlineData("Logging:Console:FormatterName=xml", "Logging:Console:FormatterName: there is no xml. Known: simple, json, systemd.")]
    public async Task A_setting_that_cannot_be_is_refused_at_start(string setting, string told)
    {
        using var ended = await ChildProcess.RunAsync(("--" + setting).Split(" --").Select((s, i) => i == 0 ? s : "--" + s).ToArray());
        AssertOneLine(ended, told);
    }

    [Fact]
    public async Task An_address_that_is_taken_or_is_none_and_a_folder_that_is_not_there_or_takes_no_file_stop_the_start_with_one_line()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        var port = ChildProcess.FreePort();
        using (var taken = new TcpListener(IPAddress.Loopback, port))
        {
            taken.Start();
            using var ended = await ChildProcess.RunAsync($"--Database:Connection=Data Source={folder}/a.db", $"--urls=http://127.0.0.1:{port}", "--Logging:LogLevel:Default=Warning");
            AssertOneLine(ended, $"Failed to bind to address http://127.0.0.1:{port}: address already in use.");
        }

        using var noUrl = await ChildProcess.RunAsync($"--Database:Connection=Data Source={folder}/b.db", "--urls=localhost");
        AssertOneLine(noUrl, "urls: localhost is no address such as http://localhost:5080.");
        Assert.False(File.Exists($"{folder}/b.db"));
        using var noCertificate = await ChildProcess.RunAsync($"--Database:Connection=Data Source={folder}/a.db", "--Logging:LogLevel:Default=Warning",
            "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0", $"--Kestrel:Endpoints:Https:Certificate:Path={folder}/none.pfx");
        AssertOneLine(noCertificate, $"{folder}/none.pfx");
        using var noFolder = await ChildProcess.RunAsync($"--Database:Connection=Data Source={folder}/none/a.db");
        AssertOneLine(noFolder, $"{folder}/none/a.db: There is no folder {folder}/none: make it first.");
        Assert.False(Directory.Exists($"{folder}/none"));
        if (OperatingSystem.IsLinux())
        {
            // Whoever runs this may write anywhere, but no file is made here.
            using var readOnly = await ChildProcess.RunAsync("--Database:Connection=Data Source=/proc/a.db");
            AssertOneLine(readOnly, "/proc/a.db: SQLite Error 14: 'unable to open database file'.");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_start_log_says_which_version_serves_what_where_and_what_was_done_first()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        var port = ChildProcess.FreePort();
        string[] settings = ["--Logging:LogLevel:Default=Information", "--Database:Seed=coalition"];
        using (var server = await ChildProcess.ServeAsync($"Data Source={folder}/a.db", port, settings))
        {
            await server.TerminateAsync();
            Assert.Matches($@"PledgeTracker [0-9.]+ on sqlite: {folder}/a\.db\. Migrations applied: 0001_ledger\.sql, .*\. Seed loaded: coalition\. [0-9]+ changes", server.Output);
            Assert.Contains($"Now listening on: http://127.0.0.1:{port}", server.Output, StringComparison.Ordinal);
            Assert.Equal("", server.Error);
        }

        using (var again = await ChildProcess.ServeAsync($"Data Source={folder}/a.db", port, settings))
        {
            await again.TerminateAsync();
            Assert.Contains("Migrations applied: none. Seed loaded: none. ", again.Output, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
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

    private static void AssertOneLine(ChildProcess ended, string told)
    {
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(told, ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
    }
}
