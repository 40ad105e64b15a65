using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

/// <summary>A date that is known to the month or the year only stands for the whole of it. The server's today is 2026-11-21.</summary>
public sealed class DatePrecisionTests(WriteServer server) : IClassFixture<WriteServer>
{
    private static readonly (string Path, string Date, string From, string To, string Body)[] Dated =
    [
        ("/v1/contributions", "date", "from", "to", """ "donorId": "$donor", "fundId": "$fund", "stage": "payment", "amount": 1, "currency": "USD" """),
        ("/v1/pledges", "announcedOn", "announcedFrom", "announcedTo",
            """ "donors": [{ "donorId": "$donor", "amount": 1 }], "currency": "USD", "fundId": "$fund", "instrument": "grant" """),
        ("/v1/shortfalls", "statedOn", "statedFrom", "statedTo", """ "fundId": "$fund", "amount": 1, "currency": "USD" """),
        ("/v1/requirements", "statedOn", "statedFrom", "statedTo", """ "fundId": "$fund", "kind": "original", "amount": 1, "currency": "USD" """),
        ("/v1/indicators", "date", "from", "to", """ "fundId": "$fund", "measure": "people", "name": { "en": "People" }, "value": 1, "unit": "people" """),
    ];

    public static TheoryData<string> Paths => [.. Dated.Select(d => d.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_year_or_a_month_that_has_begun_may_be_dated_to_its_end(string path)
    {
        var made = await RecordAsync(path, await server.FundAsync(), "2026-12-31", "year");
        Assert.Equal(("2026-12-31", "year"), (made.Text(Of(path).Date), made.Text("datePrecision")));
        await RecordAsync(path, await server.FundAsync(), "2026-11-30", "month");
        foreach (var (date, precision) in new[] { ("2027-01-01", "year"), ("2026-12-01", "month"), ("2026-11-23", "day"), ("2026-11-23", "approximate") })
        {
            await server.Editor.RefusedAsync(path, await BodyAsync(path, await server.FundAsync(), date, precision), 400, "invalid_request", "/" + Of(path).Date);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_range_finds_what_overlaps_it(string path)
    {
        var (_, _, from, to, _) = Of(path);
        var list = path == "/v1/requirements" ? "/v1/shortfalls" : path;
        var fund = await server.FundAsync();
        var ids = new Dictionary<string, string>
        {
            [(await RecordAsync(path, fund, "2024-06-30", "year")).Id()] = "year 2024",
            [(await RecordAsync(path, fund, "2024-02-29", "month")).Id()] = "February 2024",
            [(await RecordAsync(path, fund, "2024-02-15", "day")).Id()] = "15 February 2024",
            [(await RecordAsync(path, fund, "2023-12-31", "year")).Id()] = "year 2023",
            [(await RecordAsync(path, fund, "2024-03-01", "approximate")).Id()] = "about 1 March 2024",
        };
        await ShowsAsync($"{from}=2024-12-31", "year 2024");
        await ShowsAsync($"{from}=2024-03-01", "about 1 March 2024", "year 2024");
        await ShowsAsync($"{from}=2024-02-29", "February 2024", "about 1 March 2024", "year 2024");
        await ShowsAsync($"{from}=2025-01-01");
        await ShowsAsync($"{to}=2024-02-01", "February 2024", "year 2023", "year 2024");
        await ShowsAsync($"{to}=2024-01-31", "year 2023", "year 2024");
        await ShowsAsync($"{to}=2023-01-01", "year 2023");
        await ShowsAsync($"{to}=2022-12-31");
        await ShowsAsync($"{from}=2024-02-16&{to}=2024-02-20", "February 2024", "year 2024");
        await ShowsAsync($"{from}=2024-02-15&{to}=2024-02-15", "15 February 2024", "February 2024", "year 2024");

        async Task ShowsAsync(string range, params string[] expected)
        {
            var page = await server.GetAsync($"{list}?fund={fund}&count=true&{range}");
            Assert.Equal(expected, page.GetProperty("data").EnumerateArray().Select(item => ids[item.Id()]).Order(StringComparer.Ordinal));
            Assert.Equal(expected.Length, page.GetProperty("count").GetInt32());
        }
    }

    [Fact]
    public async Task A_pledge_of_this_year_is_revised_withdrawn_and_paid_today()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": 100 }], "currency": "USD", "announcedOn": "2026-12-31", "datePrecision": "year", "fundId": "{{fund}}", "instrument": "grant" }
            """)).Id();
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 50, "date": "2026-11-21" }""");
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 30, "date": "2026-11-30", "datePrecision": "month" }""");
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 20, date: "2026-11-21"));
        Assert.Equal(new Dollars(150, 30, 20, 20, 100), await server.FiguresAsync($"/v1/pledges/{pledge}"));
    }

    [Fact]
    public async Task Money_dated_to_the_end_of_this_year_is_converted_by_the_latest_rate()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "NOK", "date": "2026-10-20", "usdPerUnit": 0.1, "provider": "The Bank" }""");
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 100, "NOK", "2026-12-31", """, "datePrecision": "year" """));
        Assert.Equal((10m, "2026-10-20"), (made.Number("amountUsd"), made.Text("rateDate")));
        var refused = await server.Editor.RefusedAsync("/v1/contributions",
            WriteServer.Direct(donor, fund, "payment", 100, "SEK", "2026-12-31", """, "datePrecision": "year" """), 400, "invalid_request", "/amountUsd");
        Assert.Contains("2026-10-08 to 2026-11-22", refused.Text, StringComparison.Ordinal);
    }

    private static (string Path, string Date, string From, string To, string Body) Of(string path) => Dated.Single(d => d.Path == path);

    private async Task<JsonElement> RecordAsync(string path, string fund, string date, string precision) =>
        await server.Editor.RecordAsync(path, await BodyAsync(path, fund, date, precision));

    // A donor of its own, so that no payment looks like another.
    private async Task<string> BodyAsync(string path, string fund, string date, string precision) => $$"""
        {{{Of(path).Body.Replace("$donor", await server.OrganizationAsync(), StringComparison.Ordinal).Replace("$fund", fund, StringComparison.Ordinal)}}, "{{Of(path).Date}}": "{{date}}", "datePrecision": "{{precision}}" }
        """;
}
