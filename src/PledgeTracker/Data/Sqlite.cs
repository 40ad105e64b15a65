using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>SQLite: one file, embedded. Its calls are synchronous whatever they are called, and bounded in time.</summary>
internal sealed class Sqlite : Engine
{
    private const int StepsBetweenLooks = 20_000;

    // What a copy is called until it is whole.
    internal const string Unfinished = ".part";

    // A database is these files.
    private static readonly string[] Beside = ["", "-wal", "-shm", "-journal"];

    // The provider's own pool can lend one handle to two owners (dotnet/efcore#39008).
    private readonly string _reading;
    private readonly string _writing;
    // Each has pages and prepared statements of its own, megabytes: what a rush needed is not kept for the next.
    private const int MostReaders = 16;

    private readonly ConcurrentBag<KeepingConnection> _readers = [];
    private readonly ConcurrentBag<KeepingConnection> _writers = [];
    private int _resting;

    public Sqlite(string connection)
    {
        // The provider asks a busy file again for so long after SQLite itself gave up (busy_timeout).
        var file = new SqliteConnectionStringBuilder(connection) { Pooling = false, DefaultTimeout = 1 };
        file.DataSource = Where = Path.GetFullPath(file.DataSource);
        _writing = new SqliteConnectionStringBuilder(file.ToString()) { ForeignKeys = true, RecursiveTriggers = true }.ToString();
        _reading = new SqliteConnectionStringBuilder(file.ToString()) { Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    public override string Name => "sqlite";

    public override string Where { get; }

    // Another process that writes the same file cannot ring: who waits for changes looks now and then.
    internal override string? Announcement => null;

    internal override Task ListenAsync(Action ring, CancellationToken cancellation) => Task.CompletedTask;

    internal override int JobsInABatch => 256;

    public override string AnyOf(string column, string list) => $"{column} IN (SELECT value FROM json_each({list}))";

    public override string PledgesWithWords(params IReadOnlyList<string> words) =>
        $"SELECT rowid AS no FROM pledge_text WHERE pledge_text MATCH {string.Join(" || ' ' || ", words.Select(word => $"""'"' || {word} || '"*'"""))}";

    public override string IndexText => """
        DELETE FROM pledge_text WHERE rowid = @no;
        INSERT INTO pledge_text (rowid, text) SELECT @no, @text WHERE @text <> ''
        """;

    // An index without its texts knows of a row that is gone only that it is: its words go when its parts are merged.
    public override Task ForgetWordsAsync(DbConnection sql) =>
        RunAsync(sql, "INSERT INTO pledge_text (pledge_text) VALUES ('optimize'); INSERT INTO contribution_text (contribution_text) VALUES ('optimize')");

    public override string EntriesWithWord(string word) => $"""SELECT rowid FROM contribution_text WHERE contribution_text MATCH '"' || {word} || '"*'""";

    public override string IndexNote => """
        DELETE FROM contribution_text WHERE rowid = @no;
        INSERT INTO contribution_text (rowid, text) SELECT @no, @text WHERE @text <> ''
        """;

    internal override async ValueTask<DbConnection> OpenAsync(Access access, CancellationToken cancellation)
    {
        if ((access != Access.Write ? _readers : _writers).TryTake(out var rested))
        {
            if (access != Access.Write)
            {
                Interlocked.Decrement(ref _resting);
            }

            return rested;
        }

        if (access == Access.Write)
        {
            ThrowIfNoFolder(Where);
        }
        else if (!File.Exists(Where))
        {
            throw new InvalidOperationException("There is no database.");
        }

        var sql = new KeepingConnection(access != Access.Write ? _reading : _writing);
        try
        {
            await sql.OpenAsync(cancellation);
            // FULL: a commit returns when the log is on the disk. Another process that writes is waited for. What is overwritten or deleted is gone from the file:
            // a text that was amended first and redacted later would else be found in what the file has free. What a long job could have to take back goes to
            // a file of its own: in memory SQLite walks all of it with every statement, and a rebuild of ten thousand pledges takes fifteen times as long.
            await RunAsync(sql, access != Access.Write
                ? "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -6144; PRAGMA busy_timeout = 5000"
                : "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = FILE; PRAGMA cache_size = -16384; PRAGMA busy_timeout = 10000", cancellation);
        }
        catch
        {
            await sql.DisposeAsync();
            throw;
        }

        if (access != Access.Write)
        {
            // A cancellation stops nothing in SQLite, and sqlite3_interrupt could hit the connection's next owner: it looks at the clock itself.
            raw.sqlite3_progress_handler(sql.Handle!, StepsBetweenLooks, static late => ((KeepingConnection)late).IsLate ? 1 : 0, sql);
        }

        return sql;
    }

    // The moment of a read is that of its first SELECT. A write waits here, not at its first INSERT, for others that write.
    internal override Task BeginAsync(DbConnection sql, Access access, CancellationToken cancellation)
    {
        ((KeepingConnection)sql).GiveTime(access == Access.Read ? ReadLimit : null);
        return RunAsync(sql, access == Access.Write ? "BEGIN IMMEDIATE" : "BEGIN", cancellation);
    }

    internal override void GiveTime(DbConnection sql) => ((KeepingConnection)sql).GiveTime(ReadLimit);

    // The log still has the pages as they were: all of it goes into the file, and it is cut to nothing. Where somebody reads for longer than this waits, the next does it.
    internal override async Task ForgetAsync()
    {
        var sql = await OpenAsync(Access.Write, CancellationToken.None);
        try
        {
            await RunAsync(sql, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        finally
        {
            await CloseAsync(sql, Access.Write);
        }
    }

    internal override async ValueTask CloseAsync(DbConnection sql, Access access)
    {
        var connection = (KeepingConnection)sql;
        if (raw.sqlite3_get_autocommit(connection.Handle!) == 0)
        {
            try
            {
                await RunAsync(sql, "ROLLBACK");
            }
            catch
            {
                // Not for anybody else.
                await sql.DisposeAsync();
                throw;
            }
        }

        if (access == Access.Write)
        {
            _writers.Add(connection);
        }
        else if (Interlocked.Increment(ref _resting) <= MostReaders)
        {
            _readers.Add(connection);
        }
        else
        {
            Interlocked.Decrement(ref _resting);
            await sql.DisposeAsync();
        }
    }

    internal override async Task<bool> IsMadeAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Where))
        {
            return false;
        }

        var sql = await OpenAsync(Access.Read, cancellation);
        try
        {
            return await sql.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration')");
        }
        finally
        {
            await CloseAsync(sql, Access.Read);
        }
    }

    internal override async Task CopyToAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation)
    {
        file = Path.GetFullPath(file);
        ThrowIfNoFolder(file);
        ThrowIfThere(file);
        var beside = file + Unfinished;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Its owner's alone from the first byte on.
        await new FileStream(beside, options).DisposeAsync();
        try
        {
            await CopyIntoAsync(beside, cancellation);
            await using (var copy = new Sqlite(Naming(beside)))
            {
                await checkAsync(copy);
            }

            using (var whole = File.OpenHandle(beside, access: FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(whole);
            }

            File.Move(beside, file);
            FlushFolder(file);
        }
        catch (Exception fault)
        {
            File.Delete(beside);
            File.Delete(beside + "-journal");
            if (IsFull(fault))
            {
                throw new InvalidOperationException($"There is no room left for {file}: no copy was made.", fault);
            }

            throw;
        }
    }

    internal override async Task CopyFromAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation)
    {
        ThrowIfThere(Where);
        ThrowIfServedWithoutName(Where);
        if (!File.Exists(file))
        {
            throw new InvalidOperationException($"There is no file {file}.");
        }

        await using var backup = new Sqlite(Naming(file));
        try
        {
            await backup.CopyToAsync(Where, checkAsync, cancellation);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            throw new InvalidOperationException($"{file} is no whole database, and nothing was made of it. {fault.Message}", fault);
        }
    }

    private async Task CopyIntoAsync(string file, CancellationToken cancellation)
    {
        var sql = await OpenAsync(Access.ReadLong, cancellation);
        try
        {
            await using var copy = new SqliteConnection(Naming(file) + ";Pooling=False");
            await copy.OpenAsync(cancellation);
            // In one step, and so of one moment. It comes with the setting that makes files beside it; a copy is one file.
            ((SqliteConnection)sql).BackupDatabase(copy);
            await RunAsync(copy, "PRAGMA journal_mode = DELETE", cancellation);
        }
        finally
        {
            await CloseAsync(sql, Access.ReadLong);
        }
    }

    private static string Naming(string file) => new SqliteConnectionStringBuilder { DataSource = file }.ToString();

    private static void ThrowIfNoFolder(string file)
    {
        if (Path.GetDirectoryName(file) is { } folder && !Directory.Exists(folder))
        {
            throw new InvalidOperationException($"There is no folder {folder}: make it first.");
        }
    }

    private static void ThrowIfThere(string file)
    {
        if (Beside.Select(end => file + end).FirstOrDefault(Path.Exists) is { } there)
        {
            throw new InvalidOperationException($"{there} is there already, and a server may be using it: name another place, or stop the server and move it away, with what lies beside it (-wal, -shm).");
        }
    }

    // A server whose files were deleted goes on with what has no name any more, and all that it acknowledges from then on is lost. Linux tells which process has such a
    // file, of those that whoever asks may look into.
    private static void ThrowIfServedWithoutName(string file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)))
        {
            try
            {
                if (Directory.EnumerateFiles(process + "/fd").Any(open => new FileInfo(open).LinkTarget == file + " (deleted)"))
                {
                    throw new InvalidOperationException($"Process {Path.GetFileName(process)} still works on the file that was deleted here: stop it first. What it records now is lost.");
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It has ended, or it is somebody else's.
            }
        }
    }

    // A name is on the disk when its folder is. .NET flushes no folder; SQLite does, with a file that it deletes there.
    private static void FlushFolder(string file)
    {
        var marker = file + Unfinished;
        File.WriteAllBytes(marker, []);
        SqliteException.ThrowExceptionForRC(raw.sqlite3__vfs__delete(null, marker, 1), null);
    }

    internal override async Task<List<string>> IntegrityAsync(DbConnection sql) =>
    [
        .. await sql.QueryAsync<string>("SELECT 'integrity: ' || integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
        .. await sql.QueryAsync<string>("""SELECT 'foreign key: ' || "table" || ' row ' || coalesce(rowid, '?') FROM pragma_foreign_key_check"""),
    ];

    internal override Refused? Explain(Exception fault) => IsFull(fault) ? Full
        : fault is SqliteException { SqliteErrorCode: var code, Message: var message } ? code switch
        {
            // A trigger's word, and what a sum beyond 64 bits comes to in a SELECT.
            raw.SQLITE_CONSTRAINT when message.Contains("total_too_large") => Refused.TooLarge(),
            raw.SQLITE_ERROR when message.Contains("integer overflow") => Refused.TooLarge(),
            raw.SQLITE_INTERRUPT => new("query_timeout", new("Narrow the filters.", "ضيق نطاق المرشحات.")),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new("busy", new("Try again in a moment.", "أعد المحاولة بعد قليل.")),
            _ => null,
        }
        : null;

    // SQLite takes the whole transaction back, not only the job.
    internal override bool IsLost(Exception fault) => IsFull(fault);

    // What the log of writes holds may come back after a power cut, or not.
    internal override bool LeavesOpen(Exception fault) => fault is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_IOERR_FSYNC };

    // A quota and a limit of files are told as writes that fail.
    private static bool IsFull(Exception fault) => fault is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
        or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_IOERR_WRITE or raw.SQLITE_IOERR_TRUNCATE or raw.SQLITE_IOERR_SHMSIZE };

    public override async ValueTask DisposeAsync()
    {
        foreach (var sql in _readers.Concat(_writers))
        {
            await sql.DisposeAsync();
        }
    }
}
