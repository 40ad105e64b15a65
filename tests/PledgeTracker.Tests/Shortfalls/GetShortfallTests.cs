using System.Text.Json;

namespace PledgeTracker.Tests.Shortfalls;

public sealed class GetShortfallTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Each_shortfall_of_the_list_stands_alone_with_its_texts_in_both_languages()
    {
        foreach (var item in await server.AllAsync("/v1/shortfalls"))
        {
            var alone = await server.GetAsync($"/v1/shortfalls/{item.Id()}");
            foreach (var member in item.EnumerateObject().Where(m => m.Name is not ("statedBy" or "note")))
            {
                Assert.True(JsonElement.DeepEquals(member.Value, alone.GetProperty(member.Name)), member.Name);
            }

            Assert.Equal(item.Text("statedBy"), alone.GetProperty("statedBy").Text("en"));
            Assert.True(alone.GetProperty("statedBy").Text("ar").IsArabic());
        }
    }

    [Fact]
    public async Task A_computed_shortfall_has_the_id_of_its_requirement()
    {
        var requirement = Assert.Single(await server.AllAsync("/v1/requirements")).Id();
        Assert.Equal("computed", (await server.GetAsync($"/v1/shortfalls/{requirement}")).Text("basis"));
    }

    [Fact]
    public async Task Money_in_the_window_covers_and_money_on_its_eve_or_after_its_end_does_not()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var id = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("donor");
            await enter.FundAsync("fund");
            foreach (var (amount, day) in new[] { (1, "2025-02-28"), (10, "2025-03-01"), (100, "2025-03-02"), (1_000, "2025-06-30"), (10_000, "2025-07-01") })
            {
                await enter.PledgeAsync("donor", amount, day, "fund");
            }

            await enter.ContributionAsync(new { donorId = "donor", fundId = "fund", stage = "commitment", amount = 20_000, currency = "USD", date = "2025-04-01" });
            return await enter.ShortfallAsync("fund", 100_000, "2025-03-01", "2025-01-01", "2025-06-30");
        });
        var coverage = (await own.GetAsync($"/v1/shortfalls/{id}")).GetProperty("coverage");
        Assert.Equal(1_100, coverage.Number("pledgedSince"));
        Assert.Equal(20_000, coverage.Number("committedSince"));
        Assert.Equal(21_100, coverage.Number("covered"));
        Assert.Equal(78_900, coverage.Number("remaining"));
        Assert.Equal(0.211m, coverage.Number("coveredShare"));
    }

    [Fact]
    public async Task What_remains_has_so_many_days_to_come_in()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var (first, second, now, required) = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("donor");
            foreach (var fund in (string[])["fund", "now", "plan"])
            {
                await enter.FundAsync(fund);
            }

            await enter.PledgeAsync("donor", 80, "2025-03-10", "fund");
            await enter.ContributionAsync(new { donorId = "donor", fundId = "plan", stage = "commitment", amount = 100, currency = "USD", date = "2025-02-01" });
            return (await enter.ShortfallAsync("fund", 100, "2025-03-01", "2025-03-01", "2025-03-31"), await enter.ShortfallAsync("fund", 40, "2025-03-20", "2025-03-01", "2025-03-31"),
                await enter.ShortfallAsync("now", 100, "2025-03-01"), await enter.RequirementAsync("plan", 400, "2025-01-01", "2025-01-01", "2025-12-31"));
        });
        Assert.Equal("""{"remaining":100,"daysLeft":31,"perDay":3.23}""", await UrgencyAsync(first, "2025-03-01"));
        Assert.Equal("""{"remaining":20,"daysLeft":22,"perDay":0.91}""", await UrgencyAsync(first, "2025-03-10"));
        // Superseded, it waits for nothing more.
        Assert.Equal("null", await UrgencyAsync(first, "2025-03-20"));
        Assert.Equal("""{"remaining":40,"daysLeft":1,"perDay":40}""", await UrgencyAsync(second, "2025-03-31"));
        Assert.Equal("null", await UrgencyAsync(second, "2025-04-01"));
        Assert.Equal("null", await UrgencyAsync(now, "2025-03-02"));
        Assert.Equal("""{"remaining":300,"daysLeft":300,"perDay":1}""", await UrgencyAsync(required, "2025-03-07"));
        Assert.All(await own.AllAsync("/v1/shortfalls"), shortfall => Assert.Equal(JsonValueKind.Null, shortfall.GetProperty("coverage").GetProperty("urgency").ValueKind));

        async Task<string> UrgencyAsync(string id, string asOf)
        {
            var urgency = (await own.GetAsync($"/v1/shortfalls/{id}?asOf={asOf}")).GetProperty("coverage").GetProperty("urgency").GetRawText();
            Assert.Equal(urgency, (await own.AllAsync($"/v1/shortfalls?asOf={asOf}")).Single(s => s.Id() == id).GetProperty("coverage").GetProperty("urgency").GetRawText());
            return urgency;
        }
    }

    [Fact]
    public async Task A_period_that_has_not_ended_is_urgent_today_too()
    {
        await using var own = new TestServer { Seed = "none", Clock = new FixedClock(new DateTimeOffset(2025, 3, 10, 12, 0, 0, TimeSpan.Zero)) };
        await own.InitializeAsync();
        var id = await own.EnterAsync(async enter =>
        {
            await enter.FundAsync("fund");
            return await enter.ShortfallAsync("fund", 100, "2025-03-01", "2025-03-01", "2025-03-13");
        });
        const string urgency = """{"remaining":100,"daysLeft":4,"perDay":25}""";
        Assert.Equal(urgency, (await own.GetAsync($"/v1/shortfalls/{id}")).GetProperty("coverage").GetProperty("urgency").GetRawText());
        Assert.Equal(urgency, Assert.Single(await own.AllAsync("/v1/shortfalls")).GetProperty("coverage").GetProperty("urgency").GetRawText());
        Assert.Equal(urgency, (await own.GetAsync("/v1/funds/fund")).GetProperty("currentShortfalls")[0].GetProperty("coverage").GetProperty("urgency").GetRawText());
    }

    [Fact]
    public async Task More_than_was_asked_for_leaves_nothing_remaining_and_a_share_above_one()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var id = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("donor");
            await enter.FundAsync("fund");
            await enter.PledgeAsync("donor", 300, "2025-03-02", "fund");
            return await enter.ShortfallAsync("fund", 200, "2025-03-01");
        });
        var coverage = (await own.GetAsync($"/v1/shortfalls/{id}")).GetProperty("coverage");
        Assert.Equal(0, coverage.Number("remaining"));
        Assert.Equal(1.5m, coverage.Number("coveredShare"));
        Assert.True(coverage.GetProperty("windowOpen").GetBoolean());
        Assert.Equal(JsonValueKind.Null, coverage.GetProperty("windowEnd").ValueKind);
    }
}
