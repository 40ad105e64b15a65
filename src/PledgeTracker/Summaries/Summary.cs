using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace PledgeTracker.Summaries;

/// <summary>Sums over lines, by one or two dimensions. Rows add up to the total, figure by figure; stages are never added to each other.</summary>
public sealed record Summary : ITable<SummaryTableRow>
{
    /// <summary>The day as of which it stands; today where none was asked for.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>The day that it is compared to.</summary>
    public required DateOnly? CompareTo { get; init; }

    /// <summary>What the rows are, and what the rows inside of them are.</summary>
    public required IReadOnlyList<string> GroupBy { get; init; }

    /// <summary>Over all rows.</summary>
    public required SummaryTotal Total { get; init; }

    /// <summary>Items in order, then the rest of them, what several share, and what names none.</summary>
    public required IReadOnlyList<SummaryRow> Rows { get; init; }

    /// <summary>By which rules it was made.</summary>
    public required SummaryBasis Basis { get; init; }

    // Where rows hold rows, those inside: they are what adds up.
    IEnumerable<SummaryTableRow> ITable<SummaryTableRow>.Rows => GroupBy.Count == 0
        ? [new(Total)]
        : Rows.SelectMany(row => row.Rows is null ? [new SummaryTableRow(row, row)] : row.Rows.Select(inner => new SummaryTableRow(inner, row, inner)));
}

/// <summary>A row of a summary in CSV, XLSX and NDJSON: of the last dimension, with the row that it stands in.</summary>
public sealed record SummaryTableRow : SummaryTotal
{
    [SetsRequiredMembers]
    internal SummaryTableRow(SummaryTotal money, SummaryRow? row = null, SummaryRow? inner = null)
        : base(money) => (Kind, Key, Name, InnerKind, InnerKey, InnerName, PaidForGroups) =
            (row?.Kind, row?.Key, row?.Name, inner?.Kind, inner?.Key, inner?.Name, (inner ?? row)?.PaidForGroups ?? 0);

    /// <inheritdoc cref="SummaryRow.Kind"/>
    public string? Kind { get; }

    /// <inheritdoc cref="SummaryRow.Key"/>
    [Hxl("#meta+key")]
    public string? Key { get; }

    /// <inheritdoc cref="SummaryRow.Name"/>
    [Hxl("#meta+name")]
    public string? Name { get; }

    /// <summary>The same of the second dimension; null without one.</summary>
    public string? InnerKind { get; }

    /// <inheritdoc cref="InnerKind"/>
    [Hxl("#meta+key+inner")]
    public string? InnerKey { get; }

    /// <inheritdoc cref="InnerKind"/>
    [Hxl("#meta+name+inner")]
    public string? InnerName { get; }

    /// <inheritdoc cref="SummaryRow.PaidForGroups"/>
    [JsonPropertyOrder(2)]
    [Hxl("#value+paid_for_groups+usd")]
    public decimal PaidForGroups { get; }
}

/// <summary>The money of a row, or of all.</summary>
public record SummaryTotal
{
    /// <summary>How many pledges, or contributions that nobody had pledged, have money in it. One may stand in several rows: the total counts it once, and `other` once for each of its items.</summary>
    [JsonPropertyOrder(1)]
    public required int Pledges { get; init; }

    [JsonPropertyOrder(1)]
    public required TotalSet Figures { get; init; }

    /// <summary>Of each instrument that occurs: loans, credit lines, investments and memoranda are never silently mixed with grants.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }

    /// <summary>Those that were asked for.</summary>
    [JsonPropertyOrder(1)]
    public required MeasureSet Measures { get; init; }

    /// <summary>What changed from the day of `compareTo`; null without one.</summary>
    [JsonPropertyOrder(1)]
    public required SummaryChange? Change { get; init; }
}

/// <summary>A row of a summary.</summary>
public sealed record SummaryRow : SummaryTotal
{
    /// <summary>`item`; `other` for the items beyond the limit together; `shared` for money of several without a published split; `none` for money that names none.</summary>
    [OneOf(nameof(Vocabulary.RowKinds))]
    public required string Kind { get; init; }

    /// <summary>An id, a code, a word or a year; null but for items.</summary>
    public required string? Key { get; init; }

    /// <summary>What it is called, in the negotiated language; null for years, currencies and purpose codes.</summary>
    public required string? Name { get; init; }

    /// <summary>How many items `other` takes together; null in other rows.</summary>
    public required int? Items { get; init; }

    /// <summary>Of what stands in the rows of groups, what this donor paid, in the currency of the figures: of a row inside another the part that belongs to both. 0 in rows of no donor.</summary>
    [JsonPropertyOrder(2)]
    public required decimal PaidForGroups { get; init; }

    /// <summary>By the second dimension, the 50 largest and the rest; null without one.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyList<SummaryRow>? Rows { get; init; }
}

/// <summary>What changed from one day to another, in the currency of the figures: below 0 what became less.</summary>
/// <param name="Pledges">How many more pledges have money in it.</param>
public sealed record SummaryChange(
    int Pledges, decimal Pledged, decimal RevisedDown, decimal Withdrawn, decimal Committed, decimal Paid, decimal Outstanding, decimal Excess, StageChanges Stages)
{
    internal static SummaryChange Of(Sums change, int pledges, string currency)
    {
        return new(pledges, Major(change.Pledged), Major(change.RevisedDown), Major(change.Withdrawn), Major(change.Committed), Major(change.Paid), Major(change.Outstanding), Major(change.Excess),
            new(Major(change.PromisedOnly), Major(change.Outstanding - change.PromisedOnly), Major(change.Pledged - change.Withdrawn - change.Outstanding), Major(change.Withdrawn)));

        decimal Major(long minor) => Currency.Major(minor, currency);
    }
}

/// <summary>What changed of the parts that add up to what was pledged.</summary>
public sealed record StageChanges(decimal PromisedOnly, decimal CommittedUnpaid, decimal Paid, decimal Withdrawn);

/// <summary>How a figure was made.</summary>
public sealed record SummaryBasis
{
    /// <summary>The last change that was known; null where all that is known now counts.</summary>
    public required KnownAt? KnownAt { get; init; }

    /// <summary>What US dollars were turned into another currency by; null where they were not.</summary>
    public required RateUsed? Rate { get; init; }

    /// <summary>The rules that were applied, in words.</summary>
    public required IReadOnlyList<BasisRule> Rules { get; init; }

    internal static SummaryBasis Of(KnownMoment? known, IEnumerable<(string Code, LocalizedText Text)> rules, Reader reader) => new()
    {
        KnownAt = known?.Shown,
        Rate = null,
        Rules = [.. rules.Select(rule => new BasisRule(rule.Code, rule.Text.In(reader.Language)!))],
    };
}

/// <summary>An exchange rate that was applied.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="UsdPerUnit">US dollars for one unit.</param>
/// <param name="Date">The day it is of.</param>
/// <param name="Provider">Who publishes it.</param>
public sealed record RateUsed(string Currency, decimal UsdPerUnit, DateOnly Date, string Provider);
