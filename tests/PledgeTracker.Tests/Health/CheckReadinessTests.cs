using System.Diagnostics;

namespace PledgeTracker.Tests.Health;

public sealed class CheckReadinessTests
{
    [Fact]
    public async Task A_server_is_ready_while_it_can_write_and_does_not_wait_for_that_without_end()
    {
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        Assert.Equal("ready", (await server.GetAsync("/health/ready")).Text("status"));
        await using (await server.HoldWritesAsync())
        {
            var answer = await AskUntilAsync(server, 503);
            Asking.AssertProblem(answer, 503, "busy");
            Assert.NotNull(answer.Header("Retry-After"));
            Assert.Equal("live", (await server.GetAsync("/health/live")).Text("status"));
        }

        Assert.Equal("ready", (await AskUntilAsync(server, 200)).Json.Text("status"));
    }

    // An answer from before holds for a second.
    private static async Task<Answer> AskUntilAsync(TestServer server, int status)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var answer = await server.AskAsync("/health/ready").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            if (answer.Status == status)
            {
                return answer;
            }

            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), $"Still {answer.Status}: {answer.Text}");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }
}
