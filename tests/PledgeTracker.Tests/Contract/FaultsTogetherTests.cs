using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

/// <summary>One answer tells all that is wrong with a request, and what was meant where that is near.</summary>
public sealed class FaultsTogetherTests(FaultsTogetherTests.SeededServer server) : IClassFixture<FaultsTogetherTests.SeededServer>
{
    public sealed class SeededServer : TestServer;

    [Fact]
    public async Task What_cannot_be_read_what_breaks_a_rule_and_what_is_not_there_are_told_in_one_answer()
    {
        using var editor = await server.ClientAsync("editor");
        var refused = await editor.RefusedAsync("/v1/contributions", """
            { "donorId": "grcc", "fundId": "Not an id", "recipientId": "undp", "stage": "gift", "amount": "5", "currency": "USD", "ammountUsd": 5, "date": "2026-02-30",
              "note": { "en": "a\u202Eb" }, "citations": [{ "sourceId": "no-such-source", "quoted": "x" }] }
            """, 400, "invalid_request");
        Assert.Equal(["/ammountUsd", "/amount", "/citations/0/quoted", "/citations/0/sourceId", "/date", "/donorId", "/fundId", "/note/en", "/stage"], refused.Pointers.Order(StringComparer.Ordinal));
        Assert.Equal("unknown_reference", Fault(refused, "/donorId").Text("code"));
        Assert.Equal("unknown_reference", Fault(refused, "/citations/0/sourceId").Text("code"));
        Assert.Equal("There is no organization grcc. Did you mean grc?", Fault(refused, "/donorId").Text("detail"));
        Assert.Contains("Did you mean amountUsd?", Fault(refused, "/ammountUsd").Text("detail"), StringComparison.Ordinal);
        Assert.Contains("Did you mean quote?", Fault(refused, "/citations/0/quoted").Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pledge_says_which_of_its_donors_are_not_there_beside_what_else_is_wrong()
    {
        using var editor = await server.ClientAsync("editor");
        var refused = await editor.RefusedAsync("/v1/pledges", """
            { "donors": [{ "donorId": "usaa", "amount": 1 }, { "donorId": "deu", "amount": -1 }], "currency": "USD", "announcedOn": "2026-01-01", "instrument": "gift", "eventId": "kuwait-confrence-2018" }
            """, 400, "invalid_request");
        Assert.Equal(["/donors/0/donorId", "/donors/1/amount", "/eventId", "/instrument"], refused.Pointers.Order(StringComparer.Ordinal));
        Assert.Equal("There is no organization usaa. Did you mean usa?", Fault(refused, "/donors/0/donorId").Text("detail"));
        Assert.Contains("Did you mean kuwait-conference-2018?", Fault(refused, "/eventId").Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_near_is_not_guessed()
    {
        using var editor = await server.ClientAsync("editor");
        var refused = await editor.RefusedAsync("/v1/funds", """{ "id": "f", "name": { "en": "F" }, "kind": "appeal", "zzz": 1, "administratorId": "qqqqqqqq", "parentId": "xxxxxxxxxxxxxxx" }""", 400, "invalid_request");
        Assert.Equal(["/administratorId", "/parentId", "/zzz"], refused.Pointers.Order(StringComparer.Ordinal));
        Assert.All(refused.Body.GetProperty("errors").EnumerateArray(), fault => Assert.DoesNotContain("Did you mean", fault.Text("detail"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_says_what_is_not_there_beside_what_breaks_a_rule()
    {
        using var editor = await server.ClientAsync("editor");
        var fund = await editor.AmendAsync("/v1/funds/undp-ffs", """{ "kind": "box", "parentId": "no-such-umbrella-here" }""");
        Assert.Equal((400, "/kind /parentId"), ((int)fund.Status, string.Join(' ', fund.Pointers.Order(StringComparer.Ordinal))));
        var happening = await editor.AmendAsync("/v1/events/kuwait-conference-2018", """{ "country": "XXX", "precededBy": "no-such-round-here" }""");
        Assert.Equal((400, "/country /precededBy"), ((int)happening.Status, string.Join(' ', happening.Pointers.Order(StringComparer.Ordinal))));
        var pledge = (await server.AllAsync("/v1/pledges?donor=usa"))[0].Id();
        var refused = await editor.RefusedAsync($"/v1/pledges/{pledge}/reclassifications",
            """{ "changes": { "instrument": "gift", "fundId": "no-such-fund-here", "eventId": "Not an id" }, "reason": { "en": "x" } }""", 400, "invalid_request");
        Assert.Equal(["/changes/eventId", "/changes/fundId", "/changes/instrument"], refused.Pointers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/v1/organizations/usaa", "usa")]
    [InlineData("/v1/donors/usaa", "usa")]
    [InlineData("/v1/funds/undp-fss", "undp-ffs")]
    [InlineData("/v1/events/kuwait-confrence-2018", "kuwait-conference-2018")]
    [InlineData("/v1/sources/state-note-2018-06-62", "state-note-2018-06-26")]
    [InlineData("/v1/countries/tur", "TUR")]
    public async Task A_path_that_is_nearly_right_is_answered_with_the_right_id(string path, string id)
    {
        var missing = await server.Client.SendAsync(HttpMethod.Get, path);
        Assert.Equal(404, (int)missing.Status);
        Assert.EndsWith($"Did you mean {id}?", missing.Body.Text("detail"), StringComparison.Ordinal);
    }

    private static JsonElement Fault(Reply refused, string pointer) => refused.Body.GetProperty("errors").EnumerateArray().Single(e => e.Text("pointer") == pointer);
}
