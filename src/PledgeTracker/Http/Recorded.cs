using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace PledgeTracker.Http;

/// <summary>What a write answers: the record, or why it was refused.</summary>
internal sealed class Recorded<T> : IResult, IEndpointMetadataProvider
{
    private readonly Answer? _answer;
    private readonly Refusal? _refusal;

    public Recorded(Answer answer) => _answer = answer;

    public Recorded(Refusal refusal) => _refusal = refusal;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(builder.Metadata.OfType<HttpMethodMetadata>().Any(m => m.HttpMethods.Any(method => method is "PATCH" or "DELETE")) ? 200 : 201,
            typeof(T), ["application/json"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (_refusal is not null)
        {
            await _refusal.WriteAsync(httpContext);
            return;
        }

        var response = httpContext.Response;
        response.StatusCode = _answer!.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = _answer.Body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Location = _answer.Location;
        response.Headers.ETag = _answer.EntityTag;
        if (_answer.Replayed)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }

        await response.Body.WriteAsync(_answer.Body, httpContext.RequestAborted);
    }
}
