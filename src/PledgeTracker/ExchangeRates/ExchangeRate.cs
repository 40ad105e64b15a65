namespace PledgeTracker.ExchangeRates;

/// <summary>What one unit of a currency was worth on a day.</summary>
public sealed record ExchangeRate
{
    /// <summary>ISO 4217.</summary>
    /// <example>EUR</example>
    public required string Currency { get; init; }

    public required DateOnly Date { get; init; }

    /// <summary>US dollars for one unit of the currency.</summary>
    /// <example>1.1278</example>
    public required decimal UsdPerUnit { get; init; }

    /// <summary>Who published the rate.</summary>
    public required string Provider { get; init; }

    public required string? Url { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}
