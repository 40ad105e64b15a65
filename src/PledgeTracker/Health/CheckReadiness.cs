using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Health;

/// <summary>The database answers and the writer takes work.</summary>
internal sealed class CheckReadiness : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health/ready", Handle)
        .Plain("CheckReadiness", "Health", "Can it serve", "Reads the database and waits for the writer once: send no traffic while this fails.")
        .Refuses(503);

    private static async Task<Ok<HealthState>> Handle(Readers readers, Writer writer, CancellationToken cancellation)
    {
        using (var snapshot = await readers.OpenAsync(cancellation))
        {
            snapshot.First<long>("SELECT 1");
        }

        await writer.WriteAsync(write => write.First<long>("SELECT 1"), cancellation);
        return TypedResults.Ok(new HealthState("ready"));
    }
}
