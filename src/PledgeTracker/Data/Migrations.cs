using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace PledgeTracker.Data;

/// <summary>
/// Applies <c>db/{engine}/*.sql</c> in order, each once, all that are missing in one transaction that no other server's runs beside. A file that was applied is
/// never edited: its hash is kept.
/// </summary>
internal static class Migrations
{
    /// <summary>The version of the tables that this program knows, and of the rules that compute what is derived (see the table `schema`).</summary>
    public static readonly (long Version, long Rules) Known = (3, 3);

    // The second file of the builds before these tables.
    private const string OlderHouse = "0002_recording.sql";

    /// <exception cref="InvalidOperationException">A file that has been applied was edited or is gone, or the database was made by another program.</exception>
    /// <returns>The files that were applied.</returns>
    public static async Task<List<string>> ApplyAsync(Engine engine, TimeProvider clock, IEnumerable<(string Name, byte[] Sql)>? files = null)
    {
        var names = new List<string>();
        await using var sql = await engine.OpenAsync(Access.Write, CancellationToken.None);
        await engine.BeginAsync(sql, Access.Write, CancellationToken.None);
        await engine.WithoutLimitAsync(sql);
        await sql.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_migration (name TEXT NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL)");
        // Before anything is applied: a database that is refused stays as it is.
        foreach (var (name, text, hash) in await MissingAsync(sql, files ?? Embedded(engine)))
        {
            await Engine.RunAsync(sql, text);
            await sql.ExecuteAsync("INSERT INTO schema_migration (name, sha256, applied_at) VALUES (@name, @hash, @at)", new { name, hash, at = Iso.Instant(clock.GetUtcNow()) });
            names.Add(name);
        }

        await Engine.RunAsync(sql, "COMMIT");
        return names;
    }

    /// <summary>The first file that this database, made by an older version, has not seen; null when it is up to date.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="ApplyAsync"/>.</exception>
    public static async Task<string?> FirstMissingAsync(Engine engine, DbConnection sql) => (await MissingAsync(sql, Embedded(engine))).FirstOrDefault().Name;

    private static async Task<List<(string Name, string Text, string Hash)>> MissingAsync(DbConnection sql, IEnumerable<(string Name, byte[] Sql)> files)
    {
        var applied = (await sql.QueryAsync<Applied>("SELECT name, sha256 FROM schema_migration")).ToDictionary(a => a.Name, a => a.Sha256);
        if (applied.ContainsKey(OlderHouse))
        {
            throw new InvalidOperationException("This database was made by a build whose tables were others and never released. Start with a new file.");
        }

        var missing = new List<(string, string, string)>();
        foreach (var (name, bytes) in files)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (!applied.Remove(name, out var known))
            {
                missing.Add((name, Encoding.UTF8.GetString(bytes), hash));
            }
            else if (known != hash)
            {
                throw new InvalidOperationException($"Migration {name} was edited after it was applied to this database. Add a new migration instead.");
            }
        }

        return applied.Count == 0
            ? missing
            : throw new InvalidOperationException($"This database was made by a newer version: it has the migration {applied.Keys.Order().First()}, which this one does not know.");
    }

    private static IEnumerable<(string Name, byte[] Sql)> Embedded(Engine engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"db/{engine.Name}/";
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return (resource[folder.Length..], bytes.ToArray());
        }
    }

    private sealed record Applied
    {
        public required string Name { get; init; }
        public required string Sha256 { get; init; }
    }
}
