using System.Text.Json;

namespace PledgeTracker.Meta;

/// <summary>The operations, with their addresses.</summary>
public sealed class GetIndex : Reads<GetIndex.Request, ApiIndex>
{
    public sealed record Request : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public required EndpointDataSource Mapped { get; init; }

    public override void Configure()
    {
        Get("/v1");
        Tells("Meta", "Index", "Every operation with its address. What each takes and answers is in the document.");
    }

    protected override Task<ApiIndex> ReadAsync(Request request, View view)
    {
        string Seen(string path) => Pipeline.Seen(HttpContext, path)!;
        return Task.FromResult(new ApiIndex(Seen("/openapi.json"), Seen("/swagger"), [.. Mapped.Endpoints.OfType<RouteEndpoint>()
            .Select(route => (route.RoutePattern, Definition: route.Metadata.GetMetadata<EndpointDefinition>(), Needs: route.Metadata.GetMetadata<NeedsRole>()))
            .Where(route => route.Definition is not null && Endpoints.All.Contains(route.Definition.EndpointType))
            .Select(route => new ApiOperation(route.Definition!.EndpointType.Name, route.Definition.Verbs[0], Seen("/" + route.RoutePattern.RawText!.TrimStart('/')),
                route.Definition.EndpointSummary!.Summary, route.Needs is { } needs ? JsonNamingPolicy.CamelCase.ConvertName(needs.Role.ToString()) : null))]));
    }
}

/// <summary>What there is to ask.</summary>
/// <param name="Document">The OpenAPI document.</param>
/// <param name="Swagger">The same to read and to try.</param>
/// <param name="Operations">Every one of them.</param>
public sealed record ApiIndex(string Document, string Swagger, IReadOnlyList<ApiOperation> Operations);

/// <param name="Name">Its `operationId` in the document.</param>
/// <param name="Method">`GET`, `POST`, `PATCH` or `DELETE`.</param>
/// <param name="Path">Its address; parts in braces are to be filled in.</param>
/// <param name="Summary">What it is for, in English as in the document.</param>
/// <param name="Role">The least role of a key that it needs; null where it needs none.</param>
public sealed record ApiOperation(string Name, string Method, string Path, string Summary, [property: OneOf(nameof(Vocabulary.Roles))] string? Role);
