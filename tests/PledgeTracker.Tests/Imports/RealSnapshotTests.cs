using System.Text.Json;

namespace PledgeTracker.Tests.Imports;

/// <summary>
/// What UN OCHA's Financial Tracking Service published, imported whole: the totals are its own. Where the files are, <see cref="Published"/> says.
/// </summary>
public sealed class RealSnapshotTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task Two_countries_come_to_their_published_totals_from_either_format_and_plans_to_their_progress()
    {
        var stood = await CommittedAsync();
        var jordan = await server.Editor.FlowsAsync("format=fts-json&dataset=fts:JOR:2020", "application/json", [.. Published.Pages(114)]);
        Assert.Equal((478, 478, 714_246_261m, 81_128m), (jordan.Count("read"), jordan.Count("created"), Total(jordan, "fundingUsd"), Total(jordan, "pledgedUsd")));
        Assert.Equal((18_604_280m, 597_249_843m), (Plan(jordan, "1010").Number("fundingUsd"), Plan(jordan, "943").Number("fundingUsd")));
        Assert.Equal(714_246_261m, (await CommittedAsync())["JOR"] - stood.GetValueOrDefault("JOR"));

        var plans = await server.Editor.FlowsAsync("format=fts-json&dataset=fts:plans:2020", "application/json", Published.Read("api-json", "2-fts-flow-plan-overview-progress-2020.json"));
        Assert.Equal((11, 11), (plans.Count("read"), plans.Count("created")));
        var afghanistan = await server.Editor.FlowsAsync("format=fts-json&dataset=fts:AFG:2020", "application/json", [.. Published.Pages(1)]);
        Assert.Equal((484, 725_591_299m, 0m), (afghanistan.Count("read"), Total(afghanistan, "fundingUsd"), Total(afghanistan, "pledgedUsd")));
        Assert.Equal((564_467_765m, 1_131_050_820m, 0.4991m), (Plan(afghanistan, "929").Number("fundingUsd"), Plan(afghanistan, "929").Number("requirementsUsd"), Plan(afghanistan, "929").Number("progress")));
        Assert.Equal(725_591_299m, (await CommittedAsync())["AFG"] - stood.GetValueOrDefault("AFG"));
        var requirement = Assert.Single((await server.GetAsync("/v1/requirements?fund=fts-plan-929&current=true")).GetProperty("data").EnumerateArray());
        Assert.Equal(("revised", "2020-01-01", "2020-12-31", "2021-01-15"), (requirement.Text("kind"), requirement.Text("periodStart"), requirement.Text("periodEnd"), requirement.Text("statedOn")));
        Assert.Equal(2, (await server.GetAsync("/v1/requirements?fund=fts-plan-929")).GetProperty("data").GetArrayLength());

        // The same as CSV: with HXL tags and without, nothing is new.
        var before = await server.VersionAsync();
        foreach (var (file, dataset, rows) in new[] { ("jor_incoming_hxl.csv", "fts:JOR:2020", 440), ("jor_incoming_plain.csv", "fts:JOR:2020", 440), ("afg_incoming_hxl.csv", "fts:AFG:2020", 328), ("afg_incoming_plain.csv", "fts:AFG:2020", 328) })
        {
            var csv = await server.Editor.FlowsAsync($"format=fts-csv&dataset={dataset}&complete=false", Importing.Csv, Published.Read("hdx-csv", file));
            Assert.Equal((rows, rows), (csv.Count("read"), csv.Count("unchanged")));
            Assert.Equal(dataset == "fts:JOR:2020" ? 714_246_261m : 725_591_299m, Total(csv, "fundingUsd"));
        }

        Assert.Equal(before, await server.VersionAsync());
        var requirements = await server.Editor.FlowsAsync("format=requirements", Importing.Csv, Published.Read("hdx-csv", "afg_requirements.csv"));
        Assert.Equal((1, 1), (requirements.Count("read"), requirements.Count("unchanged")));
        Assert.Equal(before, await server.VersionAsync());
        requirements = await server.Editor.FlowsAsync("format=requirements", Importing.Csv, Published.Read("hdx-csv", "jor_requirements.csv"));
        Assert.Equal(1, requirements.Count("read"));
    }

    [Fact]
    public async Task A_month_of_the_world_comes_to_its_published_totals_by_country()
    {
        var file = Published.Read("hdx-csv", "global_2026-02_incoming_hxl.csv");
        var stood = await CommittedAsync();
        var world = await server.Editor.FlowsAsync("format=fts-csv&dataset=fts:global:2026-02", Importing.Csv, file);
        Assert.Equal((4_947, 4_673, 274, 0), (world.Count("read"), world.Count("created"), world.Count("repeated"), world.Count("refused")));
        Assert.Equal((2_992_747_568m, 1_858_311_646m), (Total(world, "fundingUsd"), Total(world, "pledgedUsd")));
        var published = world.GetProperty("totals").GetProperty("countries").EnumerateArray().Where(c => c.Number("fundingUsd") != 0).ToDictionary(c => c.Text("country")!, c => c.Number("fundingUsd"));
        Assert.Equal(121, published.Count);
        Assert.Equal((22_293_320m, 174_474_787m, 410_617_358m), (published["IRQ"], published["SYR"], published["SDN"]));

        var again = await server.Editor.FlowsAsync("format=fts-csv&dataset=fts:global:2026-02", Importing.Csv, file);
        Assert.Equal((4_673, 0), (again.Count("unchanged"), again.Count("changed")));

        // As a reader of summaries has it.
        var stands = await CommittedAsync();
        Assert.All(published, country => Assert.Equal((country.Key, country.Value), (country.Key, stands[country.Key] - stood.GetValueOrDefault(country.Key))));
    }

    private static decimal Total(JsonElement import, string name) => import.GetProperty("totals").Number(name);

    private static JsonElement Plan(JsonElement import, string id) => import.GetProperty("totals").GetProperty("plans").EnumerateArray().Single(plan => plan.Text("fundId") == $"fts-plan-{id}");

    private async Task<Dictionary<string, decimal>> CommittedAsync() => (await server.GetAsync("/v1/summary?groupBy=country&limit=500")).GetProperty("rows").EnumerateArray()
        .Where(row => row.Text("kind") == "item").ToDictionary(row => row.Text("key")!, row => row.GetProperty("figures").Number("committed"));
}
