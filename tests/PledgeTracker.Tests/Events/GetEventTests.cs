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
    public async Task About_57_percent_of_what_was_announced_in_Kuwait_is_itemised_and_all_of_it_is_new()
    {
        const string about = """{"numerator":17211000000,"denominator":30000000000,"share":0.5737,"qualifier":"approximate"}""";
        var kuwait = await server.GetAsync("/v1/events/kuwait-conference-2018");
        Assert.Equal(about, kuwait.GetProperty("itemisedShare").GetRawText());
        Assert.Equal(about, (await server.AllAsync("/v1/events")).Single(e => e.Id() == "kuwait-conference-2018").GetProperty("itemisedShare").GetRawText());
        Assert.Equal("""{"numerator":17211000000,"denominator":17211000000,"share":1}""", kuwait.GetProperty("newMoneyShare").GetRawText());
        Assert.Equal(JsonValueKind.Null, kuwait.GetProperty("changeOnRound").ValueKind);
        var eve = await server.GetAsync("/v1/events/kuwait-conference-2018?asOf=2018-02-11");
        Assert.Equal("""{"numerator":0,"denominator":30000000000,"share":0,"qualifier":"approximate"}""", eve.GetProperty("itemisedShare").GetRawText());
        Assert.Equal("""{"numerator":0,"denominator":0,"share":null}""", eve.GetProperty("newMoneyShare").GetRawText());
        Assert.Equal("""{"numerator":600000000,"denominator":null,"share":null,"qualifier":null}""", (await server.GetAsync("/v1/events/coalition-nato-2018-07-12")).GetProperty("itemisedShare").GetRawText());
    }

    [Fact]
    public async Task What_repackages_an_earlier_pledge_is_no_new_money()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var restating = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("alpha");
            await enter.FundAsync("well");
            await enter.EventAsync("summit", "2025-02-01");
            var earlier = await enter.PledgeAsync("alpha", 100, "2025-01-10", "well");
            await enter.PledgeAsync(new { donors = new[] { new { donorId = "alpha", amount = 200 } }, currency = "USD", announcedOn = "2025-02-01", fundId = "well", eventId = "summit", instrument = "grant" });
            return await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "alpha", amount = 100 } }, currency = "USD", announcedOn = "2025-02-02", fundId = "well", eventId = "summit", instrument = "grant", restates = earlier,
            });
        });
        var summit = await own.GetAsync("/v1/events/summit");
        Assert.Equal((200, """{"numerator":200,"denominator":300,"share":0.666667}"""), (summit.GetProperty("figures").Number("pledged"), summit.GetProperty("newMoneyShare").GetRawText()));
        Assert.Equal("""{"numerator":200,"denominator":200,"share":1}""", (await own.GetAsync("/v1/events/summit?asOf=2025-02-01")).GetProperty("newMoneyShare").GetRawText());
        var before = (await own.AskAsync("/v1/events")).Header("Dataset-Version");
        var entry = (await own.AllAsync($"/v1/pledges/{restating}/ledger"))[0].Id();
        await own.EnterAsync(enter => enter.ReverseAsync(entry));
        Assert.Equal("""{"numerator":200,"denominator":200,"share":1}""", (await own.GetAsync("/v1/events/summit")).GetProperty("newMoneyShare").GetRawText());
        Assert.Equal("""{"numerator":200,"denominator":300,"share":0.666667}""", (await own.GetAsync($"/v1/events/summit?knownAt={before}")).GetProperty("newMoneyShare").GetRawText());
    }

    [Fact]
    public async Task Each_donor_is_compared_with_itself_at_the_round_before_in_its_own_currency()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        using var editor = await own.ClientAsync("editor");
        await own.EnterAsync(async enter =>
        {
            foreach (var donor in (string[])["alpha", "beta", "delta", "gamma", "mistaken", "once-gamma"])
            {
                await enter.OrganizationAsync(donor, donor, donor == "alpha" ? "ألفا" : null);
            }

            await enter.FundAsync("well");
            await enter.EventAsync("first", "2024-02-01");
            await editor.RecordAsync("/v1/events", """{ "id": "second", "name": { "en": "Second" }, "startsOn": "2025-02-01", "precededBy": "first" }""");
            await PledgeAsync("first", "alpha", 100, "EUR", "2024-02-01");
            await PledgeAsync("first", "once-gamma", 40, "USD", "2024-02-01");
            await PledgeAsync("first", "beta", 50, "USD", "2024-02-01");
            var withdrawn = await PledgeAsync("first", "delta", 9, "USD", "2024-02-01");
            await enter.WithdrawAsync(withdrawn, 9, "2024-03-01");
            var raised = await PledgeAsync("second", "alpha", 90, "EUR", "2025-02-01");
            await enter.ReviseAsync(raised, 20, "2025-03-01");
            await PledgeAsync("second", "gamma", 30, "USD", "2025-02-01");
            await PledgeAsync("second", "beta", 50, "EUR", "2025-02-01");
            await PledgeAsync("second", "delta", 9, "USD", "2025-02-01");
            var mistaken = await PledgeAsync("second", "mistaken", 5, "USD", "2025-02-01");
            await enter.ReverseAsync((await own.AllAsync($"/v1/pledges/{mistaken}/ledger"))[0].Id());

            Task<string> PledgeAsync(string round, string donor, decimal amount, string currency, string date) => enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = donor, amount, amountUsd = currency == "USD" ? null : (decimal?)(amount * 1.1m) } },
                currency, announcedOn = date, fundId = "well", eventId = round, instrument = "grant",
            });
        });
        await editor.SendAsync(HttpMethod.Post, "/v1/organizations/once-gamma/merge-into/gamma");

        Assert.Equal(["alpha 110 EUR 100 EUR 0.1", "beta 50 EUR 50 USD ", "delta 9 USD 0 USD ", "gamma 30 USD 40 USD -0.25"], Told(await own.GetAsync("/v1/events/second")));
        Assert.Equal(["alpha 90 EUR 100 EUR -0.1", "beta 50 EUR 50 USD ", "delta 9 USD 0 USD ", "gamma 30 USD 40 USD -0.25"], Told(await own.GetAsync("/v1/events/second?asOf=2025-02-28")));
        Assert.Equal(["alpha   100 EUR ", "beta   50 USD ", "delta   0 USD ", "gamma   40 USD "], Told(await own.GetAsync("/v1/events/second?asOf=2025-01-31")));
        Assert.Empty(Told(await own.GetAsync("/v1/events/second?knownAt=0")));
        Assert.Equal(JsonValueKind.Null, (await own.GetAsync("/v1/events/first")).GetProperty("changeOnRound").ValueKind);
        Assert.Equal("ألفا", (await own.GetAsync("/v1/events/second", language: "ar")).GetProperty("changeOnRound")[0].GetProperty("donor").Text("name"));
        // The list has what costs it nothing.
        Assert.False((await own.AllAsync("/v1/events"))[0].TryGetProperty("changeOnRound", out _));

        static IEnumerable<string> Told(JsonElement round) => round.GetProperty("changeOnRound").EnumerateArray().Select(c =>
            $"{c.RefId("donor")} {Amount(c.GetProperty("promised"))} {Amount(c.GetProperty("earlier"))} {c.GetProperty("change")}");

        static string Amount(JsonElement round) => round.ValueKind == JsonValueKind.Null ? " " : $"{round.Number("amount"):0.##} {round.Text("currency")}";
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
