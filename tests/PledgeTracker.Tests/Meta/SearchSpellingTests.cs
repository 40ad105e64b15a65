using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Tests.Meta;

public sealed class SearchSpellingTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task Arabic_spellings_that_people_take_for_the_same_find_each_other()
    {
        Assert.InRange(Spellings.Arabic.Count, 200, int.MaxValue);
        Assert.InRange(Spellings.ArabicOthers.Count, 10, int.MaxValue);
        await FindAsync("ar", Spellings.Arabic, Spellings.ArabicOthers);
    }

    [Fact]
    public Task So_do_English_ones() => FindAsync("en", Spellings.English, Spellings.EnglishOthers);

    private async Task FindAsync(string language, IReadOnlyList<(string Written, string Typed)> same, IReadOnlyList<(string Written, string Typed)> other)
    {
        var missed = new List<string>();
        foreach (var ((written, typed), isSame) in same.Select(pair => (pair, true)).Concat(other.Select(pair => (pair, false))))
        {
            var id = await NamedAsync(language, written);
            if (await FindsAsync(typed, id) != isSame)
            {
                missed.Add($"{written} {(isSame ? "is not found by" : "is found by")} {typed}");
            }
        }

        // The other way round, once more for a few: what is typed is a name, and what was a name is typed.
        foreach (var (written, typed) in same.Where((pair, i) => i % 5 == 0 && pair.Written.Count(' '.Equals) == pair.Typed.Count(' '.Equals)))
        {
            if (!await FindsAsync(written, await NamedAsync(language, typed)))
            {
                missed.Add($"{typed} is not found by {written}");
            }
        }

        Assert.True(missed.Count == 0, string.Join("\n", missed));
    }

    // An organization that is called so and is nothing else.
    private async Task<string> NamedAsync(string language, string name)
    {
        var id = $"spelled-{Guid.NewGuid():N}";
        await server.Editor.RecordAsync("/v1/organizations", new JsonObject
        {
            ["id"] = id,
            ["name"] = new JsonObject { [language] = name },
            ["type"] = "90",
        }.ToJsonString());
        return id;
    }

    private async Task<bool> FindsAsync(string typed, string id)
    {
        var found = await server.GetAsync($"/v1/search?q={Uri.EscapeDataString(typed)}");
        var listed = await server.GetAsync($"/v1/organizations?limit=500&q={Uri.EscapeDataString(typed)}");
        var hit = found.GetProperty("data").EnumerateArray().SelectMany(group => group.GetProperty("hits").EnumerateArray()).Any(hit => hit.Id() == id);
        Assert.True(!hit || listed.GetProperty("data").EnumerateArray().Any(row => row.Id() == id), $"{typed} is found by the search and not in the list.");
        return hit;
    }
}
