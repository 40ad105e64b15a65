using System.Text.Json;

namespace PledgeTracker.Tests.Meta;

/// <summary>The search, on the documented facts.</summary>
public sealed class SearchTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task What_is_called_so_is_found_by_kind_with_its_address_and_the_words_marked()
    {
        var found = await FindAsync("kuwait");
        Assert.Equal(["organization", "fund", "event", "source", "pledge"], found.Select(group => group.Text("kind")));
        var country = found[0].GetProperty("hits")[0];
        Assert.Equal(("kwt", "/v1/organizations/kwt", "Kuwait", "[Kuwait]"), (country.Id(), country.Text("address"), country.Text("name"), Marked(country)));
        Assert.Contains("[Kuwait] International Conference for the Reconstruction of Iraq", found[2].GetProperty("hits").EnumerateArray().Select(Marked));
        foreach (var hit in found.SelectMany(group => group.GetProperty("hits").EnumerateArray()))
        {
            Assert.Equal(hit.Id(), (await server.GetAsync(hit.Text("address")!)).Id());
        }
    }

    [Theory]
    [InlineData("الكويت", "ar", "الكويت", "[الكويت]")]
    [InlineData("كوي", "ar", "الكويت", "[الكويت]")]
    [InlineData("الكويت", "en", "Kuwait", "[الكويت]")]
    [InlineData("KUW", "ar", "الكويت", "[Kuwait]")]
    public async Task Either_language_finds_and_each_is_shown_in_the_readers(string q, string lang, string name, string marked)
    {
        var hit = (await FindAsync(q, lang))[0].GetProperty("hits").EnumerateArray().Single(hit => hit.Id() == "kwt");
        Assert.Equal((name, marked), (hit.Text("name"), Marked(hit)));
    }

    [Fact]
    public async Task All_words_must_be_there_and_the_beginning_of_one_is_enough()
    {
        Assert.Equal(["undp-ffs"], (await HitsAsync("fund", "facil stabil undp")));
        Assert.Empty(await FindAsync("undp atlantis"));
        Assert.Empty(await FindAsync("tabilization"));
    }

    [Fact]
    public async Task What_is_of_a_country_is_found_by_the_countrys_other_names_with_nothing_to_mark()
    {
        var hit = (await FindAsync("turkey")).Single(group => group.Text("kind") == "organization").GetProperty("hits")[0];
        Assert.Equal(("Türkiye", 0), (hit.Text("name"), hit.GetProperty("found").GetArrayLength()));
    }

    [Fact]
    public async Task No_more_than_twenty_are_shown_and_no_kind_hides_another()
    {
        var found = await FindAsync("the");
        Assert.InRange(found.Sum(group => group.GetProperty("hits").GetArrayLength()), 5, 20);
        Assert.True(found.Count >= 4);
    }

    [Fact]
    public async Task The_document_has_something_to_look_for_that_is_found()
    {
        var parameter = (await server.GetAsync("/openapi.json")).GetProperty("paths").GetProperty("/v1/search").GetProperty("get").GetProperty("parameters").EnumerateArray().Single(p => p.Text("name") == "q");
        Assert.NotEmpty(await FindAsync(parameter.Text("example")!));
    }

    [Theory]
    [InlineData("?q=", "?q")]
    [InlineData("?q=a&q=b", "?q")]
    [InlineData("?q=a&words=a", "?words")]
    public async Task What_cannot_be_looked_for_is_refused(string query, string pointer)
    {
        var answer = await server.AskAsync($"/v1/search{query}");
        Assert.Equal((400, pointer), (answer.Status, answer.Json.GetProperty("errors")[0].Text("pointer")));
    }

    [Theory]
    [InlineData("!!")]
    [InlineData("%")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\" * NEAR(")]
    [InlineData("a")]
    [InlineData("١")]
    [InlineData("𝔘𝔫𝔡𝔭")]
    [InlineData("ﷺ")]
    public async Task Signs_and_single_letters_are_no_fault(string q) => Assert.Equal(200, (await server.AskAsync($"/v1/search?q={Uri.EscapeDataString(q)}")).Status);

    private async Task<List<JsonElement>> FindAsync(string q, string lang = "en") =>
        [.. (await server.GetAsync($"/v1/search?q={Uri.EscapeDataString(q)}&lang={lang}")).GetProperty("data").EnumerateArray()];

    private async Task<List<string>> HitsAsync(string kind, string q) =>
        [.. (await FindAsync(q)).Where(group => group.Text("kind") == kind).SelectMany(group => group.GetProperty("hits").EnumerateArray()).Select(hit => hit.Id())];

    private static string Marked(JsonElement hit) =>
        string.Concat(hit.GetProperty("found").EnumerateArray().Select(part => part.GetProperty("matched").GetBoolean() ? $"[{part.Text("text")}]" : part.Text("text")));
}
