using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Keys;

/// <summary>Lets a request through to an operation that declares a role only with a key of that role, before its body is read.</summary>
internal static class Authentication
{
    public static void UseApiKeys(this WebApplication app) => app.Use((context, next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<NeedsRole>() is { } needed ? CheckAsync(context, needed, next) : next(context));

    private static async Task CheckAsync(HttpContext context, NeedsRole needed, RequestDelegate next)
    {
        var caller = LocalSocket.IsLocal(context) ? Caller.Local : FromBearer(context);
        if (caller is null)
        {
            var limits = context.RequestServices.GetRequiredService<RateLimits>();
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await (limits.Read(context) ?? new Refusal("unauthorized", new(
                "Send `Authorization: Bearer pt_…` with a key that is neither revoked nor expired.",
                "أرسل Authorization: Bearer pt_… بمفتاح غير ملغى ولا منتهي الصلاحية."))).WriteAsync(context);
        }
        else if (caller.Role < needed.Role)
        {
            await (needed.Hidden
                ? Refusal.Missing("There is no such resource.", "لا يوجد مورد بهذا العنوان.")
                : new Refusal("forbidden", new($"This needs a key of role {needed.Role.ToString().ToLowerInvariant()}.",
                    $"يلزم مفتاح بدور {needed.Role.ToString().ToLowerInvariant()}."))).WriteAsync(context);
        }
        else if (context.RequestServices.GetRequiredService<RateLimits>().Write(context, caller) is { } tooMany)
        {
            await tooMany.WriteAsync(context);
        }
        else
        {
            context.Features.Set(caller with { Ids = context.RequestServices.GetRequiredService<Ids>() });
            await next(context);
        }
    }

    private static Caller? FromBearer(HttpContext context)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization;
        return header.Count == 1 && header[0]!.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? context.RequestServices.GetRequiredService<KeyRing>().Authenticate(header[0].AsSpan(scheme.Length).Trim())
            : null;
    }
}
