using System.Text.Json.Serialization;
using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Funds;

/// <summary>A fund in a list.</summary>
public sealed record FundItem
{
    [Hxl("#activity+code+fund")]
    public required string Id { get; init; }

    [Hxl("#activity+name+fund")]
    public required string? Name { get; init; }

    [OneOf(nameof(Vocabulary.FundKinds))]
    [Hxl("#activity+type+fund")]
    public required string Kind { get; init; }

    /// <summary>The umbrella it stands under. Its figures stay its own.</summary>
    [Hxl("#activity+parent")]
    public required Ref? Parent { get; init; }

    /// <summary>Where it works: ISO 3166-1 alpha-3.</summary>
    [Hxl("#country+code")]
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>Of the instrument that was asked for, or of all; never of funds below it.</summary>
    public required TotalSet Figures { get; init; }

    /// <inheritdoc cref="Organizations.DonorItem.ByInstrument"/>
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }

    /// <summary>conversionRate.share − elapsed: what is paid of the promises in `figures`, less what has gone by of the requirement's period. Null but for a fund with exactly one current requirement that has a period.</summary>
    public required PaceGap? PaceGap { get; init; }
}

/// <summary>A fund alone, its texts in both languages.</summary>
public sealed record Fund : IVersioned
{
    public required string Id { get; init; }

    public required LocalizedText Name { get; init; }

    [OneOf(nameof(Vocabulary.FundKinds))]
    public required string Kind { get; init; }

    public required LocalizedText? Description { get; init; }

    /// <summary>The umbrella it stands under. Its figures stay its own.</summary>
    public required Ref? Parent { get; init; }

    public required Ref? Administrator { get; init; }

    /// <summary>Where it works: ISO 3166-1 alpha-3.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    public required string? Website { get; init; }

    /// <summary>Other names, in any language, by which it is found as well.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Over all instruments; never of funds below it.</summary>
    public required TotalSet Figures { get; init; }

    /// <summary>The same, kept apart by instrument.</summary>
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }

    /// <summary>conversionRate.share − elapsed: what is paid of the promises, less what has gone by of the requirement's period. Null but for a fund with exactly one current requirement that has a period.</summary>
    public required PaceGap? PaceGap { get; init; }

    /// <summary>What it said it needs, latest statement first; at most 50.</summary>
    public required IReadOnlyList<Requirement<LocalizedText>> Requirements { get; init; }

    /// <summary>The shortfalls that no later statement supersedes, reported ones first; at most 50.</summary>
    public required IReadOnlyList<Shortfall<LocalizedText>> CurrentShortfalls { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }

    /// <summary>How it was read; only when asked for as of a day, with `asOf` or `knownAt`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Basis? Basis { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>A fund as it is read, with the names of what it names.</summary>
internal sealed record FundRow : RedactableRow
{
    public required string Id { get; init; }
    public string? NameEn { get; init; }
    public string? NameAr { get; init; }
    public required string Kind { get; init; }
    public string? DescriptionEn { get; init; }
    public string? DescriptionAr { get; init; }
    public required string[] Countries { get; init; }
    public string? Website { get; init; }
    public required string[] Aliases { get; init; }
    public required long Version { get; init; }
    public string? ParentId { get; init; }
    public string? ParentName { get; init; }
    public string? AdministratorId { get; init; }
    public string? AdministratorName { get; init; }
    public DateOnly? OnlyStart { get; init; }
    public DateOnly? OnlyEnd { get; init; }

    public LocalizedText Name => new(NameEn, NameAr);

    public LocalizedText? Description => LocalizedText.Of(DescriptionEn, DescriptionAr);

    /// <summary>Of the one requirement that is current.</summary>
    public Period? OnlyPeriod => OnlyStart is { } start && OnlyEnd is { } end ? new(start, end) : null;

    /// <summary>The fund with this id, its administrator by the name of today; null where there is none.</summary>
    public static Task<FundRow?> FindAsync(Session session, string id, Reader reader) => session.Sql.QueryFirstOrDefaultAsync<FundRow>($"""
        SELECT f.id, f.name_en, f.name_ar, f.kind, f.description_en, f.description_ar, f.countries, f.website, f.aliases, f.version,
               p.id AS parent_id, {reader.Text("p.name")} AS parent_name, a.id AS administrator_id, {reader.Text("a.name")} AS administrator_name,
               {RequirementRow.OnlyPeriod}, {RedactionColumns}
        FROM fund f LEFT JOIN fund p ON p.id = f.parent_id LEFT JOIN redaction rd ON rd.seq = f.redacted_by
        LEFT JOIN organization n ON n.id = f.administrator_id LEFT JOIN organization a ON a.id = coalesce(n.merged_into, n.id)
        WHERE f.id = @id
        """, new { id });
}
