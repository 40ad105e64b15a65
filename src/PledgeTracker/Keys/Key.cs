using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Keys;

/// <summary>An API key. Its secret was shown once and is not kept.</summary>
public record Key
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    [OneOf(nameof(Words.Roles))]
    public required string Role { get; init; }

    /// <summary>Whom a recorder speaks for.</summary>
    public required string? OrganizationId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>To the minute.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    internal static Key Of(StoredKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Role = key.Role,
        OrganizationId = key.OrganizationId,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        RevokedAt = key.RevokedAt,
        LastUsedAt = key.LastUsedAt,
    };
}

/// <summary>A key just made, with its token: the only time it is shown.</summary>
public sealed record NewKey
{
    public required Key Key { get; init; }

    /// <summary>Send it as `Authorization: Bearer …`. It cannot be shown again.</summary>
    /// <example>pt_0123456789ab_…</example>
    public required string Token { get; init; }
}

/// <summary>All keys.</summary>
public sealed record KeyList(IReadOnlyList<Key> Data);
