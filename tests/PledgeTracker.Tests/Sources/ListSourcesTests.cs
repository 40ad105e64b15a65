using System.Text.Json;

namespace PledgeTracker.Tests.Sources;

public sealed class ListSourcesTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Filters = new()
    {
        ["reliability=primary"] = s => s.Text("reliability") == "primary",
        ["reliability=secondary"] = s => s.Text("reliability") == "secondary",
        ["q=blinken"] = s => s.Id() == "blinken-2024-09-30",
        ["q=بلينكن"] = s => s.Id() == "blinken-2024-09-30",
        ["q=facility stabilization undp"] = s => s.Id() is "undp-ffs-q4-2017" or "devdiscourse-2021-09" or "um-fi-ffs",
    };

    [Fact]
    public async Task The_coalition_facts_rest_on_15_documents_latest_first()
    {
        var sources = await server.AllAsync("/v1/sources");
        Assert.Equal(15, sources.Count);
        Assert.Equal("blinken-2024-09-30", sources[0].Id());
        Assert.Equal("mcgurk-letter-2017-12", sources[^1].Id());
        Assert.Equal("approximate", sources[^1].Text("dateQualifier"));
    }

    [Theory]
    [InlineData("publishedOn")]
    [InlineData("-publishedOn")]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_either_direction(string sort)
    {
        foreach (var (filter, matches) in Filters)
        {
            await server.FilterShowsAsync($"/v1/sources?sort={sort}", filter, matches);
        }
    }

    [Theory]
    [InlineData("q=blinken mcgurk")]
    [InlineData("q=mcgurk&reliability=primary")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/sources?{query}");
}
