using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>The database file, what stands beside it, and the only place that opens connections to it.</summary>
/// <remarks>
/// <c>Pooling=False</c> everywhere: the provider's pool can hand one handle to two owners (dotnet/efcore#39008), and our connections
/// live as long as the server.
/// </remarks>
internal sealed class Database
{
    private long _commits;
    private bool _closesViews;

    static Database()
    {
        // Each connection is used by one thread at a time, and nobody asks SQLite how much memory it uses: no lock need be taken for
        // every statement and every allocation. Only possible before the first connection is opened.
        Batteries_V2.Init();
        if (raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD) != raw.SQLITE_OK)
        {
            throw new InvalidOperationException("SQLite was in use before its database was opened here.");
        }

        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public Database(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    /// <summary>
    /// Counts the beginnings and the ends of the writer's commits: a view that was opened at this number is still the latest, unless the
    /// number is odd. Then a commit is under way, and of two views that were opened meanwhile one may show it and the other not.
    /// </summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Views of the database that nobody uses at the moment are to be closed: the log cannot start anew while they are open.</summary>
    public event Action? ViewsInTheWay;

    /// <summary>A checkpoint is under way: a view is closed as soon as it is not used.</summary>
    public bool ClosesViews => Volatile.Read(ref _closesViews);

    public void NoteCommitBegins() => Interlocked.Increment(ref _commits);

    public void NoteCommitEnds() => Interlocked.Increment(ref _commits);

    /// <summary>Closes the views that nobody uses now; those that are used stay, and others may be opened at once.</summary>
    public void CloseIdleViews() => ViewsInTheWay?.Invoke();

    public void CloseViews()
    {
        Volatile.Write(ref _closesViews, true);
        CloseIdleViews();
    }

    public void KeepViews()
    {
        // Those that were opened meanwhile see the log, too.
        try
        {
            CloseIdleViews();
        }
        finally
        {
            Volatile.Write(ref _closesViews, false);
        }
    }

    /// <summary>Held exclusively by the one process that writes.</summary>
    public string LockPath => Path + ".lock";

    /// <summary>A connection that writes: the writer's, and the one its log is copied on.</summary>
    public SqliteConnection OpenForWriting()
    {
        var connection = Open(SqliteOpenMode.ReadWriteCreate);
        // FULL: a commit returns after the log was fsynced. The writer itself says when a checkpoint is due.
        // Without recursive triggers, REPLACE deletes the row in its way behind the back of the triggers that forbid it.
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; " +
                        "PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;");
        return connection;
    }

    /// <summary>A connection that can only read.</summary>
    public SqliteConnection OpenForReading()
    {
        var connection = Open(SqliteOpenMode.ReadOnly);
        Run(connection, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -6144; PRAGMA mmap_size = 0;");
        return connection;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = false,
        }.ToString());
        connection.Open();
        // Only against an outside program that holds a lock, in ms: our own writer is one.
        raw.sqlite3_busy_timeout(connection.Handle!, 5000);
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
