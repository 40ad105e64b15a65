using System.Text.Json;

namespace PledgeTracker.Tests.Entries;

public sealed class EntryTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";
    private const string Reason = """{ "reason": { "en": "Entered by mistake", "ar": "أُدخل خطأ" } }""";

    [Fact]
    public async Task A_reversal_takes_an_entry_back_exactly_and_both_stay_to_be_read()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 100));
        string[] places = [$"/v1/pledges/{pledge}", $"/v1/donors/{donor}", $"/v1/funds/{fund}"];
        var before = await Task.WhenAll(places.Select(server.FiguresAsync));
        var status = (await server.GetAsync(places[0])).Text("status");
        var wrong = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 333.33m, "EUR", more: """, "amountUsd": 361.07"""));
        Assert.NotEqual(before[0], await server.FiguresAsync(places[0]));

        var reversal = await server.Editor.RecordAsync($"/v1/entries/{wrong.Id()}/reversal", Reason);
        Assert.Equal(before, await Task.WhenAll(places.Select(server.FiguresAsync)));
        Assert.Equal(status, (await server.GetAsync(places[0])).Text("status"));
        Assert.Equal(wrong.Id(), reversal.Text("reverses"));
        Assert.Equal(-333.33m, reversal.Number("amount"));
        Assert.Equal(-361.07m, reversal.Number("amountUsd"));
        Assert.Equal("2026-06-01", reversal.Text("valueDate"));
        var entries = await server.LedgerAsync(pledge);
        Assert.Equal(4, entries.Count);
        Assert.Equal(reversal.Id(), entries.Single(e => e.Id() == wrong.Id()).Text("reversedBy"));
        Assert.True((await server.GetAsync($"{Contributions}/{wrong.Id()}")).GetProperty("reversed").GetBoolean());
        Assert.Equal(1, (await server.GetAsync($"{Contributions}?pledge={pledge}")).GetProperty("data").GetArrayLength());
        Assert.Equal(2, (await server.GetAsync($"{Contributions}?pledge={pledge}&includeReversed=true")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task An_entry_is_reversed_once_and_a_reversal_never()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100));
        var reversal = await server.Editor.RecordAsync($"/v1/entries/{made.Id()}/reversal", Reason);
        var version = await server.VersionAsync();
        await server.Editor.RefusedAsync($"/v1/entries/{made.Id()}/reversal", Reason, 409, "conflict");
        await server.Editor.RefusedAsync($"/v1/entries/{reversal.Id()}/reversal", Reason, 409, "conflict");
        await server.Editor.RefusedAsync("/v1/entries/019b76da-a800-812c-979a-e8b431cc74cd/reversal", Reason, 404, "not_found");
        await server.Editor.RefusedAsync("/v1/entries/no-uuid/reversal", Reason, 404, "not_found");
        Assert.Equal(version, await server.VersionAsync());
    }

    [Fact]
    public async Task Of_many_concurrent_reversals_of_one_entry_exactly_one_is_made()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        for (var round = 0; round < 20; round++)
        {
            var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100 + round));
            var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Editor.SendAsync(HttpMethod.Post, $"/v1/entries/{made.Id()}/reversal", Reason)));
            Assert.Equal(1, replies.Count(r => (int)r.Status == 201));
            Assert.Equal(7, replies.Count(r => (int)r.Status == 409));
        }

        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task A_pledge_entry_with_a_withdrawal_or_a_lowering_revision_on_it_is_not_reversed_before_that_is()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        foreach (var (path, body) in new[]
            { ("withdrawals", """{ "amount": 100, "date": "2026-04-01" }"""), ("revisions", """{ "change": -100, "date": "2026-04-01" }""") })
        {
            var pledge = await server.PledgeAsync(donor, fund, 1000);
            await server.Editor.RecordAsync($"/v1/pledges/{pledge}/{path}", body);
            var entries = await server.LedgerAsync(pledge);
            await server.Editor.RefusedAsync($"/v1/entries/{entries[0].Id()}/reversal", Reason, 409, "not_enough_then");
            await server.Editor.RecordAsync($"/v1/entries/{entries[1].Id()}/reversal", Reason);
            Assert.Equal(new Dollars(1000, 0, 0, 0, 1000), await server.FiguresAsync($"/v1/pledges/{pledge}"));
            await server.Editor.RecordAsync($"/v1/entries/{entries[0].Id()}/reversal", Reason);
            Assert.Equal(default, await server.FiguresAsync($"/v1/pledges/{pledge}"));
            Assert.Equal("void", (await server.GetAsync($"/v1/pledges/{pledge}")).Text("status"));
        }
    }

    [Fact]
    public async Task A_payment_with_a_refund_on_it_is_not_reversed_before_that_is()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var payment = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100));
        var refund = await server.Editor.RecordAsync(Contributions, WriteServer.Under(payment.Text("pledgeId")!, "refund", 40));
        await server.Editor.RefusedAsync($"/v1/entries/{payment.Id()}/reversal", Reason, 409, "not_enough_then");
        await server.Editor.RecordAsync($"/v1/entries/{refund.Id()}/reversal", Reason);
        await server.Editor.RecordAsync($"/v1/entries/{payment.Id()}/reversal", Reason);
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task A_commitment_with_a_release_on_it_is_not_reversed_before_that_is()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var commitment = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "commitment", 100));
        var release = await server.Editor.RecordAsync(Contributions, WriteServer.Under(commitment.Text("pledgeId")!, "release", 40));
        await server.Editor.RefusedAsync($"/v1/entries/{commitment.Id()}/reversal", Reason, 409, "not_enough_then");
        await server.Editor.RecordAsync($"/v1/entries/{release.Id()}/reversal", Reason);
        await server.Editor.RecordAsync($"/v1/entries/{commitment.Id()}/reversal", Reason);
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task A_refund_rests_on_payments_in_its_own_currency()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var dollars = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100));
        var header = dollars.Text("pledgeId")!;
        var euros = await server.Editor.RecordAsync(Contributions, WriteServer.Under(header, "payment", 100, "EUR", more: """, "amountUsd": 100"""));
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(header, "refund", 100, "EUR", more: """, "amountUsd": 100"""));
        await server.Editor.RefusedAsync($"/v1/entries/{euros.Id()}/reversal", Reason, 409, "not_enough_then");
        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task A_recorder_reverses_and_cites_only_what_its_own_organization_recorded()
    {
        var (donor, other, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        using var own = await server.ClientAsync("recorder", donor);
        using var colleague = await server.ClientAsync("recorder", donor);
        using var stranger = await server.ClientAsync("recorder", other);
        var mine = await own.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100));
        // Money that the recorder gave, but an editor recorded.
        var editors = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 200));
        const string Citation = """{ "citations": [{ "sourceId": "press-note" }] }""";
        var version = await server.VersionAsync();
        foreach (var (client, entry) in new[] { (stranger, mine), (own, editors), (stranger, editors) })
        {
            await client.RefusedAsync($"/v1/entries/{entry.Id()}/reversal", Reason, 403, "forbidden");
            await client.RefusedAsync($"/v1/entries/{entry.Id()}/citations", Citation, 403, "forbidden");
        }

        Assert.Equal(version, await server.VersionAsync());
        await colleague.RecordAsync($"/v1/entries/{mine.Id()}/citations", Citation);
        await colleague.RecordAsync($"/v1/entries/{mine.Id()}/reversal", Reason);
    }

    [Fact]
    public async Task Citations_added_later_show_beside_the_figure_and_under_the_source()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var source = server.NewId("source");
        await server.Editor.RecordAsync("/v1/sources", $$"""
            { "id": "{{source}}", "title": { "ar": "مذكرة" }, "language": "ar", "publishedOn": "2026-05-05", "reliability": "secondary" }
            """);
        var pledge = await server.PledgeAsync(donor, fund, 1000, more: """, "citations": [{ "sourceId": "press-note" }]""");
        var payment = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 100));
        var first = (await server.LedgerAsync(pledge))[0].Id();
        var before = await server.Client.ReadAsync($"/v1/pledges/{pledge}");
        await server.Editor.RecordAsync($"/v1/entries/{first}/citations", $$"""{ "citations": [{ "sourceId": "{{source}}", "quote": "ألف" }] }""");
        await server.Editor.RecordAsync($"/v1/entries/{payment.Id()}/citations", $$"""{ "citations": [{ "sourceId": "{{source}}", "quote": "مئة" }] }""");
        var after = await server.Client.ReadAsync($"/v1/pledges/{pledge}");
        Assert.NotEqual(before.EntityTag, after.EntityTag);
        Assert.Equal(["press-note", source], after.Body.GetProperty("citations").EnumerateArray().Select(c => c.GetProperty("source").Id()));
        Assert.Equal("مئة", (await server.GetAsync($"{Contributions}/{payment.Id()}")).GetProperty("citations")[0].Text("quote"));
        Assert.Equal(2, (await server.GetAsync($"/v1/sources/{source}")).GetProperty("citedBy").GetArrayLength());
        await server.Editor.RefusedAsync($"/v1/entries/{first}/citations", """{ "citations": [{ "sourceId": "no-such-source" }] }""", 400, "invalid_request", "/citations/0/sourceId");
        await server.Editor.RefusedAsync($"/v1/entries/{first}/citations", """{ "citations": [] }""", 400, "invalid_request", "/citations");
    }

    [Fact]
    public async Task A_citation_says_who_published_its_source_in_which_language_and_how_far_it_can_be_relied_on()
    {
        var source = server.NewId("source");
        await server.Editor.RecordAsync("/v1/sources", $$"""
            { "id": "{{source}}", "title": { "ar": "مذكرة" }, "publisher": { "en": "The Ministry", "ar": "الوزارة" }, "language": "ar", "publishedOn": "2026-05-05",
              "dateQualifier": "approximate", "reliability": "secondary" }
            """);
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 100,
            more: $$""", "citations": [{ "sourceId": "{{source}}" }]"""));
        var cited = (await server.GetAsync($"{Contributions}/{made.Id()}?lang=ar")).GetProperty("citations")[0].GetProperty("source");
        Assert.Equal(("الوزارة", "ar", "approximate", "secondary"), (cited.Text("publisher"), cited.Text("language"), cited.Text("dateQualifier"), cited.Text("reliability")));
    }

    [Fact]
    public async Task To_cite_nothing_is_refused()
    {
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 100));
        var refused = await server.Editor.RefusedAsync($"/v1/entries/{made.Id()}/citations", """{ "citations": [] }""", 400, "invalid_request", "/citations");
        Assert.Equal("required", Assert.Single(refused.Body.GetProperty("errors").EnumerateArray()).Text("code"));
    }

    [Fact]
    public async Task The_history_of_a_pledge_tells_the_reversal_with_its_reason()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100));
        await server.Editor.RecordAsync($"/v1/entries/{made.Id()}/reversal", Reason);
        var history = (await server.GetAsync($"/v1/pledges/{made.Text("pledgeId")}/history")).GetProperty("data").EnumerateArray().ToList();
        var reversed = Assert.Single(history, c => c.Text("action") == "reversed");
        Assert.Equal(made.Id(), reversed.Text("entityId"));
        reversed = await server.WholeAsync(reversed);
        Assert.Equal("أُدخل خطأ", reversed.GetProperty("after").GetProperty("reason").Text("ar"));
        Assert.Equal(JsonValueKind.Null, reversed.GetProperty("before").ValueKind);
    }
}
