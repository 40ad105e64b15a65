using System.Net;
using System.Text.RegularExpressions;
using PledgeTracker.Tests.Golden;

namespace PledgeTracker.Tests.Db;

/// <summary>See <see cref="Shapes"/>: what it refuses, and that nothing escapes it.</summary>
public sealed partial class ShapeTests
{
    [Fact]
    public async Task All_that_rows_are_read_into_is_read_and_whole()
    {
        await GoldenTests.Both;
        await using (var server = new WriteServer())
        {
            // What no conversation has: the same again with its citations; and all that is derived, once more.
            await server.InitializeAsync();
            var body = WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 5, more:
                $$""", "externalId": "again", "citations": [{ "sourceId": "{{WriteServer.Source}}", "quote": "five" }] """);
            var first = await server.Editor.RecordAsync("/v1/contributions", body);
            var again = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", body);
            Assert.Equal((HttpStatusCode.OK, first.Id()), (again.Status, again.Body.Id()));
            var rebuilt = await Subcommand.RunAsync("rebuild", "--Database:Connection", server.Connection);
            Assert.True(rebuilt.ExitCode == 0, rebuilt.Error);
        }

        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src", "PledgeTracker"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        var named = sources.SelectMany(source => Reading().Matches(source)).Select(match => match.Groups["shape"].Value).ToHashSet();
        var shapes = typeof(Program).Assembly.GetTypes().Where(type => named.Contains(type.Name.Split('`')[0]) && !type.IsValueType).ToList();
        Assert.True(shapes.Count > 30);
        Assert.Equal("", string.Join('\n', shapes.Except(Shapes.Seen).Select(type => type.FullName).Order()));
    }

    [GeneratedRegex(@"\b(?:Query\w*|Page)Async<(?<shape>[A-Z]\w+)")]
    private static partial Regex Reading();
}
