namespace PledgeTracker.Site;

/// <summary>To people who asked for a page, refusals are pages: what is wrong, what to ask for instead, and a way on. Programs get the problem document.</summary>
internal sealed class RefusalPages(TimeProvider clock) : IShowsProblems
{
    public async Task<bool> ShowAsync(HttpContext context, Problem problem)
    {
        var page = context.GetEndpoint()?.Metadata.GetMetadata<IsPage>();
        if (!IsForPeople(context.Request) || (page is null && (context.GetEndpoint() is not null || context.Request.Path.StartsWithSegments("/v1"))))
        {
            return false;
        }

        var language = Languages.Of(context);
        var today = clock.Today();
        var asked = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        // What was wrong in the address is not handed on, nor is an address that leads nowhere.
        var kept = asked.Where(q => q switch
        {
            { Key: "lang" } => Languages.Codes.Contains(q.Value),
            { Key: "nu" } => q.Value is "latn" or "arab",
            _ => problem.Status != StatusCodes.Status400BadRequest,
        }).ToDictionary();
        var edition = new Edition(language, today, today, "", new Address(context.Request.PathBase.Value ?? "", page is null ? "/" : context.Request.Path.ToUriComponent(), kept));
        var shown = new Shown(typeof(RefusalView), new RefusalModel(problem, asked.ContainsKey("asOf") || asked.ContainsKey("knownAt")), problem.Title, problem.Detail ?? problem.Title) { IsLive = false, IsEmbedded = page?.FrameAncestors == "*" };
        PageHeaders.Set(context, page?.FrameAncestors ?? "'none'");
        context.Response.ContentType = Format.Html.ContentType;
        await context.Response.WriteAsync(await Html.WriteAsync(context.RequestServices, edition, shown), context.RequestAborted);
        return true;
    }

    // Who names HTML, and does not want JSON more.
    private static bool IsForPeople(HttpRequest request) =>
        Accepted.Weigh(request, "text/html") is { Closeness: 3, Quality: > 0 and var wanted } && wanted >= Accepted.Weigh(request, "application/json").Quality;
}

/// <summary>What such a page shows.</summary>
/// <param name="IsOfAnotherDay">Whether the page was asked for as of a day or by what was known at a moment.</param>
public sealed record RefusalModel(Problem Problem, bool IsOfAnotherDay);
