using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace PledgeTracker.Tests.Compat;

/// <summary>What the clients of HDX's Humanitarian API ask of funding.</summary>
public sealed class HapiTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Funding = "/compat/hapi/api/v1/coordination-context/funding";

    [Fact]
    public async Task Offsets_go_up_until_a_page_is_short_and_every_row_was_there_once()
    {
        var fund = await AppealsAsync();
        var rows = new List<JsonElement>();
        for (var offset = 0; ; offset += 2)
        {
            var page = await RowsAsync($"limit=2&offset={offset}");
            rows.AddRange(page);
            if (page.Count < 2)
            {
                break;
            }
        }

        var all = await RowsAsync("");
        Assert.Equal(all.Select(row => row.ToString()), rows.Select(row => row.ToString()));
        Assert.True(all.Count >= 2);
        var own = all.Where(row => row.Text("appeal_name") == fund).ToDictionary(row => row.Text("reference_period_start")!);
        var (first, second) = (own["2024-01-01T00:00:00"], own["2025-01-01T00:00:00"]);
        Assert.Equal((2, 1000m, 250m, 25m, "IRQ", "Iraq", 106),
            (own.Count, first.Number("requirements_usd"), first.Number("funding_usd"), first.Number("funding_pct"), first.Text("location_code"), first.Text("location_name"), first.Whole("location_ref")));
        Assert.Equal((2000m, 0m, "2025-12-31T00:00:00"), (second.Number("requirements_usd"), second.Number("funding_usd"), second.Text("reference_period_end")));
    }

    [Fact]
    public async Task Its_csv_says_what_its_json_says()
    {
        await AppealsAsync("=1+1, \"quoted\" نداء");
        var json = await RowsAsync("location_code=IRQ");
        var answer = await server.AskAsync($"{Funding}?location_code=IRQ&output_format=csv", null, ("Accept", "application/json"));
        Assert.Equal((200, "text/csv"), (answer.Status, answer.Header("Content-Type")![..8]));
        using var text = new StringReader(answer.Text);
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture));
        Assert.True(csv.Read() && csv.ReadHeader());
        Assert.Equal(json[0].EnumerateObject().Select(member => member.Name), csv.HeaderRecord!);
        foreach (var row in json)
        {
            Assert.True(csv.Read());
            Assert.All(row.EnumerateObject(), member => Assert.Equal(member.Value.ToString(), csv[member.Name]));
        }

        Assert.False(csv.Read());
    }

    [Fact]
    public async Task Who_asks_may_say_so_in_either_place_and_filters_filter()
    {
        var (fund, other) = (await AppealsAsync(), await AppealsAsync(kind: "programme", country: "SYR"));
        var all = await RowsAsync("");
        Assert.Equal(all.Count, (await RowsAsync("app_identifier=YXBwOm1l")).Count);
        var named = await server.AskAsync(Funding, null, ("X-HDX-HAPI-APP-IDENTIFIER", "YXBwOm1l"));
        Assert.Equal(all.Count, named.Json.GetProperty("data").GetArrayLength());
        var code = all.First(row => row.Text("appeal_name") == fund).Text("appeal_code")!;
        Assert.Equal(2, (await RowsAsync($"appeal_code={code}")).Count);
        foreach (var filter in new[] { $"appeal_code={code.ToUpperInvariant()}&location_code=&appeal_type=", "appeal_type=trust%20FUND", "location_name=iraq", "location_code=irq" })
        {
            var names = (await RowsAsync(filter)).ConvertAll(row => row.Text("appeal_name"));
            Assert.True(names.Contains(fund) && !names.Contains(other), filter);
        }

        Assert.Empty(await RowsAsync("appeal_type=Pledge%20drive"));
        Assert.Empty(await RowsAsync("limit=0"));
        Assert.Empty(await RowsAsync("location_code=TON"));
    }

    [Theory]
    [InlineData("has_hrp=true", "has_hrp")]
    [InlineData("in_gho=false", "in_gho")]
    [InlineData("limit=10001", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("output_format=xml", "output_format")]
    [InlineData("location_code=Iraq", "location_code")]
    [InlineData("sector=Health", "sector")]
    public async Task What_is_not_supported_is_refused_by_name_as_hapi_refuses(string query, string named)
    {
        var answer = await server.AskAsync($"{Funding}?{query}");
        Assert.Equal(400, answer.Status);
        var fault = Assert.Single(answer.Json.GetProperty("detail").EnumerateArray());
        Assert.Equal(["query", named], fault.GetProperty("loc").EnumerateArray().Select(part => part.GetString()!));
    }

    [Fact]
    public async Task Thousands_of_appeals_are_no_more_than_rows()
    {
        var (name, numbers) = (server.NewId("one-of-many"), Enumerable.Range(1, 1100));
        foreach (var i in numbers)
        {
            await server.Editor.RecordAsync("/v1/funds", new { id = $"{name}-{i}", name = new { en = name }, kind = "facility", countries = new[] { "YEM" } });
            await server.Editor.RecordAsync("/v1/requirements", new { fundId = $"{name}-{i}", kind = "original", amount = i, currency = "USD", statedOn = "2024-01-05" });
        }

        Assert.Equal(numbers.Select(i => (decimal)i), (await RowsAsync("location_code=YEM&appeal_type=Facility")).Where(row => row.Text("appeal_name") == name).Select(row => row.Number("requirements_usd")).Order());
        Assert.Equal(1100, (await server.FtsAsync("2/fts/flow/plan/overview/progress/2024")).GetProperty("plans").EnumerateArray().Count(plan => plan.Text("name") == name));
        Assert.Equal(0, (await server.FtsAsync($"1/fts/flow/custom-search?planid={string.Join(',', numbers)}&groupby=plan")).GetProperty("report3").GetProperty("fundingTotals").Number("total"));
    }

    [Fact]
    public async Task An_appeal_for_several_countries_has_of_each_what_came_for_it_alone()
    {
        var (donor, fund) = (await server.OrganizationAsync(), server.NewId("regional-response-to-several-countries"));
        await server.Editor.RecordAsync("/v1/funds", new { id = fund, name = new { en = fund }, kind = "appeal", countries = new[] { "IRQ", "SYR" } });
        await server.Editor.RecordAsync("/v1/requirements", new { fundId = fund, kind = "original", amount = 1000, currency = "USD", statedOn = "2026-01-05" });
        var day = 1;
        foreach (var (usd, countries) in new[] { (5, """["IRQ"]"""), (7, """["JOR"]"""), (40, """["IRQ", "SYR"]""") })
        {
            await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", usd, date: $"2026-03-0{day++}", more: $$""", "countries": {{countries}}"""));
        }

        var rows = (await RowsAsync("appeal_type=Appeal")).FindAll(row => row.Text("appeal_name") == fund);
        Assert.Equal([("IRQ", 5m), ("JOR", 7m), ("SYR", 0m)], rows.Select(row => (row.Text("location_code")!, row.Number("funding_usd"))).Order());
        Assert.All(rows, row => Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (row.GetProperty("requirements_usd").ValueKind, row.GetProperty("funding_pct").ValueKind)));
        Assert.Equal(7m, Assert.Single(await RowsAsync($"location_code=JOR&appeal_type=Appeal&appeal_code={rows[0].Text("appeal_code")}")).Number("funding_usd"));
        // Its id is too long for a code.
        Assert.True(rows[0].Whole("appeal_code") > 1_000_000);
    }

    // A fund in Iraq that required something in two years, of which the first had some of it.
    private async Task<string> AppealsAsync(string? called = null, string kind = "trust_fund", string country = "IRQ")
    {
        var (donor, fund) = (await server.OrganizationAsync(), server.NewId("appeal"));
        await server.Editor.RecordAsync("/v1/funds", new { id = fund, name = new { en = called ?? fund }, kind, countries = new[] { country } });
        foreach (var (year, usd) in new[] { (2024, 1000), (2025, 2000) })
        {
            await server.Editor.RecordAsync("/v1/requirements", new { fundId = fund, kind = "original", amount = usd, currency = "USD", statedOn = $"{year}-01-05", periodStart = $"{year}-01-01", periodEnd = $"{year}-12-31" });
        }

        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 250, date: "2024-03-01", more: $$""", "countries": ["{{country}}"]"""));
        return fund;
    }

    private async Task<List<JsonElement>> RowsAsync(string query) => [.. (await server.GetAsync($"{Funding}?{query}")).GetProperty("data").EnumerateArray()];
}
