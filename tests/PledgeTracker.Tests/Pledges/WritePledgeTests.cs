using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Pledges;

public sealed class WritePledgeTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";
    private const string Reason = "\"reason\": { \"en\": \"As the source says\" }";

    [Fact]
    public async Task A_pledge_is_recorded_with_all_that_the_source_says_and_read_as_it_was_answered()
    {
        var (donor, recipient, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync("40"), await server.FundAsync());
        var made = await server.Editor.RecordAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 1_000_000.50m, more: $$"""
            , "qualifier": "approximate", "recipientId": "{{recipient}}", "countries": ["SYR", "IRQ"], "shared": true, "sectors": ["15220"], "usageYears": [2026, 2027],
            "earmarking": "softly_earmarked", "dueOn": "2027-12-31", "instalments": [{ "dueOn": "2027-01-31", "amount": 400000 }],
            "description": { "en": "Water", "ar": "مياه" }, "note": { "ar": "ملاحظة" }, "externalSystem": "fts", "externalId": "{{fund}}",
            "citations": [{ "sourceId": "press-note", "quote": "about a million" }]
            """));
        var read = await server.GetAsync($"/v1/pledges/{made.Id()}");
        Assert.True(JsonElement.DeepEquals(made, read), $"{made} {read}");
        Assert.Equal(1_000_000.50m, read.Number("amount"));
        Assert.Equal("announced", read.Text("status"));
        Assert.Equal("مياه", read.GetProperty("description").Text("ar"));
        Assert.Equal(["IRQ", "SYR"], read.GetProperty("countries").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(400000, read.GetProperty("instalments")[0].Number("amount"));
        Assert.Equal(new Dollars(1_000_000.50m, 0, 0, 0, 1_000_000.50m), await server.FiguresAsync($"/v1/donors/{donor}"));
        var refused = await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 5, more: $$""", "externalSystem": "fts", "externalId": "{{fund}}" """), 409, "conflict");
        Assert.Equal($"/v1/pledges/{made.Id()}", refused.Body.Text("existing"));
    }

    [Fact]
    public async Task What_a_pledge_names_must_exist_and_its_dates_and_parts_must_make_sense()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        foreach (var (more, pointer) in new[]
        {
            (""", "recipientId": "nobody" """, "/recipientId"),
            (""", "eventId": "nothing" """, "/eventId"),
            (""", "restates": "019b76da-a800-812c-979a-e8b431cc74cd" """, "/restates"),
            (""", "citations": [{ "sourceId": "no-source" }]""", "/citations/0/sourceId"),
            (""", "dueOn": "2056-11-22" """, "/dueOn"),
            (""", "instalments": [{ "dueOn": "2056-11-22", "amount": 1 }]""", "/instalments/0/dueOn"),
            (""", "instalments": [{ "dueOn": "2027-01-01", "amount": 60 }, { "dueOn": "2028-01-01", "amount": 41 }]""", "/instalments"),
            (""", "countries": ["IRQ", "IRQ"]""", "/countries"),
            (""", "externalSystem": "alone" """, "/externalId"),
        })
        {
            await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 100, more: more), 400, "invalid_request", pointer);
        }

        await server.PledgeAsync(donor, fund, 100, more: """, "dueOn": "2056-11-21" """);
    }

    [Fact]
    public async Task A_pledge_in_another_currency_keeps_one_rate_for_revisions_and_withdrawals()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 300, "NOK"), 400, "invalid_request", "/donors/0/amountUsd");
        var pledge = await server.PledgeAsync(donor, fund, 300, "NOK", 100);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 30, "date": "2026-04-01" }""");
        Assert.Equal(110, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Pledged);
        for (var part = 0; part < 3; part++)
        {
            await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 110, "date": "2026-05-01" }""");
        }

        // Thirds of dollars are rounded along the way, and the whole comes out.
        Assert.Equal(new Dollars(110, 110, 0, 0, 0), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        Assert.Equal("withdrawn", (await server.GetAsync($"/v1/pledges/{pledge}")).Text("status"));
    }

    [Fact]
    public async Task No_more_is_withdrawn_than_is_outstanding()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var path = $"/v1/pledges/{pledge}/withdrawals";
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 400));
        await server.Editor.RefusedAsync(path, """{ "amount": 600.01, "date": "2026-07-01" }""", 409, "not_enough_then");
        var after = await server.Editor.RecordAsync(path, """{ "amount": 250, "date": "2026-07-01", "note": { "en": "Redirected" }, "citations": [{ "sourceId": "press-note" }] }""");
        Assert.Equal("partially_paid", after.Text("status"));
        await server.Editor.RefusedAsync(path, """{ "amount": 350.01, "date": "2026-07-01" }""", 409, "not_enough_then");
        Assert.Equal("partially_withdrawn", (await server.Editor.RecordAsync(path, """{ "amount": 350, "date": "2026-07-01" }""")).Text("status"));
        Assert.Equal(new Dollars(1000, 600, 400, 400, 0), await server.FiguresAsync($"/v1/funds/{fund}"));
        await server.Editor.RefusedAsync("/v1/pledges/019b76da-a800-812c-979a-e8b431cc74cd/withdrawals", """{ "amount": 1, "date": "2026-07-01" }""", 404, "not_found");
    }

    [Fact]
    public async Task Of_concurrent_withdrawals_no_more_are_carried_out_than_there_is_left()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ =>
            server.Editor.SendAsync(HttpMethod.Post, $"/v1/pledges/{pledge}/withdrawals", """{ "amount": 70, "date": "2026-07-01" }""")));
        Assert.Equal(14, replies.Count(r => r.Status == HttpStatusCode.Created));
        Assert.Equal(26, replies.Count(r => r.Status == HttpStatusCode.Conflict));
        Assert.Equal(20, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
    }

    [Fact]
    public async Task A_revision_raises_or_lowers_a_pledge_but_not_below_nothing_and_what_was_promised_first_stays()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var path = $"/v1/pledges/{pledge}/revisions";
        await server.Editor.RecordAsync(path, """{ "change": 500, "date": "2026-04-01" }""");
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 100, "date": "2026-04-02" }""");
        await server.Editor.RefusedAsync(path, """{ "change": -1400.01, "date": "2026-04-03" }""", 409, "not_enough_then");
        var lowered = await server.Editor.RecordAsync(path, """{ "change": -900, "date": "2026-04-03" }""");
        Assert.Equal(600, lowered.Number("amount"));
        Assert.Equal(new Dollars(600, 100, 0, 0, 500), await server.FiguresAsync($"/v1/funds/{fund}"));
        Assert.Equal([1000m, 500m, 100m, -900m], (await server.LedgerAsync(pledge)).Select(e => e.Number("amount")));
        Assert.Equal(["pledge", "revision", "withdrawal", "revision"], (await server.LedgerAsync(pledge)).Select(e => e.Text("kind")));
        Assert.Equal(["created", "revised", "revised", "withdrawn"],
            (await server.GetAsync($"/v1/pledges/{pledge}/history")).GetProperty("data").EnumerateArray().Select(c => c.Text("action")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("withdrawals", "amount")]
    [InlineData("revisions", "change")]
    public async Task A_promise_is_not_changed_before_it_is_made(string route, string member)
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 1000);
        var path = $"/v1/pledges/{pledge}/{route}";
        var refused = await server.Editor.RefusedAsync(path, $$"""{ "{{member}}": 100, "date": "2026-02-28" }""", 400, "invalid_request", "/date");
        var fault = Assert.Single(refused.Body.GetProperty("errors").EnumerateArray());
        Assert.Equal("date_out_of_range", fault.Text("code"));
        Assert.Contains("2026-03-01", fault.Text("detail"), StringComparison.Ordinal);
        await server.Editor.RecordAsync(path, $$"""{ "{{member}}": 100, "date": "2026-03-01" }""");
    }

    [Fact]
    public async Task A_pledge_by_nobody_lacks_a_donor_and_one_by_too_many_has_too_many()
    {
        var body = WriteServer.PledgeBody("nobody", await server.FundAsync(), 1);
        const string One = """{ "donorId": "nobody", "amount": 1 }""";
        foreach (var (donors, code) in new[] { ("", "required"), (string.Join(',', Enumerable.Range(0, 101).Select(i => One.Replace("nobody", $"nobody-{i}", StringComparison.Ordinal))), "too_many") })
        {
            var refused = await server.Editor.RefusedAsync("/v1/pledges", body.Replace(One, donors, StringComparison.Ordinal), 400, "invalid_request", "/donors");
            Assert.Equal(code, Assert.Single(refused.Body.GetProperty("errors").EnumerateArray()).Text("code"));
        }
    }

    [Fact]
    public async Task A_direct_header_promises_nothing_to_revise_or_withdraw()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var header = (await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100))).Text("pledgeId");
        await server.Editor.RefusedAsync($"/v1/pledges/{header}/revisions", """{ "change": 1, "date": "2026-07-01" }""", 404, "not_found");
        await server.Editor.RefusedAsync($"/v1/pledges/{header}/withdrawals", """{ "amount": 1, "date": "2026-07-01" }""", 404, "not_found");
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_null_clears_and_the_rest_stays()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000, more: """
            , "dueOn": "2027-01-01", "sectors": ["15220", "14030"], "earmarking": "earmarked", "description": { "en": "Water", "ar": "مياه" }, "note": { "en": "Note" }
            """);
        var path = $"/v1/pledges/{pledge}";
        var amended = await server.Editor.AmendAsync(path, """{ "dueOn": null, "description": { "en": "Water for Mosul" }, "sectors": ["72010"], "note": { "en": null, "ar": "ملاحظة" } }""");
        Assert.Equal(HttpStatusCode.OK, amended.Status);
        var read = await server.Client.ReadAsync(path);
        Assert.True(JsonElement.DeepEquals(amended.Body, read.Body));
        Assert.Equal(JsonValueKind.Null, read.Body.GetProperty("dueOn").ValueKind);
        Assert.Equal("Water for Mosul", read.Body.GetProperty("description").Text("en"));
        Assert.Equal("مياه", read.Body.GetProperty("description").Text("ar"));
        Assert.Equal("ملاحظة", read.Body.GetProperty("note").Text("ar"));
        Assert.Equal(JsonValueKind.Null, read.Body.GetProperty("note").GetProperty("en").ValueKind);
        Assert.Equal(["72010"], read.Body.GetProperty("sectors").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal("earmarked", read.Body.Text("earmarking"));
        // Both versions can be read.
        var change = await server.WholeAsync((await server.GetAsync($"{path}/history")).GetProperty("data").EnumerateArray().Single(c => c.Text("action") == "amended"));
        Assert.Equal("Water", change.GetProperty("before").GetProperty("description").Text("en"));
        Assert.Equal("Water for Mosul", change.GetProperty("after").GetProperty("description").Text("en"));
        // And the search finds the new words alone.
        Assert.Equal(1, (await server.GetAsync($"/v1/pledges?fund={fund}&q=mosul")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_patch_needs_the_strong_ETag_of_what_was_read()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var path = $"/v1/pledges/{await server.PledgeAsync(donor, fund, 1000)}";
        const string Patch = """{ "dueOn": "2027-01-01" }""";
        var tag = (await server.Client.ReadAsync(path)).EntityTag!;
        var version = await server.VersionAsync();
        var without = await server.Editor.SendAsync(HttpMethod.Patch, path, Patch);
        Assert.Equal(428, (int)without.Status);
        Assert.Equal("precondition_required", without.Code);
        foreach (var wrong in new[] { "\"1\"", "W/" + tag, "\"0.0.x\"", "nonsense", tag.Trim('"'), "" })
        {
            var refused = await server.Editor.SendAsync(HttpMethod.Patch, path, Patch, ("If-Match", wrong));
            Assert.True(refused.Status is HttpStatusCode.PreconditionFailed || (wrong.Length == 0 && (int)refused.Status == 428), $"{wrong}: {(int)refused.Status} {refused.Text}");
        }

        Assert.Equal(version, await server.VersionAsync());
        // Another record's change does not stand in the way.
        await server.FundAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.SendAsync(HttpMethod.Patch, path, Patch, ("If-Match", $"\"0.1\", {tag}"))).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await server.Editor.SendAsync(HttpMethod.Patch, path, Patch, ("If-Match", tag))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Editor.SendAsync(HttpMethod.Patch, "/v1/pledges/019b76da-a800-812c-979a-e8b431cc74cd", Patch, ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task What_decides_totals_is_not_patched_and_an_unknown_member_is_named()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var path = $"/v1/pledges/{await server.PledgeAsync(donor, fund, 1000)}";
        foreach (var (member, value, code) in new[]
        {
            ("fundId", "\"x\"", "not_allowed"), ("donors", "[]", "not_allowed"), ("currency", "\"EUR\"", "not_allowed"), ("instrument", "\"loan\"", "not_allowed"),
            ("countries", "[]", "not_allowed"), ("shared", "true", "not_allowed"), ("restates", "null", "not_allowed"), ("citations", "[]", "not_allowed"),
            ("amount", "5", "unknown_member"), ("status", "\"paid\"", "unknown_member"),
        })
        {
            var reply = await server.Editor.AmendAsync(path, $$"""{ "{{member}}": {{value}} }""");
            Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
            Assert.Equal(["/" + member], reply.Pointers);
            Assert.Equal(code, reply.Body.GetProperty("errors")[0].Text("code"));
        }
    }

    [Fact]
    public async Task Of_two_concurrent_patches_with_one_ETag_exactly_one_succeeds()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var path = $"/v1/pledges/{await server.PledgeAsync(donor, fund, 1000)}";
        for (var round = 0; round < 100; round++)
        {
            var tag = (await server.Client.ReadAsync(path)).EntityTag!;
            var replies = await Task.WhenAll(Enumerable.Range(0, 2).Select(who =>
                server.Editor.SendAsync(HttpMethod.Patch, path, $$"""{ "note": { "en": "Round {{round}}, {{who}}" } }""", ("If-Match", tag))));
            var won = Assert.Single(replies, r => r.Status == HttpStatusCode.OK);
            Assert.Single(replies, r => r.Status == HttpStatusCode.PreconditionFailed);
            Assert.Equal(won.Body.GetProperty("note").Text("en"), (await server.GetAsync(path)).GetProperty("note").Text("en"));
        }
    }

    [Fact]
    public async Task An_instalment_moved_by_a_patch_moves_the_day_from_which_the_pledge_is_overdue()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var path = $"/v1/pledges/{await server.PledgeAsync(donor, fund, 1000, more: """, "dueOn": "2026-06-01" """)}";
        Assert.True((await server.GetAsync(path)).GetProperty("overdue").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.AmendAsync(path, """{ "dueOn": "2027-06-01" }""")).Status);
        Assert.False((await server.GetAsync(path)).GetProperty("overdue").GetBoolean());
        var tooMuch = await server.Editor.AmendAsync(path, """{ "instalments": [{ "dueOn": "2027-01-01", "amount": 1000.01 }] }""");
        Assert.Equal(HttpStatusCode.BadRequest, tooMuch.Status);
        Assert.Contains("/instalments", tooMuch.Pointers);
    }

    [Fact]
    public async Task Reclassifying_moves_all_figures_and_leaves_the_old_header_void_with_nothing_rewritten()
    {
        var (donor, from, to) = (await server.OrganizationAsync(), await server.FundAsync(), await server.FundAsync());
        var old = await server.PledgeAsync(donor, from, 1000, more: """, "countries": ["IRQ"], "citations": [{ "sourceId": "press-note" }], "description": { "en": "Water" } """);
        var payment = await server.Editor.RecordAsync(Contributions, WriteServer.Under(old, "payment", 300, more: """, "externalId": "RC-1", "citations": [{ "sourceId": "press-note" }]"""));
        await server.Editor.RecordAsync($"/v1/pledges/{old}/withdrawals", """{ "amount": 100, "date": "2026-07-01" }""");
        var mistake = await server.Editor.RecordAsync(Contributions, WriteServer.Under(old, "payment", 7));
        await server.Editor.RecordAsync($"/v1/entries/{mistake.Id()}/reversal", $$"""{ {{Reason}} }""");
        await server.Editor.RecordAsync($"{Contributions}/{payment.Id()}/verifications", """{ "state": "verified" }""");
        var entries = await server.LedgerAsync(old);
        var figures = await server.FiguresAsync($"/v1/funds/{from}");
        var donors = await server.FiguresAsync($"/v1/donors/{donor}");

        var made = await server.Editor.RecordAsync($"/v1/pledges/{old}/reclassifications", $$"""{ "changes": { "fundId": "{{to}}", "instrument": "loan", "countries": null }, {{Reason}} }""");
        Assert.Equal(old, made.Text("reclassifies"));
        Assert.Equal("loan", made.Text("instrument"));
        Assert.Equal("Water", made.GetProperty("description").Text("en"));
        Assert.Equal(0, made.GetProperty("countries").GetArrayLength());
        Assert.Equal(1, made.GetProperty("citations").GetArrayLength());
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{from}"));
        Assert.Equal(figures, await server.FiguresAsync($"/v1/funds/{to}"));
        Assert.Equal(donors, await server.FiguresAsync($"/v1/donors/{donor}"));
        Assert.Equal(["loan"], (await server.GetAsync($"/v1/funds/{to}")).GetProperty("byInstrument").EnumerateArray().Select(i => i.Text("instrument")));
        Assert.Equal("void", (await server.GetAsync($"/v1/pledges/{old}")).Text("status"));
        // Every entry of before stands as it stood, and the live ones have one more that takes them back.
        var after = await server.LedgerAsync(old);
        Assert.Equal(entries.Count + 3, after.Count);
        foreach (var entry in entries)
        {
            var same = after.Single(e => e.Id() == entry.Id());
            Assert.Equal(entry.Number("amount"), same.Number("amount"));
            Assert.Equal(entry.Text("recordedAt"), same.Text("recordedAt"));
            Assert.NotNull(same.Text("reverses") ?? same.Text("reversedBy"));
        }

        var moved = (await server.GetAsync($"{Contributions}?fund={to}")).GetProperty("data").EnumerateArray().Single();
        Assert.Equal("RC-1", moved.Text("externalId"));
        Assert.Equal("verified", moved.Text("verification"));
        Assert.Equal(1, moved.GetProperty("citations").GetArrayLength());
        Assert.Equal(0, (await server.GetAsync($"{Contributions}?fund={from}")).GetProperty("data").GetArrayLength());
        await server.Editor.RefusedAsync($"/v1/pledges/{old}/reclassifications", $$"""{ "changes": { "instrument": "grant" }, {{Reason}} }""", 409, "conflict");
    }

    [Fact]
    public async Task A_reclassification_keeps_what_each_recorder_recorded_its_own()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        var body = WriteServer.Direct(donor, fund, "payment", 10, more: """, "externalId": "RC-2" """);
        var made = await recorder.RecordAsync(Contributions, body);
        await server.Editor.RecordAsync($"/v1/pledges/{made.Text("pledgeId")}/reclassifications", $$"""{ "changes": { "usageYears": [2027] }, {{Reason}} }""");
        var moved = (await server.GetAsync($"{Contributions}?fund={fund}")).GetProperty("data").EnumerateArray().Single();
        var again = await recorder.SendAsync(HttpMethod.Post, Contributions, body);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(moved.Id(), again.Body.Id());
        await recorder.RecordAsync($"/v1/entries/{moved.Id()}/reversal", $$"""{ {{Reason}} }""");
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task A_reclassification_names_things_that_exist_and_never_the_pledge_itself()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        foreach (var (changes, pointer) in new[]
        {
            ("{}", "/changes"), ("""{ "fundId": "nothing" }""", "/changes/fundId"), ("""{ "instrument": null }""", "/changes/instrument"), ("""{ "amount": 5 }""", "/changes/amount"),
            ($$"""{ "restates": "{{pledge}}" }""", "/changes/restates"), ("""{ "countries": ["ZZZ"] }""", "/changes/countries/0"),
        })
        {
            await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/reclassifications", $$"""{ "changes": {{changes}}, {{Reason}} }""", 400, "invalid_request", pointer);
        }

        await server.Editor.RefusedAsync("/v1/pledges/019b76da-a800-812c-979a-e8b431cc74cd/reclassifications", $$"""{ "changes": { "instrument": "loan" }, {{Reason}} }""", 404, "not_found");
    }

    [Fact]
    public async Task A_pledge_that_restates_another_stays_out_of_totals_until_it_is_reclassified()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var first = await server.PledgeAsync(donor, fund, 100);
        var second = await server.PledgeAsync(donor, fund, 100, more: $$""", "restates": "{{first}}" """);
        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Pledged);
        await server.Editor.RecordAsync($"/v1/pledges/{second}/reclassifications", $$"""{ "changes": { "restates": null }, {{Reason}} }""");
        Assert.Equal(200, (await server.FiguresAsync($"/v1/funds/{fund}")).Pledged);
    }

    [Fact]
    public async Task A_revision_takes_no_dollars_without_their_part_of_the_promise()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 100, "EUR", 110);
        string Body(decimal change, decimal usd) => JsonSerializer.Serialize(new { change, changeUsd = usd, date = "2026-04-01" });
        var refused = await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/revisions", Body(-40, -110), 400, "invalid_request", "/changeUsd");
        Assert.Contains("leaves 60 EUR", refused.Text, StringComparison.Ordinal);
        await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/revisions", Body(-40, -111), 409, "not_enough_then");
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", Body(-40, -109));
        // Nothing of the promise is left with dollars: what is left of them goes with it.
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", Body(-60, -0.5m));
        Assert.Equal(0, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Pledged);
    }

    [Fact]
    public async Task What_comes_before_a_promise_counts_is_told_from_which_day_it_does()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        // Dated to the year, and recorded in November: it counts from that day on.
        var pledge = await server.PledgeAsync(donor, fund, 100, announcedOn: "2026-12-31", more: """, "datePrecision": "year" """);
        foreach (var (path, body) in new[] { ("withdrawals", """{ "amount": 5, "date": "2026-11-20" }"""), ("revisions", """{ "change": -5, "date": "2026-11-20" }"""), ("revisions", """{ "change": 5, "date": "2026-11-20" }""") })
        {
            var refused = await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/{path}", body, 409, "not_enough_then");
            Assert.Contains("counts from 2026-11-21 on", refused.Body.Text("detail"), StringComparison.Ordinal);
        }

        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 5, "date": "2026-11-21" }""");
    }

    [Fact]
    public async Task Who_is_no_donor_of_the_pledge_is_told_beside_what_is_not_whole()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 100);
        foreach (var (path, body, pointer) in new[] { ("withdrawals", """{ "amount": -5, "date": "2026-04-01", "donorId": "nobody" }""", "/amount"), ("revisions", """{ "change": 0, "date": "2026-04-01", "donorId": "nobody" }""", "/change") })
        {
            var refused = await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/{path}", body, 400, "invalid_request", "/donorId");
            Assert.Equal([pointer, "/donorId"], refused.Pointers.Order(StringComparer.Ordinal));
            Assert.Contains($"Name one of this pledge's donors: {donor}.", refused.Text, StringComparison.Ordinal);
        }
    }
}
