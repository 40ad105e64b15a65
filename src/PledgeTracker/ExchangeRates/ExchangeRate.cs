using PledgeTracker.Data;
using PledgeTracker.Ledger;

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

internal sealed record ExchangeRateRow
{
    public const string Columns = "x.no, x.currency, x.date, x.usd_pico, x.provider, x.url, x.recorded_at";

    public required long No { get; init; }

    public required string Currency { get; init; }

    public required DateOnly Date { get; init; }

    public required long UsdPico { get; init; }

    public required string Provider { get; init; }

    public string? Url { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public ExchangeRate ToRate() => new()
    {
        Currency = Currency,
        Date = Date,
        UsdPerUnit = Rates.PerUnit(UsdPico),
        Provider = Provider,
        Url = Url,
        RecordedAt = RecordedAt,
    };

    /// <summary>One rate, by its number.</summary>
    public static ExchangeRate Load(IQueries queries, long no) =>
        queries.First<ExchangeRateRow>($"SELECT {Columns} FROM exchange_rate x WHERE x.no = @no", ("@no", no))!.ToRate();
}
