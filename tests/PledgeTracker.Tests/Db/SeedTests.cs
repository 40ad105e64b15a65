using System.Text.Json;
using PledgeTracker.Data;

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
        using var session = Open();
        var loaded = session.Query<string>("""
            SELECT source_id || '|' || coalesce(quote, '') || '|' || coalesce(note_en, '') || '|' || coalesce(note_ar, '') FROM citation
            """).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(written);
        Assert.Equal(written.Count, session.First<long>("SELECT count(*) FROM citation"));
        Assert.Equal(written, loaded);
    }

    [Fact]
    public void Every_fact_is_loaded()
    {
        using var session = Open();
        Assert.Equal(
            [
                ("contributions", session.First<long>("SELECT count(*) FROM pledge WHERE origin = 'direct'")),
                ("events", session.First<long>("SELECT count(*) FROM event")),
                ("exchange-rates", session.First<long>("SELECT count(*) FROM exchange_rate")),
                ("funds", session.First<long>("SELECT count(*) FROM fund")),
                ("indicators", session.First<long>("SELECT count(*) FROM indicator")),
                ("organizations", session.First<long>("SELECT count(*) FROM organization")),
                ("pledges", session.First<long>("SELECT count(*) FROM pledge WHERE origin = 'announced'")),
                ("requirements", session.First<long>("SELECT count(*) FROM requirement")),
                ("shortfalls", session.First<long>("SELECT count(*) FROM shortfall")),
                ("sources", session.First<long>("SELECT count(*) FROM source")),
            ],
            Files.Select(f => (f.Name, (long)f.Facts.GetArrayLength())));
        var pledges = Files.Single(f => f.Name == "pledges").Facts.EnumerateArray().ToList();
        foreach (var (member, kinds) in (ValueTuple<string, string>[])[("revisions", "'revision'"), ("withdrawals", "'withdrawal'")])
        {
            Assert.Equal(pledges.Sum(p => Count(p, member)), session.First<long>($"SELECT count(*) FROM ledger_entry WHERE kind = {kinds}"));
        }

        Assert.Equal(pledges.Sum(p => Count(p, "contributions")) + Files.Single(f => f.Name == "contributions").Facts.GetArrayLength(),
            session.First<long>("SELECT count(*) FROM ledger_entry WHERE kind IN ('commitment', 'payment')"));
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

    private Session Open() => new(new Database(server.DatabasePath).OpenForReading());

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
