using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Shortfalls;

namespace PledgeTracker.Funds;

/// <summary>A fund in a list.</summary>
public sealed record FundItem
{
    public required string Id { get; init; }

    public required string? Name { get; init; }

    [OneOf(nameof(Words.FundKinds))]
    public required string Kind { get; init; }

    /// <summary>The umbrella it stands under. Its figures stay its own.</summary>
    public required Ref? Parent { get; init; }

    /// <summary>Where it works: ISO 3166-1 alpha-3.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>Of the instrument that was asked for, or of all; never of funds below it.</summary>
    public required FigureSet Figures { get; init; }
}

/// <summary>A fund alone, its texts in both languages.</summary>
public sealed record Fund
{
    public required string Id { get; init; }

    public required LocalizedText Name { get; init; }

    [OneOf(nameof(Words.FundKinds))]
    public required string Kind { get; init; }

    public required LocalizedText? Description { get; init; }

    /// <summary>The umbrella it stands under. Its figures stay its own.</summary>
    public required Ref? Parent { get; init; }

    public required Ref? Administrator { get; init; }

    /// <summary>Where it works: ISO 3166-1 alpha-3.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    public required string? Website { get; init; }

    /// <summary>Over all instruments; never of funds below it.</summary>
    public required FigureSet Figures { get; init; }

    /// <summary>The same, kept apart by instrument.</summary>
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }

    /// <summary>What it said it needs, latest statement first; at most 50.</summary>
    public required IReadOnlyList<Requirement<LocalizedText>> Requirements { get; init; }

    /// <summary>The shortfalls that no later statement supersedes, reported ones first; at most 50.</summary>
    public required IReadOnlyList<Shortfall<LocalizedText>> CurrentShortfalls { get; init; }
}

internal sealed record FundRow : SumsRow
{
    public const string Columns = $"""
        f.id, f.name_en, f.name_ar, f.kind, f.description_en, f.description_ar, f.countries, f.website, f.version, p.id AS parent_id, p.name_en AS parent_en,
        p.name_ar AS parent_ar, a.id AS administrator_id, a.name_en AS administrator_en, a.name_ar AS administrator_ar, {TotalRow.Columns}
        """;

    public const string Joins = """
        LEFT JOIN fund p ON p.id = f.parent_id LEFT JOIN organization n ON n.id = f.administrator_id
        LEFT JOIN organization a ON a.id = coalesce(n.merged_into, n.id)
        """;

    public required string Id { get; init; }

    public string? NameEn { get; init; }

    public string? NameAr { get; init; }

    public required string Kind { get; init; }

    public string? DescriptionEn { get; init; }

    public string? DescriptionAr { get; init; }

    public required string[] Countries { get; init; }

    public string? Website { get; init; }

    public required long Version { get; init; }

    public string? ParentId { get; init; }

    public string? ParentEn { get; init; }

    public string? ParentAr { get; init; }

    public string? AdministratorId { get; init; }

    public string? AdministratorEn { get; init; }

    public string? AdministratorAr { get; init; }
}
