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
    public async Task A_unit_is_a_word_for_programs_and_reads_as_people_write_it_in_each_language()
    {
        var (people, money) = (server.NewId("returns"), server.NewId("spent"));
        await server.Editor.RecordAsync("/v1/indicators", $$"""
            { "measure": "{{people}}", "name": { "en": "Returns" }, "value": 1200, "unit": "people", "unitName": { "en": "people", "ar": "شخص" }, "date": "2026-02-01" }
            """);
        await server.Editor.RecordAsync("/v1/indicators", $$"""{ "measure": "{{money}}", "name": { "en": "Spent" }, "value": 5, "unit": "USD", "date": "2026-02-01" }""");
        foreach (var (measure, language, unit, name) in new[] { (people, "en", "people", "people"), (people, "ar", "people", "شخص"), (money, "en", "USD", "USD"), (money, "ar", "USD", "USD") })
        {
            var read = Assert.Single((await server.GetAsync($"/v1/indicators?measure={measure}&lang={language}")).GetProperty("data").EnumerateArray());
            Assert.Equal((unit, name), (read.Text("unit"), read.Text("unitName")));
        }
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
