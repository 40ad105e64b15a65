using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace PledgeTracker.Tests.Db;

/// <summary>The engines that have a schema.</summary>
public enum SqlEngine
{
    Sqlite,
    Postgres,
}

/// <summary>An empty database of its own with one engine's schema in it. It goes with the test.</summary>
internal sealed class SchemaDatabase : IAsyncDisposable
{
    // What `tests/postgres` prints: a server that tests may make databases in.
    private const string Variable = "PLEDGETRACKER_TEST_POSTGRES";

    private readonly Func<Task> _drop;

    private SchemaDatabase(SqlEngine engine, DbConnection connection, Func<Task> drop) => (Engine, Connection, _drop) = (engine, connection, drop);

    public SqlEngine Engine { get; }

    public DbConnection Connection { get; }

    public static Task<SchemaDatabase> CreateAsync(SqlEngine engine) => engine == SqlEngine.Sqlite ? OnSqliteAsync() : OnPostgresAsync();

    public async Task ExecuteAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a question, each as its columns with a bar between them; what is null is empty.</summary>
    public async Task<List<string>> AskAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i), null))));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _drop();
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static async Task<SchemaDatabase> OnSqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        var text = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "test.db"), Pooling = false }.ToString();
        await using (var maker = new SqliteConnection(text))
        {
            await ApplyAsync(maker, "sqlite");
        }

        // Another connection than the one that made the tables, as in earnest: it finds the statistics there.
        var connection = new SqliteConnection(text);
        var database = new SchemaDatabase(SqlEngine.Sqlite, connection, () =>
        {
            Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        });
        await connection.OpenAsync();
        // A REPLACE takes rows out as a DELETE does: triggers hear of it only so.
        await database.ExecuteAsync("PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON");
        return database;
    }

    private static async Task<SchemaDatabase> OnPostgresAsync()
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{Variable} is not set: eval \"$(tests/postgres)\" starts a server for it.");
        var name = $"test_{Guid.NewGuid():n}";
        var text = new NpgsqlConnectionStringBuilder(server) { Pooling = false };
        await OnServerAsync(text, $"CREATE DATABASE {name} TEMPLATE template0");
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text.ToString()) { Database = name }.ToString());
        var database = new SchemaDatabase(SqlEngine.Postgres, connection, () => OnServerAsync(text, $"DROP DATABASE {name} WITH (FORCE)"));
        await ApplyAsync(connection, "postgres");
        return database;
    }

    private static async Task OnServerAsync(NpgsqlConnectionStringBuilder text, string sql)
    {
        await using var connection = new NpgsqlConnection(text.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ApplyAsync(DbConnection connection, string folder)
    {
        await connection.OpenAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "db", folder), "*.sql").Order(StringComparer.Ordinal))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, await File.ReadAllTextAsync(file));
            await command.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
    }
}
