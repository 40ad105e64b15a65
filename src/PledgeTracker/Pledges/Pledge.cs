using System.Text.Json.Serialization;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>What a pledge shows in a list and alone, as <see cref="PledgeJson"/> writes it. A header of origin `direct` stands for contributions that nobody pledged first.</summary>
public abstract record PledgeCore
{
    public required string Id { get; init; }

    /// <summary>`announced` for a promise, `direct` for contributions nobody had pledged.</summary>
    [OneOf(nameof(Words.Origins))]
    public required string Origin { get; init; }

    /// <summary>What was promised, with its revisions, in the pledge's own currency; null where nothing was.</summary>
    public required decimal? Amount { get; init; }

    /// <summary>The currency of the promise (ISO 4217); null where there is none.</summary>
    /// <example>USD</example>
    public required string? Currency { get; init; }

    /// <summary>How exact the source was.</summary>
    [OneOf(nameof(Words.Qualifiers))]
    public required string Qualifier { get; init; }

    /// <summary>Who gives; each donor's part is a line with figures of its own.</summary>
    public required PledgeDonor[] Donors { get; init; }

    public required Ref? Fund { get; init; }

    public required Ref? Recipient { get; init; }

    public required Ref? Event { get; init; }

    /// <summary>The day of the promise; for direct contributions the day of the first one.</summary>
    public required DateOnly AnnouncedOn { get; init; }

    [OneOf(nameof(Words.DatePrecisions))]
    public required string DatePrecision { get; init; }

    public required DateOnly? DueOn { get; init; }

    public required Instalment[] Instalments { get; init; }

    [OneOf(nameof(Words.Instruments))]
    public required string Instrument { get; init; }

    [OneOf(nameof(Words.Statuses))]
    public required string Status { get; init; }

    /// <summary>A due date has passed, and more is outstanding than later instalments will bring.</summary>
    public required bool Overdue { get; init; }

    /// <summary>Destination countries, ISO 3166-1 alpha-3.</summary>
    public required string[] Countries { get; init; }

    /// <summary>The source names several countries and no split: the amount counts once, and for none of them alone.</summary>
    public required bool Shared { get; init; }

    /// <summary>OECD DAC 5-digit purpose codes.</summary>
    public required string[] Sectors { get; init; }

    /// <summary>The years the money is for.</summary>
    public required int[] UsageYears { get; init; }

    [OneOf(nameof(Words.Earmarkings))]
    public required string? Earmarking { get; init; }

    /// <summary>The earlier pledge that this one repackages. Such a pledge is left out of totals.</summary>
    public required string? Restates { get; init; }

    /// <summary>The pledge whose money this passes on. Such a pledge is left out of totals.</summary>
    public required string? PassedOnFrom { get; init; }

    /// <summary>The pledge whose entries were entered again here, under another classification.</summary>
    public required string? Reclassifies { get; init; }

    public required string? ExternalSystem { get; init; }

    public required string? ExternalId { get; init; }

    public required FigureSet Figures { get; init; }

    /// <summary>The documents this rests on.</summary>
    public required Citation[] Citations { get; init; }

    /// <summary>When it was entered here.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>A pledge in a list: its texts in the negotiated language.</summary>
public sealed record PledgeItem : PledgeCore
{
    [JsonPropertyOrder(1)]
    public required string? Description { get; init; }
}

/// <summary>A pledge alone: its texts in both languages.</summary>
public sealed record Pledge : PledgeCore
{
    [JsonPropertyOrder(1)]
    public required LocalizedText? Description { get; init; }

    /// <summary>What is our own reading of the sources stands here, and is said to be so.</summary>
    [JsonPropertyOrder(1)]
    public required LocalizedText? Note { get; init; }
}

/// <summary>One donor's line of a pledge.</summary>
public sealed record PledgeDonor
{
    public required string Id { get; init; }

    public required string? Name { get; init; }

    /// <summary>This donor's part, in the pledge's currency; null where nothing was promised.</summary>
    public required decimal? Amount { get; init; }

    [OneOf(nameof(Words.Statuses))]
    public required string Status { get; init; }

    public required FigureSet Figures { get; init; }
}

/// <summary>A part of a promise and the day it is due.</summary>
/// <param name="Amount">In the pledge's currency.</param>
public sealed record Instalment(DateOnly DueOn, decimal Amount);
