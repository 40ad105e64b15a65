using PledgeTracker.Changes;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

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

/// <summary>Who sends a request: the holder of an API key, or whoever may open the local socket.</summary>
/// <param name="Id">Names the caller in the history: `key:` and the key's id, or `local`.</param>
/// <param name="OrganizationId">Whom a recorder speaks for.</param>
internal sealed record Caller(string Id, Role Role, string? OrganizationId)
{
    public static readonly Caller Local = new("local", Role.Admin, null);

    /// <summary>Where the ids of what it records come from.</summary>
    public Ids Ids { get; init; } = Ids.Standard;

    public Actor Actor => new(Id, OrganizationId) { NewId = Ids.NewRecord };

    /// <summary>An editor or admin, or the recorder of one of these organizations.</summary>
    public bool SpeaksFor(params ReadOnlySpan<string?> organizations) => Role >= Role.Editor || organizations.Contains(OrganizationId);

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("This route declares no role.");
}

/// <summary>The role an operation needs, as endpoint metadata.</summary>
/// <param name="Role">The least role.</param>
/// <param name="Hidden">To others the resource does not exist: 404 instead of 403.</param>
internal sealed record NeedsRole(Role Role, bool Hidden = false);
