using System.Net;

namespace PledgeTracker.Tests.Pledges;

/// <summary>A pledge that is sent again with its number is recorded once.</summary>
public sealed class SamePledgeTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/pledges";

    [Fact]
    public async Task The_same_content_answers_with_the_pledge_that_stands_and_records_nothing()
    {
        var (donor, other, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var body = $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": 100, "amountUsd": 110 }, { "donorId": "{{other}}", "amount": 50.5, "amountUsd": 55, "usdQualifier": "approximate" }], "currency": "EUR",
              "announcedOn": "2026-03-01", "fundId": "{{fund}}", "instrument": "grant", "countries": [{ "country": "SYR", "share": 40 }, { "country": "IRQ", "share": 60 }], "usageYears": [2026, 2027],
              "sectors": ["15220"], "dueOn": "2026-12-31", "instalments": [{ "dueOn": "2026-12-01", "amount": 20 }], "earmarking": "unearmarked", "description": { "en": "For water" },
              "externalSystem": "FTS", "externalId": "{{fund}}", "citations": [{ "sourceId": "press-note", "quote": "as said" }] }
            """;
        var made = (await server.Editor.RecordAsync(Path, body)).Id();
        var version = await server.VersionAsync();
        await SameAsync(body);
        // What may be amended and was recorded may be left out.
        await SameAsync(body.Replace("\"sectors\": [\"15220\"], \"dueOn\": \"2026-12-31\", ", "", StringComparison.Ordinal));
        Assert.Equal(version, await server.VersionAsync());
        foreach (var (from, to, pointer) in new[]
        {
            ("\"amount\": 100", "\"amount\": 101", "/donors/0/amount"), ("\"amountUsd\": 55", "\"amountUsd\": 56", "/donors/1/amountUsd"), ("\"approximate\"", "\"exact\"", "/donors/1/usdQualifier"),
            ("2026-03-01", "2026-03-02", "/announcedOn"), ("\"grant\"", "\"loan\"", "/instrument"), ("\"share\": 40", "\"share\": 60", "/countries"), ("[2026, 2027]", "[2026]", "/usageYears"),
            ("[\"15220\"]", "[\"15230\"]", "/sectors"), ("2026-12-31", "2026-12-30", "/dueOn"), ("\"amount\": 20", "\"amount\": 21", "/instalments"), ("For water", "For roads", "/description"),
            ("as said", "as heard", "/citations"), (other, server.NewId("organization"), "/donors/1/donorId"),
        })
        {
            var changed = body.Replace(from, to, StringComparison.Ordinal);
            changed = pointer == "/countries" ? changed.Replace("\"IRQ\", \"share\": 60", "\"IRQ\", \"share\": 40", StringComparison.Ordinal) : changed;
            var refused = await server.Editor.RefusedAsync(Path, changed, 409, "conflict", pointer);
            Assert.Equal($"{Path}/{made}", refused.Body.Text("existing"));
        }

        Assert.Equal(version, await server.VersionAsync());

        async Task SameAsync(string sent)
        {
            var again = await server.Editor.SendAsync(HttpMethod.Post, Path, sent);
            Assert.True((again.Status, again.Status == HttpStatusCode.OK ? again.Body.Id() : null) == (HttpStatusCode.OK, made), again.Text);
        }
    }

    [Fact]
    public async Task What_became_of_a_pledge_does_not_make_it_another()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = WriteServer.PledgeBody(donor, fund, 100, more: $$""", "externalId": "{{fund}}" """);
        var made = (await server.Editor.RecordAsync(Path, body)).Id();
        await server.Editor.RecordAsync($"{Path}/{made}/revisions", """{ "change": -10, "date": "2026-04-01" }""");
        await server.Editor.RecordAsync($"{Path}/{made}/withdrawals", """{ "amount": 20, "date": "2026-05-01" }""");
        await server.Editor.AmendAsync($"{Path}/{made}", """{ "dueOn": "2026-12-31", "description": { "en": "Known since" } }""");
        var again = await server.Editor.SendAsync(HttpMethod.Post, Path, body);
        Assert.Equal((HttpStatusCode.OK, made, "2026-12-31"), (again.Status, again.Body.Id(), again.Body.Text("dueOn")));
        Assert.Equal((90, 20), (await server.FiguresAsync($"/v1/funds/{fund}")) is var figures ? (figures.Pledged, figures.Withdrawn) : default);
    }

    [Fact]
    public async Task Of_a_pledge_that_was_reclassified_the_one_that_stands_in_its_place_is_compared()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = WriteServer.PledgeBody(donor, fund, 100, more: $$""", "externalId": "{{fund}}" """);
        var made = (await server.Editor.RecordAsync(Path, body)).Id();
        var now = (await server.Editor.RecordAsync($"{Path}/{made}/reclassifications", """{ "changes": { "instrument": "loan" }, "reason": { "en": "It is a loan" } }""")).Id();
        var refused = await server.Editor.RefusedAsync(Path, body, 409, "conflict", "/instrument");
        Assert.Equal($"{Path}/{now}", refused.Body.Text("existing"));
        var again = await server.Editor.SendAsync(HttpMethod.Post, Path, body.Replace("\"grant\"", "\"loan\"", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, now), (again.Status, again.Body.Id()));
        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Pledged);
    }

    [Fact]
    public async Task A_donor_under_the_name_it_had_before_it_was_merged_is_the_same_donor()
    {
        var (donor, survivor, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var body = WriteServer.PledgeBody(donor, fund, 100, more: $$""", "externalId": "{{fund}}" """);
        var made = (await server.Editor.RecordAsync(Path, body)).Id();
        await server.Editor.RecordAsync($"/v1/organizations/{donor}/merge-into/{survivor}", "");
        foreach (var name in new[] { donor, survivor })
        {
            var again = await server.Editor.SendAsync(HttpMethod.Post, Path, WriteServer.PledgeBody(name, fund, 100, more: $$""", "externalId": "{{fund}}" """));
            Assert.Equal((HttpStatusCode.OK, made), (again.Status, again.Body.Id()));
        }
    }

    [Fact]
    public async Task Nothing_that_was_reversed_stands_for_a_pledge()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = WriteServer.PledgeBody(donor, fund, 100, more: $$""", "externalId": "{{fund}}" """);
        var made = (await server.Editor.RecordAsync(Path, body)).Id();
        await server.Editor.RecordAsync($"/v1/entries/{(await server.LedgerAsync(made))[0].Id()}/reversal", """{ "reason": { "en": "A mistake" } }""");
        await server.Editor.RefusedAsync(Path, body, 409, "conflict", "/donors/0/donorId");
    }

    [Fact]
    public async Task A_pledge_that_restates_a_restating_pledge_is_refused_with_the_first()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var first = await server.PledgeAsync(donor, fund, 100);
        var second = await server.PledgeAsync(donor, fund, 100, more: $$""", "restates": "{{first}}" """);
        var refused = await server.Editor.RefusedAsync(Path, WriteServer.PledgeBody(donor, fund, 100, more: $$""", "restates": "{{second}}" """), 409, "restates");
        Assert.Equal(($"{Path}/{first}", $"{second} itself restates {first}: send {first} as restates."), (refused.Body.Text("existing"), refused.Body.Text("detail")));
        var third = await server.PledgeAsync(donor, fund, 100);
        var moved = await server.Editor.RefusedAsync($"{Path}/{third}/reclassifications", $$"""{ "changes": { "restates": "{{second}}" }, "reason": { "en": "Told again" } }""", 409, "restates");
        Assert.Equal($"{Path}/{first}", moved.Body.Text("existing"));
        // Nor does one become restating that others restate.
        var turned = await server.Editor.RefusedAsync($"{Path}/{first}/reclassifications", $$"""{ "changes": { "restates": "{{third}}" }, "reason": { "en": "Told again" } }""", 409, "restates");
        Assert.Equal($"{Path}/{second}", turned.Body.Text("existing"));
        await server.Editor.RecordAsync($"{Path}/{third}/reclassifications", $$"""{ "changes": { "restates": "{{first}}" }, "reason": { "en": "Told again" } }""");
        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Pledged);
    }

    [Fact]
    public async Task A_change_of_no_dollars_is_refused_as_that()
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 100, "EUR", 110);
        var refused = await server.Editor.RefusedAsync($"{Path}/{pledge}/revisions", """{ "change": -10, "changeUsd": 0, "date": "2026-04-01" }""", 400, "invalid_request", "/changeUsd");
        Assert.Equal("A change of 0 US dollars is none: send the dollars that the source gives, or leave this out.", Assert.Single(refused.Body.GetProperty("errors").EnumerateArray()).Text("detail"));
        await server.Editor.RefusedAsync($"{Path}/{pledge}/revisions", """{ "change": -10, "changeUsd": 11, "date": "2026-04-01" }""", 400, "invalid_request", "/changeUsd");
    }
}
