using PledgeTracker.Http;

namespace PledgeTracker.Health;

/// <summary>The process answers.</summary>
internal sealed class CheckLiveness : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health/live", () => TypedResults.Ok(new HealthState("live")))
        .Plain("CheckLiveness", "Health", "Is the process up", "Touches nothing else: restart the server when this fails.");
}

/// <param name="Status">`live` or `ready`.</param>
public sealed record HealthState(string Status);
