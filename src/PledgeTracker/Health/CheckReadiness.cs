namespace PledgeTracker.Health;

/// <summary>The database answers and takes writes.</summary>
public sealed class CheckReadiness : Endpoint<NoParameters, HealthState>
{
    public required Readiness Readiness { get; init; }

    public override void Configure()
    {
        Get("/health/ready");
        Definition.Describe("Health", "Can it serve",
            "Reads the database and waits for the writer once: send no traffic while this fails. An answer holds for a second, whoever asks.",
            [(200, typeof(HealthState))], [400, 503]);
    }

    public override async Task HandleAsync(NoParameters request, CancellationToken ct)
    {
        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        await Readiness.CheckAsync(ct);
        await Send.OkAsync(new HealthState("ready"), ct);
    }
}
