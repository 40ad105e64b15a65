using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
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

    private const string MediaType = "text/event-stream";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BeforeAsking = TimeSpan.FromMilliseconds(250);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/changes/stream", Handle)
        .WithName("StreamChanges").WithTags("Changes").WithSummary("Changes as they happen")
        .WithDescription("Server-Sent Events: `id` is the sequence, the event is `change`, the data one change as in `/v1/changes`. With `Last-Event-ID` everything after it " +
            "is sent first, without a gap; without it the stream begins with the next change. An event `heartbeat` every 15 seconds keeps the line open. " +
            "Nothing is sent that is not committed.")
        .WithMetadata(new TakesHeader("Last-Event-ID", "The `id` of the last event you have, no higher than the last change's sequence. `0` means from the first change on."))
        .Produces<string>(200, MediaType).Refuses(400, 406, 429, 503).StrictQuery();

    private static async Task<IResult> Handle(HttpContext context, Readers readers, ChangeSignal signal, DatasetVersion version, IHostApplicationLifetime lifetime)
    {
        if (!Accepts(context.Request))
        {
            return new RefusedResult(new Refusal("not_acceptable", new($"Send `Accept: {MediaType}`, or none.", $"أرسل Accept: {MediaType} أو لا ترسل شيئا.")));
        }

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

        if (last > version.Value && await BeyondAsync(readers, last, context.RequestAborted) is { } beyond)
        {
            return new RefusedResult(beyond);
        }

        if (HeadAsGet.IsHead(context))
        {
            // A stream has no end to wait for.
            context.Response.ContentType = MediaType;
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

    /// <summary>Whoever has seen more than there is has seen another database, and would hear nothing until this one has caught up.</summary>
    private static async Task<Refusal?> BeyondAsync(Readers readers, long last, CancellationToken cancellation)
    {
        // The number in memory follows the commit; an event can be on its way back before it does.
        using var snapshot = await readers.OpenAsync(cancellation);
        return last <= snapshot.Version ? null : Refusal.Invalid(new Fault("Last-Event-ID", "out_of_range", new(
            $"The last change is {snapshot.Version}: send that or less, or read all of /v1/changes anew.",
            $"آخر تغيير هو {snapshot.Version}: أرسل هذا الرقم أو أقل منه، أو اقرأ /v1/changes من جديد.")));
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
            if (await ReadAsync(readers, last, ends) is not { } changes)
            {
                // The line is kept open, and the change that woke it is still to be read.
                yield return new SseItem<string>("{}", "heartbeat");
                await WokenAsync(Task.Delay(BeforeAsking, CancellationToken.None), ends);
                continue;
            }

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

    /// <summary>The next changes; null where every reader was busy.</summary>
    private static async Task<List<ChangeRow>?> ReadAsync(Readers readers, long last, CancellationToken ends)
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
            return null;
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

    private static bool Accepts(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges) || ranges.Count == 0)
        {
            return true;
        }

        // The most specific range decides (RFC 9110 §12.5.1).
        var nearest = ranges.Where(r => r.MatchesAllTypes || (r.Type.Equals("text", StringComparison.OrdinalIgnoreCase)
                && (r.MatchesAllSubTypes || r.SubType.Equals("event-stream", StringComparison.OrdinalIgnoreCase))))
            .MaxBy(r => r.MatchesAllTypes ? 0 : r.MatchesAllSubTypes ? 1 : 2);
        return nearest is not null && nearest.Quality != 0;
    }
}
