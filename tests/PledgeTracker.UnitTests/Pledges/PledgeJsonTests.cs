using System.Text;
using System.Text.Json;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Pledges;
using PledgeTracker.UnitTests.Db;

namespace PledgeTracker.UnitTests.Pledges;

public sealed class PledgeJsonTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    [Fact]
    public void What_is_written_member_by_member_is_what_the_documented_shape_is_serialized_to()
    {
        using var session = new Session(new Database(server.DatabasePath).OpenForReading());
        var ids = session.Query<string>("SELECT id FROM pledge");
        Assert.NotEmpty(ids);
        foreach (var id in ids)
        {
            var json = GetPledge.Load(session, id, new View(Language.Arabic, new DateOnly(2026, 1, 1)))!.Json;
            var pledge = JsonSerializer.Deserialize<Pledge>(json, Json.Options)!;
            Assert.Equal(JsonSerializer.Serialize(pledge, Json.Options), Encoding.UTF8.GetString(json));
        }
    }
}
