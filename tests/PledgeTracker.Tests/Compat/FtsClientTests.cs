using System.Globalization;
using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Compat;

/// <summary>What the public clients of the Financial Tracking Service ask, in their order, and what they do with the answers: of the documented facts.</summary>
public sealed class FtsClientTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_scraper_goes_from_locations_to_plans_to_trends_to_flows_to_funding_by_plan()
    {
        var iraq = (await server.FtsAsync("1/public/location")).EnumerateArray().Single(place => place.Text("iso3") == "IRQ");
        Assert.Equal((106, "Iraq", 0), (iraq.Whole("id"), iraq.Text("name"), iraq.GetProperty("adminLevel").GetInt32()));

        var plans = (await server.FtsAsync("2/fts/flow/plan/overview/progress/2018")).GetProperty("plans").EnumerateArray().ToList();
        var plan = plans.Single(p => p.Text("name")!.StartsWith("Reconstruction of Iraq", StringComparison.Ordinal));
        Assert.Equal(("2018-01-01", "2018-12-31"), (plan.Text("startDate"), plan.Text("endDate")));
        Assert.True(plan.Text("code") is { Length: > 0 and <= 32 });
        Assert.Equal((106, "IRQ"), (plan.GetProperty("countries")[0].Whole("id"), plan.GetProperty("countries")[0].Text("iso3")));
        Assert.Equal("2018", Assert.Single(plan.GetProperty("usageYears").EnumerateArray()).Text("year"));
        Assert.Equal((88_200_000_000m, 0m, 0m), (plan.GetProperty("requirements").Number("revisedRequirements"), plan.GetProperty("funding").Number("totalFunding"), plan.GetProperty("funding").Number("progress")));
        Assert.True(plan.GetProperty("planType").Whole("id") > 0 && plan.GetProperty("planType").Text("name") == "Programme");

        var byYear = new Dictionary<int, decimal>();
        foreach (var last in new[] { 2030, 2019 })
        {
            var trend = (await server.FtsAsync($"2/country/106/summary/trends/{last}")).EnumerateArray().ToList();
            Assert.Equal(Enumerable.Range(last - 10, 11), trend.Select(of => of.Whole("year")));
            trend.ForEach(of => byYear.Add(of.Whole("year"), of.Number("totalFunding")));
        }

        // Year by year what a question for the year comes to, however it is paged.
        Assert.Contains(byYear, year => year.Value > 0);
        foreach (var (year, funding) in byYear)
        {
            var flows = await server.PagesAsync($"locationid=106&year={year}&limit=7");
            Assert.Equal(funding, flows.Where(flow => flow.Text("boundary") == "incoming" && flow.Text("onBoundary") == "single" && flow.Text("status") != "pledge").Sum(flow => flow.Number("amountUSD")));
            Assert.All(flows, flow => DateOnly.ParseExact(flow.Text("date")![..10], "yyyy-MM-dd", CultureInfo.InvariantCulture));
            Assert.All(flows, flow => Assert.Contains(flow.GetProperty("destinationObjects").EnumerateArray(), of => of.Text("type") == "Location" && of.Text("id") == "106"));
        }

        var number = plan.Whole("id");
        var report = await server.ReportAsync($"emergencyid=911&planid={number}&groupby=plan");
        // The first of the objects is taken without looking whether there is one.
        Assert.Equal(0, report.GetProperty("fundingTotals").GetProperty("objects")[0].GetProperty("objectsBreakdown").GetArrayLength());
        var grouped = await server.FtsAsync($"1/fts/flow/custom-search?planid={number}&groupby=location");
        Assert.Equal(88_200_000_000m, grouped.GetProperty("requirements").Number("totalRevisedReqs"));
        Assert.Equal(106, Assert.Single(grouped.GetProperty("requirements").GetProperty("objects").EnumerateArray()).Whole("id"));
        var promised = (await server.GetAsync("/v1/funds/iraq-reconstruction")).GetProperty("figures").GetProperty("stages").Number("promisedOnly");
        Assert.Equal(new() { ["106"] = promised }, grouped.GetProperty("report3").Parts("pledgeTotals"));
    }

    [Fact]
    public async Task Both_addresses_answer_alike_whatever_case_the_names_have_and_however_they_are_repeated()
    {
        var asked = await server.FtsAsync("1/fts/flow/custom-search?locationid=106&year=2018");
        foreach (var other in new[]
        {
            "1/public/fts/flow?locationid=106&year=2018", "1/fts/flow/custom-search?LocationId=106&YEAR=2018&format=json", "1/fts/flow/custom-search?countryISO3=irq&Year=2018&planid=",
            "1/fts/flow/custom-search?filterBy=destinationLocationId:106&filterBy=destinationUsageYearId:39", "1/fts/flow/custom-search?filterby=destinationlocationid:106,destinationUsageYearId:39&limit=1000&page=1",
        })
        {
            Assert.Equal(asked.ToString(), (await server.FtsAsync(other)).ToString());
        }

        // The next page is asked for as the first was, at the address that this was asked at.
        var repeated = await server.GetAsync($"{Dialect.Base}1/fts/flow/custom-search?filterBy=destinationLocationId:106&filterBy=destinationLocationId:218&Limit=2&PAGE=2");
        Assert.Equal($"{server.Client.BaseAddress}compat/fts/v1/fts/flow/custom-search?filterBy=destinationLocationId:106&filterBy=destinationLocationId:218&Limit=2&page=3",
            Uri.UnescapeDataString(repeated.GetProperty("meta").Text("nextLink")!));

        // A comma is OR, and so is saying it again.
        var (iraq, syria) = (Count(await server.FtsAsync("1/fts/flow/custom-search?locationid=106")), Count(await server.FtsAsync("1/fts/flow/custom-search?locationid=218")));
        var both = Count(await server.FtsAsync("1/fts/flow/custom-search?locationid=106,218"));
        Assert.InRange(both, Math.Max(iraq, syria), iraq + syria);
        Assert.Equal(both, Count(await server.FtsAsync("1/fts/flow/custom-search?locationid=106&locationid=218")));
        Assert.Equal(both, Count(await server.FtsAsync("1/fts/flow/custom-search?filterBy=destinationLocationId:106&filterBy=destinationLocationId:218")));
    }

    [Fact]
    public async Task Money_is_found_by_who_gives_and_by_who_receives()
    {
        var given = await server.PagesAsync("organizationAbbrev=deu");
        Assert.NotEmpty(given);
        Assert.All(given, flow => Assert.Equal(("outgoing", "deu"), (flow.Text("boundary"), flow.GetProperty("sourceObjects")[0].Text("id"))));
        Assert.Equal(given.Count, (await server.PagesAsync("organizationAbbrev=Germany")).Count);
        // What it gave, by whatever it is grouped.
        var funding = given.Where(flow => flow.Text("status") != "pledge").Sum(flow => flow.Number("amountUSD"));
        Assert.True(funding > 0);
        foreach (var by in new[] { "plan", "location", "year", "organization" })
        {
            Assert.Equal(funding, (await server.ReportAsync($"organizationAbbrev=deu&groupby={by}")).GetProperty("fundingTotals").Number("total"));
        }

        Assert.Empty(await server.PagesAsync("organizationAbbrev=nobody%20at%20all"));
    }

    [Fact]
    public async Task What_is_not_known_is_answered_with_nothing()
    {
        foreach (var query in new[] { "planid=424242424242", "locationid=99999", "emergencyid=1", "year=1950", "filterBy=destinationPlanId:3&locationid=106",
            "year=2018&filterBy=destinationUsageYearId:38", "filterBy=destinationUsageYearId:99999999999999999999", "locationid=106&countryISO3=SYR" })
        {
            var data = await server.FtsAsync($"1/fts/flow/custom-search?{query}");
            Assert.Equal((0, 0), (Count(data), data.GetProperty("incoming").GetProperty("flowCount").GetInt32()));
            Assert.Single((await server.ReportAsync($"{query}&groupby=plan")).GetProperty("fundingTotals").GetProperty("objects").EnumerateArray());
        }

        Assert.Equal(0, (await server.FtsAsync("1/public/emergency/country/IRQ")).GetArrayLength());
        Assert.Contains((await server.FtsAsync("1/public/organization")).EnumerateArray(), of => of.Text("id") == "deu" && of.Text("name") == "Germany");
        Assert.Equal(0, (await server.FtsAsync("2/fts/flow/plan/overview/progress/1950")).GetProperty("plans").GetArrayLength());
    }

    [Theory]
    [InlineData("1/fts/flow/custom-search?clusterid=3", "clusterid")]
    [InlineData("1/public/fts/flow?groupby=cluster", "groupBy")]
    [InlineData("1/public/fts/flow?groupby=plan&report=2", "report")]
    [InlineData("1/public/fts/flow?filterby=sourceLocationId:3", "filterBy")]
    [InlineData("1/public/fts/flow?filterby=destinationLocationId:Iraq", "filterBy")]
    [InlineData("1/public/fts/flow?locationid=Iraq", "locationId")]
    [InlineData("1/public/fts/flow?countryISO3=IRAQ", "countryISO3")]
    [InlineData("1/public/fts/flow?year=20", "year")]
    [InlineData("1/public/fts/flow?limit=5000", "limit")]
    [InlineData("1/public/fts/flow?page=0", "page")]
    [InlineData("1/public/fts/flow?format=xml", "format")]
    [InlineData("2/fts/flow/plan/overview/progress/next", "year")]
    [InlineData("2/country/106/summary/trends/20", "year")]
    [InlineData("1/public/location?foo=1", "foo")]
    [InlineData("1/public/emergency/country/Iraq", "iso3")]
    public async Task What_is_not_supported_is_refused_by_name_in_the_dialects_own_envelope(string rest, string named)
    {
        var answer = await server.AskAsync(Dialect.Base + rest);
        Assert.Equal((400, "application/json; charset=utf-8"), (answer.Status, answer.Header("Content-Type")));
        Assert.Equal(("error", "invalid_request"), (answer.Json.Text("status"), answer.Json.Text("code")));
        Assert.StartsWith(named + ":", answer.Json.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_such_place_or_address_in_the_dialects_own_envelope()
    {
        foreach (var rest in new[] { "2/country/99999/summary/trends/2020", "2/country/abc/summary/trends/2020", "1/nothing", "3/public/location" })
        {
            var answer = await server.AskAsync(Dialect.Base + rest);
            Assert.Equal((404, "error", "not_found"), (answer.Status, answer.Json.Text("status"), answer.Json.Text("code")));
        }

        var posted = await server.AskAsync(Dialect.Base + "1/public/location", HttpMethod.Post);
        Assert.Equal((405, "error"), (posted.Status, posted.Json.Text("status")));
    }

    [Fact]
    public async Task What_would_need_more_to_be_read_than_is_read_for_one_answer_is_refused_and_what_narrows_it_is_named()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await using (var database = await own.OpenDatabaseAsync(unguarded: true))
        {
            await database.ExecuteAsync("""
                WITH RECURSIVE n (no) AS (SELECT 1 UNION ALL SELECT no + 1 FROM n WHERE no < 100001)
                INSERT INTO flow (dataset, external_id, status, boundary, on_boundary, amount_usd, content, version)
                SELECT 'fts:YEM:2026', CAST(no AS text), 'paid', 'internal', 'single', 100,
                    '{"id":"1","status":"paid","boundary":"internal","onBoundary":"single","amountUsd":1,"from":{},"to":{"countries":["YEM"]}}', 1 FROM n
                """);
        }

        foreach (var query in new[] { "countryISO3=YEM", "year=2026&groupby=plan", "limit=1" })
        {
            var answer = await own.AskAsync($"{Dialect.Base}1/fts/flow/custom-search?{query}");
            Assert.Equal((400, "error", "invalid_request"), (answer.Status, answer.Json.Text("status"), answer.Json.Text("code")));
            Assert.Matches("^locationid: .*100,000", answer.Json.Text("message"));
        }

        Assert.Empty(await own.PagesAsync("countryISO3=IRQ"));
    }

    [Fact]
    public async Task Names_and_passwords_are_taken_and_answers_are_kept_as_every_read()
    {
        var plain = await server.AskAsync(Dialect.Base + "1/public/location");
        var signed = await server.AskAsync(Dialect.Base + "1/public/location", null, ("Authorization", "Basic dXNlcjpwYXNz"), ("Accept", "text/html"));
        Assert.Equal((200, plain.Text), (signed.Status, signed.Text));
        Assert.Equal((int)HttpStatusCode.NotModified, (await server.AskAsync(Dialect.Base + "1/public/location", null, ("If-None-Match", plain.Header("ETag")!))).Status);
        // The document is about our own API alone.
        Assert.DoesNotContain("/compat", (await server.AskAsync("/openapi.json")).Text, StringComparison.Ordinal);
    }

    private static int Count(JsonElement data) => data.GetProperty("flows").GetArrayLength();
}
