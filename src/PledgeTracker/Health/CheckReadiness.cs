using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Http;

namespace PledgeTracker.Health;

/// <summary>The database answers and the writer takes work.</summary>
internal sealed class CheckReadiness : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health/ready", Handle)
        .Plain("CheckReadiness", "Health", "Can it serve",
            "Reads the database and waits for the writer once: send no traffic while this fails. An answer holds for a second, whoever asks.")
        .Refuses(503);

    private static async Task<Ok<HealthState>> Handle(Readiness readiness, CancellationToken cancellation)
    {
        await readiness.CheckAsync(cancellation);
        return TypedResults.Ok(new HealthState("ready"));
    }
}
