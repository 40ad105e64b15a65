using System.Text.Json.Serialization;

namespace PledgeTracker.Organizations;

/// <summary>A donor in a list: an organization that pledged or gave.</summary>
public sealed record DonorItem
{
    [Hxl("#org+code+funder")]
    public required string Id { get; init; }

    [Hxl("#org+name+funder")]
    public required string? Name { get; init; }

    /// <inheritdoc cref="OrganizationItem.Type"/>
    [OneOf(nameof(Vocabulary.OrganizationTypes))]
    [Hxl("#org+type+funder")]
    public required string Type { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    [Hxl("#country+code")]
    public required string? Country { get; init; }

    /// <summary>Of the instrument that was asked for, or of all.</summary>
    public required TotalSet Figures { get; init; }

    /// <summary>Of each instrument that occurs: loans, credit lines, investments and memoranda are never silently mixed with grants.</summary>
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }
}

/// <summary>A donor alone, its texts in both languages.</summary>
public sealed record Donor : IVersioned
{
    public required string Id { get; init; }

    public required LocalizedText Name { get; init; }

    /// <inheritdoc cref="OrganizationItem.Type"/>
    [OneOf(nameof(Vocabulary.OrganizationTypes))]
    public required string Type { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string? Country { get; init; }

    public required LocalizedText? Description { get; init; }

    /// <summary>Over all instruments.</summary>
    public required TotalSet Figures { get; init; }

    /// <summary>The same, kept apart by instrument.</summary>
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }

    /// <summary>What this donor paid on promises of groups that it is a member of, in US dollars. It stands in the groups' figures and in none of these.</summary>
    public required decimal PaidForGroups { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }

    /// <summary>How it was read; only when asked for as of a day, with `asOf` or `knownAt`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Basis? Basis { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}
