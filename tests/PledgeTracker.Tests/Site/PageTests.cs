using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Site;

/// <summary>What holds of every page, whatever it shows.</summary>
public sealed partial class PageTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Pages = ["/", "/events/kuwait-conference-2018", "/funds/undp-ffs", "/donors/usa", "/pledges/019b76da-a800-8e45-8dfb-36fd1ca58378", "/about", "/?q=kuwait"];

    [Fact]
    public async Task A_page_runs_no_script_and_takes_no_style_but_from_this_server_and_nobody_frames_it()
    {
        foreach (var page in Pages)
        {
            var answer = await BrowseAsync(page);
            var rules = answer.Header("Content-Security-Policy")!.Split("; ").ToDictionary(rule => rule.Split(' ')[0], rule => rule[(rule.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            Assert.Equal("'self'", rules["script-src"]);
            Assert.Equal("'self'", rules["style-src"]);
            Assert.Equal("'none'", rules["default-src"]);
            Assert.Equal("'none'", rules["object-src"]);
            Assert.Equal("'none'", rules["base-uri"]);
            Assert.Equal("'self'", rules["form-action"]);
            Assert.Equal("'none'", rules["frame-ancestors"]);
            Assert.Equal("DENY", answer.Header("X-Frame-Options"));
            Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
            Assert.Null(answer.Header("Set-Cookie"));
            Assert.DoesNotMatch(Inline(), answer.Text);
        }
    }

    [Fact]
    public async Task A_page_is_conditional_like_every_read_and_each_language_is_another()
    {
        foreach (var page in Pages)
        {
            var english = await BrowseAsync(page);
            Assert.Equal("text/html; charset=utf-8", english.Header("Content-Type"));
            Assert.Equal("public, no-cache", english.Header("Cache-Control"));
            Assert.Contains("Accept-Language", english.Header("Vary")!, StringComparison.Ordinal);
            var again = await BrowseAsync(page, ("If-None-Match", english.Header("ETag")!));
            Assert.Equal(304, again.Status);
            Assert.Equal("", again.Text);
            var arabic = await BrowseAsync(page, ("Accept-Language", "ar-IQ, ar;q=0.9, en;q=0.5"), ("If-None-Match", english.Header("ETag")!));
            Assert.Equal(200, arabic.Status);
            Assert.Equal("ar", arabic.Header("Content-Language"));
            Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", arabic.Text, StringComparison.Ordinal);
            Assert.Contains("<html lang=\"en\" dir=\"ltr\">", english.Text, StringComparison.Ordinal);
            Assert.Equal((await server.AskAsync("/v1/meta")).Header("Dataset-Version"), english.Header("Dataset-Version"));
        }
    }

    [Fact]
    public async Task What_a_page_is_made_of_is_there_for_good_under_an_address_of_its_own()
    {
        var files = OwnFile().Matches((await BrowseAsync("/")).Text).Select(m => m.Value).Distinct().ToList();
        Assert.Equal([".css", ".js", ".svg"], files.Select(Path.GetExtension).Distinct().Order());
        foreach (var file in files)
        {
            var answer = await server.AskAsync(file);
            Assert.Equal(200, answer.Status);
            Assert.Equal("public, max-age=31536000, immutable", answer.Header("Cache-Control"));
            Assert.Equal(404, (await server.AskAsync(file.Replace("/site/", "/site/0", StringComparison.Ordinal))).Status);
        }
    }

    [Fact]
    public async Task The_root_is_a_page_to_a_browser_and_leads_programs_to_the_document_as_before()
    {
        Assert.StartsWith("<!DOCTYPE html>", (await server.AskAsync("/", null, ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"))).Text, StringComparison.Ordinal);
        foreach (var accept in (string[])["application/json", "*/*"])
        {
            var answer = await server.AskAsync("/", null, ("Accept", accept));
            Assert.Equal((302, "/swagger", "Accept"), (answer.Status, answer.Header("Location"), answer.Header("Vary")));
        }
    }

    [Fact]
    public async Task Links_of_a_page_stay_behind_the_prefix_that_a_proxy_took_off()
    {
        await using var proxied = new TestServer { Settings = ["--Proxies=127.0.0.1"] };
        await proxied.InitializeAsync();
        foreach (var page in Pages)
        {
            var answer = await proxied.AskAsync(page, null, ("Accept", "text/html"), ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Prefix", "/aid"));
            Assert.Equal(200, answer.Status);
            var own = Address().Matches(answer.Text).Select(m => m.Groups[1].Value).ToList();
            Assert.NotEmpty(own);
            Assert.All(own, address => Assert.StartsWith("/aid/", address, StringComparison.Ordinal));
        }
    }

    private Task<Answer> BrowseAsync(string page, params (string, string)[] headers) => server.AskAsync(page, null, [("Accept", "text/html"), .. headers]);

    // Handlers, styles and scripts in the page itself.
    [GeneratedRegex("""<[^>]*\s(on[a-z]+|style)\s*=|<style|<script(?![^>]*\ssrc=)|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex("""/site/[0-9a-f]+/[a-z.]+""")]
    private static partial Regex OwnFile();

    [GeneratedRegex("\\s(?:href|src|action|data-api)=\"(/[^\"]*)\"")]
    private static partial Regex Address();
}
