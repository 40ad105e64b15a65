using System.Text.Json;

namespace PledgeTracker.Tests.Indicators;

public sealed class ListIndicatorsTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Filters = new()
    {
        ["measure=coalition-partners"] = i => i.Text("measure") == "coalition-partners",
        ["fund=undp-ffs"] = i => i.RefId("fund") == "undp-ffs",
        ["from=2018-06-26"] = i => string.CompareOrdinal(i.Text("date"), "2018-06-26") >= 0,
        ["to=2018-06-26"] = i => string.CompareOrdinal(i.Text("date"), "2018-06-26") <= 0,
        ["fund=undp-ffs&measure=fund-donors"] = i => i.Text("measure") == "fund-donors",
    };

    [Fact]
    public async Task The_values_of_one_measure_form_a_series()
    {
        var series = await server.AllAsync("/v1/indicators?measure=coalition-partners&sort=date");
        Assert.Equal([("2014-01-01", 12m), ("2017-12-31", 74m), ("2018-06-26", 77m), ("2024-09-30", 87m)], series.Select(i => (i.Text("date")!, i.Number("value"))));
    }

    [Fact]
    public async Task A_value_stands_with_its_unit_its_qualifier_and_its_source()
    {
        var returned = Assert.Single(await server.AllAsync("/v1/indicators?measure=displaced-iraqis-returned"));
        Assert.Equal(3_800_000, returned.Number("value"));
        Assert.Equal("people", returned.Text("unit"));
        Assert.Equal("at_least", returned.Text("qualifier"));
        Assert.Equal("IRQ", returned.Text("country"));
        Assert.NotEmpty(returned.GetProperty("citations").EnumerateArray());
    }

    [Theory]
    [InlineData("date")]
    [InlineData("-date")]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_either_direction(string sort)
    {
        foreach (var (filter, matches) in Filters)
        {
            await server.FilterShowsAsync($"/v1/indicators?sort={sort}", filter, matches);
        }
    }

    [Theory]
    [InlineData("measure=no-such-measure")]
    [InlineData("fund=no-such-fund")]
    [InlineData("from=2025-01-01")]
    [InlineData("to=2013-12-31")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/indicators?{query}");
}
