using PledgeTracker.Shortfalls;

namespace PledgeTracker.Funds;

/// <summary>What a fund was said to lack, reading after reading, and what came in against each. The readings are of one gauge and never added up.</summary>
public sealed record FundGauge
{
    public required Ref Fund { get; init; }

    /// <summary>The day as of which it stands; today where none was asked for.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>How it was read, and what of it is as now; null where neither `asOf` nor `knownAt` was asked for.</summary>
    public required Basis? AsOfBasis { get; init; }

    /// <summary>In the order of stating.</summary>
    public required IReadOnlyList<GaugeReading> Readings { get; init; }
}

/// <summary>A reported shortfall, as it stood on the day.</summary>
public sealed record GaugeReading
{
    /// <summary>Of the statement: `/v1/shortfalls/{id}` shows it.</summary>
    public required string Id { get; init; }

    public required DateOnly StatedOn { get; init; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public required string DatePrecision { get; init; }

    public required string? StatedBy { get; init; }

    /// <summary>Null where the statement speaks of "now" or of "until" a day.</summary>
    public required DateOnly? PeriodStart { get; init; }

    public required DateOnly? PeriodEnd { get; init; }

    public required decimal Amount { get; init; }

    /// <example>USD</example>
    public required string Currency { get; init; }

    public required decimal AmountUsd { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    /// <summary>No later statement about this fund, made by the day, speaks of the same time.</summary>
    public required bool Current { get; init; }

    /// <summary>The id of the next later statement that speaks of the same time.</summary>
    public required string? SupersededBy { get; init; }

    /// <inheritdoc cref="Coverage.WindowOpen"/>
    public required bool WindowOpen { get; init; }

    /// <inheritdoc cref="Coverage.WindowEnd"/>
    public required DateOnly? WindowEnd { get; init; }

    /// <summary>What had come in against it by the end of the day; of what was superseded, until its window closed.</summary>
    public required CoverageDay Coverage { get; init; }

    public required IReadOnlyList<Citation> Citations { get; init; }
}
