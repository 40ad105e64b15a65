namespace PledgeTracker.ExchangeRates;

/// <summary>What one unit of a currency was worth on a day.</summary>
public sealed record ExchangeRate
{
    /// <summary>ISO 4217.</summary>
    /// <example>EUR</example>
    [Hxl("#currency+code")]
    public required string Currency { get; init; }

    [Hxl("#date+rate")]
    public required DateOnly Date { get; init; }

    /// <summary>US dollars for one unit of the currency.</summary>
    /// <example>1.1278</example>
    [Hxl("#value+rate+usd")]
    public required decimal UsdPerUnit { get; init; }

    /// <summary>Who published the rate.</summary>
    [Hxl("#org+name+provider")]
    public required string Provider { get; init; }

    [Hxl("#meta+url")]
    public required string? Url { get; init; }

    [Hxl("#date+recorded")]
    public required DateTimeOffset RecordedAt { get; init; }
}
