using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace PledgeTracker.Http;

/// <summary>A refusal as a typed result, so that an endpoint's documented statuses come from its signature.</summary>
public abstract class RefusalResult(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => refusal.WriteAsync(httpContext);

    protected static void Document(EndpointBuilder builder, int status) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
}

/// <summary>400: the request is not valid; `errors` says where and what to send.</summary>
public sealed class Invalid(Refusal refusal) : RefusalResult(refusal), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, 400);
}

/// <summary>404: no such resource.</summary>
public sealed class Missing(string en, string ar) : RefusalResult(Refusal.Missing(en, ar)), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Document(builder, 404);
}
