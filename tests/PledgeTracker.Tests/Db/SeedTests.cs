using System.Data.Common;
using System.Text.Json;

namespace PledgeTracker.Tests.Db;

/// <summary>The fact files and what became of them.</summary>
public sealed class SeedTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly IReadOnlyList<(string Name, JsonElement Facts)> Files =
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "db", "seed", "coalition"), "*.json").Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileNameWithoutExtension(path), JsonDocument.Parse(File.ReadAllBytes(path)).RootElement))];

    [Fact]
    public void Every_citation_of_every_fact_is_loaded_with_its_words()
    {
        var written = Files.SelectMany(f => Citations(f.Facts)).Order(StringComparer.Ordinal).ToList();
        using var database = PlainConnection.Open(server);
        var loaded = database.Query<string>("""
            SELECT source_id || '|' || coalesce(quote, '') || '|' || coalesce(note_en, '') || '|' || coalesce(note_ar, '') FROM citation
            """).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(written);
        Assert.Equal(written.Count, Count(database, "SELECT count(*) FROM citation"));
        Assert.Equal(written, loaded);
    }

    [Fact]
    public void Every_fact_is_loaded()
    {
        using var database = PlainConnection.Open(server);
        Assert.Equal(
            [
                ("contributions", Count(database, "SELECT count(*) FROM pledge WHERE origin = 'direct'")),
                ("events", Count(database, "SELECT count(*) FROM event")),
                ("exchange-rates", Count(database, "SELECT count(*) FROM exchange_rate")),
                ("funds", Count(database, "SELECT count(*) FROM fund")),
                ("indicators", Count(database, "SELECT count(*) FROM indicator")),
                ("organizations", Count(database, "SELECT count(*) FROM organization")),
                ("pledges", Count(database, "SELECT count(*) FROM pledge WHERE origin = 'announced'")),
                ("requirements", Count(database, "SELECT count(*) FROM requirement")),
                ("shortfalls", Count(database, "SELECT count(*) FROM shortfall")),
                ("sources", Count(database, "SELECT count(*) FROM source")),
            ],
            Files.Select(f => (f.Name, (long)f.Facts.GetArrayLength())));
        var pledges = Files.Single(f => f.Name == "pledges").Facts.EnumerateArray().ToList();
        foreach (var (member, kinds) in (ValueTuple<string, string>[])[("revisions", "'revision'"), ("withdrawals", "'withdrawal'")])
        {
            Assert.Equal(pledges.Sum(p => Count(p, member)), Count(database, $"SELECT count(*) FROM ledger_entry WHERE kind = {kinds}"));
        }

        Assert.Equal(pledges.Sum(p => Count(p, "contributions")) + Files.Single(f => f.Name == "contributions").Facts.GetArrayLength(),
            Count(database, "SELECT count(*) FROM ledger_entry WHERE kind IN ('commitment', 'payment')"));
    }

    [Fact]
    public void Every_fact_about_money_cites_a_source()
    {
        foreach (var (name, facts) in Files.Where(f => f.Name is "contributions" or "indicators" or "requirements" or "shortfalls"))
        {
            Assert.All(facts.EnumerateArray(), fact => Assert.True(Count(fact, "citations") > 0, $"{name}: {fact}"));
        }

        Assert.All(Files.Single(f => f.Name == "pledges").Facts.EnumerateArray(),
            fact => Assert.True(Count(fact.GetProperty("pledge"), "citations") > 0, fact.ToString()));
    }

    private static long Count(DbConnection database, string sql) => Assert.Single(database.Query<long>(sql));

    private static int Count(JsonElement fact, string member) => fact.TryGetProperty(member, out var list) ? list.GetArrayLength() : 0;

    private static IEnumerable<string> Citations(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Citations),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == "citations"
            ? member.Value.EnumerateArray().Select(Citation)
            : Citations(member.Value)),
        _ => [],
    };

    private static string Citation(JsonElement citation)
    {
        var note = citation.TryGetProperty("note", out var texts) ? texts : default;
        return $"{Text(citation, "sourceId")}|{Text(citation, "quote")}|{Text(note, "en")}|{Text(note, "ar")}";
    }

    private static string Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var text) ? text.GetString() ?? "" : "";
}
