using System.Collections.Concurrent;
using Dapper;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>
/// Retries (draft-ietf-httpapi-idempotency-key-header): a request with an `Idempotency-Key` that was carried out is not carried out again; the retry
/// gets the first answer. Scoped to the caller and the route, kept for 24 hours in the transaction of what it answers for, so that only successes are kept.
/// </summary>
public sealed class Idempotency
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    // Requests that this server carries out now. Another server's wait for the transaction, and are answered from it.
    private readonly ConcurrentDictionary<(string Caller, string Route, string Key), bool> _running = new();

    /// <summary>Notes that a request is under way. Dispose it when it is answered.</summary>
    /// <exception cref="Refused">The header is malformed, not taken here, or the same request is under way.</exception>
    internal Once Begin(HttpContext context, Caller caller)
    {
        if (KeyOf(context) is not { } key)
        {
            return new Once(this, null, context);
        }

        var id = (caller.Id, RouteOf(context), key);
        if (_running.TryAdd(id, true))
        {
            return new Once(this, id, context);
        }

        context.Response.Headers.RetryAfter = "1";
        throw Refused.Conflict("The same request is being carried out right now. Send it again in a moment.", "الطلب نفسه قيد التنفيذ الآن. أعد إرساله بعد قليل.");
    }

    // Bare or quoted.
    private static string? KeyOf(HttpContext context)
    {
        var header = context.Request.Headers["Idempotency-Key"];
        if (header.Count == 0)
        {
            return null;
        }

        if (context.GetEndpoint()!.Metadata.GetMetadata<TakesNoIdempotencyKey>() is not null)
        {
            throw Refused.Invalid(new Fault("Idempotency-Key", "not_allowed", new("Leave it out: a kept answer would keep the secret.", "لا ترسله: حفظ الجواب يعني حفظ السر.")));
        }

        var key = header.Count == 1 ? header[0]!.Trim() : "";
        if (key.Length >= 2 && key[0] == '"' && key[^1] == '"')
        {
            key = key[1..^1];
        }

        return key.Length is > 0 and <= 255 && !key.Any(c => c is < '!' or > '~' or '"' or '\\')
            ? key
            : throw Refused.Invalid(new Fault("Idempotency-Key", "invalid_header", new(
                "Send one key of 1 to 255 visible ASCII characters, such as a UUID.", "أرسل مفتاحا واحدا من 1 إلى 255 حرفا ظاهرا من ASCII مثل UUID.")));
    }

    /// <summary>The method, and the path as the document writes it: in whatever letters it was sent, with a slash at its end or without.</summary>
    private static string RouteOf(HttpContext context)
    {
        var pattern = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern;
        var path = "/" + pattern.RawText!.Trim('/');
        foreach (var parameter in pattern.Parameters)
        {
            path = path.Replace($"{{{parameter.Name}}}", (string)context.Request.RouteValues[parameter.Name]!, StringComparison.Ordinal);
        }

        return $"{context.Request.Method} {path}";
    }

    /// <summary>One request, with its key if it has one. Its body is read by when an answer is looked for.</summary>
    internal sealed class Once(Idempotency owner, (string Caller, string Route, string Key)? id, HttpContext context) : IDisposable
    {
        /// <summary>The answer that was given before, or null.</summary>
        /// <exception cref="Refused">The key was used for another request.</exception>
        public async Task<Answer?> FindAsync(Write write)
        {
            if (id is not var (caller, route, key))
            {
                return null;
            }

            var row = await write.Sql.QueryFirstOrDefaultAsync<Row>("""
                SELECT body_sha256, status, location, entity_tag, answer, recorded_at FROM idempotency
                WHERE caller = @caller AND route = @route AND key = @key
                """, new { caller, route, key });
            if (row is null || row.RecordedAt < write.At - Kept)
            {
                return null;
            }

            return SentBody.HashOf(context).AsSpan().SequenceEqual(row.BodySha256)
                ? new Answer((int)row.Status, row.Location, row.EntityTag, row.Answer) { Replayed = true }
                : throw new Refused("unprocessable", new(
                    "This Idempotency-Key was used for another request: take a new key for a new record.",
                    "استُعمل مفتاح Idempotency-Key هذا لطلب آخر: استعمل مفتاحا جديدا لسجل جديد."));
        }

        /// <summary>Keeps an answer, and forgets what is too old.</summary>
        public async Task<Answer> KeepAsync(Write write, Answer answer)
        {
            if (id is var (caller, route, key))
            {
                await write.Sql.ExecuteAsync("""
                    DELETE FROM idempotency WHERE recorded_at < @oldest;
                    INSERT INTO idempotency (caller, route, key, body_sha256, status, location, entity_tag, answer, recorded_at)
                    VALUES (@caller, @route, @key, @bodySha256, @Status, @Location, @EntityTag, @Body, @At)
                    ON CONFLICT (caller, route, key) DO UPDATE SET body_sha256 = excluded.body_sha256, status = excluded.status, location = excluded.location,
                        entity_tag = excluded.entity_tag, answer = excluded.answer, recorded_at = excluded.recorded_at
                    """, new { oldest = write.At - Kept, caller, route, key, bodySha256 = SentBody.HashOf(context), answer.Status, answer.Location, answer.EntityTag, answer.Body, write.At });
            }

            return answer;
        }

        public void Dispose()
        {
            if (id is { } running)
            {
                owner._running.TryRemove(running, out _);
            }
        }
    }

    private sealed record Row
    {
        public required byte[] BodySha256 { get; init; }
        public required long Status { get; init; }
        public string? Location { get; init; }
        public string? EntityTag { get; init; }
        public required byte[] Answer { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
    }
}
