namespace PledgeTracker.Http;

/// <summary>RFC 9110 §9.3.2: HEAD answers what GET would, without the body. Kestrel sends no body to a HEAD, whatever is written.</summary>
internal static class HeadAsGet
{
    /// <summary>Whether the request came as a HEAD.</summary>
    public static bool IsHead(HttpContext context) => context.Items.ContainsKey(nameof(HeadAsGet));

    /// <summary>Routing names the methods that are mapped; HEAD is none of them, and works wherever GET does.</summary>
    public static void NameIn(HttpResponse response)
    {
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed && response.Headers.Allow.ToString().Split(", ").Contains(HttpMethods.Get))
        {
            response.Headers.Allow = $"{response.Headers.Allow}, {HttpMethods.Head}";
        }
    }

    public static void UseHeadAsGet(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Items[nameof(HeadAsGet)] = true;
        }

        return next(context);
    });
}
