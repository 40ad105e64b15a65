using System.Net;
using System.Text;
using System.Text.Json;
using PledgeTracker.Tests.Db;

namespace PledgeTracker.Tests.Redactions;

public sealed class RedactRecordTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Redactions = "/v1/redactions";

    // Whose name had no business there; no other text of these tests has it.
    private const string Name = "Zanzibarov";

    private static string Body(string entity, string id) => $$"""{ "entity": "{{entity}}", "id": "{{id}}", "reason": { "en": "It named a private person", "ar": "ورد فيه اسم شخص" } }""";

    private Task<JsonElement> RedactAsync(string entity, string id) => server.Admin.RecordAsync(Redactions, Body(entity, id));

    [Fact]
    public async Task A_redaction_blanks_the_text_of_a_contribution_wherever_it_is_shown_and_keeps_everything_else()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 333.33m, "EUR", more: $$"""
            , "amountUsd": 361.07, "reference": "By {{Name}}", "note": { "en": "Signed by {{Name}}", "ar": "وقعه {{Name}}" }, "externalId": "N-1",
            "citations": [{ "sourceId": "press-note", "quote": "{{Name}} said so", "note": { "en": "{{Name}}, in person" } }]
            """));
        await server.Editor.RecordAsync($"/v1/contributions/{made.Id()}/verifications", $$"""{ "state": "disputed", "note": { "en": "{{Name}} denies it" } }""");
        await server.Editor.RecordAsync($"/v1/contributions/{made.Id()}/confirmations", $$"""{ "organizationId": "{{donor}}", "note": { "en": "{{Name}} confirms it" } }""");
        var before = await server.FiguresAsync($"/v1/pledges/{pledge}");

        var reply = await server.Admin.SendAsync(HttpMethod.Post, Redactions, Body("contribution", made.Id()));
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        var redaction = reply.Body;
        Assert.Equal(("contribution", made.Id(), "It named a private person", "ورد فيه اسم شخص"),
            (redaction.Text("entity"), redaction.Text("entityId"), redaction.GetProperty("reason").Text("en"), redaction.GetProperty("reason").Text("ar")));
        Assert.Equal(["note", "quote", "reference"], redaction.GetProperty("members").EnumerateArray().Select(m => m.GetString()!));
        Assert.Equal(3, redaction.GetProperty("changes").GetArrayLength());
        Assert.Equal(0, redaction.GetProperty("copies").GetArrayLength());
        Assert.Contains("Backups", redaction.Text("notice"), StringComparison.Ordinal);
        Assert.Contains("الاحتياطية", (await server.GetAsync($"{Redactions}?record={made.Id()}&lang=ar")).GetProperty("data")[0].Text("notice"), StringComparison.Ordinal);
        Assert.Equal(redaction.Id(), (await server.GetAsync(Redactions)).GetProperty("data")[0].Id());

        var shown = await server.GetAsync($"/v1/contributions/{made.Id()}");
        Assert.Equal((333.33m, "EUR", 361.07m, "2026-06-01", "N-1"), (shown.Number("amount"), shown.Text("currency"), shown.Number("amountUsd"), shown.Text("date"), shown.Text("externalId")));
        Assert.Equal((null, JsonValueKind.Null), (shown.Text("reference"), shown.GetProperty("note").ValueKind));
        Assert.Equal(("press-note", null, null), (shown.GetProperty("citations")[0].GetProperty("source").Id(), shown.GetProperty("citations")[0].Text("quote"), shown.GetProperty("citations")[0].Text("note")));
        var said = shown.GetProperty("redacted");
        Assert.Equal((redaction.Id(), redaction.Text("redactedAt"), "It named a private person"), (said.Id(), said.Text("at"), said.GetProperty("reason").Text("en")));
        Assert.Equal("disputed", shown.Text("verification"));
        Assert.Equal(redaction.Id(), (await server.LedgerAsync(pledge)).Single(e => e.Id() == made.Id()).GetProperty("redacted").Id());
        Assert.Equal(before, await server.FiguresAsync($"/v1/pledges/{pledge}"));
        foreach (var path in new[] { $"/v1/contributions/{made.Id()}", $"/v1/contributions/{made.Id()}/history", $"/v1/pledges/{pledge}", $"/v1/pledges/{pledge}/ledger", $"/v1/pledges/{pledge}/history",
            $"/v1/contributions?donor={donor}", "/v1/sources/press-note", "/v1/changes?limit=500", Redactions })
        {
            Assert.DoesNotContain(Name, (await server.Client.ReadAsync(path)).Text, StringComparison.OrdinalIgnoreCase);
        }

        var history = (await server.GetAsync($"/v1/contributions/{made.Id()}/history")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["created", "disputed", "confirmed", "redacted"], history.ConvertAll(change => change.Text("action")));
        Assert.All(history.Take(3), change => Assert.Equal(redaction.GetProperty("sequence").GetInt64(), change.GetProperty("redactedBy").GetInt64()));
        var sent = (await server.WholeAsync(history[0])).GetProperty("after");
        Assert.Equal((333.33m, "N-1"), (sent.Number("amount"), sent.Text("externalId")));
        Assert.Equal(JsonValueKind.Null, history[3].GetProperty("redactedBy").ValueKind);
    }

    [Fact]
    public async Task Verify_tells_what_was_redacted_from_what_was_tampered_with()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 100, more: $$""", "note": { "en": "Signed by {{Name}}" } """));
        var other = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 200, more: """, "note": { "en": "Left alone" } """));
        var redaction = await RedactAsync("contribution", made.Id());
        var change = redaction.GetProperty("changes")[0].GetInt64();
        var untouched = (await server.GetAsync($"/v1/contributions/{other.Id()}/history")).GetProperty("data")[0].GetProperty("sequence").GetInt64();
        var verified = await server.VerifyAsync();
        Assert.Equal(0, verified.ExitCode);
        Assert.Matches($@"Redacted, which is no fault: changes?[\d, ]* {change}[,.]", verified.Output);
        Assert.Contains("Clean: ", verified.Output, StringComparison.Ordinal);
        var found = (await server.Admin.ReadAsync($"/v1/changes/verify?from={change}&to={change}")).Body;
        Assert.True(found.GetProperty("clean").GetBoolean());
        Assert.Equal([change], found.GetProperty("redacted").EnumerateArray().Select(r => r.GetInt64()));

        var by = redaction.GetProperty("sequence").GetInt64();
        foreach (var (sql, fault) in new[]
        {
            ($"UPDATE change SET body = replace(body, '\"amount\":100', '\"amount\":900') WHERE seq = {change}", $"change {change}: it is not what its redaction left of it"),
            ($"UPDATE change SET redacted_by = NULL, body_hash = body_hash WHERE seq = {change}", $"change {change}: its text was blanked, and no redaction names it"),
            ($"UPDATE change SET body = replace(body, 'Left alone', 'x'), redacted_by = {by}, body_hash = (SELECT body_hash FROM change WHERE seq = {change}) WHERE seq = {untouched}", $"change {untouched}: its text was blanked, and no redaction names it"),
            ($"UPDATE change SET body = replace(body, 'Left alone', 'x') WHERE seq = {untouched}", $"change {untouched}: its hash does not follow"),
            ($"UPDATE change SET body_hash = hash WHERE seq = {change}", $"change {change}: its hash does not follow"),
            ($"UPDATE change SET body = 'no json' WHERE seq = {by}", $"change {change}: its text was blanked, and no redaction names it"),
        })
        {
            await using var copy = await server.CopyAsync();
            await using (var connection = await copy.OpenDatabaseAsync(unguarded: true))
            {
                if (TestDatabase.IsPostgres)
                {
                    await connection.ExecuteAsync("ALTER TABLE change DROP CONSTRAINT change_check");
                }

                await connection.ExecuteAsync(sql);
            }

            var broken = await copy.VerifyAsync();
            Assert.True(broken.ExitCode == 1 && broken.Output.Split('\n').Any(line => line.StartsWith(fault, StringComparison.Ordinal)), $"{sql}\n{broken.Output}{broken.Error}");
        }
    }

    [Fact]
    public async Task The_same_words_go_where_a_reclassification_a_replacement_and_a_reversal_took_them()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000, more: $$""", "description": { "en": "Promised by {{Name}}" }, "citations": [{ "sourceId": "press-note", "quote": "as {{Name}} said" }] """);
        var paid = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 100, more: $$""", "note": { "en": "Paid by {{Name}}" } """));
        var alone = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 50, more: """, "note": { "en": "An innocent note" } """));
        var moved = (await server.Editor.RecordAsync($"/v1/pledges/{pledge}/reclassifications", $$"""{ "changes": { "instrument": "loan" }, "reason": { "en": "{{Name}} lent it" } }""")).Id();
        var copy = (await server.LedgerAsync(moved)).Single(e => e.Number("amount") == 100).Id();
        var replaced = (await server.Editor.RecordAsync($"/v1/entries/{copy}/replacement", $$"""{ "changes": { "amount": 90 }, "reason": { "en": "{{Name}} miscounted" } }""")).Id();

        var ofEntry = await RedactAsync("entry", copy);
        var reversal = (await server.GetAsync($"/v1/contributions/{copy}")).Text("reversedBy");
        Assert.Equal(new[] { $"entry {paid.Id()}", $"entry {reversal}", $"entry {replaced}" }.Order(StringComparer.Ordinal), CopiesOf(ofEntry).Order(StringComparer.Ordinal));
        var ofPledge = await RedactAsync("pledge", moved);
        Assert.Contains($"pledge {pledge}", CopiesOf(ofPledge));
        Assert.Equal(JsonValueKind.Null, (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("description").ValueKind);
        Assert.Equal(ofPledge.Id(), (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("redacted").Id());
        // Why it was reclassified is said in the change of the pledge that it was, and in its reversals.
        Assert.Contains(Name, (await server.Client.ReadAsync($"/v1/pledges/{pledge}/history")).Text, StringComparison.Ordinal);
        await RedactAsync("pledge", pledge);
        foreach (var path in new[] { pledge, moved }.SelectMany(id => new[] { $"/v1/pledges/{id}", $"/v1/pledges/{id}/ledger", $"/v1/pledges/{id}/history" }))
        {
            Assert.DoesNotContain(Name, (await server.Client.ReadAsync(path)).Text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("An innocent note", (await server.GetAsync($"/v1/contributions/{alone.Id()}")).GetProperty("note").Text("en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redacting_a_reversal_takes_its_reason_and_leaves_what_was_reversed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 100, more: """, "note": { "en": "An innocent note" } """));
        var reversal = await server.Editor.RecordAsync($"/v1/entries/{made.Id()}/reversal", $$"""{ "reason": { "en": "{{Name}} never paid" } }""");
        await RedactAsync("entry", reversal.Id());
        var shown = await server.GetAsync($"/v1/contributions/{made.Id()}");
        Assert.Equal(("An innocent note", JsonValueKind.Null), (shown.GetProperty("note").Text("en"), shown.GetProperty("reversalReason").ValueKind));
        Assert.DoesNotContain(Name, (await server.Client.ReadAsync($"/v1/contributions/{made.Id()}/history")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_of_a_direct_contribution_goes_with_it_or_with_its_header()
    {
        var donor = await server.OrganizationAsync();
        foreach (var entity in new[] { "contribution", "pledge" })
        {
            var fund = await server.FundAsync();
            var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "commitment", 100, more: $$""", "description": { "ar": "من {{Name}}" } """));
            var header = made.Text("pledgeId")!;
            Assert.Equal(HttpStatusCode.OK, (await server.Editor.AmendAsync($"/v1/pledges/{header}", """{ "sectors": ["14030"] }""")).Status);
            await RedactAsync(entity, entity == "pledge" ? header : made.Id());
            Assert.Equal(JsonValueKind.Null, (await server.GetAsync($"/v1/pledges/{header}")).GetProperty("description").ValueKind);
            Assert.DoesNotContain(Name, (await server.Client.ReadAsync($"/v1/pledges/{header}/history")).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_kind_of_record_that_has_free_text_is_redacted_and_keeps_its_names()
    {
        var (fund, text) = (await server.FundAsync(), $$"""{ "en": "By {{Name}}", "ar": "من {{Name}}" }""");
        var (organization, programme, summit, note) = (server.NewId("redacted"), server.NewId("redacted"), server.NewId("redacted"), server.NewId("redacted"));
        var cited = $$"""[{ "sourceId": "press-note", "quote": "{{Name}} said" }]""";
        await server.Editor.RecordAsync("/v1/organizations", $$"""{ "id": "{{organization}}", "name": { "en": "Kept" }, "type": "22", "description": {{text}} }""");
        await server.Editor.RecordAsync("/v1/funds", $$"""{ "id": "{{programme}}", "name": { "en": "Kept" }, "kind": "programme", "description": {{text}} }""");
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{summit}}", "name": { "en": "Kept" }, "startsOn": "2026-01-05", "description": {{text}}, "citations": {{cited}} }""");
        await server.Editor.RecordAsync("/v1/sources", $$"""{ "id": "{{note}}", "title": { "en": "Kept" }, "language": "en", "publishedOn": "2026-01-05", "reliability": "primary", "note": {{text}} }""");
        var requirement = (await server.Editor.RecordAsync("/v1/requirements", $$"""
            { "fundId": "{{fund}}", "kind": "original", "amount": 77, "currency": "USD", "statedOn": "2026-01-05", "statedBy": {{text}}, "note": {{text}}, "citations": {{cited}} }
            """)).Id();
        var shortfall = (await server.Editor.RecordAsync("/v1/shortfalls", $$"""{ "fundId": "{{fund}}", "amount": 77, "currency": "USD", "statedOn": "2026-01-05", "statedBy": {{text}}, "note": {{text}}, "citations": {{cited}} }""")).Id();
        var indicator = (await server.Editor.RecordAsync("/v1/indicators", $$"""
            { "measure": "people-{{fund}}", "name": { "en": "Kept" }, "value": 77, "unit": "people", "date": "2026-01-05", "fundId": "{{fund}}", "note": {{text}}, "citations": {{cited}} }
            """)).Id();
        // What a text said before it was amended stands in the changes alone.
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.AmendAsync($"/v1/organizations/{organization}", """{ "description": null }""")).Status);
        foreach (var (entity, id, path, kept) in new[]
        {
            ("organization", organization, $"/v1/organizations/{organization}", "Kept"), ("fund", programme, $"/v1/funds/{programme}", "Kept"), ("event", summit, $"/v1/events/{summit}", "Kept"),
            ("source", note, $"/v1/sources/{note}", "Kept"), ("requirement", requirement, $"/v1/requirements?fund={fund}", "77"), ("shortfall", shortfall, $"/v1/shortfalls/{shortfall}", "77"),
            ("indicator", indicator, $"/v1/indicators?fund={fund}", "Kept"),
        })
        {
            var redaction = await RedactAsync(entity, id);
            var shown = (await server.Client.ReadAsync(path)).Text;
            Assert.DoesNotContain(Name, shown, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(redaction.Id(), shown, StringComparison.Ordinal);
            Assert.Contains(kept, shown, StringComparison.Ordinal);
            Assert.NotEqual(0, redaction.GetProperty("changes").GetArrayLength());
            Assert.Equal($"{Redactions}?record={id}", (await server.Admin.RefusedAsync(Redactions, Body(entity, id), 409, "conflict")).Body.Text("existing"));
        }

        Assert.DoesNotContain(Name, (await server.Client.ReadAsync("/v1/changes?limit=500&sort=-sequence")).Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_retry_of_what_was_redacted_gets_the_answer_without_the_words_and_records_nothing()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var sent = WriteServer.Direct(donor, fund, "payment", 100, more: $$""", "externalSystem": "ours", "externalId": "{{fund}}", "reference": "{{Name}} 1", "note": { "en": "By {{Name}}" }, "description": { "en": "For {{Name}}" } """);
        var made = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", sent, ("Idempotency-Key", "redacted-1"));
        await RedactAsync("contribution", made.Body.Id());
        var replayed = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", sent, ("Idempotency-Key", "redacted-1"));
        Assert.Equal((HttpStatusCode.Created, true, made.Body.Id()), (replayed.Status, replayed.Replayed, replayed.Body.Id()));
        Assert.DoesNotContain(Name, replayed.Text, StringComparison.Ordinal);
        var again = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", sent);
        Assert.Equal((HttpStatusCode.OK, made.Body.Id()), (again.Status, again.Body.Id()));
        Assert.DoesNotContain(Name, again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_of_what_lost_a_text_to_another_s_redaction_is_still_the_same()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var first = await server.Editor.RecordAsync("/v1/contributions", Body(1));
        var second = await server.Editor.RecordAsync("/v1/contributions", Body(2));
        await RedactAsync("contribution", first.Id());
        Assert.Equal(("Transfer 2", JsonValueKind.Null), (await server.GetAsync($"/v1/contributions/{second.Id()}")) is var shown ? (shown.Text("reference"), shown.GetProperty("note").ValueKind) : default);
        foreach (var (made, n) in new[] { (first, 1), (second, 2) })
        {
            var again = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", Body(n));
            Assert.True(again.Status == HttpStatusCode.OK && again.Body.Id() == made.Id(), again.Text);
        }

        string Body(int n) => WriteServer.Under(pledge, "payment", n, more: $$""", "externalSystem": "ours", "externalId": "{{pledge}}-{{n}}", "reference": "Transfer {{n}}", "note": { "en": "By {{Name}}" } """);
    }

    [Fact]
    public async Task Nothing_of_the_words_is_left_in_the_database()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var (donor, fund) = (await own.OrganizationAsync(), await own.FundAsync());
        // Enough beside it that pages are split and parts of the index merged.
        for (var i = 0; i < 40; i++)
        {
            await own.PledgeAsync(donor, fund, 1000 + i, more: $$""", "description": { "en": "Pledge {{i}} for water, roads and schools {{new string('x', 300)}}" } """);
        }

        var pledge = (await own.Editor.SendAsync(HttpMethod.Post, "/v1/pledges", WriteServer.PledgeBody(donor, fund, 5000, more: $$"""
            , "description": { "en": "Promised by {{Name}}", "ar": "وعد به {{Name}}" }, "note": { "en": "{{Name}} {{string.Concat(Enumerable.Repeat("of a long line, ", 600))}}" },
            "citations": [{ "sourceId": "press-note", "quote": "{{Name}} said so" }]
            """), ("Idempotency-Key", "long"))).Body.Id();
        Assert.Equal(HttpStatusCode.OK, (await own.Editor.AmendAsync($"/v1/pledges/{pledge}", $$"""{ "note": { "en": "{{Name}} again" } }""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await own.Editor.AmendAsync($"/v1/pledges/{pledge}", """{ "note": { "en": "Nobody" } }""")).Status);
        Assert.Equal(pledge, (await own.GetAsync($"/v1/pledges?q={Name}")).GetProperty("data")[0].Id());
        for (var i = 0; i < 20; i++)
        {
            await own.PledgeAsync(donor, fund, 3000 + i, more: $$""", "description": { "en": "Later pledge {{i}}" } """);
        }

        await own.Admin.RecordAsync(Redactions, Body("pledge", pledge));
        Assert.Empty((await own.GetAsync($"/v1/pledges?q={Name}")).GetProperty("data").EnumerateArray());
        await using var connection = await own.OpenDatabaseAsync();
        if (TestDatabase.IsPostgres)
        {
            foreach (var table in connection.Query<string>("SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"))
            {
                Assert.Empty(connection.Query<string>($"SELECT t::text FROM {table} t WHERE t::text ILIKE '%{Name}%' OR t::text ILIKE '%{Convert.ToHexString(Encoding.UTF8.GetBytes(Name))}%'"));
            }

            Assert.Empty(connection.Query<string>($"SELECT tablename || attname FROM pg_stats WHERE most_common_vals::text ILIKE '%{Name}%' OR histogram_bounds::text ILIKE '%{Name}%'"));
            return;
        }

        foreach (var file in Directory.GetFiles(own.Folder))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.False(Encoding.Latin1.GetString(bytes).Contains(Name, StringComparison.OrdinalIgnoreCase), $"{Path.GetFileName(file)} still holds it.");
        }
    }

    [Fact]
    public async Task Only_an_admin_redacts()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 100, more: """, "note": { "en": "A note" } """));
        using var recorder = await server.ClientAsync("recorder", donor);
        await recorder.RefusedAsync(Redactions, Body("contribution", made.Id()), 403, "forbidden");
        await server.Editor.RefusedAsync(Redactions, Body("contribution", made.Id()), 403, "forbidden");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.SendAsync(HttpMethod.Post, Redactions, Body("contribution", made.Id()))).Status);
        Assert.Equal("A note", (await server.GetAsync($"/v1/contributions/{made.Id()}")).GetProperty("note").Text("en"));
    }

    [Fact]
    public async Task What_is_not_there_has_no_text_or_is_not_explained_is_refused()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        foreach (var entity in new[] { "organization", "fund", "event", "source", "requirement", "shortfall", "indicator", "pledge", "contribution", "entry" })
        {
            var refused = await server.Admin.RefusedAsync(Redactions, Body(entity, "nothing-of-this-name"), 400, "invalid_request", "/id");
            Assert.Contains("unknown_reference", refused.Text, StringComparison.Ordinal);
        }

        // An entry of a pledge is no contribution.
        await server.Admin.RefusedAsync(Redactions, Body("contribution", (await server.LedgerAsync(pledge))[0].Id()), 400, "invalid_request", "/id");
        Assert.Contains($"Did you mean {fund}?", (await server.Admin.RefusedAsync(Redactions, Body("fund", fund + "x"), 400, "invalid_request", "/id")).Text, StringComparison.Ordinal);
        await server.Admin.RefusedAsync(Redactions, Body("exchange_rate", "eur"), 400, "invalid_request", "/entity");
        await server.Admin.RefusedAsync(Redactions, $$"""{ "entity": "pledge", "id": "{{pledge}}" }""", 400, "invalid_request", "/reason");
        await server.Admin.RefusedAsync(Redactions, $$"""{ "entity": "pledge", "id": "{{pledge}}", "reason": { "en": "" } }""", 400, "invalid_request");
        await server.Admin.RefusedAsync(Redactions, Body("pledge", pledge), 409, "conflict");
        Assert.Empty((await server.GetAsync($"{Redactions}?record={pledge}")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_dry_run_says_what_would_go_and_a_retry_with_a_key_is_answered_once()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 100, more: """, "note": { "en": "A note" } """));
        var version = await server.VersionAsync();
        var tried = await server.Admin.RecordAsync($"{Redactions}?dryRun=true", Body("contribution", made.Id()));
        Assert.Equal(1, tried.GetProperty("changes").GetArrayLength());
        Assert.Equal((version, "A note"), (await server.VersionAsync(), (await server.GetAsync($"/v1/contributions/{made.Id()}")).GetProperty("note").Text("en")));
        var first = await server.Admin.SendAsync(HttpMethod.Post, Redactions, Body("contribution", made.Id()), ("Idempotency-Key", "redaction-1"));
        var second = await server.Admin.SendAsync(HttpMethod.Post, Redactions, Body("contribution", made.Id()), ("Idempotency-Key", "redaction-1"));
        Assert.Equal((HttpStatusCode.Created, false, true), (first.Status, first.Replayed, second.Replayed));
        Assert.Equal(version + 1, await server.VersionAsync());
    }

    [Fact]
    public async Task A_record_that_is_told_more_of_is_redacted_again()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 100, more: """, "note": { "en": "A note" } """))).Id();
        var first = await RedactAsync("contribution", made);
        await server.Editor.RecordAsync($"/v1/entries/{made}/citations", $$"""{ "citations": [{ "sourceId": "press-note", "quote": "{{Name}} once more" }] }""");
        var second = await RedactAsync("contribution", made);
        Assert.NotEqual(first.Id(), second.Id());
        var shown = await server.GetAsync($"/v1/contributions/{made}");
        Assert.Equal((second.Id(), null), (shown.GetProperty("redacted").Id(), shown.GetProperty("citations")[0].Text("quote")));
        await server.AssertCleanAsync();
    }

    private static IEnumerable<string> CopiesOf(JsonElement redaction) => redaction.GetProperty("copies").EnumerateArray().Select(copy => $"{copy.Text("entity")} {copy.Id()}");
}
