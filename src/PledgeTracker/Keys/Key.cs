namespace PledgeTracker.Keys;

/// <summary>An API key. Its secret was shown once and is not kept.</summary>
public sealed record Key
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    [OneOf(nameof(Vocabulary.Roles))]
    public required string Role { get; init; }

    /// <summary>Whom a recorder speaks for.</summary>
    public required string? OrganizationId { get; init; }

    /// <summary>The first of the keys that it continues by renewals; what is recorded with it goes by that one's id. Null where nothing was renewed.</summary>
    public required string? Continues { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When its holder took a new one for it; it ends an hour later.</summary>
    public required DateTimeOffset? RenewedAt { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>To the hour: uses within an hour of this one are not noted.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }
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
