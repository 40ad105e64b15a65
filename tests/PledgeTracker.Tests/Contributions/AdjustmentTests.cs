using System.Net;

namespace PledgeTracker.Tests.Contributions;

/// <summary>Corrections that a source gives without saying of what.</summary>
public sealed class AdjustmentTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/adjustments";
    private const string Contributions = "/v1/contributions";

    [Fact]
    public async Task A_lone_adjustment_of_a_commitment_lowers_what_was_committed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Path, Body(donor, fund, "commitment", "-50"));
        Assert.Equal(("adjustment", "commitment", -50, -50), (made.Text("stage"), made.Text("adjusts"), made.Number("amount"), made.Number("amountUsd")));
        foreach (var path in new[] { $"/v1/funds/{fund}", $"/v1/donors/{donor}", $"/v1/pledges/{made.Text("pledgeId")}" })
        {
            Assert.Equal(new Dollars(0, 0, -50, 0, 0), await server.FiguresAsync(path));
        }

        var figures = (await server.GetAsync($"/v1/funds/{fund}")).GetProperty("figures");
        var adjustments = figures.GetProperty("adjustments");
        Assert.Equal((0, -50, 0), (adjustments.Number("pledged"), adjustments.Number("committed"), adjustments.Number("paid")));
        Assert.Equal(-50, figures.GetProperty("direct").Number("committed"));
        var header = await server.GetAsync($"/v1/pledges/{made.Text("pledgeId")}");
        Assert.Equal(("direct", "adjusted"), (header.Text("origin"), header.Text("status")));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(HttpMethod.Get, $"{Contributions}/{made.Id()}")).Status);
        Assert.Equal(made.Id(), Assert.Single((await server.GetAsync($"{Contributions}?fund={fund}&stage=adjustment")).GetProperty("data").EnumerateArray()).Id());
    }

    [Fact]
    public async Task An_adjustment_that_is_sent_again_with_its_number_counts_once()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = Body(donor, fund, "payment", "-5", more: $$""", "externalSystem": "fts", "externalId": "{{fund}}" """);
        var made = await server.Editor.RecordAsync(Path, body);
        var version = await server.VersionAsync();
        var again = await server.Editor.SendAsync(HttpMethod.Post, Path, body);
        Assert.Equal((HttpStatusCode.OK, made.Id(), version), (again.Status, again.Body.Id(), await server.VersionAsync()));
        Assert.Equal(-5, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        foreach (var (from, to, pointer) in new[] { ("\"amount\": -5", "\"amount\": 5", "/amount"), ("\"payment\"", "\"pledge\"", "/adjusts"), ("2026-06-01", "2026-06-02", "/date") })
        {
            var other = await server.Editor.RefusedAsync(Path, body.Replace(from, to, StringComparison.Ordinal), 409, "conflict", pointer);
            Assert.Equal(($"{Contributions}/{made.Id()}", 1), (other.Body.Text("existing"), other.Pointers.Count));
        }

    }

    [Fact]
    public async Task One_number_names_one_of_each_a_commitment_the_payment_that_it_became_and_an_adjustment()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var number = $$""", "externalSystem": "fts", "externalId": "{{fund}}" """;
        await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "-5", more: number));
        foreach (var (stage, taken) in new[] { ("commitment", "release"), ("payment", "refund") })
        {
            var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, stage, 5, more: number));
            var again = await server.Editor.SendAsync(HttpMethod.Post, Contributions, WriteServer.Direct(donor, fund, stage, 5, more: number));
            Assert.Equal((HttpStatusCode.OK, made.Id()), (again.Status, again.Body.Id()));
            await server.Editor.RefusedAsync(Contributions, WriteServer.Direct(donor, fund, stage, 6, more: number), 409, "conflict", "/amount");
            await server.Editor.RefusedAsync(Contributions, WriteServer.Direct(donor, fund, taken, 5, more: number), 409, "conflict", "/stage");
        }

        Assert.Equal(3, (await server.GetAsync($"/v1/contributions?externalSystem=fts&externalId={fund}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task An_adjustment_whose_dollars_have_another_sign_is_the_same_when_it_is_sent_again()
    {
        var body = Body(await server.OrganizationAsync(), await server.FundAsync(), "payment", "-100", "EUR", more: """, "amountUsd": 5, "countries": ["IRQ", "SYR"], "externalId": "odd-1" """);
        var made = await server.Editor.RecordAsync(Path, body);
        var again = await server.Editor.SendAsync(HttpMethod.Post, Path, body);
        Assert.Equal((HttpStatusCode.OK, made.Id()), (again.Status, again.Body.Id()));
        // What was reversed stands no more, and its number is free.
        await server.Editor.RecordAsync($"/v1/entries/{made.Id()}/reversal", """{ "reason": { "en": "A mistake" } }""");
        await server.Editor.RecordAsync(Path, body);
    }

    [Fact]
    public async Task Nothing_needs_no_dollars()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        Assert.Equal(0, (await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "0", "CHF"))).Number("amountUsd"));
    }

    [Fact]
    public async Task An_adjustment_stands_beside_what_was_recorded_and_an_adjusted_payment_was_committed_as_well()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "commitment", 300));
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 200));
        await server.Editor.RecordAsync(Path, Body(donor, fund, "commitment", "-50"));
        await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "-30"));
        Assert.Equal(new Dollars(0, 0, 420, 170, 0), await server.FiguresAsync($"/v1/funds/{fund}"));
        await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "70"));
        Assert.Equal(new Dollars(0, 0, 490, 240, 0), await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task An_adjustment_of_a_pledge_counts_in_no_figure_and_is_shown_apart()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Path, Body(donor, fund, "pledge", "-400"));
        Assert.Equal(new Dollars(1000, 0, 0, 0, 1000), await server.FiguresAsync($"/v1/funds/{fund}"));
        Assert.Equal(-400, (await server.GetAsync($"/v1/donors/{donor}")).GetProperty("figures").GetProperty("adjustments").Number("pledged"));
    }

    [Fact]
    public async Task An_adjustment_may_be_of_nothing_and_its_dollars_are_the_sources_whatever_their_sign()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var nothing = await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "0"));
        Assert.Equal(0, nothing.Number("amount"));
        var odd = await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "-100", "EUR", """, "amountUsd": 5"""));
        Assert.Equal((-100, 5), (odd.Number("amount"), odd.Number("amountUsd")));
        await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "0", "EUR", """, "amountUsd": -12.5"""));
        Assert.Equal(-7.5m, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task Adjustments_may_leave_less_than_nothing_and_do_not_count_in_any_check()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100));
        await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "-1000"));
        Assert.Equal(-900, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(made.Text("pledgeId")!, "refund", 100));
        Assert.Equal(-1000, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task An_adjustment_is_reversed_like_any_other_entry()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Path, Body(donor, fund, "commitment", "-50"));
        await server.Editor.RecordAsync($"/v1/entries/{made.Id()}/reversal", """{ "reason": { "en": "Entered by mistake" } }""");
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
        Assert.Equal("void", (await server.GetAsync($"/v1/pledges/{made.Text("pledgeId")}")).Text("status"));
    }

    [Fact]
    public async Task An_adjustment_is_an_editors_names_its_destination_and_stands_under_no_pledge()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        await recorder.RefusedAsync(Path, Body(donor, fund, "payment", "-1"), 403, "forbidden");
        await server.Editor.RefusedAsync(Path, Body(donor, fund, "withdrawal", "-1"), 400, "invalid_request", "/adjusts");
        await server.Editor.RefusedAsync(Path, Body(donor, "no-such-fund", "payment", "-1"), 400, "invalid_request", "/fundId");
        await server.Editor.RefusedAsync(Path, $$"""{ "adjusts": "payment", "amount": -1, "currency": "USD", "date": "2026-06-01", "donorId": "{{donor}}" }""", 400, "invalid_request", "/fundId");
        await server.Editor.RefusedAsync(Path, Body(donor, fund, "payment", "-1", more: $$""", "pledgeId": "{{await server.PledgeAsync(donor, fund, 100)}}" """), 400, "invalid_request", "/pledgeId");
    }

    [Fact]
    public async Task An_adjustment_below_nothing_lowers_what_covers_the_period_of_its_day()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var requirement = (await server.Editor.RecordAsync("/v1/requirements", $$"""
            { "fundId": "{{fund}}", "kind": "original", "amount": 1000, "currency": "USD", "periodStart": "2026-01-01", "periodEnd": "2026-12-31", "statedOn": "2026-01-01" }
            """)).Id();
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 400));
        await server.Editor.RecordAsync(Path, Body(donor, fund, "payment", "-50"));
        Assert.Equal(350, (await server.GetAsync($"/v1/shortfalls/{requirement}")).GetProperty("coverage").Number("covered"));
    }

    private static string Body(string donor, string fund, string adjusts, string amount, string currency = "USD", string more = "") => $$"""
        { "adjusts": "{{adjusts}}", "amount": {{amount}}, "currency": "{{currency}}", "date": "2026-06-01", "donorId": "{{donor}}", "fundId": "{{fund}}", "note": { "en": "As published" }{{more}} }
        """;
}
