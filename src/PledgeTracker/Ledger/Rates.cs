using PledgeTracker.Data;

namespace PledgeTracker.Ledger;

/// <summary>An amount in US cents and where it came from: `reported` by the source, or computed by a loaded `rate`.</summary>
internal readonly record struct Usd(long Minor, string Basis, long? RateNo = null)
{
    public static Usd Reported(long minor) => new(minor, "reported");

    public Usd Negative => this with { Minor = -Minor };
}

/// <summary>US dollars from other currencies.</summary>
internal static class Rates
{
    /// <summary>A rate older than this says nothing about the day.</summary>
    public const int OldestInDays = 45;

    /// <summary>Rates are kept as US dollars for one unit, times this.</summary>
    public const long Pico = 1_000_000_000_000;

    /// <summary>US dollars for one unit, as they were sent.</summary>
    public static decimal PerUnit(long pico) => new decimal(pico) / Pico / 1.0000000000000000000000000000m;

    /// <summary>
    /// The US dollars of an amount: the ones reported, the amount itself when it is in dollars, or by the nearest rate at most 45 days
    /// older than the day. Null when there is none: then the source's own figure must be sent.
    /// </summary>
    public static Usd? Convert(Write write, long amountMinor, string currency, long? reportedUsd, DateOnly date)
    {
        if (currency == "USD")
        {
            return Usd.Reported(amountMinor);
        }

        if (reportedUsd is { } reported)
        {
            return Usd.Reported(reported);
        }

        var rate = write.First<Rate>("""
            SELECT no, usd_pico FROM exchange_rate
            WHERE currency = @currency AND date <= @date AND date >= @oldest
            ORDER BY date DESC, no DESC LIMIT 1
            """,
            ("@currency", currency), ("@date", date), ("@oldest", date.AddDays(-OldestInDays)));
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
