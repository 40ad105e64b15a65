using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Countries;

public sealed class CountryTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task Countries_are_listed_by_code_with_their_names_in_the_language_asked_for_and_withdrawn_ones_say_so()
    {
        var (english, arabic) = (await server.AllAsync("/v1/countries"), await server.AllAsync("/v1/countries?lang=ar"));
        var codes = english.ConvertAll(Code);
        Assert.Equal(codes.Order(StringComparer.Ordinal), codes);
        Assert.Equal(codes, arabic.ConvertAll(Code));
        Assert.All(arabic, country => Assert.True(country.Text("name").IsArabic(), country.GetRawText()));
        Assert.Equal(("Türkiye", "تركيا"), (Of("TUR", english).Text("name"), Of("TUR", arabic).Text("name")));
        Assert.Equal(("Congo", "الكونغو"), (Of("COG", english).Text("name"), Of("COG", arabic).Text("name")));
        Assert.True(Of("YUG", english).GetProperty("withdrawn").GetBoolean());
        Assert.False(Of("TUR", english).GetProperty("withdrawn").GetBoolean());
        Assert.Equal(codes.Count, (await server.GetAsync("/v1/countries?limit=1&count=true")).GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("COG", "Congo", "Republic of the Congo", "الكونغو", "جمهورية الكونغو")]
    [InlineData("YUG", "Yugoslavia", "يوغوسلافيا", "يوغسلافيا")]
    [InlineData("ANT", "Netherlands Antilles", "جزر الأنتيل الهولندية")]
    [InlineData("SCG", "Serbia and Montenegro", "صربيا والجبل الأسود")]
    [InlineData("DDR", "German Democratic Republic", "East Germany", "ألمانيا الشرقية", "الجمهورية الديمقراطية الألمانية")]
    [InlineData("TWN", "Taiwan", "تايوان")]
    [InlineData("VAT", "Holy See", "Vatican", "الكرسي الرسولي", "الفاتيكان")]
    [InlineData("FSM", "Micronesia", "Federated States of Micronesia", "Micronesia (Federated States of)", "ميكرونيزيا")]
    [InlineData("BHS", "Bahamas", "The Bahamas", "جزر البهاما", "الباهاما")]
    [InlineData("SYR", "Syria", "Syrian Arab Republic", "سوريا", "سورية", "الجمهورية العربية السورية")]
    [InlineData("IRN", "Iran", "Islamic Republic of Iran", "Iran (Islamic Republic of)", "إيران", "جمهورية إيران الإسلامية")]
    [InlineData("VEN", "Venezuela", "Bolivarian Republic of Venezuela", "جمهورية فنزويلا البوليفارية")]
    [InlineData("BOL", "Bolivia", "Plurinational State of Bolivia", "دولة بوليفيا المتعددة القوميات")]
    [InlineData("TZA", "Tanzania", "United Republic of Tanzania", "جمهورية تنزانيا المتحدة")]
    [InlineData("MDA", "Moldova", "Republic of Moldova", "جمهورية مولدوفا")]
    [InlineData("COD", "DR Congo", "DRC", "Democratic Republic of the Congo", "جمهورية الكونغو الديمقراطية")]
    [InlineData("KOR", "South Korea", "Republic of Korea", "كوريا الجنوبية", "جمهورية كوريا")]
    [InlineData("PRK", "North Korea", "Democratic People's Republic of Korea", "DPRK", "جمهورية كوريا الشعبية الديمقراطية")]
    [InlineData("LAO", "Laos", "Lao People's Democratic Republic", "لاوس", "جمهورية لاو الديمقراطية الشعبية")]
    [InlineData("PSE", "Palestine", "State of Palestine", "occupied Palestinian territory", "دولة فلسطين", "الأرض الفلسطينية المحتلة")]
    [InlineData("GBR", "UK", "United Kingdom", "United Kingdom of Great Britain and Northern Ireland", "بريطانيا", "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية")]
    [InlineData("USA", "USA", "United States of America", "أمريكا", "الولايات المتحدة الأمريكية")]
    [InlineData("TUR", "Turkey", "Türkiye", "turkiye", "تركيا", "تركية")]
    [InlineData("CZE", "Czechia", "Czech Republic", "تشيكيا", "الجمهورية التشيكية")]
    [InlineData("SWZ", "Eswatini", "Swaziland", "إسواتيني", "سوازيلند")]
    [InlineData("CPV", "Cabo Verde", "Cape Verde", "كابو فيردي", "الرأس الأخضر")]
    [InlineData("CIV", "Côte d'Ivoire", "cote divoire", "Ivory Coast", "ساحل العاج", "كوت ديفوار")]
    [InlineData("MMR", "Myanmar", "Burma", "ميانمار", "بورما")]
    [InlineData("MKD", "North Macedonia", "Macedonia", "مقدونيا الشمالية")]
    public async Task A_country_is_found_by_its_code_and_by_any_of_its_names_in_either_language(string code, params string[] names)
    {
        foreach (var words in names.Append(code).Append(code.ToLowerInvariant()))
        {
            Assert.Contains(code, await CalledAsync(words));
        }
    }

    [Fact]
    public async Task Names_are_looked_for_by_the_beginnings_of_their_words()
    {
        Assert.Equal(["MLI"], await CalledAsync("mali"));
        Assert.Equal(["SOM"], await CalledAsync("somal"));
        Assert.Equal(["IRQ"], await CalledAsync("irq"));
        Assert.Empty(await CalledAsync("iraq iran"));
        Assert.DoesNotContain("GBR", await CalledAsync("northern"));
    }

    [Fact]
    public async Task What_is_of_a_country_is_found_by_the_aliases_that_it_has_today_and_by_no_others()
    {
        const string country = "/v1/countries/NRU";
        var (english, arabic) = (Word("zq"), "زقنورو");
        var (organization, fund, happening, payer) = (server.NewId("of-nauru"), server.NewId("of-nauru"), server.NewId("of-nauru"), server.NewId("of-nauru"));
        await server.EnterAsync(enter => enter.OrganizationAsync(organization, "Assistance", country: "NRU"));
        await server.EnterAsync(enter => enter.OrganizationAsync(payer, "Assistance"));
        await server.EnterAsync(enter => enter.FundAsync(fund, "Recovery", null, "programme", null, "IRQ", "NRU"));
        await server.EnterAsync(enter => enter.EventAsync(happening, "2026-01-01", "Meeting", country: "NRU"));
        var destined = await PledgeAsync(payer, 1, """, "countries": ["IRQ", "NRU"], "shared": true""");
        var given = await PledgeAsync(organization, 2, "");
        var funded = await PledgeAsync(payer, 3, $$""", "fundId": "{{fund}}" """);
        var met = await PledgeAsync(payer, 4, $$""", "eventId": "{{happening}}" """);
        var received = await PledgeAsync(payer, 5, $$""", "recipientId": "{{organization}}" """);
        string[] pledges = [received, met, funded, given, destined];
        var paid = new List<string>();
        foreach (var pledge in pledges)
        {
            paid.Add(await server.EnterAsync(enter => enter.ContributionAsync(pledge, "payment", 1, "2026-02-01")));
        }

        Assert.Empty(await FoundAsync("pledges", english));
        var amended = await server.Editor.AmendAsync(country, $$"""{ "aliases": ["{{english}} Island", "{{arabic}}"] }""");
        Assert.Equal([$"{english} Island", arabic], amended.Body.Texts("aliases"));
        Assert.True(JsonElement.DeepEquals(amended.Body, await server.GetAsync(country)));
        foreach (var words in new[] { english, arabic, $"island {english}" })
        {
            Assert.Equal(["NRU"], await CalledAsync(words));
            Assert.Equal([organization], await FoundAsync("organizations", words));
            Assert.Equal([organization], await FoundAsync("donors", words));
            Assert.Equal([fund], await FoundAsync("funds", words));
            Assert.Equal([happening], await FoundAsync("events", words));
            Assert.Equal(pledges, await FoundAsync("pledges", words));
            Assert.Equal(paid.Order(StringComparer.Ordinal), (await FoundAsync("contributions", words)).Order(StringComparer.Ordinal));
        }

        Assert.Empty((await server.Editor.AmendAsync(country, """{ "aliases": null }""")).Body.Texts("aliases"));
        foreach (var list in new[] { "organizations", "donors", "funds", "events", "pledges", "contributions" })
        {
            Assert.Empty(await FoundAsync(list, english));
        }

        async Task<string> PledgeAsync(string donor, int day, string more) => (await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": 9 }], "currency": "USD", "announcedOn": "2026-01-0{{day}}", "instrument": "grant"{{more}} }
            """)).Id();
    }

    [Fact]
    public async Task Only_the_aliases_can_be_amended_and_the_version_that_was_read_must_be_named()
    {
        const string country = "/v1/countries/TUV";
        var read = await server.Client.ReadAsync(country);
        foreach (var (patch, pointer) in new[]
        {
            ("""{ "name": { "en": "Ellice Islands" } }""", "/name"), ("""{ "code": "TUW" }""", "/code"), ("""{ "withdrawn": true }""", "/withdrawn"), ("""{ "aliases": "Ellice" }""", "/aliases"),
            ("""{ "aliases": ["Ellice", " "] }""", "/aliases/1"), ("""{ "aliases": ["Ellice", "Ellice"] }""", "/aliases"),
        })
        {
            var refused = await server.Editor.AmendAsync(country, patch);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains(refused.Pointers, at => at.StartsWith(pointer, StringComparison.Ordinal));
        }

        Assert.Equal(HttpStatusCode.PreconditionRequired, (await PatchAsync("""{ "aliases": ["Ellice"] }""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync("""{ "aliases": ["Ellice"] }""", ("If-Match", read.EntityTag!))).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PatchAsync("""{ "aliases": [] }""", ("If-Match", read.EntityTag!))).Status);
        Assert.Equal(["Ellice"], (await server.GetAsync(country)).Texts("aliases"));

        Task<Reply> PatchAsync(string json, params (string, string)[] headers) => server.Editor.SendAsync(HttpMethod.Patch, country, json, headers);
    }

    [Fact]
    public async Task Countries_are_pulled_by_what_was_amended_and_since_the_beginning_all_are()
    {
        var seen = (await server.AskAsync("/v1/countries")).Header("Dataset-Version")!;
        Assert.Empty(await server.WalkAsync($"/v1/countries?changedSince={seen}", 1));
        await server.Editor.AmendAsync("/v1/countries/VUT", """{ "aliases": ["Hébrides"] }""");
        await server.Editor.AmendAsync("/v1/countries/TON", """{ "aliases": ["Friendly Islands"] }""");
        await server.Editor.AmendAsync("/v1/countries/VUT", """{ "aliases": ["Nouvelles-Hébrides"] }""");
        Assert.Equal(["TON", "VUT"], (await server.WalkAsync($"/v1/countries?changedSince={seen}", 1)).ConvertAll(Code));
        var all = (await server.WalkAsync("/v1/countries?changedSince=0", 100)).ConvertAll(Code);
        Assert.Equal((await server.AllAsync("/v1/countries")).Count, all.Count);
        Assert.Equal(["TON", "VUT"], all.TakeLast(2));
    }

    [Fact]
    public async Task Aliases_outlive_a_rebuild_and_are_found_after_it()
    {
        var alias = Word("zr");
        await server.Editor.AmendAsync("/v1/countries/PLW", $$"""{ "aliases": ["{{alias}}"] }""");
        await using (var database = await server.OpenDatabaseAsync())
        {
            await database.ExecuteAsync("UPDATE country SET search = '' WHERE code = 'PLW'");
        }

        Assert.Empty(await CalledAsync(alias));
        var rebuilt = await Subcommand.RunAsync("rebuild", "--Database:Connection", server.Connection);
        Assert.True(rebuilt.ExitCode == 0, rebuilt.Error);
        Assert.Equal(["PLW"], await CalledAsync(alias));
        Assert.Equal(["PLW"], await CalledAsync("palau"));
    }

    private async Task<List<string>> CalledAsync(string words) => (await server.AllAsync($"/v1/countries?q={Uri.EscapeDataString(words)}")).ConvertAll(Code);

    private async Task<List<string>> FoundAsync(string list, string words) => (await server.AllAsync($"/v1/{list}?q={Uri.EscapeDataString(words)}")).ConvertAll(Asking.Id);

    // A word that nothing else has.
    private string Word(string beginning) => server.NewId(beginning).Replace("-", "", StringComparison.Ordinal);

    private static JsonElement Of(string code, List<JsonElement> countries) => countries.Single(country => Code(country) == code);

    private static string Code(JsonElement country) => country.Text("code")!;
}
