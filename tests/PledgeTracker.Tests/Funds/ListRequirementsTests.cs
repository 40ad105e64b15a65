using System.Text.Json;

namespace PledgeTracker.Tests.Funds;

public sealed class ListRequirementsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Iraq_sought_88_billion_at_Kuwait()
    {
        var requirement = Assert.Single(await server.AllAsync("/v1/requirements"));
        Assert.Equal("iraq-reconstruction", requirement.RefId("fund"));
        Assert.Equal(88_200_000_000, requirement.Number("amount"));
        Assert.Equal("original", requirement.Text("kind"));
        Assert.Equal("2018-02-14", requirement.Text("statedOn"));
        Assert.Equal(JsonValueKind.Null, requirement.GetProperty("periodStart").ValueKind);
        Assert.True(requirement.GetProperty("current").GetBoolean());
        Assert.Equal("alarabiya-2018-02-14", Assert.Single(requirement.GetProperty("citations").EnumerateArray()).GetProperty("source").Id());
    }

    [Theory]
    [InlineData("fund=undp-ffs")]
    [InlineData("fund=no-such-fund")]
    [InlineData("current=false")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/requirements?{query}");
}

public sealed class ListRequirementsFilterTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    [Theory]
    [InlineData("statedOn")]
    [InlineData("-statedOn")]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_either_direction(string sort)
    {
        await server.FilterShowsAsync($"/v1/requirements?sort={sort}", "fund=facility", r => r.RefId("fund") == "facility");
        await server.FilterShowsAsync($"/v1/requirements?sort={sort}", "fund=facility,drive", r => r.RefId("fund") is "facility" or "drive");
        await server.FilterShowsAsync($"/v1/requirements?sort={sort}", "current=true", r => r.GetProperty("current").GetBoolean());
        await server.FilterShowsAsync($"/v1/requirements?sort={sort}", "current=false", r => !r.GetProperty("current").GetBoolean());
    }

    [Fact]
    public async Task A_later_statement_about_the_same_period_supersedes_the_earlier_and_both_stay()
    {
        var stated = (await server.AllAsync("/v1/requirements?fund=facility")).Where(r => r.Text("periodStart") == "2024-01-01").ToList();
        Assert.Equal([(6_000_000m, true), (5_000_000m, false)], stated.Select(r => (r.Number("amount"), r.GetProperty("current").GetBoolean())));
        Assert.Equal(stated[0].Id(), stated[1].Text("supersededBy"));
    }
}
