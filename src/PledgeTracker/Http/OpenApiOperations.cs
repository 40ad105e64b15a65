using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PledgeTracker.Http;

/// <summary>Parameters, headers and problems, from what the endpoints declare.</summary>
internal sealed class OpenApiOperations : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        if (metadata.OfType<QueryContract>().FirstOrDefault() is { } contract)
        {
            foreach (var parameter in contract.Parameters)
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = ParameterLocation.Query,
                    // Swagger UI would fill in an `example` and so set every filter at once; in words it can be tried by hand.
                    Description = parameter.Example is { } example ? $"{parameter.Description} For example `{example}`." : parameter.Description,
                    Schema = parameter.Schema(),
                });
            }

            operation.Parameters.Add(Header("Accept-Language", "The language of names and messages, `en` or `ar`.", "ar"));
            operation.Parameters.Add(Header("If-None-Match", "An `ETag` from before: 304 when nothing has changed since.", null));
            operation.Responses!.Add("304", new OpenApiResponse());
            if (operation.Responses.TryGetValue("200", out var ok) && ok is OpenApiResponse answer)
            {
                answer.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["ETag"] = TextHeader("Strong; changes with the data, at midnight UTC, and with the question."),
                    ["Content-Language"] = TextHeader("`en` or `ar`."),
                };
                if (contract.ByName.ContainsKey("cursor"))
                {
                    answer.Headers["Link"] = TextHeader("The next page, with `rel=\"next\"` (RFC 8288).");
                }
            }
        }

        foreach (var header in metadata.OfType<TakesHeader>())
        {
            operation.Parameters.Add(Header(header.Name, header.Description, null));
        }

        if (metadata.OfType<NeedsRole>().FirstOrDefault() is { } needed)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", context.Document)] = [] }];
            operation.AddExtension("x-role", new JsonNodeExtension(JsonValue.Create(needed.Role.ToString().ToLowerInvariant())));
        }

        if (metadata.OfType<Microsoft.AspNetCore.Http.Metadata.IProducesResponseTypeMetadata>().Any(m => m.StatusCode == 308))
        {
            operation.Responses!.Add("308", new OpenApiResponse
            {
                Headers = new Dictionary<string, IOpenApiHeader> { ["Location"] = TextHeader("Where the survivor answers.") },
            });
        }

        ApplyBody(operation, context, metadata);
        foreach (var (status, response) in operation.Responses!)
        {
            if (response is OpenApiResponse described)
            {
                described.Description = OpenApiTexts.Statuses[status];
                if (status is "503" or "429")
                {
                    described.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = TextHeader("Seconds to wait.") };
                }
            }
        }
    }

    private static void ApplyBody(OpenApiOperation operation, OperationFilterContext context, IList<object> metadata)
    {
        if (context.MethodInfo.GetParameters().FirstOrDefault(p => typeof(WriteRequest).IsAssignableFrom(p.ParameterType)) is not { } parameter)
        {
            return;
        }

        var patch = metadata.OfType<AmendsDocument>().FirstOrDefault()?.Type;
        var body = patch ?? parameter.ParameterType.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IHasBody<>))?.GenericTypeArguments[0];
        if (body is not null)
        {
            var schema = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(body, context.SchemaRepository) };
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = schema } };
            if (patch is not null)
            {
                operation.RequestBody.Content!.Add("application/merge-patch+json", schema);
            }
            else if (RequestExamples.Of(operation.OperationId!) is { } example)
            {
                schema.Example = example;
            }

            foreach (var other in metadata.OfType<AlsoTakes>())
            {
                operation.RequestBody.Content!.Add(other.MediaType, new OpenApiMediaType
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = JsonValue.Create(other.Example.ReplaceLineEndings("\n")),
                });
            }
        }

        if (patch is not null)
        {
            operation.Parameters!.Add(Header("If-Match", "The `ETag` that the resource was read with.", null, required: true));
        }
        else if (operation.OperationId is not ("CreateKey" or "RevokeKey"))
        {
            operation.Parameters!.Add(Header("Idempotency-Key",
                "Makes a retry safe: the same key with the same body gets the first answer again, for 24 hours. Any visible ASCII, such as a UUID.", null));
        }

        operation.Parameters!.Add(Header("Accept-Language", "The language of names and messages, `en` or `ar`.", null));
    }

    private static OpenApiParameter Header(string name, string description, string? example, bool required = false) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = required,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = example is null ? null : [JsonValue.Create(example)] },
    };

    private static OpenApiHeader TextHeader(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
