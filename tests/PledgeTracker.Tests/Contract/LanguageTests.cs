using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

public sealed class LanguageTests(TestServer server) : IClassFixture<TestServer>
{
    // Members whose words are in a language. Everything else is the same in both.
    private static readonly string[] Spoken = ["name", "unitName", "actorName", "title", "description", "note", "statedBy", "place", "publisher"];

    // What has no words.
    // Of the documented facts none was redacted.
    private static readonly string[] Wordless = ["ListExchangeRates", "ListRedactions"];

    [Fact]
    public async Task Every_list_speaks_Arabic_and_changes_nothing_but_words()
    {
        var pledge = (await server.AllAsync("/v1/pledges?status=withdrawn"))[0].Id();
        var lists = await server.ListsAsync(pledge);
        Assert.True(lists.Count >= 10);
        foreach (var list in lists)
        {
            var english = await server.AskAsync(list.Path + "?limit=500&count=true");
            var arabic = await server.AskAsync(list.Path + "?limit=500&count=true", null, ("Accept-Language", "ar"));
            Assert.Equal("en", english.Header("Content-Language"));
            Assert.Equal("ar", arabic.Header("Content-Language"));
            var words = 0;
            var (en, ar) = (english.Json.Leaves().ToList(), arabic.Json.Leaves().ToList());
            Assert.Equal(en.Select(l => l.Path), ar.Select(l => l.Path));
            foreach (var ((path, before), (_, after)) in en.Zip(ar))
            {
                // A unit may be a currency, whose code is the same everywhere.
                if (!Spoken.Contains(path[(path.LastIndexOf('/') + 1)..]) || before.ToString() == "USD")
                {
                    Assert.True(JsonElement.DeepEquals(before, after), $"{list.Path} {path}: {before} became {after}");
                }
                else if (before.ValueKind == JsonValueKind.String)
                {
                    words++;
                    Assert.True(after.GetString().IsArabic(), $"{list.Path} {path} is not Arabic: {after}");
                    Assert.NotEqual(before.GetString(), after.GetString());
                }
                else
                {
                    Assert.Equal(before.ValueKind, after.ValueKind);
                }
            }

            Assert.True(words > 0 || Wordless.Contains(list.Name), $"{list.Path} has no words at all");
        }
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("ar", "ar")]
    [InlineData("ar-IQ", "ar")]
    [InlineData("AR", "ar")]
    [InlineData("ar;q=0.4, en;q=0.6", "en")]
    [InlineData("fr, ar;q=0.8", "ar")]
    [InlineData("fr", "en")]
    [InlineData("*", "en")]
    [InlineData("ar;q=0", "en")]
    [InlineData("en, ar", "en")]
    [InlineData("arz", "en")]
    [InlineData("not a language;;q=x", "en")]
    public async Task The_language_is_the_one_that_the_client_weighs_highest(string? accepted, string language)
    {
        var answer = await server.AskAsync("/v1/funds", null, accepted is null ? [] : [("Accept-Language", accepted)]);
        Assert.Equal(200, answer.Status);
        Assert.Equal(language, answer.Header("Content-Language"));
        Assert.Equal(language == "ar", answer.Json.GetProperty("data")[0].Text("name").IsArabic());
    }

    [Fact]
    public async Task The_lang_parameter_goes_before_Accept_Language()
    {
        var arabic = await server.AskAsync("/v1/funds?lang=ar", null, ("Accept-Language", "en"));
        Assert.Equal("ar", arabic.Header("Content-Language"));
        Assert.True(arabic.Json.GetProperty("data")[0].Text("name").IsArabic());
        var english = await server.AskAsync("/v1/funds?lang=en", null, ("Accept-Language", "ar"));
        Assert.False(english.Json.GetProperty("data")[0].Text("name").IsArabic());
    }

    [Fact]
    public async Task The_next_page_speaks_the_language_that_was_asked_for()
    {
        var first = await server.GetAsync("/v1/donors?lang=ar&limit=2");
        var second = await server.GetAsync(first.Text("next")!);
        Assert.True(second.GetProperty("data")[0].Text("name").IsArabic());
    }

    [Theory]
    [InlineData("/v1/donors/usa", "name")]
    [InlineData("/v1/organizations/undp", "name")]
    [InlineData("/v1/funds/undp-ffs", "name")]
    [InlineData("/v1/funds/undp-ffs", "description")]
    [InlineData("/v1/events/kuwait-conference-2018", "name")]
    [InlineData("/v1/events/kuwait-conference-2018", "place")]
    [InlineData("/v1/sources/state-note-2018-06-26", "title")]
    [InlineData("/v1/sources/state-note-2018-06-26", "publisher")]
    [InlineData("/v1/sources/state-note-2018-06-26", "note")]
    [InlineData("/v1/countries/TUR", "name")]
    public async Task A_single_resource_shows_both_languages_whatever_is_asked_for(string path, string member)
    {
        foreach (var language in new[] { "en", "ar" })
        {
            var text = (await server.GetAsync(path, language: language)).GetProperty(member);
            Assert.False(text.Text("en").IsArabic());
            Assert.True(text.Text("ar").IsArabic());
        }
    }

    [Fact]
    public async Task A_single_pledge_and_a_single_shortfall_show_both_languages()
    {
        var pledge = await server.GetAsync($"/v1/pledges/{(await server.AllAsync("/v1/pledges?donor=exim"))[0].Id()}", language: "ar");
        Assert.StartsWith("Memorandum", pledge.GetProperty("description").Text("en"), StringComparison.Ordinal);
        Assert.StartsWith("مذكرة", pledge.GetProperty("description").Text("ar"), StringComparison.Ordinal);
        Assert.True(pledge.GetProperty("note").Text("ar").IsArabic());
        var shortfall = await server.GetAsync($"/v1/shortfalls/{(await server.AllAsync("/v1/shortfalls?fund=undp-ffs"))[0].Id()}");
        Assert.StartsWith("Brett", shortfall.GetProperty("statedBy").Text("en"), StringComparison.Ordinal);
        Assert.StartsWith("بريت", shortfall.GetProperty("statedBy").Text("ar"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_name_exists_in_one_language_only_it_stands_in_for_the_other()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.EnterAsync(enter => enter.OrganizationAsync("one", "Only English"));
        Assert.Equal("Only English", (await own.AllAsync("/v1/organizations?lang=ar"))[0].Text("name"));
        var alone = (await own.GetAsync("/v1/organizations/one")).GetProperty("name");
        Assert.Equal(JsonValueKind.Null, alone.GetProperty("ar").ValueKind);
    }
}
