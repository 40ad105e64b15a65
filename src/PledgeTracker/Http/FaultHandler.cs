using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;
using PledgeTracker.Data;
using SQLitePCL;

namespace PledgeTracker.Http;

/// <summary>The one place where exceptions end. Expected outcomes are return values; what arrives here is a fault, a full queue or a broken request.</summary>
internal sealed class FaultHandler(ILogger<FaultHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested && exception is (OperationCanceledException or IOException))
        {
            // The client has gone; there is nobody to tell, and nothing went wrong here.
            return true;
        }

        var refusal = exception switch
        {
            BadHttpRequestException bad => new Refusal(Refusal.CodeFor(bad.StatusCode)),
            // The last: an outside program writes to the database and does not end.
            WriterBusyException or TimeoutException or OperationCanceledException or SqliteException { SqliteErrorCode: raw.SQLITE_BUSY } => new Refusal("busy", new("Try again in a moment.", "أعد المحاولة بعد قليل.")),
            SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } => new Refusal("query_timeout", new("Narrow the filters.", "ضيق نطاق المرشحات.")),
            _ => new Refusal("internal_error"),
        };
        if (refusal.Status == 500)
        {
            log.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        }

        await refusal.WriteAsync(context);
        return true;
    }
}
