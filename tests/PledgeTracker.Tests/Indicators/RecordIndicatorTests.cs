namespace PledgeTracker.Tests.Indicators;

public sealed class RecordIndicatorTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Theory]
    [InlineData("1200")]
    [InlineData("-3.5")]
    [InlineData("0")]
    [InlineData("0.000001")]
    public async Task A_value_is_entered_and_read_exactly_as_it_was_sent(string value)
    {
        var measure = server.NewId("returns");
        var made = await server.Editor.RecordAsync("/v1/indicators", $$"""
            { "measure": "{{measure}}", "name": { "en": "Returns" }, "value": {{value}}, "unit": "people", "date": "2026-02-01", "country": "IRQ", "citations": [{ "sourceId": "press-note" }] }
            """);
        Assert.Equal(value, made.GetProperty("value").GetRawText());
        var read = Assert.Single((await server.GetAsync($"/v1/indicators?measure={measure}")).GetProperty("data").EnumerateArray());
        Assert.Equal(value, read.GetProperty("value").GetRawText());
        Assert.Equal(1, read.GetProperty("citations").GetArrayLength());
    }

    [Fact]
    public async Task An_indicator_of_an_unknown_fund_or_source_is_refused()
    {
        var refused = await server.Editor.RefusedAsync("/v1/indicators", """
            { "measure": "returns", "name": { "en": "Returns" }, "value": 1, "unit": "people", "date": "2026-02-01", "fundId": "nothing", "citations": [{ "sourceId": "nowhere" }] }
            """, 400, "invalid_request");
        Assert.Equal(["/citations/0/sourceId", "/fundId"], refused.Pointers.Order(StringComparer.Ordinal));
    }
}
