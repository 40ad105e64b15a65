using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace PledgeTracker.Data;

/// <summary>Applies <c>db/migrations/*.sql</c> in order, each once, each in a transaction with its record.</summary>
internal static class Migrations
{
    private const string Prefix = "migrations/";

    public static void Apply(SqliteConnection connection, TimeProvider clock) => Apply(connection, clock, Embedded());

    /// <summary>The first migration that this database, made by an older version, has not seen; null when it is up to date.</summary>
    public static string? FirstMissing(SqliteConnection connection)
    {
        var applied = Applied(connection);
        return Embedded().Select(m => m.Name).FirstOrDefault(name => !applied.ContainsKey(name));
    }

    /// <exception cref="InvalidOperationException">A file that has been applied was edited or is gone.</exception>
    internal static void Apply(SqliteConnection connection, TimeProvider clock, IEnumerable<(string Name, byte[] Sql)> migrations)
    {
        Run(connection, """
            CREATE TABLE IF NOT EXISTS schema_migration (
                name       TEXT NOT NULL PRIMARY KEY,
                sha256     TEXT NOT NULL,
                applied_at TEXT NOT NULL
            ) STRICT, WITHOUT ROWID
            """);
        var applied = Applied(connection);
        var missing = new List<(string Name, byte[] Sql, string Hash)>();
        foreach (var (name, sql) in migrations)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(sql));
            if (!applied.Remove(name, out var known))
            {
                missing.Add((name, sql, hash));
            }
            else if (known != hash)
            {
                throw new InvalidOperationException($"Migration {name} was edited after it was applied to this database. Add a new migration instead.");
            }
        }

        // Before anything is applied: a database that is refused stays as it is.
        if (applied.Count > 0)
        {
            throw new InvalidOperationException($"This database was made by a newer version: it has the migration {applied.Keys.Order().First()}, which this one does not know.");
        }

        foreach (var (name, sql, hash) in missing)
        {
            using var transaction = connection.BeginTransaction();
            Run(connection, System.Text.Encoding.UTF8.GetString(sql));
            using var record = connection.CreateCommand();
            record.CommandText = "INSERT INTO schema_migration (name, sha256, applied_at) VALUES (@name, @hash, @at)";
            record.Parameters.AddWithValue("@name", name);
            record.Parameters.AddWithValue("@hash", hash);
            record.Parameters.AddWithValue("@at", Iso.Instant(clock.GetUtcNow()));
            record.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static IEnumerable<(string Name, byte[] Sql)> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return (resource[Prefix.Length..], bytes);
        }
    }

    private static Dictionary<string, string> Applied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sha256 FROM schema_migration";
        using var reader = command.ExecuteReader();
        var applied = new Dictionary<string, string>();
        while (reader.Read())
        {
            applied.Add(reader.GetString(0), reader.GetString(1));
        }

        return applied;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
