using System.Text.Json;

namespace PledgeTracker.Tests.Shortfalls;

public sealed class ListShortfallsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_FFS_reported_300_million_and_then_575_million_in_the_words_of_the_documents()
    {
        var shortfalls = await server.AllAsync("/v1/shortfalls?fund=undp-ffs");
        Assert.Equal([(575_000_000m, "exact", "2018-06-26"), (300_000_000m, "approximate", "2017-12-31")],
            shortfalls.Select(s => (s.Number("amount"), s.Text("qualifier")!, s.Text("statedOn")!)));
        Assert.All(shortfalls, s =>
        {
            Assert.Equal("reported", s.Text("basis"));
            Assert.Equal("USD", s.Text("currency"));
            Assert.Equal(s.Number("amount"), s.Number("amountUsd"));
            Assert.Equal("undp-ffs", s.RefId("fund"));
        });
        Assert.Equal("إذ يواجه المشروع عجزا قدره 575 مليون دولار هذا العام", Assert.Single(shortfalls[0].GetProperty("citations").EnumerateArray()).Text("quote"));
        Assert.Equal("برنامج تسهيل التمويل للاستقرار يواجه الآن عجزا يبلغ نحو 300 مليون دولار",
            Assert.Single(shortfalls[1].GetProperty("citations").EnumerateArray()).Text("quote"));
    }

    [Fact]
    public async Task The_later_statement_of_the_FFS_is_current_and_supersedes_the_earlier()
    {
        var shortfalls = await server.AllAsync("/v1/shortfalls?fund=undp-ffs");
        Assert.True(shortfalls[0].GetProperty("current").GetBoolean());
        Assert.Null(shortfalls[0].Text("supersededBy"));
        Assert.False(shortfalls[1].GetProperty("current").GetBoolean());
        Assert.Equal(shortfalls[0].Id(), shortfalls[1].Text("supersededBy"));
    }

    [Fact]
    public async Task Nothing_covers_the_575_million_of_2018_and_the_500_million_of_Iraq_is_related()
    {
        var coverage = (await server.AllAsync("/v1/shortfalls?fund=undp-ffs"))[0].GetProperty("coverage");
        foreach (var member in new[] { "pledgedSince", "committedSince", "paidSince", "covered", "coveredShare" })
        {
            Assert.Equal(0, coverage.Number(member));
        }

        Assert.Equal(575_000_000, coverage.Number("remaining"));
        Assert.Equal("2018-12-31", coverage.Text("windowEnd"));
        Assert.False(coverage.GetProperty("windowOpen").GetBoolean());
        var related = Assert.Single(coverage.GetProperty("related").EnumerateArray());
        Assert.Equal("iraq-stabilization", related.RefId("fund"));
        Assert.Equal(500_000_000, related.Number("pledgedSince"));
    }

    [Fact]
    public async Task The_300_million_of_the_FFS_counts_money_until_the_next_statement_only()
    {
        var coverage = (await server.AllAsync("/v1/shortfalls?fund=undp-ffs"))[1].GetProperty("coverage");
        Assert.Equal("2018-06-26", coverage.Text("windowEnd"));
        Assert.Equal(0, coverage.Number("covered"));
        Assert.Equal(300_000_000, coverage.Number("remaining"));
        // Iraq pledged on 12 July, after this window.
        Assert.Equal(0, Assert.Single(coverage.GetProperty("related").EnumerateArray()).Number("pledgedSince"));
    }

    [Fact]
    public async Task North_east_Syria_was_pledged_100_of_the_300_million_it_sought_by_the_summit()
    {
        var shortfall = Assert.Single(await server.AllAsync("/v1/shortfalls?fund=ne-syria-stabilization"));
        Assert.Equal(300_000_000, shortfall.Number("amount"));
        Assert.Equal("2018-06-26", shortfall.Text("statedOn"));
        Assert.Equal("2018-07-12", shortfall.Text("periodEnd"));
        var coverage = shortfall.GetProperty("coverage");
        Assert.Equal(100_000_000, coverage.Number("pledgedSince"));
        Assert.Equal(100_000_000, coverage.Number("covered"));
        Assert.Equal(200_000_000, coverage.Number("remaining"));
        Assert.Equal(0.333333m, coverage.Number("coveredShare"));
        Assert.Empty(coverage.GetProperty("related").EnumerateArray());
    }

    [Fact]
    public async Task Iraq_reconstruction_lacks_what_it_sought_less_what_was_committed()
    {
        var shortfall = Assert.Single(await server.AllAsync("/v1/shortfalls?basis=computed"));
        Assert.Equal("iraq-reconstruction", shortfall.RefId("fund"));
        Assert.Equal(88_200_000_000, shortfall.Number("amount"));
        Assert.Equal(17_211_000_000, shortfall.GetProperty("coverage").Number("pledgedSince"));
        Assert.Equal(0, shortfall.GetProperty("coverage").Number("covered"));

        await using var own = new TestServer();
        await own.InitializeAsync();
        var pledge = (await own.AllAsync("/v1/pledges?donor=tur"))[0].Id();
        await own.EnterAsync(enter => enter.ContributionAsync(pledge, "commitment", 200_000_000, "2018-09-01"));
        var after = Assert.Single(await own.AllAsync("/v1/shortfalls?basis=computed"));
        Assert.Equal(88_000_000_000, after.Number("amountUsd"));
        Assert.Equal(88_000_000_000, after.GetProperty("coverage").Number("remaining"));
        Assert.Equal(200_000_000, after.GetProperty("coverage").Number("covered"));
    }

    [Theory]
    [InlineData("fund=no-such-fund")]
    [InlineData("fund=undp-ffs&basis=computed")]
    [InlineData("statedFrom=2019-01-01")]
    [InlineData("statedTo=2017-12-30")]
    [InlineData("current=false&fund=ne-syria-stabilization")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/shortfalls?{query}");

    [Fact]
    public async Task Statements_of_periods_that_do_not_touch_are_both_current_and_one_without_a_period_supersedes_them_all()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.EnterAsync(async enter =>
        {
            await enter.FundAsync("fund");
            await enter.ShortfallAsync("fund", 1, "2024-01-01", "2024-01-01", "2024-06-30");
            await enter.ShortfallAsync("fund", 2, "2024-02-01", "2024-07-01", "2024-12-31");
        });
        Assert.Equal(2, (await own.AllAsync("/v1/shortfalls?current=true")).Count);
        var now = await own.EnterAsync(enter => enter.ShortfallAsync("fund", 3, "2024-03-01"));
        Assert.Equal(now, Assert.Single(await own.AllAsync("/v1/shortfalls?current=true")).Id());
        Assert.Equal([now, now], (await own.AllAsync("/v1/shortfalls?current=false")).Select(s => s.Text("supersededBy")));
    }
}

public sealed class ListShortfallsFilterTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Filters = new()
    {
        ["fund=facility"] = s => s.RefId("fund") == "facility",
        ["fund=facility,drive"] = s => s.RefId("fund") is "facility" or "drive",
        ["basis=reported"] = s => s.Text("basis") == "reported",
        ["basis=computed"] = s => s.Text("basis") == "computed",
        ["current=true"] = s => s.GetProperty("current").GetBoolean(),
        ["current=false"] = s => !s.GetProperty("current").GetBoolean(),
        ["statedFrom=2024-03-01"] = s => string.CompareOrdinal(s.Text("statedOn"), "2024-03-01") >= 0,
        ["statedTo=2024-03-01"] = s => string.CompareOrdinal(s.Text("statedOn"), "2024-03-01") <= 0,
    };

    [Fact]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_either_direction()
    {
        foreach (var sort in new[] { "statedOn", "-statedOn" })
        {
            foreach (var (filter, matches) in Filters)
            {
                await server.FilterShowsAsync($"/v1/shortfalls?sort={sort}", filter, matches);
            }
        }
    }

    [Fact]
    public async Task Any_two_filters_together_show_what_matches_both()
    {
        var all = await server.AllAsync("/v1/shortfalls");
        foreach (var (one, matchesOne) in Filters)
        {
            foreach (var (other, matchesOther) in Filters.Where(f => f.Key.Split('=')[0] != one.Split('=')[0]))
            {
                Assert.Equal(all.Where(p => matchesOne(p) && matchesOther(p)).Select(Asking.Id), (await server.AllAsync($"/v1/shortfalls?{one}&{other}")).Select(Asking.Id));
            }
        }
    }
}
