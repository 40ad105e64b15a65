using System.Text.Json;

namespace PledgeTracker.Tests.Events;

public sealed class GetEventTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_Kuwait_conference_shows_the_30_billion_reported_beside_the_itemised_sum()
    {
        var kuwait = await server.GetAsync("/v1/events/kuwait-conference-2018");
        var reported = kuwait.GetProperty("reportedTotal");
        Assert.Equal(30_000_000_000, reported.Number("amount"));
        Assert.Equal("USD", reported.Text("currency"));
        Assert.Equal("approximate", reported.Text("qualifier"));
        Assert.Equal(17_211_000_000, kuwait.GetProperty("figures").Number("pledged"));
        var itemised = (await server.AllAsync("/v1/pledges?event=kuwait-conference-2018")).Sum(p => p.GetProperty("figures").Number("pledged"));
        Assert.Equal(itemised, kuwait.GetProperty("figures").Number("pledged"));
        Assert.Equal(itemised, kuwait.GetProperty("byInstrument").EnumerateArray().Sum(i => i.GetProperty("figures").Number("pledged")));
    }

    [Fact]
    public async Task The_Kuwait_conference_lasted_three_days_and_cites_two_documents()
    {
        var kuwait = await server.GetAsync("/v1/events/kuwait-conference-2018");
        Assert.Equal("2018-02-12", kuwait.Text("startsOn"));
        Assert.Equal("2018-02-14", kuwait.Text("endsOn"));
        Assert.Equal(["alarabiya-2018-02-14", "alittihad-2018-02-15"], kuwait.GetProperty("citations").EnumerateArray().Select(c => c.GetProperty("source").Id()));
    }

    [Fact]
    public async Task An_event_whose_total_nobody_announced_has_none()
    {
        var nato = await server.GetAsync("/v1/events/coalition-nato-2018-07-12");
        Assert.Equal(JsonValueKind.Null, nato.GetProperty("reportedTotal").ValueKind);
        Assert.Equal(600_000_000, nato.GetProperty("figures").Number("pledged"));
    }
}
