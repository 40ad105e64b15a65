using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Contract;

public sealed partial class EndpointClassesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_operation_stands_in_the_table_of_contents_exactly_once_under_its_own_name_and_nothing_else_does()
    {
        var contents = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "PledgeTracker", "Endpoints.cs"), TestContext.Current.CancellationToken);
        Assert.Equal(await OperationsAsync(), Mapped().Matches(contents).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_stands_in_a_file_of_its_name()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "PledgeTracker"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.All(await OperationsAsync(), name => Assert.Contains(name, files));
    }

    private async Task<IEnumerable<string>> OperationsAsync() => (await Operation.AllAsync(server)).Operations.Select(o => o.Id).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\.Map<(\w+)>\(\)")]
    private static partial Regex Mapped();
}
