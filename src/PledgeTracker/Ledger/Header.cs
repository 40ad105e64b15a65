namespace PledgeTracker.Ledger;

/// <summary>The part of a header that figures depend on.</summary>
internal sealed record Header
{
    public required long No { get; init; }

    public required string Id { get; init; }

    public required string Origin { get; init; }

    public string? FundId { get; init; }

    public string? EventId { get; init; }

    /// <summary>What the recipient is called today, where it was merged since.</summary>
    public string? RecipientId { get; init; }

    public required string Instrument { get; init; }

    public string? Currency { get; init; }

    public required DateOnly AnnouncedOn { get; init; }

    public DateOnly? DueOn { get; init; }

    public required string Instalments { get; init; }

    public required int[] UsageYears { get; init; }

    public required bool Counted { get; init; }

    /// <summary>The header under which its entries were entered again; nothing more is entered under this one.</summary>
    public string? ReclassifiedAs { get; init; }
}

/// <summary>A part of a promise and the day it is due, as stored: minor units of the header's currency.</summary>
internal sealed record StoredInstalment(DateOnly DueOn, long AmountMinor);
