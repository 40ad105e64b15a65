using System.Text.Json;

namespace PledgeTracker.Tests.Contributions;

public sealed class GetContributionTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_payment_of_Saudi_Arabia_cites_its_document()
    {
        var id = Assert.Single(await server.AllAsync("/v1/contributions?donor=sau")).Id();
        var contribution = await server.GetAsync($"/v1/contributions/{id}");
        Assert.Equal("payment", contribution.Text("stage"));
        Assert.Equal(100_000_000, contribution.Number("amount"));
        Assert.Equal("2018-08-16", contribution.Text("date"));
        Assert.Equal("ne-syria-stabilization", contribution.RefId("fund"));
        Assert.Equal("prnewswire-2018-08-16", Assert.Single(contribution.GetProperty("citations").EnumerateArray()).GetProperty("source").Id());
    }

    [Fact]
    public async Task A_contribution_alone_is_the_contribution_of_the_list_but_for_its_texts()
    {
        foreach (var item in await server.AllAsync("/v1/contributions"))
        {
            var alone = await server.GetAsync($"/v1/contributions/{item.Id()}");
            foreach (var member in item.EnumerateObject().Where(m => m.Name is not ("note" or "description")))
            {
                Assert.True(JsonElement.DeepEquals(member.Value, alone.GetProperty(member.Name)), member.Name);
            }
        }
    }

    [Fact]
    public async Task A_contribution_that_was_reversed_stays_where_it_was_and_says_so_and_its_reversal_is_none()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        var (wrong, reversal) = await own.EnterAsync(async enter =>
        {
            var mistake = await enter.ContributionAsync(await enter.PledgeAsync("usa", 100, "2025-01-01"), "payment", 60, "2025-02-01");
            return (mistake, await enter.ReverseAsync(mistake));
        });
        Assert.True((await own.GetAsync($"/v1/contributions/{wrong}")).GetProperty("reversed").GetBoolean());
        Asking.AssertProblem(await own.AskAsync($"/v1/contributions/{reversal}"), 404, "not_found");
    }

    [Fact]
    public async Task An_entry_that_is_a_promise_is_no_contribution()
    {
        var pledge = (await server.AllAsync("/v1/pledges?status=withdrawn"))[0].Id();
        foreach (var entry in await server.AllAsync($"/v1/pledges/{pledge}/ledger"))
        {
            Asking.AssertProblem(await server.AskAsync($"/v1/contributions/{entry.Id()}"), 404, "not_found");
        }
    }
}
