using System.Reflection;

namespace PledgeTracker.Health;

/// <summary>Which build this is, and how far its data goes.</summary>
public sealed class GetVersion : Endpoint<NoParameters, VersionInfo>
{
    public static readonly string Number = typeof(GetVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public required Db Db { get; init; }

    public override void Configure()
    {
        Get("/version");
        Definition.Describe("Health", "Version", "Which build this is, and how far its data goes.", [(200, typeof(VersionInfo))], [400, 503]);
    }

    public override async Task HandleAsync(NoParameters request, CancellationToken ct)
    {
        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        var head = await Db.ReadAsync(view => Task.FromResult(view.Head), long.MaxValue, ct);
        HttpContext.Response.Headers[DatasetVersion.Header] = head.Version;
        await Send.OkAsync(new VersionInfo(Number, head.Sequence), ct);
    }
}

/// <param name="Version">The program's version.</param>
/// <param name="DatasetVersion">The sequence of the last change; grows with every write.</param>
public sealed record VersionInfo(string Version, long DatasetVersion);
