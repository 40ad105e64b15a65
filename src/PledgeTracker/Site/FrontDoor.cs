using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace PledgeTracker.Site;

internal static class FrontDoor
{
    public static void AddPages(this IServiceCollection services)
    {
        // Arabic stays as it is: escaped, a page would be three times as long.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<Answerers>();
        services.AddSingleton<IShowsProblems, RefusalPages>();
    }

    /// <summary>Who names HTML gets the page; programs, which name JSON or nothing, are shown to the document as ever.</summary>
    public static void UseFrontDoor(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Path != "/" || !HttpMethods.IsGet(context.Request.Method) || Accepted.Weigh(context.Request, "text/html") is { Quality: > 0, Closeness: 3 })
        {
            return next(context);
        }

        context.Response.Headers.Vary = "Accept";
        context.Response.Redirect(Pipeline.Seen(context, "/swagger")!);
        return Task.CompletedTask;
    });

    /// <summary>A form sends what was left empty, too. To a page that is as if it were not there, so that it works without a script.</summary>
    public static void UseFormsOfPages(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IsPage>() is not null && context.Request.Query.Any(q => q.Value.ToString().Length == 0))
        {
            context.Request.QueryString = QueryString.Create(context.Request.Query.Where(q => q.Value.ToString().Length > 0));
        }

        return next(context);
    });
}
