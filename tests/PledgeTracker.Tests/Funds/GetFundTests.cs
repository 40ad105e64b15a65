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
    public async Task A_fund_without_money_reads_zero()
    {
        var fund = await server.GetAsync("/v1/funds/syria-recovery-trust-fund");
        Assert.Equal(0, fund.GetProperty("figures").Number("pledged"));
        Assert.Equal(JsonValueKind.Null, fund.GetProperty("figures").GetProperty("paidShare").ValueKind);
        Assert.Empty(fund.GetProperty("byInstrument").EnumerateArray());
    }
}
