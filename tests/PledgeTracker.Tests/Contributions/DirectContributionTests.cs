namespace PledgeTracker.Tests.Contributions;

/// <summary>What nobody had pledged says of itself what a pledge does.</summary>
public sealed class DirectContributionTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/contributions";

    [Fact]
    public async Task Money_of_December_for_next_year_covers_what_is_required_next_year()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var before = await RequirementAsync(fund, 2025);
        var after = await RequirementAsync(fund, 2026);
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 400, date: "2025-12-20", more: """, "usageYears": [2026] """));
        Assert.Equal((0, 400), (await CoveredAsync(before), await CoveredAsync(after)));
    }

    [Fact]
    public async Task A_direct_contribution_shows_under_its_header_what_it_said_of_itself()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "event-of-{{fund}}", "name": { "en": "Meeting" }, "startsOn": "2026-01-10" }""");
        var made = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "commitment", 90, more: $$"""
            , "eventId": "event-of-{{fund}}", "shared": true, "countries": ["IRQ", "SYR"], "sectors": ["72010"], "usageYears": [2026, 2027],
              "earmarking": "earmarked", "description": { "en": "Shelter", "ar": "مأوى" }, "externalSystem": "direct", "externalId": "{{fund}}"
            """));
        var header = await server.GetAsync($"/v1/pledges/{made.Text("pledgeId")}");
        Assert.Equal(("direct", $"event-of-{fund}", "earmarked", "Shelter"),
            (header.Text("origin"), header.GetProperty("event").Text("id"), header.Text("earmarking"), header.GetProperty("description").Text("en")));
        Assert.True(header.GetProperty("shared").GetBoolean());
        Assert.Equal(["72010"], header.GetProperty("sectors").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal([2026, 2027], header.GetProperty("usageYears").EnumerateArray().Select(y => y.GetInt32()));
        Assert.Equal(90, (await server.FiguresAsync($"/v1/events/event-of-{fund}")).Committed);
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "commitment", 90, more: $$""", "externalSystem": "direct", "externalId": "{{fund}}" """), 409, "conflict");
    }

    [Fact]
    public async Task What_a_pledge_says_is_not_said_again_by_what_fulfils_it()
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 100);
        foreach (var member in (string[])["\"usageYears\": [2026]", "\"sectors\": [\"72010\"]", "\"earmarking\": \"earmarked\"", "\"shared\": true", "\"description\": { \"en\": \"Shelter\" }"])
        {
            await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "payment", 10, more: ", " + member), 400, "invalid_request", "/" + member.Split('"')[1]);
        }
    }

    private async Task<string> RequirementAsync(string fund, int year) => (await server.Editor.RecordAsync("/v1/requirements", $$"""
        { "fundId": "{{fund}}", "kind": "original", "amount": 1000, "currency": "USD", "periodStart": "{{year}}-01-01", "periodEnd": "{{year}}-12-31", "statedOn": "2025-01-01" }
        """)).Id();

    private async Task<decimal> CoveredAsync(string requirement) =>
        (await server.GetAsync($"/v1/shortfalls/{requirement}")).GetProperty("coverage").Number("covered");
}
