using System.Data.Common;
using System.Net;

namespace PledgeTracker.Tests.Contract;

/// <summary>What `q` takes for the same.</summary>
public sealed class SearchTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Theory]
    [InlineData("إعمار سوريا", "سورية")]
    [InlineData("إعمار سورية", "سوريا")]
    [InlineData("صندوق سوريه", "سوريا")]
    [InlineData("لاجئون في تركيا", "تركية")]
    [InlineData("لاجئون في تركية", "تركيا")]
    [InlineData("Stabilisation of Anbar", "stabilization")]
    [InlineData("Stabilization of Ninewa", "stabilisation")]
    [InlineData("Organising Centre for Labour Programmes", "organizing center labor programs")]
    [InlineData("Refugees in Türkiye", "turkey")]
    [InlineData("Refugees in Turkey", "Türkiye")]
    [InlineData("Refugees in Turkey", "تركيا")]
    [InlineData("Aid to the Ivory Coast", "cote d'ivoire")]
    [InlineData("Diakonie Straße", "strasse")]
    [InlineData("Ærø fund", "aero")]
    [InlineData("Oﬃce of eﬀects", "office effects")]
    [InlineData("ＵＮＤＰ fund", "undp")]
    [InlineData("Sana\u02BCa water", "sana'a")]
    [InlineData("ﺻﻨﺪﻭﻕ ﺍﻟﻌﺮﺍﻕ", "صندوق العراق")]
    [InlineData("𞤀𞤁𞤂 Adlam", "𞤢𞤣𞤤")]
    [InlineData("Ǆamija", "džamija")]
    [InlineData("Džamija", "Ǆamija")]
    [InlineData("Ship № 5", "no 5")]
    [InlineData("100 m² of roof", "m2")]
    [InlineData("㈱日本", "株 日本")]
    [InlineData("Ⅷ round", "viii")]
    [InlineData("ﷺ", "صلى الله عليه وسلم")]
    public async Task Spellings_of_one_word_find_each_other_in_names_and_in_a_pledges_own_texts(string text, string words)
    {
        var (donor, fund) = (await server.OrganizationAsync(), server.NewId("spelled"));
        await server.EnterAsync(enter => enter.FundAsync(fund, text));
        Assert.Contains(fund, await FoundAsync("funds", words));
        var id = await server.EnterAsync(enter => enter.PledgeAsync(new { donors = new[] { new { donorId = donor, amount = 1 } }, currency = "USD", announcedOn = "2026-01-01", instrument = "grant", note = new { ar = text } }));
        Assert.Contains(id, await FoundAsync("pledges", words));
    }

    [Theory]
    [InlineData("organizations", """{ "id": "{0}", "name": { "en": "Assistance Mission" }, "type": "40", "aliases": ["{1}", "بعثة {1}"] }""")]
    [InlineData("funds", """{ "id": "{0}", "name": { "en": "Recovery Facility" }, "kind": "facility", "aliases": ["{1}", "مرفق {1}"] }""")]
    public async Task Other_names_find_what_they_name_until_they_are_amended(string list, string body)
    {
        var (id, alias) = (server.NewId("aliased"), server.NewId("qz").Replace("-", "", StringComparison.Ordinal));
        var made = await server.Editor.RecordAsync($"/v1/{list}", body.Replace("{0}", id, StringComparison.Ordinal).Replace("{1}", alias, StringComparison.Ordinal));
        Assert.Equal([alias, made.GetProperty("aliases")[1].GetString()!], made.Texts("aliases"));
        Assert.Equal([id], await FoundAsync(list, alias));
        Assert.Equal([id], await FoundAsync(list, made.GetProperty("aliases")[1].GetString()!));
        var amended = await server.Editor.AmendAsync($"/v1/{list}/{id}", $$"""{ "aliases": ["{{alias}}x"] }""");
        Assert.Equal(HttpStatusCode.OK, amended.Status);
        Assert.Equal([id], await FoundAsync(list, alias + "x"));
        Assert.Empty((await server.Editor.AmendAsync($"/v1/{list}/{id}", """{ "aliases": null }""")).Body.Texts("aliases"));
        Assert.Empty(await FoundAsync(list, alias));
    }

    [Theory]
    [InlineData("xqx OR other")]
    [InlineData("xqx & other")]
    [InlineData("xqx:* other")]
    [InlineData("\"xqx other")]
    [InlineData("xqx_other%")]
    public async Task What_looks_like_an_operator_is_a_word_or_nothing(string words)
    {
        var donor = await server.OrganizationAsync();
        async Task<string> PledgeAsync(string text) => await server.PledgeAsync(donor, await server.FundAsync(), 1, more: $$""", "description": { "en": "{{text}}" } """);
        var (both, one) = (await PledgeAsync("xqx or other"), await PledgeAsync("xqx alone"));
        var found = await FoundAsync("pledges", words);
        Assert.Contains(both, found);
        Assert.DoesNotContain(one, found);
    }

    [Fact]
    public async Task Money_is_found_by_either_name_of_whoever_gives_and_of_whoever_receives_also_after_a_merger()
    {
        string[] ids = [server.NewId("giver"), server.NewId("receiver"), server.NewId("old")];
        await server.EnterAsync(enter => enter.OrganizationAsync(ids[0], "Quixgiver Ministry", "وزارة قويكس"));
        await server.EnterAsync(enter => enter.OrganizationAsync(ids[1], "Quixtaker Relief", "إغاثة قوتاك"));
        await server.EnterAsync(enter => enter.OrganizationAsync(ids[2], "Formerly", "سابقا"));
        var id = await server.EnterAsync(enter => enter.PledgeAsync(new { donors = new[] { new { donorId = ids[0], amount = 1 } }, currency = "USD", announcedOn = "2026-01-01", instrument = "grant", recipientId = ids[2] }));
        var paid = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(id, "payment", 1))).Id();
        await server.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{ids[2]}/merge-into/{ids[1]}");
        foreach (var words in (string[])["quixgiver", "ministry quixgiver", "قويكس", "quixtaker", "relief quixtaker", "قوتاك", "quixgiver قوتاك"])
        {
            Assert.Equal([id], await FoundAsync("pledges", words));
            Assert.Equal([paid], await FoundAsync("contributions", words));
        }
    }

    [Fact]
    public async Task What_is_searched_is_computed_anew_by_rebuild()
    {
        var fund = server.NewId("rebuilt");
        await server.EnterAsync(enter => enter.FundAsync(fund, "Zqrebuilt Stabilisation"));
        await using (var database = await server.OpenDatabaseAsync())
        {
            await database.ExecuteAsync($"UPDATE fund SET search = '' WHERE id = '{fund}'");
        }

        Assert.Empty(await FoundAsync("funds", "zqrebuilt"));
        var rebuilt = await Subcommand.RunAsync("rebuild", "--Database:Connection", server.Connection);
        Assert.True(rebuilt.ExitCode == 0, rebuilt.Error);
        Assert.Equal([fund], await FoundAsync("funds", "zqrebuilt stabilization"));
    }

    private async Task<List<string>> FoundAsync(string list, string words) =>
        (await server.AllAsync($"/v1/{list}?q={Uri.EscapeDataString(words)}")).ConvertAll(Asking.Id);

    [Theory]
    [InlineData("Türkiye", "TUR")]
    [InlineData("Turkey", "TUR")]
    [InlineData("تركيا", "TUR")]
    [InlineData("سوريا", "SYR")]
    [InlineData("سورية", "SYR")]
    [InlineData("syria", "SYR")]
    [InlineData("Syrian Arab Republic", "SYR")]
    [InlineData("الجمهورية العربية السورية", "SYR")]
    [InlineData("Congo", "COG")]
    [InlineData("Yugoslavia", "YUG")]
    [InlineData("جزر الأنتيل الهولندية", "ANT")]
    [InlineData("Serbia and Montenegro", "SCG")]
    [InlineData("ألمانيا الشرقية", "DDR")]
    [InlineData("تايوان", "TWN")]
    [InlineData("الفاتيكان", "VAT")]
    [InlineData("Micronesia", "FSM")]
    [InlineData("البهاما", "BHS")]
    public async Task Whatever_is_of_a_country_is_found_by_any_of_its_names(string words, string country)
    {
        var (organization, fund, happening) = (server.NewId("of-country"), server.NewId("of-country"), server.NewId("of-country"));
        await server.EnterAsync(enter => enter.OrganizationAsync(organization, "Assistance", country: country));
        await server.EnterAsync(enter => enter.FundAsync(fund, "Recovery", null, "programme", null, country));
        await server.EnterAsync(enter => enter.EventAsync(happening, "2026-01-01", "Meeting", country: country));
        var donor = await server.OrganizationAsync();
        var pledge = await server.EnterAsync(enter => enter.PledgeAsync(new { donors = new[] { new { donorId = donor, amount = 1 } }, currency = "USD", announcedOn = "2026-01-01", instrument = "grant", countries = new[] { country } }));
        var paid = await server.EnterAsync(enter => enter.ContributionAsync(new { donorId = donor, countries = new[] { country }, stage = "payment", amount = 1, currency = "USD", date = "2026-01-01" }));
        Assert.Contains(organization, await FoundAsync("organizations", words));
        Assert.Contains(fund, await FoundAsync("funds", words));
        Assert.Contains(happening, await FoundAsync("events", words));
        Assert.Contains(pledge, await FoundAsync("pledges", words));
        Assert.Contains(paid, await FoundAsync("contributions", words));
        await server.Editor.AmendAsync($"/v1/organizations/{organization}", """{ "country": null }""");
        Assert.DoesNotContain(organization, await FoundAsync("organizations", words));
    }

    [Fact]
    public async Task A_contribution_is_found_by_its_own_note_and_not_by_that_of_another_under_its_pledge()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 100);
        var noted = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 1, more: """, "note": { "en": "Zqvnoted by courier", "ar": "زقون بالبريد" } """))).Id();
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 2));
        var direct = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 3, more: """, "description": { "en": "Zqvdescribed" } """))).Id();
        Assert.Equal([noted], await FoundAsync("contributions", "zqvnoted courier"));
        Assert.Equal([noted], await FoundAsync("contributions", "زقون"));
        Assert.Equal([direct], await FoundAsync("contributions", "zqvdescr"));
        Assert.Empty(await FoundAsync("pledges", "zqvnoted"));
    }

    [Fact]
    public async Task A_word_that_very_many_have_finds_what_it_finds_while_few_do()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.EnterAsync(async enter =>
        {
            string[] of = ["donor", "fund", "event", "recipient", "country", "text", "note", "none"];
            await enter.OrganizationAsync("plain", "Somebody");
            await enter.OrganizationAsync("donor", "Water Company");
            await enter.OrganizationAsync("recipient", "Ministry of Water");
            await enter.FundAsync("fund", "Water for all");
            await enter.EventAsync("event", "2025-01-01", "Water Day");
            foreach (var (found, i) in of.Select((found, i) => (found, i)))
            {
                var pledge = await enter.PledgeAsync(new
                {
                    donors = new[] { new { donorId = found == "donor" ? "donor" : "plain", amount = 100 + i } },
                    currency = "USD",
                    announcedOn = "2025-01-01",
                    instrument = "grant",
                    fundId = found == "fund" ? "fund" : null,
                    eventId = found == "event" ? "event" : null,
                    recipientId = found == "recipient" ? "recipient" : null,
                    countries = found == "country" ? new[] { "IRQ" } : null,
                    description = new { en = found == "text" ? "Clean water near Mosul" : "Schools near Mosul" },
                });
                await enter.ContributionAsync(new { pledgeId = pledge, stage = "payment", amount = 1 + i, currency = "USD", date = "2025-02-01", note = new { en = found == "note" ? "By water" : "By air" } });
            }
        });
        await using (var database = await own.OpenDatabaseAsync())
        {
            await database.ExecuteAsync("UPDATE country SET search = search || ' water' WHERE code = 'IRQ'");
        }

        string[] questions = ["water", "wat", "mosul", "water mosul", "somebody water", "schools water near", "water courier", "clean water", "iraq water", "by water"];
        var few = await FoundAsync(1);
        Assert.Equal((6, 7), (few[0].Count, few[1].Count));
        await using (var database = await own.OpenDatabaseAsync(unguarded: true))
        {
            await FillTextsAsync(database, 1_000_000, 50_001, "water", "near", "by");
        }

        Assert.Equal(few, await FoundAsync(2));

        // What was answered before would be answered again.
        async Task<List<List<string>>> FoundAsync(int times) =>
        [
            .. await Task.WhenAll(questions.SelectMany(words => ((string[])["pledges", "contributions", "summary"]).Select(list => (words, list))).Select(async ask =>
            {
                var path = $"/v1/{ask.list}?q={Uri.EscapeDataString(ask.words)}{new string('&', times)}";
                return ask.list == "summary" ? [(await own.GetAsync(path)).GetProperty("total").ToString()] : (await own.AllAsync(path)).ConvertAll(Asking.Id);
            })),
        ];
    }

    [Fact]
    public async Task What_is_found_everywhere_is_refused_at_once_and_sums_of_very_many_are()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("donor", "Company");
            await enter.FundAsync("fund", "Facility");
            await enter.PledgeAsync(new { donors = new[] { new { donorId = "donor", amount = 1 } }, currency = "USD", announcedOn = "2025-01-01", instrument = "grant", fundId = "fund", description = new { en = "Water" } });
        });
        await using (var database = await own.OpenDatabaseAsync(unguarded: true))
        {
            await FillTextsAsync(database, 1_000_000, 50_001, "water");
            await FillTextsAsync(database, 2_000_000, 200_001, "everywhere");
            // Neither has a line.
            await database.ExecuteAsync("""
                WITH RECURSIVE n (no) AS (SELECT 1 UNION ALL SELECT no + 1 FROM n WHERE no < 20000)
                INSERT INTO pledge (no, id, origin, instrument, currency, qualifier, announced_on, date_precision, recorded_at, recorded_by, version)
                SELECT p.no + n.no, 'another-' || n.no, p.origin, p.instrument, p.currency, p.qualifier, p.announced_on, p.date_precision, p.recorded_at, p.recorded_by, p.version FROM n CROSS JOIN pledge p
                """);
        }

        foreach (var list in (string[])["pledges", "contributions", "summary", "time-series"])
        {
            await own.RefusesAsync($"/v1/{list}?q=water%20every", "?q", "too_many_found");
        }

        foreach (var sum in (string[])["summary", "time-series"])
        {
            await own.RefusesAsync($"/v1/{sum}?q=water", "?q", "too_many_found");
            await own.GetAsync($"/v1/{sum}?q=water&fund=fund");
            await own.GetAsync($"/v1/{sum}?q=nothing");
        }

        Assert.Single(await own.AllAsync("/v1/pledges?q=water"));
        await own.GetAsync("/v1/search?q=water%20every");
    }

    // Words in texts of pledges and in notes of contributions that are nowhere else.
    private static async Task FillTextsAsync(DbConnection database, int after, int count, params string[] words)
    {
        foreach (var text in (string[])["pledge_text", "contribution_text"])
        {
            await database.ExecuteAsync($"""
                WITH RECURSIVE n (no) AS (SELECT {after + 1} UNION ALL SELECT no + 1 FROM n WHERE no < {after + count})
                INSERT INTO {text} {(TestDatabase.IsPostgres ? $"SELECT no, array_to_tsvector(ARRAY['{string.Join("', '", words)}'])" : $"(rowid, text) SELECT no, '{string.Join(' ', words)}'")} FROM n
                """);
        }
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\"")]
    [InlineData("&")]
    [InlineData(":*")]
    [InlineData("' -- ؟")]
    public async Task Signs_alone_find_nothing_and_are_no_fault(string signs)
    {
        await server.OrganizationAsync();
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 1));
        foreach (var list in (string[])["organizations", "donors", "funds", "events", "sources", "countries", "pledges", "contributions"])
        {
            Assert.Empty(await FoundAsync(list, signs));
        }
    }
}
