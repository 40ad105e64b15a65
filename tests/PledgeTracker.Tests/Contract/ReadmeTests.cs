using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Contract;

public sealed partial class ReadmeTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_answer_that_the_README_prints_is_what_the_server_says()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var examples = Example().Matches(readme);
        Assert.Equal(4, examples.Count);
        foreach (Match example in examples)
        {
            var language = example.Groups["language"].Success ? example.Groups["language"].Value : null;
            var answer = await server.GetAsync(example.Groups["path"].Value, language: language);
            Assert.Equal(Indented(example.Groups["answer"].Value), Indented(answer.GetRawText()));
        }
    }

    private static string Indented(string json) => JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    [GeneratedRegex("""```sh\ncurl (-H 'Accept-Language: (?<language>\w+)' )?'localhost:5080(?<path>[^']+)'\n```\n\n```json\n(?<answer>.*?)\n```""", RegexOptions.Singleline)]
    private static partial Regex Example();
}
