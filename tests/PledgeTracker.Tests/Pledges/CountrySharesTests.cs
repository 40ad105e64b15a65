using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Pledges;

/// <summary>Money for several countries of which the source says how it is split.</summary>
public sealed class CountrySharesTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";
    private const string Split = """, "countries": [{ "country": "SYR", "share": 37.5 }, { "country": "IRQ", "share": 62.5 }]""";

    [Fact]
    public async Task Each_countrys_part_of_a_pledge_is_shown_and_the_parts_add_up_to_its_figures()
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 1000.01m, more: Split);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "commitment", 600));
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 200.03m));
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 100, "date": "2026-07-01" }""");
        var shown = await server.GetAsync($"/v1/pledges/{pledge}");
        Assert.Equal(["IRQ", "SYR"], shown.Texts("countries"));
        var byCountry = shown.GetProperty("byCountry").EnumerateArray().ToList();
        Assert.Equal([("IRQ", 62.5m), ("SYR", 37.5m)], byCountry.Select(c => (c.Text("country"), c.Number("share"))));
        Assert.Equal([(187.51m, 249.98m, 125.02m, 62.5m), (112.5m, 149.99m, 75.01m, 37.5m)], byCountry.Select(c => c.GetProperty("figures").GetProperty("stages"))
            .Select(s => (s.Number("promisedOnly"), s.Number("committedUnpaid"), s.Number("paid"), s.Number("withdrawn"))));
        Assert.Equal([(625.01m, 375, 125.02m, 437.49m), (375, 225, 75.01m, 262.49m)], byCountry.Select(c => c.GetProperty("figures"))
            .Select(f => (f.Number("pledged"), f.Number("committed"), f.Number("paid"), f.Number("outstanding"))));
        foreach (var figure in (string[])["pledged", "withdrawn", "committed", "paid", "outstanding", "excess"])
        {
            Assert.Equal(shown.GetProperty("figures").Number(figure), byCountry.Sum(c => c.GetProperty("figures").Number(figure)));
        }

        // A list shows it as well.
        var listed = (await server.GetAsync($"/v1/pledges?fund={shown.GetProperty("fund").Id()}")).GetProperty("data")[0];
        Assert.Equal(shown.GetProperty("byCountry").GetRawText(), listed.GetProperty("byCountry").GetRawText());
    }

    [Fact]
    public async Task What_is_left_of_a_cent_goes_to_the_largest_remainder()
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 0.01m, more: """
            , "countries": [{ "country": "IRQ", "share": 33.3333 }, { "country": "SYR", "share": 33.3334 }, { "country": "JOR", "share": 33.3333 }]
            """);
        Assert.Equal([("IRQ", 0m), ("JOR", 0), ("SYR", 0.01m)],
            (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("byCountry").EnumerateArray().Select(c => (c.Text("country"), c.GetProperty("figures").Number("pledged"))));
    }

    [Fact]
    public async Task Donors_who_pledge_together_are_split_each_by_itself()
    {
        var (first, second, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{first}}", "amount": 0.01 }, { "donorId": "{{second}}", "amount": 0.01 }], "currency": "USD", "announcedOn": "2026-03-01", "fundId": "{{fund}}",
              "instrument": "grant", "countries": [{ "country": "SYR", "share": 50 }, { "country": "IRQ", "share": 50 }] }
            """);
        Assert.Equal([("IRQ", 0.02m), ("SYR", 0)], pledge.GetProperty("byCountry").EnumerateArray().Select(c => (c.Text("country"), c.GetProperty("figures").Number("pledged"))));
    }

    [Fact]
    public async Task A_direct_contribution_takes_shares_and_shows_each_countrys_part_of_its_dollars_of_a_refund_too()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var payment = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 100.01m, "EUR", more: Split + """, "amountUsd": 110.01"""));
        Assert.Equal(["IRQ", "SYR"], payment.Texts("countries"));
        Assert.Equal([("IRQ", 62.5m, 68.76m), ("SYR", 37.5m, 41.25m)], PartsOf(payment));
        var refund = await server.Editor.RecordAsync(Contributions, WriteServer.Under(payment.Text("pledgeId")!, "refund", 0.01m, "EUR", more: """, "amountUsd": 0.01"""));
        Assert.Equal([("IRQ", 62.5m, 0.01m), ("SYR", 37.5m, 0)], PartsOf(refund));
        Assert.Equal([68.75m, 41.25m], (await server.GetAsync($"/v1/pledges/{payment.Text("pledgeId")}")).GetProperty("byCountry").EnumerateArray().Select(c => c.GetProperty("figures").Number("paid")));
        Assert.Equal(2, (await server.GetAsync($"{Contributions}?country=SYR&fund={fund}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Codes_alone_have_no_shares_and_one_country_has_all()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        foreach (var (countries, codes) in ((string, string[])[])
        [
            ("""["SYR", "IRQ"]""", ["IRQ", "SYR"]), ("""["SYR", { "country": "IRQ" }]""", ["IRQ", "SYR"]), ("""["IRQ"]""", ["IRQ"]), ("""[{ "country": "IRQ", "share": 100 }]""", ["IRQ"]), ("[]", []),
        ])
        {
            var made = await server.Editor.RecordAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 10, more: $", \"countries\": {countries}"));
            Assert.Equal(codes, made.Texts("countries"));
            Assert.Equal(0, made.GetProperty("byCountry").GetArrayLength());
        }
    }

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { """[{ "country": "IRQ", "share": 60 }, { "country": "SYR", "share": 38.5 }]""", "/countries", "98.5", "1.5 is missing" },
        { """[{ "country": "IRQ", "share": 60 }, { "country": "SYR", "share": 40.0001 }]""", "/countries", "100.0001", "0.0001 too much" },
        { """[{ "country": "IRQ", "share": 33.3333 }, { "country": "SYR", "share": 33.3333 }, { "country": "JOR", "share": 33.3333 }]""", "/countries", "99.9999", "0.0001 is missing" },
        { """[{ "country": "IRQ", "share": 99 }]""", "/countries", "99", "1 is missing" },
        { """[{ "country": "IRQ", "share": 60 }, "SYR"]""", "/countries/1/share", "every country", "none" },
        { """[{ "country": "IRQ", "share": 60 }, { "country": "SYR" }]""", "/countries/1/share", "every country", "none" },
        { """[{ "country": "IRQ", "share": 0 }, { "country": "SYR", "share": 100 }]""", "/countries/0/share", "above 0", "4 decimals" },
        { """[{ "country": "IRQ", "share": -10 }, { "country": "SYR", "share": 110 }]""", "/countries/0/share", "above 0", "4 decimals" },
        { """[{ "country": "IRQ", "share": 33.33333 }, { "country": "SYR", "share": 66.66667 }]""", "/countries/1/share", "above 0", "4 decimals" },
        { """[{ "country": "IRQ", "share": 50 }, { "country": "IRQ", "share": 50 }]""", "/countries", "each country once", "" },
        { """["IRQ", { "country": "IRQ" }]""", "/countries", "each country once", "" },
        { """["IRQ", "ZZZ"]""", "/countries/1", "alpha-3", "" },
        { """[{ "country": "ZZZ", "share": 100 }]""", "/countries/0/country", "alpha-3", "" },
        { """["IRQ", { "country": "ZZZ" }]""", "/countries/1/country", "alpha-3", "" },
        { """[{ "share": 100 }]""", "/countries/0/country", "required", "" },
        { """[{}]""", "/countries/0/country", "required", "" },
        { """[{ "country": "IRQ", "shares": 100 }]""", "/countries/0/shares", "share", "" },
        { """[{ "country": "IRQ", "share": "62.5" }]""", "/countries/0/share", "number", "" },
        { """[5]""", "/countries/0", "a text or an object", "" },
        { """[["IRQ"]]""", "/countries/0", "a text or an object", "" },
        { """[null]""", "/countries/0", "null", "" },
        { """["\u0000"]""", "/countries/0", "", "" },
        { """{ "country": "IRQ" }""", "/countries", "array", "" },
        { "\"IRQ\"", "/countries", "array", "" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Shares_that_are_no_split_are_refused_by_name(string countries, string pointer, string said, string andSaid)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var more = $", \"countries\": {countries}";
        var pledge = await server.PledgeAsync(donor, fund, 10);
        foreach (var (path, body, at) in ((string, string, string)[])
        [
            ("/v1/pledges", WriteServer.PledgeBody(donor, fund, 10, more: more), pointer), (Contributions, WriteServer.Direct(donor, fund, "payment", 10, more: more), pointer),
            ($"/v1/pledges/{pledge}/reclassifications", $$"""{ "changes": { "countries": {{countries}} }, "reason": { "en": "Told later" } }""", "/changes" + pointer),
        ])
        {
            // What is wrong with the JSON of changes itself is found before they are looked at.
            if (countries.Contains("u0000", StringComparison.Ordinal) && at.StartsWith("/changes", StringComparison.Ordinal))
            {
                continue;
            }

            var refused = await server.Editor.RefusedAsync(path, body, 400, "invalid_request", at);
            var detail = refused.Body.GetProperty("errors").EnumerateArray().First(e => e.Text("pointer") == at).Text("detail");
            Assert.Contains(said, detail, StringComparison.Ordinal);
            Assert.Contains(andSaid, detail, StringComparison.Ordinal);
            var arabic = await server.Editor.SendAsync(HttpMethod.Post, path, body, ("Accept-Language", "ar"));
            Assert.Contains(arabic.Body.GetProperty("errors").EnumerateArray().Single(e => e.Text("pointer") == at).Text("detail")!, c => c is >= '\u0621' and <= '\u064A');
        }
    }

    [Fact]
    public async Task Money_with_shares_is_not_shared_without_a_split()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 10, more: Split + """, "shared": true"""), 400, "invalid_request", "/shared");
        await server.Editor.RefusedAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 10, more: Split + """, "shared": true"""), 400, "invalid_request", "/shared");
        var shared = await server.PledgeAsync(donor, fund, 10, more: """, "shared": true, "countries": ["IRQ", "SYR"]""");
        var path = $"/v1/pledges/{shared}/reclassifications";
        await server.Editor.RefusedAsync(path, Changes(Split[2..]), 400, "invalid_request", "/changes/shared");
        var told = await server.Editor.RecordAsync(path, Changes(Split[2..] + """, "shared": false"""));
        Assert.Equal([6.25m, 3.75m], told.GetProperty("byCountry").EnumerateArray().Select(c => c.GetProperty("figures").Number("pledged")));
    }

    [Fact]
    public async Task A_reclassification_copies_shares_or_changes_them_and_a_patch_does_neither()
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 100, more: Split);
        var copied = await server.Editor.RecordAsync($"/v1/pledges/{pledge}/reclassifications", Changes("\"usageYears\": [2027]"));
        Assert.Equal([("IRQ", 62.5m), ("SYR", 37.5m)], SharesOf(copied));
        var changed = await server.Editor.RecordAsync($"/v1/pledges/{copied.Id()}/reclassifications", Changes("""
            "countries": [{ "country": "IRQ", "share": 80 }, { "country": "YEM", "share": 20 }]
            """));
        Assert.Equal([("IRQ", 80m), ("YEM", 20)], SharesOf(changed));
        var alone = await server.Editor.RecordAsync($"/v1/pledges/{changed.Id()}/reclassifications", Changes("""
            "countries": ["IRQ", "YEM"]
            """));
        Assert.Empty(SharesOf(alone));
        // The one that was left keeps what it said.
        Assert.Equal([("IRQ", 62.5m), ("SYR", 37.5m)], SharesOf(await server.GetAsync($"/v1/pledges/{pledge}")));
        var patched = await server.Editor.AmendAsync($"/v1/pledges/{alone.Id()}", "{ " + Split[2..] + " }");
        Assert.Equal((HttpStatusCode.BadRequest, "/countries"), (patched.Status, patched.Pointers.Single()));
    }

    [Fact]
    public async Task A_replacement_copies_shares_or_changes_them()
    {
        var wrong = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 100, more: Split));
        var right = await server.Editor.RecordAsync($"/v1/entries/{wrong.Id()}/replacement", Changes("\"amount\": 200"));
        Assert.Equal([("IRQ", 62.5m, 125m), ("SYR", 37.5m, 75)], PartsOf(right));
        var other = await server.Editor.RecordAsync($"/v1/entries/{right.Id()}/replacement", Changes("\"countries\": [{ \"country\": \"IRQ\", \"share\": 50 }, { \"country\": \"SYR\", \"share\": 50 }]"));
        Assert.Equal([("IRQ", 50m, 100m), ("SYR", 50, 100)], PartsOf(other));
        await server.Editor.RefusedAsync($"/v1/entries/{other.Id()}/replacement", Changes("\"countries\": [{ \"country\": \"IRQ\", \"share\": 50 }, { \"country\": \"SYR\", \"share\": 49 }]"), 400,
            "invalid_request", "/changes/countries");
    }

    [Fact]
    public async Task A_contribution_that_is_sent_again_says_the_same_only_with_the_same_shares()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Contributions, Body("""[{ "country": "SYR", "share": 37.5 }, { "country": "IRQ", "share": 62.5 }]"""));
        var again = await server.Editor.SendAsync(HttpMethod.Post, Contributions, Body("""[{ "country": "IRQ", "share": 62.50 }, { "country": "SYR", "share": 37.5000 }]"""));
        Assert.Equal((HttpStatusCode.OK, made.Id()), (again.Status, again.Body.Id()));
        await server.Editor.RefusedAsync(Contributions, Body("""["IRQ", "SYR"]"""), 409, "conflict", "/countries");
        await server.Editor.RefusedAsync(Contributions, Body("""[{ "country": "SYR", "share": 62.5 }, { "country": "IRQ", "share": 37.5 }]"""), 409, "conflict", "/countries");

        string Body(string countries) => WriteServer.Direct(donor, fund, "payment", 100, more: $$""", "externalSystem": "shares", "externalId": "{{fund}}", "countries": {{countries}} """);
    }

    [Fact]
    public async Task A_change_tells_shares_as_they_were_sent()
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 100, more: Split);
        var told = (await server.WholeAsync((await server.GetAsync($"/v1/pledges/{pledge}/history")).GetProperty("data")[0])).GetProperty("after").GetProperty("countries");
        Assert.Equal([("SYR", 37.5m), ("IRQ", 62.5m)], told.EnumerateArray().Select(c => (c.Text("country"), c.Number("share"))));
        var codes = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), 100, more: """, "countries": ["IRQ"]""");
        Assert.Equal(["IRQ"], (await server.WholeAsync((await server.GetAsync($"/v1/pledges/{codes}/history")).GetProperty("data")[0])).GetProperty("after").Texts("countries"));
    }

    private static string Changes(string changes) => $$"""{ "changes": { {{changes}} }, "reason": { "en": "Told later" } }""";

    private static IEnumerable<(string?, decimal)> SharesOf(JsonElement shown) => shown.GetProperty("byCountry").EnumerateArray().Select(c => (c.Text("country"), c.Number("share")));

    private static IEnumerable<(string?, decimal, decimal)> PartsOf(JsonElement contribution) =>
        contribution.GetProperty("byCountry").EnumerateArray().Select(c => (c.Text("country"), c.Number("share"), c.Number("amountUsd")));
}
