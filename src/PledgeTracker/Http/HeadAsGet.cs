namespace PledgeTracker.Http;

/// <summary>RFC 9110 §9.3.2: HEAD answers what GET would, without the body. Kestrel sends no body to a HEAD, whatever is written.</summary>
internal static class HeadAsGet
{
    public static void UseHeadAsGet(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });
}
