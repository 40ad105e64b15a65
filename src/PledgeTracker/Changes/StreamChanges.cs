using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Changes;

/// <summary>Changes as they are committed, as Server-Sent Events (WHATWG HTML §9.2).</summary>
internal sealed class StreamChanges : IEndpoint
{
    private const int Batch = 200;

    // Each wakes and reads on every change: a bound keeps streams from taking the readers that others need.
    private const int MostOpen = 500;
    private static int _open;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/changes/stream", Handle)
        .WithName("StreamChanges").WithTags("Changes").WithSummary("Changes as they happen")
        .WithDescription("Server-Sent Events: `id` is the sequence, the event is `change`, the data one change as in `/v1/changes`. With `Last-Event-ID` everything after it " +
            "is sent first, without a gap; without it the stream begins with the next change. An event `heartbeat` every 15 seconds keeps the line open. " +
            "Nothing is sent that is not committed.")
        .Produces<string>(200, "text/event-stream").Refuses(400, 429, 503).StrictQuery();

    private static async Task<IResult> Handle(HttpContext context, Readers readers, ChangeSignal signal, DatasetVersion version, IHostApplicationLifetime lifetime)
    {
        var from = context.Request.Headers["Last-Event-ID"];
        var last = version.Value;
        if (from.Count > 0 && (from.Count != 1 || !long.TryParse(from[0], NumberStyles.None, CultureInfo.InvariantCulture, out last)))
        {
            return new RefusedResult(Refusal.Invalid(new Fault("Last-Event-ID", "invalid_header", new(
                "Send the id of the last event you have, a whole number.", "أرسل معرف آخر حدث لديك وهو عدد صحيح."))));
        }

        if (context.RequestServices.GetRequiredService<RateLimits>().Read(context) is { } tooMany)
        {
            return new RefusedResult(tooMany);
        }

        if (HeadAsGet.IsHead(context))
        {
            // A stream has no end to wait for.
            context.Response.ContentType = "text/event-stream";
            return Results.Empty;
        }

        if (Interlocked.Increment(ref _open) > MostOpen)
        {
            Interlocked.Decrement(ref _open);
            return new RefusedResult(new Refusal("busy", new("Too many streams are open. Read /v1/changes instead.", "عدد التدفقات المفتوحة كبير. اقرأ /v1/changes بدلا من ذلك.")));
        }

        try
        {
            return await SendAsync(context, readers, signal, last, lifetime);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static async Task<IResult> SendAsync(HttpContext context, Readers readers, ChangeSignal signal, long last, IHostApplicationLifetime lifetime)
    {
        context.Response.Headers.CacheControl = "no-store";
        // Proxies that hold answers back would hold back the heartbeat, too.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await TypedResults.ServerSentEvents(Events(readers, signal, last, ends.Token)).ExecuteAsync(context);
        return Results.Empty;
    }

    private static async IAsyncEnumerable<SseItem<string>> Events(Readers readers, ChangeSignal signal, long last, [EnumeratorCancellation] CancellationToken ends)
    {
        // Sent at once, so that a client knows the stream is there.
        yield return new SseItem<string>("{}", "heartbeat");
        while (!ends.IsCancellationRequested)
        {
            var next = signal.Next;
            var changes = await ReadAsync(readers, last, ends);
            foreach (var change in changes)
            {
                last = change.Seq;
                yield return new SseItem<string>(JsonSerializer.Serialize(change.ToChange(), Json.Options), "change") { EventId = last.ToString(CultureInfo.InvariantCulture) };
            }

            if (changes.Count < Batch && !await WokenAsync(next, ends))
            {
                yield return new SseItem<string>("{}", "heartbeat");
            }
        }
    }

    private static async Task<List<ChangeRow>> ReadAsync(Readers readers, long last, CancellationToken ends)
    {
        try
        {
            using var snapshot = await readers.OpenAsync(ends);
            return snapshot.Query<ChangeRow>($"SELECT {ChangeRow.Columns} FROM change c WHERE c.seq > @last ORDER BY c.seq LIMIT {Batch}", ("@last", last));
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        catch (TimeoutException)
        {
            // Every reader was busy: the next round asks again.
            return [];
        }
    }

    private static async Task<bool> WokenAsync(Task next, CancellationToken ends)
    {
        try
        {
            await next.WaitAsync(Heartbeat, ends);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
