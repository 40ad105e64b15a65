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

    /// <summary>The US dollars of an amount by the nearest rate at most 45 days older than the day; null when there is none.</summary>
    public static async Task<Usd?> ConvertAsync(Write write, long amountMinor, string currency, DateOnly date)
    {
        var rate = await write.Sql.QueryFirstOrDefaultAsync<Rate>("""
            SELECT no, usd_pico FROM exchange_rate
            WHERE currency = @currency AND date <= @date AND date >= @oldest
            ORDER BY date DESC, no DESC LIMIT 1
            """, new { currency, date, oldest = date.AddDays(-OldestInDays) });
        if (rate is null)
        {
            return null;
        }

        long[] powers = [1, 10, 100, 1000];
        return Money.ScaleWithin(amountMinor, rate.UsdPico * 100, Pico * powers[Currency.Exponent(currency)]) is { } usd ? new Usd(usd, "rate", rate.No) : null;
    }

    private sealed record Rate
    {
        public required long No { get; init; }
        public required long UsdPico { get; init; }
    }
}
