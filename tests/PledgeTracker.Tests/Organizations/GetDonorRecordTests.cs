using System.Net;
using System.Text.Json;
using PledgeTracker.Tests.Summaries;

namespace PledgeTracker.Tests.Organizations;

public sealed class GetDonorRecordTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_United_States_withdrew_what_they_had_pledged_in_2018_and_have_not_paid_what_they_pledged_in_2024()
    {
        var record = await server.GetAsync("/v1/donors/usa/record");
        Assert.Equal(["2018 1 230000000 230000000 0 0", "2024 3 851000000 0 0 851000000"], record.GetProperty("years").EnumerateArray().Select(Told));
        Assert.Equal(230_000_000, record.GetProperty("years")[0].GetProperty("figures").GetProperty("withdrawnBy").Number("unspecified"));
        Assert.Equal((await server.GetAsync("/v1/donors/usa")).GetProperty("figures").GetRawText(), record.GetProperty("total").GetProperty("figures").GetRawText());
        Assert.Equal(["unspecified"], record.GetProperty("total").GetProperty("byInstrument").EnumerateArray().Select(i => i.Text("instrument")));
        Assert.Equal(["2018 1 200000000 0 0 200000000"], (await server.GetAsync("/v1/donors/usa/record?asOf=2018-07-01")).GetProperty("years").EnumerateArray().Select(Told));
        Assert.Empty((await server.GetAsync("/v1/donors/usa/record?knownAt=0")).GetProperty("years").EnumerateArray());
        Assert.True((await server.GetAsync("/v1/donors/usa/record", language: "ar")).GetProperty("donor").Text("name").IsArabic());
    }

    [Fact]
    public async Task Overdue_is_what_a_donor_itself_has_not_paid_of_promises_that_are()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.EnterAsync(async entering =>
        {
            await entering.OrganizationAsync("anna");
            await entering.OrganizationAsync("bruno");
            await entering.FundAsync("water");
            var joint = await entering.PledgeAsync(new
            {
                donors = new[] { new { donorId = "anna", amount = 60 }, new { donorId = "bruno", amount = 40 } }, currency = "USD", announcedOn = "2024-01-01", fundId = "water", instrument = "grant", dueOn = "2024-12-31",
            });
            await entering.ContributionAsync(new { pledgeId = joint, donorId = "anna", stage = "payment", amount = 60, currency = "USD", date = "2024-06-01" });
            await entering.ContributionAsync(new { pledgeId = joint, donorId = "bruno", stage = "payment", amount = 15, currency = "USD", date = "2025-02-01" });
        });
        Assert.Equal((0, 0), Overdue(await own.GetAsync("/v1/donors/anna/record")));
        Assert.Equal((1, 25), Overdue(await own.GetAsync("/v1/donors/bruno/record")));
        Assert.Equal((1, 40), Overdue(await own.GetAsync("/v1/donors/bruno/record?asOf=2025-01-01")));
        Assert.Equal((0, 0), Overdue(await own.GetAsync("/v1/donors/bruno/record?asOf=2024-12-31")));
    }

    [Fact]
    public async Task A_record_measures_what_a_summary_of_the_donor_does()
    {
        var usual = (await server.GetAsync("/v1/donors/usa/record")).GetProperty("total").GetProperty("measures");
        Assert.Equal("""{"currency":"USD","conversionRate":{"numerator":0,"denominator":851000000,"share":0},"undisbursed":0}""", usual.GetRawText());
        const string all = "measures=conversionRate,undisbursed,ageing,timeliness,schedule,concentration,dataQuality&basis=due";
        foreach (var donor in (await server.AllAsync("/v1/donors")).Select(d => d.Id()))
        {
            foreach (var asked in (string[])["", all, "measures=ageing&asOf=2018-07-01", $"{all}&asOf=2024-10-01"])
            {
                var record = await server.GetAsync($"/v1/donors/{donor}/record?{asked}");
                var summary = await server.GetAsync($"/v1/summary?donor={donor}&groupBy=year&{asked}");
                Assert.Equal(summary.GetProperty("total").GetProperty("measures").GetRawText(), record.GetProperty("total").GetProperty("measures").GetRawText());
                Assert.Equal(summary.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("measures").GetRawText()), record.GetProperty("years").EnumerateArray().Select(y => y.GetProperty("measures").GetRawText()));
            }
        }

        await server.RefusesAsync("/v1/donors/usa/record?measures=speed", "?measures", "not_one_of");
        await server.RefusesAsync("/v1/donors/usa/record?basis=due", "?basis", "not_allowed");
    }

    [Fact]
    public async Task What_a_member_paid_for_its_group_is_told_apart()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        var before = await own.VersionAsync();
        await own.EnterAsync(async entering =>
        {
            var pledge = Assert.Single(await own.AllAsync("/v1/pledges?donor=coalition-partners&minAmountUsd=90000000&maxAmountUsd=90000000")).Id();
            await entering.ContributionAsync(new { pledgeId = pledge, stage = "payment", amount = 5_000_000, currency = "USD", date = "2018-09-01", paidBy = "grc" });
        });
        var record = await own.GetAsync("/v1/donors/grc/record");
        Assert.Equal(5_000_000, record.Number("paidForGroups"));
        foreach (var then in new[] { "", "?asOf=2018-09-01", "?asOf=2018-08-31", $"?knownAt={before}" })
        {
            Assert.Equal((await own.GetAsync("/v1/donors/grc/record" + then)).Number("paidForGroups"), (await own.GetAsync("/v1/donors/grc" + then)).Number("paidForGroups"));
        }

        Assert.Equal((await server.GetAsync("/v1/donors/grc/record")).GetProperty("total").GetRawText(), record.GetProperty("total").GetRawText());
        Assert.Equal(0, (await own.GetAsync("/v1/donors/grc/record?asOf=2018-08-31")).Number("paidForGroups"));
        Assert.Equal(0, (await own.GetAsync($"/v1/donors/grc/record?knownAt={before}")).Number("paidForGroups"));
        Assert.Equal(5_000_000, (await own.GetAsync("/v1/donors/coalition-partners/record")).GetProperty("total").Figure("paid"));
    }

    [Fact]
    public async Task A_donor_that_was_merged_has_its_record_where_it_went()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        using var editor = await own.ClientAsync("editor");
        await editor.SendAsync(HttpMethod.Post, "/v1/organizations/fin/merge-into/deu");
        var moved = await own.AskAsync("/v1/donors/fin/record?asOf=2024-01-01");
        Assert.Equal((308, "/v1/donors/deu/record?asOf=2024-01-01"), (moved.Status, moved.Header("Location")));
    }

    [Fact]
    public async Task A_donor_that_is_not_there_is_told_the_one_that_may_be_meant()
    {
        Assert.Contains("usa?", (await server.GetAsync("/v1/donors/usaa/record", HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
        await server.RefusesAsync("/v1/donors/usa/record?asOf=2999-01-01", "?asOf", "date_out_of_range");
    }

    private static (decimal Pledges, decimal Outstanding) Overdue(JsonElement record) =>
        (record.GetProperty("total").GetProperty("overdue").Number("pledges"), record.GetProperty("total").GetProperty("overdue").Number("outstanding"));

    private static string Told(JsonElement year) => $"{year.Number("year")} {year.Number("pledges")} {year.Figure("pledged")} {year.Figure("withdrawn")} {year.Figure("paid")} {year.Figure("outstanding")}";
}
