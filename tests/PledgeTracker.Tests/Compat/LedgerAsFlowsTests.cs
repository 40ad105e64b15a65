using System.Text.Json;
using PledgeTracker.Tests.Imports;

namespace PledgeTracker.Tests.Compat;

/// <summary>What is recorded here, in the words of the Financial Tracking Service: nothing counts twice, and what is added up comes to our own figures.</summary>
public sealed class LedgerAsFlowsTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_line_is_a_payment_each_what_is_committed_and_not_paid_and_what_is_promised_only()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 100, more: """, "countries": ["IRQ"], "usageYears": [2026]""");
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "commitment", 60));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 25, more: """, "reference": "A-1" """));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 10, date: "2026-06-09"));

        var flows = await FlowsAsync(fund);
        Assert.Equal([("commitment", 25m), ("paid", 10m), ("paid", 25m), ("pledge", 40m)], flows.Select(Shown).Order());
        Assert.All(flows, flow => Assert.Equal(("incoming", "single", donor), (flow.Text("boundary"), flow.Text("onBoundary"), Object(flow, "sourceObjects", "Organization").Text("name"))));
        Assert.All(flows, flow => Assert.Equal(("106", "47"), (Object(flow, "destinationObjects", "Location").Text("id"), Object(flow, "destinationObjects", "UsageYear").Text("id"))));
        Assert.Equal("A-1", flows.Single(flow => flow.Number("amountUSD") == 25 && flow.Text("status") == "paid").Text("refCode"));
        Assert.Equal(flows.Count, flows.Select(flow => flow.Text("id")).Distinct().Count());
        await AssertAddsUpAsync(fund);
    }

    [Fact]
    public async Task Whatever_becomes_of_a_line_funding_is_what_is_committed_and_pledges_are_what_is_promised_only()
    {
        var (one, other, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(one, fund, 1000, "EUR", 1100);
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 500, "EUR", more: """, "amountUsd": 560"""));
        await AssertAddsUpAsync(fund);
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "refund", 100, "EUR", "2026-06-20", """, "amountUsd": 112"""));
        await AssertAddsUpAsync(fund);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 200, "date": "2026-07-01" }""");
        await AssertAddsUpAsync(fund);
        var wrong = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(other, fund, "commitment", 333));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(other, fund, "payment", 70.55m, date: "2026-06-03"));
        await AssertAddsUpAsync(fund);
        await server.Editor.RecordAsync($"/v1/entries/{wrong.Id()}/reversal", """{ "reason": { "en": "Entered twice" } }""");
        await AssertAddsUpAsync(fund);
        foreach (var (of, amount) in new[] { ("payment", -20.5m), ("commitment", -30m), ("pledge", -40m), ("pledge", 12m) })
        {
            await server.Editor.RecordAsync("/v1/adjustments", new { adjusts = of, amount, currency = "USD", date = "2026-07-02", donorId = other, fundId = fund });
            await AssertAddsUpAsync(fund);
        }

        var old = await server.PledgeAsync(other, fund, 77);
        await server.Editor.RecordAsync("/v1/pledges", WriteServer.PledgeBody(other, fund, 77, announcedOn: "2026-05-01", more: $$""", "restates": "{{old}}" """));
        Assert.Equal(77m, (await AssertAddsUpAsync(fund)).Where(flow => flow.Text("status") == "pledge" && flow.Number("amountUSD") == 77).Sum(flow => flow.Number("amountUSD")));
    }

    [Fact]
    public async Task Money_for_several_countries_or_years_is_shared_only_where_these_are_told_apart()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 50, more: """, "countries": ["IRQ", "SYR"], "usageYears": [2026]"""));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 7, date: "2026-06-05", more: """, "countries": ["SYR"], "usageYears": [2026, 2027]"""));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 1, date: "2026-06-06", more: """, "countries": ["SYR"]"""));

        var plan = $"planid={await NumberAsync(fund)}";
        Assert.Equal([(1m, "single"), (7m, "single"), (50m, "single")], await OnBoundaryAsync(plan));
        Assert.Equal([(1m, "single"), (7m, "single"), (50m, "shared")], await OnBoundaryAsync(plan + "&locationid=218"));
        Assert.Equal([(1m, "single"), (7m, "shared"), (50m, "single")], await OnBoundaryAsync(plan + "&year=2026"));
        Assert.Equal((58m, 8m, 51m, 1m, 0m), (await FundingAsync(plan), await FundingAsync(plan + "&locationid=218"), await FundingAsync(plan + "&year=2026"),
            await FundingAsync(plan + "&year=2026&countryISO3=SYR"), await FundingAsync(plan + "&year=2027")));
        foreach (var (by, alone, among) in new[] { ("location", new Dictionary<string, decimal> { ["218"] = 8 }, 50m), ("year", new() { ["47"] = 51 }, 7m) })
        {
            var report = await server.ReportAsync($"{plan}&groupby={by}");
            Assert.Equal(alone, report.Parts());
            var of = Assert.Single(report.GetProperty("fundingTotals").GetProperty("objects").EnumerateArray());
            Assert.Equal((58m, among), (report.GetProperty("fundingTotals").Number("total"), of.GetProperty("totalBreakdown").Number("sharedFunding")));
        }

        async Task<IEnumerable<(decimal, string)>> OnBoundaryAsync(string query) => (await server.PagesAsync(query)).Select(flow => (flow.Number("amountUSD"), flow.Text("onBoundary")!)).Order();
    }

    [Fact]
    public async Task Of_a_joint_pledge_a_donor_has_its_own_line_and_a_recipient_all()
    {
        var (one, other, recipient, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/pledges", new
        {
            donors = new[] { new { donorId = one, amount = 100 }, new { donorId = other, amount = 1000 } },
            currency = "USD",
            announcedOn = "2026-03-01",
            fundId = fund,
            instrument = "grant",
            recipientId = recipient,
        });
        Assert.Equal([(100m, "outgoing")], await LyingAsync($"organizationAbbrev={one}"));
        Assert.Equal([(100m, "outgoing"), (1000m, "outgoing")], await LyingAsync($"organizationAbbrev={one},{other}"));
        Assert.Equal([(100m, "incoming"), (1000m, "incoming")], await LyingAsync($"organizationAbbrev={recipient}"));
        Assert.Equal([(100m, "internal"), (1000m, "incoming")], await LyingAsync($"organizationAbbrev={recipient}&organizationAbbrev={one}"));

        // Whoever becomes another gives and receives as that one, asked for by either id.
        await server.Admin.RecordAsync($"/v1/organizations/{one}/merge-into/{other}", "");
        Assert.Equal(1100m, (await LyingAsync($"organizationAbbrev={one}")).Sum(flow => flow.Usd));
        Assert.Equal(1100m, (await LyingAsync($"organizationAbbrev={other}")).Sum(flow => flow.Usd));

        async Task<IEnumerable<(decimal Usd, string Boundary)>> LyingAsync(string query) => (await server.PagesAsync(query)).Select(flow => (flow.Number("amountUSD"), flow.Text("boundary")!)).Order();
    }

    [Fact]
    public async Task A_fund_that_is_called_like_a_plan_has_a_number_of_its_own()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 5));
        var number = await NumberAsync(fund);
        foreach (var (id, usd) in new[] { ($"fts-plan-{number}", 77m), ("fts-plan-0929", 78m) })
        {
            await server.Editor.RecordAsync("/v1/funds", new { id, name = new { en = id }, kind = "appeal" });
            await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, id, "payment", usd));
            Assert.NotEqual(number, await NumberAsync(id));
            Assert.Equal(usd, await FundingAsync($"planid={await NumberAsync(id)}"));
        }

        Assert.Equal((5m, 0m), (await FundingAsync($"planid={number}"), await FundingAsync("planid=929")));
    }

    [Fact]
    public async Task The_year_is_the_one_that_the_money_is_for_or_else_that_of_its_date()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 3, date: "2025-12-31"));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 5, date: "2025-06-01", more: """, "usageYears": [2026]"""));

        var number = await NumberAsync(fund);
        Assert.Equal((3m, 5m, 0m), (await FundingAsync($"planid={number}&year=2025"), await FundingAsync($"planid={number}&Year=2026"), await FundingAsync($"planid={number}&year=2024")));
        Assert.Equal(8m, await FundingAsync($"planid={number}&year=2025,2026"));
        Assert.Equal(new() { ["46"] = 3m, ["47"] = 5m }, (await server.ReportAsync($"planid={number}&groupby=year")).Parts());
    }

    [Fact]
    public async Task What_is_left_of_a_commitment_is_of_the_day_on_which_it_was_committed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var given = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "commitment", 100, date: "2024-03-01"));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(given.Text("pledgeId")!, "release", 10, date: "2026-03-01"));
        var number = await NumberAsync(fund);
        Assert.Equal((90m, 0m), (await FundingAsync($"planid={number}&year=2024"), await FundingAsync($"planid={number}&year=2026")));
    }

    [Fact]
    public async Task A_promise_that_the_source_forgot_is_kept_here_and_not_told_there()
    {
        ToldFlow[] flows = [new("880001", "pledge", 500) { Plan = "8801" }, new("880002", "pledge", 300) { Plan = "8801" }, new("880003", "paid", 20) { Plan = "8801", FromPlan = "8802", Boundary = "internal" }];
        await server.Editor.SnapshotAsync("fts:COMPAT:1", flows);
        Assert.Equal([("paid", 20m), ("pledge", 300m), ("pledge", 500m)], (await server.PagesAsync("planid=8801")).Select(Shown).Order());
        // What was carried over comes into the one and goes out of the other.
        Assert.Equal(20m, await FundingAsync("planid=8801"));
        Assert.Equal("outgoing", Assert.Single(await server.PagesAsync("planid=8802")).Text("boundary"));
        Assert.Equal((20m, 0m), ((await server.ReportAsync("planid=8801&groupby=plan")).GetProperty("fundingTotals").Number("total"), (await server.ReportAsync("planid=8802&groupby=plan")).GetProperty("fundingTotals").Number("total")));

        // Of 500 a part was paid, and nothing more is told of it; 300 is not told at all.
        await server.Editor.SnapshotAsync("fts:COMPAT:1", new ToldFlow("880001", "paid", 200) { Plan = "8801" });
        var left = Assert.Single(await server.PagesAsync("planid=8801"));
        Assert.Equal(("880001", "paid", 200m), (left.Text("id"), left.Text("status"), left.Number("amountUSD")));
        var stages = (await server.GetAsync("/v1/funds/fts-plan-8801")).GetProperty("figures").GetProperty("stages");
        Assert.Equal(300m, stages.Number("promisedOnly"));

        // What people here add to it shows beside it.
        var pledge = Assert.Single(await server.AllAsync("/v1/pledges?fund=fts-plan-8801&externalId=880001")).Id();
        var donor = (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("donors")[0].GetProperty("id").GetString();
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor!, "fts-plan-8801", "payment", 11));
        Assert.Equal([("paid", 11m), ("paid", 200m)], (await server.PagesAsync("planid=8801")).Select(Shown).Order());
    }

    private static (string Status, decimal Usd) Shown(JsonElement flow) => (flow.Text("status")!, flow.Number("amountUSD"));

    private static JsonElement Object(JsonElement flow, string side, string type) => flow.GetProperty(side).EnumerateArray().Single(of => of.Text("type") == type);

    // Nothing tells the number of a fund but what is grouped by funds.
    private async Task<string> NumberAsync(string fund) => (await server.ReportAsync("groupby=plan")).GetProperty("fundingTotals").GetProperty("objects")[0].GetProperty("objectsBreakdown").EnumerateArray()
        .Single(part => part.Text("name") == fund).Text("id")!;

    private async Task<List<JsonElement>> FlowsAsync(string fund) => await server.PagesAsync($"planid={await NumberAsync(fund)}&limit=3");

    private async Task<decimal> FundingAsync(string query) => (await server.FtsAsync($"1/fts/flow/custom-search?{query}")).GetProperty("incoming").Number("fundingTotal");

    private async Task<List<JsonElement>> AssertAddsUpAsync(string fund)
    {
        var flows = await FlowsAsync(fund);
        var figures = (await server.GetAsync($"/v1/funds/{fund}")).GetProperty("figures");
        Assert.Equal((figures.Number("committed"), figures.GetProperty("stages").Number("promisedOnly") + figures.GetProperty("adjustments").Number("pledged"), figures.Number("paid")),
            (Sum(flow => flow.Text("status") != "pledge"), Sum(flow => flow.Text("status") == "pledge"), Sum(flow => flow.Text("status") == "paid")));
        var incoming = (await server.FtsAsync($"1/fts/flow/custom-search?planid={await NumberAsync(fund)}&limit=1")).GetProperty("incoming");
        Assert.Equal((figures.Number("committed"), flows.Count), (incoming.Number("fundingTotal"), incoming.GetProperty("flowCount").GetInt32()));
        return flows;

        decimal Sum(Func<JsonElement, bool> some) => flows.Where(some).Sum(flow => flow.Number("amountUSD"));
    }
}
