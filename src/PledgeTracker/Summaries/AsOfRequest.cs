namespace PledgeTracker.Summaries;

/// <summary>What a read may be asked that looks back.</summary>
public abstract record AsOfRequest : ReadRequest
{
    /// <inheritdoc cref="SelectionRequest.AsOf"/>
    public DateOnly? AsOf { get; init; }

    /// <inheritdoc cref="SelectionRequest.KnownAt"/>
    public string? KnownAt { get; init; }
}

/// <summary>The rules of what such a read may be asked.</summary>
public abstract class AsOfRules<TRequest> : ReadRules<TRequest>
    where TRequest : AsOfRequest
{
    protected AsOfRules() => RuleFor(r => r.KnownAt).IsMoment();
}
