using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Keys;

public sealed class MeTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_holder_is_told_the_keys_role_its_organization_and_its_end()
    {
        var organization = await server.OrganizationAsync();
        var ends = server.Clock!.Now.AddDays(30);
        using var recorder = server.WithToken(await server.TokenAsync("recorder", organization, ends));
        var me = await recorder.ReadAsync("/v1/me");
        Assert.Equal(("recorder", "test"), (me.Body.Text("role"), me.Body.Text("name")));
        Assert.Equal(organization, me.Body.GetProperty("organization").Id());
        Assert.Equal(organization, me.Body.GetProperty("organization").Text("name"));
        Assert.Equal(ends, me.Body.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.Null(me.EntityTag);
        var admin = (await server.Admin.ReadAsync("/v1/me")).Body;
        Assert.Equal("admin", admin.Text("role"));
        Assert.Equal(JsonValueKind.Null, admin.GetProperty("organization").ValueKind);
        Assert.Equal(JsonValueKind.Null, admin.GetProperty("expiresAt").ValueKind);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.SendAsync(HttpMethod.Get, "/v1/me")).Status);
    }

    [Fact]
    public async Task A_recorder_gets_a_new_key_and_the_old_one_ends_after_an_hour()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var organization = await own.OrganizationAsync();
        var ends = own.Clock!.Now.AddDays(30);
        using var old = own.WithToken(await own.TokenAsync("recorder", organization, ends));
        var made = await old.RecordAsync("/v1/me/key", "");
        Assert.Equal(("recorder", organization), (made.GetProperty("key").Text("role"), made.GetProperty("key").Text("organizationId")));
        Assert.Equal(ends, made.GetProperty("key").GetProperty("expiresAt").GetDateTimeOffset());
        using var renewed = own.WithToken(made.Text("token")!);
        own.Clock.Now += TimeSpan.FromMinutes(59);
        Assert.Equal(own.Clock.Now.AddMinutes(1), (await old.ReadAsync("/v1/me")).Body.GetProperty("expiresAt").GetDateTimeOffset());
        // Its hour is for bringing the new key to where the old one is sent, not for having another.
        await old.RefusedAsync("/v1/me/key", "", 409, "conflict");
        own.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(HttpStatusCode.Unauthorized, (await old.SendAsync(HttpMethod.Get, "/v1/me")).Status);
        Assert.Equal(ends, (await renewed.ReadAsync("/v1/me")).Body.GetProperty("expiresAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_renewed_key_continues_the_one_before()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var (donor, fund) = (await own.OrganizationAsync(), await own.FundAsync());
        using var first = await own.ClientAsync("editor");
        var actor = (await first.ReadAsync("/v1/me")).Body.Text("actor")!;
        var body = WriteServer.Direct(donor, fund, "payment", 12);
        var made = await first.RecordAsync("/v1/contributions", body, ("Idempotency-Key", "mine"));
        var pledge = (await first.RecordAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 500))).Id();
        var second = await first.RecordAsync("/v1/me/key", "");
        using var holder = own.WithToken(second.Text("token")!);
        var third = await holder.RecordAsync("/v1/me/key", "");
        using var renewed = own.WithToken(third.Text("token")!);

        // One actor, who finds what was recorded with any of the keys.
        Assert.Equal(actor, (await renewed.ReadAsync("/v1/me")).Body.Text("actor"));
        Assert.Equal([made.Id()], (await renewed.ReadAsync("/v1/contributions?recordedBy=me")).Body.GetProperty("data").EnumerateArray().Select(c => c.Id()));
        Assert.Equal([pledge], (await renewed.ReadAsync("/v1/pledges?recordedBy=me")).Body.GetProperty("data").EnumerateArray().Select(p => p.Id()));
        // What is sent again is not recorded again.
        var again = await renewed.SendAsync(HttpMethod.Post, "/v1/contributions", body, ("Idempotency-Key", "mine"));
        Assert.Equal((HttpStatusCode.Created, made.Id(), true), (again.Status, again.Body.Id(), again.Replayed));
        Assert.Equal(actor, (await renewed.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 13))).Text("recordedBy"));
        Assert.Equal(3, (await own.AllAsync($"/v1/changes?actor={actor}")).Count);
        // An admin sees how they hang together, and ends all of them with any.
        var keys = (await own.Admin.ReadAsync("/v1/keys")).Body.GetProperty("data").EnumerateArray().ToDictionary(key => key.Id(), key => key.Text("continues"));
        Assert.Equal((null, actor["key:".Length..], actor["key:".Length..]), (keys[actor["key:".Length..]], keys[second.GetProperty("key").Id()], keys[third.GetProperty("key").Id()]));
        await own.Admin.SendAsync(HttpMethod.Delete, $"/v1/keys/{actor["key:".Length..]}");
        foreach (var client in new[] { first, holder, renewed })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(HttpMethod.Get, "/v1/me")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await own.Editor.SendAsync(HttpMethod.Get, "/v1/me")).Status);
    }

    [Fact]
    public async Task Changes_are_found_by_the_organization_whose_keys_made_them()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var (donor, other, fund) = (await own.OrganizationAsync(), await own.OrganizationAsync(), await own.FundAsync());
        using var recorder = await own.ClientAsync("recorder", donor);
        using var colleague = await own.ClientAsync("recorder", donor);
        using var stranger = await own.ClientAsync("recorder", other);
        List<string> made = [(await recorder.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 12))).Id()];
        using var renewed = own.WithToken((await recorder.RecordAsync("/v1/me/key", "")).Text("token")!);
        made.Add((await renewed.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 13))).Id());
        made.Add((await colleague.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 14))).Id());
        var theirs = (await stranger.RecordAsync("/v1/contributions", WriteServer.Direct(other, fund, "payment", 15))).Id();
        var changes = await own.AllAsync($"/v1/changes?actor={donor}");
        Assert.Equal(made, changes.Select(c => c.Text("entityId")));
        Assert.All(changes, c => Assert.Equal(donor, c.RefId("actorFor")));
        Assert.Equal([.. made, theirs], (await own.AllAsync($"/v1/changes?actor={donor},{other}")).Select(c => c.Text("entityId")));
        Assert.Empty(await own.AllAsync("/v1/changes?actor=nobody-known"));
        // By the name of before it is found, too.
        await own.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{other}/merge-into/{donor}");
        Assert.Equal([.. made, theirs], (await own.AllAsync($"/v1/changes?actor={other}")).Select(c => c.Text("entityId")));
    }

    [Fact]
    public async Task A_renewal_is_not_kept_for_an_Idempotency_Key_and_leaves_no_change()
    {
        using var editor = await server.ClientAsync("editor");
        var version = await server.VersionAsync();
        var refused = await editor.SendAsync(HttpMethod.Post, "/v1/me/key", null, ("Idempotency-Key", "mine"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(["Idempotency-Key"], refused.Pointers);
        await editor.RecordAsync("/v1/me/key", "");
        Assert.Equal(version, await server.VersionAsync());
    }

    [Fact]
    public async Task Whoever_recorded_something_is_shown_with_the_name_of_its_organization()
    {
        var (donor, fund) = (server.NewId("donor"), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/organizations", $$"""{ "id": "{{donor}}", "name": { "en": "The donor", "ar": "المانح" }, "type": "10" }""");
        using var recorder = await server.ClientAsync("recorder", donor);
        var made = await recorder.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 12));
        Assert.Equal("The donor", made.GetProperty("recordedFor").Text("name"));
        Assert.Equal("المانح", (await server.GetAsync($"/v1/contributions/{made.Id()}?lang=ar")).GetProperty("recordedFor").Text("name"));
        var entry = Assert.Single(await server.LedgerAsync(made.Text("pledgeId")!));
        Assert.Equal(donor, entry.GetProperty("recordedFor").Id());
        var change = Assert.Single((await server.GetAsync($"/v1/changes?actor={made.Text("recordedBy")}")).GetProperty("data").EnumerateArray());
        Assert.Equal("The donor", change.GetProperty("actorFor").Text("name"));
        var editors = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 13));
        Assert.Equal(JsonValueKind.Null, editors.GetProperty("recordedFor").ValueKind);
    }

    [Fact]
    public async Task A_recorder_adds_a_source_and_cites_it()
    {
        var (donor, fund, source) = (await server.OrganizationAsync(), await server.FundAsync(), server.NewId("source"));
        using var recorder = await server.ClientAsync("recorder", donor);
        await recorder.RecordAsync("/v1/sources", $$"""
            { "id": "{{source}}", "title": { "en": "Our annual report" }, "language": "en", "publishedOn": "2026-05-05", "reliability": "primary" }
            """);
        var made = await recorder.RecordAsync("/v1/contributions",
            WriteServer.Direct(donor, fund, "payment", 14, more: $$""", "citations": [{ "sourceId": "{{source}}" }]"""));
        Assert.Equal(source, made.GetProperty("citations")[0].GetProperty("source").Id());
        Assert.Equal(HttpStatusCode.Forbidden, (await recorder.SendAsync(HttpMethod.Patch, $"/v1/sources/{source}", "{}", ("If-Match", "*"))).Status);
    }
}
