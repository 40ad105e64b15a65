using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace PledgeTracker.Tests.Site;

/// <summary>How tests read pages: without a script, as they are sent.</summary>
internal static class Browsing
{
    public static readonly (string, string) Html = ("Accept", "text/html");

    /// <summary>A page that is there.</summary>
    public static async Task<IHtmlDocument> PageAsync(this TestServer server, string path)
    {
        var answer = await server.AskAsync(path, null, Html);
        Assert.True(answer.Status == 200, $"GET {path}: {answer.Status} {answer.Text}");
        return Parsed(answer.Text);
    }

    public static IHtmlDocument Parsed(string html) => new HtmlParser().ParseDocument(html);

    /// <summary>What is read: one space for any white space, and none at the ends.</summary>
    public static string Said(this IParentNode page, string selector) => page.QuerySelector(selector) is { } found ? Said(found) : throw new InvalidOperationException($"There is no {selector}.");

    public static string Said(this INode node) => string.Join(' ', node.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static IEnumerable<string> SaidOfAll(this IParentNode page, string selector) => page.QuerySelectorAll(selector).Select(Said);

    /// <summary>The figures with where each stands in which answer.</summary>
    public static IEnumerable<(decimal Value, string At, string Api)> Figures(this IParentNode page) => page.QuerySelectorAll("data[value][data-at]").Select(figure =>
        (decimal.Parse(figure.GetAttribute("value")!, CultureInfo.InvariantCulture), figure.GetAttribute("data-at")!,
            figure.Closest("[data-api]")?.GetAttribute("data-api") ?? throw new InvalidOperationException($"No answer is named around {figure.OuterHtml}.")));
}
