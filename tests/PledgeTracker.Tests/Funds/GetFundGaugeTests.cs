using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Funds;

public sealed class GetFundGaugeTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_later_reading_of_the_FFS_superseded_the_earlier_and_closed_its_window()
    {
        var gauge = await server.GetAsync("/v1/funds/undp-ffs/gauge");
        var readings = gauge.GetProperty("readings").EnumerateArray().ToList();
        Assert.Equal(["2017-12-31 300000000 False False 2018-06-26 300000000", "2018-06-26 575000000 True False 2018-12-31 575000000"], readings.Select(Told));
        Assert.Equal(readings[1].Id(), readings[0].Text("supersededBy"));
        Assert.Equal("mcgurk-letter-2017-12", readings[0].GetProperty("citations")[0].GetProperty("source").Id());
    }

    [Fact]
    public async Task On_the_last_of_January_2018_300_million_were_current()
    {
        var gauge = await server.GetAsync("/v1/funds/undp-ffs/gauge?asOf=2018-01-31", language: "ar");
        var reading = Assert.Single(gauge.GetProperty("readings").EnumerateArray());
        Assert.Equal("2017-12-31 300000000 True True  300000000", Told(reading));
        Assert.True(reading.Text("statedBy").IsArabic() && gauge.GetProperty("fund").Text("name").IsArabic());
        Assert.Empty((await server.GetAsync("/v1/funds/undp-ffs/gauge?asOf=2017-12-30")).GetProperty("readings").EnumerateArray());
        Assert.Empty((await server.GetAsync("/v1/funds/undp-ffs/gauge?knownAt=0")).GetProperty("readings").EnumerateArray());
    }

    [Fact]
    public async Task Each_reading_is_covered_as_its_shortfall_shows_it()
    {
        foreach (var fund in (await server.AllAsync("/v1/funds")).Select(f => f.Id()))
        {
            foreach (var reading in (await server.GetAsync($"/v1/funds/{fund}/gauge")).GetProperty("readings").EnumerateArray())
            {
                var shown = (await server.GetAsync($"/v1/shortfalls/{reading.Id()}")).GetProperty("coverage");
                Assert.All(reading.GetProperty("coverage").EnumerateObject().Where(m => m.Name != "date"), m => Assert.Equal(shown.GetProperty(m.Name).GetRawText(), m.Value.GetRawText()));
            }
        }
    }

    [Fact]
    public async Task A_fund_that_is_not_there_is_told_the_one_that_may_be_meant()
    {
        Assert.Contains("undp-ffs", (await server.GetAsync("/v1/funds/undp-ff/gauge", HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
        await server.RefusesAsync("/v1/funds/undp-ffs/gauge?asOf=2999-01-01", "?asOf", "date_out_of_range");
    }

    private static string Told(JsonElement reading) => $"{reading.Text("statedOn")} {reading.Number("amountUsd")} {reading.GetProperty("current").GetBoolean()} {reading.GetProperty("windowOpen").GetBoolean()} " +
        $"{reading.Text("windowEnd")} {reading.GetProperty("coverage").Number("remaining")}";
}
