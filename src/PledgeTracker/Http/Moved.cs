namespace PledgeTracker.Http;

/// <summary>308: what was asked for answers at another address. Thrown by a read; answered where refusals are (<see cref="Problems"/>), and without a body.</summary>
internal sealed class Moved(string address) : Exception(address)
{
    public void Answer(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status308PermanentRedirect;
        // What was asked of it is asked there, too: its language, or the day it is read as of.
        response.Headers.Location = Pipeline.Seen(response.HttpContext, Message) + response.HttpContext.Request.QueryString;
        // It moved for good, but where it went may move in its turn: ask again.
        response.Headers.CacheControl = "no-cache";
    }
}
