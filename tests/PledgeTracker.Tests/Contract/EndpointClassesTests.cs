using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using PledgeTracker.Http;

namespace PledgeTracker.Tests.Contract;

public sealed partial class EndpointClassesTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Classes =
        [.. typeof(IEndpoint).Assembly.GetTypes().Where(t => t.IsClass && typeof(IEndpoint).IsAssignableFrom(t)).Select(t => t.Name).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_endpoint_class_is_mapped_exactly_once_under_its_own_name()
    {
        var operations = server.Routes().Select(r => r.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? r.RoutePattern.RawText!);
        Assert.Equal(Classes, operations.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_endpoint_class_stands_in_the_table_of_contents_exactly_once()
    {
        var contents = File.ReadAllText(Path.Combine(Repository.Root, "src", "PledgeTracker", "Endpoints.cs"));
        Assert.Equal(Classes, Mapped().Matches(contents).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_endpoint_class_stands_in_a_file_of_its_name()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "PledgeTracker"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.All(Classes, name => Assert.Contains(name, files));
    }

    [GeneratedRegex(@"\.Map<(\w+)>\(\)")]
    private static partial Regex Mapped();
}
