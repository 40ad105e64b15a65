namespace PledgeTracker.Tests.Ledger;

/// <summary>The decimals of the currencies that tests use.</summary>
internal static class MinorUnits
{
    public static decimal ToMajor(long minor, string currency) => minor / (currency switch
    {
        "JPY" => 1m,
        "USD" or "EUR" => 100m,
        "KWD" => 1000m,
        _ => throw new ArgumentException($"Say how many decimals {currency} has.", nameof(currency)),
    });
}
