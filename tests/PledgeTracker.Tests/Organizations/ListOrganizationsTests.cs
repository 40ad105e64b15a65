using System.Text.Json;

namespace PledgeTracker.Tests.Organizations;

public sealed class ListOrganizationsTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Filters = new()
    {
        ["type=40"] = o => o.Text("type") == "40",
        ["country=USA"] = o => o.Text("country") == "USA",
        ["q=bank"] = o => o.Text("name")!.Contains("Bank", StringComparison.Ordinal),
        ["q=البنك"] = o => o.Text("name")!.Contains("Bank", StringComparison.Ordinal),
        ["q=undp"] = o => o.Id() == "undp",
    };

    [Fact]
    public async Task The_coalition_facts_hold_19_organizations_by_id_donors_or_not()
    {
        var organizations = (await server.AllAsync("/v1/organizations")).ConvertAll(Asking.Id);
        Assert.Equal(19, organizations.Count);
        Assert.Equal(organizations.Order(StringComparer.Ordinal), organizations);
        Assert.Contains("undp", organizations);
        Assert.Contains("irq-mof", organizations);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("-id")]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_either_direction(string sort)
    {
        foreach (var (filter, matches) in Filters)
        {
            await server.FilterShowsAsync($"/v1/organizations?sort={sort}", filter, matches);
        }
    }

    [Theory]
    [InlineData("type=60")]
    [InlineData("country=AFG")]
    [InlineData("country=USA&type=40")]
    [InlineData("q=bank greece")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/organizations?{query}");
}
