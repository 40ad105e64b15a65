using System.Net;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Site;

/// <summary>Pages as a browser asks for them and a person reads them.</summary>
internal static partial class Reading
{
    /// <summary>What a browser says that it takes.</summary>
    public const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    /// <summary>A page as it is sent.</summary>
    public static async Task<string> HtmlAsync(this TestServer server, string path, int expected = 200)
    {
        var answer = await server.AskAsync(path, null, ("Accept", Browser));
        Assert.True(answer.Status == expected, $"{path}: {answer.Status} {answer.Text}");
        Assert.Equal("text/html; charset=utf-8", answer.Header("Content-Type"));
        Assert.Contains("script-src 'self'; style-src 'self'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        return answer.Text;
    }

    /// <summary>What stands on it, as it is read: without its markup and with one space between words.</summary>
    public static async Task<string> ReadAsync(this TestServer server, string path, int expected = 200) => Text(await server.HtmlAsync(path, expected));

    /// <summary>What a page says between its bar and its foot.</summary>
    public static string Text(string page)
    {
        var main = page[page.IndexOf("<main", StringComparison.Ordinal)..page.IndexOf("</main>", StringComparison.Ordinal)];
        return White().Replace(WebUtility.HtmlDecode(Tag().Replace(Blocks().Replace(main, " "), "")), " ").Trim();
    }

    /// <summary>The first words that stand in an element of a class.</summary>
    public static string Lead(string page) => White().Replace(WebUtility.HtmlDecode(Tag().Replace(LeadOf().Match(page).Groups[1].Value, "")), " ").Trim();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("</?(p|li|dt|dd|td|th|h1|h2|h3|div|tr|summary|blockquote|button|label|option)\\b[^>]*>")]
    private static partial Regex Blocks();

    [GeneratedRegex("""<p class="lead"[^>]*>(.*?)</p>""", RegexOptions.Singleline)]
    private static partial Regex LeadOf();

    [GeneratedRegex(@"[\s\u00A0]+")]
    private static partial Regex White();
}
