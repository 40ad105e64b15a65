namespace PledgeTracker.Tests.Entries;

public sealed class ReverseEntryTests(ReverseEntryTests.EmptyServer server) : IClassFixture<ReverseEntryTests.EmptyServer>
{
    private const string Day = "2024-01-01";

    public sealed class EmptyServer : TestServer
    {
        public EmptyServer() => Seed = "none";
    }

    [Theory]
    [InlineData("withdrawal", 30)]
    [InlineData("revision", 30)]
    [InlineData("revision", -30)]
    public async Task A_pledge_on_which_a_revision_or_a_withdrawal_rests_is_not_reversed_before_it(string kind, int amount)
    {
        var donor = $"donor-{kind}-{amount + 100}";
        var pledge = await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync(donor);
            var id = await enter.PledgeAsync(donor, 100, Day);
            await (kind == "withdrawal" ? enter.WithdrawAsync(id, amount, Day) : enter.ReviseAsync(id, amount, Day));
            return id;
        });
        var entry = (await server.AllAsync($"/v1/pledges/{pledge}/ledger")).Single(e => e.Text("kind") == "pledge").Id();
        using var editor = server.WithToken(await server.EditorKey);
        await editor.RefusedAsync($"/v1/entries/{entry}/reversal", """{ "reason": { "en": "A mistake" } }""", 409, kind == "revision" && amount > 0 ? "conflict" : "not_enough_then");
    }
}
