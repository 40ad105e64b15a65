namespace PledgeTracker.Ledger;

/// <summary>An entry of the ledger, as far as figures go.</summary>
internal record Entry
{
    public required long No { get; init; }

    /// <summary>The donor, or the organization it was merged into.</summary>
    public required string DonorId { get; init; }

    public required string Kind { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required long UsdMinor { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly ValueDate { get; init; }

    /// <summary>The day it counts from: its date, or the day it was recorded on where that was earlier.</summary>
    public required DateOnly CountsFrom { get; init; }

    /// <summary>What it settles in the pledge's currency, where it is in another.</summary>
    public long? SettlesMinor { get; init; }

    /// <summary>Why a promise was withdrawn.</summary>
    public string? Reason { get; init; }

    /// <summary>What an adjustment corrects.</summary>
    public string? Adjusts { get; init; }

    /// <summary>How exact the dollars are, where that differs from the amount.</summary>
    public string? UsdQualifier { get; init; }

    public long? ReversesNo { get; init; }

    /// <summary>
    /// What it counts for in the currency of a pledge. Entries in another currency were told what they settle when they were recorded; those of before
    /// that was asked count at the pledge's own rate.
    /// </summary>
    public long Settled(Entry promise) =>
        Currency == promise.Currency ? AmountMinor
        : SettlesMinor ?? (promise.UsdMinor == 0 ? 0 : Money.ScaleEven(UsdMinor, promise.AmountMinor, promise.UsdMinor));
}
