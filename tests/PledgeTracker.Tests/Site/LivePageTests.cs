using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PledgeTracker.Tests.Site;

/// <summary>What an open page does by itself: it follows what is recorded, and shows itself otherwise without being loaded again.</summary>
[Collection<InABrowser>]
public sealed partial class LivePageTests(TestServer server, Browser browser) : IClassFixture<TestServer>
{
    private const string Event = "/events/kuwait-conference-2018";
    private const string Stream = "/v1/changes/stream";

    private static decimal _amount = 1_000_000;

    [Fact]
    public async Task What_is_recorded_shows_on_an_open_page_within_two_seconds_without_a_reload()
    {
        await using var visitor = await browser.VisitAsync(server);
        var page = await OpenAsync(visitor);
        var reads = await page.EvaluateAsync<string>("document.querySelector('main').textContent");
        await UntilAsync(() => visitor.CountOf("/v1/meta") > 0);
        await RecordAsync();
        var sent = Stopwatch.StartNew();
        await page.WaitForFunctionAsync("before => document.querySelector('main').textContent !== before", reads);
        Assert.InRange(sent.ElapsedMilliseconds, 0, 2000);
        await Expect(page.Locator("[data-at='/figures/stages/paid']").First).ToBeVisibleAsync();
        await Expect(page.Locator("#announce")).ToHaveTextAsync(Updated());
        Assert.Equal(1, await page.EvaluateAsync<int>("self.mark"));
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Two_tabs_have_one_stream_and_both_follow_it()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (first, second) = (await OpenAsync(visitor), await OpenAsync(visitor));
        await UntilAsync(() => visitor.CountOf("/v1/meta") > 0);
        var version = await RecordAsync();
        await ShowsAsync(first, version);
        await ShowsAsync(second, version);
        Assert.Equal(1, visitor.CountOf(Stream));
    }

    [Fact]
    public async Task A_hidden_tab_holds_no_stream_and_another_takes_it_over()
    {
        await using var visitor = await browser.VisitAsync(server);
        var ended = 0;
        visitor.Context.RequestFailed += (_, request) => ended += request.Url.EndsWith(Stream, StringComparison.Ordinal) ? 1 : 0;
        var first = await OpenAsync(visitor);
        await UntilAsync(() => visitor.CountOf("/v1/meta") > 0);
        var second = await OpenAsync(visitor);
        var before = await VersionAsync(first);
        await HideAsync(first, true);
        await UntilAsync(() => ended == 1 && visitor.CountOf(Stream) == 2);
        await HideAsync(second, true);
        await UntilAsync(() => ended == 2);
        var version = await RecordAsync();
        await Task.Delay(1500);
        Assert.Equal(before, await VersionAsync(first));
        Assert.Equal(2, visitor.CountOf(Stream));
        // Looked at again, it shows what it missed.
        await HideAsync(first, false);
        await ShowsAsync(first, version);
        await UntilAsync(() => visitor.CountOf(Stream) == 3);
    }

    [Fact]
    public async Task Where_the_stream_is_refused_a_page_asks_what_the_version_is()
    {
        await using var visitor = await browser.VisitAsync(server);
        await visitor.Context.RouteAsync("**" + Stream, route => route.FulfillAsync(new() { Status = 503 }));
        List<IResponse> answers = [];
        visitor.Context.Response += (_, answer) =>
        {
            if (new Uri(answer.Url).AbsolutePath == "/v1/meta")
            {
                answers.Add(answer);
            }
        };
        var page = await OpenAsync(visitor);
        await UntilAsync(() => answers.Count == 2);
        Assert.Equal([200, 304], answers.Select(a => a.Status));
        await ShowsAsync(page, await RecordAsync(), 10_000);
    }

    [Fact]
    public async Task A_browser_that_knows_no_stream_asks_instead()
    {
        await using var visitor = await browser.VisitAsync(server);
        await visitor.Context.AddInitScriptAsync("delete self.EventSource");
        var page = await OpenAsync(visitor);
        await UntilAsync(() => visitor.CountOf("/v1/meta") > 0);
        await ShowsAsync(page, await RecordAsync(), 10_000);
        Assert.Equal(0, visitor.CountOf(Stream));
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task From_a_day_that_is_refused_a_link_leads_to_a_page_that_follows_what_is_recorded()
    {
        await using var visitor = await browser.VisitAsync(server);
        List<string> errors = [];
        visitor.Context.WebError += (_, error) => errors.Add(error.Error);
        var page = await visitor.Context.NewPageAsync();
        await page.GotoAsync($"{Event}?asOf=2999-01-01&lang=en");
        await RecordAsync();
        await page.GetByText("The same page as of today").ClickAsync();
        await Expect(page.Locator("main h1")).ToHaveTextAsync("Kuwait International Conference for the Reconstruction of Iraq");
        await ShowsAsync(page, await RecordAsync());
        Assert.Empty(errors);
        // Of a refusal nothing is recorded that it could follow.
        Assert.Equal(1, visitor.CountOf(Stream));
    }

    [Fact]
    public async Task A_page_of_what_was_believed_then_stays_as_it_is()
    {
        await using var visitor = await browser.VisitAsync(server);
        var known = await server.VersionAsync();
        var page = await OpenAsync(visitor, $"{Event}?knownAt={known}");
        await UntilAsync(() => visitor.CountOf("/v1/meta") > 0);
        var asked = visitor.CountOf(Event);
        await RecordAsync();
        await Task.Delay(1500);
        Assert.Equal(asked, visitor.CountOf(Event));
    }

    [Fact]
    public async Task Another_day_is_shown_without_a_reload_and_back_goes_back()
    {
        await using var visitor = await browser.VisitAsync(server);
        var page = await OpenAsync(visitor);
        await page.Locator(".stamp summary").ClickAsync();
        await page.Locator("input[name=asOf]").First.FillAsync("2018-07-01");
        await page.Locator(".moment button").PressAsync("Enter");
        await page.WaitForURLAsync($"**{Event}?lang=en&asOf=2018-07-01");
        await Expect(page.Locator(".stamp time").First).ToHaveAttributeAsync("datetime", "2018-07-01");
        // Where the reader was: the form is open, and the button has the focus.
        Assert.Equal("BUTTON", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        await Expect(page.Locator(".nav a").First).ToHaveAttributeAsync("href", "/?lang=en&asOf=2018-07-01");
        await page.GoBackAsync();
        await Expect(page.Locator(".stamp time").First).Not.ToHaveAttributeAsync("datetime", "2018-07-01");
        Assert.Equal(1, await page.EvaluateAsync<int>("self.mark"));
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task The_slider_moved_back_shows_a_promise_standing_that_was_withdrawn_since_and_the_address_says_so()
    {
        await using var visitor = await browser.VisitAsync(server);
        var page = await OpenAsync(visitor, "/events/coalition-ministerial-kuwait-2018-02-13");
        var (standing, withdrawn) = (page.Locator("[data-at='/figures/stages/promisedOnly']").First, page.Locator("[data-at='/figures/stages/withdrawn']").First);
        await Expect(withdrawn).ToHaveAttributeAsync("value", "230000000");
        await page.Locator(".asof input[type=range]").EvaluateAsync("""
            (slider, day) => {
              slider.focus();
              slider.value = Date.parse(day) / 864e5;
              slider.dispatchEvent(new Event('input', { bubbles: true }));
              slider.dispatchEvent(new Event('change', { bubbles: true }));
            }
            """, "2018-07-01");
        // While it moves it says which day it is on; let go, the page is of that day.
        await Expect(page.Locator(".steps [data-day]")).ToContainTextAsync("1 July 2018");
        await page.WaitForURLAsync("**/events/coalition-ministerial-kuwait-2018-02-13?lang=en&asOf=2018-07-01");
        await Expect(standing).ToHaveAttributeAsync("value", "200000000");
        await Expect(page.Locator("#donors")).ToContainTextAsync("United States of America");
        Assert.Equal((1, "range"), (await page.EvaluateAsync<int>("self.mark"), await page.EvaluateAsync<string>("document.activeElement.type")));
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Another_day_is_shown_without_a_script_too()
    {
        await using var visitor = await browser.VisitAsync(server, hasScript: false);
        var page = await visitor.OpenAsync(Event + "?lang=en");
        await page.Locator(".stamp summary").ClickAsync();
        await page.Locator("input[name=asOf]").First.FillAsync("2018-07-01");
        await page.Locator(".moment button").ClickAsync();
        await Expect(page.Locator(".stamp time").First).ToHaveAttributeAsync("datetime", "2018-07-01");
    }

    [Fact]
    public async Task A_block_in_a_frame_tells_how_tall_it_is_and_a_page_with_frames_of_ours_gives_it_that()
    {
        await using var visitor = await browser.VisitAsync(server);
        var page = await visitor.OpenAsync("/");
        var script = await page.Locator("script[src*='site.js']").GetAttributeAsync("src");
        Task PageAsync(string path, string body) =>
            visitor.Context.RouteAsync("**" + path, route => route.FulfillAsync(new() { ContentType = "text/html", Body = $"<!DOCTYPE html>{body}<script src=\"{script}\"></script>" }));
        await PageAsync("/outer", "<main><iframe src=\"/inner\" height=\"100\"></iframe></main>");
        await PageAsync("/inner", "<style>body { margin: 0 } main { height: 345.5px }</style><body class=\"embed\"><main></main>");
        await page.GotoAsync("/outer");
        await Expect(page.Locator("iframe")).ToHaveAttributeAsync("height", "346");
    }

    private static async Task<IPage> OpenAsync(Visitor visitor, string address = Event)
    {
        var page = await visitor.OpenAsync(address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=en");
        // It goes when the page is loaded again.
        await page.EvaluateAsync("self.mark = 1");
        return page;
    }

    // A payment on a promise of the event, of an amount that no other has. The version of the dataset with it.
    private async Task<long> RecordAsync()
    {
        var pledge = (await server.GetAsync("/v1/pledges?event=kuwait-conference-2018&donor=tur&limit=1")).GetProperty("data")[0].Id();
        await server.EnterAsync(enter => enter.ContributionAsync(pledge, "payment", ++_amount, "2026-01-15"));
        return await server.VersionAsync();
    }

    private static Task<string> VersionAsync(IPage page) => page.EvaluateAsync<string>("document.querySelector('meta[name=dataset-version]').content.split('-')[0]");

    private static async Task ShowsAsync(IPage page, long version, int within = 5000) =>
        await page.WaitForFunctionAsync("version => parseInt(document.querySelector('meta[name=dataset-version]').content) >= version", version, new() { Timeout = within });

    private static async Task HideAsync(IPage page, bool isHidden) => await page.EvaluateAsync("""
        isHidden => { Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }
        """, isHidden);

    private static async Task UntilAsync(Func<bool> isSo, int within = 15_000)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(waited.ElapsedMilliseconds < within, "It did not come to that.");
            await Task.Delay(20);
        }
    }

    [GeneratedRegex("^Updated: .+")]
    private static partial Regex Updated();
}
