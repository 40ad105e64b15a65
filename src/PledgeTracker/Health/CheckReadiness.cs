using System.Text.Json.Serialization;

namespace PledgeTracker.Health;

/// <summary>The database answers and takes writes.</summary>
public sealed class CheckReadiness : Endpoint<NoParameters, ReadyState>
{
    public required Readiness Readiness { get; init; }

    public required Backups.BackupSchedule Backups { get; init; }

    public override void Configure()
    {
        Get("/health/ready");
        Definition.Describe("Health", "Can it serve",
            "Reads the database and writes once, leaving nothing: send no traffic while this fails. An answer holds for a second, whoever asks.",
            [(200, typeof(ReadyState))], [400, 503]);
    }

    public override async Task HandleAsync(NoParameters request, CancellationToken ct)
    {
        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        await Readiness.CheckAsync(ct);
        await Send.OkAsync(new ReadyState("ready", Backups.State), ct);
    }
}

/// <param name="Status">`ready`.</param>
/// <param name="Backup">How the backups are that the server takes; only where it takes any.</param>
public sealed record ReadyState(string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Backups.BackupState? Backup);
