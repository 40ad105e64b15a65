namespace PledgeTracker.Tests.Contract;

/// <summary>Several values of a filter, joined by commas, mean any of them.</summary>
public sealed class SeveralValuesTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    [Theory]
    [InlineData("/v1/funds", "kind", "programme", "facility")]
    [InlineData("/v1/funds", "country", "IRQ", "SYR")]
    [InlineData("/v1/funds?sort=-pledged", "country", "SYR", "IRQ")]
    [InlineData("/v1/funds", "parent", "umbrella", "facility")]
    [InlineData("/v1/organizations", "type", "10", "40")]
    [InlineData("/v1/organizations", "country", "KWT", "USA")]
    [InlineData("/v1/donors", "type", "10", "group")]
    [InlineData("/v1/donors", "country", "KWT", "USA")]
    [InlineData("/v1/events", "country", "KWT", "MAR")]
    [InlineData("/v1/sources", "reliability", "primary", "secondary")]
    [InlineData("/v1/indicators", "measure", "schools-open", "people-returned")]
    [InlineData("/v1/indicators", "fund", "facility", "umbrella")]
    [InlineData("/v1/exchange-rates", "currency", "EUR", "KWD")]
    public async Task A_list_shows_what_has_one_of_the_values(string path, string filter, string one, string other)
    {
        var ask = path + (path.Contains('?') ? "&" : "?") + filter + "=";
        var (first, second) = (await TextsAsync(ask + one), await TextsAsync(ask + other));
        var both = await TextsAsync($"{ask}{one},{other}");
        Assert.NotEmpty(first);
        Assert.Equal(first.Union(second).Order(StringComparer.Ordinal), both.Order(StringComparer.Ordinal));
        Assert.Equal(both.Count, (await server.WalkAsync($"{ask}{other},{one}", 2)).Count);
        var refused = await server.Client.SendAsync(HttpMethod.Get, $"{ask}{one},No such thing");
        Assert.Equal((400, "?" + filter), ((int)refused.Status, Assert.Single(refused.Pointers)));
    }

    private async Task<List<string>> TextsAsync(string path) => (await server.AllAsync(path)).ConvertAll(item => item.GetRawText());
}
