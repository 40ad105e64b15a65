namespace PledgeTracker.Redactions;

/// <summary>That an admin blanked the free text of a record.</summary>
public sealed record Redaction
{
    [Hxl("#meta+id")]
    public required string Id { get; init; }

    /// <summary>What was redacted.</summary>
    [OneOf(nameof(Vocabulary.Redactable))]
    public required string Entity { get; init; }

    public required string EntityId { get; init; }

    /// <summary>Why. It stays public.</summary>
    [Hxl("#description")]
    public required LocalizedText Reason { get; init; }

    /// <summary>What was blanked of the record and in its changes: `note`, `description`, `quote` …</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>Other records that had the same words from it, or gave them to it, and in which they were blanked as well.</summary>
    public required IReadOnlyList<RedactedRecord> Copies { get; init; }

    /// <summary>The changes that text was blanked in, by their sequence.</summary>
    public required IReadOnlyList<long> Changes { get; init; }

    /// <summary>The sequence of the change that did it.</summary>
    public required long Sequence { get; init; }

    [Hxl("#date+redacted")]
    public required DateTimeOffset RedactedAt { get; init; }

    /// <summary>`key:` and a key's id.</summary>
    public required string RedactedBy { get; init; }

    /// <summary>What a redaction does not reach.</summary>
    public required string Notice { get; init; }
}

/// <summary>A redaction as it is read, for whatever shows redactions.</summary>
internal sealed record RedactionRow
{
    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>redaction r</c>.</summary>
    public const string Select = """
        SELECT r.seq, r.id, r.entity, r.entity_id, r.reason_en, r.reason_ar, r.recorded_at, r.recorded_by, c.body FROM redaction r JOIN change c ON c.seq = r.seq
        """;

    private static readonly LocalizedText Notice = new(
        "Backups and copies that were made before still hold what was blanked here: delete them, or make them anew.",
        "لا تزال النسخ الاحتياطية والنسخ المأخوذة من قبل تحتوي على ما حُجب هنا: احذفها أو أنشئها من جديد.");

    public required long Seq { get; init; }
    public required string Id { get; init; }
    public required string Entity { get; init; }
    public required string EntityId { get; init; }
    public string? ReasonEn { get; init; }
    public string? ReasonAr { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public required string RecordedBy { get; init; }
    public required string Body { get; init; }

    public Redaction ToRedaction(Reader reader)
    {
        var said = RedactionChange.Of(Body)!;
        return new()
        {
            Id = Id,
            Entity = Entity,
            EntityId = EntityId,
            Reason = new(ReasonEn, ReasonAr),
            Members = said.Members,
            Copies = said.Copies,
            Changes = [.. said.Changes.Select(change => change.Sequence)],
            Sequence = Seq,
            RedactedAt = RecordedAt,
            RedactedBy = RecordedBy,
            Notice = Notice.In(reader.Language)!,
        };
    }
}
