using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace PledgeTracker.Tests;

/// <summary>
/// A database of its own on the engine under test: a file; or, with <c>PLEDGETRACKER_TEST_ENGINE=postgres</c>, a database on the server that
/// <c>PLEDGETRACKER_TEST_POSTGRES</c> names (<c>tests/postgres</c> starts one).
/// </summary>
public abstract class TestDatabase : IAsyncDisposable
{
    // What a server makes of an empty database when it starts, by the facts and the time that it starts with: made once and copied, since it takes a second.
    private static readonly ConcurrentDictionary<(string Seed, DateTimeOffset? Now), Lazy<Task<string>>> Begun = new();

    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("PLEDGETRACKER_TEST_ENGINE") == "postgres";

    /// <summary>As the setting `Database:Connection` takes it.</summary>
    public abstract string Connection { get; }

    public static TestDatabase New(string folder) => IsPostgres ? new OnPostgres(OnPostgres.Shared, isCopied: true) : new OnSqlite(Path.Combine(folder, "test.db"), isCopied: true);

    /// <summary>On the engine that is not under test, where both are there; else on the same. Its name is not that of <see cref="New"/>.</summary>
    public static TestDatabase NewOther(string folder) =>
        !IsPostgres && OnPostgres.IsThere ? new OnPostgres(OnPostgres.Shared, isCopied: false) : new OnSqlite(Path.Combine(folder, "other.db"), isCopied: false);

    /// <summary>On a PostgreSQL server that the test started itself.</summary>
    public static TestDatabase On(OwnPostgres server) => new OnPostgres(server.Connection, isCopied: false);

    /// <summary>Makes it, empty or nearly so; before the first server starts on it.</summary>
    public abstract Task CreateAsync();

    /// <summary>Makes it as a server leaves it that started on it, with these facts at this time; null is the machine's.</summary>
    public abstract Task CreateAsync(string seed, DateTimeOffset? now);

    /// <summary>A connection of somebody who needs no server for it.</summary>
    /// <param name="unguarded">Nothing is forbidden there that the schema would forbid.</param>
    public abstract Task<DbConnection> OpenAsync(bool unguarded = false);

    /// <summary>Keeps servers from writing, as another program can that writes; until the answer is disposed.</summary>
    public abstract Task<IAsyncDisposable> HoldWritesAsync();

    /// <summary>Makes this one a copy of another as it is now.</summary>
    public abstract Task CopyAsync(TestDatabase other);

    public abstract ValueTask DisposeAsync();

    private static Task<string> BegunAsync(string seed, DateTimeOffset? now, Func<Task<string>> make) => Begun.GetOrAdd((seed, now), _ => new(make)).Value;

    private static async Task BeginAsync(string connection, string seed, DateTimeOffset? now)
    {
        await using var server = Program.Build([$"--Database:Connection={connection}", $"--Database:Seed={seed}", "--Logging:LogLevel:Default=Warning"], builder =>
        {
            if (now is { } time)
            {
                builder.Services.AddSingleton<TimeProvider>(new FixedClock(time));
            }
        });
        Assert.NotNull(server);
    }

    private sealed class OnSqlite(string path, bool isCopied) : TestDatabase
    {
        public override string Connection => $"Data Source={path}";

        public override Task CreateAsync() => Task.CompletedTask;

        public override async Task CreateAsync(string seed, DateTimeOffset? now)
        {
            if (isCopied && !File.Exists(path))
            {
                File.Copy(await BegunAsync(seed, now, () => MakeAsync(seed, now)), path);
            }
        }

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

        private static async Task<string> MakeAsync(string seed, DateTimeOffset? now)
        {
            var folder = Directory.CreateTempSubdirectory("pledgetracker-");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
            var begun = new OnSqlite(Path.Combine(folder.FullName, "begun.db"), isCopied: false);
            await BeginAsync(begun.Connection, seed, now);
            // All in one file, whatever is in the log beside it.
            var path = Path.Combine(folder.FullName, "whole.db");
            await new OnSqlite(path, isCopied: false).CopyAsync(begun);
            return path;
        }

        // Its folder goes with the server's.
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class OnPostgres(string server, bool isCopied) : TestDatabase
    {
        // The server's own lock: see Data/Postgres.cs.
        private const long OneWriter = 0x706C65646765;

        public static bool IsThere => Environment.GetEnvironmentVariable("PLEDGETRACKER_TEST_POSTGRES") is { Length: > 0 };

        public static string Shared => Environment.GetEnvironmentVariable("PLEDGETRACKER_TEST_POSTGRES")
            ?? throw new InvalidOperationException("PLEDGETRACKER_TEST_POSTGRES is not set: eval \"$(tests/postgres)\" starts a server for it.");

        private readonly string _name = $"test_{Guid.NewGuid():n}";
        private bool _made;

        public override string Connection => To(server, _name);

        // With its tables, where that is quicker.
        public override Task CreateAsync() => CreateAsync("none", null);

        public override async Task CreateAsync(string seed, DateTimeOffset? now)
        {
            if (!_made)
            {
                _made = true;
                await OnServerAsync(server, $"CREATE DATABASE {_name}{(isCopied ? $" TEMPLATE {await BegunAsync(seed, now, () => MakeAsync(seed, now))}" : "")}");
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

        private static async Task<string> MakeAsync(string seed, DateTimeOffset? now)
        {
            var begun = new OnPostgres(Shared, isCopied: false);
            await begun.CreateAsync();
            // No connection outlives the server: it would stand in the way of copies.
            await BeginAsync(new NpgsqlConnectionStringBuilder(begun.Connection) { Pooling = false }.ToString(), seed, now);
            return begun._name;
        }

        private static async Task OnServerAsync(string server, string sql)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());
            await connection.OpenAsync();
            await connection.ExecuteAsync(sql);
        }
    }
}
