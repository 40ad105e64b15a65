using System.Text.Json;
using PledgeTracker.Tests.Imports;

namespace PledgeTracker.Tests.Compat;

/// <summary>One flow that several datasets tell, at different times and differently: the question for a place and a year is answered as that dataset tells it.</summary>
public sealed class SeveralDatasetsTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Jordan = "fts:JOR:2026", Lebanon = "fts:LBN:2026", World = "fts:world";

    [Fact]
    public async Task A_flow_that_moved_to_another_place_and_came_back_is_where_it_is_told_last()
    {
        var flow = new ToldFlow("990001", "paid", 1000) { Plan = "9901" };
        await TellAsync(Jordan, flow);
        await TellAsync(Lebanon, Other("990002"));
        await TellAsync(Jordan, Other("990003"));
        await TellAsync(Lebanon, Other("990002"), flow with { Countries = ["Lebanon"] });
        Assert.Equal((0m, 1000m), (await OfAsync("114", "990001"), await OfAsync("124", "990001")));

        await TellAsync(Jordan, Other("990003"), flow);
        await TellAsync(Lebanon, Other("990002"));
        Assert.Equal((1000m, 0m), (await OfAsync("114", "990001"), await OfAsync("124", "990001")));
        Assert.Equal(1000m, Committed(await server.GetAsync("/v1/summary?fund=fts-plan-9901&country=JOR")));
    }

    [Fact]
    public async Task A_promise_that_another_place_had_paid_comes_back_to_its_own()
    {
        var flow = new ToldFlow("990005", "pledge", 1000) { Countries = ["Lebanon"] };
        await TellAsync(Lebanon, Other("990006"), flow);
        await TellAsync(Jordan, Other("990007"), flow with { Status = "paid", Countries = ["Jordan"] });
        await TellAsync(Lebanon, Other("990006"));
        await TellAsync(Jordan, Other("990007"));
        await TellAsync(Lebanon, Other("990006"), flow with { Status = "paid" });
        Assert.Equal((0m, 1000m), (await OfAsync("114", "990005"), await OfAsync("124", "990005")));
    }

    [Fact]
    public async Task A_promise_that_went_into_a_plan_without_coming_in_stands_there_when_it_does()
    {
        const string dataset = "fts:TUR:2026";
        var flow = new ToldFlow("990008", "pledge", 1000) { Countries = ["Türkiye"] };
        await TellAsync(dataset, flow);
        await TellAsync(dataset, flow with { Status = "paid", Plan = "8990", Boundary = "internal" });
        await TellAsync(dataset, flow with { Status = "paid", Plan = "8990" });
        Assert.Equal(1000m, (await server.FtsAsync("1/fts/flow/custom-search?planid=8990")).GetProperty("incoming").Number("fundingTotal"));
    }

    [Fact]
    public async Task What_is_told_as_not_come_in_is_shown_as_that_where_another_forgot_its_promise()
    {
        var flow = new ToldFlow("990009", "pledge", 1000) { Boundary = "internal" };
        await TellAsync(Jordan, flow);
        await TellAsync(World + ":990009", flow with { Usd = 400, Boundary = "incoming" });
        await TellAsync(World + ":990009", Other("990010"));
        var shown = Assert.Single(await server.PagesAsync("locationid=114&year=2026"), of => of.Text("id") == "990009");
        Assert.Equal(("internal", 1000m), (shown.Text("boundary"), shown.Number("amountUSD")));
    }

    [Fact]
    public async Task What_one_dataset_told_last_gives_way_to_the_other_when_it_does_not_tell_it_any_more()
    {
        var flow = new ToldFlow("990011", "paid", 1000) { Plan = "9911" };
        await TellAsync(World, flow);
        await TellAsync(Jordan, flow);
        await TellAsync(Jordan, flow with { Status = "commitment", Usd = 9200 });
        await TellAsync(Jordan, Other("990012"));
        Assert.Equal([("paid", 1000m)], await ShownAsync("countryISO3=JOR", "990011"));
        // The dataset of the place and the year says that there is none.
        Assert.Empty(await ShownAsync("countryISO3=JOR&year=2026", "990011"));
        Assert.Equal(1000m, Committed(await server.GetAsync("/v1/summary?fund=fts-plan-9911")));
    }

    [Theory]
    [InlineData("990021", "paid", 1000, "commitment", 1500)]
    [InlineData("990022", "pledge", 1000, "commitment", 1000)]
    [InlineData("990023", "paid", 1000, "pledge", 1000)]
    [InlineData("990024", "commitment", 700, "paid", 700)]
    public async Task The_dataset_of_the_place_and_year_has_the_word_on_what_it_is_and_comes_to(string id, string status, int usd, string later, int laterUsd)
    {
        var flow = new ToldFlow(id, status, usd);
        await TellAsync(Jordan, flow);
        await TellAsync(World + ":" + id, flow with { Status = later, Usd = laterUsd });
        Assert.Equal([(status, (decimal)usd)], await ShownAsync("locationid=114&year=2026", id));
        Assert.Equal([(later, (decimal)laterUsd)], await ShownAsync("locationid=114", id));
    }

    [Fact]
    public async Task What_is_carried_over_goes_out_of_the_plan_that_it_comes_from_though_it_came_into_the_place()
    {
        await TellAsync("fts:plans", new ToldFlow("990031", "paid", 50) { FromPlan = "8901", Plan = "8902" }, new ToldFlow("990032", "paid", 7) { FromPlan = "8901", Plan = "8902", Boundary = "internal" });
        var data = await server.FtsAsync("1/fts/flow/custom-search?planid=8901");
        Assert.Equal((2, 57m, 0), (data.GetProperty("outgoing").GetProperty("flowCount").GetInt32(), data.GetProperty("outgoing").Number("fundingTotal"), data.GetProperty("incoming").GetProperty("flowCount").GetInt32()));
        Assert.Equal(57m, (await server.FtsAsync("1/fts/flow/custom-search?planid=8902")).GetProperty("incoming").Number("fundingTotal"));
    }

    [Fact]
    public async Task Money_that_did_not_come_in_is_found_by_who_gave_it_and_who_received_it()
    {
        await TellAsync("fts:org", new ToldFlow("990041", "paid", 60) { Donor = "Fund of the North", Recipient = "School Builders", Boundary = "internal" });
        foreach (var (query, boundary) in new[] { ("Fund%20of%20the%20North", "outgoing"), ("school%20builders", "incoming"), ("School%20Builders,Fund%20of%20the%20North", "internal") })
        {
            Assert.Equal((boundary, 60m), Assert.Single(await server.PagesAsync($"organizationAbbrev={query}")) is var flow ? (flow.Text("boundary"), flow.Number("amountUSD")) : default);
        }
    }

    [Fact]
    public async Task A_file_of_what_came_in_says_nothing_of_what_did_not()
    {
        const string dataset = "fts:SDN:2026";
        await TellAsync(dataset, new ToldFlow("990051", "paid", 60) { Countries = ["Sudan"] }, new ToldFlow("990052", "paid", 8) { Countries = ["Sudan"], FromPlan = "8951", Plan = "8952", Boundary = "internal" },
            new ToldFlow("990053", "paid", 5) { Countries = ["Sudan"] });
        var csv = "id,amountUSD,status,boundary,onBoundary,srcOrganization,srcOrganizationTypes,destOrganization,destOrganizationTypes,destLocations,destUsageYearStart,destUsageYearEnd,date\n"
            + "990051,60,paid,incoming,single,\"Norway, Government of\",Governments,World Food Programme,UN agency,SDN,2026,2026,2026-03-02\n";
        await server.Editor.FlowsAsync($"format=fts-csv&dataset={dataset}", Importing.Csv, csv);
        Assert.Equal(8m, (await server.FtsAsync("1/fts/flow/custom-search?planid=8952")).GetProperty("incoming").Number("fundingTotal"));
        Assert.Equal(["990051", "990052"], (await server.PagesAsync("countryISO3=SDN&year=2026")).Select(flow => flow.Text("id")!).Order());
        // Nor does a file of the others say anything of what came in.
        await server.Editor.FlowsAsync($"format=fts-csv&dataset={dataset}", Importing.Csv, csv.Replace("990051,60,paid,incoming", "990054,9,paid,internal", StringComparison.Ordinal));
        Assert.Equal(["990051", "990054"], (await server.PagesAsync("countryISO3=SDN&year=2026")).Select(flow => flow.Text("id")!).Order());
    }

    private static ToldFlow Other(string id) => new(id, "paid", 3) { Countries = ["Yemen"] };

    private static decimal Committed(JsonElement summary) => summary.GetProperty("total").GetProperty("figures").Number("committed");

    private Task<JsonElement> TellAsync(string dataset, params ToldFlow[] flows) => server.Editor.SnapshotAsync(dataset, flows);

    private async Task<decimal> OfAsync(string place, string id) => (await server.PagesAsync($"locationid={place}&year=2026")).Where(flow => flow.Text("id") == id).Sum(flow => flow.Number("amountUSD"));

    private async Task<IEnumerable<(string, decimal)>> ShownAsync(string query, string id) =>
        (await server.PagesAsync(query)).Where(flow => flow.Text("id") == id || flow.Text("description")?.EndsWith(id, StringComparison.Ordinal) == true).Select(flow => (flow.Text("status")!, flow.Number("amountUSD")));
}
