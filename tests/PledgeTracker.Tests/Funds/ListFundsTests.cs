using System.Text.Json;

namespace PledgeTracker.Tests.Funds;

public sealed class ListFundsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_coalition_facts_hold_eight_funds_by_id()
    {
        Assert.Equal(["border-security-africa-central-asia", "coalition-drive-2024", "iraq-reconstruction", "iraq-stabilization", "ne-syria-stabilization",
            "syria-humanitarian", "syria-recovery-trust-fund", "undp-ffs"], (await server.AllAsync("/v1/funds")).Select(Asking.Id));
    }

    [Fact]
    public async Task The_figures_of_a_fund_are_its_own_and_never_those_of_funds_below_it()
    {
        var umbrella = (await server.AllAsync("/v1/funds")).Single(f => f.Id() == "iraq-stabilization").GetProperty("figures");
        Assert.Equal(500_000_000, umbrella.Number("pledged"));
        Assert.Equal(0, umbrella.Number("committed"));
        var facility = (await server.AllAsync("/v1/funds?parent=iraq-stabilization"))[0];
        Assert.Equal("undp-ffs", facility.Id());
        Assert.Equal("iraq-stabilization", facility.RefId("parent"));
        Assert.Equal(12_251_100, facility.GetProperty("figures").Number("committed"));
        Assert.Equal(59_400, facility.GetProperty("figures").Number("paid"));
    }

    [Fact]
    public async Task The_memorandum_is_absent_from_grants_only_figures()
    {
        var all = (await server.AllAsync("/v1/funds?sort=-pledged"))[0];
        Assert.Equal("iraq-reconstruction", all.Id());
        Assert.Equal(17_211_000_000, all.GetProperty("figures").Number("pledged"));
        await server.ShowsNothingAsync("/v1/funds?grantsOnly=true");
        Assert.Equal(3_000_000_000, Assert.Single(await server.AllAsync("/v1/funds?instrument=mou")).GetProperty("figures").Number("pledged"));
    }

    [Fact]
    public async Task By_a_figure_the_list_holds_the_funds_that_have_figures()
    {
        var funds = await server.AllAsync("/v1/funds?sort=-pledged");
        Assert.DoesNotContain("syria-recovery-trust-fund", funds.Select(Asking.Id));
        Assert.Equal(7, funds.Count);
    }

    [Theory]
    [InlineData("q=facility", "undp-ffs")]
    [InlineData("q=undp-ffs", "undp-ffs")]
    [InlineData("q=تسهيل", "undp-ffs")]
    [InlineData("q=الصندوق الاستئماني", "syria-recovery-trust-fund")]
    [InlineData("q=humanitarian syrian", "syria-humanitarian")]
    [InlineData("kind=pledge_drive", "coalition-drive-2024")]
    public async Task A_filter_finds_the_fund(string query, string id) => Assert.Equal(id, Assert.Single(await server.AllAsync($"/v1/funds?{query}")).Id());

    [Theory]
    [InlineData("q=humanitarian facility")]
    [InlineData("kind=appeal")]
    [InlineData("country=AFG")]
    [InlineData("parent=undp-ffs")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/funds?{query}");
}

public sealed class ListFundsFilterTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Filters = new()
    {
        ["kind=facility"] = f => f.Text("kind") == "facility",
        ["country=IRQ"] = f => f.Texts("countries").Contains("IRQ"),
        ["parent=umbrella"] = f => f.RefId("parent") == "umbrella",
        ["q=umbrella"] = f => f.Id() == "umbrella",
        ["q=المظلة"] = f => f.Id() == "umbrella",
    };

    [Fact]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_every_order()
    {
        foreach (var sort in (await server.ListAsync("ListFunds")).Sorts)
        {
            foreach (var (filter, matches) in Filters)
            {
                await server.FilterShowsAsync($"/v1/funds?sort={sort}", filter, matches);
            }
        }
    }

    [Fact]
    public async Task The_figures_of_all_instruments_are_the_sum_of_each()
    {
        foreach (var fund in await server.AllAsync("/v1/funds"))
        {
            decimal sum = 0;
            foreach (var instrument in new[] { "grant", "loan", "mou", "unspecified" })
            {
                sum += (await server.AllAsync($"/v1/funds?instrument={instrument}")).Where(f => f.Id() == fund.Id()).Sum(f => f.GetProperty("figures").Number("pledged"));
            }

            Assert.Equal(fund.GetProperty("figures").Number("pledged"), sum);
            Assert.Equal(sum, (await server.AllAsync($"/v1/pledges?fund={fund.Id()}")).Sum(p => p.GetProperty("figures").Number("pledged")));
        }
    }
}
