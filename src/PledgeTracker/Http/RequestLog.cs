using System.Diagnostics;

namespace PledgeTracker.Http;

/// <summary>
/// One line per request: method, the path as the document has it, status, duration, whose key, and the request's id, which problems name. Neither a query nor a body is in it,
/// nor a header but `X-Request-Id`, by which proxies and clients name a request.
/// </summary>
/// <remarks>Setting `Logging:LogLevel:PledgeTracker.Http.RequestLog`: `Warning` for none.</remarks>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    private const string None = "-";
    private const int Longest = 64;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!log.IsEnabled(LogLevel.Information))
        {
            await next(context);
            return;
        }

        // A HEAD is a GET on its way.
        var (begun, method) = (Stopwatch.GetTimestamp(), context.Request.Method);
        try
        {
            await next(context);
        }
        finally
        {
            log.LogInformation("{Method} {Route} {Status} {Milliseconds} ms {Caller} {RequestId} {ClientRequestId}", Visible(method), RouteOf(context),
                context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode,
                Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 1), context.Features.Get<Caller>()?.Id ?? None, context.TraceIdentifier,
                Visible(context.Request.Headers["X-Request-Id"].ToString()));
        }
    }

    /// <summary>The path of the operation, with names for ids; nothing that a client wrote.</summary>
    public static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? None;

    // What a client sends could look like another line, or move the cursor of who reads it.
    private static string Visible(string sent) => sent.Length == 0 ? None : string.Concat(sent.Where(c => c is > ' ' and < '\u007F').Take(Longest));
}
