namespace PledgeTracker.Words;

/// <summary>What a caller may do; each role may do what the one before it may.</summary>
public enum Role
{
    /// <summary>An organization recording contributions in its own name.</summary>
    Recorder,

    /// <summary>Enters pledges, shortfalls and reference data from documents; verifies contributions.</summary>
    Editor,

    /// <summary>Runs the server: keys, verification of the log.</summary>
    Admin,
}

/// <summary>Who writes: the holder of an API key, the server's own machine, or the seed.</summary>
/// <param name="Id">Names the caller in the history: `key:` and the id of the key, or of the first that it continues; `local`; or `seed`.</param>
/// <param name="OrganizationId">Whom a recorder speaks for.</param>
/// <param name="KeyId">The id of the key itself.</param>
public sealed record Caller(string Id, Role Role, string? OrganizationId = null, string? KeyId = null)
{
    public static readonly Caller Local = new("local", Role.Admin);

    public static readonly Caller Seed = new("seed", Role.Admin);

    /// <summary>The server itself, in Development: it makes a key that is good on its own machine alone, and records nothing.</summary>
    public static readonly Caller Development = new("development", Role.Admin);

    /// <summary>An editor or admin, or the recorder of one of these organizations.</summary>
    public bool SpeaksFor(params ReadOnlySpan<string?> organizations) => Role >= Role.Editor || organizations.Contains(OrganizationId);
}
