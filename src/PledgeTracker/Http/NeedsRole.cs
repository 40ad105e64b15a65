namespace PledgeTracker.Http;

/// <summary>The role an operation needs, as endpoint metadata.</summary>
/// <param name="Role">The least role.</param>
/// <param name="Hidden">To others the resource does not exist: 404 instead of 403.</param>
internal sealed record NeedsRole(Role Role, bool Hidden = false);
