using System.Text.Json;

namespace PledgeTracker.Tests.Events;

public sealed class ListEventsTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Filters = new()
    {
        ["country=KWT"] = e => e.Text("country") == "KWT",
        ["from=2018-06-26"] = e => string.CompareOrdinal(e.Text("startsOn"), "2018-06-26") >= 0,
        ["to=2018-06-26"] = e => string.CompareOrdinal(e.Text("startsOn"), "2018-06-26") <= 0,
        ["q=kuwait"] = e => e.Text("country") == "KWT",
        ["q=الصخيرات"] = e => e.Id() == "coalition-morocco-2018-06-26",
        ["q=skhirat morocco"] = e => e.Id() == "coalition-morocco-2018-06-26",
    };

    [Fact]
    public async Task The_coalition_facts_hold_six_events_latest_first() => Assert.Equal(
        ["coalition-ministerial-washington-2024-09-30", "us-announcement-new-york-2024-09", "coalition-nato-2018-07-12", "coalition-morocco-2018-06-26",
            "coalition-ministerial-kuwait-2018-02-13", "kuwait-conference-2018"], (await server.AllAsync("/v1/events")).Select(Asking.Id));

    [Theory]
    [InlineData("startsOn")]
    [InlineData("-startsOn")]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_either_direction(string sort)
    {
        foreach (var (filter, matches) in Filters)
        {
            await server.FilterShowsAsync($"/v1/events?sort={sort}", filter, matches);
        }
    }

    [Theory]
    [InlineData("country=IRQ")]
    [InlineData("from=2025-01-01")]
    [InlineData("to=2018-02-11")]
    [InlineData("q=kuwait washington")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/events?{query}");
}
