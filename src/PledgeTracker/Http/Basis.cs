namespace PledgeTracker.Http;

/// <summary>How an answer as of a day was read.</summary>
public sealed record Basis
{
    /// <summary>The day at whose end everything stands.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>The last change that was known; null where all that is known now counts.</summary>
    public required KnownAt? KnownAt { get; init; }

    /// <summary>The rules that were applied, in words.</summary>
    public required IReadOnlyList<BasisRule> Rules { get; init; }
}

/// <summary>A moment of the dataset.</summary>
/// <param name="Sequence">Of the last change that was made by then.</param>
/// <param name="At">When that was.</param>
public sealed record KnownAt(long Sequence, DateTimeOffset At);

/// <summary>A rule that was applied.</summary>
/// <param name="Code">A word for programs. More may come.</param>
/// <param name="Text">In the negotiated language.</param>
public sealed record BasisRule(string Code, string Text);
