using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Tests.Contract;

/// <summary>A parameter of a query, with its schema.</summary>
internal sealed record Parameter(string Name, JsonElement Schema);

/// <summary>An operation of the served OpenAPI document.</summary>
internal sealed record Operation(string Path, string Method, JsonElement Definition)
{
    public string Id => Definition.GetProperty("operationId").GetString()!;

    public string? Role => Definition.TryGetProperty("x-role", out var role) ? role.GetString() : null;

    public HttpMethod Verb => new(Method.ToUpperInvariant());

    public IReadOnlyList<Parameter> QueryParameters => !Definition.TryGetProperty("parameters", out var parameters) ? [] :
        [.. parameters.EnumerateArray().Where(p => p.Text("in") == "query").Select(p => new Parameter(p.Text("name")!, p.GetProperty("schema")))];

    public HashSet<int> Statuses => [.. Definition.GetProperty("responses").EnumerateObject().Select(r => int.Parse(r.Name, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The examples of what is sent, each with its media type; where nothing is, none is one by itself.</summary>
    public IEnumerable<(string? MediaType, JsonElement? Example)> Examples => !Definition.TryGetProperty("requestBody", out var body) ? [(null, null)]
        : body.GetProperty("content").EnumerateObject().Where(media => media.Value.TryGetProperty("examples", out _)).SelectMany(media => media.Value.GetProperty("examples").EnumerateObject().Select(e => ((string?)media.Name, (JsonElement?)e.Value)));

    /// <summary>A request as this example has it.</summary>
    public HttpRequestMessage Request(string? mediaType, JsonElement? example, string query = "") => new(Verb, Address() + query)
    {
        Content = example?.GetProperty("value") is not { } value ? null : new StringContent(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), Encoding.UTF8, mediaType!),
    };

    /// <summary>The path with the examples of its parameters, or with these values.</summary>
    public string Address(params (string Name, string Value)[] values) => Path.Split('/').Aggregate("", (address, part) =>
    {
        if (part.Length == 0)
        {
            return address;
        }

        var name = part.Trim('{', '}');
        return address + "/" + (part[0] != '{' ? part : values.FirstOrDefault(v => v.Name == name).Value ?? Example(name));
    });

    /// <summary>What a success answers; null where that is no JSON.</summary>
    public JsonElement? AnswerSchema => Definition.GetProperty("responses").GetProperty("200").TryGetProperty("content", out var content)
        && content.TryGetProperty("application/json", out var json) ? json.GetProperty("schema") : null;

    /// <summary>What a success may be sent as.</summary>
    public IEnumerable<string> MediaTypes => Definition.GetProperty("responses").GetProperty("200").TryGetProperty("content", out var content) ? content.EnumerateObject().Select(m => m.Name) : [];

    public JsonElement? JsonSchema => Content is { } content ? content.GetProperty("schema") : null;

    /// <summary>An example of what is sent; of a patch none, which does not stand alone.</summary>
    public JsonNode? BodyExample => Method != "patch" && Content is { } content ? JsonNode.Parse(content.GetProperty("examples").EnumerateObject().First().Value.GetProperty("value").GetRawText()) : null;

    /// <summary>Whether its body is a file, and not the JSON of a shape.</summary>
    public bool TakesFile => Definition.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("multipart/form-data", out _);

    private JsonElement? Content => TakesFile ? null : Definition.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var content)
        ? content
        : null;

    public static async Task<(JsonElement Document, List<Operation> Operations)> AllAsync(TestServer server)
    {
        var document = await server.GetAsync("/openapi.json");
        return (document, [.. from path in document.GetProperty("paths").EnumerateObject()
                              from method in path.Value.EnumerateObject()
                              where method.Name is "get" or "post" or "put" or "patch" or "delete"
                              select new Operation(path.Name, method.Name, method.Value)]);
    }

    private string Example(string parameter) => Definition.GetProperty("parameters").EnumerateArray()
        .First(p => p.GetProperty("name").GetString() == parameter && p.GetProperty("in").GetString() == "path") is var found
        && found.TryGetProperty("example", out var example)
        ? example.GetString()!
        : "0123456789ab";
}
