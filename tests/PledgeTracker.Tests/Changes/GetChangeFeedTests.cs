using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace PledgeTracker.Tests.Changes;

public sealed class GetChangeFeedTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Path = "/v1/changes.atom";

    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Theory]
    [InlineData("")]
    [InlineData("?lang=ar")]
    [InlineData("?donor=sau")]
    [InlineData("?donor=sau,kwt&lang=ar")]
    [InlineData("?fund=ne-syria-stabilization")]
    [InlineData("?event=kuwait-conference-2018")]
    [InlineData("?event=kuwait-conference-2018&donor=gbr")]
    [InlineData("?fund=nothing")]
    public async Task It_tells_the_last_hundred_changes_that_the_list_does_the_newest_first(string query)
    {
        var feed = await FeedAsync(server, Path + query);
        var language = query.Contains("lang=ar", StringComparison.Ordinal) ? "ar" : "en";
        var changes = (await server.GetAsync(Asking.With("/v1/changes" + query, "sort=-sequence&limit=100"))).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(query == "?fund=nothing", changes.Count == 0);
        Assert.Equal(language, feed.Attribute(XNamespace.Xml + "lang")!.Value);
        Assert.Equal(
            changes.Select(c => (c.GetProperty("text").Text(language)!, c.Text("actorName")!, new Uri(server.Client.BaseAddress!, $"/v1/changes/{c.GetProperty("sequence")}").ToString(),
                Second(c.Text("at")!), c.Text("entity")!, c.Text("action")!)),
            feed.Elements(Atom + "entry").Select(e => (e.Element(Atom + "title")!.Value, e.Element(Atom + "author")!.Element(Atom + "name")!.Value, e.Element(Atom + "link")!.Attribute("href")!.Value,
                Second(e.Element(Atom + "updated")!.Value), e.Elements(Atom + "category").First().Attribute("term")!.Value, e.Elements(Atom + "category").Last().Attribute("term")!.Value)));
        foreach (var link in feed.Elements(Atom + "entry").Take(3).Select(e => e.Element(Atom + "link")!))
        {
            Assert.Equal((200, "application/json"), ((await server.AskAsync(link.Attribute("href")!.Value)).Status, link.Attribute("type")!.Value));
        }
    }

    [Fact]
    public async Task Titles_and_categories_are_in_the_readers_language_and_name_what_was_asked_for()
    {
        var (english, arabic) = (await FeedAsync(server, Path + "?event=kuwait-conference-2018&donor=sau"), await FeedAsync(server, Path + "?event=kuwait-conference-2018&donor=sau&lang=ar"));
        Assert.Equal("PledgeTracker: Changes · Saudi Arabia · Kuwait International Conference for the Reconstruction of Iraq", english.Element(Atom + "title")!.Value);
        Assert.StartsWith("PledgeTracker: التغييرات · المملكة العربية السعودية · ", arabic.Element(Atom + "title")!.Value, StringComparison.Ordinal);
        Assert.All(arabic.Elements(Atom + "entry"), e => Assert.All(e.Elements(Atom + "category"), c => Assert.True(c.Attribute("label")!.Value.IsArabic())));
        // Another feed, of the same entries.
        Assert.NotEqual(english.Element(Atom + "id")!.Value, arabic.Element(Atom + "id")!.Value);
        Assert.Equal(english.Elements(Atom + "entry").Select(e => e.Element(Atom + "id")!.Value), arabic.Elements(Atom + "entry").Select(e => e.Element(Atom + "id")!.Value));
    }

    [Fact]
    public async Task Ids_stay_whoever_serves_them_and_in_whatever_order_filters_are_sent()
    {
        var here = await FeedAsync(server, Path + "?donor=sau,kwt");
        var there = XDocument.Parse((await server.AskAsync(Path + "?donor=kwt,sau", null, ("Host", "pledges.example"))).Text).Root!;
        Assert.Equal(Ids(here), Ids(there));
        Assert.Equal("http://pledges.example/v1/changes.atom?donor=kwt,sau", there.Elements(Atom + "link").Single(l => l.Attribute("rel")!.Value == "self").Attribute("href")!.Value);
        Assert.NotEqual(Ids(here)[0], Ids(await FeedAsync(server, Path))[0]);

        static List<string> Ids(XElement feed) => [.. feed.Descendants(Atom + "id").Select(id => id.Value)];
    }

    [Fact]
    public async Task It_is_answered_anew_after_a_change_and_not_before()
    {
        await using var own = new TestServer { Seed = "none", Clock = new FixedClock(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero)) };
        await own.InitializeAsync();
        var empty = await FeedAsync(own, Path);
        Assert.Empty(empty.Elements(Atom + "entry"));
        // Whatever may stand in a name stands in the feed.
        await own.EnterAsync(enter => enter.OrganizationAsync("deu", "A <b>&amp; \"B\"\uFFFE\uFFFF 𝄞 ]]>", "أ"));
        var made = await own.AskAsync(Path);
        Assert.Equal("New organization: A <b>&amp; \"B\" 𝄞 ]]>", Checked(made).Element(Atom + "entry")!.Element(Atom + "title")!.Value);
        var known = await own.AskAsync(Path, null, ("If-None-Match", made.Header("ETag")!));
        Assert.Equal((304, ""), (known.Status, known.Text));
        own.Clock!.Now += TimeSpan.FromHours(1);
        Assert.Equal(made.Text, (await own.AskAsync(Path)).Text);
        var secret = await own.EnterAsync(enter => enter.SourceAsync("paper", "2026-01-01", "Of Mr. A"));
        using var admin = own.WithToken(await own.FirstKey);
        await admin.AmendAsync("/v1/sources/paper", """{ "note": { "en": "Whom to ask" } }""");
        own.Clock.Now += TimeSpan.FromHours(1);
        await admin.RecordAsync("/v1/redactions", new { entity = "source", id = secret, reason = new { en = "It named a private person" } });
        var feed = Checked(await own.AskAsync(Path, null, ("If-None-Match", made.Header("ETag")!)));
        var entries = feed.Elements(Atom + "entry").ToList();
        // Free text of a change that was redacted an hour later: readers are to fetch it again.
        Assert.Equal(["2026-03-15T14:00:00Z", "2026-03-15T14:00:00Z"], entries.Take(2).Select(e => e.Element(Atom + "updated")!.Value));
        Assert.Equal(["2026-03-15T14:00:00Z", "2026-03-15T13:00:00Z"], entries.Take(2).Select(e => e.Element(Atom + "published")!.Value));
        Assert.Equal("2026-03-15T12:00:00Z", entries[^1].Element(Atom + "updated")!.Value);
    }

    [Theory]
    [InlineData("application/atom+xml", 200)]
    [InlineData("application/rss+xml, application/atom+xml;q=0.6, text/xml;q=0.4", 200)]
    [InlineData("application/*", 200)]
    [InlineData("application/json", 406)]
    [InlineData("text/html", 406)]
    public async Task It_is_a_feed_or_nothing(string accept, int status)
    {
        var answer = await server.AskAsync(Path, null, ("Accept", accept));
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? "application/atom+xml; charset=utf-8" : "application/problem+json", answer.Header("Content-Type"));
    }

    [Theory]
    [InlineData("event=Kuwait", "?event", "invalid_id")]
    [InlineData("donor=usa,,deu", "?donor", "invalid_id")]
    [InlineData("pledge=1", "?pledge", "unknown_parameter")]
    public async Task A_filter_that_cannot_be_meant_is_refused(string query, string pointer, string code)
    {
        var error = Assert.Single(Asking.AssertProblem(await server.AskAsync($"{Path}?{query}"), 400, "invalid_request").GetProperty("errors").EnumerateArray());
        Assert.Equal((pointer, code), (error.Text("pointer"), error.Text("code")));
    }

    private static async Task<XElement> FeedAsync(TestServer server, string path) => Checked(await server.AskAsync(path));

    /// <summary>What RFC 4287 asks of a feed and its entries.</summary>
    private static XElement Checked(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>", answer.Text, StringComparison.Ordinal);
        var feed = XDocument.Parse(answer.Text).Root!;
        Assert.Equal(Atom + "feed", feed.Name);
        Assert.All(feed.Descendants(), e => Assert.Equal(Atom, e.Name.Namespace));
        var entries = feed.Elements(Atom + "entry").ToList();
        foreach (var one in entries.Prepend(feed))
        {
            // §4.1.1, §4.1.2: exactly one of each; §4.2.6: an absolute IRI; §3.3: an instant with its offset.
            Assert.True(Uri.TryCreate(Assert.Single(one.Elements(Atom + "id")).Value, UriKind.Absolute, out var id) && id.Scheme == "urn");
            Assert.NotEqual("", Assert.Single(one.Elements(Atom + "title")).Value);
            Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z", Assert.Single(one.Elements(Atom + "updated")).Value);
            Assert.NotEqual("", Assert.Single(one.Elements(Atom + "author")).Element(Atom + "name")!.Value);
            Assert.InRange(one.Elements(Atom + "published").Count(), 0, 1);
            Assert.All(one.Elements(Atom + "link"), link => Assert.True(Uri.TryCreate(link.Attribute("href")!.Value, UriKind.Absolute, out _)));
        }

        // §4.2.7.2: one that leads to itself; an entry without content has one that leads to what it tells.
        Assert.Single(feed.Elements(Atom + "link"), link => link.Attribute("rel")!.Value == "self" && link.Attribute("type")!.Value == "application/atom+xml");
        Assert.All(entries, e => Assert.Single(e.Elements(Atom + "link"), link => link.Attribute("rel")!.Value == "alternate"));
        Assert.Equal(entries.Count, entries.Select(e => e.Element(Atom + "id")!.Value).Distinct().Count());
        Assert.InRange(entries.Count, 0, 100);
        var published = entries.ConvertAll(e => Second(e.Element(Atom + "published")!.Value));
        Assert.Equal(published.OrderDescending(), published);
        Assert.All(entries, e => Assert.True(Second(e.Element(Atom + "updated")!.Value) >= Second(e.Element(Atom + "published")!.Value)));
        if (entries.Count > 0)
        {
            Assert.Equal(entries.Max(e => Second(e.Element(Atom + "updated")!.Value)), Second(feed.Element(Atom + "updated")!.Value));
        }

        return feed;
    }

    private static DateTimeOffset Second(string instant) =>
        DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture) is var at ? at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond)) : default;
}
