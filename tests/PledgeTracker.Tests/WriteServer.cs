using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests;

/// <summary>The figures of a resource, in US dollars.</summary>
internal readonly record struct Dollars(decimal Pledged, decimal Withdrawn, decimal Committed, decimal Paid, decimal Outstanding);

/// <summary>
/// A server for tests that write, empty but for one source. Each test makes the organizations and funds it needs, so that tests of a class
/// share the server without seeing each other. When the class is done, everything derived must still follow from the ledger.
/// </summary>
public class WriteServer : TestServer
{
    public const string Source = "press-note";

    private int _made;

    public WriteServer()
    {
        Seed = "none";
        Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    }

    public HttpClient Editor { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Editor = await this.ClientAsync("editor");
        Admin = await this.ClientAsync("admin");
        await Editor.RecordAsync("/v1/sources", $$"""
            { "id": "{{Source}}", "title": { "en": "Press note" }, "language": "en", "publishedOn": "2026-01-02", "reliability": "primary" }
            """);
    }

    public override async ValueTask DisposeAsync()
    {
        await AssertCleanAsync();
        Editor.Dispose();
        Admin.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An id that no other test of the class has.</summary>
    public string NewId(string what) => $"{what}-{Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture)}";

    public async Task<string> OrganizationAsync(string type = "10")
    {
        var id = NewId("organization");
        await Editor.RecordAsync("/v1/organizations", $$"""{ "id": "{{id}}", "name": { "en": "{{id}}" }, "type": "{{type}}" }""");
        return id;
    }

    public async Task<string> FundAsync()
    {
        var id = NewId("fund");
        await Editor.RecordAsync("/v1/funds", $$"""{ "id": "{{id}}", "name": { "en": "{{id}}" }, "kind": "trust_fund" }""");
        return id;
    }

    /// <summary>Records a pledge by one donor to a fund.</summary>
    /// <param name="more">Further members, with a comma in front.</param>
    public async Task<string> PledgeAsync(string donor, string fund, decimal amount, string currency = "USD", decimal? usd = null, string more = "",
        string instrument = "grant", string announcedOn = "2026-03-01") =>
        (await Editor.RecordAsync("/v1/pledges", PledgeBody(donor, fund, amount, currency, usd, more, instrument, announcedOn))).Id();

    public static string PledgeBody(string donor, string fund, decimal amount, string currency = "USD", decimal? usd = null, string more = "",
        string instrument = "grant", string announcedOn = "2026-03-01") => $$"""
        { "donors": [{ "donorId": "{{donor}}", "amount": {{Plain(amount)}}{{(usd is null ? "" : $", \"amountUsd\": {Plain(usd.Value)}")}} }], "currency": "{{currency}}",
          "announcedOn": "{{announcedOn}}", "fundId": "{{fund}}", "instrument": "{{instrument}}"{{more}} }
        """;

    /// <summary>The body of a contribution under a pledge.</summary>
    /// <param name="more">Further members, with a comma in front.</param>
    public static string Under(string pledge, string stage, decimal amount, string currency = "USD", string date = "2026-06-01", string more = "") => $$"""
        { "pledgeId": "{{pledge}}", "stage": "{{stage}}", "amount": {{Plain(amount)}}, "currency": "{{currency}}", "date": "{{date}}"{{more}} }
        """;

    /// <summary>The body of a contribution that nobody had pledged.</summary>
    /// <param name="more">Further members, with a comma in front.</param>
    public static string Direct(string donor, string fund, string stage, decimal amount, string currency = "USD", string date = "2026-06-01", string more = "") => $$"""
        { "donorId": "{{donor}}", "fundId": "{{fund}}", "stage": "{{stage}}", "amount": {{Plain(amount)}}, "currency": "{{currency}}", "date": "{{date}}"{{more}} }
        """;

    internal async Task<Dollars> FiguresAsync(string path)
    {
        var figures = (await GetAsync(path)).GetProperty("figures");
        return new(figures.Number("pledged"), figures.Number("withdrawn"), figures.Number("committed"), figures.Number("paid"), figures.Number("outstanding"));
    }

    /// <summary>The entries of a pledge, in the order of making.</summary>
    internal async Task<List<JsonElement>> LedgerAsync(string pledge) => [.. (await GetAsync($"/v1/pledges/{pledge}/ledger")).GetProperty("data").EnumerateArray()];

    private static string Plain(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
