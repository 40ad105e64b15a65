namespace PledgeTracker.Summaries;

/// <summary>What a read may be asked that looks back.</summary>
public abstract record AsOfRequest : ReadRequest
{
    /// <summary>As it stood at the end of this day, by the corrected truth of now. For example `2018-07-01`.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>What was believed then: only what had been recorded by this instant (RFC 3339, such as `2026-01-31T12:00:00Z`) or by this `Dataset-Version`.</summary>
    public string? KnownAt { get; init; }
}

/// <summary>The rules of what such a read may be asked.</summary>
public abstract class AsOfRules<TRequest> : ReadRules<TRequest>
    where TRequest : AsOfRequest
{
    protected AsOfRules() => RuleFor(r => r.KnownAt).IsMoment();
}
