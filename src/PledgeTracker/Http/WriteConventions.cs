namespace PledgeTracker.Http;

/// <summary>What every operation behind a key does.</summary>
internal static class WriteConventions
{
    /// <summary>Documents a write and gives it what all writes have: a role, a strict query and a readable body.</summary>
    /// <param name="hidden">To callers without the role the resource does not exist: 404, not 403.</param>
    public static RouteHandlerBuilder Writes(
        this RouteHandlerBuilder builder, string operation, string tag, string summary, string description, Role role, bool hidden = false) => builder
        .Needs(operation, tag, summary, description, role, hidden)
        .Refuses(400, 408, 409, 413, 415, 422, 429, 503)
        .AddEndpointFilter((invocation, next) =>
        {
            var faults = invocation.HttpContext.Request.Query.Keys.Where(k => k != "lang").Select(QueryContract.Empty.Unknown).ToList();
            var refusal = faults.Count > 0 ? Refusal.Invalid(faults) : invocation.Arguments.OfType<WriteRequest>().FirstOrDefault()?.Refusal;
            return refusal is null ? next(invocation) : ValueTask.FromResult<object?>(new RefusedResult(refusal));
        });

    /// <summary>Documents an operation behind a key.</summary>
    public static RouteHandlerBuilder Needs(
        this RouteHandlerBuilder builder, string operation, string tag, string summary, string description, Role role, bool hidden = false) => builder
        .WithName(operation)
        .WithTags(tag)
        .WithSummary(summary)
        .WithDescription($"{description} Needs a key of role `{role.ToString().ToLowerInvariant()}`{(role == Role.Admin ? "" : " or above")}.")
        .Guarded(role, hidden);

    /// <summary>Lets only callers of the role through.</summary>
    public static RouteHandlerBuilder Guarded(this RouteHandlerBuilder builder, Role role, bool hidden = false) => builder
        .WithMetadata(new NeedsRole(role, hidden))
        .Refuses(hidden ? [401, 404] : role == Role.Recorder ? [401] : [401, 403]);
}

/// <summary>A media type other than JSON that a write takes, as endpoint metadata, and a body of it.</summary>
internal sealed record AlsoTakes(string MediaType, string Example);

/// <summary>A header that only one operation takes, as endpoint metadata.</summary>
internal sealed record TakesHeader(string Name, string Description);

/// <summary>A refusal that a filter gives.</summary>
internal sealed class RefusedResult(Refusal refusal) : RefusalResult(refusal);
