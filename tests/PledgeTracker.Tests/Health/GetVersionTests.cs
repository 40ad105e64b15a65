using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Health;

public sealed partial class GetVersionTests
{
    [Fact]
    public async Task The_dataset_version_grows_with_every_write()
    {
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        var before = await server.GetAsync("/version");
        Assert.Equal(0, before.Number("datasetVersion"));
        Assert.Matches(Number(), before.Text("version"));
        await server.EnterAsync(enter => enter.OrganizationAsync("one"));
        await server.EnterAsync(enter => enter.OrganizationAsync("two"));
        Assert.Equal(2, (await server.GetAsync("/version")).Number("datasetVersion"));
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+$")]
    private static partial Regex Number();
}
