using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Contributions;

public sealed class RecordContributionTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/contributions";

    [Fact]
    public async Task A_payment_under_a_pledge_counts_for_pledge_donor_and_fund_in_the_very_next_read()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var before = await server.Client.ReadAsync($"/v1/pledges/{pledge}");
        var made = await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 250.25m,
            more: $$""", "reference": "TR-1", "note": { "en": "First part" }, "citations": [{ "sourceId": "{{WriteServer.Source}}", "quote": "paid" }]"""));
        var after = await server.Client.ReadAsync($"/v1/pledges/{pledge}");
        Assert.NotEqual(before.EntityTag, after.EntityTag);
        Assert.Equal(new Dollars(1000, 0, 250.25m, 250.25m, 749.75m), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        Assert.Equal("partially_paid", after.Body.Text("status"));
        Assert.Equal(new Dollars(1000, 0, 250.25m, 250.25m, 749.75m), await server.FiguresAsync($"/v1/donors/{donor}"));
        Assert.Equal(new Dollars(1000, 0, 250.25m, 250.25m, 749.75m), await server.FiguresAsync($"/v1/funds/{fund}"));
        // What the write answered is what is read.
        var read = await server.GetAsync($"{Path}/{made.Id()}");
        Assert.True(JsonElement.DeepEquals(made, read), $"{made} {read}");
        Assert.Equal("TR-1", read.Text("reference"));
        Assert.Equal("reported", read.Text("verification"));
        Assert.Equal("paid", read.GetProperty("citations")[0].Text("quote"));
        Assert.False(read.GetProperty("direct").GetBoolean());
    }

    [Fact]
    public async Task A_contribution_that_nobody_pledged_gets_a_direct_header_of_its_own()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 80, more: """, "instrument": "loan", "countries": ["SYR", "IRQ"]"""));
        Assert.True(made.GetProperty("direct").GetBoolean());
        var header = await server.GetAsync($"/v1/pledges/{made.Text("pledgeId")}");
        Assert.Equal("direct", header.Text("origin"));
        Assert.Equal("loan", header.Text("instrument"));
        Assert.Equal("paid", header.Text("status"));
        Assert.Equal(new Dollars(0, 0, 80, 80, 0), await server.FiguresAsync($"/v1/funds/{fund}"));
        Assert.Equal(0, (await server.GetAsync($"/v1/pledges?fund={fund}")).GetProperty("data").GetArrayLength());
        Assert.Equal(1, (await server.GetAsync($"{Path}?fund={fund}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_commitment_is_released_up_to_what_was_committed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "release", 1), 409, "not_enough_then");
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "commitment", 600));
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "release", 600.01m), 409, "not_enough_then");
        var released = await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "release", 200));
        Assert.Equal(200, released.Number("amount"));
        Assert.Equal(-200, (await server.LedgerAsync(pledge))[^1].Number("amount"));
        Assert.Equal(new Dollars(1000, 0, 400, 0, 1000), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "release", 400.01m), 409, "not_enough_then");
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "release", 400));
        Assert.Equal("announced", (await server.GetAsync($"/v1/pledges/{pledge}")).Text("status"));
    }

    [Fact]
    public async Task A_payment_is_refunded_up_to_what_was_paid_and_the_money_is_outstanding_again()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 1000));
        Assert.Equal("paid", (await server.GetAsync($"/v1/pledges/{pledge}")).Text("status"));
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "refund", 1000.01m), 409, "not_enough_then");
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "refund", 300));
        Assert.Equal(new Dollars(1000, 0, 700, 700, 300), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "refund", 700.01m), 409, "not_enough_then");
    }

    [Fact]
    public async Task A_direct_refund_or_release_has_nothing_to_take_back()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "refund", 1), 409, "not_enough_then");
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "release", 1), 409, "not_enough_then");
        // It is given back under the header that the direct payment stands under.
        var made = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 50));
        await server.Editor.RecordAsync(Path, WriteServer.Under(made.Text("pledgeId")!, "refund", 50));
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task Several_donors_of_one_pledge_have_a_line_each_and_a_contribution_names_whose()
    {
        var (a, b, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{a}}", "amount": 60 }, { "donorId": "{{b}}", "amount": 40 }], "currency": "USD", "announcedOn": "2026-03-01",
              "fundId": "{{fund}}", "instrument": "grant" }
            """)).Id();
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "payment", 90), 400, "invalid_request", "/donorId");
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "payment", 90, more: $$""", "donorId": "{{await server.OrganizationAsync()}}" """), 400, "invalid_request", "/donorId");
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 90, more: $$""", "donorId": "{{a}}" """));
        // One donor's surplus pays nobody else's promise.
        Assert.Equal(new Dollars(100, 0, 90, 90, 40), await server.FiguresAsync($"/v1/pledges/{pledge}"));
    }

    [Fact]
    public async Task A_recorder_enters_what_its_organization_gave_received_or_paid_for_a_group_and_nothing_else()
    {
        var (donor, other, group, recipient, fund) =
            (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync("group"), await server.OrganizationAsync("22"), await server.FundAsync());
        using var asDonor = await server.ClientAsync("recorder", donor);
        using var asRecipient = await server.ClientAsync("recorder", recipient);
        var version = await server.VersionAsync();
        await asDonor.RefusedAsync(Path, WriteServer.Direct(other, fund, "payment", 10), 403, "forbidden");
        await asRecipient.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 10), 403, "forbidden");
        Assert.Equal(version, await server.VersionAsync());
        await asDonor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 10));
        await asRecipient.RecordAsync(Path, $$"""
            { "donorId": "{{other}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": 20, "currency": "USD", "date": "2026-06-01" }
            """);
        var pledge = await server.PledgeAsync(group, fund, 100);
        await asDonor.RefusedAsync(Path, WriteServer.Under(pledge, "payment", 30), 403, "forbidden");
        var member = await asDonor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 30, more: $$""", "paidBy": "{{donor}}" """));
        Assert.Equal(donor, member.GetProperty("paidBy").Id());
        Assert.Equal(group, member.GetProperty("donor").Id());
        var toRecipient = await server.PledgeAsync(other, fund, 100, more: $$""", "recipientId": "{{recipient}}" """);
        await asRecipient.RecordAsync(Path, WriteServer.Under(toRecipient, "payment", 40));
        await asDonor.RefusedAsync(Path, WriteServer.Under(toRecipient, "payment", 40), 403, "forbidden");
    }

    [Fact]
    public async Task The_same_externalId_with_the_same_content_answers_200_with_the_record_that_exists()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        var body = WriteServer.Direct(donor, fund, "payment", 100.50m, more: """, "externalId": "INV-7", "reference": "R" """);
        var made = await recorder.RecordAsync(Path, body);
        var version = await server.VersionAsync();
        var again = await recorder.SendAsync(HttpMethod.Post, Path, body);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.True(JsonElement.DeepEquals(made, again.Body));
        Assert.Equal(version, await server.VersionAsync());
        // Another key of the same organization speaks for it too; an editor and another organization have numbers of their own.
        using var colleague = await server.ClientAsync("recorder", donor);
        Assert.Equal(HttpStatusCode.OK, (await colleague.SendAsync(HttpMethod.Post, Path, body)).Status);
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 11, more: """, "externalId": "INV-7" """));
    }

    [Fact]
    public async Task The_same_externalId_with_other_content_answers_409_and_names_each_difference()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        const string External = """, "externalId": "INV-8" """;
        var made = await recorder.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, more: External));
        var other = await server.FundAsync();
        foreach (var (body, pointers) in new (string, string[])[]
        {
            (WriteServer.Direct(donor, fund, "payment", 101, more: External), ["/amount"]),
            (WriteServer.Direct(donor, fund, "payment", 100, "EUR", more: External + """, "amountUsd": 100"""), ["/currency"]),
            (WriteServer.Direct(donor, fund, "commitment", 100, date: "2026-06-02", more: External), ["/stage", "/date"]),
            (WriteServer.Direct(donor, other, "payment", 100, more: External), ["/fundId"]),
            (WriteServer.Direct(donor, fund, "payment", 100, more: External + """, "qualifier": "approximate", "reference": "R" """), ["/qualifier", "/reference"]),
        })
        {
            var refused = await recorder.RefusedAsync(Path, body, 409, "conflict");
            Assert.All(pointers, p => Assert.Contains(p, refused.Pointers));
            Assert.Equal($"{Path}/{made.Id()}", refused.Body.Text("existing"));
        }

        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Theory]
    [InlineData(""", "note": { "en": "Another note" }""", "/note")]
    [InlineData(""", "instrument": "loan" """, "/instrument")]
    [InlineData(""", "countries": ["SYR"]""", "/countries")]
    [InlineData(""", "amountUsd": 99""", "/amountUsd")]
    [InlineData(""", "recipientId": "nobody" """, "/recipientId")]
    [InlineData(""", "eventId": "nowhere" """, "/eventId")]
    [InlineData(""", "usageYears": [2026]""", "/usageYears")]
    [InlineData(""", "sectors": ["14030"]""", "/sectors")]
    [InlineData(""", "earmarking": "earmarked" """, "/earmarking")]
    [InlineData(""", "shared": true""", "/shared")]
    [InlineData(""", "description": { "en": "Water" }""", "/description")]
    public async Task Content_is_all_that_was_sent_and_a_difference_anywhere_is_named(string more, string pointer)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        const string External = """, "externalId": "INV-9" """;
        await recorder.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, more: External));
        await recorder.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, more: External + more), 409, "conflict", pointer);
    }

    [Fact]
    public async Task A_retry_that_settles_another_part_of_the_promise_says_something_else()
    {
        var donor = await server.OrganizationAsync();
        var pledge = await server.PledgeAsync(donor, await server.FundAsync(), 1000, "EUR", 1100);
        using var recorder = await server.ClientAsync("recorder", donor);
        var made = await recorder.RecordAsync(Path, Body(50));
        Assert.Equal((HttpStatusCode.OK, made.Id()), (await recorder.SendAsync(HttpMethod.Post, Path, Body(50))) is var again ? (again.Status, again.Body.Id()) : default);
        await recorder.RefusedAsync(Path, Body(60), 409, "conflict", "/settles");

        string Body(decimal settles) => WriteServer.Under(pledge, "payment", 55, more: $$""", "externalId": "S-1", "settles": { "amount": {{settles}}, "currency": "EUR" } """);
    }

    [Fact]
    public async Task A_retry_whose_dollars_are_less_exact_says_something_else_and_dollars_themselves_have_no_second_qualifier()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        await recorder.RecordAsync(Path, Body("EUR", """, "amountUsd": 110"""));
        await recorder.RefusedAsync(Path, Body("EUR", """, "amountUsd": 110, "usdQualifier": "approximate" """), 409, "conflict", "/usdQualifier");
        await recorder.RefusedAsync(Path, Body("USD", """, "usdQualifier": "approximate" """), 400, "invalid_request", "/usdQualifier");
        await server.Editor.RefusedAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": 5, "usdQualifier": "at_most" }], "currency": "USD", "announcedOn": "2026-03-01", "instrument": "grant" }
            """, 400, "invalid_request", "/donors/0/usdQualifier");

        string Body(string currency, string more) => WriteServer.Direct(donor, fund, "payment", 100, currency, more: ", \"externalId\": \"Q-1\"" + more);
    }

    [Fact]
    public async Task A_direct_contribution_shows_what_was_sent_of_what_it_is_for()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var summit = await server.EnterAsync(enter => enter.EventAsync(server.NewId("summit"), "2026-01-05"));
        var made = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, more: $$"""
            , "eventId": "{{summit}}", "countries": ["IRQ", "SYR"], "shared": true, "sectors": ["14030"], "usageYears": [2026, 2027], "earmarking": "earmarked",
            "description": { "en": "Water", "ar": "مياه" }
            """));
        foreach (var shown in new[] { made, (await server.GetAsync($"{Path}?fund={fund}")).GetProperty("data")[0] })
        {
            Assert.Equal((summit, "earmarked", true), (shown.RefId("event"), shown.Text("earmarking"), shown.GetProperty("shared").GetBoolean()));
            Assert.Equal(["IRQ", "SYR"], shown.Texts("countries"));
            Assert.Equal(["14030"], shown.Texts("sectors"));
            Assert.Equal([2026, 2027], shown.GetProperty("usageYears").EnumerateArray().Select(y => y.GetInt32()));
        }

        Assert.Equal("مياه", made.GetProperty("description").Text("ar"));
    }

    [Fact]
    public async Task Citations_sent_again_are_the_ones_that_were_recorded_or_refused_and_never_dropped()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        const string Cited = """{ "sourceId": "press-note", "quote": "paid in full" }""";
        var made = await recorder.RecordAsync(Path, Body(Cited));
        foreach (var citations in new[] { Cited, "", null })
        {
            var again = await recorder.SendAsync(HttpMethod.Post, Path, Body(citations));
            Assert.True(again.Status == HttpStatusCode.OK, again.Text);
            Assert.Equal(made.Id(), again.Body.Id());
        }

        foreach (var citations in new[] { Cited.Replace("in full", "half", StringComparison.Ordinal), """{ "sourceId": "press-note" }""",
            """{ "sourceId": "press-note", "quote": "paid in full", "note": { "en": "By telephone" } }""", Cited + """, { "sourceId": "another" }""" })
        {
            var refused = await recorder.RefusedAsync(Path, Body(citations), 409, "conflict", "/citations");
            Assert.Single(refused.Pointers);
        }

        // What was cited later takes nothing from the retry.
        await recorder.RecordAsync($"/v1/entries/{made.Id()}/citations", """{ "citations": [{ "sourceId": "press-note", "quote": "received" }] }""");
        var late = await recorder.SendAsync(HttpMethod.Post, Path, Body(Cited));
        Assert.True(late.Status == HttpStatusCode.OK, late.Text);
        Assert.Equal(2, late.Body.GetProperty("citations").GetArrayLength());

        string Body(string? citations) =>
            WriteServer.Direct(donor, fund, "payment", 100, more: """, "externalId": "INV-11" """ + (citations is null ? "" : $", \"citations\": [{citations}]"));
    }

    [Fact]
    public async Task Dollars_sent_again_are_those_of_the_record_whether_they_were_reported_or_computed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "DKK", "date": "2026-05-30", "usdPerUnit": 0.15, "provider": "A" }""");
        await recorder.RecordAsync(Path, Body("computed", null));
        await recorder.RecordAsync(Path, Body("reported", "14"));
        foreach (var (id, usd, status) in new[] { ("computed", null, 200), ("computed", "15", 200), ("computed", "14", 409), ("reported", "14", 200), ("reported", "15", 409), ("reported", null, 409) })
        {
            var again = await recorder.SendAsync(HttpMethod.Post, Path, Body(id, usd));
            Assert.True((int)again.Status == status, $"{id} {usd}: {again.Text}");
            Assert.Equal(status == 409 ? ["/amountUsd"] : [], again.Pointers);
        }

        string Body(string id, string? usd) =>
            WriteServer.Direct(donor, fund, "payment", 100, "DKK", id == "computed" ? "2026-06-01" : "2026-06-02", $", \"externalId\": \"{id}\"" + (usd is null ? "" : $", \"amountUsd\": {usd}"));
    }

    [Fact]
    public async Task Content_is_the_same_under_the_ids_of_organizations_that_were_merged_since()
    {
        var fund = await server.FundAsync();
        var (group, donor, member, recipient) =
            (await server.OrganizationAsync("group"), await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync("22"));
        string[] bodies =
        [
            WriteServer.Direct(donor, fund, "payment", 100, more: $$""", "recipientId": "{{recipient}}", "externalId": "INV-12" """),
            WriteServer.Direct(group, fund, "payment", 100, more: $$""", "paidBy": "{{member}}", "externalId": "INV-13" """),
        ];
        var made = new List<string>();
        foreach (var body in bodies)
        {
            made.Add((await server.Editor.RecordAsync(Path, body)).Id());
        }

        foreach (var (old, type) in new[] { (donor, "10"), (member, "10"), (recipient, "22") })
        {
            var merged = await server.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{old}/merge-into/{await server.OrganizationAsync(type)}");
            Assert.True(merged.Status == HttpStatusCode.Created, merged.Text);
        }

        foreach (var (body, id) in bodies.Zip(made))
        {
            var again = await server.Editor.SendAsync(HttpMethod.Post, Path, body);
            Assert.True(again.Status == HttpStatusCode.OK, again.Text);
            Assert.Equal(id, again.Body.Id());
        }
    }

    [Fact]
    public async Task An_externalId_is_free_again_when_its_record_was_reversed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        const string External = """, "externalId": "INV-10" """;
        var wrong = await recorder.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, more: External));
        await recorder.RecordAsync($"/v1/entries/{wrong.Id()}/reversal", """{ "reason": { "en": "A typing error" } }""");
        await recorder.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 110, more: External));
        Assert.Equal(110, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task The_other_party_to_a_payment_is_told_of_the_possible_duplicate_and_may_confirm_it()
    {
        var (donor, recipient) = (await server.OrganizationAsync(), await server.OrganizationAsync("22"));
        using var asDonor = await server.ClientAsync("recorder", donor);
        using var asRecipient = await server.ClientAsync("recorder", recipient);
        var first = await asDonor.RecordAsync(Path, Body("2026-06-01"));
        foreach (var date in new[] { "2026-05-02", "2026-06-01", "2026-07-01" })
        {
            var refused = await asRecipient.RefusedAsync(Path, Body(date), 409, "possible_duplicate");
            Assert.Equal($"{Path}/{first.Id()}", refused.Body.Text("existing"));
        }

        var confirmed = await asRecipient.RecordAsync($"{Path}/{first.Id()}/confirmations", "{}");
        Assert.Equal(recipient, confirmed.GetProperty("confirmedBy")[0].GetString());
        Assert.Equal(500, (await server.FiguresAsync($"/v1/donors/{donor}")).Paid);
        // A day further off, or another amount, it is no longer likely to be the same.
        await asRecipient.RecordAsync(Path, Body("2026-05-01"));
        await asRecipient.RecordAsync(Path, Body("2026-06-01", 501));
        Assert.Equal(1501, (await server.FiguresAsync($"/v1/donors/{donor}")).Paid);

        string Body(string date, int amount = 500) => $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": {{amount}}, "currency": "USD", "date": "{{date}}" }
            """;
    }

    [Fact]
    public async Task A_payment_that_is_said_to_be_distinct_is_recorded_beside_the_one_that_looks_the_same()
    {
        var (donor, recipient) = (await server.OrganizationAsync(), await server.OrganizationAsync("22"));
        using var asDonor = await server.ClientAsync("recorder", donor);
        using var asRecipient = await server.ClientAsync("recorder", recipient);
        var first = await asDonor.RecordAsync(Path, Body());
        await asRecipient.RefusedAsync(Path, Body(), 409, "possible_duplicate");
        await asRecipient.RefusedAsync(Path, Body(""", "distinctFrom": "019b76da-a800-812c-979a-e8b431cc74cd" """), 409, "possible_duplicate");
        await asRecipient.RecordAsync(Path, Body($$""", "distinctFrom": "{{first.Id()}}" """));
        Assert.Equal(1000, (await server.FiguresAsync($"/v1/donors/{donor}")).Paid);

        string Body(string more = "") => $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": 500, "currency": "USD", "date": "2026-06-01"{{more}} }
            """;
    }

    [Fact]
    public async Task A_party_confirms_once_and_neither_its_own_record_nor_a_strangers_nor_a_reversed_one()
    {
        var (donor, recipient, stranger) = (await server.OrganizationAsync(), await server.OrganizationAsync("22"), await server.OrganizationAsync());
        using var asDonor = await server.ClientAsync("recorder", donor);
        using var asRecipient = await server.ClientAsync("recorder", recipient);
        using var asStranger = await server.ClientAsync("recorder", stranger);
        var made = await asDonor.RecordAsync(Path, $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": 500, "currency": "USD", "date": "2026-06-01" }
            """);
        var path = $"{Path}/{made.Id()}/confirmations";
        await asDonor.RefusedAsync(path, "{}", 409, "conflict");
        await asStranger.RefusedAsync(path, "{}", 403, "forbidden");
        await asStranger.RefusedAsync(path, $$"""{ "organizationId": "{{recipient}}" }""", 403, "forbidden");
        await server.Editor.RefusedAsync(path, "{}", 400, "invalid_request", "/organizationId");
        await server.Editor.RefusedAsync(path, $$"""{ "organizationId": "{{stranger}}" }""", 403, "forbidden");
        await server.Editor.RecordAsync(path, $$"""{ "organizationId": "{{recipient}}", "note": { "en": "By letter" } }""");
        await asRecipient.RefusedAsync(path, "{}", 409, "conflict");
        await asRecipient.RefusedAsync($"{Path}/019b76da-a800-812c-979a-e8b431cc74cd/confirmations", "{}", 404, "not_found");
        var reversed = await asDonor.RecordAsync(Path, $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": 600, "currency": "USD", "date": "2026-06-01" }
            """);
        await asDonor.RecordAsync($"/v1/entries/{reversed.Id()}/reversal", """{ "reason": { "en": "Wrong" } }""");
        await asRecipient.RefusedAsync($"{Path}/{reversed.Id()}/confirmations", "{}", 409, "conflict");
    }

    [Fact]
    public async Task Dollars_come_from_the_source_or_from_the_nearest_rate_at_most_45_days_old_or_the_answer_says_what_to_send()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "SEK", "date": "2026-04-01", "usdPerUnit": 0.1, "provider": "A" }""");
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "SEK", "date": "2026-04-11", "usdPerUnit": 0.12, "provider": "A" }""");
        var refused = await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, "SEK", "2026-03-31"), 400, "invalid_request", "/amountUsd");
        Assert.Equal("usd_needed", refused.Body.GetProperty("errors")[0].Text("code"));
        Assert.Contains("SEK", refused.Body.GetProperty("errors")[0].Text("detail"), StringComparison.Ordinal);
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, "SEK", "2026-05-27"), 400, "invalid_request", "/amountUsd");
        foreach (var (date, usd, rateDate) in new[] { ("2026-04-01", 10m, "2026-04-01"), ("2026-04-10", 10m, "2026-04-01"), ("2026-04-11", 12m, "2026-04-11"), ("2026-05-26", 12m, "2026-04-11") })
        {
            var made = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, "SEK", date));
            Assert.Equal(usd, made.Number("amountUsd"));
            Assert.Equal("rate", made.Text("usdBasis"));
            Assert.Equal(rateDate, made.Text("rateDate"));
        }

        var reported = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, "SEK", "2026-04-12", """, "amountUsd": 99.99"""));
        Assert.Equal(99.99m, reported.Number("amountUsd"));
        Assert.Equal("reported", reported.Text("usdBasis"));
        Assert.Equal(JsonValueKind.Null, reported.GetProperty("rateDate").ValueKind);
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, more: """, "amountUsd": 101"""), 400, "invalid_request", "/amountUsd");
    }

    [Theory]
    [InlineData("JPY", "1500")]
    [InlineData("USD", "0.01")]
    [InlineData("KWD", "1.234")]
    [InlineData("KWD", "999999999999.999")]
    [InlineData("JPY", "100000000000000000")]
    [InlineData("USD", "1000000000000")]
    [InlineData("EUR", "999999999999999.99")]
    [InlineData("IQD", "1190000000000")]
    [InlineData("LBP", "18000000000000")]
    [InlineData("IDR", "16000000000000")]
    [InlineData("IRR", "50000000000000")]
    [InlineData("DEM", "12.34")]
    [InlineData("ITL", "1500")]
    [InlineData("XDR", "0.01")]
    public async Task An_amount_is_kept_exactly_with_the_decimals_of_its_currency(string currency, string amount)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Path, $$"""
            { "donorId": "{{donor}}", "fundId": "{{fund}}", "stage": "payment", "amount": {{amount}}, "currency": "{{currency}}"{{(currency == "USD" ? "" : ", \"amountUsd\": 5")}}, "date": "2026-06-01" }
            """);
        Assert.Equal(amount, (await server.GetAsync($"{Path}/{made.Id()}")).GetProperty("amount").GetRawText());
    }

    [Fact]
    public async Task A_value_date_reaches_to_tomorrow()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 1, date: "2026-11-22"));
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 1, date: "2026-11-23"), 400, "invalid_request", "/date");
    }

    [Fact]
    public async Task Money_passed_on_stays_out_of_totals()
    {
        var (donor, agency, ngo, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync("40"), await server.OrganizationAsync("22"), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 1000));
        var passed = await server.Editor.RecordAsync(Path, $$"""
            { "donorId": "{{agency}}", "recipientId": "{{ngo}}", "fundId": "{{fund}}", "stage": "payment", "amount": 400, "currency": "USD", "date": "2026-07-01", "passedOnFrom": "{{pledge}}" }
            """);
        Assert.Equal(pledge, (await server.GetAsync($"/v1/pledges/{passed.Text("pledgeId")}")).Text("passedOnFrom"));
        Assert.Equal(1000, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "payment", 1, more: $$""", "passedOnFrom": "{{pledge}}" """), 400, "invalid_request", "/passedOnFrom");
    }

    [Fact]
    public async Task What_a_contribution_names_must_exist_and_every_unknown_thing_is_pointed_at()
    {
        var refused = await server.Editor.RefusedAsync(Path, """
            { "donorId": "nobody", "fundId": "nothing", "recipientId": "no-one", "paidBy": "nobody-either", "stage": "payment", "amount": 1, "currency": "USD", "date": "2026-06-01",
              "passedOnFrom": "019b76da-a800-812c-979a-e8b431cc74cd", "citations": [{ "sourceId": "press-note" }, { "sourceId": "no-source" }] }
            """, 400, "invalid_request");
        Assert.Equal(["/citations/1/sourceId", "/donorId", "/fundId", "/paidBy", "/passedOnFrom", "/recipientId"], refused.Pointers.Order(StringComparer.Ordinal));
        await server.Editor.RefusedAsync(Path, WriteServer.Under("019b76da-a800-812c-979a-e8b431cc74cd", "payment", 1), 400, "invalid_request", "/pledgeId");
        await server.Editor.RefusedAsync(Path, """{ "stage": "payment", "amount": 1, "currency": "USD", "date": "2026-06-01" }""", 400, "invalid_request", "/donorId");
    }

    [Fact]
    public async Task An_editor_verifies_or_disputes_a_contribution_and_lists_filter_by_the_last_finding()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100));
        var path = $"{Path}/{made.Id()}/verifications";
        await server.Editor.RefusedAsync(path, """{ "state": "disputed" }""", 400, "invalid_request", "/note");
        await server.Editor.RefusedAsync(path, """{ "state": "reported" }""", 400, "invalid_request", "/state");
        Assert.Equal("verified", (await server.Editor.RecordAsync(path, """{ "state": "verified" }""")).Text("verification"));
        Assert.Equal((0, 1, 0), await CountsAsync());
        Assert.Equal("disputed", (await server.Editor.RecordAsync(path, """{ "state": "disputed", "note": { "en": "The fund has not seen it" } }""")).Text("verification"));
        Assert.Equal((0, 0, 1), await CountsAsync());
        // A dispute changes no figure and no entry.
        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        Assert.Single(await server.LedgerAsync(made.Text("pledgeId")!));
        var history = (await server.GetAsync($"/v1/pledges/{made.Text("pledgeId")}/history")).GetProperty("data").EnumerateArray().Select(c => c.Text("action")).ToList();
        Assert.Contains("verified", history);
        Assert.Contains("disputed", history);
        using var recorder = await server.ClientAsync("recorder", donor);
        await recorder.RefusedAsync(path, """{ "state": "verified" }""", 403, "forbidden");

        async Task<(int, int, int)> CountsAsync() =>
            (await CountAsync("reported"), await CountAsync("verified"), await CountAsync("disputed"));

        async Task<int> CountAsync(string state) => (await server.GetAsync($"{Path}?fund={fund}&verification={state}")).GetProperty("data").GetArrayLength();
    }

    [Fact]
    public async Task No_dollars_are_taken_where_the_amount_rounds_to_no_cent_and_refused_with_what_it_comes_to_where_not()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        string Body(decimal amount, string currency) => WriteServer.Direct(donor, fund, "payment", amount, currency, "2026-04-12", """, "amountUsd": 0""");
        var unknown = await server.Editor.RefusedAsync(Path, Body(100, "IRR"), 400, "invalid_request", "/amountUsd");
        Assert.Contains("no exchange rate of IRR is loaded", unknown.Text, StringComparison.Ordinal);
        await server.EnterAsync(enter => enter.RateAsync("IRR", "2026-04-10", 0.00002m));
        Assert.Equal(0, (await server.Editor.RecordAsync(Path, Body(100, "IRR"))).Number("amountUsd"));
        var more = await server.Editor.RefusedAsync(Path, Body(100_000, "IRR"), 400, "invalid_request", "/amountUsd");
        Assert.Contains("this is 2 US dollars, not 0", more.Text, StringComparison.Ordinal);
        await server.Editor.RefusedAsync(Path, Body(1, "USD"), 400, "invalid_request", "/amountUsd");
        var pledge = WriteServer.PledgeBody(donor, fund, 500, "IRR", 0, announcedOn: "2026-04-12").Replace("500", "100", StringComparison.Ordinal);
        Assert.Equal(0, (await server.Editor.RecordAsync("/v1/pledges", pledge)).GetProperty("figures").Number("pledged"));
    }

    [Theory]
    [InlineData("XAU")]
    [InlineData("CLF")]
    [InlineData("XXX")]
    public async Task A_code_of_the_standard_in_which_nobody_is_paid_is_called_that(string code)
    {
        var refused = await server.Editor.RefusedAsync(Path, WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 1, code), 400, "invalid_request", "/currency");
        Assert.Contains("in which nobody is paid", Assert.Single(refused.Body.GetProperty("errors").EnumerateArray()).Text("detail"), StringComparison.Ordinal);
        refused = await server.Editor.RefusedAsync(Path, WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 1, "ZZZ"), 400, "invalid_request", "/currency");
        Assert.DoesNotContain("nobody is paid", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_rate_is_loaded_the_words_fit_any_currency()
    {
        var refused = await server.Editor.RefusedAsync(Path, WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 1, "AED"), 400, "invalid_request", "/amountUsd");
        Assert.Contains("load an exchange rate of AED for a day from 2026-04-17 to 2026-06-01", refused.Text, StringComparison.Ordinal);
    }
}
