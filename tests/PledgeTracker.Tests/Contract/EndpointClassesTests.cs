using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Contract;

public sealed partial class EndpointClassesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_operation_stands_in_the_table_of_contents_exactly_once_under_its_own_name_and_nothing_else_does()
    {
        var contents = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "PledgeTracker", "Endpoints.cs"), TestContext.Current.CancellationToken);
        // The document is not about the pages for people, nor about the dialects of other systems.
        var mapped = Mapped().Matches(contents).Where(m => !m.Value.StartsWith("typeof(Compat.", StringComparison.Ordinal)).Where(m => !m.Value.StartsWith("typeof(Site.", StringComparison.Ordinal) || !m.Groups[1].Value.EndsWith("Page", StringComparison.Ordinal));
        Assert.Equal(await OperationsAsync(), mapped.Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_README_says_where_every_operation_is_told()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken);
        var told = Told().Matches(readme).Select(m => (Operation: m.Groups["operation"].Value, File: m.Groups["file"].Value)).ToList();
        Assert.All(told, row => Assert.True(File.Exists(Path.Combine(Repository.Root, "src", "PledgeTracker", row.File)), row.File));
        Assert.Equal((await Operation.AllAsync(server)).Operations.Select(o => $"{o.Method.ToUpperInvariant()} {o.Path} {o.Id}").Order(StringComparer.Ordinal),
            told.Select(row => $"{row.Operation} {Path.GetFileNameWithoutExtension(row.File)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_stands_in_a_file_of_its_name()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "PledgeTracker"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.All(await OperationsAsync(), name => Assert.Contains(name, files));
    }

    private async Task<IEnumerable<string>> OperationsAsync() => (await Operation.AllAsync(server)).Operations.Select(o => o.Id).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\| `(?<operation>[A-Z]+ /\S+)` \| `(?<file>\S+\.cs)` \|$", RegexOptions.Multiline)]
    private static partial Regex Told();

    [GeneratedRegex(@"typeof\([\w.]+\.(\w+)\)")]
    private static partial Regex Mapped();
}
