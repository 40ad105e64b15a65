namespace PledgeTracker.Tests.Organizations;

public sealed class GetDonorTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Each_donor_of_the_list_stands_alone_with_the_same_figures()
    {
        foreach (var item in await server.AllAsync("/v1/donors"))
        {
            var alone = await server.GetAsync($"/v1/donors/{item.Id()}");
            Assert.Equal(item.GetProperty("figures").GetRawText(), alone.GetProperty("figures").GetRawText());
            Assert.Equal(item.Text("name"), alone.GetProperty("name").Text("en"));
            Assert.True(alone.GetProperty("name").Text("ar").IsArabic());
        }
    }

    [Fact]
    public async Task EXIM_has_a_memorandum_and_no_grant()
    {
        var donor = await server.GetAsync("/v1/donors/exim");
        Assert.Equal("mou", Assert.Single(donor.GetProperty("byInstrument").EnumerateArray()).Text("instrument"));
    }

    [Fact]
    public async Task Kuwait_pledged_a_billion_in_loans_and_a_billion_in_investment()
    {
        var donor = await server.GetAsync("/v1/donors/kwt");
        Assert.Equal([("investment", 1_000_000_000m), ("loan", 1_000_000_000m)],
            donor.GetProperty("byInstrument").EnumerateArray().Select(i => (i.Text("instrument")!, i.GetProperty("figures").Number("pledged"))));
        Assert.Equal(2_000_000_000, donor.GetProperty("figures").Number("pledged"));
    }
}
