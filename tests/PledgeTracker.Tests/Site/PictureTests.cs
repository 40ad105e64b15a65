using System.Globalization;
using System.Xml.Linq;

namespace PledgeTracker.Tests.Site;

public sealed class PictureTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly string[] Paths = ["/v1/events/kuwait-conference-2018/pipeline.svg", "/v1/funds/ne-syria-stabilization/pipeline.svg", "/v1/donors/usa/pipeline.svg"];

    [Fact]
    public async Task A_picture_needs_nothing_else_and_tells_in_words_what_it_draws()
    {
        foreach (var path in Paths)
        {
            var answer = await server.AskAsync(path);
            Assert.Equal((200, "image/svg+xml; charset=utf-8", "public, no-cache"), (answer.Status, answer.Header("Content-Type"), answer.Header("Cache-Control")));
            var picture = XDocument.Parse(answer.Text).Root!;
            Assert.Equal(Svg + "svg", picture.Name);
            Assert.Equal(("img", "t d"), ((string?)picture.Attribute("role"), (string?)picture.Attribute("aria-labelledby")));
            Assert.DoesNotContain(picture.Descendants(), e => e.Name.LocalName is "script" or "style" or "image" or "use" or "foreignObject" or "a");
            Assert.DoesNotContain(picture.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || a.Name.LocalName is "style" or "href");
            Assert.Equal(304, (await server.AskAsync(path, null, ("If-None-Match", answer.Header("ETag")!))).Status);
        }

        var fund = XDocument.Parse((await server.AskAsync(Paths[1])).Text).Root!;
        Assert.Equal("Stabilization and early recovery in north-east Syria", fund.Element(Svg + "title")!.Value);
        Assert.Equal("This fund was promised about $470 million, in 4 promises. Of that, $100 million is paid. Another $90 million is committed and not yet paid. And $230 million was withdrawn. " +
            "The rest, $50 million, is a promise and nothing more. Paid: $100 million; Committed, not paid: $90 million; Promised only: $50 million; Withdrawn: $230 million", Plain(fund.Element(Svg + "desc")!));
    }

    [Fact]
    public async Task The_bar_is_as_long_as_the_stages_and_begins_on_the_other_side_in_Arabic()
    {
        var (english, arabic) = (await BarAsync(Paths[1]), await BarAsync(Paths[1] + "?lang=ar"));
        Assert.Equal(4, english.Count);
        Assert.Equal(english.Select(part => part.Width), arabic.Select(part => part.Width));
        Assert.Equal(english.Select(part => 720 - part.X - part.Width), arabic.Select(part => part.X));
        Assert.Equal(24, english[0].X);
        Assert.InRange(english.Sum(part => part.Width), 671.9m, 672.1m);
        Assert.InRange(english[0].Width, 672m * 100 / 470 - 0.1m, 672m * 100 / 470 + 0.1m);
        var text = XDocument.Parse((await server.AskAsync(Paths[1] + "?lang=ar")).Text).Root!;
        Assert.Equal("ar", (string?)text.Attribute(XNamespace.Xml + "lang"));
        Assert.All(text.Elements(Svg + "text"), t => Assert.Equal("rtl", (string?)t.Attribute("direction")));
    }

    [Fact]
    public async Task A_picture_stands_as_of_a_day_and_what_was_reported_beyond_is_an_outline()
    {
        var before = XDocument.Parse((await server.AskAsync(Paths[0] + "?asOf=2018-01-31")).Text).Root!;
        Assert.Contains("As of 31 January 2018", Plain(before), StringComparison.Ordinal);
        Assert.StartsWith("It is to begin on 12 February 2018.", Plain(before.Element(Svg + "desc")!), StringComparison.Ordinal);
        var now = XDocument.Parse((await server.AskAsync(Paths[0])).Text).Root!;
        Assert.StartsWith("The total reported as pledged is about $30 billion.", Plain(now.Element(Svg + "desc")!), StringComparison.Ordinal);
        Assert.Contains("Reported, not itemised", Plain(now), StringComparison.Ordinal);
        Assert.Equal(2, (await BarAsync(Paths[0])).Count);
    }

    [Fact]
    public async Task A_picture_is_asked_for_as_every_read_is()
    {
        await server.RefusesAsync(Paths[0] + "?size=9", "?size", "unknown_parameter");
        Asking.AssertProblem(await server.AskAsync("/v1/events/nowhere/pipeline.svg"), 404, "not_found");
        Asking.AssertProblem(await server.AskAsync(Paths[0] + "?asOf=2999-01-01"), 400, "invalid_request");
        Asking.AssertProblem(await server.AskAsync(Paths[0], null, ("Accept", "application/json")), 406, "not_acceptable");
    }

    private async Task<List<(decimal X, decimal Width)>> BarAsync(string path) => [.. XDocument.Parse((await server.AskAsync(path)).Text).Root!.Elements(Svg + "rect").Where(r => (int?)r.Attribute("height") == 48)
        .Select(r => (decimal.Parse((string)r.Attribute("x")!, CultureInfo.InvariantCulture), decimal.Parse((string)r.Attribute("width")!, CultureInfo.InvariantCulture)))];

    private static string Plain(XElement element) => element.Value.Replace('\u00A0', ' ');
}
