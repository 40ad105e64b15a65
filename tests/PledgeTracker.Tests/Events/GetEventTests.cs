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

    [Fact]
    public async Task A_reported_total_that_was_amended_since_is_the_one_that_was_told_at_the_moment()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        using var editor = await own.ClientAsync("editor");
        var before = await own.VersionAsync();
        const string path = "/v1/events/kuwait-conference-2018";
        Assert.Equal(System.Net.HttpStatusCode.OK, (await editor.AmendAsync(path, """{ "reportedTotal": { "amount": 9000, "currency": "KWD", "qualifier": "at_least" } }""")).Status);
        var between = await own.VersionAsync();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await editor.AmendAsync(path, """{ "reportedTotal": null }""")).Status);
        Assert.Equal("30000000000 USD approximate", await ToldAsync($"knownAt={before}"));
        Assert.Equal("9000 KWD at_least", await ToldAsync($"knownAt={between}"));
        Assert.Null(await ToldAsync($"knownAt={await own.VersionAsync()}"));
        Assert.Null(await ToldAsync("asOf=2018-03-01"));

        async Task<string?> ToldAsync(string query)
        {
            var told = Told(await own.GetAsync($"{path}?{query}"));
            Assert.Equal(told, Told((await own.AllAsync("/v1/events?" + query)).Single(item => item.Id() == "kuwait-conference-2018")));
            return told;
        }

        static string? Told(JsonElement item) => item.GetProperty("reportedTotal") is { ValueKind: JsonValueKind.Object } total ? $"{total.Number("amount"):0.##} {total.Text("currency")} {total.Text("qualifier")}" : null;
    }
}
