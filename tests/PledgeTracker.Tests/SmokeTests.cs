namespace PledgeTracker.Tests;

public sealed class SmokeTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_server_starts_on_the_documented_facts()
    {
        var page = await server.GetAsync("/v1/pledges?count=true");
        Assert.Equal(22, page.GetProperty("count").GetInt64());
    }
}
