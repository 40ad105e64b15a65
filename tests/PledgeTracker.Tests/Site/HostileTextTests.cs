using System.Xml.Linq;
using AngleSharp.Dom;

namespace PledgeTracker.Tests.Site;

/// <summary>What somebody typed stays text, wherever it is shown.</summary>
public sealed class HostileTextTests(HostileTexts server) : IClassFixture<HostileTexts>
{
    public static TheoryData<string> Pages =>
    [
        "/", "/?lang=ar", "/events/evil", "/events/evil?lang=ar", "/events/evil?view=table", "/funds/evil", "/funds/evil?lang=ar", "/donors/evil", "/donors/evil?lang=ar", "/?q=script",
        "/embed/stages?event=evil", "/embed/donors?event=evil", "/embed/steps?event=evil", "/embed/ageing?event=evil", "/embed/gap?event=evil", "/embed/gap?fund=evil&lang=ar", "/embed/stages?donor=evil",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Names_quotes_and_notes_stay_text_in_pages(string path)
    {
        var page = await server.PageAsync(path);
        var scripts = page.QuerySelectorAll("script").ToList();
        Assert.All(scripts, script => Assert.Equal(("", true), (script.TextContent, script.GetAttribute("src")!.StartsWith("/site/", StringComparison.Ordinal))));
        Assert.Empty(page.QuerySelectorAll("img, iframe, object, embed, b:not([data-day])"));
        foreach (var element in page.All)
        {
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name is "style" or "srcdoc");
        }

        Assert.All(page.QuerySelectorAll("[href]"), link => Assert.Matches("^(/|#|https?://)", link.GetAttribute("href")!));
    }

    [Fact]
    public async Task They_stay_text_where_a_promise_is_told()
    {
        var pledge = (await server.AllAsync("/v1/pledges")).Single().Id();
        await Names_quotes_and_notes_stay_text_in_pages($"/pledges/{pledge}");
        await Names_quotes_and_notes_stay_text_in_pages($"/pledges/{pledge}?lang=ar");
    }

    [Fact]
    public async Task They_are_there_as_they_were_typed()
    {
        var page = await server.PageAsync("/events/evil");
        Assert.Equal(HostileTexts.Markup, page.Said("h1"));
        Assert.Contains(HostileTexts.Attribute, page.SaidOfAll(".donors .who"));
        Assert.Contains(HostileTexts.Markup, page.Said(".promises blockquote"), StringComparison.Ordinal);
        Assert.Contains(HostileTexts.Attribute, page.Said(".promises .cite-note"), StringComparison.Ordinal);
        // The address of its source is none on the web: the title stands without a link.
        Assert.Equal(HostileTexts.Markup, page.Said(".promises .cite-src cite"));
        Assert.Empty(page.QuerySelectorAll(".sources .s-title a"));
    }

    [Theory]
    [InlineData("/v1/events/evil/pipeline.svg")]
    [InlineData("/v1/funds/evil/pipeline.svg?lang=ar")]
    [InlineData("/v1/donors/evil/pipeline.svg")]
    public async Task Names_stay_text_in_pictures(string path)
    {
        var picture = XDocument.Parse((await server.AskAsync(path)).Text).Root!;
        Assert.DoesNotContain(picture.Descendants(), e => e.Name.LocalName is "script" or "img" or "b");
        Assert.DoesNotContain(picture.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(path.Contains("donors", StringComparison.Ordinal) ? HostileTexts.Attribute : HostileTexts.Markup, picture.Elements().First().Value, StringComparison.Ordinal);
    }
}

/// <summary>A server on which everything is called something that would be markup.</summary>
public sealed class HostileTexts : TestServer
{
    public const string Markup = "<script>alert(1)</script><img src=x onerror=alert(2)> & <b>bold</b> {0} {1}";
    public const string Attribute = "\" onx=\"alert(3)' style='x' javascript:alert(4) ]]>";

    public HostileTexts()
    {
        Seed = "none";
        Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await this.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("evil", Attribute, Attribute);
            await enter.FundAsync("evil", Markup, Markup);
            await enter.EventAsync("evil", "2025-01-10", Markup, Markup);
            await enter.SourceAsync("evil", "2025-01-11", Markup, Markup);
            await enter.ShortfallAsync("evil", 5_000_000, "2025-01-12");
            await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "evil", amount = 1_000_000 } },
                currency = "USD",
                announcedOn = "2025-01-10",
                instrument = "grant",
                eventId = "evil",
                fundId = "evil",
                description = new { en = Markup, ar = Attribute },
                note = new { en = Attribute, ar = Markup },
                citations = new[] { new { sourceId = "evil", quote = Markup, note = new { en = Attribute, ar = Markup } } },
            });
        });
        // No such address comes in by the door; one that was there before is none either.
        await using var database = await OpenDatabaseAsync(unguarded: true);
        await database.ExecuteAsync("UPDATE source SET url = 'javascript:alert(5)' WHERE id = 'evil'");
    }
}
