using System.Net;

namespace PledgeTracker.Tests.Organizations;

public sealed class MergeOrganizationTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";

    [Fact]
    public async Task The_old_id_leads_to_the_new_one_and_all_figures_follow_with_nothing_rewritten()
    {
        var (old, survivor, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(old, fund, 1000);
        await server.PledgeAsync(survivor, fund, 500);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 300));
        var fundBefore = await server.FiguresAsync($"/v1/funds/{fund}");
        var merged = await server.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{old}/merge-into/{survivor}");
        Assert.True(merged.Status == HttpStatusCode.Created, merged.Text);
        Assert.Equal(survivor, merged.Body.Id());

        foreach (var path in new[] { "organizations", "donors" })
        {
            var moved = await server.Client.SendAsync(HttpMethod.Get, $"/v1/{path}/{old}");
            Assert.Equal(308, (int)moved.Status);
            Assert.Equal($"/v1/{path}/{survivor}", moved.Location!.ToString());
        }

        Assert.Equal(new Dollars(1500, 0, 300, 300, 1200), await server.FiguresAsync($"/v1/donors/{survivor}"));
        Assert.Equal(fundBefore, await server.FiguresAsync($"/v1/funds/{fund}"));
        Assert.Equal(survivor, (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("donors")[0].Id());
        Assert.All(await server.LedgerAsync(pledge), e => Assert.Equal(survivor, e.GetProperty("donor").Id()));
        foreach (var id in new[] { old, survivor })
        {
            Assert.Equal(2, (await server.GetAsync($"/v1/pledges?donor={id}")).GetProperty("data").GetArrayLength());
            Assert.Equal(1, (await server.GetAsync($"{Contributions}?donor={id}")).GetProperty("data").GetArrayLength());
        }

        Assert.DoesNotContain((await server.GetAsync("/v1/donors?limit=500")).GetProperty("data").EnumerateArray(), d => d.Id() == old);
        Assert.DoesNotContain((await server.GetAsync("/v1/organizations?limit=500")).GetProperty("data").EnumerateArray(), d => d.Id() == old);
        // What goes on, goes on under the new name; the old one is named in no new record.
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 100, more: $$""", "donorId": "{{survivor}}" """));
        Assert.Equal(400, (await server.FiguresAsync($"/v1/donors/{survivor}")).Paid);
        await server.Editor.RefusedAsync(Contributions, WriteServer.Direct(old, fund, "payment", 1), 400, "invalid_request", "/donorId");
        // An entry made under the old name can still be reversed.
        var first = (await server.LedgerAsync(pledge)).First(e => e.Text("kind") == "payment");
        await server.Editor.RecordAsync($"/v1/entries/{first.Id()}/reversal", """{ "reason": { "en": "Wrong" } }""");
        Assert.Equal(100, (await server.FiguresAsync($"/v1/donors/{survivor}")).Paid);
    }

    [Fact]
    public async Task Two_donors_of_one_joint_pledge_that_turn_out_to_be_one_share_a_line()
    {
        var (a, b, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{a}}", "amount": 60 }, { "donorId": "{{b}}", "amount": 40 }], "currency": "USD", "announcedOn": "2026-03-01",
              "fundId": "{{fund}}", "instrument": "grant" }
            """)).Id();
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 90, more: $$""", "donorId": "{{a}}" """));
        Assert.Equal(40, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
        await MergeAsync(a, b);
        var after = await server.GetAsync($"/v1/pledges/{pledge}");
        Assert.Equal(b, Assert.Single(after.GetProperty("donors").EnumerateArray()).Id());
        Assert.Equal(new Dollars(100, 0, 90, 90, 10), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        Assert.Equal(new Dollars(100, 0, 90, 90, 10), await server.FiguresAsync($"/v1/funds/{fund}"));
        Assert.Equal(new Dollars(100, 0, 90, 90, 10), await server.FiguresAsync($"/v1/donors/{b}"));
        // One line now: the donor need not be named.
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 10, "date": "2026-07-01" }""");
        Assert.Equal("partially_withdrawn", (await server.GetAsync($"/v1/pledges/{pledge}")).Text("status"));
        await server.AssertCleanAsync();
    }

    [Fact]
    public async Task Keys_records_and_external_numbers_of_a_recorder_follow_its_organization()
    {
        var (old, survivor, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", old);
        var made = await recorder.RecordAsync(Contributions, WriteServer.Direct(old, fund, "payment", 100, more: """, "externalId": "M-1" """));
        await MergeAsync(old, survivor);
        // It speaks for the survivor now, and what it recorded is still its own.
        var body = WriteServer.Direct(survivor, fund, "payment", 100, more: """, "externalId": "M-1" """);
        var again = await recorder.SendAsync(HttpMethod.Post, Contributions, body);
        Assert.True(again.Status == HttpStatusCode.OK, again.Text);
        Assert.Equal(made.Id(), again.Body.Id());
        await recorder.RecordAsync(Contributions, WriteServer.Direct(survivor, fund, "payment", 50));
        await recorder.RecordAsync($"/v1/entries/{made.Id()}/reversal", """{ "reason": { "en": "Wrong" } }""");
        Assert.Equal(50, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task A_payment_between_merged_parties_is_still_recognized_as_a_possible_duplicate()
    {
        var (old, survivor, recipient, oldRecipient) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync("22"), await server.OrganizationAsync("22"));
        await server.Editor.RecordAsync(Contributions, Body(old, oldRecipient));
        await MergeAsync(old, survivor);
        await MergeAsync(oldRecipient, recipient);
        using var asRecipient = await server.ClientAsync("recorder", recipient);
        await asRecipient.RefusedAsync(Contributions, Body(survivor, recipient), 409, "possible_duplicate");

        static string Body(string donor, string recipient) => $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": 500, "currency": "USD", "date": "2026-06-01" }
            """;
    }

    [Fact]
    public async Task The_member_that_paid_for_a_group_is_shown_under_its_name_of_today()
    {
        var (member, survivor, group, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync("group"), await server.FundAsync());
        var pledge = await server.PledgeAsync(group, fund, 100);
        var made = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 30, more: $$""", "paidBy": "{{member}}" """));
        await MergeAsync(member, survivor);
        Assert.Equal(survivor, (await server.LedgerAsync(pledge))[1].GetProperty("paidBy").Id());
        Assert.Equal(survivor, (await server.GetAsync($"{Contributions}/{made.Id()}")).GetProperty("paidBy").Id());
    }

    [Fact]
    public async Task A_merge_of_merged_or_unknown_organizations_is_refused_and_chains_lead_to_the_end()
    {
        var (a, b, c) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync());
        await MergeAsync(a, b);
        await MergeAsync(b, c);
        Assert.Equal($"/v1/organizations/{c}", (await server.Client.SendAsync(HttpMethod.Get, $"/v1/organizations/{a}")).Location!.ToString());
        var version = await server.VersionAsync();
        foreach (var (from, into, status) in new[] { (a, c, 409), (c, a, 409), (c, c, 409), ("nobody", c, 404), (c, "nobody", 404) })
        {
            var reply = await server.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{from}/merge-into/{into}");
            Assert.True((int)reply.Status == status, $"{from} {into}: {(int)reply.Status} {reply.Text}");
        }

        Assert.Equal(version, await server.VersionAsync());
    }

    [Fact]
    public async Task A_patch_of_a_merged_organization_is_a_conflict_that_names_the_survivor()
    {
        var (old, survivor) = (await server.OrganizationAsync(), await server.OrganizationAsync());
        var tag = (await server.Client.ReadAsync($"/v1/organizations/{old}")).EntityTag!;
        await MergeAsync(old, survivor);
        var version = await server.VersionAsync();
        // Whatever the version it is sent for: there is none to read again.
        foreach (var match in new[] { "*", tag })
        {
            var refused = await server.Editor.SendAsync(HttpMethod.Patch, $"/v1/organizations/{old}", """{ "country": "IRQ" }""", ("If-Match", match));
            Assert.Equal((HttpStatusCode.Conflict, "conflict"), (refused.Status, refused.Code));
            Assert.Contains(survivor, refused.Body.Text("detail"), StringComparison.Ordinal);
            Assert.Equal($"/v1/organizations/{survivor}", refused.Body.Text("existing"));
        }

        Assert.Equal(version, await server.VersionAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await server.Editor.SendAsync(HttpMethod.Patch, "/v1/organizations/nobody", "{}", ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task Pledges_to_a_merged_recipient_are_found_by_either_id_in_every_order()
    {
        var (old, older, survivor, another) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync());
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = new List<string>();
        foreach (var (recipient, amount) in new[] { (old, 30), (survivor, 20), (older, 10), (survivor, 40) })
        {
            made.Add(await server.PledgeAsync(donor, fund, amount, more: $$""", "recipientId": "{{recipient}}" """));
        }

        await server.PledgeAsync(donor, fund, 25, more: $$""", "recipientId": "{{another}}" """);
        Assert.Equal(2, (await server.AllAsync($"/v1/pledges?recipient={survivor}")).Count);
        await MergeAsync(older, old);
        await MergeAsync(old, survivor);
        foreach (var id in new[] { old, older, survivor })
        {
            foreach (var sort in new[] { "amountUsd", "outstanding" })
            {
                Assert.Equal([10, 20, 30, 40], (await server.WalkAsync($"/v1/pledges?recipient={id}&sort={sort}", 1)).Select(p => p.Number("amount")));
                Assert.Equal([40, 30, 20, 10], (await server.WalkAsync($"/v1/pledges?recipient={id}&sort=-{sort}", 3)).Select(p => p.Number("amount")));
            }

            Assert.Equal(made, (await server.WalkAsync($"/v1/pledges?recipient={id}&sort=announcedOn", 1)).Select(p => p.Id()));
            Assert.Equal(4, (await server.GetAsync($"/v1/pledges?recipient={id}&donor={donor}&count=true")).GetProperty("count").GetInt32());
        }

        Assert.Equal(25, Assert.Single(await server.AllAsync($"/v1/pledges?recipient={another}")).Number("amount"));
        await server.ShowsNothingAsync("/v1/pledges?recipient=nobody");
    }

    [Fact]
    public async Task Confirmations_stand_under_the_names_of_today_once_and_the_survivor_confirms_no_second_time()
    {
        var (donor, recipient, survivor, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var path = $"{Contributions}/{(await server.Editor.RecordAsync(Contributions, $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "fundId": "{{fund}}", "stage": "payment", "amount": 100, "currency": "USD", "date": "2026-06-01" }
            """)).Id()}";
        foreach (var party in new[] { recipient, donor })
        {
            await server.Editor.RecordAsync($"{path}/confirmations", $$"""{ "organizationId": "{{party}}" }""");
        }

        Assert.Equal(new HashSet<string> { recipient, donor }, [.. (await server.GetAsync(path)).Texts("confirmedBy")]);
        await MergeAsync(recipient, survivor);
        Assert.Equal(new HashSet<string> { survivor, donor }, [.. (await server.GetAsync(path)).Texts("confirmedBy")]);
        using var recorder = await server.ClientAsync("recorder", survivor);
        await recorder.RefusedAsync($"{path}/confirmations", "{}", 409, "conflict");
        var merged = await server.Editor.RefusedAsync($"{path}/confirmations", $$"""{ "organizationId": "{{recipient}}" }""", 400, "invalid_request", "/organizationId");
        Assert.Contains(survivor, merged.Text, StringComparison.Ordinal);
        await MergeAsync(donor, survivor);
        Assert.Equal([survivor], (await server.GetAsync(path)).Texts("confirmedBy"));
        Assert.Equal([survivor], (await server.GetAsync($"{Contributions}?fund={fund}")).GetProperty("data")[0].Texts("confirmedBy"));
    }

    private async Task MergeAsync(string id, string other)
    {
        var reply = await server.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{id}/merge-into/{other}");
        Assert.True(reply.Status == HttpStatusCode.Created, reply.Text);
    }
}
