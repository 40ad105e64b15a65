namespace PledgeTracker.Tests.Site;

/// <summary>What somebody typed in one word without end stays within the page.</summary>
[Collection<InABrowser>]
public sealed class LongNameTests(LongNames server, Browser browser) : IClassFixture<LongNames>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/events/long")]
    [InlineData("/funds/long")]
    [InlineData("/donors/long")]
    [InlineData("/embed/donors?event=long")]
    public async Task A_name_or_a_quote_of_one_long_word_moves_no_page_sideways(string address)
    {
        foreach (var width in (int[])[390, 1280])
        {
            await using var visitor = await browser.VisitAsync(server, width);
            var page = await visitor.OpenAsync(address);
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }
}

/// <summary>A server on which everything has such a name.</summary>
public sealed class LongNames : TestServer
{
    private static readonly string Word = string.Concat(Enumerable.Repeat("Donaudampfschiff", 11));

    public LongNames() => Seed = "none";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await this.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("long", Word, Word);
            await enter.FundAsync("long", Word, Word);
            await enter.EventAsync("long", "2025-01-10", Word, Word);
            await enter.SourceAsync("long", "2025-01-11", Word, Word);
            await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "long", amount = 1_000_000 } },
                currency = "USD",
                announcedOn = "2025-01-10",
                instrument = "grant",
                eventId = "long",
                fundId = "long",
                description = new { en = Word },
                citations = new[] { new { sourceId = "long", quote = Word } },
            });
        });
    }
}
