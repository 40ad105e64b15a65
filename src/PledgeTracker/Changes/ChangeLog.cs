using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Changes;

/// <summary>Who writes. Shown in the history as `key:…`, `seed` or `local`.</summary>
/// <param name="Id">Names the actor.</param>
/// <param name="OrganizationId">The organization a recorder speaks for.</param>
internal sealed record Actor(string Id, string? OrganizationId = null)
{
    /// <summary>Where ids come from; the seed has its own source, so that its records have the same address everywhere.</summary>
    public Func<DateTimeOffset, Guid> NewId { get; init; } = Ids.Standard.NewRecord;
}

/// <summary>
/// The one log of changes. Every write appends to it in its own transaction; history, the event stream, ETags and the dataset version
/// read it, so nothing is announced before it is committed. Entries form a chain:
/// hash = SHA-256(previous hash ‖ sequence, 8 bytes big-endian ‖ time ‖ actor ‖ body), the texts in UTF-8.
/// </summary>
internal sealed class ChangeLog
{
    private readonly DatasetVersion _version;
    private readonly ChangeSignal _signal;

    // Touched by the writer's thread alone.
    private long _sequence;
    private byte[] _hash;

    public ChangeLog(Snapshot snapshot, DatasetVersion version, ChangeSignal signal)
    {
        (_version, _signal) = (version, signal);
        (_sequence, _hash) = (0, new byte[32]);
        if (snapshot.First<Link>("SELECT seq, hash FROM change ORDER BY seq DESC LIMIT 1") is { } last)
        {
            (_sequence, _hash) = (last.Seq, last.Hash);
        }

        version.Set(_sequence);
    }

    /// <summary>Appends a change; its sequence becomes the version of what was changed.</summary>
    /// <param name="action">What was done: `created`, `amended`, `posted`, `reversed` …</param>
    /// <param name="before">What was there, where something was amended.</param>
    /// <param name="after">What is there now.</param>
    public long Append(Write write, Actor actor, string action, string entity, string entityId, object? after, object? before = null, string? pledgeId = null)
    {
        var (sequence, hash) = (_sequence, _hash);
        write.OnUndo(() => (_sequence, _hash) = (sequence, hash));
        var body = JsonSerializer.Serialize(new { action, entity, id = entityId, pledgeId, before, after }, Json.Options);
        var at = Iso.Instant(write.At);
        _sequence = sequence + 1;
        _hash = Hash(hash, _sequence, at, actor.Id, body);
        write.Execute("""
            INSERT INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash)
            VALUES (@seq, @at, @actor, @entity, @entityId, @pledgeId, @body, @hash)
            """,
            ("@seq", _sequence), ("@at", at), ("@actor", actor.Id), ("@entity", entity), ("@entityId", entityId), ("@pledgeId", pledgeId),
            ("@body", body), ("@hash", _hash));
        var committed = _sequence;
        write.OnCommit(() =>
        {
            _version.Set(committed);
            _signal.Raise();
        });
        return committed;
    }

    public static byte[] Hash(byte[] previous, long sequence, string at, string actor, string body)
    {
        var most = previous.Length + sizeof(long) + Encoding.UTF8.GetMaxByteCount(at.Length + actor.Length + body.Length);
        Span<byte> all = most <= 4096 ? stackalloc byte[4096] : new byte[most];
        previous.CopyTo(all);
        BinaryPrimitives.WriteInt64BigEndian(all[previous.Length..], sequence);
        var end = previous.Length + sizeof(long);
        foreach (var text in (ReadOnlySpan<string>)[at, actor, body])
        {
            end += Encoding.UTF8.GetBytes(text, all[end..]);
        }

        return SHA256.HashData(all[..end]);
    }

    private sealed record Link
    {
        public required long Seq { get; init; }

        public required byte[] Hash { get; init; }
    }
}
