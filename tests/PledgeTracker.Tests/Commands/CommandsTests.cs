using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Commands;

public sealed class CommandsTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    private string FreshFile => Path.Combine(_folder, "fresh.db");

    private string Fresh => $"Data Source={FreshFile}";

    [Fact]
    public async Task A_key_made_beside_a_running_server_works_at_once_and_no_longer_once_revoked()
    {
        using var made = await ChildProcess.RunAsync("keys", "create", "--name", "Field office", "--role", "recorder", "--organization", "undp", "--Database:Connection", server.Connection);
        var token = TokenOf(made);
        Assert.Equal(HttpStatusCode.Created, await PayAsync(server.Client, token));

        var id = token.Split('_')[1];
        using var listed = await ChildProcess.RunAsync("keys", "list", "--Database:Connection", server.Connection);
        Assert.Equal(0, listed.ExitCode);
        var line = Assert.Single(listed.Output.Split('\n'), l => l.StartsWith(id, StringComparison.Ordinal));
        Assert.Contains("recorder\tundp\tactive", line);
        Assert.Contains("Field office", line);
        Assert.DoesNotContain(token.Split('_')[2], listed.Output);

        using var revoked = await ChildProcess.RunAsync("keys", "revoke", id, "--Database:Connection", server.Connection);
        Assert.Equal((0, $"{id} is revoked.\n"), (revoked.ExitCode, revoked.Output));
        Assert.Equal(HttpStatusCode.Unauthorized, await PayAsync(server.Client, token));
    }

    [Fact]
    public async Task Only_a_server_makes_a_database_and_what_commands_do_there_without_one_the_next_serves()
    {
        foreach (var command in (string[][])[["keys", "list"], ["verify"], ["rebuild"], ["backup", "--to", Path.Combine(_folder, "copy.db")]])
        {
            using var refused = await ChildProcess.RunAsync([.. command, "--Database:Connection", Fresh]);
            Assert.Equal((1, $"{FreshFile}: There is no database: `serve` makes one.\n", ""), (refused.ExitCode, refused.Error, refused.Output));
        }

        Assert.Empty(Directory.GetFiles(_folder));
        await ServeOnceAsync();
        using var made = await ChildProcess.RunAsync("keys", "create", "--name", "First", "--role", "admin", "--Database:Connection", Fresh);
        var token = TokenOf(made);
        using var listed = await ChildProcess.RunAsync("keys", "list", "--Database:Connection=" + Fresh);
        Assert.Contains(token.Split('_')[1] + "\tadmin", listed.Output);
        using var verified = await ChildProcess.RunAsync("verify", "--Database:Connection", Fresh);
        Assert.Equal(2, verified.ExitCode);
        Assert.StartsWith("Empty ledger", verified.Output, StringComparison.Ordinal);

        var port = ChildProcess.FreePort();
        using var serving = await ChildProcess.ServeAsync(Fresh, port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "/v1/keys", null, ("Authorization", "Bearer " + token))).Status);
    }

    [Fact]
    public async Task A_command_takes_the_database_that_the_settings_name_as_the_server_does()
    {
        var environment = "Commands" + Guid.NewGuid().ToString("N");
        var settings = Path.Combine(AppContext.BaseDirectory, $"appsettings.{environment}.json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new { Database = new { Connection = Fresh } }), TestContext.Current.CancellationToken);
        try
        {
            await ServeOnceAsync();
            using var made = await ChildProcess.RunInAsync(environment, "keys", "create", "--name", "First", "--role", "admin");
            TokenOf(made);
            using var verified = await ChildProcess.RunInAsync(environment, "verify");
            Assert.StartsWith("Empty ledger", verified.Output, StringComparison.Ordinal);
            using var listed = await ChildProcess.RunAsync("keys", "list", "--Database:Connection", Fresh);
            Assert.Contains("First", listed.Output);
            // The option goes before the settings.
            using var elsewhere = await ChildProcess.RunInAsync(environment, "verify", "--Database:Connection", Fresh + ".other");
            Assert.Contains("There is no database", elsewhere.Error);
        }
        finally
        {
            File.Delete(settings);
        }
    }

    [Fact]
    public async Task Verify_says_that_a_database_of_an_older_version_has_to_be_migrated_first()
    {
        var last = Directory.GetFiles(Path.Combine(Repository.Root, "db", TestDatabase.IsPostgres ? "postgres" : "sqlite")).Select(Path.GetFileName).Max(StringComparer.Ordinal)!;
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.StopAsync();
        await using (var connection = await own.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync($"DELETE FROM schema_migration WHERE name = '{last}'");
        }

        using var verified = await ChildProcess.RunAsync("verify", "--Database:Connection", own.Connection);
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains(last, verified.Error, StringComparison.Ordinal);
        Assert.Contains("older version", verified.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--role recorder", "organizationId")]
    [InlineData("--role recorder --organization nobody", "nobody")]
    [InlineData("--role editor --organization undp", "organizationId")]
    [InlineData("--role king", "king")]
    [InlineData("--role admin --expires 2020-01-01T00:00:00Z", "future")]
    [InlineData("", "--role")]
    public async Task A_key_that_cannot_be_made_is_refused_in_words(string options, string word)
    {
        using var refused = await ChildProcess.RunAsync(["keys", "create", "--name", "x", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--Database:Connection", server.Connection]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(word, refused.Error);
        Assert.DoesNotContain("   at ", refused.Output + refused.Error);
        Assert.DoesNotContain("pt_", refused.Output);
    }

    [Fact]
    public async Task Revoking_a_key_that_is_not_there_is_refused_in_words()
    {
        using var refused = await ChildProcess.RunAsync("keys", "revoke", "nosuchkey", "--Database:Connection", server.Connection);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("nosuchkey", refused.Error);
        Assert.DoesNotContain("   at ", refused.Error);
    }

    [Fact]
    public async Task A_command_on_a_file_that_is_no_database_says_so_without_a_stack_trace()
    {
        await File.WriteAllTextAsync(FreshFile, new string('x', 8192));
        using var refused = await ChildProcess.RunAsync("keys", "list", "--Database:Connection", Fresh);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("not a database", refused.Error);
        Assert.DoesNotContain("   at ", refused.Output + refused.Error);
    }

    [Fact]
    public async Task The_old_name_of_the_setting_is_refused_with_the_new_one()
    {
        using var command = await ChildProcess.RunAsync("keys", "list", "--database", FreshFile);
        Assert.Equal(1, command.ExitCode);
        Assert.Contains($"--Database:Connection \"Data Source={FreshFile}\"", command.Error);
        using var serving = await ChildProcess.RunAsync($"--Database:Path={FreshFile}");
        Assert.Equal(1, serving.ExitCode);
        Assert.Equal($"Database:Path is now Database:Connection: say \"Data Source={FreshFile}\".\n", serving.Error);
        Assert.False(File.Exists(FreshFile));
    }

    [Fact]
    public async Task Two_servers_on_one_database_are_as_right_as_one()
    {
        var port = ChildProcess.FreePort();
        using var second = await ChildProcess.ServeAsync(server.Connection, port);
        using var other = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var token = await server.TokenAsync("editor");
        for (var i = 0; i < 10; i++)
        {
            var (writing, reading) = i % 2 == 0 ? (server.Client, other) : (other, server.Client);
            var reply = await writing.SendAsync(HttpMethod.Post, "/v1/contributions", $$"""
                { "donorId": "deu", "fundId": "undp-ffs", "stage": "payment", "amount": {{i + 1}}, "currency": "USD", "date": "2026-01-15" }
                """, ("Authorization", "Bearer " + token), ("Idempotency-Key", $"both-{i}"));
            Assert.True(reply.Status == HttpStatusCode.Created, reply.Text);
            await reading.ReadAsync($"/v1/contributions/{reply.Body.Text("id")}");
            var again = await reading.SendAsync(HttpMethod.Post, "/v1/contributions", $$"""
                { "donorId": "deu", "fundId": "undp-ffs", "stage": "payment", "amount": {{i + 1}}, "currency": "USD", "date": "2026-01-15" }
                """, ("Authorization", "Bearer " + token), ("Idempotency-Key", $"both-{i}"));
            Assert.Equal((reply.Text, true), (again.Text, again.Replayed));
        }

        await server.AssertCleanAsync();
    }

    [Fact]
    public async Task Rebuild_computes_anew_what_was_damaged()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        await using (var outside = await own.OpenDatabaseAsync())
        {
            await outside.ExecuteAsync("UPDATE total SET paid_usd = paid_usd + 1");
            await outside.ExecuteAsync("DELETE FROM fund_day");
        }

        Assert.Equal(1, (await own.VerifyAsync()).ExitCode);
        using var rebuilt = await ChildProcess.RunAsync("rebuild", "--Database:Connection", own.Connection);
        Assert.Equal((0, "Rebuilt.\n"), (rebuilt.ExitCode, rebuilt.Output));
        await own.AssertCleanAsync();
    }

    [Fact]
    public async Task Verify_reads_a_database_that_is_being_served()
    {
        using var verified = await ChildProcess.RunAsync("verify", "--Database:Connection", server.Connection);
        Assert.Equal(0, verified.ExitCode);
        Assert.Matches("^Clean: [0-9]+ changes\\.\n$", verified.Output);
    }

    [Theory]
    [InlineData("verfy", "There is no verfy. Did you mean verify? Known: serve, keys, verify, rebuild, backup, restore, export, import, help.")]
    [InlineData("bakcup --to x", "There is no bakcup. Did you mean backup? Known: serve, keys, verify, rebuild, backup, restore, export, import, help.")]
    [InlineData("keys creat --name x", "There is no creat of keys. Did you mean create? Known: create, list, revoke.")]
    [InlineData("keys create --nmae x", "There is no --nmae of create. Did you mean --name?")]
    [InlineData("verify --Databse:Connection=x", "There is no --Databse:Connection of verify. Did you mean --Database:Connection?")]
    [InlineData("backup", "Option '--to' is required.")]
    [InlineData("--Databse:Connection=x", "There is no setting --Databse:Connection. Did you mean --Database:Connection?")]
    [InlineData("serve --urlz=http://localhost:1", "There is no setting --urlz. Did you mean --urls?")]
    [InlineData("serve backup", "There is no setting backup.")]
    [InlineData("--Database:Seed", "--Database:Seed: a value is missing")]
    public async Task What_is_no_subcommand_and_no_option_is_refused_with_the_nearest_and_starts_nothing(string args, string told)
    {
        using var refused = await ChildProcess.RunAsync(args.Split(' '));
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith(told, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("help", "restore")]
    [InlineData("--help", "restore")]
    [InlineData("help keys create", "--organization")]
    [InlineData("serve --help", "--urls")]
    public async Task Help_says_what_there_is(string args, string word)
    {
        using var help = await ChildProcess.RunAsync(args.Split(' '));
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains(word, help.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task ServeOnceAsync()
    {
        using var serving = await ChildProcess.ServeAsync(Fresh, ChildProcess.FreePort());
        await serving.TerminateAsync();
    }

    private static string TokenOf(ChildProcess made)
    {
        Assert.True(made.ExitCode == 0, made.Error + made.Output);
        var last = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Matches("^pt_[0-9a-f]{12}_[0-9a-f]{48}$", last);
        return last;
    }

    private static async Task<HttpStatusCode> PayAsync(HttpClient client, string token) => (await client.SendAsync(HttpMethod.Post, "/v1/contributions", """
        { "donorId": "deu", "recipientId": "undp", "fundId": "undp-ffs", "stage": "payment", "amount": 77.01, "currency": "USD", "date": "2026-01-15" }
        """, ("Authorization", "Bearer " + token))).Status;
}
