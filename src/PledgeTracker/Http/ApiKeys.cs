using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace PledgeTracker.Http;

/// <summary>
/// Lets a request through to an operation that declares a role only with a key of that role, before its body is read. The key is looked up each time:
/// one that was revoked, whoever revoked it, is refused on the next request.
/// </summary>
internal sealed class ApiKeys(RequestDelegate next, Db db, TimeProvider clock, RateLimits limits, ILogger<ApiKeys> log)
{
    private const string Scheme = "Bearer ";

    // How exact "last used" is: a write per request would cost more than the request.
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromHours(1);

    // Long enough to bring the new key to whatever sends the old one.
    public static readonly TimeSpan KeptWhenRenewed = TimeSpan.FromHours(1);

    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        var needed = metadata?.GetMetadata<NeedsRole>()
            ?? (metadata?.GetMetadata<TakesMe>() is { } own && IsMe(context.Request.Query[own.Parameter].ToString()) ? new NeedsRole(Role.Recorder) : null);
        return needed is null ? next(context) : CheckAsync(context, needed);
    }

    // Through the door that every value passes: what is `me` there is `me` here.
    private static bool IsMe(string values) => values.Split(',').Any(value => Words.Text.Take(value, isIdentifier: false, out var taken) is null && taken == "me");

    private async Task CheckAsync(HttpContext context, NeedsRole needed)
    {
        var (caller, isOfThisMachine) = await HolderAsync(context);
        if (caller is null || (isOfThisMachine && !IsFromThisMachine(context)))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw limits.Read(context) ?? new Refused("unauthorized", caller is null
                ? new("Send `Authorization: Bearer pt_…` with a key that is neither revoked nor expired.", "أرسل Authorization: Bearer pt_… بمفتاح غير ملغى ولا منتهي الصلاحية.")
                : new("This key is good on the server's own machine alone: have one made with `keys create`.", "هذا المفتاح صالح على جهاز الخادم نفسه فقط: اطلب مفتاحا يُنشأ بالأمر keys create."));
        }

        context.Features.Set(caller);
        if (caller.Role < needed.Role)
        {
            var role = needed.Role.ToString().ToLowerInvariant();
            throw needed.Hidden
                ? Refused.Missing("There is no such resource.", "لا يوجد مورد بهذا العنوان.")
                : new Refused("forbidden", new($"This needs a key of role {role}.", $"يلزم مفتاح بدور {role}."));
        }

        if (limits.Write(context, caller) is { } tooMany)
        {
            throw tooMany;
        }

        await next(context);
    }

    /// <summary>The holder of a bearer token `pt_id_secret`, or null when it is malformed, unknown, wrong, expired or revoked; and whether it is good on this machine alone.</summary>
    private async Task<(Caller? Caller, bool IsOfThisMachine)> HolderAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || !header[0]!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || header[0]![Scheme.Length..].Trim().Split('_') is not ["pt", var id, var secret])
        {
            return default;
        }

        var key = await db.ReadAsync(view => view.Sql.QueryFirstOrDefaultAsync<StoredKey>(
            "SELECT role, organization_id, continues, secret_sha256, created_by, expires_at, renewed_at, revoked_at, last_used_at FROM api_key WHERE id = @id", new { id }), long.MaxValue, context.RequestAborted);
        var now = clock.GetUtcNow();
        if (key is null || !CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), key.SecretSha256)
            || key.RevokedAt is not null || key.ExpiresAt <= now || key.RenewedAt + KeptWhenRenewed <= now)
        {
            return default;
        }

        if (!(now - key.LastUsedAt < UseNotedEvery))
        {
            _ = NoteUseAsync(id, now);
        }

        // Whoever renews a key stays who they are: what they recorded is theirs, and what they send again is a retry.
        return (new Caller("key:" + (key.Continues ?? id), Enum.Parse<Role>(key.Role, ignoreCase: true), key.OrganizationId, id), key.CreatedBy == Caller.Development.Id);
    }

    // What a proxy on this machine passes on came from anywhere.
    private static bool IsFromThisMachine(HttpContext context) => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");

    // The request does not wait for it. Private, like the key: without a change in the log.
    private async Task NoteUseAsync(string id, DateTimeOffset now)
    {
        try
        {
            // Of many requests at once, one notes it.
            await db.WriteAsync(Caller.Local, write => write.Sql.ExecuteAsync(
                "UPDATE api_key SET last_used_at = @now WHERE id = @id AND (last_used_at IS NULL OR last_used_at <= @due)", new { id, now, due = now - UseNotedEvery }));
        }
        catch (Exception fault)
        {
            // Nobody asked for it, and the next use notes it.
            log.LogDebug(fault, "The use of key {Key} was not noted", id);
        }
    }

    private sealed record StoredKey
    {
        public required string Role { get; init; }
        public string? OrganizationId { get; init; }
        public string? Continues { get; init; }
        public required byte[] SecretSha256 { get; init; }
        public required string CreatedBy { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset? RenewedAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
    }
}

internal static class Callers
{
    extension(Caller)
    {
        /// <summary>Who sends a request to an operation that declares a role.</summary>
        public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("This route declares no role.");
    }
}
