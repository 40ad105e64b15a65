namespace PledgeTracker.Ledger;

/// <summary>US dollars from other currencies.</summary>
internal static class Rates
{
    /// <summary>A rate older than this says nothing about the day.</summary>
    public const int OldestInDays = 45;

    /// <summary>Rates are kept as US dollars for one unit, times this.</summary>
    public const long Pico = 1_000_000_000_000;

    /// <summary>US dollars for one unit, as they were sent.</summary>
    public static decimal PerUnit(long pico) => new decimal(pico) / Pico / 1.0000000000000000000000000000m;

    /// <summary>The nearest rate at most 45 days older than the day; null when there is none.</summary>
    public static Task<Rate?> NearestAsync(Session session, string currency, DateOnly date) => session.Sql.QueryFirstOrDefaultAsync<Rate>("""
        SELECT no, currency, usd_pico FROM exchange_rate
        WHERE currency = @currency AND date <= @date AND date >= @oldest
        ORDER BY date DESC, no DESC LIMIT 1
        """, new { currency, date, oldest = date.AddDays(-OldestInDays) });
}

/// <summary>A loaded rate.</summary>
internal sealed record Rate
{
    // How many units of a currency a US cent is worth as much as, by its number of decimals: 10^decimals ÷ 100, times a pico of a dollar.
    private static readonly long[] PicoOfACent = [Rates.Pico / 100, Rates.Pico / 10, Rates.Pico, Rates.Pico * 10];

    public required long No { get; init; }
    public required string Currency { get; init; }
    public required long UsdPico { get; init; }

    /// <summary>The US dollars of an amount; null when they are more than an entry holds.</summary>
    public Usd? Of(long minor) => Money.ScaleWithin(minor, UsdPico, PicoOfACent[Words.Currency.Exponent(Currency)], "USD") is { } usd ? new Usd(usd, "rate", No) : null;
}
