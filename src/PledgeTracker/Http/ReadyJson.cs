using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace PledgeTracker.Http;

/// <summary>A JSON body that is ready to be sent.</summary>
internal class ReadyJson(byte[] body) : IResult, IStatusCodeHttpResult
{
    public byte[] Body => body;

    public int? StatusCode => 200;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }
}

/// <inheritdoc/>
/// <typeparam name="T">The shape that the body has.</typeparam>
internal sealed class ReadyJson<T>(byte[] body) : ReadyJson(body), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(T), ["application/json"]));
}
