using System.Text.Json;

namespace PledgeTracker.Tests.Entries;

public sealed class ReplaceEntryTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";

    private static string Replacement(string changes) => $$"""{ "changes": {{changes}}, "reason": { "en": "Mistyped", "ar": "خطأ في الكتابة" } }""";

    [Fact]
    public async Task A_replacement_reverses_and_enters_anew_and_both_say_so()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var wrong = await server.Editor.RecordAsync(Contributions,
            WriteServer.Under(pledge, "payment", 333.33m, "EUR", more: """, "amountUsd": 361.07, "reference": "TR-1", "citations": [{ "sourceId": "press-note", "quote": "as said" }]"""));
        var version = await server.VersionAsync();
        var right = await server.Editor.RecordAsync($"/v1/entries/{wrong.Id()}/replacement", Replacement("""{ "amount": 300, "amountUsd": 325 }"""));
        Assert.Equal(version + 2, await server.VersionAsync());
        Assert.Equal((300m, "EUR", 325m, "TR-1", pledge), (right.Number("amount"), right.Text("currency"), right.Number("amountUsd"), right.Text("reference"), right.Text("pledgeId")));
        Assert.Equal("as said", right.GetProperty("citations")[0].Text("quote"));
        Assert.Equal(wrong.Id(), right.Text("replaces"));
        var reversed = await server.GetAsync($"{Contributions}/{wrong.Id()}");
        Assert.Equal((right.Id(), "خطأ في الكتابة"), (reversed.Text("replacedBy"), reversed.GetProperty("reversalReason").Text("ar")));
        var entry = (await server.LedgerAsync(pledge)).Single(e => e.Id() == wrong.Id());
        Assert.Equal((reversed.Text("reversedBy"), "Mistyped", right.Id()), (entry.Text("reversedBy"), entry.Text("reversalReason"), entry.Text("replacedBy")));
        Assert.Equal(325, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Paid);
    }

    [Fact]
    public async Task Of_a_direct_contribution_donor_and_destination_are_corrected_too()
    {
        var (donor, other, fund, second) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync(), await server.FundAsync());
        var wrong = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100, more: """, "countries": ["IRQ"], "instrument": "loan" """));
        var right = await server.Editor.RecordAsync($"/v1/entries/{wrong.Id()}/replacement", Replacement($$"""{ "donorId": "{{other}}", "fundId": "{{second}}", "date": "2026-06-02" }"""));
        Assert.Equal((other, second, "2026-06-02", "loan"), (right.GetProperty("donor").Id(), right.GetProperty("fund").Id(), right.Text("date"), right.Text("instrument")));
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{second}")).Paid);
        var header = await server.GetAsync($"/v1/pledges/{right.Text("pledgeId")}");
        Assert.Equal("IRQ", header.GetProperty("countries")[0].GetString());
        Assert.Equal("2026-06-02", header.Text("announcedOn"));
    }

    [Fact]
    public async Task An_editors_replacement_stays_the_record_of_the_organization_whose_it_was()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        using var stranger = await server.ClientAsync("recorder", await server.OrganizationAsync());
        var first = await recorder.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100, more: """, "externalId": "A-1" """));
        await stranger.RefusedAsync($"/v1/entries/{first.Id()}/replacement", Replacement("""{ "amount": 90 }"""), 403, "forbidden");
        var second = await server.Editor.RecordAsync($"/v1/entries/{first.Id()}/replacement", Replacement("""{ "amount": 90 }"""));
        Assert.Equal((donor, "A-1"), (second.GetProperty("recordedFor").Id(), second.Text("externalId")));
        var third = await recorder.RecordAsync($"/v1/entries/{second.Id()}/replacement", Replacement("""{ "amount": 80, "externalId": null }"""));
        Assert.Equal((donor, null), (third.GetProperty("recordedFor").Id(), third.Text("externalId")));
        Assert.Equal(80, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task Another_amount_does_not_keep_the_dollars_of_the_one_that_was_wrong()
    {
        var made = await server.Editor.RecordAsync(Contributions,
            WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 1000, "ERN", more: """, "amountUsd": 1100 """));
        var path = $"/v1/entries/{made.Id()}/replacement";
        await server.Editor.RefusedAsync(path, Replacement("""{ "amount": 100 }"""), 400, "invalid_request", "/changes/amountUsd");
        Assert.Equal(110, (await server.Editor.RecordAsync(path, Replacement("""{ "amount": 100, "amountUsd": 110 }"""))).Number("amountUsd"));
    }

    [Fact]
    public async Task An_adjustment_is_replaced_like_a_contribution()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var wrong = await server.Editor.RecordAsync("/v1/adjustments", $$"""
            { "adjusts": "payment", "amount": -100, "currency": "EUR", "amountUsd": -110, "date": "2026-06-01", "donorId": "{{donor}}", "fundId": "{{fund}}", "countries": ["IRQ"], "instrument": "loan",
              "externalSystem": "fts", "externalId": "{{fund}}", "note": { "en": "As published" }, "citations": [{ "sourceId": "press-note", "quote": "as said" }] }
            """);
        var path = $"/v1/entries/{wrong.Id()}/replacement";
        await server.Editor.RefusedAsync(path, Replacement("""{ "stage": "payment" }"""), 400, "invalid_request", "/changes/stage");
        await server.Editor.RefusedAsync(path, Replacement("""{ "amount": -1.005, "fundId": "no-such-fund", "adjusts": "gift" }"""), 400, "invalid_request", "/changes/adjusts");
        using var recorder = await server.ClientAsync("recorder", donor);
        await recorder.RefusedAsync(path, Replacement("""{ "amountUsd": -90 }"""), 403, "forbidden");
        var right = await server.Editor.RecordAsync(path, Replacement("""{ "amountUsd": -90, "adjusts": "commitment" }"""));
        Assert.Equal((-100m, -90m, "commitment", "loan", wrong.Id()), (right.Number("amount"), right.Number("amountUsd"), right.Text("adjusts"), right.Text("instrument"), right.Text("replaces")));
        Assert.Equal((fund, "fts", "IRQ", "as said"), (right.Text("externalId"), right.Text("externalSystem"), right.GetProperty("countries")[0].GetString(), right.GetProperty("citations")[0].Text("quote")));
        Assert.Equal(right.Id(), (await server.GetAsync($"{Contributions}/{wrong.Id()}")).Text("replacedBy"));
        Assert.Equal((-90, 0), (await server.FiguresAsync($"/v1/funds/{fund}")) is var figures ? (figures.Committed, figures.Paid) : default);
        Assert.Equal(0, (await server.Editor.RecordAsync($"/v1/entries/{right.Id()}/replacement", Replacement("""{ "amount": 0, "fundId": null }"""))).Number("amountUsd"));
    }

    [Fact]
    public async Task What_is_refused_leaves_the_entry_as_it_was_and_names_the_member()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 100));
        var path = $"/v1/entries/{made.Id()}/replacement";
        var version = await server.VersionAsync();
        await server.Editor.RefusedAsync(path, Replacement("""{ "amount": -1 }"""), 400, "invalid_request", "/changes/amount");
        await server.Editor.RefusedAsync(path, Replacement("""{ "amount": 1.005 }"""), 400, "invalid_request", "/changes/amount");
        await server.Editor.RefusedAsync(path, Replacement("""{ "fundId": "no-fund" }"""), 400, "invalid_request", "/changes/fundId");
        await server.Editor.RefusedAsync(path, Replacement("""{ "pledgeId": "019b76da-a800-89f3-bf96-67ceab5649ce" }"""), 400, "invalid_request", "/changes/pledgeId");
        await server.Editor.RefusedAsync(path, Replacement("{}"), 400, "invalid_request", "/changes");
        await server.Editor.RefusedAsync(path, """{ "changes": { "amount": 1 } }""", 400, "invalid_request", "/reason");
        var promise = (await server.LedgerAsync(pledge))[0].Id();
        await server.Editor.RefusedAsync($"/v1/entries/{promise}/replacement", Replacement("""{ "amount": 1 }"""), 409, "conflict");
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "refund", 40));
        await server.Editor.RefusedAsync(path, Replacement("""{ "amount": 90 }"""), 409, "not_enough_then");
        Assert.Equal(version + 1, await server.VersionAsync());
        Assert.Equal(60, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Paid);
        await server.Editor.RefusedAsync("/v1/entries/019b76da-a800-812c-979a-e8b431cc74cd/replacement", Replacement("""{ "amount": 1 }"""), 404, "not_found");
    }

    [Fact]
    public async Task The_history_of_a_contribution_tells_all_that_was_done_with_it()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100));
        await server.Editor.RecordAsync($"/v1/entries/{made.Id()}/citations", """{ "citations": [{ "sourceId": "press-note" }] }""");
        await server.Editor.RecordAsync($"{Contributions}/{made.Id()}/verifications", """{ "state": "verified" }""");
        await server.Editor.RecordAsync($"{Contributions}/{made.Id()}/confirmations", $$"""{ "organizationId": "{{donor}}" }""");
        var right = await server.Editor.RecordAsync($"/v1/entries/{made.Id()}/replacement", Replacement("""{ "amount": 90 }"""));
        Assert.Equal(["created", "cited", "verified", "confirmed", "reversed"], await ActionsAsync(made.Id()));
        Assert.Equal(["created"], await ActionsAsync(right.Id()));
        await server.GetAsync($"{Contributions}/019b76da-a800-812c-979a-e8b431cc74cd/history", System.Net.HttpStatusCode.NotFound);
        await server.GetAsync($"{Contributions}/{(await server.LedgerAsync(await server.PledgeAsync(donor, fund, 10)))[0].Id()}/history", System.Net.HttpStatusCode.NotFound);

        async Task<IEnumerable<string?>> ActionsAsync(string id) =>
            (await server.GetAsync($"{Contributions}/{id}/history")).GetProperty("data").EnumerateArray().Select(c => c.Text("action")).ToList();
    }

    [Fact]
    public async Task A_pledge_shows_its_last_movement()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        Assert.Equal(("pledge", "2026-03-01"), await LastAsync());
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 100, date: "2026-06-01"));
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "commitment", 100, date: "2026-05-01"));
        Assert.Equal(("payment", "2026-06-01"), await LastAsync());
        var refund = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "refund", 50, date: "2026-06-01"));
        Assert.Equal(("refund", "2026-06-01"), await LastAsync());
        await server.Editor.RecordAsync($"/v1/entries/{refund.Id()}/reversal", """{ "reason": { "en": "A mistake" } }""");
        Assert.Equal(("payment", "2026-06-01"), await LastAsync());
        var listed = Assert.Single((await server.GetAsync($"/v1/pledges?fund={fund}")).GetProperty("data").EnumerateArray());
        Assert.Equal("payment", listed.GetProperty("lastMovement").Text("kind"));
        var gone = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 7));
        await server.Editor.RecordAsync($"/v1/entries/{gone.Id()}/reversal", """{ "reason": { "en": "A mistake" } }""");
        Assert.Equal(JsonValueKind.Null, (await server.GetAsync($"/v1/pledges/{gone.Text("pledgeId")}")).GetProperty("lastMovement").ValueKind);

        async Task<(string?, string?)> LastAsync() =>
            (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("lastMovement") is var last ? (last.Text("kind"), last.Text("date")) : default;
    }
}
