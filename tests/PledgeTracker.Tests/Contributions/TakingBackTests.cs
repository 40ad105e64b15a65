namespace PledgeTracker.Tests.Contributions;

/// <summary>A refund or a release finds the payment or the commitment that it takes back.</summary>
public sealed class TakingBackTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/contributions";

    [Theory]
    [InlineData("payment", "refund")]
    [InlineData("commitment", "release")]
    public async Task With_donor_and_fund_it_goes_to_the_one_header_that_has_enough(string stage, string back)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, stage, 30));
        var enough = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, stage, 100));
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, await server.FundAsync(), stage, 100, date: "2026-05-30"));
        await server.Editor.RecordAsync(Path, WriteServer.Direct(await server.OrganizationAsync(), fund, stage, 100));
        var taken = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, back, 60, date: "2026-07-01"));
        Assert.Equal(enough.Text("pledgeId"), taken.Text("pledgeId"));
        Assert.Equal((back, 60), (taken.Text("stage"), taken.Number("amount")));
        Assert.Equal(170, (await server.FiguresAsync($"/v1/funds/{fund}")).Committed);
    }

    [Fact]
    public async Task With_donor_and_recipient_it_goes_to_what_the_recipient_was_paid_be_it_on_a_pledge()
    {
        var (donor, recipient) = (await server.OrganizationAsync(), await server.OrganizationAsync("22"));
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": 100 }], "currency": "USD", "announcedOn": "2026-03-01", "recipientId": "{{recipient}}", "instrument": "grant" }
            """)).Id();
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 100));
        var taken = await server.Editor.RecordAsync(Path, $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "refund", "amount": 40, "currency": "USD", "date": "2026-07-01" }
            """);
        Assert.Equal(pledge, taken.Text("pledgeId"));
        Assert.Equal(40, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
    }

    [Fact]
    public async Task Where_several_have_enough_it_is_refused_with_the_candidates()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var one = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100));
        var other = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 120));
        var reply = await server.Editor.SendAsync(HttpMethod.Post, Path, WriteServer.Direct(donor, fund, "refund", 60, date: "2026-07-01"));
        Assert.True((int)reply.Status == 409, reply.Text);
        Assert.Contains(one.Text("pledgeId")!, reply.Text, StringComparison.Ordinal);
        Assert.Contains(other.Text("pledgeId")!, reply.Text, StringComparison.Ordinal);
        // More than the one has leaves the other.
        Assert.Equal(other.Text("pledgeId"), (await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "refund", 110, date: "2026-07-01"))).Text("pledgeId"));
    }

    [Fact]
    public async Task The_instrument_decides_where_it_is_said()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 100, more: """, "instrument": "loan" """));
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "refund", 10, date: "2026-07-01", more: """, "instrument": "grant" """), 409, "not_enough_then");
        var grant = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 110, more: """, "instrument": "grant" """));
        Assert.Equal(grant.Text("pledgeId"),
            (await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "refund", 10, date: "2026-07-01", more: """, "instrument": "grant" """))).Text("pledgeId"));
    }

    [Fact]
    public async Task Where_none_has_enough_it_is_refused_and_says_what_there_is()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "commitment", 100));
        foreach (var body in new[]
        {
            WriteServer.Direct(donor, fund, "refund", 60, date: "2026-07-01"), WriteServer.Direct(donor, fund, "release", 160, date: "2026-07-01"),
            WriteServer.Direct(donor, fund, "release", 60, "EUR", "2026-07-01", """, "amountUsd": 60"""),
        })
        {
            var reply = await server.Editor.SendAsync(HttpMethod.Post, Path, body);
            Assert.True((int)reply.Status == 409, reply.Text);
            Assert.DoesNotContain("Only 0", reply.Text, StringComparison.Ordinal);
        }

        Assert.Equal("At most 100 USD can be taken back on 2026-07-01: no more of what was committed stands on 2026-07-01.",
            await RefusalAsync(WriteServer.Direct(donor, fund, "release", 160, date: "2026-07-01")));
        Assert.Equal("By 2026-07-01 no payment in USD stands between the two that this could take back.", await RefusalAsync(WriteServer.Direct(donor, fund, "refund", 60, date: "2026-07-01")));

        Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Committed);
    }

    [Fact]
    public async Task What_takes_back_too_much_is_told_how_much_it_may_and_which_day_allows_no_more()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 100, date: "2026-04-01"));
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "refund", 30, date: "2026-06-01"));
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 200, date: "2026-07-01"));
        // 100 stand on its own day, and 70 on a later one.
        Assert.Equal("At most 70 USD can be taken back on 2026-05-01: no more of what was paid stands on 2026-06-01.", await RefusalAsync(WriteServer.Under(pledge, "refund", 100.01m, date: "2026-05-01")));
        Assert.Equal("أقصى ما يمكن استرداده في 2026-05-01 هو 70 USD: لا يقوم من المدفوع أكثر من ذلك في 2026-06-01.", await RefusalAsync(WriteServer.Under(pledge, "refund", 71, date: "2026-05-01"), "ar"));
        Assert.Equal("At most 270 USD can be taken back on 2026-07-01: no more of what was paid stands on 2026-07-01.", await RefusalAsync(WriteServer.Under(pledge, "refund", 271, date: "2026-07-01")));
        Assert.Equal("Nothing can be taken back on 2026-03-15: nothing of what was paid stands on 2026-03-15.", await RefusalAsync(WriteServer.Under(pledge, "refund", 1, date: "2026-03-15")));
        Assert.Equal("Nothing can be taken back on 2026-07-02: nothing of what was committed stands on 2026-07-02.", await RefusalAsync(WriteServer.Under(pledge, "release", 1, date: "2026-07-02")));
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "refund", 70, date: "2026-05-01"));
        // In another currency it is what is settled of the pledge.
        Assert.Equal("At most 200 USD can be taken back on 2026-07-02: no more of what was paid stands on 2026-07-02.",
            await RefusalAsync(WriteServer.Under(pledge, "refund", 250, "EUR", "2026-07-02", """, "amountUsd": 300, "settles": { "amount": 290, "currency": "USD" }""")));
    }

    private async Task<string?> RefusalAsync(string body, string language = "en")
    {
        var reply = await server.Editor.SendAsync(HttpMethod.Post, Path, body, ("Accept-Language", language));
        Assert.Equal("not_enough_then", reply.Code);
        return reply.Body.Text("detail");
    }
}
