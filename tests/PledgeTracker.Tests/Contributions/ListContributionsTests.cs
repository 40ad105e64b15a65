using System.Text.Json;

namespace PledgeTracker.Tests.Contributions;

public sealed class ListContributionsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_coalition_facts_hold_five_contributions_latest_first()
    {
        var contributions = await server.AllAsync("/v1/contributions");
        Assert.Equal([("deu", "commitment", 10_500_000m), ("fin", "commitment", 1_691_700m), ("grc", "payment", 59_400m), ("sau", "payment", 100_000_000m),
            ("coalition-partners", "commitment", 90_000_000m)], contributions.Select(c => (c.RefId("donor")!, c.Text("stage")!, c.Number("amountUsd"))));
        Assert.Equal([true, true, true, false, false], contributions.Select(c => c.GetProperty("direct").GetBoolean()));
    }

    [Fact]
    public async Task A_contribution_leads_to_its_pledge()
    {
        var paid = Assert.Single(await server.AllAsync("/v1/contributions?donor=sau"));
        var pledge = await server.GetAsync($"/v1/pledges/{paid.Text("pledgeId")}");
        Assert.Equal("paid", pledge.Text("status"));
        Assert.Equal(paid.Id(), Assert.Single(await server.AllAsync($"/v1/contributions?pledge={pledge.Id()}")).Id());
        Assert.Equal(paid.Id(), Assert.Single(await server.AllAsync($"/v1/contributions?pledge={pledge.Id().ToUpperInvariant()}")).Id());
    }

    [Theory]
    [InlineData("donor=usa")]
    [InlineData("donor=no-such-donor")]
    [InlineData("fund=iraq-reconstruction")]
    [InlineData("stage=refund")]
    [InlineData("pledge=00000000-0000-7000-8000-000000000000")]
    [InlineData("from=2023-01-29")]
    [InlineData("to=2018-06-25")]
    [InlineData("donor=sau&stage=commitment")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/contributions?{query}");
}

public sealed class ListContributionsFilterTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    [Fact]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_either_direction()
    {
        var headers = (await server.AllAsync("/v1/pledges")).Concat(await server.AllAsync("/v1/pledges?origin=direct")).ToDictionary(Asking.Id);
        var filters = new Dictionary<string, Func<JsonElement, bool>>
        {
            ["stage=payment"] = c => c.Text("stage") == "payment",
            ["stage=commitment"] = c => c.Text("stage") == "commitment",
            ["stage=release"] = c => c.Text("stage") == "release",
            ["donor=alpha"] = c => c.RefId("donor") == "alpha",
            ["fund=facility"] = c => c.RefId("fund") == "facility",
            ["stage=release,refund,commitment"] = c => c.Text("stage") is "release" or "refund" or "commitment",
            ["donor=alpha,beta"] = c => c.RefId("donor") is "alpha" or "beta",
            ["fund=facility,drive"] = c => c.RefId("fund") is "facility" or "drive",
            ["recipient=ngo-one"] = c => c.RefId("recipient") == "ngo-one",
            ["recipient=ngo-one,ngo-two"] = c => c.RefId("recipient") is "ngo-one" or "ngo-two",
            ["country=IRQ"] = c => headers[c.Text("pledgeId")!].Texts("countries").Contains("IRQ"),
            ["country=IRQ,SYR"] = c => headers[c.Text("pledgeId")!].Texts("countries").Any(n => n is "IRQ" or "SYR"),
            ["event=conference-a"] = c => headers[c.Text("pledgeId")!].RefId("event") == "conference-a",
            ["event=conference-a,conference-b"] = c => headers[c.Text("pledgeId")!].RefId("event") is "conference-a" or "conference-b",
            ["instrument=grant"] = c => c.Text("instrument") == "grant",
            ["instrument=loan,mou"] = c => c.Text("instrument") is "loan" or "mou",
            ["externalSystem=fts"] = c => c.Text("externalSystem") == "fts",
            ["externalId=77"] = c => c.Text("externalId") == "77",
            ["recordedBy=ngo-one"] = c => c.RefId("recordedFor") == "ngo-one",
            [$"recordedBy={server.Recorder}"] = c => c.Text("recordedBy") == server.Recorder,
            ["donor=alpha&instrument=grant"] = c => c.RefId("donor") == "alpha" && c.Text("instrument") == "grant",
            ["country=IRQ&recipient=ngo-one"] = c => c.RefId("recipient") == "ngo-one" && headers[c.Text("pledgeId")!].Texts("countries").Contains("IRQ"),
            ["q=water alpha"] = c => c.RefId("donor") == "alpha" && headers[c.Text("pledgeId")!].GetProperty("description").ValueKind == JsonValueKind.String,
            ["q=الأولى"] = c => c.RefId("recipient") == "ngo-one",
            [$"pledge={server.BusyPledge}"] = c => c.Text("pledgeId") == server.BusyPledge,
            ["verification=reported"] = c => c.Text("verification") == "reported",
            ["verification=disputed"] = c => c.Text("verification") == "disputed",
            ["from=2025-02-14"] = c => string.CompareOrdinal(c.Text("date"), "2025-02-14") >= 0,
            ["to=2025-02-14"] = c => string.CompareOrdinal(c.Text("date"), "2025-02-14") <= 0,
        };
        Assert.Equal((await server.ListAsync("ListContributions")).Filters.Select(f => f.Name).Where(f => f is not ("includeReversed" or "changedSince")).Order(StringComparer.Ordinal),
            filters.Keys.Select(f => f.Split('=')[0]).Distinct().Order(StringComparer.Ordinal));
        foreach (var reversed in new[] { "true", "false" })
        {
            foreach (var sort in new[] { "date", "-date" })
            {
                foreach (var (filter, matches) in filters)
                {
                    await server.FilterShowsAsync($"/v1/contributions?sort={sort}&includeReversed={reversed}", filter, matches);
                }
            }
        }
    }

    [Fact]
    public async Task Those_that_were_reversed_are_left_out_unless_asked_for()
    {
        var live = await server.AllAsync("/v1/contributions");
        var all = await server.AllAsync("/v1/contributions?includeReversed=true");
        Assert.All(live, c => Assert.False(c.GetProperty("reversed").GetBoolean()));
        var reversed = all.Where(c => c.GetProperty("reversed").GetBoolean()).ToList();
        Assert.Equal(4, reversed.Count);
        Assert.Equal(all.Count, live.Count + reversed.Count);
        Assert.Equal(live.Select(Asking.Id), (await server.AllAsync("/v1/contributions?includeReversed=false")).Select(Asking.Id));
    }

    [Fact]
    public async Task A_release_and_a_refund_are_positive_amounts()
    {
        var back = (await server.AllAsync("/v1/contributions?includeReversed=true")).Where(c => c.Text("stage") is "release" or "refund").ToList();
        Assert.Equal(2, back.Count);
        Assert.All(back, c => Assert.True(c.Number("amount") > 0 && c.Number("amountUsd") > 0));
    }
}
