using System.Text.Json;

namespace PledgeTracker.Tests.Pledges;

public sealed class GetPledgeLedgerTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_ledger_of_the_US_pledge_for_Syria_holds_the_promise_its_revision_and_its_withdrawal()
    {
        var pledge = Assert.Single(await server.AllAsync("/v1/pledges?status=withdrawn"));
        var entries = await server.AllAsync($"/v1/pledges/{pledge.Id()}/ledger");
        Assert.Equal([("pledge", 200_000_000m, "2018-02-13"), ("revision", 30_000_000m, "2018-08-17"), ("withdrawal", 230_000_000m, "2018-08-17")],
            entries.Select(e => (e.Text("kind")!, e.Number("amount"), e.Text("valueDate")!)));
        Assert.All(entries, e =>
        {
            Assert.Equal("usa", e.RefId("donor"));
            Assert.Equal("USD", e.Text("currency"));
            Assert.Equal(JsonValueKind.Null, e.GetProperty("reverses").ValueKind);
            Assert.Equal("seed", e.Text("recordedBy"));
        });
        Assert.Equal(["ap-2018-08-17", "almonitor-2018-08-17"], entries[2].GetProperty("citations").EnumerateArray().Select(c => c.GetProperty("source").Id()));
    }

    [Fact]
    public async Task The_direction_can_be_turned()
    {
        var pledge = Assert.Single(await server.AllAsync("/v1/pledges?status=withdrawn"));
        Assert.Equal(["withdrawal", "revision", "pledge"], (await server.AllAsync($"/v1/pledges/{pledge.Id()}/ledger?sort=-entered")).Select(e => e.Text("kind")!));
    }

    [Fact]
    public async Task A_mistake_stands_beside_its_reversal_and_each_names_the_other()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        var (pledge, wrong, reversal) = await own.EnterAsync(async enter =>
        {
            var id = await enter.PledgeAsync("usa", 100, "2025-01-01");
            var mistake = await enter.ContributionAsync(id, "payment", 60, "2025-02-01");
            return (id, mistake, await enter.ReverseAsync(mistake));
        });
        var entries = await own.AllAsync($"/v1/pledges/{pledge}/ledger");
        Assert.Equal([100, 60, -60], entries.Select(e => e.Number("amount")));
        Assert.Equal(reversal, entries[1].Text("reversedBy"));
        Assert.Equal(wrong, entries[2].Text("reverses"));
        Assert.Equal("announced", (await own.GetAsync($"/v1/pledges/{pledge}")).Text("status"));
    }

    [Fact]
    public async Task Money_by_a_rate_names_the_day_and_the_provider_of_the_rate()
    {
        var direct = (await server.AllAsync("/v1/pledges?origin=direct&donor=fin"))[0].Id();
        var entry = Assert.Single(await server.AllAsync($"/v1/pledges/{direct}/ledger"));
        Assert.Equal("rate", entry.Text("usdBasis"));
        Assert.Equal("2021-12-13", entry.Text("rateDate"));
        Assert.StartsWith("European Central Bank", entry.Text("rateProvider"), StringComparison.Ordinal);
        Assert.Equal(1_691_700, entry.Number("amountUsd"));
    }
}
