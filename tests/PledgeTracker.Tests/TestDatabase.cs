using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace PledgeTracker.Tests;

/// <summary>
/// A database of its own on the engine under test: a file; or, with <c>PLEDGETRACKER_TEST_ENGINE=postgres</c>, a database on the server that
/// <c>PLEDGETRACKER_TEST_POSTGRES</c> names (<c>tests/postgres</c> starts one).
/// </summary>
public abstract class TestDatabase : IAsyncDisposable
{
    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("PLEDGETRACKER_TEST_ENGINE") == "postgres";

    /// <summary>As the setting `Database:Connection` takes it.</summary>
    public abstract string Connection { get; }

    public static TestDatabase New(string folder) => IsPostgres ? new OnPostgres(OnPostgres.Shared, fromTemplate: true) : new OnSqlite(Path.Combine(folder, "test.db"));

    /// <summary>On the engine that is not under test, where both are there; else on the same. Its name is not that of <see cref="New"/>.</summary>
    public static TestDatabase NewOther(string folder) =>
        !IsPostgres && OnPostgres.IsThere ? new OnPostgres(OnPostgres.Shared, fromTemplate: false) : new OnSqlite(Path.Combine(folder, "other.db"));

    /// <summary>On a PostgreSQL server that the test started itself.</summary>
    public static TestDatabase On(OwnPostgres server) => new OnPostgres(server.Connection, fromTemplate: false);

    /// <summary>Makes it, empty or nearly so; before the first server starts on it.</summary>
    public abstract Task CreateAsync();

    /// <summary>A connection of somebody who needs no server for it.</summary>
    /// <param name="unguarded">Nothing is forbidden there that the schema would forbid.</param>
    public abstract Task<DbConnection> OpenAsync(bool unguarded = false);

    /// <summary>Keeps servers from writing, as another program can that writes; until the answer is disposed.</summary>
    public abstract Task<IAsyncDisposable> HoldWritesAsync();

    /// <summary>Makes this one a copy of another as it is now.</summary>
    public abstract Task CopyAsync(TestDatabase other);

    public abstract ValueTask DisposeAsync();

    private sealed class OnSqlite(string path) : TestDatabase
    {
        public override string Connection => $"Data Source={path}";

        public override Task CreateAsync() => Task.CompletedTask;

        public override async Task<DbConnection> OpenAsync(bool unguarded = false)
        {
            var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys={!unguarded}");
            await connection.OpenAsync();
            if (unguarded)
            {
                await connection.ExecuteAsync("""
                    PRAGMA ignore_check_constraints = ON;
                    DROP TRIGGER IF EXISTS change_is_never_updated;
                    DROP TRIGGER IF EXISTS change_is_never_deleted;
                    """);
            }

            return connection;
        }

        public override async Task<IAsyncDisposable> HoldWritesAsync()
        {
            var connection = await OpenAsync();
            await connection.BeginTransactionAsync();
            return connection;
        }

        public override async Task CopyAsync(TestDatabase other)
        {
            await using var connection = await other.OpenAsync();
            await connection.ExecuteAsync($"VACUUM INTO '{path}'");
        }

        // Its folder goes with the server's.
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class OnPostgres(string server, bool fromTemplate) : TestDatabase
    {
        // The server's own lock: see Data/Postgres.cs.
        private const long OneWriter = 0x706C65646765;

        public static bool IsThere => Environment.GetEnvironmentVariable("PLEDGETRACKER_TEST_POSTGRES") is { Length: > 0 };

        public static string Shared => Environment.GetEnvironmentVariable("PLEDGETRACKER_TEST_POSTGRES")
            ?? throw new InvalidOperationException("PLEDGETRACKER_TEST_POSTGRES is not set: eval \"$(tests/postgres)\" starts a server for it.");

        // One with its tables, made once: a copy of it costs a third.
        private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

        private readonly string _name = $"test_{Guid.NewGuid():n}";
        private bool _made;

        public override string Connection => To(server, _name);

        public override async Task CreateAsync()
        {
            if (!_made)
            {
                _made = true;
                await OnServerAsync(server, $"CREATE DATABASE {_name}{(fromTemplate ? $" TEMPLATE {await Template.Value}" : "")}");
            }
        }

        public override async Task<DbConnection> OpenAsync(bool unguarded = false)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Connection) { Pooling = false }.ToString());
            await connection.OpenAsync();
            if (unguarded)
            {
                await connection.ExecuteAsync("SET session_replication_role = replica; ALTER TABLE change DROP CONSTRAINT IF EXISTS change_body_check");
            }

            return connection;
        }

        public override async Task<IAsyncDisposable> HoldWritesAsync()
        {
            var connection = await OpenAsync();
            await connection.ExecuteAsync($"SELECT pg_advisory_lock({OneWriter})");
            return connection;
        }

        public override async Task CopyAsync(TestDatabase other)
        {
            // A database is copied while nobody is in it.
            var source = ((OnPostgres)other)._name;
            await OnServerAsync(server, $"ALTER DATABASE {source} ALLOW_CONNECTIONS false");
            await OnServerAsync(server, $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{source}'");
            await OnServerAsync(server, $"CREATE DATABASE {_name} TEMPLATE {source}");
            await OnServerAsync(server, $"ALTER DATABASE {source} ALLOW_CONNECTIONS true");
            _made = true;
        }

        public override async ValueTask DisposeAsync()
        {
            if (_made)
            {
                await OnServerAsync(server, $"DROP DATABASE {_name} WITH (FORCE)");
            }
        }

        private static string To(string server, string database) => new NpgsqlConnectionStringBuilder(server) { Database = database, Pooling = true, MaxPoolSize = 20 }.ToString();

        private static async Task<string> MakeTemplateAsync()
        {
            var name = $"template_{Guid.NewGuid():n}";
            await OnServerAsync(Shared, $"CREATE DATABASE {name}");
            var connection = new NpgsqlConnectionStringBuilder(To(Shared, name)) { Pooling = false }.ToString();
            await using var server = Program.Build(["--Database:Connection=" + connection, "--Database:Seed=none", "--Logging:LogLevel:Default=Warning"]);
            Assert.NotNull(server);
            return name;
        }

        private static async Task OnServerAsync(string server, string sql)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());
            await connection.OpenAsync();
            await connection.ExecuteAsync(sql);
        }
    }
}
