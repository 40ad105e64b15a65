using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PledgeTracker.Tests.Imports;

namespace PledgeTracker.Tests.Compat;

/// <summary>
/// What UN OCHA's Financial Tracking Service published goes in and comes back by its own addresses: the totals are computed here from its files, by its own rules. For the files see
/// <see cref="RealSnapshotTests"/>.
/// </summary>
public sealed class FtsRoundTripTests(WriteServer server) : IClassFixture<WriteServer>
{
    private static readonly Dictionary<int, string> Places = new() { [1] = "AFG", [114] = "JOR" };

    [Fact]
    public async Task Two_countries_and_their_plans_come_back_as_published_and_so_do_altered_snapshots()
    {
        var told = Places.Keys.ToDictionary(place => place, place => Published.Pages(place).SelectMany(page => JsonNode.Parse(page)!["data"]!["flows"]!.AsArray().Select(flow => flow!.DeepClone().AsObject())).ToList());
        await server.Editor.FlowsAsync("format=fts-json&dataset=fts:plans:2020", "application/json", Published.Read("api-json", "2-fts-flow-plan-overview-progress-2020.json"));
        foreach (var (place, flows) in told)
        {
            await SnapshotAsync(place, flows);
        }

        foreach (var (place, flows) in told)
        {
            await AssertComesBackAsync(place, flows);
        }

        // What the publisher says itself.
        Assert.Equal((714_246_261m, 81_128m, 725_591_299m), (await FundingAsync(114, "fundingTotal"), await FundingAsync(114, "pledgeTotal"), await FundingAsync(1, "fundingTotal")));
        var plans = (await server.FtsAsync("2/fts/flow/plan/overview/progress/2020")).GetProperty("plans").EnumerateArray().ToDictionary(plan => plan.Whole("id"));
        Assert.Equal((564_467_765m, 1_131_050_820m, 49.91m), (plans[929].GetProperty("funding").Number("totalFunding"), plans[929].GetProperty("requirements").Number("revisedRequirements"), plans[929].GetProperty("funding").Number("progress")));
        Assert.Equal(18_604_280m, plans[1010].GetProperty("funding").Number("totalFunding"));
        Assert.Equal("HAFG20", plans[929].Text("code"));

        foreach (var place in Places.Keys)
        {
            await SnapshotAsync(place, told[place] = Altered(told[place]));
            await AssertComesBackAsync(place, told[place]);
        }

        // A plan in one country has of what it requires what its country's file says came into it.
        var into = told[1].GroupBy(flow => (string)flow["id"]!).Select(same => new Told(same.Last())).Where(flow => flow is { IsSingle: true, IsPledge: false, Plan: "929" } && flow.FromPlan != "929").Sum(flow => flow.Usd);
        plans = (await server.FtsAsync("2/fts/flow/plan/overview/progress/2020")).GetProperty("plans").EnumerateArray().ToDictionary(plan => plan.Whole("id"));
        Assert.Equal((into, Math.Round(into / 1_131_050_820m * 100, 2)), (plans[929].GetProperty("funding").Number("totalFunding"), plans[929].GetProperty("funding").Number("progress")));
    }

    private Task<JsonElement> SnapshotAsync(int place, List<JsonObject> flows) => server.Editor.FlowsAsync($"format=fts-json&dataset=fts:{Places[place]}:2020", "application/json",
        new JsonObject { ["data"] = new JsonObject { ["flows"] = new JsonArray([.. flows.Select(flow => flow.DeepClone())]) }, ["meta"] = new JsonObject { ["count"] = flows.Count } }.ToJsonString());

    private async Task<decimal> FundingAsync(int place, string total) =>
        (await server.FtsAsync($"1/public/fts/flow?locationid={place}&year=2020&limit=1")).GetProperty("incoming").Number(total);

    private async Task AssertComesBackAsync(int place, List<JsonObject> flows)
    {
        var all = flows.GroupBy(flow => (string)flow["id"]!).Select(same => new Told(same.Last())).ToList();
        var incoming = all.FindAll(flow => flow is { IsIncoming: true, IsSingle: true });
        var funding = incoming.FindAll(flow => !flow.IsPledge);
        Assert.Equal((funding.Sum(flow => flow.Usd), incoming.Where(flow => flow.IsPledge).Sum(flow => flow.Usd)), (await FundingAsync(place, "fundingTotal"), await FundingAsync(place, "pledgeTotal")));

        var trend = (await server.FtsAsync($"2/country/{place}/summary/trends/2020")).EnumerateArray().Last();
        Assert.Equal((2020, funding.Sum(flow => flow.Usd)), (trend.Whole("year"), trend.Number("totalFunding")));

        var query = $"locationid={place}&year=2020";
        Assert.Equal(Sums(funding, flow => flow.Location), (await server.ReportAsync($"{query}&groupby=location")).Parts());
        Assert.Equal(Sums(funding, flow => flow.Year), (await server.ReportAsync($"{query}&groupby=year&report=3")).Parts());
        // An organization is known here by an id of ours: its name tells which one it is.
        var organizations = (await server.ReportAsync($"{query}&groupby=organization")).GetProperty("fundingTotals").GetProperty("objects")[0].GetProperty("objectsBreakdown").EnumerateArray()
            .Where(part => part.Number("totalFunding") != 0).ToDictionary(part => part.Text("name")!, part => part.Number("totalFunding"));
        Assert.Equal(Sums(funding, flow => flow.Organization), organizations);
        // What comes into a plan from outside of it, over the boundary of the place or not.
        foreach (var plan in all.FindAll(flow => flow is { IsSingle: true, IsPledge: false, Plan.Length: > 0 } && flow.Plan != flow.FromPlan).GroupBy(flow => flow.Plan))
        {
            Assert.Equal(plan.Sum(flow => flow.Usd), (await server.ReportAsync($"planid={plan.Key}&locationid={place}&groupby=plan")).Parts().GetValueOrDefault(plan.Key));
        }

        // Page by page each flow as it was told last, once.
        var shown = (await server.PagesAsync($"{query}&limit=100")).ToDictionary(flow => flow.Text("id")!);
        Assert.Equal(all.Select(flow => flow.Id).Order(StringComparer.Ordinal), shown.Keys.Order(StringComparer.Ordinal));
        Assert.All(all, flow => Assert.Equal((flow.Status, flow.Usd, flow.Boundary, flow.IsSingle ? "single" : "shared"),
            (shown[flow.Id].Text("status"), shown[flow.Id].Number("amountUSD"), shown[flow.Id].Text("boundary"), shown[flow.Id].Text("onBoundary"))));
    }

    private static Dictionary<string, decimal> Sums(List<Told> flows, Func<Told, string> by) => flows.GroupBy(by).Select(of => (of.Key, Usd: of.Sum(flow => flow.Usd))).Where(of => of.Usd != 0).ToDictionary();

    // Some are gone, some come to other amounts, some moved on or went back; new ones come.
    private static List<JsonObject> Altered(List<JsonObject> flows)
    {
        List<JsonObject> altered = [];
        foreach (var flow in flows)
        {
            var next = flow.DeepClone().AsObject();
            // Whoever tells a flow tells it alike.
            var random = new Random(int.Parse((string)flow["id"]!, CultureInfo.InvariantCulture));
            switch (random.Next(12))
            {
                case 0:
                    continue;
                case 1:
                    next["amountUSD"] = (decimal)next["amountUSD"]! + random.Next(1, 5000);
                    next["originalAmount"] = null;
                    next["originalCurrency"] = null;
                    break;
                case 2:
                    next["status"] = (string)next["status"]! switch { "pledge" => "commitment", "commitment" => "paid", _ => "commitment" };
                    break;
                case 3:
                    next["status"] = "pledge";
                    break;
                case 4:
                    var come = next.DeepClone().AsObject();
                    come["id"] = "9" + (string)next["id"]!;
                    altered.Add(come);
                    break;
            }

            altered.Add(next);
        }

        return altered;
    }

    private sealed record Told(JsonObject Flow)
    {
        public string Id => (string)Flow["id"]!;
        public string Status => (string)Flow["status"]!;
        public string Boundary => (string)Flow["boundary"]!;
        public bool IsPledge => Status == "pledge";
        public bool IsIncoming => Boundary == "incoming";
        public bool IsSingle => (string)Flow["onBoundary"]! == "single";
        public decimal Usd => (decimal)Flow["amountUSD"]!;
        public string Location => Of("destinationObjects", "Location", "id");
        public string Year => Of("destinationObjects", "UsageYear", "id");
        public string Plan => Of("destinationObjects", "Plan", "id");
        public string FromPlan => Of("sourceObjects", "Plan", "id");
        public string Organization => Of("destinationObjects", "Organization", "name") is { Length: > 0 } name ? name : "Not specified";

        private string Of(string side, string type, string member) =>
            Flow[side]!.AsArray().Where(of => (string)of!["type"]! == type).Select(of => (string)of![member]!).ToList() is [var only] ? only : "";
    }
}

/// <summary>The same of every country. Whoever is told in several spellings is one here, called as the first said: so this has a ledger of its own.</summary>
public sealed class FtsWorldRoundTripTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_month_of_the_world_comes_back_country_by_country()
    {
        var world = await server.Editor.FlowsAsync("format=fts-csv&dataset=fts:global:2026", Importing.Csv, Published.Read("hdx-csv", "global_2026-02_incoming_hxl.csv"));
        var published = world.GetProperty("totals").GetProperty("countries").EnumerateArray().Where(country => country.Number("fundingUsd") != 0).ToDictionary(country => country.Text("country")!, country => country.Number("fundingUsd"));
        Assert.Equal((121, 22_293_320m, 174_474_787m), (published.Count, published["IRQ"], published["SYR"]));
        var numbers = (await server.FtsAsync("1/public/location")).EnumerateArray().ToDictionary(place => place.Text("iso3")!, place => place.GetProperty("id").ToString());
        var parts = (await server.ReportAsync("year=2026&groupby=location")).Parts();
        Assert.All(published, country => Assert.Equal((country.Key, country.Value), (country.Key, parts[numbers[country.Key]])));
    }
}
