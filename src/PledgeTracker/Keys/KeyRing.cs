using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Keys;

/// <summary>An API key as it is stored; the secret itself is not.</summary>
internal sealed record StoredKey
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public string? OrganizationId { get; init; }

    public required byte[] SecretSha256 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>
/// All keys, in memory. Only this process writes them, and the ring changes when the change is committed and before it is answered: a
/// key that was revoked is refused on the very next request.
/// </summary>
internal sealed class KeyRing
{
    private const string Columns = "id, name, role, organization_id, secret_sha256, created_at, created_by, expires_at, revoked_at, last_used_at";

    // How exact "last used" is: a write per request would cost more than the request.
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, StoredKey> _keys;
    private readonly Writer _writer;
    private readonly TimeProvider _clock;
    private readonly Ids _ids;

    public KeyRing(IQueries queries, Writer writer, TimeProvider clock, Ids ids)
    {
        (_writer, _clock, _ids) = (writer, clock, ids);
        _keys = new(queries.Query<StoredKey>($"SELECT {Columns} FROM api_key").ToDictionary(k => k.Id));
    }

    public ICollection<StoredKey> All => _keys.Values;

    public StoredKey? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>The holder of a bearer token `pt_id_secret`, or null when it is malformed, unknown, wrong, expired or revoked.</summary>
    public Caller? Authenticate(ReadOnlySpan<char> token)
    {
        Span<Range> parts = stackalloc Range[4];
        if (token.Split(parts, '_') != 3 || token[parts[0]] is not "pt" || !_keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token[parts[1]], out var key))
        {
            return null;
        }

        // What does not fit is none of ours.
        Span<byte> secret = stackalloc byte[128];
        if (!Encoding.UTF8.TryGetBytes(token[parts[2]], secret, out var length))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(secret[..length], hash);
        var now = _clock.GetUtcNow();
        if (!CryptographicOperations.FixedTimeEquals(hash, key.SecretSha256) || key.RevokedAt is not null || key.ExpiresAt <= now)
        {
            return null;
        }

        NoteUse(key, now);
        return new Caller("key:" + key.Id, Enum.Parse<Role>(key.Role, ignoreCase: true), key.OrganizationId);
    }

    /// <summary>Makes a key. The token is in the answer and nowhere else.</summary>
    public (StoredKey Key, string Token) Create(Write write, Caller caller, string name, string role, string? organizationId, DateTimeOffset? expiresAt)
    {
        var id = _ids.NewDigits(12);
        var secret = _ids.NewDigits(48);
        var key = new StoredKey
        {
            Id = id,
            Name = name,
            Role = role,
            OrganizationId = organizationId,
            SecretSha256 = SHA256.HashData(Encoding.UTF8.GetBytes(secret)),
            CreatedAt = write.At,
            CreatedBy = caller.Id,
            ExpiresAt = expiresAt,
        };
        write.Execute("""
            INSERT INTO api_key (id, name, role, organization_id, secret_sha256, created_at, created_by, expires_at)
            VALUES (@id, @name, @role, @organization, @secret, @at, @by, @expires)
            """,
            ("@id", id), ("@name", name), ("@role", role), ("@organization", organizationId), ("@secret", key.SecretSha256), ("@at", write.At),
            ("@by", caller.Id), ("@expires", expiresAt));
        write.OnCommit(() => _keys[id] = key);
        return (key, $"pt_{id}_{secret}");
    }

    /// <summary>Revokes a key; since when it is revoked.</summary>
    public DateTimeOffset Revoke(Write write, Caller caller, string id)
    {
        write.Execute("UPDATE api_key SET revoked_at = @at, revoked_by = @by WHERE id = @id AND revoked_at IS NULL", ("@at", write.At), ("@by", caller.Id), ("@id", id));
        var since = write.First<DateTimeOffset>("SELECT revoked_at FROM api_key WHERE id = @id", ("@id", id));
        write.OnCommit(() => _keys[id] = _keys[id] with { RevokedAt = since });
        return since;
    }

    /// <summary>An organization was merged into another: its keys speak for the survivor.</summary>
    public void Follow(Write write, string organizationId, string survivorId)
    {
        write.Execute("UPDATE api_key SET organization_id = @survivor WHERE organization_id = @id", ("@survivor", survivorId), ("@id", organizationId));
        write.OnCommit(() =>
        {
            foreach (var key in _keys.Values.Where(k => k.OrganizationId == organizationId))
            {
                _keys[key.Id] = key with { OrganizationId = survivorId };
            }
        });
    }

    private void NoteUse(StoredKey key, DateTimeOffset now)
    {
        if (now - key.LastUsedAt < UseNotedEvery)
        {
            return;
        }

        var used = key with { LastUsedAt = now };
        if (!_keys.TryUpdate(key.Id, used, key))
        {
            return;
        }

        try
        {
            _ = _writer.WriteAsync(write => write.Execute("UPDATE api_key SET last_used_at = @at WHERE id = @id", ("@at", now), ("@id", key.Id)));
        }
        catch (WriterBusyException)
        {
            // A busy server has better things to write; the next use notes it.
            _keys.TryUpdate(key.Id, key, used);
        }
    }
}
