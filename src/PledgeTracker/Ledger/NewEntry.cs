using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>An entry to be made. Amounts in minor units; usd in US cents.</summary>
internal sealed record NewEntry(string Kind, string DonorId, long AmountMinor, string Currency, Usd Usd, string Qualifier, DateOnly ValueDate, string DatePrecision)
{
    public string? PaidBy { get; init; }

    /// <summary>Whose record it is, where that is not the actor's organization.</summary>
    public string? RecordedFor { get; init; }

    /// <summary>What the donor is called today, where it was merged since.</summary>
    public string? Survivor { get; init; }

    public long? ReversesNo { get; init; }

    public string? Reference { get; init; }

    public string? ExternalId { get; init; }

    public LocalizedText? Note { get; init; }
}
