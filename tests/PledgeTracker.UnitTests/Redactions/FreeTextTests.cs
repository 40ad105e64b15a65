using System.Text.Json.Nodes;
using PledgeTracker.Redactions;

namespace PledgeTracker.UnitTests.Redactions;

public sealed class FreeTextTests
{
    [Theory]
    [InlineData("""{"note":{"en":"a","ar":"b"},"amount":100.50}""", """{"note":null,"amount":100.50}""", "note")]
    [InlineData("""{"note":"a","name":{"en":"Kept"},"title":"Kept"}""", """{"note":null,"name":{"en":"Kept"},"title":"Kept"}""", "note")]
    [InlineData("""{"citations":[{"sourceId":"s","quote":"a","note":{"en":"b"}},{"sourceId":"t"}]}""", """{"citations":[{"sourceId":"s","quote":null,"note":null},{"sourceId":"t"}]}""", "note quote")]
    [InlineData("""{"reason":"lapsed","amount":1}""", """{"reason":"lapsed","amount":1}""", "")]
    [InlineData("""{"reason":{"en":"a"},"reversal":"id"}""", """{"reason":null,"reversal":"id"}""", "reason")]
    [InlineData("""{"before":{"description":{"en":"a"}},"after":{"description":null}}""", """{"before":{"description":null},"after":{"description":null}}""", "description")]
    [InlineData("""{"statedBy":{"ar":"a"},"reference":"b","externalId":"c","externalSystem":"d"}""", """{"statedBy":null,"reference":null,"externalId":"c","externalSystem":"d"}""", "reference statedBy")]
    public void Sentences_go_and_names_amounts_identifiers_and_words_stay(string json, string left, string members)
    {
        var body = JsonNode.Parse(json)!;
        var texts = FreeText.Of(body).ToList();
        Assert.Equal(members, string.Join(' ', texts.Select(text => text.Member).Distinct().Order(StringComparer.Ordinal)));
        Assert.Equal(members.Length > 0, FreeText.Blank(body, texts.Select(text => text.Text).ToHashSet()));
        Assert.Equal(left, body.ToJsonString());
        Assert.Empty(FreeText.Of(body));
    }

    [Fact]
    public void Where_some_words_are_to_go_others_stay_beside_them()
    {
        var body = JsonNode.Parse("""{"note":{"en":"gone","ar":"kept"},"description":{"en":"gone","ar":null},"quote":"kept","reference":"gone"}""")!;
        Assert.True(FreeText.Blank(body, new HashSet<string> { "gone" }));
        Assert.Equal("""{"note":{"en":null,"ar":"kept"},"description":null,"quote":"kept","reference":null}""", body.ToJsonString());
    }
}
