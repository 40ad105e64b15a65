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

    // Of each operation a request that has faults of shape, of rules and of references.
    public static TheoryData<string, string, string> Faulty => new()
    {
        {
            "/v1/contributions",
            """{ "donorId": "grcc", "fundId": "undp-ffs", "stage": "gift", "amount": 5.005, "currency": "ERN", "date": "2200-01-01", "passedOnFrom": "019b76da-a800-89f3-bf96-67ceab5649ce", "citations": [{ "sourceId": "none" }] }""",
            "/amount /amountUsd /citations/0/sourceId /date /donorId /passedOnFrom /stage"
        },
        {
            "/v1/contributions",
            """{ "pledgeId": "{pledge}", "donorId": "grc", "stage": "gift", "amount": 5, "currency": "EUR", "date": "2026-01-15", "paidBy": "usaa", "settles": { "amount": 1.005, "currency": "USD" }, "amountUsd": 1.005 }""",
            "/amountUsd /donorId /paidBy /settles/amount /stage"
        },
        {
            "/v1/contributions/batch",
            """{ "contributions": [{ "donorId": "grc", "fundId": "undp-fss", "stage": "payment", "amount": 1.005, "currency": "USD", "date": "2200-01-01" }, { "donorId": "grc", "fundId": "undp-ffs", "stage": "gift", "amount": 1, "currency": "ERN", "date": "2026-01-15" }] }""",
            "/contributions/0/amount /contributions/0/date /contributions/0/fundId /contributions/1/amountUsd /contributions/1/stage"
        },
        {
            "/v1/adjustments", """{ "donorId": "grcc", "fundId": "undp-ffs", "adjusts": "gift", "amount": -5.005, "currency": "ERN", "date": "2200-01-01" }""",
            "/adjusts /amount /amountUsd /date /donorId"
        },
        {
            "/v1/pledges",
            """{ "donors": [{ "donorId": "usaa", "amount": 1.005 }, { "donorId": "deu", "amount": 1, "amountUsd": 1.005 }], "currency": "ERN", "announcedOn": "2200-01-01", "dueOn": "2200-01-01", "instrument": "gift", "restates": "019b76da-a800-89f3-bf96-67ceab5649ce", "instalments": [{ "dueOn": "2200-01-01", "amount": 1.001 }] }""",
            "/announcedOn /donors/0/amount /donors/0/amountUsd /donors/0/donorId /donors/1/amountUsd /dueOn /instalments/0/amount /instalments/0/dueOn /instrument /restates"
        },
        {
            "/v1/pledges/{pledge}/revisions", """{ "change": 1.005, "changeUsd": 2, "date": "2200-01-01", "donorId": "grc", "qualifier": "gift", "citations": [{ "sourceId": "none" }] }""",
            "/change /changeUsd /citations/0/sourceId /date /donorId /qualifier"
        },
        {
            "/v1/pledges/{pledge}/withdrawals", """{ "amount": 1.005, "date": "2001-01-01", "donorId": "grc", "reason": "gift", "citations": [{ "sourceId": "none" }] }""",
            "/amount /citations/0/sourceId /date /donorId /reason"
        },
        {
            "/v1/pledges/{pledge}/reclassifications", """{ "changes": { "instrument": "gift", "fundId": "none", "restates": "{pledge}", "passedOnFrom": "{pledge}" } }""",
            "/changes/fundId /changes/instrument /changes/passedOnFrom /changes/restates /reason"
        },
        {
            "/v1/entries/{contribution}/replacement", """{ "changes": { "stage": "gift", "amount": 1.005, "currency": "ERN", "date": "2200-01-01", "citations": [{ "sourceId": "none" }] } }""",
            "/changes/amount /changes/amountUsd /changes/citations/0/sourceId /changes/date /changes/stage /reason"
        },
        {
            "/v1/requirements", """{ "fundId": "undp-fss", "kind": "gift", "amount": 1.005, "currency": "ERN", "statedOn": "2200-01-01", "periodStart": "2026-02-01", "periodEnd": "2026-01-01", "citations": [{ "sourceId": "none" }] }""",
            "/amount /amountUsd /citations/0/sourceId /fundId /kind /periodEnd /statedOn"
        },
        {
            "/v1/shortfalls", """{ "fundId": "undp-fss", "amount": 1.005, "currency": "ERN", "qualifier": "gift", "statedOn": "2200-01-01", "periodStart": "2200-02-01", "periodEnd": "2026-01-01" }""",
            "/amount /amountUsd /fundId /periodEnd /periodStart /qualifier /statedOn"
        },
        {
            "/v1/indicators", """{ "measure": "people", "name": { "en": "People" }, "value": 1, "unit": "people", "qualifier": "gift", "date": "2200-01-01", "fundId": "undp-fss" }""",
            "/date /fundId /qualifier"
        },
        {
            "/v1/events", """{ "id": "e", "name": { "en": "E" }, "startsOn": "2200-01-01", "endsOn": "2026-01-01", "country": "XXX", "reportedTotal": { "amount": 1.005, "currency": "USD" }, "precededBy": "none", "citations": [{ "sourceId": "none" }] }""",
            "/citations/0/sourceId /country /endsOn /precededBy /reportedTotal/amount /startsOn"
        },
        { "/v1/sources", """{ "id": "s", "title": { "en": "S" }, "language": "en", "publishedOn": "2200-01-01", "reliability": "gift" }""", "/publishedOn /reliability" },
        { "/v1/funds", """{ "id": "f", "name": { "en": "F" }, "kind": "gift", "parentId": "none", "administratorId": "none" }""", "/administratorId /kind /parentId" },
        { "/v1/exchange-rates", """{ "currency": "EUR", "date": "2200-01-01", "usdPerUnit": -1, "provider": "The Bank" }""", "/date /usdPerUnit" },
        { "/v1/keys", """{ "name": "", "role": "recorder", "organizationId": "usaa", "expiresAt": "2001-01-01T00:00:00Z" }""", "/expiresAt /name /organizationId" },
        { "/v1/contributions/{contribution}/confirmations", """{ "note": { "en": "" } }""", "/note/en /organizationId" },
        { "/v1/entries/{contribution}/citations", """{ "citations": [{ "sourceId": "none" }, { "sourceId": "Not an id" }] }""", "/citations/0/sourceId /citations/1/sourceId" },
        { "/v1/redactions", """{ "entity": "fund", "id": "none" }""", "/id /reason" },
        { "PATCH /v1/funds/undp-ffs", """{ "id": "other", "kind": "gift", "parentId": "undp-ffs", "administratorId": "none" }""", "/administratorId /id /kind /parentId" },
        { "PATCH /v1/organizations/undp", """{ "id": "other", "type": "gift" }""", "/id /type" },
        { "PATCH /v1/sources/state-note-2018-06-26", """{ "id": "other", "publishedOn": "2200-01-01", "reliability": "gift" }""", "/id /publishedOn /reliability" },
        {
            "PATCH /v1/events/kuwait-conference-2018", """{ "id": "other", "startsOn": "2200-01-01", "country": "XXX", "precededBy": "kuwait-conference-2018", "reportedTotal": { "amount": 1.005 }, "citations": [] }""",
            "/citations /country /endsOn /id /precededBy /reportedTotal/amount /startsOn"
        },
        {
            "PATCH /v1/pledges/{pledge}", """{ "fundId": "none", "dueOn": "2200-01-01", "sectors": ["gift"], "instalments": [{ "dueOn": "2026-12-01", "amount": 1.005 }], "zzz": 1 }""",
            "/dueOn /fundId /instalments/0/amount /sectors/0 /zzz"
        },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task One_answer_tells_faults_of_shape_of_rules_and_of_references(string operation, string body, string pointers)
    {
        using var admin = await server.ClientAsync("admin");
        var pledge = (await server.AllAsync("/v1/pledges?donor=usa&currency=USD"))[0].Id();
        var contribution = (await server.AllAsync("/v1/contributions?stage=payment"))[0].Id();
        string Named(string text) => text.Replace("{pledge}", pledge, StringComparison.Ordinal).Replace("{contribution}", contribution, StringComparison.Ordinal);
        var path = Named(operation).Split(' ')[^1];
        var version = await server.VersionAsync();
        var refused = operation.StartsWith("PATCH", StringComparison.Ordinal) ? await admin.AmendAsync(path, Named(body)) : await admin.SendAsync(HttpMethod.Post, path, Named(body));
        Assert.True((int)refused.Status == 400, refused.Text);
        Assert.Equal(pointers, string.Join(' ', refused.Pointers.Order(StringComparer.Ordinal)));
        Assert.Equal(version, await server.VersionAsync());
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_lines_of_a_file_of_rates_is_told_in_one_answer()
    {
        using var editor = await server.ClientAsync("editor");
        using var content = new StringContent("currency,date,usdPerUnit,provider\nEUR,2200-01-01,1.1,The Bank\nEUR,2026-13-01,x,The Bank\nXXX,2026-01-01,-1,The Bank\nEUR,2201-01-01,1.1,\n",
            System.Text.Encoding.UTF8, "text/csv");
        using var response = await editor.PostAsync("/v1/exchange-rates", content);
        var refused = await response.ToReplyAsync();
        Assert.Equal((400, "/0/date /1/date /1/usdPerUnit /2/currency /2/usdPerUnit /3/date /3/provider"), ((int)refused.Status, string.Join(' ', refused.Pointers.Order(StringComparer.Ordinal))));
    }

    private static JsonElement Fault(Reply refused, string pointer) => refused.Body.GetProperty("errors").EnumerateArray().Single(e => e.Text("pointer") == pointer);
}
