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
    static Database()
    {
        // Each connection is used by one thread at a time, and nobody asks SQLite how much memory it uses: no lock need be taken for
        // every statement and every allocation. Only possible before the first connection is opened.
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public Database(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    /// <summary>Held exclusively by the one process that writes.</summary>
    public string LockPath => Path + ".lock";

    /// <summary>The one connection that writes. Opened by the writer alone.</summary>
    public SqliteConnection OpenForWriting()
    {
        var connection = Open(SqliteOpenMode.ReadWriteCreate);
        // FULL: a commit returns after the log was fsynced. A checkpoint every 64 MiB of log copies a page that changes often once for many writes.
        // Without recursive triggers, REPLACE deletes the row in its way behind the back of the triggers that forbid it.
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; " +
                        "PRAGMA wal_autocheckpoint = 16000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;");
        return connection;
    }

    /// <summary>A connection that can only read.</summary>
    public SqliteConnection OpenForReading()
    {
        var connection = Open(SqliteOpenMode.ReadOnly);
        Run(connection, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA mmap_size = 0;");
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
