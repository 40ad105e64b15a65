using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using PledgeTracker.Ledger;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PledgeTracker.Http;

/// <summary>The OpenAPI 3.1 document, made from the endpoints themselves, and Swagger UI on it.</summary>
internal static class OpenApi
{
    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<OpenApiTexts>();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "PledgeTracker",
                Version = "v1",
                Description = """
                    Follows aid money from the promise to the payment, and says what is still missing.
                    Donors *pledge*; money is *committed*, *paid* or *withdrawn*; a fund's *shortfall* is what remains.

                    Nothing is overwritten, every figure cites its source, stages are never added to each other, and loans, credit lines, investments
                    and memoranda are never silently mixed with grants. Amounts are plain decimal numbers in major units with their `currency` beside
                    them; `figures` are in US dollars. Dates are `yyyy-MM-dd`, instants RFC 3339 in UTC.
                    Names and messages follow `Accept-Language` (or `lang`): `en` and `ar`.
                    """.ReplaceLineEndings("\n"),
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            });
            options.SupportNonNullableReferenceTypes();
            options.CustomSchemaIds(SchemaId);
            options.IncludeXmlComments(typeof(OpenApi).Assembly);
            options.AddSecurityDefinition("key", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, `pt_…`. Reads are public; each operation that needs a key says which role.",
            });
            options.SchemaFilter<SchemaShapes>();
            options.OperationFilter<OperationShapes>();
            options.DocumentFilter<DocumentShape>();
        });
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapGet("/openapi.json", (OpenApiTexts texts) => TypedResults.Text(texts.Json, "application/json", Encoding.UTF8)).ExcludeFromDescription();
        app.MapGet("/openapi.yaml", (OpenApiTexts texts) => TypedResults.Text(texts.Yaml, "application/yaml", Encoding.UTF8)).ExcludeFromDescription();
        app.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription();
        app.UseSwaggerUI(ui =>
        {
            ui.DocumentTitle = "PledgeTracker";
            ui.SwaggerEndpoint("/openapi.json", "PledgeTracker v1");
            ui.EnableTryItOutByDefault();
            ui.DisplayRequestDuration();
            ui.DefaultModelsExpandDepth(0);
        });
    }

    /// <summary>A response type that serves lists and single resources has two schemas: `ShortfallItem` and `Shortfall`.</summary>
    private static string SchemaId(Type type)
    {
        var nested = type.DeclaringType is { } owner && type.Name is ("Request" or "Document") ? owner.Name + type.Name : type.Name;
        if (!type.IsGenericType)
        {
            return nested;
        }

        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return SchemaId(type.GenericTypeArguments[0]) + "List";
        }

        var name = nested[..nested.IndexOf('`', StringComparison.Ordinal)];
        var argument = type.GenericTypeArguments[0];
        return argument == typeof(string) ? name + "Item" : argument == typeof(LocalizedText) ? name : SchemaId(argument) + name;
    }

    /// <summary>Closed vocabularies, and which members are always there.</summary>
    private sealed class SchemaShapes : ISchemaFilter
    {
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            if (schema is not OpenApiSchema shape)
            {
                return;
            }

            if (context.MemberInfo?.GetCustomAttribute<OneOfAttribute>() is { } oneOf)
            {
                var words = (string[])typeof(Words).GetField(oneOf.Vocabulary)!.GetValue(null)!;
                shape.Enum = [.. words.Select(w => (JsonNode)JsonValue.Create(w))];
                if (shape.Type?.HasFlag(JsonSchemaType.Null) == true)
                {
                    shape.Enum.Add(null!);
                }
            }

            if (context.MemberInfo?.GetCustomAttribute<ShapedByAttribute>() is { } shapedBy)
            {
                var members = context.SchemaGenerator.GenerateSchema(shapedBy.Type, context.SchemaRepository);
                shape.AllOf = [members];
                shape.AdditionalProperties = null;
                shape.AdditionalPropertiesAllowed = true;
            }

            if (shape.Format == "double")
            {
                // A decimal number, exact as it is written; nothing here is floating point.
                shape.Format = null;
            }

            shape.ReadOnly = false;
            if (shape.Properties is not { Count: > 0 } properties)
            {
                return;
            }

            if (IsRequest(context.Type))
            {
                shape.AdditionalPropertiesAllowed = false;
                shape.Required = RequiredBy(context.Type);
                AllowNulls(context.Type, properties, shape.Required);
                return;
            }

            // An answer always has all its members, null where there is nothing; only those left out when null may be absent.
            shape.AdditionalPropertiesAllowed = true;
            var optional = context.Type.GetProperties()
                .Where(p => p.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is not null
                            || context.Type.GetConstructors().SelectMany(c => c.GetParameters()).Any(q => q.Name == p.Name && q.HasDefaultValue))
                .Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]).ToHashSet();
            shape.Required = properties.Keys.Where(name => !optional.Contains(name)).ToHashSet();
            AllowNulls(context.Type, properties);
        }

        // A reference cannot say that it may be null; a choice between it and null can.
        private static void AllowNulls(Type type, IDictionary<string, IOpenApiSchema> properties, ISet<string>? needed = null)
        {
            var nullability = new NullabilityInfoContext();
            foreach (var property in type.GetProperties())
            {
                var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
                if (needed?.Contains(name) == true && properties[name] is OpenApiSchema { Type: { } both } required)
                {
                    required.Type = both & ~JsonSchemaType.Null;
                    required.Enum?.Remove(null!);
                    continue;
                }

                if (needed?.Contains(name) == true || !properties.TryGetValue(name, out var schema) || nullability.Create(property).ReadState != NullabilityState.Nullable)
                {
                    continue;
                }

                if (schema is OpenApiSchemaReference)
                {
                    properties[name] = new OpenApiSchema { OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = schema.Description };
                }
                else if (schema is OpenApiSchema { Type: { } own } inline)
                {
                    inline.Type = own | JsonSchemaType.Null;
                }
            }
        }

        private static bool IsRequest(Type type) =>
            type.Name.EndsWith("Request", StringComparison.Ordinal) || type.Name is "Document" or "Classification" or "DonorShare";

        // The rules that the server checks are nested in the operation: a member is required where they say so.
        private static HashSet<string> RequiredBy(Type type)
        {
            var rules = typeof(OpenApi).Assembly.GetTypes().FirstOrDefault(t => t is { IsAbstract: false } && typeof(IValidator).IsAssignableFrom(t)
                && t.BaseType is { IsGenericType: true } validator && validator.GenericTypeArguments[0] == type && t.GetConstructor(Type.EmptyTypes) is not null);
            return rules is null
                ? []
                : ((IValidator)Activator.CreateInstance(rules)!).CreateDescriptor().GetMembersWithValidators()
                    .Where(member => member.Any(v => v.Validator is INotNullValidator && !v.Options.HasCondition))
                    .Select(member => char.ToLowerInvariant(member.Key[0]) + member.Key[1..]).ToHashSet();
        }
    }

    /// <summary>Parameters, headers and problems, from what the endpoints declare.</summary>
    private sealed class OperationShapes : IOperationFilter
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

            if (metadata.OfType<NeedsRole>().FirstOrDefault() is { } needed)
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", context.Document)] = [] }];
                operation.AddExtension("x-role", new JsonNodeExtension(JsonValue.Create(needed.Role.ToString().ToLowerInvariant())));
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

    private sealed class DocumentShape : IDocumentFilter
    {
        public void Apply(OpenApiDocument document, DocumentFilterContext context)
        {
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Tags = OpenApiTexts.Tags.Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }).ToHashSet();
        }
    }
}

/// <summary>The document as it is served: written once, on the first request for it.</summary>
internal sealed class OpenApiTexts(IServiceProvider services)
{
    public static readonly Dictionary<string, string> Tags = new()
    {
        ["Pledges"] = "Public promises, and the headers of contributions that nobody had pledged.",
        ["Contributions"] = "Commitments and payments.",
        ["Donors"] = "Organizations that pledged or gave, with their figures.",
        ["Organizations"] = "Everyone who gives, receives or runs a fund.",
        ["Funds"] = "What money is given to, and what it says it needs.",
        ["Entries"] = "Corrections and citations of what stands in the ledger.",
        ["Shortfalls"] = "What funds still lack, reported or computed.",
        ["Events"] = "Conferences and meetings where pledges were announced.",
        ["Sources"] = "The documents that figures rest on.",
        ["Indicators"] = "What the money is for, and what has come of it.",
        ["Exchange rates"] = "US dollars for other currencies.",
        ["Changes"] = "Every change of the data, and as it happens.",
        ["Keys"] = "API keys, for those who run the server.",
        ["Health"] = "For those who run the server.",
    };

    public static readonly Dictionary<string, string> Statuses = new()
    {
        ["200"] = "Found.",
        ["201"] = "Recorded, and on the disk.",
        ["304"] = "Nothing has changed since the `ETag` that was sent.",
        ["400"] = "The request is not valid; `errors` names each member or parameter and says what to send.",
        ["308"] = "The organization was merged into another; `Location` says which.",
        ["401"] = "A valid API key is needed.",
        ["403"] = "The key may not do that.",
        ["404"] = "There is no such resource.",
        ["406"] = "Only JSON can be sent.",
        ["408"] = "The body took too long to arrive.",
        ["409"] = "It conflicts with what is recorded; `existing` says where, if somewhere.",
        ["412"] = "The resource has changed since the `ETag` of `If-Match`.",
        ["413"] = "The body is larger than 1 MiB.",
        ["415"] = "The body must be JSON in UTF-8, not compressed.",
        ["422"] = "The `Idempotency-Key` was used for another request.",
        ["428"] = "`If-Match` is missing.",
        ["429"] = "Too many requests; `Retry-After` says when to try again.",
        ["503"] = "The server is busy, or the query took too long; `Retry-After` says when to try again.",
    };

    private readonly Lazy<(string Json, string Yaml)> _texts = new(() =>
    {
        using var scope = services.CreateScope();
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger("v1");
        return (Write(document, text => new OpenApiJsonWriter(text)), Write(document, text => new OpenApiYamlWriter(text)));
    });

    public string Json => _texts.Value.Json;

    public string Yaml => _texts.Value.Yaml;

    private static string Write(OpenApiDocument document, Func<TextWriter, IOpenApiWriter> writer)
    {
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(writer(text));
        return text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
