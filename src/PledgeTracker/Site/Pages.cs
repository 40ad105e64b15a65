using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Site.Components;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>What every page may be asked: the state of a page is its address.</summary>
public abstract record PageRequest : PastRequest
{
    /// <summary>The digits of Arabic pages: `latn`, or `arab` for those of the East.</summary>
    public string? Nu { get; init; }

    /// <summary>`table` shows tables in place of charts.</summary>
    public string? View { get; init; }
}

/// <summary>The rules of that.</summary>
public abstract class PageRules<TRequest> : PastRules<TRequest>
    where TRequest : PageRequest
{
    protected PageRules()
    {
        RuleFor(r => r.Nu).IsOneOf(["latn", "arab"]);
        RuleFor(r => r.View).IsOneOf(["chart", "table"]);
    }
}

/// <summary>A page: HTML that is complete without a script.</summary>
public abstract class Pages<TRequest> : Asks<TRequest>
    where TRequest : PageRequest
{
    private protected sealed override Format Own => Format.Html;

    /// <summary>Who may show the page in a frame.</summary>
    private protected virtual string FrameAncestors => "'none'";

    /// <summary>The page's address, and what it is for.</summary>
    protected void Shows(string route, string summary)
    {
        Get(route);
        Definition.Summary(s => s.Summary = summary);
        Definition.Description(builder => builder.ExcludeFromDescription().WithMetadata(new IsPage(FrameAncestors)), clearDefaults: true);
    }

    public override void OnBeforeValidate(TRequest req) => PageHeaders.Set(HttpContext, FrameAncestors);

    private protected sealed override async Task<string> WriteAsync(TRequest request, Edition edition) => await Html.WriteAsync(Services, edition, await ShowAsync(request, edition));

    /// <summary>Asks what the page shows, and says which component shows it.</summary>
    /// <exception cref="Refused">There is no such page.</exception>
    protected abstract Task<Shown> ShowAsync(TRequest request, Edition edition);

    /// <summary>What was promised at an event or to a fund, by whom, and how it went.</summary>
    private protected async Task<Parts> PartsAsync(Subject of)
    {
        var instruments = await AskAsync<Summary>(of.Instruments);
        var sums = new Parts { Promises = (await AskAsync<Summary>(of.Promised)).Total.Pledges, Instruments = instruments, Donors = await AskAsync<Summary>(of.Donors) };
        if (IsLarge(instruments))
        {
            return sums;
        }

        var shown = sums.Donors.Rows.Select(row => row.Key).OfType<string>().ToList();
        var (series, api) = await SeriesAsync(of);
        return sums with
        {
            Pledges = shown.Count == 0 ? new([], null) : await AskAsync<Page<PledgeItem>>(of.Pledges(shown)),
            Series = series,
            StepsApi = api,
            Ageing = (await AskAsync<Summary>(of.Ageing)).Total.Measures.Ageing,
        };
    }

    /// <summary>Whether there are more promises and contributions than can be read entry by entry for a page. Their sums are kept: to count is next to nothing.</summary>
    private protected async Task<bool> IsLargeAsync(Subject of) => IsLarge(await AskAsync<Summary>(of.All));

    private static bool IsLarge(Summary all) => all.Total.Pledges > Parts.MostDrawn;

    /// <summary>The steps over time, or, of more days than are told one by one, quarters; and the address of that answer.</summary>
    private protected async Task<(TimeSeries Series, string Api)> SeriesAsync(Subject of)
    {
        try
        {
            return (await AskAsync<TimeSeries>(of.Steps), of.StepsApi);
        }
        catch (Refused refused) when (refused.Faults?.Any(fault => fault.Code == "too_many") == true)
        {
            return (await AskAsync<TimeSeries>(of.Quarters), of.QuartersApi);
        }
    }

    /// <summary>What its funds lack by the latest statements, the funds among them; one gauge more than are shown, where there are more.</summary>
    private protected async Task<(IReadOnlyList<string> Funds, IReadOnlyList<Shortfall<string>> Gaps)> GapsAsync(Subject of)
    {
        var funds = of.Kind == "fund" ? [of.Id] : (await AskAsync<Summary>(of.Funds)).Rows.Select(row => row.Key).OfType<string>().ToList();
        return (funds, funds.Count == 0 ? [] : (await AskAsync<Page<Shortfall<string>>>(of.Gaps(funds, Gaps.Most + 1))).Data);
    }
}

/// <summary>A component and what it shows.</summary>
/// <param name="Component">A Razor component with a parameter of the type of <paramref name="Model"/>, called Model.</param>
/// <param name="Title">Of the page, and in the reader's language.</param>
public sealed record Shown(Type Component, object Model, string Title, string Description)
{
    /// <summary>Which part of the site it is in, as its navigation names it.</summary>
    public string? Part { get; init; }

    /// <summary>Whether it stands alone, in a frame of another site.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Whether it follows what is recorded while it is open.</summary>
    public bool IsLive { get; init; } = true;

    /// <summary>Its script.</summary>
    public string Script { get; init; } = "site.js";
}

/// <summary>An endpoint that is a page: to a browser its refusals are pages, too.</summary>
/// <param name="FrameAncestors">Who may show it in a frame.</param>
internal sealed record IsPage(string FrameAncestors);

internal static class PageHeaders
{
    /// <summary>Scripts and styles from this server alone, and none in the page. Who may frame it is said in one way only: <c>X-Frame-Options</c> cannot say "anybody".</summary>
    public static void Set(HttpContext context, string frameAncestors)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; " +
            $"form-action 'self'; frame-ancestors {frameAncestors}";
        headers.XFrameOptions = frameAncestors == "'none'" ? "DENY" : default(string);
    }
}
