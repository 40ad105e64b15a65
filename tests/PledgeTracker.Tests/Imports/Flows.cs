using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Tests.Imports;

/// <summary>A flow as a test has it told; <see cref="ToJson"/> is how the Financial Tracking Service's API tells it.</summary>
internal sealed record ToldFlow(string Id, string Status, decimal Usd)
{
    public string Donor { get; init; } = "Norway, Government of";
    public string? Recipient { get; init; } = "World Food Programme";
    public string? Plan { get; init; }
    public string? FromPlan { get; init; }
    public string[] Countries { get; init; } = ["Jordan"];
    public int[] Years { get; init; } = [2026];
    public decimal? Original { get; init; }
    public string? Currency { get; init; }
    public string Boundary { get; init; } = "incoming";
    public string OnBoundary { get; init; } = "single";
    public string Date { get; init; } = "2026-03-02";
    public string? Reference { get; init; }
    public string? Description { get; init; }
    public string? Parent { get; init; }
    public string ContributionType { get; init; } = "financial";

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["amountUSD"] = Usd,
        ["budgetYear"] = null,
        ["childFlowIds"] = null,
        ["contributionType"] = ContributionType,
        ["date"] = Date + "T00:00:00Z",
        ["decisionDate"] = null,
        ["description"] = Description ?? $"Flow {Id}",
        ["exchangeRate"] = null,
        ["firstReportedDate"] = Date + "T00:00:00Z",
        ["flowType"] = Parent is null ? "Standard" : "Parked",
        ["keywords"] = null,
        ["newMoney"] = true,
        ["originalAmount"] = Original,
        ["originalCurrency"] = Currency,
        ["method"] = "Traditional aid",
        ["parentFlowId"] = Parent is null ? null : int.Parse(Parent, CultureInfo.InvariantCulture),
        ["status"] = Status,
        ["sourceObjects"] = new JsonArray([Object("Organization", Donor, types: "Government"), .. FromPlan is null ? [] : new[] { Object("Plan", "Plan " + FromPlan, FromPlan) }]),
        ["destinationObjects"] = new JsonArray(
        [
            .. Recipient is null ? [] : new[] { Object("Organization", Recipient, types: "UN agency") },
            .. Plan is null ? [] : new[] { Object("Plan", "Plan " + Plan, Plan) },
            .. Countries.Select(country => Object("Location", country)), .. Years.Select(year => Object("UsageYear", year.ToString(CultureInfo.InvariantCulture))),
        ]),
        ["boundary"] = Boundary,
        ["onBoundary"] = OnBoundary,
        ["refCode"] = Reference,
    };

    private static JsonObject Object(string type, string name, string id = "7", string? types = null)
    {
        var made = new JsonObject { ["type"] = type, ["id"] = id, ["name"] = name, ["behavior"] = "single" };
        if (types is not null)
        {
            made["organizationTypes"] = new JsonArray(types);
        }

        return made;
    }
}

/// <summary>How tests import flows.</summary>
internal static class Flows
{
    /// <summary>A page with these flows.</summary>
    /// <param name="count">How many there are in all, where that is another number.</param>
    public static string Page(IEnumerable<ToldFlow> flows, int? count = null, string? nextLink = null)
    {
        var list = flows.Select(flow => (JsonNode)flow.ToJson()).ToArray();
        var meta = new JsonObject { ["language"] = "en", ["count"] = count ?? list.Length };
        if (nextLink is not null)
        {
            meta["nextLink"] = nextLink;
        }

        return new JsonObject { ["status"] = "ok", ["data"] = new JsonObject { ["incoming"] = new JsonObject { ["flowCount"] = list.Length }, ["flows"] = new JsonArray(list) }, ["meta"] = meta }.ToJsonString();
    }

    /// <summary>Imports a whole snapshot of a dataset, which is taken; the import as it is then.</summary>
    public static Task<JsonElement> SnapshotAsync(this HttpClient client, string dataset, params IEnumerable<ToldFlow> flows) => client.FlowsAsync($"format=fts-json&dataset={dataset}", "application/json", Page(flows));

    public static async Task<JsonElement> FlowsAsync(this HttpClient client, string query, string mediaType, params string[] files)
    {
        using var form = Importing.Form(null, [.. files.Select((file, i) => ($"{i + 1}.{(mediaType == Importing.Csv ? "csv" : "json")}", Encoding.UTF8.GetBytes(file)))]);
        var reply = await client.ImportAsync(query, form);
        Assert.True(reply.Status == HttpStatusCode.Accepted, $"{(int)reply.Status} {reply.Text}");
        var import = await client.OverAsync(reply.Body.Id());
        Assert.True(import.Text("state") is "done" or "checked", $"{import} {(import.Text("state") == "refused" ? (await client.ReadAsync($"/v1/imports/{import.Id()}/rows?outcome=refused")).Text : "")}");
        return import;
    }

    /// <summary>What an import changed: what happened to each flow, and the dollars before and after.</summary>
    public static async Task<List<string>> DifferencesAsync(this HttpClient client, JsonElement import) =>
        [.. (await client.RowsAsync(import.Id())).Where(row => row.GetProperty("difference").ValueKind != JsonValueKind.Null)
            .Select(row => (Key: row.Text("key"), Of: row.GetProperty("difference")))
            .Select(row => string.Join(' ', new[] { row.Key, row.Of.Text("kind"), row.Of.Text("beforeStatus"), Number(row.Of, "beforeUsd"), row.Of.Text("afterStatus"), Number(row.Of, "afterUsd") }.Where(word => word is { Length: > 0 })))
            .Order(StringComparer.Ordinal)];

    private static string Number(JsonElement of, string name) => of.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : "";
}
