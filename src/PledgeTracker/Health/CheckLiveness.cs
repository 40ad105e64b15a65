namespace PledgeTracker.Health;

/// <summary>The process answers.</summary>
public sealed class CheckLiveness : Endpoint<NoParameters, HealthState>
{
    public override void Configure()
    {
        Get("/health/live");
        Definition.Describe("Health", "Is the process up", "Touches nothing else: restart the server when this fails.", [(200, typeof(HealthState))], [400]);
    }

    public override Task HandleAsync(NoParameters request, CancellationToken ct)
    {
        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        return Send.OkAsync(new HealthState("live"), ct);
    }
}

/// <param name="Status">`live`.</param>
public sealed record HealthState(string Status);

/// <summary>What an operation outside the data is asked: nothing, not even for a language.</summary>
public sealed record NoParameters;
