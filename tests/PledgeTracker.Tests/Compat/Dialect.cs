using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests.Compat;

/// <summary>How tests ask as the clients of the Financial Tracking Service do: they put the rest of an address behind a base that ends in `v`, and expect `status` to be `ok`.</summary>
internal static class Dialect
{
    public const string Base = "/compat/fts/v";

    public static async Task<JsonElement> FtsAsync(this TestServer server, string rest)
    {
        var answer = await server.GetAsync(Base + rest);
        Assert.Equal("ok", answer.Text("status"));
        return answer.GetProperty("data");
    }

    /// <summary>The third report of a grouped question.</summary>
    public static async Task<JsonElement> ReportAsync(this TestServer server, string query) => (await server.FtsAsync($"1/fts/flow/custom-search?{query}")).GetProperty("report3");

    /// <summary>What is single of each thing that a report groups by; the key is its number, or nothing where it is not specified.</summary>
    public static Dictionary<string, decimal> Parts(this JsonElement report, string totals = "fundingTotals") =>
        report.GetProperty(totals).GetProperty("objects").EnumerateArray().SelectMany(of => of.GetProperty("objectsBreakdown").EnumerateArray()).Where(part => part.Number("totalFunding") != 0)
            .ToDictionary(part => part.Text("id") ?? "", part => part.Number("totalFunding"));

    /// <summary>The flows of all pages, by way of the links to the next.</summary>
    public static async Task<List<JsonElement>> PagesAsync(this TestServer server, string query)
    {
        var flows = new List<JsonElement>();
        for (var next = $"{Base}1/fts/flow/custom-search?{query}"; ;)
        {
            var answer = await server.GetAsync(next);
            flows.AddRange(answer.GetProperty("data").GetProperty("flows").EnumerateArray());
            if (!answer.GetProperty("meta").TryGetProperty("nextLink", out var link))
            {
                Assert.Equal(flows.Count, answer.GetProperty("meta").GetProperty("count").GetInt32());
                return flows;
            }

            var address = new Uri(link.GetString()!, UriKind.Absolute);
            next = address.PathAndQuery;
        }
    }

    public static int Whole(this JsonElement of, string name) => int.Parse(of.GetProperty(name).ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
}
