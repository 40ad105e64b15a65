using System.Reflection;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Health;

/// <summary>Which build this is, and how far its data goes.</summary>
internal sealed class GetVersion : IEndpoint
{
    private static readonly string Number = typeof(GetVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/version", (DatasetVersion dataset) => TypedResults.Ok(new VersionInfo(Number, dataset.Value)))
        .Plain("GetVersion", "Health", "Version", "Which build this is, and how far its data goes.");
}

/// <param name="Version">The program's version.</param>
/// <param name="DatasetVersion">The sequence of the last change; grows with every write.</param>
public sealed record VersionInfo(string Version, long DatasetVersion);
