using System.Text.Json;

namespace PledgeTracker.Tests.Organizations;

public sealed class GetOrganizationTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task UNDP_stands_with_both_its_names()
    {
        var undp = await server.GetAsync("/v1/organizations/undp");
        Assert.Equal("United Nations Development Programme (UNDP)", undp.GetProperty("name").Text("en"));
        Assert.Equal("برنامج الأمم المتحدة الإنمائي", undp.GetProperty("name").Text("ar"));
        Assert.Equal("40", undp.Text("type"));
        Assert.Equal(JsonValueKind.Null, undp.GetProperty("country").ValueKind);
    }

    [Fact]
    public async Task The_partners_are_a_group()
    {
        Assert.Equal("group", (await server.GetAsync("/v1/organizations/coalition-partners")).Text("type"));
    }
}
