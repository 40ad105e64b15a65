using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Http;

namespace PledgeTracker.Keys;

/// <summary>All API keys, newest first, without their secrets.</summary>
internal sealed class ListKeys : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/keys", Handle).Needs("ListKeys", "Keys",
        "API keys", "All keys, newest first, with their role, organization, expiry and last use. Secrets are not kept and cannot be shown.", Role.Admin).StrictQuery();

    private static Ok<KeyList> Handle(HttpContext context, KeyRing keys)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new KeyList([.. keys.All.OrderByDescending(k => k.CreatedAt).ThenBy(k => k.Id).Select(Key.Of)]));
    }
}
