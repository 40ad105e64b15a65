using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Funds;

public sealed class WriteFundTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_fund_is_entered_under_its_umbrella_and_amended()
    {
        var (parent, administrator, id) = (await server.FundAsync(), await server.OrganizationAsync("40"), server.NewId("programme"));
        var made = await server.Editor.RecordAsync("/v1/funds", $$"""
            { "id": "{{id}}", "name": { "en": "Recovery", "ar": "تعافي" }, "kind": "programme", "parentId": "{{parent}}", "administratorId": "{{administrator}}", "countries": ["IRQ"] }
            """);
        Assert.True(JsonElement.DeepEquals(made, await server.GetAsync($"/v1/funds/{id}")));
        Assert.Equal(parent, made.GetProperty("parent").Id());
        var amended = await server.Editor.AmendAsync($"/v1/funds/{id}", """{ "parentId": null, "countries": ["SYR"], "description": { "en": "After 2018" } }""");
        Assert.Equal(HttpStatusCode.OK, amended.Status);
        Assert.Equal(JsonValueKind.Null, amended.Body.GetProperty("parent").ValueKind);
        Assert.Equal(administrator, amended.Body.GetProperty("administrator").Id());
        Assert.Equal("After 2018", (await server.GetAsync($"/v1/funds/{id}")).GetProperty("description").Text("en"));
        await server.Editor.RefusedAsync("/v1/funds", $$"""{ "id": "{{id}}", "name": { "en": "Again" }, "kind": "programme" }""", 409, "conflict");
        await server.Editor.RefusedAsync("/v1/funds", """{ "id": "x", "name": { "en": "x" }, "kind": "programme", "parentId": "nothing", "administratorId": "nobody" }""", 400, "invalid_request", "/administratorId");
    }

    [Fact]
    public async Task A_fund_never_stands_under_itself_however_far_up()
    {
        var (a, b, c) = (await server.FundAsync(), await server.FundAsync(), await server.FundAsync());
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.AmendAsync($"/v1/funds/{b}", $$"""{ "parentId": "{{a}}" }""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.AmendAsync($"/v1/funds/{c}", $$"""{ "parentId": "{{b}}" }""")).Status);
        foreach (var under in new[] { a, b, c })
        {
            var refused = await server.Editor.AmendAsync($"/v1/funds/{a}", $$"""{ "parentId": "{{under}}" }""");
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains("/parentId", refused.Pointers);
        }
    }

    [Fact]
    public async Task A_revised_requirement_supersedes_the_original_of_its_period_and_both_stay()
    {
        var fund = await server.FundAsync();
        await server.Editor.RecordAsync("/v1/requirements", Body("original", 1000, "2026-01-01", "2026-12-31", "2026-01-05"));
        await server.Editor.RecordAsync("/v1/requirements", Body("original", 500, "2027-01-01", "2027-12-31", "2026-01-05"));
        await server.Editor.RecordAsync("/v1/requirements", Body("revised", 1200, "2026-01-01", "2026-12-31", "2026-06-05"));
        Assert.Equal(3, (await server.GetAsync($"/v1/requirements?fund={fund}")).GetProperty("data").GetArrayLength());
        var computed = (await server.GetAsync($"/v1/shortfalls?fund={fund}&basis=computed&current=true")).GetProperty("data").EnumerateArray().Select(s => s.Number("amount")).Order().ToList();
        Assert.Equal([500, 1200], computed);
        await server.Editor.RefusedAsync("/v1/requirements", Body("original", 1, "2027-01-01", "2026-12-31", "2026-01-05"), 400, "invalid_request", "/periodEnd");
        await server.Editor.RefusedAsync("/v1/requirements", Body("original", 1, "2026-01-01", "2026-12-31", "2026-01-05").Replace(fund, "nothing", StringComparison.Ordinal), 400, "invalid_request", "/fundId");

        var far = await server.Editor.RefusedAsync("/v1/requirements", Body("original", 1, "9998-01-01", "9999-12-31", "2026-01-05"), 400, "invalid_request");
        Assert.Equal(["/periodStart", "/periodEnd"], far.Pointers);
        Assert.All(far.Body.GetProperty("errors").EnumerateArray(), e => Assert.Equal("date_out_of_range", e.Text("code")));

        string Body(string kind, int amount, string start, string end, string stated) => $$"""
            { "fundId": "{{fund}}", "kind": "{{kind}}", "amount": {{amount}}, "currency": "USD", "periodStart": "{{start}}", "periodEnd": "{{end}}", "statedOn": "{{stated}}" }
            """;
    }
}
