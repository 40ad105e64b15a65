using System.Net;
using System.Text;

namespace PledgeTracker.Tests.ExchangeRates;

public sealed class RecordExchangeRateTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/exchange-rates";

    [Fact]
    public async Task A_rate_is_entered_once_per_provider_and_day_and_read_as_it_was_sent()
    {
        const string Body = """{ "currency": "GBP", "date": "2026-03-02", "usdPerUnit": 1.250000000001, "provider": "Bank of England", "url": "https://example.org/" }""";
        var made = await server.Editor.RecordAsync(Path, Body);
        Assert.Equal("1.250000000001", made[0].GetProperty("usdPerUnit").GetRawText());
        await server.Editor.RefusedAsync(Path, Body, 409, "conflict");
        await server.Editor.RecordAsync(Path, Body.Replace("Bank of England", "Another", StringComparison.Ordinal));
        Assert.Equal(2, (await server.GetAsync($"{Path}?currency=GBP")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("USD", "1", "/currency")]
    [InlineData("EUR", "1000.1", "/usdPerUnit")]
    [InlineData("EUR", "1.0000000000001", "/usdPerUnit")]
    public async Task A_rate_has_bounds(string currency, string rate, string pointer) =>
        await server.Editor.RefusedAsync(Path, $$"""{ "currency": "{{currency}}", "date": "2026-03-02", "usdPerUnit": {{rate}}, "provider": "P" }""", 400, "invalid_request", pointer);

    [Fact]
    public async Task Rates_as_CSV_are_recorded_all_or_none()
    {
        var good = await CsvAsync("currency,date,usdPerUnit,provider,url\r\nCHF,2026-03-02,1.1,P,\r\nCHF,2026-03-03,1.2,\"P, Q\",https://example.org/\r\n");
        Assert.Equal(HttpStatusCode.Created, good.Status);
        Assert.Equal(2, good.Body.GetArrayLength());
        Assert.Equal("P, Q", good.Body[1].Text("provider"));
        var version = await server.VersionAsync();
        foreach (var (csv, status, code, pointer) in new[]
        {
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,P\nCHF,2026-02-30,1.1,P\n", 400, "invalid_date", "/1/date"),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,P\nCHF,2026-11-23,1.1,P\n", 400, "date_out_of_range", "/1/date"),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,P\nCHF,2026-03-02,1.1,P\n", 409, null, null),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,P\nCHF,2026-03-04,1.1,P\n", 409, null, null),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,\"1,1\",P\n", 400, "wrong_type", "/0/usdPerUnit"),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.00000000000000000000000000001,P\n", 400, "wrong_type", "/0/usdPerUnit"),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,-1,P\n", 400, "invalid_amount", "/0/usdPerUnit"),
            ("currency,date,usdPerUnit,provider\nCHF,,1.1,P\n", 400, "required", "/0/date"),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,P\nCHF,2026-03-05,1,2,P\n", 400, "invalid_csv", "/1"),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,\"P\nCHF,2026-03-05,1.1,P\n", 400, "invalid_csv", ""),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,P\"Q\"\n", 400, "invalid_csv", ""),
            ("currency,date,usdPerUnit,provider,date\nCHF,2026-03-04,1.1,P,2026-03-05\n", 400, "invalid_csv", ""),
            ("currency,date,usdPerUnit,provider\nCHF,2026-03-04\n", 400, "required", "/0/usdPerUnit"),
            ("currency,date,rate,provider\nCHF,2026-03-04,1.1,P\n", 400, "invalid_csv", ""),
            ("currency,date,usdPerUnit,provider\n", 400, "invalid_csv", ""),
            ("", 400, "invalid_csv", ""),
        })
        {
            var reply = await CsvAsync(csv);
            Assert.True((int)reply.Status == status && (pointer is null || reply.Body.GetProperty("errors").EnumerateArray().Any(e => e.Text("pointer") == pointer && e.Text("code") == code)),
                $"{csv}: {(int)reply.Status} {reply.Text}");
        }

        Assert.Equal(version, await server.VersionAsync());
    }

    [Fact]
    public async Task The_document_declares_CSV_beside_JSON_with_an_example_that_is_accepted()
    {
        var body = (await server.GetAsync("/openapi.json")).GetProperty("paths").GetProperty(Path).GetProperty("post").GetProperty("requestBody").GetProperty("content");
        var csv = body.GetProperty("text/csv");
        Assert.Equal("string", csv.GetProperty("schema").Text("type"));
        var made = await CsvAsync(csv.GetProperty("examples").GetProperty("editor").Text("value")!);
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        Assert.Equal(2, made.Body.GetArrayLength());
    }

    [Fact]
    public async Task Another_media_type_is_refused_and_both_that_are_taken_are_named()
    {
        var refused = await CsvAsync("currency,date,usdPerUnit,provider\nCHF,2026-03-04,1.1,P\n", "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.Status);
        Assert.Contains("application/json", refused.Body.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("text/csv", refused.Body.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("must be JSON", refused.Text, StringComparison.Ordinal);
    }

    private async Task<Reply> CsvAsync(string csv, string type = "text/csv")
    {
        using var content = new StringContent(csv, Encoding.UTF8, type);
        using var response = await server.Editor.PostAsync(Path, content);
        return await response.ToReplyAsync();
    }
}
