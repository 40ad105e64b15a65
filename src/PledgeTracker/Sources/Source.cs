using System.Text.Json.Serialization;

namespace PledgeTracker.Sources;

/// <summary>A document that figures rest on, in a list.</summary>
public sealed record SourceItem
{
    [Hxl("#meta+id+source")]
    public required string Id { get; init; }

    [Hxl("#meta+name+source")]
    public required string? Title { get; init; }

    [Hxl("#org+name+publisher")]
    public required string? Publisher { get; init; }

    [Hxl("#meta+url+source")]
    public required string? Url { get; init; }

    /// <summary>The document's own language, BCP 47.</summary>
    /// <example>ar</example>
    public required string Language { get; init; }

    [Hxl("#date+published")]
    public required DateOnly PublishedOn { get; init; }

    /// <summary>`approximate` where the document carries no exact date.</summary>
    public required string DateQualifier { get; init; }

    /// <summary>`primary` for those who promise or receive, `secondary` for news of it.</summary>
    [OneOf(nameof(Vocabulary.Reliabilities))]
    public required string Reliability { get; init; }
}

/// <summary>A document alone, with what cites it.</summary>
public sealed record Source : IVersioned
{
    public required string Id { get; init; }

    public required LocalizedText Title { get; init; }

    public required LocalizedText? Publisher { get; init; }

    public required string? Url { get; init; }

    /// <inheritdoc cref="SourceItem.Language"/>
    public required string Language { get; init; }

    public required DateOnly PublishedOn { get; init; }

    /// <inheritdoc cref="SourceItem.DateQualifier"/>
    public required string DateQualifier { get; init; }

    /// <inheritdoc cref="SourceItem.Reliability"/>
    [OneOf(nameof(Vocabulary.Reliabilities))]
    public required string Reliability { get; init; }

    public required LocalizedText? Note { get; init; }

    /// <summary>What rests on this document, in the order in which it was entered; at most 500.</summary>
    public required CitedBy[] CitedBy { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>Something that cites a source.</summary>
public sealed record CitedBy
{
    /// <summary>`pledge`, `entry`, `shortfall`, `requirement`, `indicator` or `event`.</summary>
    public required string Kind { get; init; }

    public required string Id { get; init; }

    /// <summary>Where it is shown.</summary>
    public required string Url { get; init; }

    /// <summary>The document's own words, in its own language.</summary>
    public required string? Quote { get; init; }
}

/// <summary>A source as it is read, for whatever shows sources.</summary>
internal sealed record SourceRow : RedactableRow
{
    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>source s</c>.</summary>
    public const string Select = $"""
        SELECT s.id, s.title_en, s.title_ar, s.publisher_en, s.publisher_ar, s.url, s.language, s.published_on, s.date_qualifier, s.reliability,
               s.note_en, s.note_ar, s.version, {RedactionColumns}
        FROM source s LEFT JOIN redaction rd ON rd.seq = s.redacted_by
        """;

    public required string Id { get; init; }
    public string? TitleEn { get; init; }
    public string? TitleAr { get; init; }
    public string? PublisherEn { get; init; }
    public string? PublisherAr { get; init; }
    public string? Url { get; init; }
    public required string Language { get; init; }
    public required DateOnly PublishedOn { get; init; }
    public required string DateQualifier { get; init; }
    public required string Reliability { get; init; }
    public string? NoteEn { get; init; }
    public string? NoteAr { get; init; }
    public required long Version { get; init; }
}
