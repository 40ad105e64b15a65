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

    private static JsonElement Fault(Reply refused, string pointer) => refused.Body.GetProperty("errors").EnumerateArray().Single(e => e.Text("pointer") == pointer);
}
