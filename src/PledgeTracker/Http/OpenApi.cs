using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PledgeTracker.Http;

/// <summary>The OpenAPI 3.1 document, made from the operations themselves, and Swagger UI on it.</summary>
internal static class OpenApi
{
    /// <param name="tags">What operations are sorted under, in this order.</param>
    /// <param name="answers">What reads answer, by the name of the operation.</param>
    public static void AddOpenApiDocument(this IServiceCollection services, IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, AnswerExample> answers)
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
                    and memoranda are never silently mixed with grants: rows that sum over instruments carry `byInstrument`, and what covers a shortfall is money of every
                    instrument, as its description says. Amounts are plain decimal numbers in major units with their `currency` beside
                    them; `figures` are in US dollars. Those above 9 × 10^15 of their currency's smallest unit (90 trillion dollars or rupiahs) are more than a
                    binary floating point number holds exactly: read them with a decimal parser. Dates are `yyyy-MM-dd`, instants RFC 3339 in UTC.
                    Names and messages follow `Accept-Language` (or `lang`): `en` and `ar`.
                    """.ReplaceLineEndings("\n"),
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            });
            options.SupportNonNullableReferenceTypes();
            options.CustomSchemaIds(SchemaId);
            options.IncludeXmlComments(OpenApiComments.Read);
            options.AddSecurityDefinition("key", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, `pt_…`. Reads are public; each operation that needs a key says which role.",
            });
            options.SchemaFilter<OpenApiSchemas>();
            options.OperationFilter<OpenApiOperations>(answers);
            options.DocumentFilter<OpenApiWhole>(tags);
        });
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapGet("/openapi.json", (OpenApiTexts texts, HttpContext context) => Send(context, texts.Json, "application/json")).ExcludeFromDescription();
        app.MapGet("/openapi.yaml", (OpenApiTexts texts, HttpContext context) => Send(context, texts.Yaml, "application/yaml")).ExcludeFromDescription();
        // It compares each path with a pattern: only where it can be meant.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), pages => pages.UseSwaggerUI(ui =>
        {
            ui.DocumentTitle = "PledgeTracker";
            ui.SwaggerEndpoint("../openapi.json", "PledgeTracker v1");
            ui.EnableTryItOutByDefault();
            ui.DisplayRequestDuration();
            ui.EnableDeepLinking();
            ui.EnableFilter();
            ui.DefaultModelsExpandDepth(0);
        }));
    }

    private static Results<FileContentHttpResult, StatusCodeHttpResult> Send(HttpContext context, byte[] text, string mediaType)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 8))}\"";
        var headers = context.Response.Headers;
        (headers.ETag, headers.CacheControl, headers.Vary) = (tag, "public, no-cache", "Accept-Encoding");
        return EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known)
            && known.Any(k => k.Tag == "*" || $"\"{Codings.Uncoded(k.Tag.AsSpan().Trim('"'), context.Request)}\"" == tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(text, mediaType + "; charset=utf-8");
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
}

/// <summary>The document as it is served: written once, on the first request for it.</summary>
internal sealed class OpenApiTexts(IServiceProvider services)
{
    private readonly Lazy<(byte[] Json, byte[] Yaml)> _texts = new(() =>
    {
        using var scope = services.CreateScope();
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger("v1");
        return (Write(document, text => new OpenApiJsonWriter(text)), Write(document, text => new OpenApiYamlWriter(text)));
    });

    public byte[] Json => _texts.Value.Json;

    public byte[] Yaml => _texts.Value.Yaml;

    private static byte[] Write(OpenApiDocument document, Func<TextWriter, IOpenApiWriter> writer)
    {
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(writer(text));
        return Encoding.UTF8.GetBytes(text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n");
    }
}

/// <summary>What concerns the document as a whole.</summary>
internal sealed class OpenApiWhole(IReadOnlyDictionary<string, string> tags) : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        // Where the document lies, whatever a proxy puts in front of it.
        document.Servers = [new OpenApiServer { Url = "." }];
        document.Components!.Examples = OpenApiOperations.Statuses.Keys.Where(status => status[0] >= '4').Select(status => Problems.ExampleOf(int.Parse(status, CultureInfo.InvariantCulture)))
            .ToDictionary(problem => problem.Code, IOpenApiExample (problem) => new OpenApiExample { Summary = problem.Title, Value = JsonSerializer.SerializeToNode(problem, Json.Problem) });
        document.Tags = tags.Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }).ToHashSet();
        // What the generator makes of members that are free in form: nothing refers to it.
        document.Components.Schemas!.Remove(nameof(JsonNode));
        document.Components.Schemas.Remove(nameof(JsonNodeOptions));
        foreach (var operations in document.Paths.Values.Select(path => path.Operations!))
        {
            // A patch of whatever document does not know what it patches: its read says what the path names.
            var named = operations.Values.SelectMany(PathParameters).Where(p => p.Description is not null).ToList();
            foreach (var (_, operation) in operations)
            {
                foreach (var silent in PathParameters(operation).Where(p => p.Description is null))
                {
                    var read = named.FirstOrDefault(p => p.Name == silent.Name);
                    (silent.Description, silent.Example) = (read?.Description, read?.Example);
                }

                var responses = new OpenApiResponses();
                foreach (var (status, response) in operation.Responses!.OrderBy(r => r.Key, StringComparer.Ordinal))
                {
                    responses.Add(status, response);
                }

                operation.Responses = responses;
            }
        }
    }

    private static IEnumerable<OpenApiParameter> PathParameters(OpenApiOperation operation) =>
        (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path);
}
