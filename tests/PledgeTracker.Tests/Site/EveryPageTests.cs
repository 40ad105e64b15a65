using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PledgeTracker.Tests.Site;

/// <summary>What holds for every page, in both languages, on a phone and on a desk. `PLEDGETRACKER_SHOTS` names a folder to which a picture of each is written.</summary>
[Collection<InABrowser>]
public sealed partial class EveryPageTests(TestServer server, Browser browser) : IClassFixture<TestServer>
{
    /// <summary>The pages, by the names of their pictures.</summary>
    private static readonly (string Name, string Address)[] Pages =
    [
        ("overview", "/"),
        ("event", "/events/kuwait-conference-2018"),
        ("event-past", "/events/kuwait-conference-2018?asOf=2018-07-01"),
        ("event-table", "/events/coalition-nato-2018-07-12?view=table"),
        ("fund", "/funds/undp-ffs"),
        ("donor", "/donors/usa"),
        ("donor-unpledged", "/donors/fin"),
        ("pledge", "/pledges/019b76da-a800-8e45-8dfb-36fd1ca58378"),
        ("about", "/about"),
        ("search", "/?q=kuwait"),
        ("embed-donors", "/embed/donors?event=coalition-nato-2018-07-12"),
        ("embed-steps", "/embed/steps?fund=ne-syria-stabilization"),
        ("embed-gap", "/embed/gap?fund=ne-syria-stabilization"),
        ("record", "/record"),
        ("embed-stages", "/embed/stages?event=kuwait-conference-2018"),
    ];

    private static readonly int[] Widths = [390, 1280];

    private static readonly AxeRunOptions Rules = new() { ResultTypes = [ResultType.Violations], RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };

    public static TheoryData<string> All => [.. Pages.Select(page => page.Address)];

    [Theory(SkipType = typeof(TestDatabase), SkipWhen = nameof(TestDatabase.IsPostgres), Skip = "How a page looks does not depend on the engine: this runs on SQLite.")]
    [MemberData(nameof(All))]
    public async Task A_page_has_no_errors_fits_its_width_and_is_accessible(string address)
    {
        var faults = await Task.WhenAll(InAsync("en"), InAsync("ar"));
        Assert.True(faults.All(f => f.Count == 0), string.Join('\n', faults.SelectMany(f => f)));

        async Task<List<string>> InAsync(string language)
        {
            List<string> faults = [];
            await using var visitor = await browser.VisitAsync(server, Widths[0]);
            var page = await visitor.OpenAsync(In(address, language));
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                faults.AddRange((await FaultsAsync(page, width)).Select(fault => $"{language}, {width} px: {fault}"));
                await ShootAsync(page, $"{Pages.First(p => p.Address == address).Name}-{language}-{width}");
            }

            return [.. faults, .. visitor.Faults];
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task All_that_a_page_says_is_there_without_a_script(string address)
    {
        foreach (var language in (string[])["en", "ar"])
        {
            var texts = await Task.WhenAll(TextAsync(hasScript: true, language), TextAsync(hasScript: false, language));
            Assert.NotEmpty(texts[0]);
            Assert.Equal(texts[1], texts[0]);
        }

        async Task<string> TextAsync(bool hasScript, string language)
        {
            await using var visitor = await browser.VisitAsync(server, hasScript: hasScript);
            var page = await visitor.OpenAsync(In(address, language));
            return await page.EvaluateAsync<string>("document.body.textContent.replace(/\\s+/g, ' ').trim()");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_script_of_a_page_weighs_less_than_8_kB_compressed(string address)
    {
        var page = await server.AskAsync(address, null, ("Accept", "text/html"));
        var scripts = Script().Matches(page.Text).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        var weight = 0;
        foreach (var script in scripts)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, script);
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            using var answer = await server.Client.SendAsync(request);
            Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
            weight += (await answer.Content.ReadAsByteArrayAsync()).Length;
        }

        Assert.InRange(weight, 1, 8191);
    }

    /// <summary>Writes a picture of a page where pictures are asked for.</summary>
    internal static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PLEDGETRACKER_SHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    /// <summary>What does not fit, and which rules of accessibility it breaks.</summary>
    internal static async Task<List<string>> FaultsAsync(IPage page, int width)
    {
        List<string> faults = [];
        if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var needed && needed > width)
        {
            var widest = await page.EvaluateAsync<string>("""
                width => [...document.body.querySelectorAll('*')].filter(e => { const r = e.getBoundingClientRect(); return r.right > width + 1 || r.left < -1; })
                  .slice(0, 3).map(e => e.outerHTML.slice(0, 160)).join('\n    ')
                """, width);
            faults.Add($"it is {needed} px wide:\n    {widest}");
        }

        var found = await page.RunAxe(Rules);
        return [.. faults, .. found.Violations.Select(v => $"{v.Id}: {v.Help}:\n    {string.Join("\n    ", v.Nodes.Take(3).Select(n => n.Html))}")];
    }

    private static string In(string address, string language) => $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={language}";

    [GeneratedRegex("<script src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
