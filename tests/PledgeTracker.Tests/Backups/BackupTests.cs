using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using PledgeTracker.Tests.Db;
using PledgeTracker.Tests.Durability;

namespace PledgeTracker.Tests.Backups;

/// <summary>`backup`, `restore` and the schedule, as an operator uses them.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string OnSqliteOnly = "PostgreSQL has tools of its own: see A_PostgreSQL_is_told_of_its_own_tools.";

    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_taken_while_many_write_by_hand_or_on_schedule_is_a_whole_beginning_of_what_was_acknowledged()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, OnSqliteOnly);
        var port = ChildProcess.FreePort();
        var server = await _served.StartAsync(port, "--Database:Seed=coalition", $"--Backup:Directory={_folder}", "--Backup:Every=2s", "--Backup:Keep=2");
        // Only what the server named itself is counted, and deleted.
        string[] others = ["pledgetracker-20200101T000000Z.db.old", "pledgetracker-before-upgrade.db", "notes.txt"];
        Array.ForEach(others, name => File.WriteAllText(Path.Combine(_folder, name), "mine"));
        using var clients = await _served.ClientsAsync(port);
        using var enough = new CancellationTokenSource();
        var recording = clients.RunAsync(32, int.MaxValue, enough.Token);
        await clients.AcknowledgedAsync(100, TimeSpan.FromMinutes(2), recording);

        var byHand = Path.Combine(_folder, "by-hand.db");
        await using var live = await _served.Database.OpenAsync();
        var before = Sequence(live);
        using var taken = await ChildProcess.RunAsync("backup", "--to", byHand, "--Database:Connection", _served.Database.Connection);
        var after = Sequence(live);
        Assert.True(taken.ExitCode == 0, taken.Error);
        Assert.InRange(await AssertRestoresAsync(byHand, "by hand.db"), before, after);

        // On schedule the first comes at once; when the third is there the first is gone.
        var first = await NewestAsync(_ => true);
        var second = await NewestAsync(name => string.CompareOrdinal(name, first) > 0);
        var third = await NewestAsync(name => string.CompareOrdinal(name, second) > 0);
        await clients.EndAsync(enough, recording);
        await server.TerminateAsync();
        Assert.False(File.Exists(first));
        Assert.InRange(OfSchedule().Count, 1, 2);
        Assert.Equal([.. others.Append("by-hand.db").Order(StringComparer.Ordinal)],
            Directory.GetFiles(_folder).Except(OfSchedule()).Select(f => Path.GetFileName(f)!).Where(n => !n.EndsWith(".part", StringComparison.Ordinal) && n != "by hand.db").Order(StringComparer.Ordinal));
        Assert.True(await AssertRestoresAsync(OfSchedule()[0], "of schedule.db") > after);
        await _served.AssertWholeAsync();

        async Task<string> NewestAsync(Func<string, bool> isWanted)
        {
            for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50, CancellationToken.None))
            {
                if (OfSchedule().FirstOrDefault(isWanted) is { } found)
                {
                    return found;
                }

                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "No backup was taken: " + server.Output + server.Error);
            }
        }
    }

    [Fact]
    public async Task A_full_disk_leaves_the_backups_that_are_there_and_it_is_said_and_the_next_succeeds()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, OnSqliteOnly);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits how large the files of a running process may be.");
        var port = ChildProcess.FreePort();
        // As a full disk does: more than this cannot be written to a file.
        var server = await _served.StartLimitedAsync(port, "--Database:Seed=coalition", $"--Backup:Directory={_folder}", "--Backup:Every=1s", "--Backup:Keep=3", "--Logging:LogLevel:PledgeTracker=Information");
        await UntilAsync(() => OfSchedule().Count == 3);
        server.LimitFiles(64 * 1024);
        // One that had begun may meet the limit elsewhere.
        await UntilAsync(() => server.Output.Contains($"those that are there stay. There is no room left for {_folder}/pledgetracker-", StringComparison.Ordinal));
        Assert.Contains("No backup could be taken in " + _folder, server.Output, StringComparison.Ordinal);
        var kept = OfSchedule();
        Assert.Equal(3, kept.Count);
        Assert.Empty(Directory.GetFiles(_folder, "*.part*"));
        Assert.True(await AssertRestoresAsync(kept[0], "restored.db") > 0);

        server.LimitFiles(null);
        await UntilAsync(() => OfSchedule()[0] != kept[0]);
        await server.TerminateAsync();

        async Task UntilAsync(Func<bool> isSo)
        {
            for (var waited = Stopwatch.StartNew(); !isSo(); await Task.Delay(50, CancellationToken.None))
            {
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), server.Output + server.Error);
            }
        }
    }

    [Fact]
    public async Task Who_asks_whether_the_server_is_ready_is_told_of_its_backups_too()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, OnSqliteOnly);
        var folder = Path.Combine(_folder, "backups");
        Directory.CreateDirectory(folder);
        await using var server = new TestServer { Seed = "none", Settings = [$"--Backup:Directory={folder}", "--Backup:Every=1s", "--Logging:LogLevel:Default=None"] };
        await server.InitializeAsync();
        await StateAsync(backup => backup.GetProperty("lastTakenAt").ValueKind == JsonValueKind.String && !backup.GetProperty("failing").GetBoolean());
        Directory.Move(folder, folder + "-moved");
        await StateAsync(backup => backup.GetProperty("failing").GetBoolean());
        Directory.Move(folder + "-moved", folder);
        await StateAsync(backup => !backup.GetProperty("failing").GetBoolean());

        async Task StateAsync(Func<JsonElement, bool> isSo)
        {
            for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50, CancellationToken.None))
            {
                var ready = await server.GetAsync("/health/ready");
                if (isSo(ready.GetProperty("backup")))
                {
                    return;
                }

                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), ready.GetRawText());
            }
        }
    }

    [Fact]
    public async Task A_backup_is_restored_where_nothing_is_and_only_if_it_is_whole()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, OnSqliteOnly);
        var port = ChildProcess.FreePort();
        var server = await _served.StartAsync(port, "--Database:Seed=coalition");
        var (backup, live) = (Path.Combine(_folder, "backup.db"), new SqliteConnectionStringBuilder(_served.Database.Connection).DataSource);
        using (var taken = await ChildProcess.RunAsync("backup", "--to", backup, "--Database:Connection", _served.Database.Connection))
        {
            Assert.Equal((0, ""), (taken.ExitCode, taken.Error));
            Assert.Matches($@"\A{backup}: [0-9]+ changes\.\n\z", taken.Output);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        }

        Assert.Equal([backup], Directory.GetFiles(_folder));
        await RefusedAsync($"{backup} is there already", "backup", "--to", backup, "--Database:Connection", _served.Database.Connection);
        await RefusedAsync($"There is no folder {_folder}/none", "backup", "--to", $"{_folder}/none/b.db", "--Database:Connection", _served.Database.Connection);
        await RefusedAsync($"{live} is there already, and a server may be using it", "restore", backup, "--Database:Connection", _served.Database.Connection);

        // The file alone is no backup: what was written last stands beside it.
        var alone = Path.Combine(_folder, "alone.db");
        File.Copy(live, alone);
        await RefusedAsync("without its -wal", "restore", alone, "--Database:Connection", $"Data Source={_folder}/r.db");
        await server.TerminateAsync();

        await RefusedAsync("There is no file", "restore", _folder + "/nothing", "--Database:Connection", $"Data Source={_folder}/r.db");
        var other = Path.Combine(_folder, "other.db");
        await File.WriteAllTextAsync(other, new string('x', 8192), TestContext.Current.CancellationToken);
        await RefusedAsync("not a database", "restore", other, "--Database:Connection", $"Data Source={_folder}/r.db");
        var half = Path.Combine(_folder, "half.db");
        await File.WriteAllBytesAsync(half, (await File.ReadAllBytesAsync(backup, TestContext.Current.CancellationToken))[..300_000], TestContext.Current.CancellationToken);
        await RefusedAsync($"{half} is no whole database, and nothing was made of it.", "restore", half, "--Database:Connection", $"Data Source={_folder}/r.db");
        var damaged = Path.Combine(_folder, "damaged.db");
        File.Copy(backup, damaged);
        await using (var connection = new SqliteConnection($"Data Source={damaged};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            connection.Execute("DROP TRIGGER change_is_never_updated; UPDATE change SET actor = 'nobody' WHERE seq = 7");
        }

        await RefusedAsync("It is not whole", "restore", damaged, "--Database:Connection", $"Data Source={_folder}/r.db");
        Assert.False(File.Exists(_folder + "/r.db"));
        await File.WriteAllTextAsync(_folder + "/r.db-wal", "", TestContext.Current.CancellationToken);
        await RefusedAsync("r.db-wal is there already", "restore", backup, "--Database:Connection", $"Data Source={_folder}/r.db");
        File.Delete(_folder + "/r.db-wal");
        Assert.True(await AssertRestoresAsync(backup, "r.db") > 0);
    }

    [Fact]
    public async Task While_a_server_works_on_files_that_were_deleted_nothing_is_restored_in_their_place()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, OnSqliteOnly);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Nothing but Linux tells of files that are open and have no name.");
        var server = await _served.StartAsync(ChildProcess.FreePort(), "--Database:Seed=coalition");
        var (backup, live) = (Path.Combine(_folder, "backup.db"), new SqliteConnectionStringBuilder(_served.Database.Connection).DataSource);
        using (var taken = await ChildProcess.RunAsync("backup", "--to", backup, "--Database:Connection", _served.Database.Connection))
        {
            Assert.Equal((0, ""), (taken.ExitCode, taken.Error));
        }

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(live)!, Path.GetFileName(live) + "*"))
        {
            File.Delete(file);
        }

        await RefusedAsync("still works on the file that was deleted here: stop it first.", "restore", backup, "--Database:Connection", _served.Database.Connection);
        Assert.False(File.Exists(live));
        await server.TerminateAsync();
        using var restored = await ChildProcess.RunAsync("restore", backup, "--Database:Connection", _served.Database.Connection);
        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        await _served.AssertWholeAsync();
    }

    [Fact]
    public async Task A_PostgreSQL_is_told_of_its_own_tools()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "On SQLite there are backups.");
        await _served.StartAsync(ChildProcess.FreePort());
        var connection = _served.Database.Connection;
        var password = new NpgsqlConnectionStringBuilder(connection).Password;
        Assert.False(string.IsNullOrEmpty(password));
        using var backup = await ChildProcess.RunAsync("backup", "--to", "/tmp/it.dump", "--Database:Connection", connection);
        Assert.Equal((1, ""), (backup.ExitCode, backup.Output));
        Assert.Matches("pg_dump --format=custom --host=.* --port=[0-9]+ --username=.* --file=/tmp/it.dump test_", backup.Error);
        using var restore = await ChildProcess.RunAsync("restore", "/tmp/it.dump", "--Database:Connection", connection);
        Assert.Contains("pg_restore", restore.Error, StringComparison.Ordinal);
        using var scheduled = await ChildProcess.RunAsync($"--Backup:Directory={_folder}", "--Database:Connection=" + connection);
        Assert.Equal((1, ""), (scheduled.ExitCode, scheduled.Output));
        Assert.Contains("pg_dump", scheduled.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(password, backup.Error + restore.Error + scheduled.Error, StringComparison.Ordinal);
    }

    private List<string> OfSchedule() => [.. Directory.GetFiles(_folder, "pledgetracker-????????T??????Z.db").OrderDescending(StringComparer.Ordinal)];

    private static async Task RefusedAsync(string told, params string[] args)
    {
        using var refused = await ChildProcess.RunAsync(args);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains(told, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd().Split('\n'));
    }

    /// <summary>Restored, it is clean, and its changes are the first ones of what was served; how many.</summary>
    private async Task<long> AssertRestoresAsync(string backup, string name)
    {
        var connection = $"Data Source={Path.Combine(_folder, name)}";
        using var restored = await ChildProcess.RunAsync("restore", backup, "--Database:Connection", connection);
        Assert.True(restored.ExitCode == 0, restored.Error);
        using var verified = await ChildProcess.RunAsync("verify", "--Database:Connection", connection);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
        await using var live = await _served.Database.OpenAsync();
        await using var copy = new SqliteConnection(connection + ";Pooling=False");
        await copy.OpenAsync(TestContext.Current.CancellationToken);
        var sequence = Sequence(copy);
        Assert.Equal(Hashes(live, sequence), Hashes(copy, sequence));
        return sequence;
    }

    private static List<string> Hashes(DbConnection connection, long to) => connection.Query<string>($"SELECT seq || ' ' || hex(hash) FROM change WHERE seq <= {to} ORDER BY seq");

    private static long Sequence(DbConnection connection) => connection.Query<long>("SELECT coalesce(max(seq), 0) FROM change")[0];
}
