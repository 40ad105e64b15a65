using System.Text.Json;

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
    public required string[] Countries { get; init; }
    public required int[] Shares { get; init; }
    public required bool Shared { get; init; }
    public required bool Counted { get; init; }

    /// <summary>The pledge that this one repackages.</summary>
    public string? Restates { get; init; }

    /// <summary>The first and the last of the years the money is for; 0 and 0 where none is named.</summary>
    public (int First, int Last) Years => Span(UsageYears);

    /// <inheritdoc cref="Years"/>
    public static (int First, int Last) Span(int[] usageYears) => usageYears.Length > 0 ? (usageYears.Min(), usageYears.Max()) : (0, 0);

    public Scopes Scopes => Scopes.Of(FundId, EventId, AnnouncedOn, Countries, Shares, Shared);

    /// <summary>The header under which its entries were entered again; nothing more is entered under this one.</summary>
    public string? ReclassifiedAs { get; init; }

    /// <exception cref="Refused">Its entries stand elsewhere now, or belong to what it restates; the refusal says where.</exception>
    public void ThrowIfElsewhere()
    {
        if (Restates is { } earlier)
        {
            throw new Refused("restates", new($"This pledge restates {earlier}, where its money is counted: send that one.", $"هذا التعهد إعادة صياغة للتعهد {earlier} وفيه تُحسب أمواله: أرسل ذلك التعهد."),
                existing: $"/v1/pledges/{earlier}");
        }

        if (ReclassifiedAs is { } id)
        {
            throw Refused.Conflict($"This pledge was reclassified: send pledge {id}.", $"أعيد تصنيف هذا التعهد: أرسل التعهد {id}.", $"/v1/pledges/{id}");
        }
    }
}

/// <summary>A part of a promise and the day it is due, as stored: minor units of the header's currency.</summary>
internal sealed record StoredInstalment(DateOnly DueOn, long AmountMinor)
{
    public static StoredInstalment[] Of(string stored) => stored == "[]" ? [] : JsonSerializer.Deserialize<StoredInstalment[]>(stored)!;
}

/// <summary>A header about to be written: of a promise, or of a direct contribution.</summary>
internal sealed record NewHeader
{
    public required string Origin { get; init; }
    public required DateOnly AnnouncedOn { get; init; }
    public string? FundId { get; init; }
    public string? RecipientId { get; init; }
    public string? EventId { get; init; }
    public string? Instrument { get; init; }
    public string? Currency { get; init; }
    public string? Qualifier { get; init; }
    public bool Shared { get; init; }
    public string? DatePrecision { get; init; }
    public DateOnly? DueOn { get; init; }
    public IReadOnlyList<StoredInstalment> Instalments { get; init; } = [];
    public IReadOnlyList<CountryShare> Countries { get; init; } = [];
    public IReadOnlyList<string> Sectors { get; init; } = [];
    public IReadOnlyList<int> UsageYears { get; init; } = [];
    public string? Earmarking { get; init; }
    public LocalizedText? Description { get; init; }
    public LocalizedText? Note { get; init; }
    public long? RestatesNo { get; init; }
    public long? PassedOnFromNo { get; init; }
    public long? ReclassifiesNo { get; init; }
    public string? ExternalSystem { get; init; }
    public string? ExternalId { get; init; }
}

/// <summary>An entry to be made. Amounts in minor units.</summary>
internal sealed record NewEntry(string Kind, string DonorId, long AmountMinor, string Currency, Usd Usd, string Qualifier, DateOnly ValueDate, string DatePrecision)
{
    public string? PaidBy { get; init; }

    /// <summary>Whose record it is, where that is not the caller's organization.</summary>
    public string? RecordedFor { get; init; }

    /// <summary>What the donor is called today, where it was merged since.</summary>
    public string? Survivor { get; init; }

    public long? ReversesNo { get; init; }

    /// <summary>The entry that was wrong, and in whose place this one stands.</summary>
    public long? ReplacesNo { get; init; }

    /// <summary>The day it counts from, where it stands for an entry that was recorded before.</summary>
    public DateOnly? CountsFrom { get; init; }

    public long? SettlesMinor { get; init; }
    public string? Reason { get; init; }
    public string? Adjusts { get; init; }
    public string? UsdQualifier { get; init; }
    public string? Reference { get; init; }
    public string? ExternalSystem { get; init; }
    public string? ExternalId { get; init; }
    public LocalizedText? Note { get; init; }
}
