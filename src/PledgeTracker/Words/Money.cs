namespace PledgeTracker.Words;

/// <summary>Exact arithmetic on minor units, in 128 bits. Rounding is half away from zero where money changes currency, and half to even where a promise is parted.</summary>
internal static class Money
{
    /// <summary>The largest amount of one entry or statement, in minor units: an appeal in dinars, rials or rupiahs fits.</summary>
    public const long MaxMinor = 100_000_000_000_000_000;

    /// <summary>The largest amount of one in US cents: a trillion dollars.</summary>
    public const long MaxUsd = 100_000_000_000_000;

    /// <summary>The largest amount of one entry or statement in this currency.</summary>
    public static long Most(string currency) => currency == "USD" ? MaxUsd : MaxMinor;

    /// <summary>amount × numerator ÷ denominator, rounded half away from zero.</summary>
    public static long Scale(long amount, long numerator, long denominator) => checked((long)Exactly(amount, numerator, denominator));

    /// <summary>amount × numerator ÷ denominator, rounded half to even: for parts of a promise, which are made over and over.</summary>
    public static long ScaleEven(long amount, long numerator, long denominator)
    {
        var (quotient, remainder) = Int128.DivRem((Int128)amount * numerator, denominator);
        var twice = Int128.Abs(remainder) * 2;
        var whole = Int128.Abs((Int128)denominator);
        if (twice > whole || (twice == whole && Int128.IsOddInteger(quotient)))
        {
            quotient += Int128.IsNegative((Int128)amount * numerator) == (denominator < 0) ? 1 : -1;
        }

        return checked((long)quotient);
    }

    /// <summary>As <see cref="Scale"/>, or null when it is more than what an entry holds of the currency that it comes to.</summary>
    public static long? ScaleWithin(long amount, long numerator, long denominator, string currency) =>
        Exactly(amount, numerator, denominator) is var scaled && Int128.Abs(scaled) <= Most(currency) ? (long)scaled : null;

    /// <summary>A sum of amounts that were not checked together: it does not overflow.</summary>
    public static Int128 Sum(IEnumerable<long> amounts) => amounts.Aggregate(Int128.Zero, (sum, amount) => sum + amount);

    private static Int128 Exactly(long amount, long numerator, long denominator)
    {
        var product = (Int128)amount * numerator;
        var (quotient, remainder) = Int128.DivRem(product, denominator);
        if (Int128.Abs(remainder) * 2 >= Int128.Abs((Int128)denominator))
        {
            quotient += Int128.IsNegative(product) == (denominator < 0) ? 1 : -1;
        }

        return quotient;
    }
}
