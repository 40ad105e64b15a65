using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PledgeTracker.Tests.Pledges;

public sealed class ReclassifiedPledgeTests : IAsyncLifetime
{
    private const string Pledge = "019b76da-a800-89f3-bf96-67ceab5649cd";

    private readonly TestServer _server = new();

    public async ValueTask InitializeAsync() => await _server.InitializeAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Nothing_more_is_entered_under_a_pledge_that_stands_elsewhere_now()
    {
        using var editor = await _server.ClientAsync("editor");
        using var made = await editor.PostAsJsonAsync($"/v1/pledges/{Pledge}/reclassifications",
            new { changes = new { instrument = "grant" }, reason = new { en = "It is a grant" } });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var now = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        foreach (var (path, body) in new (string, object)[]
        {
            ("/v1/contributions", new { pledgeId = Pledge, stage = "payment", amount = 12, currency = "USD", date = "2026-01-05" }),
            ($"/v1/pledges/{Pledge}/revisions", new { change = 20, date = "2026-01-05" }),
            ($"/v1/pledges/{Pledge}/withdrawals", new { amount = 20, date = "2026-01-05" }),
        })
        {
            using var refused = await editor.PostAsJsonAsync(path, body);
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Equal($"/v1/pledges/{now}", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("existing").GetString());
        }
    }

    [Fact]
    public async Task A_payment_is_known_again_by_its_externalId_after_its_pledge_was_reclassified()
    {
        using var editor = await _server.ClientAsync("editor");
        var payment = new { pledgeId = Pledge, stage = "payment", amount = 12, currency = "USD", date = "2026-01-05", externalId = "A-1" };
        using var first = await editor.PostAsJsonAsync("/v1/contributions", payment);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using var moved = await editor.PostAsJsonAsync($"/v1/pledges/{Pledge}/reclassifications",
            new { changes = new { instrument = "grant" }, reason = new { en = "It is a grant" } });
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
        using var again = await editor.PostAsJsonAsync("/v1/contributions", payment);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Only_a_group_has_a_member_that_pays_for_it()
    {
        using var recorder = await _server.ClientAsync("recorder", "undp");
        var version = await _server.GetAsync("/version");
        using var refused = await recorder.PostAsJsonAsync("/v1/contributions",
            new { donorId = "usa", fundId = "undp-ffs", paidBy = "undp", stage = "payment", amount = 1, currency = "USD", date = "2026-01-05" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("/paidBy", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(version.GetRawText(), (await _server.GetAsync("/version")).GetRawText());
    }

    [Fact]
    public async Task The_first_and_the_last_day_of_the_calendar_do_no_harm()
    {
        using var editor = await _server.ClientAsync("editor");
        using var early = await editor.PostAsJsonAsync("/v1/contributions",
            new { donorId = "deu", fundId = "undp-ffs", stage = "payment", amount = 1, currency = "EUR", date = "0001-01-01" });
        Assert.Equal(HttpStatusCode.BadRequest, early.StatusCode);
        await _server.GetAsync("/v1/changes?to=9999-12-31&from=0001-01-01&limit=1");
    }
}
