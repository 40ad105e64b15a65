using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Commands;

public sealed class CommandsTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    private string Fresh => Path.Combine(_folder, "fresh.db");

    [Fact]
    public async Task A_key_made_beside_a_running_server_works_at_once_and_no_longer_once_revoked()
    {
        using var made = await ChildProcess.RunAsync("keys", "create", "--name", "Field office", "--role", "recorder", "--organization", "undp", "--database", server.DatabasePath);
        var token = TokenOf(made);
        Assert.Equal(HttpStatusCode.Created, await PayAsync(server.Client, token));

        var id = token.Split('_')[1];
        using var listed = await ChildProcess.RunAsync("keys", "list", "--database", server.DatabasePath);
        Assert.Equal(0, listed.ExitCode);
        var line = Assert.Single(listed.Output.Split('\n'), l => l.StartsWith(id, StringComparison.Ordinal));
        Assert.Contains("recorder\tundp\tactive", line);
        Assert.Contains("Field office", line);
        Assert.DoesNotContain(token.Split('_')[2], listed.Output);

        using var revoked = await ChildProcess.RunAsync("keys", "revoke", id, "--database", server.DatabasePath);
        Assert.Equal((0, $"{id} is revoked.\n"), (revoked.ExitCode, revoked.Output));
        Assert.Equal(HttpStatusCode.Unauthorized, await PayAsync(server.Client, token));
    }

    [Fact]
    public async Task Without_a_server_one_runs_for_the_length_of_the_command()
    {
        using var made = await ChildProcess.RunAsync("keys", "create", "--name", "First", "--role", "admin", "--database", Fresh);
        var token = TokenOf(made);
        Assert.False(File.Exists(Fresh + ".sock"));
        // And it let go of the database: each of these takes it.
        using var listed = await ChildProcess.RunAsync("keys", "list", "--Database:Path", Fresh);
        Assert.Contains(token.Split('_')[1] + "\tadmin", listed.Output);
        using var verified = await ChildProcess.RunAsync("verify", "--database", Fresh);
        Assert.Equal((0, "Clean: 0 changes.\n"), (verified.ExitCode, verified.Output));

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
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new { Database = new { Path = Fresh } }), TestContext.Current.CancellationToken);
        try
        {
            using var made = await ChildProcess.RunInAsync(environment, "keys", "create", "--name", "First", "--role", "admin");
            TokenOf(made);
            using var verified = await ChildProcess.RunInAsync(environment, "verify");
            Assert.Equal((0, "Clean: 0 changes.\n"), (verified.ExitCode, verified.Output));
            using var listed = await ChildProcess.RunAsync("keys", "list", "--database", Fresh);
            Assert.Contains("First", listed.Output);
            // The option goes before the settings.
            using var elsewhere = await ChildProcess.RunInAsync(environment, "verify", "--database", Fresh + ".other");
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
        var last = Directory.GetFiles(Path.Combine(Repository.Root, "db", "migrations")).Select(Path.GetFileName).Max(StringComparer.Ordinal)!;
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.StopAsync();
        await using (var connection = await own.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync($"DELETE FROM schema_migration WHERE name = '{last}'");
        }

        using var verified = await ChildProcess.RunAsync("verify", "--database", own.DatabasePath);
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
        using var refused = await ChildProcess.RunAsync(["keys", "create", "--name", "x", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--database", server.DatabasePath]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(word, refused.Error);
        Assert.DoesNotContain("   at ", refused.Output + refused.Error);
        Assert.DoesNotContain("pt_", refused.Output);
    }

    [Fact]
    public async Task Revoking_a_key_that_is_not_there_is_refused_in_words()
    {
        using var refused = await ChildProcess.RunAsync("keys", "revoke", "nosuchkey", "--database", server.DatabasePath);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("nosuchkey", refused.Error);
        Assert.DoesNotContain("   at ", refused.Error);
    }

    [Fact]
    public async Task A_command_on_a_file_that_is_no_database_says_so_without_a_stack_trace()
    {
        await File.WriteAllTextAsync(Fresh, new string('x', 8192));
        using var refused = await ChildProcess.RunAsync("keys", "list", "--database", Fresh);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("not a database", refused.Error);
        Assert.DoesNotContain("   at ", refused.Output + refused.Error);
    }

    [Fact]
    public async Task A_second_server_on_one_database_ends_and_says_why()
    {
        using var second = await ChildProcess.RunAsync(ChildProcess.ServerArgs(server.DatabasePath, ChildProcess.FreePort()));
        Assert.Equal(1, second.ExitCode);
        Assert.StartsWith($"Another process serves {server.DatabasePath}.", second.Error);
        Assert.DoesNotContain("   at ", second.Output + second.Error);
        // And the first serves on, on its socket too.
        await server.GetAsync("/v1/pledges?limit=1");
        using var local = server.LocalClient();
        await local.ReadAsync("/v1/keys");
    }

    [Fact]
    public async Task The_socket_is_its_owners_alone_and_goes_with_the_server()
    {
        var port = ChildProcess.FreePort();
        using var serving = await ChildProcess.ServeAsync(Fresh, port);
        Assert.True(File.Exists(Fresh + ".sock"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Fresh + ".sock"));
        }

        await serving.TerminateAsync();
        Assert.Equal(0, serving.ExitCode);
        Assert.False(File.Exists(Fresh + ".sock"));
    }

    [Fact]
    public async Task A_socket_left_by_a_killed_server_is_in_nobodys_way()
    {
        var port = ChildProcess.FreePort();
        using var killed = await ChildProcess.ServeAsync(Fresh, port);
        await killed.KillAsync();
        Assert.True(File.Exists(Fresh + ".sock"));
        using var made = await ChildProcess.RunAsync("keys", "create", "--name", "After", "--role", "admin", "--database", Fresh);
        TokenOf(made);
        using var again = await ChildProcess.ServeAsync(Fresh, port);
        using var listed = await ChildProcess.RunAsync("keys", "list", "--database", Fresh);
        Assert.Contains("After", listed.Output);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_still_works()
    {
        var deep = Path.Combine(_folder, new string('d', 60), new string('e', 60), "long.db");
        var port = ChildProcess.FreePort();
        using var serving = await ChildProcess.ServeAsync(deep, port);
        var socket = await File.ReadAllTextAsync(deep + ".sock", TestContext.Current.CancellationToken);
        Assert.StartsWith(Path.GetTempPath(), socket);
        Assert.True(socket.Length <= 107);
        Assert.True(File.Exists(socket));
        var folder = Path.GetDirectoryName(socket)!;
        if (!OperatingSystem.IsWindows())
        {
            // Nobody else can come in, or foresee the name and be there first.
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
        }

        using var made = await ChildProcess.RunAsync("keys", "create", "--name", "Deep", "--role", "editor", "--database", deep);
        TokenOf(made);
        await serving.TerminateAsync();
        Assert.False(Directory.Exists(folder));
        Assert.False(File.Exists(deep + ".sock"));
        using var again = await ChildProcess.ServeAsync(deep, ChildProcess.FreePort());
        Assert.NotEqual(socket, await File.ReadAllTextAsync(deep + ".sock", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_socket_is_its_owners_alone_from_the_first_moment()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var seen = new HashSet<UnixFileMode>();
        for (var i = 0; i < 5; i++)
        {
            var starting = new TestServer { Seed = "none" };
            using var enough = new CancellationTokenSource();
            using var begun = new ManualResetEventSlim();
            // A thread of its own: on a busy machine one of the pool's would come too late.
            var watching = new Thread(() =>
            {
                begun.Set();
                while (!OperatingSystem.IsWindows() && !enough.IsCancellationRequested)
                {
                    try
                    {
                        seen.Add(File.GetUnixFileMode(starting.DatabasePath + ".sock"));
                    }
                    catch (FileNotFoundException)
                    {
                        // Not there yet.
                    }
                }
            });
            watching.Start();
            begun.Wait(TestContext.Current.CancellationToken);
            await starting.InitializeAsync();
            await enough.CancelAsync();
            watching.Join();
            seen.Add(File.GetUnixFileMode(starting.DatabasePath + ".sock"));
            await starting.DisposeAsync();
        }

        Assert.Equal([UnixFileMode.UserRead | UnixFileMode.UserWrite], seen);
    }

    [Fact]
    public async Task Verify_reads_a_database_that_is_being_served()
    {
        using var verified = await ChildProcess.RunAsync("verify", "--database", server.DatabasePath);
        Assert.Equal(0, verified.ExitCode);
        Assert.Matches("^Clean: [0-9]+ changes\\.\n$", verified.Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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
