using System.Globalization;
using System.Text.Json;
using Microsoft.VisualBasic.FileIO;

namespace PledgeTracker.Tests.Contract;

/// <summary>
/// Two hundred hard rows of a month that UN OCHA's Financial Tracking Service published, sent as a reader of the file would enter them. The file is not ours to keep here:
/// <c>PLEDGETRACKER_DATA</c> names its folder, else <c>../shared/data</c> beside the repository.
/// </summary>
public sealed class RealFlowsTests(WriteServer server) : IClassFixture<WriteServer>
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("PLEDGETRACKER_DATA") ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data"));

    /// <summary>Flows that are refused as they stand, and why a reader of the file would not wonder. Without that they are taken.</summary>
    private static readonly Dictionary<string, string> Refusable = new()
    {
        ["343727"] = "Send a text without the control character U+0002.",
    };

    private static readonly Dictionary<string, string> Types = new()
    {
        ["Governments"] = "10",
        ["NGOs"] = "21",
        ["Multilateral Organizations"] = "40",
        ["Red Cross/Red Crescent Organizations"] = "90",
        ["Private Organizations"] = "70",
        ["Pooled Funds"] = "pooled_fund",
        ["Other"] = "90",
        [""] = "90",
    };

    // What is null is not sent.
    private static readonly JsonSerializerOptions Sent = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private readonly Dictionary<string, string> _made = [];

    [Fact]
    public async Task Hard_flows_of_a_published_month_are_taken_and_come_to_the_publishers_totals()
    {
        var file = Path.Combine(Folder, "fts", "hdx-csv", "global_2026-02_incoming_hxl.csv");
        Assert.SkipUnless(File.Exists(file), $"There is no {file}: PLEDGETRACKER_DATA names the folder of the published files.");
        var flows = Chosen(Read(file));
        Assert.Equal(200, flows.Count);
        List<string> refused = [];
        foreach (var flow in flows)
        {
            var reply = await SendAsync(flow);
            if (Refusable.TryGetValue(flow["id"], out var reason) && reply.Text.Contains(reason, StringComparison.Ordinal))
            {
                flow.Fields["description"] = string.Concat(flow["description"].Where(c => c is '\n' or '\t' || !char.IsControl(c)));
                reply = await SendAsync(flow);
            }

            if (reply.Status != System.Net.HttpStatusCode.Created)
            {
                refused.Add($"{flow["id"]} {(int)reply.Status} {reply.Text}");
            }
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused));

        // As the entries say it, and as the figures of their donors do.
        var contributions = await server.WalkAsync("/v1/contributions?externalSystem=fts", 100);
        Assert.Equal(flows.Count(f => !f.IsPledge), contributions.Count);
        decimal Entered(string stage) => contributions.Where(c => (c.Text("adjusts") ?? c.Text("stage")) == stage).Sum(c => c.Number("amountUsd"));
        var donors = (await server.WalkAsync("/v1/donors", 100)).ConvertAll(d => d.GetProperty("figures"));
        decimal Figure(string name) => donors.Sum(f => f.Number(name));
        var adjustedPledges = donors.Sum(f => f.GetProperty("adjustments").Number("pledged"));
        Assert.Equal(Published("pledge"), Figure("pledged") + adjustedPledges);
        Assert.Equal(Entered("pledge"), adjustedPledges);
        Assert.Equal(Published("commitment"), Entered("commitment"));
        Assert.Equal(Published("commitment"), Figure("committed") - Figure("paid"));
        Assert.Equal(Published("paid"), Entered("payment"));
        Assert.Equal(Published("paid"), Figure("paid"));
        Assert.Equal(flows.Count(f => f.IsPledge), (await server.WalkAsync("/v1/pledges?externalSystem=FTS", 100)).Count);

        decimal Published(string status) => flows.Where(f => f["status"] == status).Sum(f => f.Usd);
    }

    private async Task<Reply> SendAsync(Flow flow)
    {
        var (path, body) = await RequestAsync(flow);
        return await server.Editor.SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body, Sent));
    }

    private async Task<(string Path, object Body)> RequestAsync(Flow flow)
    {
        var donor = await OrganizationAsync(flow["srcOrganization"], flow["srcOrganizationTypes"]);
        var recipient = flow["destOrganization"] == "" ? null : await OrganizationAsync(flow["destOrganization"], flow["destOrganizationTypes"].Split(',')[0]);
        var fund = flow["destPlan"] == "" ? null : await FundAsync(flow);
        string[] countries = flow["destLocations"].Split(',', StringSplitOptions.RemoveEmptyEntries);
        var years = Enumerable.Range(flow.Year("destUsageYearStart"), flow.Year("destUsageYearEnd") - flow.Year("destUsageYearStart") + 1).ToArray();
        var instrument = flow["contributionType"] == "in kind" ? "in_kind" : "unspecified";
        var (currency, amount) = flow["originalCurrency"] == "" ? ("USD", flow.Usd) : (flow["originalCurrency"], decimal.Parse(flow["originalAmount"], CultureInfo.InvariantCulture));
        decimal? usd = currency == "USD" ? null : flow.Usd;
        bool? shared = flow["onBoundary"] == "shared" ? true : null;
        var (date, description) = (flow["date"], new { en = flow["description"] });
        var (system, id, reference) = ("FTS", flow["id"], flow["refCode"] is "" ? null : flow["refCode"]);
        if (flow.Usd <= 0 || amount <= 0)
        {
            return ("/v1/adjustments", new
            {
                adjusts = flow["status"] == "paid" ? "payment" : flow["status"], amount, currency, amountUsd = usd, date, donorId = donor, fundId = fund, recipientId = recipient, instrument,
                countries, shared, usageYears = years, description, externalSystem = system, externalId = id, reference,
            });
        }

        return flow.IsPledge
            ? ("/v1/pledges", new
            {
                donors = new[] { new { donorId = donor, amount, amountUsd = usd } }, currency, announcedOn = date, fundId = fund, recipientId = recipient, instrument,
                countries, shared, usageYears = years, description, externalSystem = system, externalId = id,
            })
            : ("/v1/contributions", new
            {
                donorId = donor, fundId = fund, recipientId = recipient, stage = flow["status"] == "paid" ? "payment" : "commitment", amount, currency, amountUsd = usd, date, instrument,
                countries, shared, usageYears = years, description, externalSystem = system, externalId = id, reference,
            });
    }

    private async Task<string> OrganizationAsync(string name, string type)
    {
        if (!_made.TryGetValue(name, out var id))
        {
            _made[name] = id = server.NewId("organization");
            await server.Editor.RecordAsync("/v1/organizations", new { id, name = new { en = name }, type = Types[type] });
        }

        return id;
    }

    private async Task<string> FundAsync(Flow flow)
    {
        var id = "plan-" + flow["destPlanId"];
        if (_made.TryAdd(id, id))
        {
            await server.Editor.RecordAsync("/v1/funds", new { id, name = new { en = flow["destPlan"] }, kind = "appeal" });
        }

        return id;
    }

    /// <summary>The hardest of each kind; a flow that stands in several rows is one.</summary>
    private static List<Flow> Chosen(List<Flow> all)
    {
        var flows = all.DistinctBy(f => f["id"]).OrderBy(f => f["id"], StringComparer.Ordinal).ToList();
        IEnumerable<Flow>[] hardest =
        [
            flows.Where(f => f.Usd < 0), flows.Where(f => f["originalCurrency"] != "").GroupBy(f => f["originalCurrency"]).SelectMany(g => g.Take(2)),
            flows.Where(f => f.Usd > 0 && f["originalAmount"].StartsWith('-') | f["originalAmount"] == "0").Take(10), flows.Where(f => f.Usd == 0 && f["originalAmount"] is not ("0" or "")),
            flows.Where(f => f.Usd == 0).Take(15), flows.Where(f => f.Usd > 0).OrderBy(f => f.Usd).Take(20), flows.OrderByDescending(f => f.Usd).Take(20),
            flows.OrderBy(f => f["date"], StringComparer.Ordinal).Take(15), flows.OrderByDescending(f => f["description"].Length).Take(20),
            flows.Where(f => f["onBoundary"] == "shared").OrderByDescending(f => f["destLocations"].Length).Take(15), flows.Where(f => f["onBoundary"] == "shared" && f["destLocations"].Length == 3).Take(5),
            flows.Where(f => f["destPlan"] == "" && f["destOrganization"] == "").Take(10), flows.Where(f => f.IsPledge).Take(20),
            flows.OrderByDescending(f => f.Year("destUsageYearEnd") - f.Year("destUsageYearStart")).Take(10), flows.OrderByDescending(f => f["refCode"].Length).Take(5), flows,
        ];
        return [.. hardest.SelectMany(f => f).DistinctBy(f => f["id"]).Take(200)];
    }

    private static List<Flow> Read(string file)
    {
        using var parser = new TextFieldParser(file) { TextFieldType = FieldType.Delimited, Delimiters = [","], TrimWhiteSpace = false };
        var names = parser.ReadFields()!;
        // The second row says by HXL tags what the first says in words.
        parser.ReadFields();
        var flows = new List<Flow>();
        while (parser.ReadFields() is { } fields)
        {
            flows.Add(new(names.Zip(fields).ToDictionary(f => f.First, f => f.Second)));
        }

        return flows;
    }

    private sealed record Flow(Dictionary<string, string> Fields)
    {
        public string this[string name] => Fields[name];

        public decimal Usd => decimal.Parse(this["amountUSD"], CultureInfo.InvariantCulture);

        // One that is negative or nothing is a correction of one.
        public bool IsPledge => this["status"] == "pledge" && Usd > 0 && !(this["originalAmount"].StartsWith('-') || this["originalAmount"] == "0");

        public int Year(string name) => int.Parse(this[name], CultureInfo.InvariantCulture);
    }
}
