using System.Text.Json;

namespace PledgeTracker.Tests.Funds;

public sealed class GetFundTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_FFS_shows_its_figures_and_the_one_shortfall_that_is_current()
    {
        var fund = await server.GetAsync("/v1/funds/undp-ffs");
        Assert.Equal("facility", fund.Text("kind"));
        Assert.Equal("undp", fund.RefId("administrator"));
        Assert.Equal("iraq-stabilization", fund.RefId("parent"));
        Assert.Equal(["IRQ"], fund.Texts("countries"));
        var figures = fund.GetProperty("figures");
        Assert.Equal(0, figures.Number("pledged"));
        Assert.Equal(12_251_100, figures.Number("committed"));
        Assert.Equal(59_400, figures.Number("paid"));
        var shortfall = Assert.Single(fund.GetProperty("currentShortfalls").EnumerateArray());
        Assert.Equal(575_000_000, shortfall.Number("amount"));
        Assert.Empty(fund.GetProperty("requirements").EnumerateArray());
    }

    [Fact]
    public async Task Iraq_reconstruction_shows_its_requirement_and_its_computed_shortfall()
    {
        var fund = await server.GetAsync("/v1/funds/iraq-reconstruction");
        Assert.Equal(88_200_000_000, Assert.Single(fund.GetProperty("requirements").EnumerateArray()).Number("amount"));
        Assert.Equal("computed", Assert.Single(fund.GetProperty("currentShortfalls").EnumerateArray()).Text("basis"));
    }

    [Fact]
    public async Task Its_instruments_are_kept_apart_and_none_of_them_is_a_grant()
    {
        var fund = await server.GetAsync("/v1/funds/iraq-reconstruction");
        var byInstrument = fund.GetProperty("byInstrument").EnumerateArray().ToDictionary(i => i.Text("instrument")!, i => i.GetProperty("figures").Number("pledged"));
        Assert.Equal(["credit_line", "investment", "loan", "mou", "unspecified"], byInstrument.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3_000_000_000, byInstrument["mou"]);
        Assert.Equal(fund.GetProperty("figures").Number("pledged"), byInstrument.Values.Sum());
    }

    [Fact]
    public async Task Its_pace_is_what_was_paid_of_the_promises_less_what_has_gone_by_of_the_period_of_its_one_requirement()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var known = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("alpha");
            foreach (var fund in (string[])["well", "two", "open", "none"])
            {
                await enter.FundAsync(fund);
                var pledge = await enter.PledgeAsync("alpha", 100, "2024-01-01", fund);
                await enter.ContributionAsync(pledge, "payment", 10, "2024-02-01");
            }

            await enter.PledgeAsync("alpha", 60, "2024-01-01", "well", instrument: "loan");
            await enter.RequirementAsync("well", 400, "2023-12-01", "2024-01-01", "2024-12-31");
            await enter.RequirementAsync("well", 500, "2024-06-01", "2024-01-01", "2024-12-31");
            var known = (await own.AskAsync("/v1/funds")).Header("Dataset-Version");
            await enter.RequirementAsync("two", 400, "2023-12-01", "2024-01-01", "2024-12-31");
            await enter.RequirementAsync("two", 400, "2024-12-01", "2025-01-01", "2025-12-31");
            await enter.RequirementAsync("open", 400, "2023-12-01");
            return known;
        });
        // 183 of the 366 days of a leap year; what superseded a requirement takes its place.
        Assert.Equal("""{"conversionRate":{"numerator":10,"denominator":160,"share":0.0625},"daysElapsed":183,"days":366,"elapsed":0.5,"gap":-0.4375}""", await PaceAsync("well", "asOf=2024-07-01"));
        Assert.Equal("""{"conversionRate":{"numerator":0,"denominator":160,"share":0},"daysElapsed":1,"days":366,"elapsed":0.002732,"gap":-0.002732}""", await PaceAsync("well", "asOf=2024-01-01"));
        Assert.Equal("""{"conversionRate":{"numerator":0,"denominator":0,"share":null},"daysElapsed":0,"days":366,"elapsed":0,"gap":null}""", await PaceAsync("well", "asOf=2023-12-31"));
        Assert.Equal("null", await PaceAsync("well", "asOf=2023-11-30"));
        const string now = """{"conversionRate":{"numerator":10,"denominator":160,"share":0.0625},"daysElapsed":366,"days":366,"elapsed":1,"gap":-0.9375}""";
        Assert.Equal(now, await PaceAsync("well"));
        // Two that speak of different times are two, and "now" has no length.
        Assert.Equal(["null", "null", "null"], [await PaceAsync("two"), await PaceAsync("open"), await PaceAsync("none")]);
        Assert.StartsWith("{", await PaceAsync("two", "asOf=2024-11-30"), StringComparison.Ordinal);
        Assert.Equal("null", await PaceAsync("two", $"asOf=2024-11-30&knownAt={known}"));
        Assert.Equal(["""{"numerator":10,"denominator":100,"share":0.1}"""], (await own.AllAsync("/v1/funds?grantsOnly=true")).Select(f => f.GetProperty("paceGap")).Where(p => p.ValueKind != JsonValueKind.Null)
            .Select(p => p.GetProperty("conversionRate").GetRawText()));

        async Task<string> PaceAsync(string fund, string? then = null)
        {
            var pace = (await own.GetAsync($"/v1/funds/{fund}?{then}")).GetProperty("paceGap").GetRawText();
            foreach (var sort in (string[])["id", "-pledged"])
            {
                Assert.All((await own.AllAsync($"/v1/funds?sort={sort}&{then}")).Where(f => f.Id() == fund), f => Assert.Equal(pace, f.GetProperty("paceGap").GetRawText()));
            }

            return pace;
        }
    }

    [Fact]
    public async Task What_Iraq_needs_for_reconstruction_has_no_period_and_so_no_pace() =>
        Assert.Equal(JsonValueKind.Null, (await server.GetAsync("/v1/funds/iraq-reconstruction")).GetProperty("paceGap").ValueKind);

    [Fact]
    public async Task A_fund_without_money_reads_zero()
    {
        var fund = await server.GetAsync("/v1/funds/syria-recovery-trust-fund");
        Assert.Equal(0, fund.GetProperty("figures").Number("pledged"));
        Assert.Equal(JsonValueKind.Null, fund.GetProperty("figures").GetProperty("paidShare").ValueKind);
        Assert.Empty(fund.GetProperty("byInstrument").EnumerateArray());
    }
}
