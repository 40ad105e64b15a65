using System.Globalization;

namespace PledgeTracker.Tests.Imports;

/// <summary>
/// Whatever snapshots come after one another, the ledger ends at what the publisher counts in the last one. More sequences: <c>PLEDGETRACKER_SEQUENCES=500</c>; others: <c>PLEDGETRACKER_SEQUENCES_SEED</c>.
/// </summary>
public sealed class FlowSequenceTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const int Flows = 6, Snapshots = 6;

    private readonly int _sequences = Setting("PLEDGETRACKER_SEQUENCES", 10);
    private readonly int _seed = Setting("PLEDGETRACKER_SEQUENCES_SEED", 20261127);

    [Fact]
    public async Task Any_sequence_of_snapshots_ends_at_the_publishers_totals_of_the_last()
    {
        for (var i = 0; i < _sequences; i++)
        {
            await PlayAsync(new Random(_seed + i), i, $"seed {_seed + i}");
        }
    }

    [Fact]
    public async Task Money_that_several_datasets_tell_counts_once_for_as_long_as_one_of_them_tells_it()
    {
        for (var i = 0; i < _sequences; i++)
        {
            var random = new Random(_seed + 7777 + i);
            var (plan, datasets) = ((8000 + i).ToString(CultureInfo.InvariantCulture), new[] { $"fts:ONE:{i}", $"fts:TWO:{i}" });
            var told = Enumerable.Range(0, Flows).Select(f => Any(random, (3_000_000 + (i * 100) + f).ToString(CultureInfo.InvariantCulture), plan)).ToArray();
            for (var snapshot = 0; snapshot < Snapshots; snapshot++)
            {
                var all = new HashSet<ToldFlow>();
                foreach (var dataset in datasets)
                {
                    var flows = told.Where((_, f) => f == 0 || random.Next(3) > 0).ToList();
                    await server.Editor.SnapshotAsync(dataset, flows);
                    all.UnionWith(flows);
                }

                var counted = all.Where(f => f is { Boundary: "incoming", Status: not "pledge" }).ToList();
                var figures = await server.FiguresAsync($"/v1/funds/fts-plan-{plan}");
                Assert.True((counted.Sum(f => f.Usd), counted.Where(f => f.Status == "paid").Sum(f => f.Usd)) == (figures.Committed, figures.Paid), $"seed {_seed + 7777 + i}, snapshot {snapshot}: {figures}; {string.Join("; ", all)}");
                told = [.. told.Select(f => random.Next(2) == 0 ? f : Changed(random, f, plan))];
            }
        }
    }

    private async Task PlayAsync(Random random, int sequence, string name)
    {
        var (plan, dataset) = ((5000 + sequence).ToString(CultureInfo.InvariantCulture), $"fts:SEQ:{sequence}");
        var told = Enumerable.Range(0, Flows).Select(i => Any(random, (1_000_000 + (sequence * 100) + i).ToString(CultureInfo.InvariantCulture), plan)).ToArray();
        for (var snapshot = 0; snapshot < Snapshots; snapshot++)
        {
            // One stays, so that there is always something to tell.
            var flows = told.Where((_, i) => i == 0 || random.Next(5) > 0).ToList();
            var import = await server.Editor.SnapshotAsync(dataset, flows);
            var where = $"{name}, snapshot {snapshot}: {string.Join("; ", flows)}";
            Assert.True(import.Count("refused") == 0, where);
            var counted = flows.FindAll(f => f is { Boundary: "incoming", Status: not "pledge" });
            var figures = await server.FiguresAsync($"/v1/funds/fts-plan-{plan}");
            Assert.True(counted.Sum(f => f.Usd) == figures.Committed, $"{where}: committed {figures.Committed}");
            Assert.True(counted.Where(f => f.Status == "paid").Sum(f => f.Usd) == figures.Paid, $"{where}: paid {figures.Paid}");
            var rows = (await server.GetAsync($"/v1/summary?groupBy=country&fund=fts-plan-{plan}&limit=500")).GetProperty("rows").EnumerateArray().ToDictionary(row => row.Text("key") ?? row.Text("kind")!, row => row.GetProperty("figures").Number("committed"));
            foreach (var (country, code) in new[] { ("Jordan", "JOR"), ("Iraq", "IRQ") })
            {
                var single = counted.Where(f => f.OnBoundary == "single" && f.Countries.SequenceEqual([country])).Sum(f => f.Usd);
                Assert.True(single == rows.GetValueOrDefault(code), $"{where}: {code} {rows.GetValueOrDefault(code)}");
                var total = import.GetProperty("totals").GetProperty("countries").EnumerateArray().Where(c => c.Text("country") == code).Select(c => c.Number("fundingUsd")).FirstOrDefault();
                Assert.True(single == total, $"{where}: {code} by the publisher {total}");
            }

            // As the publisher's own clients ask for the plan: what comes into it from outside, over the boundary of the place or not.
            var byPlan = flows.FindAll(f => f.OnBoundary == "single" && f.Plan == plan && f.FromPlan != plan);
            var dialect = (await server.GetAsync($"/compat/fts/v1/public/fts/flow?planid={plan}")).GetProperty("data").GetProperty("incoming");
            Assert.True((byPlan.Where(f => f.Status != "pledge").Sum(f => f.Usd), byPlan.Where(f => f.Status == "pledge").Sum(f => f.Usd)) == (dialect.Number("fundingTotal"), dialect.Number("pledgeTotal")), $"{where}: in its own dialect {dialect}");

            var version = await server.VersionAsync();
            await server.Editor.SnapshotAsync(dataset, flows);
            Assert.True(version == await server.VersionAsync(), $"{where}: the same again changed something");
            told = [.. told.Select(f => random.Next(2) == 0 ? f : Changed(random, f, plan))];
        }
    }

    private static ToldFlow Any(Random random, string id, string plan)
    {
        var (countries, shared) = random.Next(4) switch { 0 => ((string[])["Jordan"], false), 1 => (["Iraq"], false), 2 => (["Jordan", "Iraq"], true), _ => (["Jordan"], random.Next(3) == 0) };
        var usd = (decimal)(random.Next(6) switch { 0 => 0, 1 => -15, _ => 10 * random.Next(1, 9) });
        var (original, currency) = random.Next(4) switch { 0 => (usd * 2, "EUR"), 1 => (usd * 150.5m, "JPY"), 2 => (0m, "GBP"), _ => ((decimal?)null, (string?)null) };
        return new ToldFlow(id, ((string[])["pledge", "commitment", "paid"])[random.Next(3)], usd)
        {
            Plan = plan,
            Donor = random.Next(2) == 0 ? "Norway, Government of" : "Sweden, Government of",
            Recipient = random.Next(3) switch { 0 => null, 1 => "World Food Programme", _ => "UNICEF" },
            Countries = countries,
            OnBoundary = shared ? "shared" : "single",
            Boundary = random.Next(6) == 0 ? "internal" : "incoming",
            Years = random.Next(3) == 0 ? [2025, 2026] : [2026],
            Original = original,
            Currency = currency,
            Date = random.Next(4) == 0 ? "2099-01-01" : random.Next(2) == 0 ? "2026-02-03" : "2026-04-05",
        };
    }

    // In one thing or in several.
    private static ToldFlow Changed(Random random, ToldFlow flow, string plan)
    {
        var other = Any(random, flow.Id, plan);
        return random.Next(8) switch
        {
            0 => other,
            1 => flow with { Status = other.Status },
            2 => flow with { Usd = other.Usd },
            3 => flow with { Usd = other.Usd, Status = other.Status },
            4 => flow with { Original = other.Original, Currency = other.Currency },
            5 => flow with { Countries = other.Countries, OnBoundary = other.OnBoundary },
            6 => flow with { Boundary = other.Boundary, Date = other.Date },
            _ => flow with { Donor = other.Donor, Recipient = other.Recipient, Years = other.Years },
        };
    }

    private static int Setting(string name, int standard) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : standard;
}
