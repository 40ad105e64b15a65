using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Shortfalls;

/// <summary>How documented gaps closed; that it is right for any ledger is tested in <see cref="Ledger.PostingTests"/>.</summary>
public sealed class GetShortfallCoverageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_gap_in_north_east_Syria_closed_by_a_third_on_the_day_of_the_pledge_of_Saudi_Arabia()
    {
        var id = Assert.Single(await server.AllAsync("/v1/shortfalls?fund=ne-syria-stabilization")).Id();
        var coverage = await server.GetAsync($"/v1/shortfalls/{id}/coverage");
        Assert.Equal(["2018-06-26 0 0 0 0 300000000 0", "2018-07-12 100000000 0 0 100000000 200000000 0.333333"], Days(coverage));
        Assert.Equal(("reported", 300_000_000, "2018-07-12", false), (coverage.Text("basis"), coverage.Number("statedUsd"), coverage.Text("windowEnd"), coverage.GetProperty("windowOpen").GetBoolean()));
        var early = await server.GetAsync($"/v1/shortfalls/{id}/coverage?asOf=2018-07-11", language: "ar");
        Assert.Equal(["2018-06-26 0 0 0 0 300000000 0"], Days(early));
        Assert.True(early.GetProperty("windowOpen").GetBoolean());
        Assert.True(early.GetProperty("fund").Text("name").IsArabic());
    }

    [Fact]
    public async Task The_last_day_is_what_the_shortfall_shows()
    {
        foreach (var shortfall in await server.AllAsync("/v1/shortfalls"))
        {
            var last = (await server.GetAsync($"/v1/shortfalls/{shortfall.Id()}/coverage")).GetProperty("days").EnumerateArray().Last();
            var shown = shortfall.GetProperty("coverage");
            Assert.All((string[])["pledgedSince", "committedSince", "paidSince", "covered", "remaining", "coveredShare"], m => Assert.Equal(shown.GetProperty(m).GetRawText(), last.GetProperty(m).GetRawText()));
        }
    }

    [Fact]
    public async Task What_was_taken_back_had_come_in_before_and_the_next_statement_closes_the_window()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var (first, second, requirement) = await own.EnterAsync(async entering =>
        {
            await entering.OrganizationAsync("anna");
            await entering.FundAsync("water");
            var stated = (await entering.ShortfallAsync("water", 100, "2025-01-10"), await entering.ShortfallAsync("water", 200, "2025-06-10"), await entering.RequirementAsync("water", 500, "2025-01-01", "2025-01-01", "2025-12-31"));
            // On the day of the statement it is no new money.
            await entering.PledgeAsync("anna", 5, "2025-01-10", "water");
            var pledge = await entering.PledgeAsync("anna", 60, "2025-02-01", "water");
            await entering.ContributionAsync(pledge, "payment", 20, "2025-03-01");
            await entering.WithdrawAsync(pledge, 30, "2025-07-01");
            await entering.ContributionAsync(new { donorId = "anna", fundId = "water", stage = "payment", amount = 25, currency = "USD", date = "2025-06-10", instrument = "loan" });
            await entering.ContributionAsync(new { donorId = "anna", fundId = "water", stage = "payment", amount = 7, currency = "USD", date = "2025-06-11", instrument = "grant" });
            return stated;
        });
        Assert.Equal(
            ["2025-01-10 0 0 0 0 100 0", "2025-02-01 60 0 0 60 40 0.6", "2025-03-01 60 20 20 60 40 0.6", "2025-06-10 60 45 45 85 15 0.85", "2025-07-01 30 45 45 55 45 0.55"],
            Days(await own.GetAsync($"/v1/shortfalls/{first}/coverage")));
        Assert.Equal(["2025-06-10 0 0 0 0 200 0", "2025-06-11 0 7 7 7 193 0.035"], Days(await own.GetAsync($"/v1/shortfalls/{second}/coverage")));
        Assert.Equal(["2025-01-01 0 0 0 0 500 0", "2025-01-10 5 0 0 0 500 0", "2025-02-01 65 0 0 0 500 0", "2025-03-01 65 20 20 20 480 0.04", "2025-06-10 65 45 45 45 455 0.09", "2025-06-11 65 52 52 52 448 0.104", "2025-07-01 35 52 52 52 448 0.104"],
            Days(await own.GetAsync($"/v1/shortfalls/{requirement}/coverage")));
        // Until the next was stated, its window was open.
        var before = await own.GetAsync($"/v1/shortfalls/{first}/coverage?asOf=2025-06-09");
        Assert.Equal((true, null), (before.GetProperty("windowOpen").GetBoolean(), before.Text("windowEnd")));
        var after = await own.GetAsync($"/v1/shortfalls/{first}/coverage?asOf=2025-06-11");
        Assert.Equal((false, "2025-06-10"), (after.GetProperty("windowOpen").GetBoolean(), after.Text("windowEnd")));

        var version = await own.VersionAsync();
        await own.EnterAsync(async entering => await entering.PledgeAsync("anna", 11, "2025-08-01", "water"));
        Assert.Equal(2, Days(await own.GetAsync($"/v1/shortfalls/{second}/coverage?knownAt={version}")).Count());
        Assert.Equal("2025-08-01 11 7 7 18 182 0.09", Days(await own.GetAsync($"/v1/shortfalls/{second}/coverage")).Last());
    }

    [Fact]
    public async Task Before_it_was_stated_or_recorded_there_is_none()
    {
        var id = Assert.Single(await server.AllAsync("/v1/shortfalls?fund=ne-syria-stabilization")).Id();
        var early = await server.GetAsync($"/v1/shortfalls/{id}/coverage?asOf=2018-06-25", HttpStatusCode.NotFound);
        Assert.Contains("2018-06-26", early.Text("detail"), StringComparison.Ordinal);
        Assert.True((await server.GetAsync($"/v1/shortfalls/{id}/coverage?asOf=2018-06-25", HttpStatusCode.NotFound, "ar")).Text("detail").IsArabic());
        await server.GetAsync($"/v1/shortfalls/{id}/coverage?knownAt=0", HttpStatusCode.NotFound);
        await server.GetAsync("/v1/shortfalls/none/coverage", HttpStatusCode.NotFound);
        await server.RefusesAsync($"/v1/shortfalls/{id}/coverage?asOf=2999-01-01", "?asOf", "date_out_of_range");
    }

    private static IEnumerable<string> Days(JsonElement coverage) => coverage.GetProperty("days").EnumerateArray().Select(d => $"{d.Text("date")} {string.Join(' ',
        ((string[])["pledgedSince", "committedSince", "paidSince", "covered", "remaining", "coveredShare"]).Select(m => d.GetProperty(m).GetRawText()))}");
}
