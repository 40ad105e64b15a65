using System.Text.Json;

namespace PledgeTracker.Tests.Organizations;

public sealed class ListDonorsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Donors_are_those_who_pledged_or_gave_the_largest_pledges_first()
    {
        var donors = await server.AllAsync("/v1/donors");
        Assert.Equal(["tur", "exim", "kwt"], donors.Take(3).Select(Asking.Id));
        Assert.Contains("grc", donors.Select(Asking.Id));
        Assert.DoesNotContain("undp", donors.Select(Asking.Id));
        Assert.DoesNotContain("irq-mof", donors.Select(Asking.Id));
    }

    [Fact]
    public async Task The_figures_of_a_donor_are_those_of_its_pledges_and_contributions()
    {
        var usa = (await server.AllAsync("/v1/donors")).Single(d => d.Id() == "usa");
        var figures = usa.GetProperty("figures");
        Assert.Equal(1_081_000_000, figures.Number("pledged"));
        Assert.Equal(230_000_000, figures.Number("withdrawn"));
        Assert.Equal(851_000_000, figures.Number("outstanding"));
    }

    [Fact]
    public async Task The_memorandum_is_absent_from_every_grants_only_figure()
    {
        await server.ShowsNothingAsync("/v1/donors?grantsOnly=true");
        await server.ShowsNothingAsync("/v1/donors?instrument=grant");
        await using var own = new TestServer();
        await own.InitializeAsync();
        await own.EnterAsync(enter => enter.PledgeAsync("exim", 7, "2025-01-01", "iraq-reconstruction", "grant"));
        Assert.Equal(7, Assert.Single(await own.AllAsync("/v1/donors?grantsOnly=true")).GetProperty("figures").Number("pledged"));
        Assert.Equal(7, Assert.Single(await own.AllAsync("/v1/funds?grantsOnly=true")).GetProperty("figures").Number("pledged"));
        Assert.Equal(7, Assert.Single(await own.AllAsync("/v1/pledges?grantsOnly=true")).GetProperty("figures").Number("pledged"));
        Assert.Equal(3_000_000_000, Assert.Single(await own.AllAsync("/v1/donors?instrument=mou")).GetProperty("figures").Number("pledged"));
    }

    [Theory]
    [InlineData("q=bank", "exim,isdb")]
    [InlineData("q=بنك", "exim,isdb")]
    [InlineData("q=islamic bank", "isdb")]
    [InlineData("q=turkiye", "tur")]
    [InlineData("q=المملكة", "gbr,sau")]
    [InlineData("q=المملكه العربيه", "sau")]
    [InlineData("country=USA", "exim,usa")]
    [InlineData("type=group", "coalition-partners")]
    [InlineData("type=10&country=USA", "usa")]
    [InlineData("instrument=loan", "kwt")]
    public async Task A_filter_finds_the_donors(string query, string ids) =>
        Assert.Equal(ids.Split(','), (await server.AllAsync($"/v1/donors?sort=id&{query}")).Select(Asking.Id));

    [Theory]
    [InlineData("q=islamic emirates")]
    [InlineData("q=undp")]
    [InlineData("country=AFG")]
    [InlineData("type=60")]
    [InlineData("instrument=guarantee")]
    public async Task A_filter_that_nothing_matches_gives_an_empty_list(string query) => await server.ShowsNothingAsync($"/v1/donors?{query}");
}

public sealed class ListDonorsFilterTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    [Fact]
    public async Task A_filter_shows_what_matches_and_nothing_else_in_every_order()
    {
        var filters = new Dictionary<string, Func<JsonElement, bool>>
        {
            ["type=10"] = d => d.Text("type") == "10",
            ["country=KWT"] = d => d.Text("country") == "KWT",
            ["q=bank"] = d => d.Id() == "beta",
        };
        foreach (var sort in (await server.ListAsync("ListDonors")).Sorts)
        {
            foreach (var (filter, matches) in filters)
            {
                await server.FilterShowsAsync($"/v1/donors?sort={sort}", filter, matches);
            }
        }
    }

    [Fact]
    public async Task The_pledged_of_a_donor_is_the_sum_over_its_lines()
    {
        var pledges = await server.AllAsync("/v1/pledges");
        foreach (var donor in await server.AllAsync("/v1/donors"))
        {
            var lines = pledges.SelectMany(p => p.GetProperty("donors").EnumerateArray()).Where(d => d.Id() == donor.Id()).ToList();
            foreach (var figure in new[] { "pledged", "withdrawn", "outstanding" })
            {
                Assert.Equal(lines.Sum(l => l.GetProperty("figures").Number(figure)), donor.GetProperty("figures").Number(figure));
            }
        }
    }
}
