using System.Globalization;
using System.Text.Json;
using AngleSharp.Dom;

namespace PledgeTracker.Tests.Site;

public sealed class EventPageTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Kuwait = "/events/kuwait-conference-2018";
    private const string Nato = "/events/coalition-nato-2018-07-12";

    [Fact]
    public async Task An_event_is_told_in_a_sentence_with_its_qualifiers_in_both_languages()
    {
        var english = await server.PageAsync(Kuwait);
        Assert.Equal("Pledging event · Kuwait · 12 to 14 February 2018", english.Said(".kicker"));
        Assert.Equal("Kuwait International Conference for the Reconstruction of Iraq", english.Said("h1"));
        Assert.Equal("The total reported as pledged is about $30 billion. Named donors account for up to $17.2 billion of it, in 14 promises. More than 8 years later, no payment and no signed commitment is on record.", english.Said(".lead"));
        var arabic = await server.PageAsync(Kuwait + "?lang=ar");
        Assert.Equal("مؤتمر تعهدات · الكويت · من 12 إلى 14 شباط 2018", arabic.Said(".kicker"));
        Assert.Equal("أُعلن عن تعهدات بلغت نحو 30 مليار دولار، منها ما يصل إلى 17.2 مليار دولار لجهات مانحة معروفة بالاسم في 14 تعهدا. وبعد أكثر من 8 سنوات، لا دفعة ولا التزام موقّع في السجل.", arabic.Said(".lead"));
        Assert.Equal(["f-rep", "f-po", "", "f-paid"], english.QuerySelectorAll(".lead a").Select(a => a.ClassList.FirstOrDefault(c => c.StartsWith("f-", StringComparison.Ordinal)) ?? ""));
        // Each figure leads to a part of the page that is there.
        Assert.All(english.QuerySelectorAll(".lead a, .stamp a"), a => Assert.NotNull(english.QuerySelector(a.GetAttribute("href")!)));
    }

    [Theory]
    [InlineData(Kuwait + "?asOf=2018-01-31", "It is to begin on 12 February 2018. The total reported as pledged is about $30 billion. No promise by a named donor is on record.")]
    [InlineData(Nato, "Named donors promised $600 million, in 2 promises. Of that, $100 million is paid. The rest, $500 million, is a promise and nothing more.")]
    [InlineData(Nato + "?asOf=2018-08-01", "Named donors promised $600 million, in 2 promises. By then, no payment and no signed commitment is on record.")]
    [InlineData(Nato + "?asOf=2018-07-11", "It is to begin on 12 July 2018. No promise is on record.")]
    [InlineData("/events/coalition-ministerial-kuwait-2018-02-13", "Named donors promised about $230 million, in one promise. All of it was withdrawn.")]
    public async Task The_sentence_says_what_came(string path, string expected) => Assert.Equal(expected, (await server.PageAsync(path)).Said(".lead"));

    [Fact]
    public async Task What_was_reported_and_not_itemised_is_an_outline_and_a_row_of_the_key()
    {
        var page = await server.PageAsync(Kuwait);
        Assert.Equal("Reported in all: about $30 billion", page.Said(".stages .rep-label"));
        Assert.Equal("100%", page.QuerySelector(".stages .s-rep")!.GetAttribute("width"));
        Assert.StartsWith("Reported, not itemised about $12.8 billion", page.Said(".key-rep"), StringComparison.Ordinal);
        Assert.Null((await server.PageAsync(Nato)).QuerySelector(".key-rep"));
    }

    [Fact]
    public async Task Donors_stand_in_the_order_that_is_asked_for_and_their_headings_say_so()
    {
        var page = await server.PageAsync(Kuwait);
        Assert.Equal("Türkiye", page.SaidOfAll(".donors .who").First());
        Assert.Equal(12, page.QuerySelectorAll(".donors .who").Length);
        var sorted = page.QuerySelector(".donors [aria-sort]")!;
        Assert.Equal(("descending", "Promised ↓"), (sorted.GetAttribute("aria-sort"), sorted.Said()));
        Assert.Equal(Kuwait + "?sort=pledged#donors", sorted.QuerySelector("a")!.GetAttribute("href"));
        var byPaid = await server.PageAsync(Nato + "?sort=-paid");
        Assert.Equal(["Saudi Arabia", "Government of Iraq"], byPaid.SaidOfAll(".donors .who"));
        Assert.Equal("Paid ↓", byPaid.Said(".donors [aria-sort]"));
        Assert.Equal(["Paid in full", "Promised only"], byPaid.SaidOfAll(".donors .st"));
        Assert.Equal("ascending", (await server.PageAsync(Nato + "?sort=paid")).QuerySelector(".donors [aria-sort]")!.GetAttribute("aria-sort"));
    }

    [Fact]
    public async Task What_came_for_nobody_is_said_once()
    {
        var page = await server.PageAsync(Kuwait);
        Assert.Equal("Nothing is on record as committed, paid or withdrawn for any of them: each bar is a promise only.", page.Said(".once"));
        Assert.Empty(page.QuerySelectorAll(".donors .st"));
        Assert.Null((await server.PageAsync(Nato)).QuerySelector(".once"));
    }

    [Fact]
    public async Task Promises_are_opened_in_their_own_currency_with_the_words_of_their_source()
    {
        var page = await server.PageAsync(Kuwait);
        var germany = page.QuerySelectorAll(".donors tr").Single(row => row.QuerySelector(".who")?.Said() == "Germany").NextElementSibling!;
        Assert.Equal("1 promise", germany.Said("summary"));
        Assert.Equal("€500 million", germany.Said(".pr-amount"));
        Assert.StartsWith("/pledges/", germany.QuerySelector(".pr-amount")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.NotEmpty(germany.QuerySelectorAll(".cite-src"));
        var bank = page.QuerySelectorAll(".donors tr").Single(row => row.QuerySelector(".who")?.Said().StartsWith("Export-Import", StringComparison.Ordinal) == true).NextElementSibling!;
        Assert.Equal("ar", bank.QuerySelector("blockquote")!.GetAttribute("lang"));
    }

    [Fact]
    public async Task The_filter_shows_how_many_of_each_instrument_and_narrows_the_page()
    {
        var page = await server.PageAsync(Kuwait + "?lang=en");
        var links = page.QuerySelectorAll("nav.filter a").ToDictionary(a => a.Said(), a => a);
        Assert.Equal("true", links["All 14"].GetAttribute("aria-current"));
        Assert.Equal(Kuwait + "?lang=en&instrument=credit_line#donors", links["credit line 2"].GetAttribute("href"));
        var narrowed = await server.PageAsync(Kuwait + "?instrument=credit_line");
        Assert.Equal(["Türkiye", "United Kingdom"], narrowed.SaidOfAll(".donors .who"));
        Assert.Equal("true", narrowed.QuerySelectorAll("nav.filter a").Single(a => a.Said() == "credit line 2").GetAttribute("aria-current"));
        Assert.Equal(2, narrowed.SaidOfAll("p.filter").Count(text => text.StartsWith("Only: credit line", StringComparison.Ordinal)));
        // The sentence and the stages are of all instruments, and their figures say so.
        Assert.Equal(page.Said(".lead"), narrowed.Said(".lead"));
    }

    [Fact]
    public async Task The_steps_run_to_today_with_a_cursor_at_the_day_of_the_page()
    {
        var page = await server.PageAsync(Nato + "?asOf=2018-08-01");
        var (figure, slider) = (page.QuerySelector(".steps")!, page.QuerySelector(".asof input")!);
        Assert.Equal("range", slider.GetAttribute("type"));
        Assert.Equal(Unix(new DateOnly(2018, 8, 1)), slider.GetAttribute("value"));
        Assert.Equal("1 August 2018", slider.GetAttribute("aria-valuetext"));
        Assert.Equal(Unix(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)), figure.GetAttribute("data-to"));
        using var series = JsonDocument.Parse(figure.GetAttribute("data-series")!);
        Assert.Equal([[17724, 600_000_000, 0, 0, 0], [17759, 600_000_000, 100_000_000, 100_000_000, 0]], series.RootElement.EnumerateArray().Select(step => step.EnumerateArray().Select(n => n.GetDecimal()).ToArray()));
        Assert.Equal(["600", "0", "0", "0"], figure.SaidOfAll("[data-v]"));
        Assert.Equal("1 آب 2018", (await server.PageAsync(Nato + "?asOf=2018-08-01&lang=ar")).QuerySelector(".asof input")!.GetAttribute("aria-valuetext"));
        Assert.Equal(["12 July 2018: 2 promises, the largest by Government of Iraq: $500 million."], page.SaidOfAll(".pins li"));
    }

    [Fact]
    public async Task Tables_stand_in_place_of_charts_where_they_are_asked_for()
    {
        var chart = await server.PageAsync(Kuwait);
        Assert.NotEmpty(chart.QuerySelectorAll("main svg.bar, main svg.plot"));
        Assert.Equal(2, chart.QuerySelectorAll("details.as-table").Length);
        var table = await server.PageAsync(Kuwait + "?view=table");
        Assert.Empty(table.QuerySelectorAll("main svg.bar, main svg.plot"));
        Assert.Empty(table.QuerySelectorAll("details.as-table"));
        Assert.Equal("Paid 0 0%", table.Said(".stages tbody tr"));
        await server.RefusesAsync(Kuwait + "?view=picture", "?view", "not_one_of");
    }

    [Fact]
    public async Task What_its_funds_lack_and_what_it_rests_on_stand_below()
    {
        var page = await server.PageAsync(Kuwait);
        Assert.StartsWith("Reconstruction of Iraq", page.Said("#gaps .g-title"), StringComparison.Ordinal);
        Assert.All(page.QuerySelectorAll(".sources a"), a => Assert.Equal("noopener nofollow external", a.GetAttribute("rel")));
        Assert.True(page.QuerySelectorAll(".sources > li").Length >= 3);
    }

    [Fact]
    public async Task Headings_are_in_order_ids_are_unique_and_tables_are_named()
    {
        foreach (var path in (string[])[Kuwait, Nato + "?lang=ar", Kuwait + "?view=table"])
        {
            var page = await server.PageAsync(path);
            Assert.Single(page.QuerySelectorAll("h1"));
            var levels = page.QuerySelectorAll("h1, h2, h3, h4").Select(h => h.LocalName[1] - '0').ToList();
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
            var ids = page.QuerySelectorAll("[id]").Select(e => e.Id).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
            Assert.All(page.QuerySelectorAll("main table"), table => Assert.NotNull(table.QuerySelector("caption")));
            Assert.All(page.QuerySelectorAll("main th"), th => Assert.True(th.HasAttribute("scope")));
            Assert.All(page.QuerySelectorAll("main a[href^='#'], .skip"), a => Assert.NotNull(page.QuerySelector(a.GetAttribute("href")!)));
        }
    }

    private static string Unix(DateOnly day) => (day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString(CultureInfo.InvariantCulture);
}
