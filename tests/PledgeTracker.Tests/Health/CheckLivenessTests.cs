namespace PledgeTracker.Tests.Health;

public sealed class CheckLivenessTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_process_is_live() => Assert.Equal("live", (await server.GetAsync("/health/live")).Text("status"));
}
