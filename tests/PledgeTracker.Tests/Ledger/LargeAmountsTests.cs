using System.Globalization;
using System.Text.Json;
using PledgeTracker.Tests.Db;

namespace PledgeTracker.Tests.Ledger;

/// <summary>Amounts at their limits, and sums that would pass theirs.</summary>
public sealed class LargeAmountsTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";

    // 10^17 rials' hundredths: what one entry holds.
    private const decimal Most = 1_000_000_000_000_000;

    [Theory]
    [InlineData("IQD", "1190000000000")]
    [InlineData("LBP", "18000000000000")]
    [InlineData("IDR", "16000000000000")]
    [InlineData("IRR", "50000000000000")]
    [InlineData("IRR", "1000000000000000")]
    [InlineData("USD", "1000000000000")]
    public async Task What_a_country_needs_in_its_own_currency_can_be_said_everywhere(string currency, string amount)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var usd = currency == "USD" ? "" : """, "amountUsd": 1000000000""";
        var money = $$"""
            "amount": {{amount}}, "currency": "{{currency}}"{{usd}}
            """;
        Assert.Equal(amount, Amount(await server.Editor.RecordAsync("/v1/requirements", $$"""{ "fundId": "{{fund}}", "kind": "original", {{money}}, "statedOn": "2026-01-05" }""")));
        Assert.Equal(amount, Amount(await server.Editor.RecordAsync("/v1/shortfalls", $$"""{ "fundId": "{{fund}}", {{money}}, "statedOn": "2026-01-05" }""")));
        Assert.Equal(amount, Amount((await server.Editor.RecordAsync("/v1/events", $$"""
            { "id": "{{server.NewId("conference")}}", "name": { "en": "C" }, "startsOn": "2026-01-05", "reportedTotal": { "amount": {{amount}}, "currency": "{{currency}}" } }
            """)).GetProperty("reportedTotal")));
        var pledge = await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": {{amount}}{{usd}} }], "currency": "{{currency}}", "announcedOn": "2026-03-01", "fundId": "{{fund}}", "instrument": "grant",
              "instalments": [{ "dueOn": "2026-12-01", "amount": {{amount}} }] }
            """);
        Assert.Equal(amount, Amount(pledge));
        Assert.Equal(amount, Amount(pledge.GetProperty("instalments")[0]));
        var paid = await server.Editor.RecordAsync(Contributions, $$"""{ "pledgeId": "{{pledge.Id()}}", "stage": "payment", {{money}}, "date": "2026-06-01" }""");
        Assert.Equal(amount, Amount(paid));
        Assert.Equal("paid", (await server.GetAsync($"/v1/pledges/{pledge.Id()}")).Text("status"));
        await server.Editor.RecordAsync($"/v1/entries/{paid.Id()}/reversal", """{ "reason": { "en": "A mistake" } }""");

        static string Amount(JsonElement shown) => shown.GetProperty("amount").GetRawText();
    }

    [Theory]
    [InlineData("USD", "1000000000000.01", null, "/amount", "no larger than 1000000000000.")]
    [InlineData("JPY", "100000000000000001", "5", "/amount", "no larger than 100000000000000000.")]
    [InlineData("IQD", "100000000000000.001", "5", "/amount", "no larger than 100000000000000.")]
    [InlineData("IRR", "5", "1000000000000.01", "/amountUsd", "no larger than 1000000000000.")]
    public async Task What_no_entry_holds_is_refused_with_the_most_that_one_does(string currency, string amount, string? usd, string pointer, string detail)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var refused = await server.Editor.RefusedAsync(Contributions, $$"""
            { "donorId": "{{donor}}", "fundId": "{{fund}}", "stage": "payment", "amount": {{amount}}, "currency": "{{currency}}"{{(usd is null ? "" : $", \"amountUsd\": {usd}")}}, "date": "2026-06-01" }
            """, 400, "invalid_request", pointer);
        Assert.Contains(detail, refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("USD", "12.345", "Send 12.35.")]
    [InlineData("USD", "0.001", "Send 0.01.")]
    [InlineData("JPY", "7.4", "Send 7.")]
    [InlineData("ITL", "0.4", "Send 1.")]
    [InlineData("KWD", "1.2345", "Send 1.235.")]
    public async Task More_decimals_than_the_currency_has_are_refused_with_the_number_rounded(string currency, string amount, string detail)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var refused = await server.Editor.RefusedAsync(Contributions, $$"""
            { "donorId": "{{donor}}", "fundId": "{{fund}}", "stage": "payment", "amount": {{amount}}, "currency": "{{currency}}", "amountUsd": {{(currency == "USD" ? "null" : "5")}}, "date": "2026-06-01" }
            """, 400, "invalid_request", "/amount");
        Assert.Contains(detail, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_amount_that_a_rate_makes_more_dollars_than_an_entry_holds_is_told_so()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "CHF", "date": "2026-06-01", "usdPerUnit": 1.25, "provider": "The Bank" }""");
        Assert.Equal("1000000000000", (await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 800_000_000_000, "CHF"))).GetProperty("amountUsd").GetRawText());
        var refused = await server.Editor.RefusedAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 800_000_000_000.01m, "CHF"), 400, "invalid_request", "/amountUsd");
        Assert.Contains("more than 1000000000000 US dollars", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90, 201)]
    [InlineData(91, 422)]
    [InlineData(100, 422)]
    public async Task A_pledge_of_more_than_can_be_kept_is_refused_and_leaves_nothing(int donors, int status)
    {
        var fund = await server.FundAsync();
        var shares = new List<object>();
        for (var i = 0; i < donors; i++)
        {
            shares.Add(new { donorId = await server.OrganizationAsync(), amount = Most, amountUsd = 1 });
        }

        var body = JsonSerializer.Serialize(new { donors = shares, currency = "IRR", announcedOn = "2026-03-01", fundId = fund, instrument = "grant" });
        if (status == 201)
        {
            Assert.Equal(90 * Most, (await server.Editor.RecordAsync("/v1/pledges", body)).Number("amount"));
            return;
        }

        await server.Editor.RefusedAsync("/v1/pledges", body, status, "total_too_large");
        Assert.Equal(0, (await server.GetAsync($"/v1/pledges?fund={fund}&count=true")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_line_that_would_pass_what_can_be_kept_takes_no_more()
    {
        var pledge = await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), Most, "IRR", usd: 1);
        for (var i = 1; i < 90; i++)
        {
            await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", Revision(Most));
        }

        await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/revisions", Revision(Most), 422, "total_too_large");
        await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/revisions", Revision(0.01m), 422, "total_too_large");
        Assert.Equal(90 * Most, (await server.GetAsync($"/v1/pledges/{pledge}")).Number("amount"));
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", Revision(-Most));

        static string Revision(decimal change) => $$"""{ "change": {{change.ToString(CultureInfo.InvariantCulture)}}, "date": "2026-04-01" }""";
    }

    [Fact]
    public async Task Payments_of_a_line_that_come_to_more_than_64_bits_are_refused()
    {
        const string More = """, "amountUsd": 1, "distinctFrom": "all" """;
        var header = (await server.Editor.RecordAsync(Contributions,
            WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", Most, "IRR", more: More))).Text("pledgeId")!;
        for (var i = 1; i < 92; i++)
        {
            await server.Editor.RecordAsync(Contributions, WriteServer.Under(header, "payment", Most, "IRR", more: More));
        }

        foreach (var path in new[] { Contributions, Contributions + "?dryRun=true" })
        {
            await server.Editor.RefusedAsync(path, WriteServer.Under(header, "payment", Most, "IRR", more: More), 422, "total_too_large");
        }

        Assert.Equal(92, (await server.FiguresAsync($"/v1/pledges/{header}")).Paid);
    }

    [Fact]
    public async Task What_dollars_settle_of_a_promise_in_rials_is_as_much_as_an_entry_in_rials_holds()
    {
        // 900 million dollars of it are 9 × 10^16 of the smallest unit.
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{await server.OrganizationAsync()}}", "amount": {{Most.ToString(CultureInfo.InvariantCulture)}}, "amountUsd": 1000000000 }], "currency": "IRR",
              "announcedOn": "2026-03-01", "fundId": "{{await server.FundAsync()}}", "instrument": "grant" }
            """)).Id();
        var paid = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 900_000_000));
        Assert.Equal(900_000_000_000_000, paid.GetProperty("settles").Number("amount"));
        Assert.Equal(100_000_000, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
    }

    [Fact]
    public async Task A_total_that_would_pass_what_can_be_kept_is_refused()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 1));
        await using var database = await server.OpenDatabaseAsync();
        // As ninety thousand payments of a trillion dollars would have left it.
        Assert.Equal(1, database.Execute($"UPDATE total SET paid_usd = 9000000000000000000 WHERE scope = 'fund' AND instrument = 'all' AND id = '{fund}'"));
        await server.Editor.RefusedAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 2, date: "2026-06-02"), 422, "total_too_large");
        database.Execute($"UPDATE total SET paid_usd = 100 WHERE scope = 'fund' AND instrument = 'all' AND id = '{fund}'");
        Assert.Equal(1, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }
}
