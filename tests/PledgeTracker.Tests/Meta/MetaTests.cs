using System.Text.Json;

namespace PledgeTracker.Tests.Meta;

public sealed class MetaTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_word_of_every_list_is_named_in_both_languages()
    {
        var lists = (await server.GetAsync("/v1/meta")).GetProperty("lists");
        foreach (var list in lists.EnumerateObject())
        {
            Assert.NotEmpty(list.Value.EnumerateArray());
            Assert.All(list.Value.EnumerateArray(), word => Assert.True(word.GetProperty("name").Text("en") is { Length: > 0 } && word.GetProperty("name").Text("ar")!.Any(letter => letter is >= 'ء' and <= 'ي'), word.ToString()));
        }

        Assert.Equal(["grant", "loan", "credit_line", "guarantee", "investment", "in_kind", "mou", "unspecified"], lists.GetProperty("instruments").EnumerateArray().Select(word => word.Text("code")));
    }

    [Fact]
    public async Task Its_counts_are_those_of_the_lists_and_it_goes_as_far_as_the_data()
    {
        var meta = await server.AskAsync("/v1/meta");
        var counts = meta.Json.GetProperty("counts");
        foreach (var (name, list) in new[]
        {
            ("pledges", "pledges"), ("contributions", "contributions"), ("organizations", "organizations"), ("funds", "funds"), ("events", "events"), ("sources", "sources"),
            ("requirements", "requirements"), ("shortfalls", "shortfalls?basis=reported"), ("indicators", "indicators"), ("exchangeRates", "exchange-rates"),
        })
        {
            Assert.Equal((name, (await server.AllAsync($"/v1/{list}")).Count), (name, counts.GetProperty(name).GetInt32()));
        }

        Assert.InRange(counts.GetProperty("entries").GetInt64(), counts.GetProperty("pledges").GetInt64() + counts.GetProperty("contributions").GetInt64(), long.MaxValue);
        Assert.Equal(meta.Header("Dataset-Version"), meta.Json.Text("datasetVersion"));
        Assert.Equal(("2018-02", "2024-09"), (meta.Json.Text("firstMonth"), meta.Json.Text("lastMonth")));
    }

    [Fact]
    public async Task Whatever_the_document_takes_or_shows_one_of_is_in_a_list()
    {
        var meta = await server.GetAsync("/v1/meta");
        var lists = meta.GetProperty("lists").EnumerateObject().Select(list => list.Value).Append(meta.GetProperty("problems"))
            .Select(list => list.EnumerateArray().Select(word => word.Text("code")).ToHashSet()).ToList();
        // Orders and languages stand with the parameter.
        var missing = WordsOf(await server.GetAsync("/openapi.json"), "").Where(of => !lists.Exists(list => of.Words.TrueForAll(list.Contains))).Select(of => $"{of.Name}: {string.Join(' ', of.Words)}");
        Assert.Empty(missing);

        static IEnumerable<(string Name, List<string?> Words)> WordsOf(JsonElement part, string name)
        {
            switch (part.ValueKind)
            {
                case JsonValueKind.Array:
                    return part.EnumerateArray().SelectMany(item => WordsOf(item, name));
                case JsonValueKind.Object when part.TryGetProperty("enum", out var words):
                    return [(name, [.. words.EnumerateArray().Select(word => word.GetString()).Where(word => word is not null)])];
                case JsonValueKind.Object when part.TryGetProperty("in", out _) && part.Text("name") is "sort" or "lang":
                    return [];
                case JsonValueKind.Object:
                    return part.EnumerateObject().SelectMany(member => WordsOf(member.Value, part.TryGetProperty("in", out _) ? part.Text("name")! : member.Name));
                default:
                    return [];
            }
        }
    }

    [Fact]
    public async Task Currencies_and_countries_are_there_with_what_is_needed_to_choose_them()
    {
        var meta = await server.GetAsync("/v1/meta");
        var currencies = meta.GetProperty("currencies").EnumerateArray().ToDictionary(c => c.Text("code")!, c => (c.GetProperty("decimals").GetInt32(), c.GetProperty("withdrawn").GetBoolean()));
        Assert.Equal(((2, false), (0, false), (3, false), (2, true), (0, true), (2, true)),
            (currencies["USD"], currencies["JPY"], currencies["KWD"], currencies["DEM"], currencies["ITL"], currencies["BGN"]));
        var countries = meta.GetProperty("countries").EnumerateArray().ToDictionary(c => c.Text("code")!);
        Assert.Equal(("Türkiye", "تركيا"), (countries["TUR"].GetProperty("name").Text("en"), countries["TUR"].GetProperty("name").Text("ar")));
        Assert.Contains("Turkey", countries["TUR"].GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()));
        Assert.True(countries["YUG"].GetProperty("withdrawn").GetBoolean());
    }

    [Fact]
    public async Task Every_code_of_a_problem_is_there_with_its_status()
    {
        var codes = (await server.GetAsync("/v1/meta")).GetProperty("problems").EnumerateArray().ToDictionary(p => p.Text("code")!, p => p.GetProperty("status").GetInt32());
        foreach (var path in new[] { "/v1/meta?x=1", "/v1/nowhere", "/v1/keys", "/v1/funds/none" })
        {
            var answer = await server.AskAsync(path);
            Assert.Equal(answer.Status, codes[answer.Json.Text("code")!]);
        }
    }

    [Fact]
    public async Task The_index_has_every_operation_of_the_document_with_its_address()
    {
        var index = await server.GetAsync("/v1");
        var document = (await server.GetAsync(index.Text("document")!)).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(method => method.Value.TryGetProperty("operationId", out _))
                .Select(method => (method.Value.Text("operationId"), method.Name.ToUpperInvariant(), path.Name))).ToList();
        Assert.Equal(document.Order(), index.GetProperty("operations").EnumerateArray().Select(o => (o.Text("name"), o.Text("method")!, o.Text("path")!)).Order());
        Assert.Contains(index.GetProperty("operations").EnumerateArray(), o => o.Text("name") == "RecordPledge" && o.Text("role") == "editor");
    }
}
