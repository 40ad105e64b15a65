namespace PledgeTracker.Tests.Shortfalls;

public sealed class ReportShortfallTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_later_statement_supersedes_the_earlier_whichever_is_entered_first()
    {
        var fund = await server.FundAsync();
        var later = await server.Editor.RecordAsync("/v1/shortfalls", Body(fund, 575, "2026-06-01"));
        Assert.True(later.GetProperty("current").GetBoolean());
        var earlier = await server.Editor.RecordAsync("/v1/shortfalls", Body(fund, 300, "2026-01-01"));
        Assert.False(earlier.GetProperty("current").GetBoolean());
        Assert.Equal(later.Id(), earlier.Text("supersededBy"));
        Assert.True((await server.GetAsync($"/v1/shortfalls/{later.Id()}")).GetProperty("current").GetBoolean());
        var current = Assert.Single((await server.GetAsync($"/v1/funds/{fund}")).GetProperty("currentShortfalls").EnumerateArray());
        Assert.Equal(575, current.Number("amount"));
    }

    [Fact]
    public async Task Statements_about_other_times_stand_beside_each_other()
    {
        var fund = await server.FundAsync();
        await server.Editor.RecordAsync("/v1/shortfalls", Body(fund, 300, "2026-01-01", """, "periodStart": "2026-01-01", "periodEnd": "2026-12-31" """));
        await server.Editor.RecordAsync("/v1/shortfalls", Body(fund, 400, "2026-02-01", """, "periodStart": "2027-01-01", "periodEnd": "2027-12-31" """));
        Assert.Equal(2, (await server.GetAsync($"/v1/shortfalls?fund={fund}&current=true")).GetProperty("data").GetArrayLength());
        await server.Editor.RefusedAsync("/v1/shortfalls", Body(fund, 1, "2026-02-01", """, "periodStart": "2027-01-01", "periodEnd": "2026-12-31" """), 400, "invalid_request", "/periodEnd");
        var far = await server.Editor.RefusedAsync("/v1/shortfalls", Body(fund, 1, "2026-02-01", """, "periodStart": "9998-01-01", "periodEnd": "9999-12-31" """), 400, "invalid_request");
        Assert.Equal(["/periodStart", "/periodEnd"], far.Pointers);
    }

    [Fact]
    public async Task New_money_covers_a_shortfall_in_the_very_next_read()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var stated = await server.Editor.RecordAsync("/v1/shortfalls", Body(fund, 300, "2026-01-01"));
        var path = $"/v1/shortfalls/{stated.Id()}";
        var before = await server.Client.ReadAsync(path);
        Assert.Equal(300, before.Body.GetProperty("coverage").Number("remaining"));
        await server.PledgeAsync(donor, fund, 100);
        var direct = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 50));
        var after = await server.Client.ReadAsync(path);
        Assert.NotEqual(before.EntityTag, after.EntityTag);
        var coverage = after.Body.GetProperty("coverage");
        Assert.Equal((100, 50, 50, 150, 150), (coverage.Number("pledgedSince"), coverage.Number("committedSince"), coverage.Number("paidSince"), coverage.Number("covered"), coverage.Number("remaining")));
        await server.Editor.RecordAsync($"/v1/entries/{direct.Id()}/reversal", """{ "reason": { "en": "Wrong" } }""");
        Assert.Equal(200, (await server.GetAsync(path)).GetProperty("coverage").Number("remaining"));
    }

    [Fact]
    public async Task A_shortfall_in_another_currency_needs_dollars_from_the_source_or_a_rate()
    {
        var fund = await server.FundAsync();
        var body = Body(fund, 300, "2026-01-01").Replace("USD", "DKK", StringComparison.Ordinal);
        await server.Editor.RefusedAsync("/v1/shortfalls", body, 400, "invalid_request", "/amountUsd");
        Assert.Equal(45, (await server.Editor.RecordAsync("/v1/shortfalls", body.Replace("\"DKK\"", "\"DKK\", \"amountUsd\": 45", StringComparison.Ordinal))).Number("amountUsd"));
    }

    private static string Body(string fund, int amount, string statedOn, string more = "") =>
        $$"""{ "fundId": "{{fund}}", "amount": {{amount}}, "currency": "USD", "statedOn": "{{statedOn}}", "citations": [{ "sourceId": "press-note" }]{{more}} }""";
}
