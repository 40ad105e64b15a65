using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Changes;

/// <summary>Changes as they are committed, as Server-Sent Events (WHATWG HTML §9.2).</summary>
public sealed class StreamChanges : Endpoint<StreamChanges.Request>
{
    private const int Batch = 200;

    // Each wakes and reads on every change: a bound, for all of the process, keeps streams from taking what other reads need.
    private const int MostOpen = 500;
    private static int _open;

    private const string MediaType = "text/event-stream";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // What another process commits rings no bell here.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>It takes no parameters, not even a language.</summary>
    public sealed record Request;

    public sealed class Rules : Validator<Request>;

    public required Db Db { get; init; }

    public required RateLimits Limits { get; init; }

    public required IHostApplicationLifetime Lifetime { get; init; }

    public override void Configure()
    {
        Get("/v1/changes/stream");
        Metadata(new TakesHeader("Last-Event-ID", "The `id` of the last event you have, no higher than the last change's sequence. `0` means from the first change on."));
        Definition.Describe("Changes", "Changes as they happen",
            "Server-Sent Events: `id` is the sequence, the event is `change`, the data one change as in `/v1/changes`. With `Last-Event-ID` everything after it " +
            "is sent first, without a gap; without it the stream begins with the next change. An event `heartbeat` every 15 seconds keeps the line open. " +
            "Nothing is sent that is not committed. A stream does not end, so that Swagger UI shows nothing of it: read it with `curl -N`, or with a browser's `EventSource`.", [(200, typeof(string))], [400, 406, 429, 503], MediaType);
    }

    public override async Task HandleAsync(Request request, CancellationToken ct)
    {
        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        if (!Accepted.Takes(HttpContext.Request, "text/event-stream"))
        {
            throw new Refused("not_acceptable", new($"Send `Accept: {MediaType}`, or none.", $"أرسل Accept: {MediaType} أو لا ترسل شيئا."));
        }

        long? seen = null;
        var sent = HttpContext.Request.Headers["Last-Event-ID"];
        if (sent.Count > 0)
        {
            seen = sent.Count == 1 && long.TryParse(sent[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
                : throw Refused.Invalid(new Fault("Last-Event-ID", "invalid_header", new("Send the id of the last event you have, a whole number.", "أرسل معرف آخر حدث لديك وهو عدد صحيح.")));
        }

        if (Limits.Read(HttpContext) is { } tooMany)
        {
            throw tooMany;
        }

        var last = await LastAsync(ct);
        if (seen > last)
        {
            // Whoever has seen more than there is has seen another database, and would hear nothing until this one has caught up.
            throw Refused.Invalid(new Fault("Last-Event-ID", "out_of_range", new(
                $"The last change is {last}: send that or less, or read all of /v1/changes anew.", $"آخر تغيير هو {last}: أرسل هذا الرقم أو أقل منه، أو اقرأ /v1/changes من جديد.")));
        }

        if (Pipeline.IsHead(HttpContext))
        {
            // A stream has no end to wait for.
            HttpContext.Response.ContentType = MediaType;
            await Send.ResultAsync(Results.Empty);
            return;
        }

        await SendAsync(seen ?? last, ct);
    }

    private async Task SendAsync(long last, CancellationToken aborted)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > MostOpen)
            {
                throw new Refused("busy", new("Too many streams are open. Read /v1/changes instead.", "عدد التدفقات المفتوحة كبير. اقرأ /v1/changes بدلا من ذلك."));
            }

            HttpContext.Response.Headers.CacheControl = "no-store";
            // Proxies that hold answers back would hold back the heartbeat, too.
            HttpContext.Response.Headers["X-Accel-Buffering"] = "no";
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, Lifetime.ApplicationStopping);
            await Send.ResultAsync(TypedResults.ServerSentEvents(EventsAsync(last, ends.Token)));
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(long last, [EnumeratorCancellation] CancellationToken ends)
    {
        // Sent at once, so that a client knows the stream is there.
        yield return new SseItem<string>("{}", "heartbeat");
        var quietSince = Stopwatch.GetTimestamp();
        while (!ends.IsCancellationRequested)
        {
            var changed = Db.Changed;
            var changes = await AfterAsync(last, ends);
            foreach (var change in changes)
            {
                last = change.Sequence;
                yield return new SseItem<string>(JsonSerializer.Serialize(change, Json.Options), "change") { EventId = last.ToString(CultureInfo.InvariantCulture) };
                quietSince = Stopwatch.GetTimestamp();
            }

            if (changes.Count == Batch)
            {
                continue;
            }

            if (Stopwatch.GetElapsedTime(quietSince) >= Heartbeat)
            {
                yield return new SseItem<string>("{}", "heartbeat");
                quietSince = Stopwatch.GetTimestamp();
            }

            var beat = Heartbeat - Stopwatch.GetElapsedTime(quietSince);
            await changed.WaitAsync(beat < BetweenLooks ? beat : BetweenLooks, ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<long> LastAsync(CancellationToken cancellation) => Db.ReadAsync(view => Task.FromResult(view.Head.Sequence), long.MaxValue, cancellation);

    /// <summary>The next changes; none, too, where the stream ends or the database does not answer at the moment: they are looked for again.</summary>
    private async Task<List<Change>> AfterAsync(long last, CancellationToken ends)
    {
        try
        {
            await using var view = await Db.ReadAsync(ends);
            if (view.Head.Sequence == last)
            {
                return [];
            }

            var rows = (await view.Sql.QueryAsync<ChangeRow>($"{ChangeRow.Select()} WHERE c.seq > @last ORDER BY c.seq LIMIT {Batch}", new { last })).AsList();
            return await ChangeRow.ShowAsync(view, rows, Reader.Of(HttpContext));
        }
        catch (Exception fault) when (ends.IsCancellationRequested || Db.Engine.Explain(fault) is not null)
        {
            return [];
        }
    }
}
