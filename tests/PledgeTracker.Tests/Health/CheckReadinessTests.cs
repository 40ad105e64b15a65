using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;

namespace PledgeTracker.Tests.Health;

public sealed class CheckReadinessTests
{
    [Fact]
    public async Task A_server_is_ready_until_its_writer_takes_no_more_work()
    {
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        Assert.Equal("ready", (await server.GetAsync("/health/ready")).Text("status"));
        server.Services.GetRequiredService<Writer>().Dispose();
        var answer = await server.AskAsync("/health/ready");
        Asking.AssertProblem(answer, 503, "busy");
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.Equal("live", (await server.GetAsync("/health/live")).Text("status"));
    }
}
