using PledgeTracker.Http;

namespace PledgeTracker.Tests.Data;

public sealed class EndpointListTests
{
    [Fact]
    public void Every_endpoint_class_stands_in_the_table_of_contents()
    {
        var contents = File.ReadAllText(Path.Combine(Repository.Root, "src", "PledgeTracker", "Endpoints.cs"));
        Assert.All(typeof(IEndpoint).Assembly.GetTypes().Where(t => t.IsClass && typeof(IEndpoint).IsAssignableFrom(t)),
            endpoint => Assert.Contains($".Map<{endpoint.Name}>()", contents, StringComparison.Ordinal));
    }
}
