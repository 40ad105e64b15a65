using System.Net;
using System.Text.Json;
using Microsoft.OpenApi;

namespace PledgeTracker.Tests.Contract;

public sealed class OpenApiTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    [Fact]
    public async Task The_served_document_is_the_one_in_the_repository() =>
        await Repository.MatchesAsync("openapi.yaml", await server.Client.GetStringAsync("/openapi.yaml"));

    [Fact]
    public async Task The_document_is_valid_OpenAPI_3_1()
    {
        var text = await server.Client.GetStringAsync("/openapi.json");
        var read = OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors.Select(e => e.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(w => w.ToString()));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
    }

    [Fact]
    public async Task Every_operation_has_a_summary_a_description_and_a_problem_for_each_error()
    {
        foreach (var (path, method, operation) in await OperationsAsync())
        {
            var name = $"{method} {path}";
            Assert.False(string.IsNullOrWhiteSpace(Text(operation, "summary")), name);
            Assert.False(string.IsNullOrWhiteSpace(Text(operation, "description")), name);
            Assert.False(string.IsNullOrWhiteSpace(Text(operation, "operationId")), name);
            foreach (var response in operation.GetProperty("responses").EnumerateObject())
            {
                Assert.False(string.IsNullOrWhiteSpace(Text(response.Value, "description")), $"{name} {response.Name}");
                if (response.Name[0] is '4' or '5')
                {
                    Assert.Equal("#/components/schemas/Problem",
                        response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());
                }
            }
        }
    }

    [Fact]
    public async Task What_needs_no_key_says_so_and_what_needs_one_says_which_role()
    {
        foreach (var (path, method, operation) in await OperationsAsync())
        {
            var security = JsonSerializer.Serialize(operation.GetProperty("security"));
            var takesMe = Parameters(operation).Exists(p => Text(p, "name") == "recordedBy");
            Assert.True(security == (operation.TryGetProperty("x-role", out _) ? """[{"key":[]}]""" : takesMe ? """[{},{"key":[]}]""" : "[]"), $"{method} {path}: {security}");
        }
    }

    [Fact]
    public async Task The_document_lists_the_codes_of_problems()
    {
        var document = await server.GetAsync("/openapi.json");
        var codes = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("code").Texts("enum").ToList();
        Assert.Superset(new HashSet<string> { "invalid_request", "possible_duplicate", "not_enough_then", "restates", "storage_full", "outcome_unknown" }, codes.ToHashSet());
        Assert.Equal(codes.Distinct(), codes);
        Assert.Contains((await server.AskAsync("/v1/funds/nowhere")).Json.Text("code"), codes);
    }

    [Theory]
    [InlineData("/openapi.json", "gzip", "-gz")]
    [InlineData("/openapi.json", "br", "-br")]
    [InlineData("/openapi.yaml", "gzip", "-gz")]
    public async Task The_document_is_sent_compressed_and_only_when_it_has_changed(string path, string coding, string end)
    {
        var plain = await server.AskAsync(path);
        var tag = plain.Header("ETag")!;
        Assert.Matches("^\"[0-9a-f]{16}\"$", tag);
        var coded = await server.AskAsync(path, null, ("Accept-Encoding", coding));
        Assert.Equal(coding, coded.Header("Content-Encoding"));
        Assert.Equal(tag.TrimEnd('"') + end + '"', coded.Header("ETag"));
        Assert.Contains("Accept-Encoding", coded.Header("Vary"), StringComparison.Ordinal);
        foreach (var (known, accepted) in new[] { (tag, "identity"), (tag, coding), (coded.Header("ETag")!, coding), ($"\"other\", W/{tag}", "identity"), ("*", "identity") })
        {
            var again = await server.AskAsync(path, null, ("If-None-Match", known), ("Accept-Encoding", accepted));
            Assert.Equal((304, ""), (again.Status, again.Text));
        }

        Assert.Equal(200, (await server.AskAsync(path, null, ("If-None-Match", "\"other\""))).Status);
    }

    [Fact]
    public async Task Swagger_UI_has_links_to_operations_and_a_filter_and_keeps_no_key()
    {
        var page = await server.Client.GetStringAsync("/swagger/index.html") + await server.Client.GetStringAsync("/swagger/index.js");
        Assert.Contains("\"deepLinking\":true", page, StringComparison.Ordinal);
        Assert.Contains("\"filter\":\"\"", page, StringComparison.Ordinal);
        Assert.Contains("\"persistAuthorization\":false", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_parameter_is_described_and_bounded()
    {
        foreach (var (path, method, operation) in await OperationsAsync())
        {
            foreach (var parameter in Parameters(operation))
            {
                var name = $"{method} {path} {Text(parameter, "name")}";
                Assert.False(string.IsNullOrWhiteSpace(Text(parameter, "description")), name);
                var schema = parameter.GetProperty("schema");
                // Of several values joined by commas each is bounded, and so is their number.
                Assert.True(!schema.TryGetProperty("items", out var items) || schema.TryGetProperty("maxItems", out _), name);
                schema = items.ValueKind == JsonValueKind.Object ? items : schema;
                var bounded = Text(schema, "type") is "boolean" || new[] { "enum", "format", "pattern", "maximum", "maxLength" }.Any(k => schema.TryGetProperty(k, out _));
                Assert.True(bounded || Text(parameter, "in") is "header" or "path", name);
            }
        }
    }

    [Fact]
    public async Task Every_member_of_every_shape_is_described()
    {
        var shapes = (await server.GetAsync("/openapi.json")).GetProperty("components").GetProperty("schemas");
        Assert.Empty(shapes.EnumerateObject().Where(shape => shape.Value.TryGetProperty("properties", out _)).SelectMany(shape => shape.Value.GetProperty("properties").EnumerateObject()
            .Where(member => !member.Value.TryGetProperty("description", out _) && !new[] { "$ref", "allOf", "anyOf", "oneOf" }.Any(word => member.Value.TryGetProperty(word, out _)))
            .Select(member => $"{shape.Name}.{member.Name}")));
    }

    [Fact]
    public async Task Every_read_answers_with_the_examples_of_the_document()
    {
        foreach (var (path, method, operation) in await OperationsAsync())
        {
            if (method != "get" || operation.TryGetProperty("x-role", out _))
            {
                continue;
            }

            var address = path;
            foreach (var parameter in Parameters(operation).Where(p => Text(p, "in") == "path"))
            {
                address = address.Replace($"{{{Text(parameter, "name")}}}", Text(parameter, "example"), StringComparison.Ordinal);
            }

            using var response = await server.Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Every_answer_has_the_members_that_the_document_requires_and_no_others_in_its_order()
    {
        var (document, operations) = await Operation.AllAsync(server);
        foreach (var operation in operations.Where(o => o.Method == "get" && o.Role is null && o.AnswerSchema is not null))
        {
            Documented.Matches(document, operation.AnswerSchema!.Value, await server.AskAsync(operation.Address()), operation.Id);
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ar")]
    public async Task Every_list_and_all_that_is_listed_is_sent_as_it_is_documented(string language)
    {
        var (document, operations) = await Operation.AllAsync(server);
        var alone = 0;
        foreach (var list in operations.Where(o => o.Role is null && o.QueryParameters.Any(p => p.Name == "cursor")))
        {
            var page = await server.AskAsync(list.Address() + "?limit=500&count=true", null, ("Accept-Language", language));
            Documented.Matches(document, list.AnswerSchema!.Value, page, list.Id);
            if (operations.SingleOrDefault(o => o.Method == "get" && o.Path == list.Path + "/{id}") is { } single)
            {
                foreach (var item in page.Json.GetProperty("data").EnumerateArray())
                {
                    var id = item.Text(list.Id == "ListCountries" ? "code" : "id")!;
                    var answer = await server.AskAsync(single.Address(("id", id)), null, ("Accept-Language", language));
                    Documented.Matches(document, single.AnswerSchema!.Value, answer, $"{single.Id} {id}");
                    alone++;
                }
            }
        }

        Assert.True(alone > 90, $"Only {alone} were asked for alone.");
    }

    [Fact]
    public async Task The_document_says_where_lists_inside_an_answer_end_and_how_coverage_is_computed()
    {
        var document = await server.GetAsync("/openapi.json");
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Contains("500", Text(document.GetProperty("paths").GetProperty("/v1/sources/{id}").GetProperty("get"), "description"), StringComparison.Ordinal);
        Assert.Contains("at most 50", Text(schemas.GetProperty("Fund").GetProperty("properties").GetProperty("currentShortfalls"), "description"), StringComparison.Ordinal);
        var coverage = schemas.GetProperty("Coverage");
        Assert.Contains("usage years", Text(coverage, "description"), StringComparison.Ordinal);
        foreach (var member in new[] { "pledgedSince", "committedSince", "paidSince", "covered" })
        {
            var description = Text(coverage.GetProperty("properties").GetProperty(member), "description")!;
            Assert.Contains("Reported: ", description, StringComparison.Ordinal);
            Assert.Contains("Computed: ", description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_root_leads_to_Swagger_UI()
    {
        using var response = await server.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/swagger", response.Headers.Location!.ToString());
        Assert.Contains("swagger-ui", await server.Client.GetStringAsync("/swagger/index.html"), StringComparison.Ordinal);
    }

    private static List<JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

    private static string? Text(JsonElement element, string member) => element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task<List<(string Path, string Method, JsonElement Operation)>> OperationsAsync()
    {
        var document = await server.GetAsync("/openapi.json");
        return [.. from path in document.GetProperty("paths").EnumerateObject()
                   from method in path.Value.EnumerateObject()
                   where Methods.Contains(method.Name)
                   select (path.Name, method.Name, method.Value)];
    }
}
