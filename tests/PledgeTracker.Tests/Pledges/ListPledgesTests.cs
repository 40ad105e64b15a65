using System.Text.Json;

namespace PledgeTracker.Tests.Pledges;

public sealed class ListPledgesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_coalition_facts_hold_22_announced_pledges_newest_first()
    {
        var pledges = await server.AllAsync("/v1/pledges");
        Assert.Equal(22, pledges.Count);
        Assert.All(pledges, p => Assert.Equal("announced", p.Text("origin")));
        Assert.Equal("2024-09-30", pledges[0].Text("announcedOn"));
        Assert.Equal("2018-02-13", pledges[^1].Text("announcedOn"));
    }

    [Fact]
    public async Task The_90_million_of_June_2018_is_one_pledge_with_three_citations()
    {
        var pledge = Assert.Single(await server.AllAsync("/v1/pledges?minAmountUsd=90000000&maxAmountUsd=90000000"));
        Assert.Equal("coalition-partners", pledge.GetProperty("donors")[0].Id());
        Assert.Equal("approximate", pledge.Text("qualifier"));
        Assert.Equal("ne-syria-stabilization", pledge.RefId("fund"));
        var citations = pledge.GetProperty("citations").EnumerateArray().ToList();
        Assert.Equal(["state-note-2018-06-26", "state-note-2018-07-12", "globalcoalition-2018-06-26"], citations.Select(c => c.GetProperty("source").Id()));
        Assert.Equal("مساهمات من شركاء التحالف تبلغ قيمتها الإجمالية حوالى 90 مليون دولار", citations[0].Text("quote"));
        Assert.Equal("وجمعوا 90 مليون دولار لبرامج إرساء الاستقرار في شمال شرق سوريا", citations[1].Text("quote"));
        Assert.Equal("https://www.state.gov/r/pa/prs/ps/2018/06/283526.htm", citations[0].GetProperty("source").Text("url"));
        Assert.Equal("2018-06-26", citations[0].GetProperty("source").Text("publishedOn"));
    }

    [Fact]
    public async Task The_EXIM_memorandum_is_one_pledge_of_instrument_mou_with_two_citations()
    {
        var pledge = Assert.Single(await server.AllAsync("/v1/pledges?donor=exim"));
        Assert.Equal("mou", pledge.Text("instrument"));
        Assert.Equal(3_000_000_000, pledge.Number("amount"));
        Assert.Equal("irq-mof", pledge.RefId("recipient"));
        Assert.Equal(2, pledge.GetProperty("citations").GetArrayLength());
        Assert.Equal(pledge.Id(), Assert.Single(await server.AllAsync("/v1/pledges?instrument=mou")).Id());
        await server.ShowsNothingAsync("/v1/pledges?donor=exim&grantsOnly=true");
    }

    [Fact]
    public async Task The_pledge_of_Saudi_Arabia_for_Syria_is_paid()
    {
        var pledge = Assert.Single(await server.AllAsync("/v1/pledges?status=paid"));
        Assert.Equal("sau", pledge.GetProperty("donors")[0].Id());
        var figures = pledge.GetProperty("figures");
        Assert.Equal(100_000_000, figures.Number("pledged"));
        Assert.Equal(100_000_000, figures.Number("paid"));
        Assert.Equal(0, figures.Number("outstanding"));
        Assert.Equal(1, figures.Number("paidShare"));
    }

    [Fact]
    public async Task An_amount_stands_in_its_own_currency_beside_its_US_dollars()
    {
        var pledge = Assert.Single(await server.AllAsync("/v1/pledges?currency=EUR&donor=deu"));
        Assert.Equal(500_000_000, pledge.Number("amount"));
        Assert.Equal("EUR", pledge.Text("currency"));
        Assert.Equal(617_000_000, pledge.GetProperty("figures").Number("pledged"));
        Assert.Equal("USD", pledge.GetProperty("figures").Text("currency"));
    }

    [Fact]
    public async Task Contributions_that_nobody_pledged_are_shown_only_when_asked_for()
    {
        var direct = await server.AllAsync("/v1/pledges?origin=direct");
        Assert.Equal(["deu", "fin", "grc"], direct.Select(p => p.GetProperty("donors")[0].Id()));
        Assert.All(direct, p =>
        {
            Assert.Equal(JsonValueKind.Null, p.GetProperty("amount").ValueKind);
            Assert.Equal(0, p.GetProperty("figures").Number("pledged"));
            Assert.Equal("undp-ffs", p.RefId("fund"));
        });
        await server.ShowsNothingAsync("/v1/pledges?fund=undp-ffs");
    }

    [Theory]
    [InlineData("donor=no-such-donor")]
    [InlineData("donor=undp")]
    [InlineData("fund=syria-recovery-trust-fund")]
    [InlineData("fund=no-such-fund")]
    [InlineData("recipient=usa")]
    [InlineData("country=AFG")]
    [InlineData("event=no-such-event")]
    [InlineData("currency=JPY")]
    [InlineData("overdue=true")]
    [InlineData("status=partially_withdrawn")]
    [InlineData("instrument=guarantee")]
    [InlineData("announcedFrom=2025-01-01")]
    [InlineData("announcedTo=2018-02-12")]
    [InlineData("announcedFrom=2018-07-13&announcedTo=2018-07-14")]
    [InlineData("minAmountUsd=5000000000.01")]
    [InlineData("maxAmountUsd=49999999.99")]
    [InlineData("donor=usa&country=IRQ&fund=ne-syria-stabilization")]
    [InlineData("q=astronaut")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/pledges?{query}");

    [Theory]
    [InlineData("announcedFrom=2018-07-12&announcedTo=2018-07-12", 2)]
    [InlineData("minAmountUsd=168000000&maxAmountUsd=168000000", 1)]
    [InlineData("minAmountUsd=168000000.01&maxAmountUsd=200000000", 0)]
    public async Task The_ends_of_a_range_belong_to_it(string query, int count) => Assert.Equal(count, (await server.AllAsync($"/v1/pledges?{query}")).Count);

    [Theory]
    [InlineData("الإمارات")]
    [InlineData("الامارات")]
    [InlineData("إمارات")]
    [InlineData("امارات")]
    [InlineData("الإِمَارَاتُ")]
    [InlineData("الإمــارات")]
    [InlineData("والإمارات")]
    [InlineData("Emirates")]
    [InlineData("EMIRATES")]
    [InlineData("united arab emirates")]
    public async Task A_donor_is_found_however_its_name_is_spelt(string words)
    {
        var found = await server.AllAsync($"/v1/pledges?q={Uri.EscapeDataString(words)}");
        Assert.Equal(2, found.Count);
        Assert.All(found, p => Assert.Equal("are", p.GetProperty("donors")[0].Id()));
    }

    [Theory]
    [InlineData("ألمانيا", "المانيا", 1)]
    [InlineData("تركيا", "تركیا", 1)]
    [InlineData("Türkiye", "turkiye", 1)]
    [InlineData("وزارة المالية", "وزاره الماليه", 1)]
    [InlineData("المساعدات الإنسانية", "مساعدات انسانيه", 1)]
    [InlineData("مذكرة تفاهم", "memorandum of understanding", 1)]
    [InlineData("2024", "٢٠٢٤", 1)]
    [InlineData("2024", "۲۰۲۴", 1)]
    public async Task Two_spellings_of_the_same_words_find_the_same(string one, string other, int least)
    {
        var found = (await server.AllAsync($"/v1/pledges?q={Uri.EscapeDataString(one)}")).ConvertAll(Asking.Id);
        Assert.True(found.Count >= least);
        Assert.Equal(found, (await server.AllAsync($"/v1/pledges?q={Uri.EscapeDataString(other)}")).ConvertAll(Asking.Id));
    }

    [Theory]
    [InlineData("Ministry of Finance", "recipient", "irq-mof")]
    [InlineData("شمال شرق سوريا", "fund", "ne-syria-stabilization")]
    [InlineData("humanitarian assistance syrian", "fund", "syria-humanitarian")]
    [InlineData("New York", "event", "us-announcement-new-york-2024-09")]
    [InlineData("الصخيرات", "event", "coalition-morocco-2018-06-26")]
    public async Task The_names_of_recipient_fund_and_event_are_searched_too(string words, string member, string id)
    {
        var found = await server.AllAsync($"/v1/pledges?q={Uri.EscapeDataString(words)}");
        Assert.NotEmpty(found);
        Assert.All(found, p => Assert.Equal(id, p.RefId(member)));
    }

    [Fact]
    public async Task All_words_must_occur_wherever_they_stand()
    {
        // One word is the donor's, the other the description's.
        Assert.Equal(500_000_000, Assert.Single(await server.AllAsync("/v1/pledges?q=emirates%20investment")).Number("amount"));
        Assert.Equal(500_000_000, Assert.Single(await server.AllAsync("/v1/pledges?q=investment%20emirates")).Number("amount"));
        await server.ShowsNothingAsync("/v1/pledges?q=emirates%20memorandum");
        // One language is searched with the other.
        Assert.Single(await server.AllAsync($"/v1/pledges?q={Uri.EscapeDataString("Emirates استثمار")}"));
    }

    [Fact]
    public async Task A_word_is_found_by_its_beginning() =>
        Assert.Equal("mou", Assert.Single(await server.AllAsync("/v1/pledges?q=memorand")).Text("instrument"));

    [Theory]
    [InlineData("investment\"")]
    [InlineData("\"investment")]
    [InlineData("investment*")]
    [InlineData("^investment")]
    [InlineData("-investment")]
    [InlineData("(investment")]
    [InlineData("investment%")]
    [InlineData("{investment}")]
    [InlineData("'investment'")]
    [InlineData("investment;--")]
    [InlineData("investment\\")]
    public async Task Characters_that_mean_something_to_the_database_mean_nothing_in_a_search(string words)
    {
        var plain = (await server.AllAsync("/v1/pledges?q=investment")).ConvertAll(Asking.Id);
        Assert.NotEmpty(plain);
        Assert.Equal(plain, (await server.AllAsync($"/v1/pledges?q={Uri.EscapeDataString(words)}")).ConvertAll(Asking.Id));
    }

    [Theory]
    [InlineData("investment OR memorandum")]
    [InlineData("investment NOT memorandum")]
    [InlineData("NEAR(investment memorandum)")]
    [InlineData("text:investment")]
    [InlineData("inv_stment")]
    [InlineData("inv%ment%zz")]
    [InlineData("xq' OR 1=1 --")]
    [InlineData("*) UNION SELECT 1 --")]
    public async Task Operators_and_wildcards_are_words_like_any_other(string words) =>
        await server.ShowsNothingAsync($"/v1/pledges?q={Uri.EscapeDataString(words)}");

    [Theory]
    [InlineData("\"\"")]
    [InlineData("%%%")]
    [InlineData("ـــ")]
    public async Task A_search_of_signs_alone_finds_nothing(string words) =>
        await server.ShowsNothingAsync($"/v1/pledges?q={Uri.EscapeDataString(words)}");

    [Theory]
    [InlineData("   ")]
    [InlineData("\u200F")]
    public async Task A_search_that_shows_nothing_is_refused(string words) =>
        await server.RefusesAsync($"/v1/pledges?q={Uri.EscapeDataString(words)}", "?q", "invalid_text");

    [Fact]
    public async Task A_search_of_more_than_200_characters_is_refused() =>
        await server.RefusesAsync($"/v1/pledges?q={new string('a', 201)}", "?q", "invalid_text");
}

public sealed class ListPledgesFilterTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Filters = new()
    {
        ["donor=alpha"] = p => p.GetProperty("donors").EnumerateArray().Any(d => d.Id() == "alpha"),
        ["fund=facility"] = p => p.RefId("fund") == "facility",
        ["recipient=ngo-one"] = p => p.RefId("recipient") == "ngo-one",
        ["country=IRQ"] = p => p.Texts("countries").Contains("IRQ"),
        ["event=conference-b"] = p => p.RefId("event") == "conference-b",
        ["status=announced"] = p => p.Text("status") == "announced",
        ["status=paid"] = p => p.Text("status") == "paid",
        ["status=withdrawn"] = p => p.Text("status") == "withdrawn",
        ["status=partially_paid"] = p => p.Text("status") == "partially_paid",
        ["status=partially_committed"] = p => p.Text("status") == "partially_committed",
        ["instrument=loan"] = p => p.Text("instrument") == "loan",
        ["grantsOnly=true"] = p => p.Text("instrument") == "grant",
        ["currency=KWD"] = p => p.Text("currency") == "KWD",
        ["announcedFrom=2025-02-14"] = p => string.CompareOrdinal(p.Text("announcedOn"), "2025-02-14") >= 0,
        ["announcedTo=2025-02-14"] = p => string.CompareOrdinal(p.Text("announcedOn"), "2025-02-14") <= 0,
        ["minAmountUsd=250000"] = p => p.GetProperty("figures").Number("pledged") >= 250_000,
        ["maxAmountUsd=250000"] = p => p.GetProperty("figures").Number("pledged") <= 250_000,
        ["overdue=true"] = p => p.GetProperty("overdue").GetBoolean(),
        ["overdue=false"] = p => !p.GetProperty("overdue").GetBoolean(),
        ["donor=alpha,beta"] = p => p.GetProperty("donors").EnumerateArray().Any(d => d.Id() is "alpha" or "beta"),
        ["fund=facility,drive"] = p => p.RefId("fund") is "facility" or "drive",
        ["recipient=ngo-one,ngo-two"] = p => p.RefId("recipient") is "ngo-one" or "ngo-two",
        ["country=IRQ,SYR"] = p => p.Texts("countries").Any(c => c is "IRQ" or "SYR"),
        ["event=conference-a,conference-b"] = p => p.RefId("event") is "conference-a" or "conference-b",
        ["status=paid,withdrawn"] = p => p.Text("status") is "paid" or "withdrawn",
        ["instrument=loan,mou"] = p => p.Text("instrument") is "loan" or "mou",
        ["currency=KWD,EUR"] = p => p.Text("currency") is "KWD" or "EUR",
        ["externalSystem=fts"] = p => p.Text("externalSystem") == "fts",
        ["externalSystem=fts,fts-old"] = p => p.Text("externalSystem") is "fts" or "fts-old",
        ["externalId=77"] = p => p.Text("externalId") == "77",
        ["externalId=77,78"] = p => p.Text("externalId") is "77" or "78",
        ["q=alpha"] = p => p.GetProperty("donors").EnumerateArray().Any(d => d.Id() == "alpha"),
    };

    public static TheoryData<string> Each => [.. Filters.Keys];

    [Theory]
    [MemberData(nameof(Each))]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_every_order(string filter)
    {
        foreach (var sort in (await server.ListAsync("ListPledges")).Sorts)
        {
            await server.FilterShowsAsync($"/v1/pledges?sort={sort}", filter, Filters[filter]);
        }
    }

    [Fact]
    public async Task Any_two_filters_together_show_what_matches_both()
    {
        foreach (var sort in new[] { "-announcedOn", "amountUsd", "-outstanding" })
        {
            var all = await server.AllAsync($"/v1/pledges?sort={sort}");
            foreach (var (one, matchesOne) in Filters.Where(f => !f.Key.Contains(',')))
            {
                // Grants only and an instrument that is none contradict each other, and are refused.
                foreach (var (other, matchesOther) in Filters.Where(f => f.Key.Split('=')[0] != one.Split('=')[0] && !f.Key.Contains(',') && !(Contradicts(one, f.Key) || Contradicts(f.Key, one))))
                {
                    Assert.Equal(all.Where(p => matchesOne(p) && matchesOther(p)).Select(Asking.Id),
                        (await server.AllAsync($"/v1/pledges?sort={sort}&{one}&{other}")).Select(Asking.Id));
                }
            }
        }
    }

    private static bool Contradicts(string one, string other) => one == "grantsOnly=true" && other.StartsWith("instrument=", StringComparison.Ordinal) && other != "instrument=grant";

    [Fact]
    public async Task Every_filter_is_tested() => Assert.Equal(
        (await server.ListAsync("ListPledges")).Filters.Select(f => f.Name).Where(f => f is not ("origin" or "verification" or "recordedBy" or "changedSince")).Order(StringComparer.Ordinal),
        Filters.Keys.Select(f => f.Split('=')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Announced_and_direct_headers_are_two_lists_without_an_overlap()
    {
        var announced = await server.AllAsync("/v1/pledges?origin=announced");
        var direct = await server.AllAsync("/v1/pledges?origin=direct");
        Assert.Equal((await server.AllAsync("/v1/pledges")).Select(Asking.Id), announced.Select(Asking.Id));
        Assert.NotEmpty(direct);
        Assert.Empty(announced.Select(Asking.Id).Intersect(direct.Select(Asking.Id)));
    }

    [Fact]
    public async Task A_pledge_of_two_donors_is_listed_under_each_and_shows_both_lines()
    {
        var together = (await server.AllAsync("/v1/pledges?donor=alpha")).Where(p => p.GetProperty("donors").GetArrayLength() == 2).ToList();
        Assert.NotEmpty(together);
        var beta = (await server.AllAsync("/v1/pledges?donor=beta")).Select(Asking.Id).ToHashSet();
        Assert.All(together, p =>
        {
            Assert.Contains(p.Id(), beta);
            Assert.Equal(p.Number("amount"), p.GetProperty("donors").EnumerateArray().Sum(d => d.Number("amount")));
            Assert.Equal(p.GetProperty("figures").Number("pledged"), p.GetProperty("donors").EnumerateArray().Sum(d => d.GetProperty("figures").Number("pledged")));
        });
    }
}
