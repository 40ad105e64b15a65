using System.Net.Http.Headers;
using System.Text.Json;
using PledgeTracker.Tests.Contract;

namespace PledgeTracker.Tests;

/// <summary>What a server answered, whole.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>A list of the OpenAPI document: its operation, its path, with an id where it needs one, and the parameters of its query.</summary>
internal sealed record ListRoute(string Name, string Path, IReadOnlyList<Parameter> Parameters)
{
    private static readonly string[] Common = ["sort", "limit", "cursor", "count", "lang", "fields", "hxl", "bom", "asOf", "knownAt"];

    /// <summary>The words that `sort` takes, with and without a hyphen.</summary>
    public IReadOnlyList<string> Sorts => [.. Parameters.Single(p => p.Name == "sort").Schema.Texts("enum")];

    public IReadOnlyList<Parameter> Filters => [.. Parameters.Where(p => !Common.Contains(p.Name))];
}

/// <summary>Ways to ask a server that the tests of many endpoints share.</summary>
internal static class Asking
{
    /// <summary>A change that a list or a history tells of, with what was sent.</summary>
    public static Task<JsonElement> WholeAsync(this TestServer server, JsonElement change) => server.GetAsync($"/v1/changes/{change.GetProperty("sequence")}");

    /// <summary>Sends a request and takes whatever comes.</summary>
    public static async Task<Answer> AskAsync(this TestServer server, string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await server.Client.SendAsync(request);
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            all[name] = string.Join(", ", values);
        }

        return new Answer((int)response.StatusCode, all, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The items of one page that holds everything.</summary>
    public static async Task<List<JsonElement>> AllAsync(this TestServer server, string path)
    {
        var page = await server.GetAsync(With(path, "limit=500"));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        return [.. page.GetProperty("data").EnumerateArray()];
    }

    /// <summary>The items of every page, following `next` from the first.</summary>
    public static async Task<List<JsonElement>> WalkAsync(this TestServer server, string path, int limit)
    {
        var items = new List<JsonElement>();
        string? next = With(path, $"limit={limit}");
        while (next is not null)
        {
            var page = await server.GetAsync(next);
            var data = page.GetProperty("data").EnumerateArray().ToList();
            Assert.InRange(data.Count, 0, limit);
            items.AddRange(data);
            next = page.GetProperty("next").GetString();
            Assert.True(items.Count < 5000, $"{path} does not end.");
        }

        return items;
    }

    /// <summary>
    /// A filter gives exactly the items that match, in the order of the unfiltered list; some match and some do not, so that neither a
    /// filter that lets everything through nor one that lets nothing through would pass.
    /// </summary>
    public static async Task FilterShowsAsync(this TestServer server, string path, string filter, Func<JsonElement, bool> matches)
    {
        var all = await server.AllAsync(path);
        var expected = all.Where(matches).Select(Id).ToList();
        Assert.InRange(expected.Count, 1, all.Count - 1);
        var page = await server.GetAsync(With(With(path, filter), "limit=500&count=true"));
        Assert.Equal(expected, page.GetProperty("data").EnumerateArray().Select(Id));
        Assert.Equal(expected.Count, page.GetProperty("count").GetInt32());
    }

    public static async Task ShowsNothingAsync(this TestServer server, string path)
    {
        var page = await server.GetAsync(With(path, "count=true"));
        Assert.Empty(page.GetProperty("data").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.Equal(0, page.GetProperty("count").GetInt32());
    }

    /// <summary>Expects 400 for one parameter.</summary>
    public static async Task<JsonElement> RefusesAsync(this TestServer server, string path, string pointer, string code)
    {
        var answer = await server.AskAsync(path);
        var problem = AssertProblem(answer, 400, "invalid_request");
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(pointer, error.Text("pointer"));
        Assert.Equal(code, error.Text("code"));
        Assert.NotEqual("", error.Text("detail"));
        return problem;
    }

    /// <summary>An error is a whole problem document (RFC 9457), in a language, and is not kept by caches.</summary>
    public static JsonElement AssertProblem(Answer answer, int status, string code)
    {
        Assert.True(answer.Status == status, $"{answer.Status} instead of {status}: {answer.Text}");
        Assert.Equal("application/problem+json", MediaTypeHeaderValue.Parse(answer.Header("Content-Type")!).MediaType);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Contains(answer.Header("Content-Language"), new[] { "en", "ar" });
        var problem = answer.Json;
        Assert.Equal($"urn:pledgetracker:problem:{code}", problem.Text("type"));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.Text("code"));
        Assert.False(string.IsNullOrWhiteSpace(problem.Text("title")));
        Assert.False(string.IsNullOrWhiteSpace(problem.Text("requestId")));
        return problem;
    }

    /// <summary>Every list of the OpenAPI document that is public.</summary>
    /// <param name="pledgeId">Stands for the pledge whose ledger is listed.</param>
    public static async Task<List<ListRoute>> ListsAsync(this TestServer server, string pledgeId)
    {
        // One that was reversed, where there is one: it has a history.
        var contribution = (await server.GetAsync("/v1/contributions?includeReversed=true&limit=500")).GetProperty("data")
            .EnumerateArray().OrderByDescending(c => c.GetProperty("reversed").GetBoolean()).FirstOrDefault() is { ValueKind: JsonValueKind.Object } found ? found.Id() : "";
        return [.. (await Operation.AllAsync(server)).Operations.Where(o => o.Role is null && o.QueryParameters.Any(p => p.Name == "cursor"))
            .Select(o => new ListRoute(o.Id, o.Path.Replace("{id}", o.Path.Contains("contributions", StringComparison.Ordinal) ? contribution : pledgeId, StringComparison.Ordinal), o.QueryParameters))];
    }

    /// <summary>One list of the OpenAPI document.</summary>
    public static async Task<ListRoute> ListAsync(this TestServer server, string operation) => (await server.ListsAsync("")).Single(l => l.Name == operation);

    public static string With(string path, string query) => query == "" ? path : path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;

    /// <summary>The id of an item, or the code that stands for it; of one that has neither, all of it.</summary>
    public static string Id(this JsonElement item) => item.TryGetProperty("id", out var id) || item.TryGetProperty("code", out id) ? id.GetString()! : item.GetRawText();

    public static string? Text(this JsonElement item, string member) => item.GetProperty(member).GetString();

    public static decimal Number(this JsonElement item, string member) => item.GetProperty(member).GetDecimal();

    /// <summary>The id of something that may be null: a fund, an event.</summary>
    public static string? RefId(this JsonElement item, string member) =>
        item.GetProperty(member) is { ValueKind: JsonValueKind.Object } reference ? reference.Id() : null;

    public static IEnumerable<string> Texts(this JsonElement item, string member) => item.GetProperty(member).EnumerateArray().Select(t => t.GetString()!);

    /// <summary>Every value of a JSON document with its path, such as `data/0/fund/name`.</summary>
    public static IEnumerable<(string Path, JsonElement Value)> Leaves(this JsonElement element, string path = "") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => m.Value.Leaves($"{path}/{m.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => item.Leaves($"{path}/{i}")).Append(($"{path}/length", JsonDocument.Parse($"{element.GetArrayLength()}").RootElement)),
        _ => [(path, element)],
    };

    public static bool IsArabic(this string? text) => text is not null && text.Any(c => c is >= '\u0600' and <= '\u06FF');
}
