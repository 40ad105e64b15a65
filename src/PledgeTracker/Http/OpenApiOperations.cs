using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FastEndpoints;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PledgeTracker.Http;

/// <summary>What an operation takes and answers, from what it declares: the properties of its request, the rules of its validator, and the texts of its <c>Tells</c>.</summary>
/// <param name="answers">What reads answer, by the name of the operation.</param>
internal sealed class OpenApiOperations(IReadOnlyDictionary<string, AnswerExample> answers) : IOperationFilter
{
    public static readonly Dictionary<string, string> Statuses = new()
    {
        ["200"] = "Found.",
        ["201"] = "Recorded, and on the disk.",
        ["202"] = "Put aside and on the disk: it is recorded behind the answer.",
        ["304"] = "Nothing has changed since the `ETag` that was sent.",
        ["308"] = "The organization was merged into another; `Location` says which.",
        ["400"] = "The request is not valid; `errors` names each member or parameter and says what to send.",
        ["401"] = "A valid API key is needed.",
        ["403"] = "The key may not do that.",
        ["404"] = "There is no such resource.",
        ["406"] = "`Accept` leaves out what the operation sends.",
        ["408"] = "The body took too long to arrive.",
        ["409"] = "It conflicts with what is recorded; `existing` says where, if somewhere.",
        ["412"] = "The resource has changed since the `ETag` of `If-Match`.",
        ["413"] = "The body is larger than 1 MiB.",
        ["415"] = "The body must be of a media type that the operation takes, in UTF-8 and not compressed.",
        ["422"] = "The `Idempotency-Key` was used for another request.",
        ["428"] = "`If-Match` is missing.",
        ["429"] = "Too many requests; `Retry-After` says when to try again.",
        ["503"] = "The server is busy, or the query took too long; `Retry-After` says when to try again.",
        ["507"] = "The server's disk is full: nothing was recorded. Send it again when there is room, with the same `Idempotency-Key`.",
    };

    private static readonly JsonSerializerOptions Sent = new(Json.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<EndpointDefinition>().FirstOrDefault() is not { } endpoint)
        {
            return;
        }

        (operation.Summary, operation.Description) = (endpoint.EndpointSummary?.Summary, endpoint.EndpointSummary?.Description);
        var isInPath = Binding.PropertiesOf(endpoint.ReqDtoType).ToLookup(p => context.ApiDescription.RelativePath!.Contains($"{{{Binding.NameOf(p)}}}", StringComparison.Ordinal));
        var takesQuery = endpoint.ReqDtoType.IsAssignableTo(typeof(ReadRequest));
        var isRead = takesQuery && !endpoint.ReqDtoType.IsAssignableTo(typeof(IStreamsItsBody));
        operation.Parameters =
        [
            .. isInPath[true].Select(p => Parameter(p, ParameterLocation.Path, context)),
            .. isInPath[false].Where(_ => takesQuery).Select(p => Parameter(p, ParameterLocation.Query, context)),
        ];
        foreach (var header in metadata.OfType<TakesHeader>())
        {
            operation.Parameters.Add(Header(header.Name, header.Description));
        }

        var needed = metadata.OfType<NeedsRole>().FirstOrDefault();
        if (needed is not null)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", context.Document)] = [] }];
            operation.AddExtension("x-role", Word(needed.Role));
        }
        else
        {
            // An empty list says that no key is needed; a requirement of nothing, that one may be sent.
            operation.Security = metadata.OfType<TakesMe>().Any()
                ? [[], new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", context.Document)] = [] }]
                : [];
        }

        if (answers.TryGetValue(endpoint.EndpointType.Name, out var known) && operation.Responses?["200"].Content is { } sent)
        {
            // A workbook is no text that could stand here.
            foreach (var (mediaType, media) in sent.Where(m => m.Key != Format.Xlsx.MediaType))
            {
                var text = known.Texts?.GetValueOrDefault(mediaType);
                ((OpenApiMediaType)media).Examples = new Dictionary<string, IOpenApiExample>
                {
                    ["facts"] = new OpenApiExample { Summary = $"GET {known.Asked}, from the documented facts", Value = text is null ? known.Answer.DeepClone() : JsonValue.Create(text) },
                };
            }
        }

        if (isRead)
        {
            DescribeRead(operation, endpoint, isConditional: needed is null);
            if (Table.IsIn(endpoint.ResDtoType))
            {
                DescribeTable(operation, context.ApiDescription.RelativePath!);
            }
            else if (metadata.OfType<HasSuffixes>().Any())
            {
                foreach (var (mediaType, media) in operation.Responses!["200"].Content!)
                {
                    ((OpenApiMediaType)media).Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = mediaType == Format.Xlsx.MediaType ? "binary" : null };
                }
            }
        }

        if (metadata.OfType<TakesBody>().FirstOrDefault() is { } takes)
        {
            DescribeWrite(operation, takes, context, keepsAnswers: context.ApiDescription.HttpMethod == "POST" && !metadata.OfType<TakesNoIdempotencyKey>().Any());
        }

        if (metadata.OfType<MayHaveMoved>().Any())
        {
            operation.Responses!.Add("308", new OpenApiResponse { Headers = Headers(("Location", "Where the survivor answers.")) });
        }

        foreach (var (status, response) in operation.Responses!)
        {
            if (response is OpenApiResponse described)
            {
                described.Description = Statuses[status];
                if (described.Content is { } content && content.TryGetValue("application/problem+json", out var media) && media is OpenApiMediaType problem)
                {
                    var code = Problems.CodeFor(int.Parse(status, CultureInfo.InvariantCulture));
                    problem.Examples = new Dictionary<string, IOpenApiExample> { [code] = new OpenApiExampleReference(code, context.Document) };
                }

                if (status is "503" or "429")
                {
                    described.Headers = Headers(("Retry-After", "Seconds to wait."));
                }
            }
        }
    }

    private static void DescribeRead(OpenApiOperation operation, EndpointDefinition endpoint, bool isConditional)
    {
        operation.Parameters!.Add(Header("Accept-Language", "The language of names and messages, `en` or `ar`.", "ar"));
        if (!isConditional)
        {
            return;
        }

        operation.Parameters.Add(Header("If-None-Match", "An `ETag` from before: 304 when nothing has changed since."));
        operation.Responses!.Add("304", new OpenApiResponse());
        if (operation.Responses["200"] is OpenApiResponse answer)
        {
            answer.Headers = Headers(("ETag", "Strong; changes with the data, at midnight UTC, and with the question."), ("Content-Language", "`en` or `ar`."));
            if (endpoint.ReqDtoType.IsAssignableTo(typeof(ListRequest)))
            {
                answer.Headers.Add("Link", TextHeader("The next page, with `rel=\"next\"` (RFC 8288)."));
            }
        }
    }

    private static void DescribeTable(OpenApiOperation operation, string path)
    {
        operation.Description += $" As CSV, XLSX and NDJSON at `/{path}{Format.Csv.Suffix}`, `/{path}{Format.Xlsx.Suffix}` and `/{path}{Format.Ndjson.Suffix}`, or by `Accept`.";
        foreach (var (mediaType, media) in operation.Responses!["200"].Content!.Where(m => m.Key != Format.Json.MediaType))
        {
            ((OpenApiMediaType)media).Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = mediaType == Format.Csv.MediaType ? "RFC 4180: a row of names, then a row each."
                    : mediaType == Format.Xlsx.MediaType ? "ECMA-376: a workbook of one sheet, with the columns of CSV."
                    : "A line each, with the JSON of an item.",
                Format = mediaType == Format.Xlsx.MediaType ? "binary" : null,
            };
        }
    }

    private static void DescribeWrite(OpenApiOperation operation, TakesBody takes, OperationFilterContext context, bool keepsAnswers)
    {
        if (takes.IsFile)
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = takes.MediaTypes.Order(StringComparer.Ordinal).ToDictionary(type => type, IOpenApiMediaType (type) => FileOf(type, context)) };
        }
        else if (Binding.PropertiesOf(takes.Shape).Any(p => !p.IsDefined(typeof(RouteParamAttribute))))
        {
            var content = new Dictionary<string, IOpenApiMediaType>();
            foreach (var mediaType in takes.MediaTypes.Order(StringComparer.Ordinal))
            {
                var isJson = mediaType.EndsWith("json", StringComparison.Ordinal);
                var example = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<BodyExample>().FirstOrDefault(e => e.MediaType == (isJson ? null : mediaType));
                content.Add(mediaType, new OpenApiMediaType
                {
                    Schema = !isJson ? new OpenApiSchema { Type = JsonSchemaType.String }
                        : context.ApiDescription.HttpMethod == "PATCH" ? OpenApiSchemas.PatchOf(takes.Shape, context.SchemaGenerator, context.SchemaRepository)
                        : context.SchemaGenerator.GenerateSchema(takes.Shape, context.SchemaRepository),
                    Examples = example is null ? null : new Dictionary<string, IOpenApiExample> { [example.Needs.ToString().ToLowerInvariant()] = Shown(example) },
                });
            }

            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
        }

        if (context.ApiDescription.HttpMethod == "PATCH")
        {
            operation.Parameters!.Add(Header("If-Match", "The `ETag` that the resource was read with, so that what others changed meanwhile is not overwritten; `*` for whatever stands.", "*", isRequired: true));
        }

        if (keepsAnswers)
        {
            if (!takes.IsFile)
            {
                operation.Parameters!.Add(DryRun());
            }

            operation.Parameters!.Add(Header("Idempotency-Key",
                "Makes a retry safe: the same key with the same body gets the first answer again, for 24 hours. Any visible ASCII, such as a UUID."));
        }

        operation.Parameters!.Add(Header("Accept-Language", "The language of names and messages, `en` or `ar`."));
    }

    // A file by itself, or the parts of a form.
    private static OpenApiMediaType FileOf(string mediaType, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<BodyExample>().FirstOrDefault(e => e.MediaType == mediaType) is { } example)
        {
            // Short enough to be typed.
            return new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Examples = new Dictionary<string, IOpenApiExample> { [example.Needs.ToString().ToLowerInvariant()] = Shown(example) },
            };
        }

        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return new OpenApiMediaType
        {
            Schema = mediaType != "multipart/form-data" ? file : new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "file" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["mapping"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
                        Description = "Names as they stand in the files, each with the id of an organization. It stands in front of the files.",
                    },
                    ["file"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = file, Description = "The files, in their order." },
                },
            },
        };
    }

    private static OpenApiExample Shown(BodyExample example)
    {
        var shown = new OpenApiExample
        {
            Description = $"Needs a key of role `{example.Needs.ToString().ToLowerInvariant()}`{(example.Organization is null ? "" : $" that speaks for `{example.Organization}`")}{(example.Needs == Role.Admin ? "" : ", or above")}.",
            Value = JsonSerializer.SerializeToNode(example.Body, Sent),
        };
        shown.AddExtension("x-role", Word(example.Needs));
        if (example.Organization is not null)
        {
            shown.AddExtension("x-organization", new JsonNodeExtension(JsonValue.Create(example.Organization)));
        }

        return shown;
    }

    private static JsonNodeExtension Word(Role role) => new(JsonValue.Create(role.ToString().ToLowerInvariant()));

    // What may be tried out is what may be sent again.
    private static OpenApiParameter DryRun() => new()
    {
        Name = Binding.DryRun,
        In = ParameterLocation.Query,
        Description = "`true` carries the request out, answers what it would, and takes everything back: no record, no id and no change stays, and no answer is kept for an `Idempotency-Key`.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
    };

    private static OpenApiParameter Parameter(PropertyInfo property, ParameterLocation place, OperationFilterContext context)
    {
        // The comments and attributes of the property go into its schema.
        var schema = (OpenApiSchema)context.SchemaGenerator.GenerateSchema(property.PropertyType, context.SchemaRepository, property);
        var isInPath = place == ParameterLocation.Path;
        var name = Binding.NameOf(property);
        var parameter = new OpenApiParameter
        {
            Name = name,
            In = place,
            Required = isInPath,
            Description = schema.Description,
            // Swagger UI would fill in an example and so set every filter at once; in words it can be tried by hand.
            Example = isInPath ? schema.Examples?.FirstOrDefault()
                : context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AsksFor>().FirstOrDefault(asked => asked.Parameter == name)?.Example,
            Schema = schema,
        };
        if (schema.Items is not null)
        {
            // Joined by commas.
            (parameter.Style, parameter.Explode) = (ParameterStyle.Form, false);
        }

        (schema.Description, schema.Examples) = (null, null);
        schema.Type &= ~JsonSchemaType.Null;
        OpenApiRules.Describe(property.ReflectedType!, property.Name, schema);
        return parameter;
    }

    private static OpenApiParameter Header(string name, string description, string? example = null, bool isRequired = false) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = isRequired,
        Description = description,
        Example = isRequired ? example : null,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = example is null || isRequired ? null : [JsonValue.Create(example)] },
    };

    private static Dictionary<string, IOpenApiHeader> Headers(params ReadOnlySpan<(string Name, string Description)> headers)
    {
        var described = new Dictionary<string, IOpenApiHeader>();
        foreach (var (name, description) in headers)
        {
            described.Add(name, TextHeader(description));
        }

        return described;
    }

    private static OpenApiHeader TextHeader(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
