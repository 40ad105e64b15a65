using Microsoft.AspNetCore.Diagnostics;

namespace PledgeTracker.Http;

/// <summary>The one place where exceptions end. What is refused is answered before (<see cref="Problems"/>); what arrives here is a fault, a database that does not answer, or a broken request.</summary>
internal sealed class FaultHandler(Db db, ILogger<FaultHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested && exception is (OperationCanceledException or IOException))
        {
            // The client has gone; there is nobody to tell, and nothing went wrong here.
            return true;
        }

        var refused = exception switch
        {
            BadHttpRequestException bad => new Refused(Problems.CodeFor(bad.StatusCode)),
            TimeoutException or OperationCanceledException => new Refused("busy", new("Try again in a moment.", "أعد المحاولة بعد قليل.")),
            _ => db.Engine.Explain(exception) ?? new Refused("internal_error"),
        };
        if (refused.Code == "internal_error")
        {
            log.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        }

        await Problems.WriteAsync(context, refused);
        return true;
    }
}
