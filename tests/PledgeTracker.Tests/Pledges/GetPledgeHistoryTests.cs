using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PledgeTracker.Tests.Pledges;

public sealed class GetPledgeHistoryTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_pledges_history_holds_all_that_was_done_to_it_and_nothing_else()
    {
        using var editor = await server.ClientAsync("editor");
        var pledge = (await editor.RecordAsync("/v1/pledges", new
        {
            donors = new[] { new { donorId = "deu", amount = 1000 } },
            fundId = "undp-ffs",
            currency = "USD",
            instrument = "grant",
            announcedOn = "2026-01-10",
            note = new { en = "As first heard" },
        })).Id();
        using var read = await server.Client.GetAsync($"/v1/pledges/{pledge}");
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/pledges/{pledge}") { Content = JsonContent.Create(new { note = new { en = "As printed" }, dueOn = "2026-12-31" }) };
        request.Headers.IfMatch.Add(read.Headers.ETag!);
        using var amended = await editor.SendAsync(request);
        Assert.True(amended.IsSuccessStatusCode, await amended.Content.ReadAsStringAsync());
        await editor.RecordAsync($"/v1/pledges/{pledge}/revisions", new { change = 200, date = "2026-01-20" });
        var payment = (await editor.RecordAsync("/v1/contributions",
            new { pledgeId = pledge, stage = "payment", amount = 100.07, currency = "USD", date = "2026-02-01" })).Id();
        await editor.RecordAsync($"/v1/entries/{payment}/reversal", new { reason = new { en = "Entered twice" } });
        await editor.RecordAsync("/v1/contributions", Api.Payment(11.03m));

        var history = await AllAsync($"/v1/pledges/{pledge}/history?limit=2");
        Assert.Equal([("created", "pledge"), ("amended", "pledge"), ("revised", "entry"), ("created", "contribution"), ("reversed", "entry")],
            history.Select(c => (c.GetProperty("action").GetString(), c.GetProperty("entity").GetString())));
        Assert.All(history, c => Assert.Equal(pledge, c.GetProperty("pledgeId").GetString()));
        var amendment = await server.GetAsync($"/v1/changes/{history[1].GetProperty("sequence")}");
        Assert.Equal("As first heard", amendment.GetProperty("before").GetProperty("note").GetProperty("en").GetString());
        Assert.Equal("As printed", amendment.GetProperty("after").GetProperty("note").GetProperty("en").GetString());
        Assert.Equal(JsonValueKind.Null, amendment.GetProperty("before").GetProperty("dueOn").ValueKind);
        Assert.Equal("2026-12-31", amendment.GetProperty("after").GetProperty("dueOn").GetString());
        Assert.Equal(5, (await server.GetAsync($"/v1/pledges/{pledge}/history?count=true")).GetProperty("count").GetInt32());
        Assert.Equal(history.Select(c => c.GetRawText()), (await AllAsync("/v1/changes?limit=500"))
            .Where(c => c.GetProperty("pledgeId").GetString() == pledge).Select(c => c.GetRawText()));
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("not-an-id")]
    public async Task An_unknown_pledge_has_no_history(string id) =>
        Assert.Equal("not_found", (await server.GetAsync($"/v1/pledges/{id}/history", HttpStatusCode.NotFound)).GetProperty("code").GetString());

    private async Task<List<JsonElement>> AllAsync(string path)
    {
        var all = new List<JsonElement>();
        for (string? next = path; next is not null;)
        {
            var page = await server.GetAsync(next);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        return all;
    }
}
