using System.Text.Json;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Changes;

/// <summary>Holds all changes of a server against what is promised of each.</summary>
internal static partial class Told
{
    /// <summary>Everything that can be done to anything.</summary>
    public static readonly (string? Entity, string? Action)[] Kinds =
    [
        ("contribution", "confirmed"), ("contribution", "created"), ("contribution", "disputed"), ("contribution", "verified"), ("country", "amended"), ("entry", "cited"), ("entry", "reversed"), ("entry", "revised"),
        ("entry", "withdrawn"), ("event", "amended"), ("event", "created"), ("exchange_rate", "created"), ("flow", "amended"), ("flow", "created"), ("fund", "amended"), ("fund", "created"), ("indicator", "created"), ("organization", "amended"),
        ("organization", "created"), ("organization", "merged"), ("pledge", "amended"), ("pledge", "created"), ("pledge", "reclassified"), ("requirement", "created"), ("shortfall", "created"),
        ("source", "amended"), ("source", "created"),
    ];

    // What stands in for what a sentence does not know.
    private static readonly string[] Unknown = ["A change of", "تغيير سجل", "a record", "an amount", ": مبلغ ", "a donor ", "another organization", "without a name", "بلا اسم"];

    /// <summary>Each has a sentence in both languages, in words: no ids, nothing left to be filled in. The kinds that there are.</summary>
    public static async Task<List<(string? Entity, string? Action)>> AssertAsync(TestServer server)
    {
        var changes = await server.WalkAsync("/v1/changes", 500);
        foreach (var change in changes)
        {
            var text = change.GetProperty("text");
            foreach (var sentence in new[] { text.Text("en")!, text.Text("ar")! })
            {
                Assert.True(sentence.Length > 10 && !Filled().IsMatch(sentence) && !Unknown.Any(unknown => sentence.Contains(unknown, StringComparison.Ordinal)), sentence);
            }

            Assert.True(text.Text("ar").IsArabic(), text.Text("ar"));
            Assert.NotNull(change.Text("actorName"));
        }

        return [.. changes.Select(change => (change.Text("entity"), change.Text("action"))).Distinct().Order()];
    }

    /// <summary>What was written with each change is what the migration makes of the changes that were there before it. (Flows came later.)</summary>
    public static async Task AssertAboutAsync(TestServer server)
    {
        var migration = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", TestDatabase.IsPostgres ? "postgres" : "sqlite", "0007_changes.sql"));
        await using var outside = await server.OpenDatabaseAsync();
        await using var transaction = await outside.BeginTransactionAsync();
        var written = await RowsAsync();
        Assert.NotEmpty(written);
        await ExecuteAsync("DELETE FROM change_about");
        await ExecuteAsync(Fill().Match(migration).Value);
        Assert.Equal(await RowsAsync(), written);
        await transaction.RollbackAsync();

        async Task ExecuteAsync(string sql)
        {
            await using var command = outside.CreateCommand();
            (command.CommandText, command.Transaction) = (sql, transaction);
            await command.ExecuteNonQueryAsync();
        }

        async Task<List<string>> RowsAsync()
        {
            await using var command = outside.CreateCommand();
            (command.CommandText, command.Transaction) = ("SELECT seq, kind, id FROM change_about WHERE seq NOT IN (SELECT seq FROM change WHERE entity = 'flow') ORDER BY seq, kind, id", transaction);
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await reader.ReadAsync())
            {
                rows.Add($"{reader.GetInt64(0)} {reader.GetString(1)} {reader.GetString(2)}");
            }

            return rows;
        }
    }

    [GeneratedRegex(@"[{}]|[0-9a-f]{8}-[0-9a-f]{4}|  |\s$|\( |\(\)| ,")]
    private static partial Regex Filled();

    [GeneratedRegex("INSERT INTO change_about[^;]*")]
    private static partial Regex Fill();
}
