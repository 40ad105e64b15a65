using System.Text.Json;

namespace PledgeTracker.Tests.Summaries;

/// <summary>What the documented facts come to; that every grouping of any ledger is right is tested in <see cref="Ledger.PostingTests"/>.</summary>
public sealed class GetSummaryTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task On_the_first_of_July_2018_the_pledge_of_the_United_States_for_Syria_still_stands_and_that_of_Saudi_Arabia_is_not_yet_made()
    {
        var donors = Rows(await server.GetAsync("/v1/summary?groupBy=donor&country=SYR&asOf=2018-07-01"));
        Assert.Equal((200_000_000, 0, 200_000_000), (donors["usa"].Figure("pledged"), donors["usa"].Figure("withdrawn"), donors["usa"].Figure("outstanding")));
        Assert.False(donors.ContainsKey("sau"));
    }

    [Fact]
    public async Task By_the_twentieth_of_August_2018_it_is_withdrawn_and_that_of_Saudi_Arabia_is_paid()
    {
        var donors = Rows(await server.GetAsync("/v1/summary?groupBy=donor&country=SYR&asOf=2018-08-20&compareTo=2018-07-01"));
        Assert.Equal((230_000_000, 230_000_000, 0), (donors["usa"].Figure("pledged"), donors["usa"].Figure("withdrawn"), donors["usa"].Figure("outstanding")));
        Assert.Equal((100_000_000, 100_000_000, 0), (donors["sau"].Figure("pledged"), donors["sau"].Figure("paid"), donors["sau"].Figure("outstanding")));
        var change = donors["usa"].GetProperty("change");
        // 30 million more were redirected than had been pledged by July.
        Assert.Equal((30_000_000, 230_000_000, -200_000_000), (change.Number("pledged"), change.Number("withdrawn"), change.Number("outstanding")));
        Assert.Equal(1, donors["sau"].GetProperty("change").Number("pledges"));
    }

    [Fact]
    public async Task What_was_outstanding_on_a_day_over_all_is_one_call()
    {
        var total = (await server.GetAsync("/v1/summary?asOf=2018-07-01")).GetProperty("total");
        Assert.Equal(17_501_000_000, total.Figure("outstanding"));
        Assert.Equal(["credit_line", "investment", "loan", "mou", "unspecified"], total.GetProperty("byInstrument").EnumerateArray().Select(i => i.Text("instrument")));
    }

    [Fact]
    public async Task As_of_today_is_as_of_now()
    {
        var today = (await server.GetAsync("/v1/summary")).Text("asOf");
        foreach (var by in (string[])["donor,year", "country", "status,instrument"])
        {
            Assert.Equal((await server.GetAsync($"/v1/summary?groupBy={by}")).GetRawText(), (await server.GetAsync($"/v1/summary?groupBy={by}&asOf={today}")).GetRawText());
        }
    }

    [Fact]
    public async Task What_was_not_recorded_yet_was_not_known()
    {
        var summary = await server.GetAsync("/v1/summary?knownAt=2018-07-01T00:00:00Z&groupBy=donor");
        Assert.Equal(0, summary.GetProperty("total").Number("pledges"));
        Assert.Empty(summary.GetProperty("rows").EnumerateArray());
        Assert.Equal(0, summary.GetProperty("basis").GetProperty("knownAt").Number("sequence"));
        Assert.Contains("names_of_now", Rules(summary));
        // All of the facts were, by the version that they ended with.
        Assert.Equal(25, (await server.GetAsync("/v1/summary?knownAt=" + await VersionAsync(server))).GetProperty("total").Number("pledges"));
    }

    [Fact]
    public async Task What_was_reversed_since_is_still_what_was_believed()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        var (before, after) = await own.EnterAsync(async entering =>
        {
            var payment = await entering.ContributionAsync(new { donorId = "fin", fundId = "undp-ffs", stage = "payment", amount = 77, currency = "USD", date = "2024-05-01" });
            var believed = await VersionAsync(own);
            await entering.ReverseAsync(payment);
            return (believed, await VersionAsync(own));
        });
        const string asked = "/v1/summary?donor=fin&fund=undp-ffs&asOf=2024-05-01&knownAt=";
        Assert.Equal((77, 0), ((await own.GetAsync(asked + before)).GetProperty("total").Figure("paid"), (await own.GetAsync(asked + after)).GetProperty("total").Figure("paid")));
    }

    [Fact]
    public async Task The_rest_beyond_the_limit_stands_together_and_rows_add_up_to_the_total()
    {
        var summary = await server.GetAsync("/v1/summary?groupBy=donor,instrument&limit=3&sort=-outstanding");
        var rows = summary.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["item", "item", "item", "other"], rows.Select(r => r.Text("kind")));
        Assert.Equal(14, rows[3].Number("items"));
        foreach (var figure in (string[])["pledged", "withdrawn", "committed", "paid", "outstanding"])
        {
            Assert.Equal(summary.GetProperty("total").Figure(figure), rows.Sum(r => r.Figure(figure)));
            Assert.All(rows, r => Assert.Equal(r.Figure(figure), r.GetProperty("rows").EnumerateArray().Sum(n => n.Figure(figure))));
        }
    }

    [Fact]
    public async Task As_a_table_it_has_every_row_within_every_row_where_no_limit_is_asked_for()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var fund = await own.FundAsync();
        for (var i = 0; i < 101; i++)
        {
            await own.PledgeAsync(await own.OrganizationAsync(), fund, 100 + i);
        }

        async Task<int> LinesAsync(string query) => (await own.AskAsync($"/v1/summary.ndjson?{query}&fund={fund}")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.Equal(101, await LinesAsync("groupBy=donor"));
        Assert.Equal(8, await LinesAsync("groupBy=donor&limit=7"));
        Assert.Equal(await LinesAsync("groupBy=donor,fund"), await LinesAsync("groupBy=fund,donor"));
        Assert.Equal(101, (await own.GetAsync($"/v1/summary?groupBy=donor&fund={fund}")).GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public async Task A_year_that_begins_in_October_goes_by_the_one_it_ends_in()
    {
        var years = (await server.GetAsync("/v1/summary?groupBy=year&yearStart=10-01")).GetProperty("rows").EnumerateArray().Select(r => r.Text("key")).ToList();
        Assert.Equal(years.Order(), years);
        // 2024-09-30 is the last day of the fiscal year 2024.
        Assert.Equal("2024", years[^1]);
    }

    [Fact]
    public async Task Dollars_are_turned_into_euros_by_the_rate_of_a_day_and_a_day_without_one_names_the_nearest()
    {
        var summary = await server.GetAsync("/v1/summary?currency=EUR&ratesOn=2021-12-31&donor=sau");
        Assert.Equal("EUR", summary.GetProperty("total").GetProperty("figures").Text("currency"));
        // 100,000,000 for the dollars that 1.1278 of are a euro.
        Assert.Equal(Math.Round(100_000_000 / 1.1278m, 2), summary.GetProperty("total").Figure("paid"));
        Assert.Equal(("2021-12-13", 1.1278m), (summary.GetProperty("basis").GetProperty("rate").Text("date"), summary.GetProperty("basis").GetProperty("rate").Number("usdPerUnit")));
        Assert.Contains("converted", Rules(summary));
        var problem = await server.RefusesAsync("/v1/summary?currency=EUR&ratesOn=2022-02-01", "?ratesOn", "no_rate");
        Assert.Contains("ratesOn=2021-12-13", problem.GetProperty("errors")[0].Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_provider_that_comes_first_in_the_settings_is_asked_first()
    {
        await using var own = new TestServer { Settings = ["--Rates:Providers=The Bank"] };
        await own.InitializeAsync();
        // It is older, and of the provider that comes first.
        await own.EnterAsync(entering => entering.RateAsync("EUR", "2021-12-10", 1.25m));
        var rate = (await own.GetAsync("/v1/summary?currency=EUR&ratesOn=2021-12-31&donor=sau")).GetProperty("basis").GetProperty("rate");
        Assert.Equal(("2021-12-10", "The Bank"), (rate.Text("date"), rate.Text("provider")));
    }

    [Fact]
    public async Task What_a_member_paid_on_the_promise_of_its_group_stands_in_the_row_of_the_group()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        await own.EnterAsync(async entering =>
        {
            var pledge = Assert.Single((await own.AllAsync("/v1/pledges?donor=coalition-partners&minAmountUsd=90000000&maxAmountUsd=90000000"))).Id();
            await entering.ContributionAsync(new { pledgeId = pledge, stage = "payment", amount = 5_000_000, currency = "USD", date = "2018-09-01", paidBy = "grc" });
        });
        var donors = Rows(await own.GetAsync("/v1/summary?groupBy=donor&limit=500"));
        Assert.Equal((5_000_000, 5_000_000), (donors["coalition-partners"].Figure("paid"), donors["grc"].Number("paidForGroups")));
        Assert.Equal(Rows(await server.GetAsync("/v1/summary?groupBy=donor&limit=500"))["grc"].Figure("paid"), donors["grc"].Figure("paid"));
    }

    [Theory]
    [InlineData("asOf=2999-01-01", "?asOf", "date_out_of_range")]
    [InlineData("compareTo=2999-01-01", "?compareTo", "date_out_of_range")]
    [InlineData("knownAt=2999-01-01T00:00:00Z", "?knownAt", "date_out_of_range")]
    [InlineData("knownAt=999999", "?knownAt", "unknown_version")]
    [InlineData("knownAt=yesterday", "?knownAt", "invalid_instant")]
    [InlineData("groupBy=donors", "?groupBy", "not_one_of")]
    [InlineData("groupBy=country,sector", "?groupBy", "not_allowed")]
    [InlineData("groupBy=donor,fund,event", "?groupBy", "too_many")]
    [InlineData("yearStart=10-01", "?yearStart", "not_allowed")]
    [InlineData("currency=EUR&ratesOn=0001-01-01", "?ratesOn", "no_rate")]
    [InlineData("currency=EUR&asOf=0001-01-02", "?ratesOn", "no_rate")]
    [InlineData("groupBy=year&yearStart=02-30", "?yearStart", "out_of_range")]
    [InlineData("usageYear=20", "?usageYear", "out_of_range")]
    [InlineData("ratesOn=2021-12-13", "?ratesOn", "not_allowed")]
    [InlineData("grantsOnly=true&instrument=loan", "?grantsOnly", "not_allowed")]
    [InlineData("group=donor", "?group", "unknown_parameter")]
    public Task A_question_that_cannot_be_answered_is_told_what_to_send(string query, string pointer, string code) => server.RefusesAsync("/v1/summary?" + query, pointer, code);

    private static Dictionary<string, JsonElement> Rows(JsonElement summary) => summary.GetProperty("rows").EnumerateArray().ToDictionary(r => r.Text("key")!);

    private static List<string?> Rules(JsonElement summary) => [.. summary.GetProperty("basis").GetProperty("rules").EnumerateArray().Select(r => r.Text("code"))];

    private static async Task<string> VersionAsync(TestServer server)
    {
        using var answer = await server.Client.GetAsync("/v1/sources?limit=1");
        return Assert.Single(answer.Headers.GetValues("Dataset-Version"));
    }
}

internal static class SummaryExtensions
{
    /// <summary>A figure of a row, or of the total.</summary>
    public static decimal Figure(this JsonElement row, string name) => row.GetProperty("figures").Number(name);
}
