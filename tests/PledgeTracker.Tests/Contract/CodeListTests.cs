namespace PledgeTracker.Tests.Contract;

/// <summary>Codes of currencies, countries and organizations, in use and withdrawn.</summary>
public sealed class CodeListTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Theory]
    [InlineData("DEM")]
    [InlineData("NLG")]
    [InlineData("FIM")]
    [InlineData("EEK")]
    [InlineData("LTL")]
    [InlineData("LVL")]
    [InlineData("HRK")]
    [InlineData("ZMK")]
    [InlineData("VEF")]
    [InlineData("ROL")]
    [InlineData("XDR")]
    public async Task Money_of_a_withdrawn_currency_is_recorded_shown_and_filtered_by(string currency)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/exchange-rates", $$"""{ "currency": "{{currency}}", "date": "2001-06-01", "usdPerUnit": 0.5, "provider": "The Bank" }""");
        var pledge = await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": 10.25 }], "currency": "{{currency}}", "announcedOn": "2001-06-02", "fundId": "{{fund}}", "instrument": "grant" }
            """);
        Assert.Equal((10.25m, currency, 5.13m), (pledge.Number("amount"), pledge.Text("currency"), pledge.GetProperty("figures").Number("pledged")));
        Assert.Equal(pledge.Id(), Assert.Single(await server.AllAsync($"/v1/pledges?currency={currency}&fund={fund}")).Id());
    }

    [Theory]
    [InlineData("ANT")]
    [InlineData("SCG")]
    [InlineData("YUG")]
    [InlineData("XKX")]
    public async Task Money_for_a_withdrawn_country_is_recorded_shown_and_filtered_by(string country)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 10, more: $$""", "countries": ["{{country}}"] """);
        Assert.Equal(pledge, Assert.Single(await server.AllAsync($"/v1/pledges?country={country}&fund={fund}")).Id());
    }

    [Fact]
    public async Task A_code_that_is_in_no_list_is_refused_with_what_is_taken()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var currency = await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 1, "XYZ"), 400, "invalid_request", "/currency");
        Assert.Contains("in use, such as USD, or withdrawn, such as DEM", currency.Text, StringComparison.Ordinal);
        var country = await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 1, more: """, "countries": ["KSV"] """), 400, "invalid_request", "/countries/0");
        Assert.Contains("or one that was withdrawn (ISO 3166-3), such as YUG; Kosovo is XKX", country.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pooled_fund_that_itself_gives_is_a_donor_of_its_own_type()
    {
        var (pool, fund) = (await server.OrganizationAsync("pooled_fund"), await server.FundAsync());
        await server.PledgeAsync(pool, fund, 100);
        Assert.Equal("pooled_fund", (await server.GetAsync($"/v1/donors/{pool}")).Text("type"));
        Assert.Contains(pool, (await server.AllAsync("/v1/donors?type=pooled_fund")).Select(Asking.Id));
        Assert.Contains(pool, (await server.AllAsync("/v1/organizations?type=pooled_fund")).Select(Asking.Id));
        // It is no group: nobody pays for it.
        await server.Editor.RefusedAsync("/v1/contributions",
            WriteServer.Direct(pool, fund, "payment", 1, more: $$""", "paidBy": "{{await server.OrganizationAsync()}}" """), 400, "invalid_request", "/paidBy");
    }
}
