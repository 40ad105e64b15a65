using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

public sealed class ChangedSinceTests(WriteServer server) : IClassFixture<WriteServer>
{
    private async Task<string> VersionAsync() => (await server.AskAsync("/version")).Header("Dataset-Version") ?? (await server.AskAsync("/v1/pledges")).Header("Dataset-Version")!;

    private async Task<List<string>> SinceAsync(string list, string version, int limit = 1) =>
        (await server.WalkAsync($"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}changedSince={version}", limit)).ConvertAll(Asking.Id);

    [Fact]
    public async Task Whatever_changed_is_sent_once_more_in_the_order_of_changing_reversed_and_void_included()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (first, second, third) = (await server.PledgeAsync(donor, fund, 1000), await server.PledgeAsync(donor, fund, 2000), await server.PledgeAsync(donor, fund, 3000));
        var paid = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(first, "payment", 100))).Id();
        var seen = await VersionAsync();
        Assert.Empty(await SinceAsync("/v1/pledges", seen));
        Assert.Empty(await SinceAsync("/v1/contributions", seen));
        var committed = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(third, "commitment", 100))).Id();
        await server.Editor.RecordAsync($"/v1/entries/{(await server.LedgerAsync(second))[0].Id()}/reversal", """{ "reason": { "en": "Wrong" } }""");
        await server.Editor.RecordAsync($"/v1/entries/{paid}/reversal", """{ "reason": { "en": "Wrong" } }""");
        Assert.Equal([third, second, first], await SinceAsync("/v1/pledges", seen));
        Assert.Equal([committed, paid], await SinceAsync("/v1/contributions", seen));
        // The sequence alone is enough for whoever trusts that the database is the same.
        Assert.Equal([committed, paid], await SinceAsync("/v1/contributions", seen.Split('-')[0]));
        seen = await VersionAsync();
        await server.Editor.RecordAsync($"/v1/contributions/{committed}/verifications", """{ "state": "verified" }""");
        Assert.Equal([committed], await SinceAsync("/v1/contributions", seen));
        seen = await VersionAsync();
        await server.Editor.RecordAsync($"/v1/contributions/{committed}/confirmations", $$"""{ "organizationId": "{{donor}}" }""");
        Assert.Equal([committed], await SinceAsync("/v1/contributions", seen));
        seen = await VersionAsync();
        await server.Editor.RecordAsync($"/v1/entries/{committed}/citations", """{ "citations": [{ "sourceId": "press-note" }] }""");
        Assert.Equal([committed], await SinceAsync("/v1/contributions", seen));
        Assert.Equal([third], await SinceAsync("/v1/pledges", seen));
    }

    [Fact]
    public async Task What_changes_between_two_pages_comes_at_the_end_and_nothing_is_missed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var seen = await VersionAsync();
        string[] pledges = [await server.PledgeAsync(donor, fund, 1), await server.PledgeAsync(donor, fund, 2), await server.PledgeAsync(donor, fund, 3)];
        var page = await server.GetAsync($"/v1/pledges?changedSince={seen}&fund={fund}&limit=1");
        Assert.Equal(pledges[0], page.GetProperty("data")[0].Id());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledges[0], "payment", 1));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledges[1], "payment", 2));
        var rest = new List<string>();
        while (page.Text("next") is { } next)
        {
            page = await server.GetAsync(next);
            rest.AddRange(page.GetProperty("data").EnumerateArray().Select(Asking.Id));
        }

        Assert.Equal([pledges[2], pledges[0], pledges[1]], rest);
    }

    [Fact]
    public async Task A_reclassified_or_merged_thing_is_sent_with_what_it_concerns()
    {
        var (donor, other, fund, second) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var paid = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 100))).Id();
        var seen = await VersionAsync();
        var moved = (await server.Editor.RecordAsync($"/v1/pledges/{pledge}/reclassifications", $$"""{ "changes": { "fundId": "{{second}}" }, "reason": { "en": "Another fund" } }""")).Id();
        Assert.Equal([pledge, moved], await SinceAsync("/v1/pledges", seen));
        var contributions = await SinceAsync("/v1/contributions", seen);
        Assert.Equal((2, paid), (contributions.Count, contributions[0]));
        seen = await VersionAsync();
        await server.Admin.RecordAsync($"/v1/organizations/{donor}/merge-into/{other}", "");
        var merged = (await server.WalkAsync($"/v1/organizations?changedSince={seen}", 1)).Single(o => o.Id() == donor);
        Assert.Equal(other, merged.Text("mergedInto"));
        Assert.DoesNotContain(await server.AllAsync("/v1/organizations"), o => o.Id() == donor);
        Assert.Contains(contributions[1], await SinceAsync("/v1/contributions", seen));
    }

    [Fact]
    public async Task Reference_data_is_pulled_by_what_changed()
    {
        var seen = await VersionAsync();
        var (organization, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (happening, source) = (server.NewId("event"), server.NewId("source"));
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{happening}}", "name": { "en": "A meeting" }, "startsOn": "2026-01-01" }""");
        await server.Editor.RecordAsync("/v1/sources", $$"""{ "id": "{{source}}", "title": { "en": "A note" }, "language": "en", "publishedOn": "2026-05-05", "reliability": "primary" }""");
        Assert.Equal([organization], await SinceAsync("/v1/organizations", seen));
        Assert.Equal([fund], await SinceAsync("/v1/funds", seen));
        Assert.Equal([happening], await SinceAsync("/v1/events", seen));
        Assert.Equal([source], await SinceAsync("/v1/sources", seen));
        Assert.Equal(fund, (await SinceAsync("/v1/funds", "0")).Last());
    }

    [Fact]
    public async Task Statements_and_indicators_are_pulled_by_what_changed_and_a_superseded_one_has_changed()
    {
        var fund = await server.FundAsync();
        var seen = await VersionAsync();
        var (first, second) = (await StateAsync(fund, "2026-01-10"), await StateAsync(fund, "2026-01-20"));
        var measured = (await server.Editor.RecordAsync("/v1/indicators", """{ "measure": "schools", "name": { "en": "Schools" }, "value": 3, "unit": "schools", "date": "2026-01-10" }""")).Id();
        // The second superseded the first: both changed then, in the order of their ids.
        Assert.Equal(new[] { first.Shortfall, second.Shortfall }.Order(StringComparer.Ordinal), await SinceAsync("/v1/shortfalls?basis=reported", seen));
        Assert.Equal(new[] { first.Requirement, second.Requirement }.Order(StringComparer.Ordinal), await SinceAsync("/v1/requirements", seen));
        Assert.Equal([measured], await SinceAsync("/v1/indicators", seen));
        Assert.Equal(4, (await SinceAsync("/v1/shortfalls", seen, 3)).Count);
        seen = await VersionAsync();
        Assert.Empty(await SinceAsync("/v1/shortfalls", seen));
        Assert.Empty(await SinceAsync("/v1/requirements", seen));
        Assert.Empty(await SinceAsync("/v1/indicators", seen));
        var third = await StateAsync(fund, "2026-01-30");
        var changed = await SinceAsync("/v1/shortfalls", seen);
        Assert.Equal(new[] { second.Shortfall, third.Shortfall, second.Requirement, third.Requirement }.Order(StringComparer.Ordinal), changed.Order(StringComparer.Ordinal));
        Assert.Equal(2, (await server.GetAsync($"/v1/requirements?changedSince={seen}&count=true")).GetProperty("count").GetInt32());
        Assert.Equal([second.Requirement], (await server.AllAsync($"/v1/requirements?changedSince={seen}&current=false")).Select(Asking.Id));

        async Task<(string Shortfall, string Requirement)> StateAsync(string fund, string statedOn) =>
            (await server.EnterAsync(enter => enter.ShortfallAsync(fund, 100, statedOn)), await server.EnterAsync(enter => enter.RequirementAsync(fund, 100, statedOn)));
    }

    [Fact]
    public async Task A_version_that_this_dataset_never_had_is_refused()
    {
        var seen = await VersionAsync();
        var (number, hash) = (long.Parse(seen.Split('-')[0], null), seen.Split('-')[1]);
        foreach (var list in new[] { "pledges", "contributions", "organizations", "funds", "events", "sources", "shortfalls", "requirements", "indicators", "countries" })
        {
            await server.RefusesAsync($"/v1/{list}?changedSince={number + 1}-{hash}", "?changedSince", "unknown_version");
            await server.RefusesAsync($"/v1/{list}?changedSince={number}-{(hash == "00000000" ? "00000001" : "00000000")}", "?changedSince", "unknown_version");
            await server.RefusesAsync($"/v1/{list}?changedSince=yesterday", "?changedSince", "invalid_id");
        }

        await server.RefusesAsync($"/v1/pledges?changedSince={seen}&sort=announcedOn", "?sort", "not_allowed");
    }
}

public sealed class OwnRecordsTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task Me_is_a_recorders_organization_whatever_its_key_and_an_editors_key()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var old = await server.ClientAsync("recorder", donor);
        using var editor = await server.ClientAsync("editor");
        var first = await old.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 1));
        using var renewed = server.WithToken((await old.RecordAsync("/v1/me/key", "")).Text("token")!);
        var second = await renewed.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 2));
        var editors = await editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 3));
        Assert.Equal([second.Id(), first.Id()], Ids(await renewed.ReadAsync("/v1/contributions?recordedBy=me")));
        Assert.Equal([editors.Id()], Ids(await editor.ReadAsync("/v1/contributions?recordedBy=me")));
        // A renewed key continues the one before.
        Assert.Equal([second.Id(), first.Id()], Ids(await server.Client.ReadAsync($"/v1/contributions?recordedBy={first.Text("recordedBy")}")));
        Assert.Equal([editors.Id(), second.Id(), first.Id()], Ids(await server.Client.ReadAsync($"/v1/contributions?recordedBy={donor},{editors.Text("recordedBy")}")));
        Assert.Equal([second.Text("pledgeId"), first.Text("pledgeId")], Ids(await renewed.ReadAsync("/v1/pledges?origin=direct&recordedBy=me")));
        Assert.Equal([editors.Text("pledgeId")], Ids(await editor.ReadAsync("/v1/pledges?origin=direct&recordedBy=me")));
        Assert.Equal([editors.Text("pledgeId"), second.Text("pledgeId"), first.Text("pledgeId")],
            Ids(await server.Client.ReadAsync($"/v1/pledges?origin=direct&recordedBy={donor},{editors.Text("recordedBy")}")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.SendAsync(HttpMethod.Get, "/v1/contributions?recordedBy=me")).Status);
        var own = await renewed.ReadAsync("/v1/contributions?recordedBy=me");
        Assert.Null(own.EntityTag);

        static IEnumerable<string?> Ids(Reply reply) => reply.Body.GetProperty("data").EnumerateArray().Select(Asking.Id).ToList();
    }

    [Fact]
    public async Task Pledges_are_found_by_what_was_found_of_their_contributions()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (first, second) = (await server.PledgeAsync(donor, fund, 1000), await server.PledgeAsync(donor, fund, 1000));
        var paid = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(first, "payment", 1));
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(second, "payment", 2));
        await server.Editor.RecordAsync($"/v1/contributions/{paid.Id()}/verifications", """{ "state": "disputed", "note": { "en": "Nobody saw it" } }""");
        Assert.Equal([first], (await server.AllAsync($"/v1/pledges?fund={fund}&verification=disputed")).Select(Asking.Id));
        Assert.Equal([second], (await server.AllAsync($"/v1/pledges?fund={fund}&verification=reported")).Select(Asking.Id));
        Assert.Equal([second, first], (await server.AllAsync($"/v1/pledges?fund={fund}&verification=reported,disputed")).Select(Asking.Id));
    }

    [Fact]
    public async Task One_of_several_values_that_is_malformed_is_refused_by_its_parameter()
    {
        await server.RefusesAsync("/v1/pledges?donor=usa,,deu", "?donor", "invalid_id");
        await server.RefusesAsync("/v1/pledges?donor=usa,D E U", "?donor", "invalid_id");
        await server.RefusesAsync("/v1/contributions?country=IRQ,XXX", "?country", "unknown_code");
        await server.RefusesAsync("/v1/contributions?stage=payment,paid", "?stage", "not_one_of");
        await server.RefusesAsync($"/v1/pledges?fund={string.Join(',', Enumerable.Range(0, 51).Select(i => $"fund-{i}"))}", "?fund", "too_many");
        await server.RefusesAsync("/v1/contributions?recordedBy=key:", "?recordedBy", "invalid_id");
    }
}
