namespace PledgeTracker.Http;

internal static class Callers
{
    extension(Caller)
    {
        /// <summary>Who sends a request to an operation that declares a role.</summary>
        public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("This route declares no role.");
    }
}
