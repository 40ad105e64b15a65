using System.Net;
using System.Net.ServerSentEvents;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;

namespace PledgeTracker.Tests.Data;

/// <summary>A server whose readers or whose writer's queue are all taken, which only who holds them can bring about.</summary>
public sealed class BusyServerTests
{
    [Fact]
    public async Task A_stream_that_found_every_reader_busy_asks_again_without_waiting_for_another_change()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        using var editor = await own.ClientAsync("editor");
        using var response = await own.Client.GetAsync("/v1/changes/stream", HttpCompletionOption.ResponseHeadersRead);
        var coming = FirstChangeAsync();
        var readers = own.Services.GetRequiredService<Readers>();
        var held = new List<Snapshot>();
        for (var i = 0; i <= Environment.ProcessorCount; i++)
        {
            held.Add(await readers.OpenAsync(TestContext.Current.CancellationToken));
        }

        await editor.RecordAsync("/v1/contributions", Api.Payment(6.01m));
        // Longer than the stream waits for a reader.
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        held.ForEach(snapshot => snapshot.Dispose());
        // Sooner than the heartbeat that would wake it otherwise.
        await coming.WaitAsync(TimeSpan.FromSeconds(7), TestContext.Current.CancellationToken);

        async Task FirstChangeAsync()
        {
            await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).FirstAsync(item => item.EventType == "change");
        }
    }

    [Fact]
    public async Task When_the_writer_has_more_than_it_can_take_the_answer_is_503_and_the_same_key_works_later()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        using var editor = await server.ClientAsync("editor");
        var before = await server.VersionAsync();
        var writer = server.Services.GetRequiredService<Writer>();
        using var gate = new ManualResetEventSlim();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = new List<Task>
        {
            writer.WriteAsync(_ =>
            {
                held.SetResult();
                gate.Wait();
                return 0;
            }),
        };
        try
        {
            // From here on the writer takes nothing, so the queue fills and stays full.
            await held.Task;
            var full = false;
            while (!full)
            {
                Assert.True(queued.Count < 100_000, "The writer's queue has no bound.");
                try
                {
                    queued.Add(writer.WriteAsync(_ => 0));
                }
                catch (WriterBusyException)
                {
                    full = true;
                }
            }

            var refused = await PayAsync();
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "busy"), (refused.Status, refused.Code));
            // Reads need no writer.
            Assert.Equal(before, await server.VersionAsync());
        }
        finally
        {
            gate.Set();
        }

        await Task.WhenAll(queued);
        var made = await PayAsync();
        Assert.Equal((HttpStatusCode.Created, false), (made.Status, made.Replayed));
        Assert.Equal(before + 1, await server.VersionAsync());

        Task<Reply> PayAsync() => editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(34m), ("Idempotency-Key", "while-busy"));
    }
}
