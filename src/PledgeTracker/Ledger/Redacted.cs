using System.Text.Json;

namespace PledgeTracker.Ledger;

/// <summary>That an admin blanked free text of a record, when and why.</summary>
/// <param name="Id">The redaction's, as `/v1/redactions` lists it.</param>
public sealed record Redacted(string Id, DateTimeOffset At, LocalizedText Reason);

/// <summary>A row that may have been redacted, as it is read beside <c>redaction rd</c>.</summary>
internal abstract record RedactableRow
{
    /// <summary>What is selected from <c>LEFT JOIN redaction rd ON rd.seq = ….redacted_by</c>.</summary>
    public const string RedactionColumns = "rd.id AS redaction_id, rd.recorded_at AS redacted_at, rd.reason_en AS redaction_en, rd.reason_ar AS redaction_ar";

    public string? RedactionId { get; init; }
    public DateTimeOffset? RedactedAt { get; init; }
    public string? RedactionEn { get; init; }
    public string? RedactionAr { get; init; }

    public Redacted? Redacted => RedactionId is null ? null : new(RedactionId, RedactedAt!.Value, new(RedactionEn, RedactionAr));
}

/// <summary>What the change of a redaction says was done.</summary>
/// <param name="Redaction">Its id.</param>
/// <param name="Members">The members that were blanked, of the record and in its changes.</param>
/// <param name="Copies">Other records that the same words were blanked in.</param>
/// <param name="Changes">The changes that text was blanked in, each as it was left.</param>
internal sealed record RedactionChange(string Redaction, LocalizedText Reason, IReadOnlyList<string> Members, IReadOnlyList<RedactedRecord> Copies, IReadOnlyList<RedactedChange> Changes)
{
    public const string Action = "redacted";

    /// <summary>What the stored JSON of a change says; null where that is no redaction's.</summary>
    public static RedactionChange? Of(string body)
    {
        try
        {
            using var parsed = JsonDocument.Parse(body);
            return parsed.RootElement.GetProperty("action").GetString() == Action ? parsed.RootElement.GetProperty("after").Deserialize<RedactionChange>(Json.Options) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Somebody wrote over it: it names nothing.
            return null;
        }
    }
}

/// <summary>A record that text was blanked in.</summary>
/// <param name="Entity">`pledge`, or `entry`, which a contribution is as well.</param>
public sealed record RedactedRecord(string Entity, string Id);

/// <param name="Sha256">Of the stored JSON as the redaction left it, in hexadecimal.</param>
internal sealed record RedactedChange(long Sequence, string Sha256);
