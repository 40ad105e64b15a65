using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;

namespace PledgeTracker.Tests.Data;

/// <summary>What readiness costs the writer and the readers, and what it says once the writer is closed.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task A_server_is_ready_until_its_writer_takes_no_more_work()
    {
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        Assert.Equal("ready", (await server.GetAsync("/health/ready")).Text("status"));
        server.Services.GetRequiredService<Writer>().Dispose();
        // The answer from before holds for a second.
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        var answer = await server.AskAsync("/health/ready");
        Asking.AssertProblem(answer, 503, "busy");
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.Equal("live", (await server.GetAsync("/health/live")).Text("status"));
    }

    [Fact]
    public async Task However_many_probes_come_few_reach_the_database()
    {
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        var statements = new ConcurrentQueue<string>();
        server.Services.GetRequiredService<Readers>().Observe(statements.Enqueue);
        using var gate = new ManualResetEventSlim();
        var held = server.Services.GetRequiredService<Writer>().WriteAsync(_ =>
        {
            gate.Wait();
            return 0;
        }, TestContext.Current.CancellationToken);
        // All of these wait for the writer, and share what they wait for.
        var probes = Enumerable.Range(0, 100).Select(_ => server.GetAsync("/health/ready")).ToList();
        await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        Assert.All(probes, probe => Assert.False(probe.IsCompleted));
        gate.Set();
        await held;
        await Task.WhenAll(probes);
        // These come within a second of that answer; a slow machine may take some more.
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.GetAsync("/health/ready")));
        Assert.InRange(statements.Count(sql => sql == "SELECT 1"), 1, 4);
    }
}
