using System.Text.Json;

namespace PledgeTracker.Tests.Summaries;

/// <summary>What the documented facts come to over time; that every series of any ledger is right is tested in <see cref="Ledger.PostingTests"/>.</summary>
public sealed class GetTimeSeriesTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Figures = ["pledged", "withdrawn", "committed", "paid", "outstanding"];

    [Fact]
    public async Task Every_year_shows_what_it_changed_and_years_in_which_nothing_happened_show_nothing()
    {
        var rows = Rows(await server.GetAsync("/v1/time-series?interval=year&to=2024-12-31"));
        Assert.Equal(["2018", "2019", "2020", "2021", "2022", "2023", "2024"], rows.Select(r => r.Text("period")));
        Assert.Equal([18_181_000_000, 230_000_000, 190_000_000, 100_000_000, 17_851_000_000], Amounts(rows[0]));
        Assert.Equal([0, 0, 0, 0, 0], Amounts(rows[1]));
        Assert.Equal([851_000_000, 0, 0, 0, 851_000_000], Amounts(rows[6]));
    }

    [Theory]
    [InlineData("month", "2018-02", "2018-08")]
    [InlineData("quarter", "2018-Q1", "2018-Q3")]
    [InlineData("year", "2018", "2018")]
    public async Task Periods_add_up_to_what_a_summary_shows_as_of_the_last_day(string interval, string first, string last)
    {
        foreach (var filter in (string[])["", "&donor=usa", "&instrument=loan", "&country=SYR", "&verified=true"])
        {
            var rows = Rows(await server.GetAsync($"/v1/time-series?interval={interval}&asOf=2018-08-20&from=2018-02-01{filter}"));
            var total = (await server.GetAsync($"/v1/summary?asOf=2018-08-20{filter}")).GetProperty("total");
            Assert.Equal((first, last), (rows[0].Text("period"), rows[^1].Text("period")));
            Assert.All(Figures, figure => Assert.Equal(total.Figure(figure), rows.Sum(r => r.Number(figure))));
            var standing = Rows(await server.GetAsync($"/v1/time-series?interval={interval}&asOf=2018-08-20&from=2018-02-01&cumulative=true{filter}"));
            Assert.Equal(Amounts(rows[0]), Amounts(standing[0]));
            Assert.Equal(Figures.Select(figure => total.Figure(figure)), Amounts(standing[^1]));
        }
    }

    [Fact]
    public async Task The_month_that_is_asked_for_stands_on_all_that_came_before()
    {
        var row = Assert.Single(Rows(await server.GetAsync("/v1/time-series?from=2018-07-09&to=2018-07-09&cumulative=true")));
        Assert.Equal("2018-07", row.Text("period"));
        var total = (await server.GetAsync("/v1/summary?asOf=2018-07-31")).GetProperty("total");
        Assert.Equal(Figures.Select(figure => total.Figure(figure)), Amounts(row));
    }

    [Fact]
    public async Task As_of_a_day_its_month_ends_with_it()
    {
        Assert.Equal("2018-07", Rows(await server.GetAsync("/v1/time-series?asOf=2018-07-01&to=2018-12-31"))[^1].Text("period"));
        Assert.Equal([0, 0, 0, 0, 0], Amounts(Rows(await server.GetAsync("/v1/time-series?asOf=2018-07-01"))[^1]));
        Assert.Equal(100_000_000, Rows(await server.GetAsync("/v1/time-series?donor=sau&asOf=2018-07-12"))[^1].Number("pledged"));
    }

    [Fact]
    public async Task What_was_not_recorded_yet_was_not_known()
    {
        var series = await server.GetAsync("/v1/time-series?knownAt=2018-07-01T00:00:00Z");
        Assert.Empty(Rows(series));
        Assert.Equal(0, series.GetProperty("basis").GetProperty("knownAt").Number("sequence"));
    }

    [Fact]
    public async Task The_largest_have_series_of_their_own_and_all_series_add_up()
    {
        var series = await server.GetAsync("/v1/time-series?interval=year&groupBy=donor&limit=3", language: "ar");
        var apart = series.GetProperty("series").EnumerateArray().ToList();
        Assert.Equal(["item", "item", "item", "other"], apart.Select(s => s.Text("kind")));
        Assert.Equal((await server.GetAsync("/v1/summary?groupBy=donor&limit=3")).GetProperty("rows").EnumerateArray().Select(r => r.Text("key")), apart.Select(s => s.Text("key")));
        Assert.All(apart.Take(3), s => Assert.True(s.Text("name").IsArabic()));
        var rows = Rows(series);
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.All(Figures, figure => Assert.Equal(rows[i].Number(figure), apart.Sum(s => Rows(s)[i].Number(figure))));
        }
    }

    [Fact]
    public async Task Money_for_several_countries_has_a_series_of_its_own()
    {
        var kinds = (await server.GetAsync("/v1/time-series?groupBy=country&limit=20")).GetProperty("series").EnumerateArray().Select(s => s.Text("kind")).ToList();
        Assert.Contains("shared", kinds);
        Assert.Equal(["item", "shared", "none"], kinds.Distinct());
    }

    [Fact]
    public async Task The_steps_of_a_fund_are_the_days_on_which_something_changed_or_was_stated()
    {
        var series = await server.GetAsync("/v1/time-series?steps=true&fund=ne-syria-stabilization");
        Assert.Equal((null, true, 0), (series.Text("interval"), series.GetProperty("cumulative").GetBoolean(), Rows(series).Count));
        var steps = Steps(series);
        var day = Assert.Single(steps, s => s.Text("period") == "2018-07-12");
        Assert.Equal(("pledge", "sau", 100_000_000), day.GetProperty("statements").EnumerateArray().Select(s => (s.Text("kind"), s.RefId("donor"), s.Number("amountUsd"))).Single());
        // 300 million were lacking, as two said; of money for it nothing changed on the first of the days.
        Assert.Contains(Steps(await server.GetAsync("/v1/time-series?steps=true&fund=undp-ffs")), s => s.Text("period") == "2018-06-26" && s.GetProperty("statements")[0].Text("kind") == "shortfall");
        var total = (await server.GetAsync("/v1/summary?fund=ne-syria-stabilization")).GetProperty("total");
        Assert.Equal(Figures.Select(figure => total.Figure(figure)), Amounts(steps[^1]));
    }

    [Fact]
    public async Task A_line_for_each_step_has_its_statements()
    {
        const string Query = "steps=true&fund=ne-syria-stabilization";
        var steps = (await server.GetAsync($"/v1/time-series?{Query}")).GetProperty("steps").EnumerateArray().ToList();
        var lines = (await server.AskAsync($"/v1/time-series.ndjson?{Query}")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.NotEmpty(steps);
        Assert.Equal(steps.Select(step => (step.Text("period"), step.GetProperty("statements").GetRawText(), step.GetProperty("statementCount").GetInt32())),
            lines.Select(line => (line.Text("period"), line.GetProperty("statements").GetRawText(), line.GetProperty("statementCount").GetInt32())));
    }

    [Fact]
    public async Task Where_nobody_pledged_the_largest_are_those_who_paid_most()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var fund = await own.FundAsync();
        var donors = new List<string>();
        foreach (var amount in new[] { 10, 400, 30, 200 })
        {
            donors.Add(await own.OrganizationAsync());
            await own.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donors[^1], fund, "payment", amount));
        }

        var series = (await own.GetAsync($"/v1/time-series?groupBy=donor&limit=2&interval=year&fund={fund}")).GetProperty("series").EnumerateArray();
        Assert.Equal([donors[1], donors[3], null], series.Select(one => one.Text("key")));
    }

    [Fact]
    public async Task The_steps_of_a_donor_tell_what_it_announced_revised_and_withdrew()
    {
        var steps = Steps(await server.GetAsync("/v1/time-series?steps=true&donor=usa"));
        Assert.Equal(["pledge", "withdrawal", "revision", "pledge", "pledge", "pledge"], steps.SelectMany(s => s.GetProperty("statements").EnumerateArray()).Select(s => s.Text("kind")));
        Assert.Equal([851_000_000 + 230_000_000, 230_000_000, 0, 0, 851_000_000], Amounts(steps[^1]));
        var withdrawal = steps.SelectMany(s => s.GetProperty("statements").EnumerateArray()).Single(s => s.Text("kind") == "withdrawal");
        Assert.Equal("withdrawn", (await server.GetAsync($"/v1/pledges/{withdrawal.Id()}")).Text("status"));
        Assert.True((await server.GetAsync("/v1/time-series?steps=true&donor=usa", language: "ar")).GetProperty("steps")[0].GetProperty("statements")[0].GetProperty("donor").Text("name").IsArabic());
    }

    [Fact]
    public async Task The_steps_of_an_event_begin_where_they_are_asked_to_and_show_the_largest_statements_of_a_day()
    {
        var steps = Steps(await server.GetAsync("/v1/time-series?steps=true&event=kuwait-conference-2018"));
        Assert.Equal(["2018-02-14", "2018-02-15"], steps.Select(s => s.Text("period")).Take(2));
        var amounts = steps[0].GetProperty("statements").EnumerateArray().Select(s => s.Number("amountUsd")).ToList();
        Assert.Equal(amounts.OrderDescending(), amounts);
        Assert.Equal(Math.Min(20, steps[0].Number("statementCount")), amounts.Count);
        var later = Steps(await server.GetAsync("/v1/time-series?steps=true&event=kuwait-conference-2018&from=2018-02-15"));
        Assert.Equal(steps[1].GetRawText(), later[0].GetRawText());
    }

    [Fact]
    public async Task Whatever_changes_outstanding_stands_in_its_month()
    {
        await using var own = new TestServer { Seed = "none", Clock = new FixedClock(new DateTimeOffset(2026, 5, 10, 12, 0, 0, TimeSpan.Zero)) };
        await own.InitializeAsync();
        var before = await own.EnterAsync(async entering =>
        {
            await entering.OrganizationAsync("anna");
            await entering.FundAsync("water");
            var pledge = await entering.PledgeAsync("anna", 100, "2025-11-30", "water");
            await entering.ReviseAsync(pledge, 50, "2026-01-01");
            await entering.WithdrawAsync(pledge, 20, "2026-03-31");
            await entering.ContributionAsync(pledge, "commitment", 60, "2026-03-31");
            var payment = await entering.ContributionAsync(pledge, "payment", 40, "2026-04-01");
            var believed = await own.VersionAsync();
            await entering.ReverseAsync(payment);
            // Of tomorrow, it counts from today.
            await entering.ContributionAsync(pledge, "payment", 30, "2026-05-11");
            return believed;
        });
        Assert.Equal(
            ["2025-11 100 0 0 0 100", "2025-12 0 0 0 0 0", "2026-01 50 0 0 0 50", "2026-02 0 0 0 0 0", "2026-03 0 20 60 0 -20", "2026-04 0 0 0 0 0", "2026-05 0 0 0 30 -30"],
            Rows(await own.GetAsync("/v1/time-series")).Select(Told));
        Assert.Equal(["2026-Q2 150 20 60 40 90"], Rows(await own.GetAsync($"/v1/time-series?interval=quarter&cumulative=true&from=2026-05-01&knownAt={before}")).Select(Told));
        Assert.Equal(["2025-11-30 100 0 0 0 100", "2026-01-01 150 0 0 0 150", "2026-03-31 150 20 60 0 130", "2026-05-10 150 20 60 30 100"], Steps(await own.GetAsync("/v1/time-series?steps=true&fund=water")).Select(Told));
    }

    [Theory]
    [InlineData("groupBy=status", "?groupBy", "not_allowed")]
    [InlineData("groupBy=donor,fund", "?groupBy", "not_one_of")]
    [InlineData("groupBy=donor&limit=21", "?limit", "out_of_range")]
    [InlineData("interval=week", "?interval", "not_one_of")]
    [InlineData("asOf=2999-01-01", "?asOf", "date_out_of_range")]
    [InlineData("from=2999-01-01", "?from", "date_out_of_range")]
    [InlineData("asOf=2018-07-01&from=2018-07-02", "?from", "date_out_of_range")]
    [InlineData("from=2018-07-02&to=2018-07-01", "?to", "date_out_of_range")]
    [InlineData("from=1900-01-01", "?from", "too_many")]
    [InlineData("asOf=2018-01-01&from=2019-01-01", "?from", "date_out_of_range")]
    [InlineData("steps=true", "?steps", "not_allowed")]
    [InlineData("steps=true&donor=usa,sau", "?steps", "not_allowed")]
    [InlineData("steps=true&donor=usa&fund=undp-ffs", "?steps", "not_allowed")]
    [InlineData("steps=true&donor=usa&interval=month", "?interval", "not_allowed")]
    [InlineData("steps=true&donor=usa&cumulative=false", "?cumulative", "not_allowed")]
    [InlineData("steps=true&donor=usa&groupBy=fund", "?groupBy", "not_allowed")]
    [InlineData("steps=true&donor=usa&limit=3", "?limit", "not_allowed")]
    [InlineData("knownAt=yesterday", "?knownAt", "invalid_instant")]
    public Task A_question_that_cannot_be_answered_is_told_what_to_send(string query, string pointer, string code) => server.RefusesAsync("/v1/time-series?" + query, pointer, code);

    private static List<JsonElement> Rows(JsonElement series) => [.. series.GetProperty("rows").EnumerateArray()];

    private static List<JsonElement> Steps(JsonElement series) => [.. series.GetProperty("steps").EnumerateArray()];

    private static IEnumerable<decimal> Amounts(JsonElement row) => Figures.Select(figure => row.Number(figure));

    private static string Told(JsonElement row) => $"{row.Text("period")} {string.Join(' ', Amounts(row))}";
}
