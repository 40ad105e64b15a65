using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>An answer as it is sent, and sent again to a retry.</summary>
internal sealed record Answer(int Status, string? Location, string? EntityTag, byte[] Body)
{
    public bool Replayed { get; init; }
}

/// <summary>
/// Retries (draft-ietf-httpapi-idempotency-key-header): a request with an `Idempotency-Key` that was carried out is not carried out
/// again; the retry gets the first answer. Scoped to the caller and the route, kept for 24 hours.
/// </summary>
internal sealed class Idempotency
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    // Requests that are being carried out now. Memory is enough: a server that stops has none under way.
    private readonly ConcurrentDictionary<(string Caller, string Route, string Key), bool> _running = new();
    private DateTimeOffset _nextSweep;

    /// <summary>Reads the header, bare or quoted; false with a refusal when it is malformed.</summary>
    public static bool TryRead(HttpRequest request, out string? key, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        key = null;
        var header = request.Headers["Idempotency-Key"];
        if (header.Count == 0)
        {
            return true;
        }

        var text = header.Count == 1 ? header[0]!.Trim() : "";
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
        {
            text = text[1..^1];
        }

        key = text;
        if (text.Length is 0 or > 255 || text.Any(c => c is < '!' or > '~' or '"' or '\\'))
        {
            refusal = Refusal.Invalid(new Fault("Idempotency-Key", "invalid_header", new(
                "Send one key of 1 to 255 visible ASCII characters, such as a UUID.", "أرسل مفتاحا واحدا من 1 إلى 255 حرفا ظاهرا من ASCII مثل UUID.")));
        }

        return refusal is null;
    }

    /// <summary>Marks a request as under way; null when the same one already is. Dispose it when it is answered.</summary>
    public IDisposable? Begin(string caller, string route, string key) =>
        _running.TryAdd((caller, route, key), true) ? new Running(this, (caller, route, key)) : null;

    /// <summary>The answer that was given before, or null; a refusal when the key was used for another request.</summary>
    /// <param name="bodySha256">Made by the request itself: the writer's thread has enough to do.</param>
    public static Outcome<Answer?> Find(Write write, string caller, string route, string key, byte[] bodySha256)
    {
        var row = write.First<Row>("""
            SELECT body_sha256, status, location, entity_tag, answer, recorded_at FROM idempotency
            WHERE caller = @caller AND route = @route AND key = @key
            """, ("@caller", caller), ("@route", route), ("@key", key));
        if (row is null || row.RecordedAt < write.At - Kept)
        {
            return new Outcome<Answer?>(null, null);
        }

        return bodySha256.AsSpan().SequenceEqual(row.BodySha256)
            ? new Answer((int)row.Status, row.Location, row.EntityTag, row.Answer) { Replayed = true }
            : new Refusal("unprocessable", new(
                "This Idempotency-Key was used for another request: take a new key for a new record.",
                "استُعمل مفتاح Idempotency-Key هذا لطلب آخر: استعمل مفتاحا جديدا لسجل جديد."));
    }

    /// <summary>Keeps an answer, in the transaction of what it answers for.</summary>
    public void Keep(Write write, string caller, string route, string key, byte[] bodySha256, Answer answer)
    {
        write.Execute("""
            INSERT INTO idempotency (caller, route, key, body_sha256, status, location, entity_tag, answer, recorded_at)
            VALUES (@caller, @route, @key, @hash, @status, @location, @tag, @answer, @at)
            ON CONFLICT (caller, route, key) DO UPDATE SET body_sha256 = excluded.body_sha256, status = excluded.status, location = excluded.location,
                entity_tag = excluded.entity_tag, answer = excluded.answer, recorded_at = excluded.recorded_at
            """,
            ("@caller", caller), ("@route", route), ("@key", key), ("@hash", bodySha256), ("@status", answer.Status), ("@location", answer.Location),
            ("@tag", answer.EntityTag), ("@answer", answer.Body), ("@at", write.At));
        if (write.At >= _nextSweep)
        {
            // Only the writer's thread comes here.
            var due = _nextSweep;
            write.OnUndo(() => _nextSweep = due);
            _nextSweep = write.At.AddMinutes(10);
            write.Execute("DELETE FROM idempotency WHERE recorded_at < @oldest", ("@oldest", write.At - Kept));
        }
    }

    private sealed class Running(Idempotency owner, (string, string, string) key) : IDisposable
    {
        public void Dispose() => owner._running.TryRemove(key, out _);
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
