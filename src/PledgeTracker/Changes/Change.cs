using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PledgeTracker.Changes;

/// <summary>One change, as it was made.</summary>
public record Change
{
    /// <summary>Grows by one with every change; also the dataset version after it. All of the change stands at `/v1/changes/{sequence}`.</summary>
    [Hxl("#meta+id")]
    public required long Sequence { get; init; }

    [Hxl("#date+recorded")]
    public required DateTimeOffset At { get; init; }

    /// <summary>`key:` and a key's id, `local` for the server's own machine, or `seed`.</summary>
    public required string Actor { get; init; }

    /// <summary>The actor in words: whom its key speaks for, or that it is an editor, the server's own machine or the documented facts.</summary>
    public required string? ActorName { get; init; }

    /// <summary>Whom the actor's key speaks for, where it speaks for an organization.</summary>
    [Hxl("#org+recorder")]
    public required Ref? ActorFor { get; init; }

    /// <summary>What was done.</summary>
    [OneOf(nameof(Vocabulary.Actions))]
    public required string Action { get; init; }

    /// <summary>What was changed.</summary>
    [OneOf(nameof(Vocabulary.Entities))]
    public required string Entity { get; init; }

    public required string EntityId { get; init; }

    /// <summary>What was changed as it is called today, where it has a name.</summary>
    public required string? Name { get; init; }

    /// <summary>The change as a sentence: what it said when it was made, with the names of today.</summary>
    [Hxl("#description")]
    public required LocalizedText Text { get; init; }

    /// <summary>The pledge it belongs to, where it belongs to one.</summary>
    [Hxl("#meta+id+pledge")]
    public required string? PledgeId { get; init; }

    /// <summary>The fund it is about.</summary>
    [Hxl("#activity+fund")]
    public required Ref? Fund { get; init; }

    /// <summary>The event it is about.</summary>
    [Hxl("#event+conference")]
    public required Ref? Event { get; init; }

    /// <summary>The donors it is about, and an organization that is itself changed.</summary>
    [Hxl("#org+funder")]
    public required IReadOnlyList<Ref> Donors { get; init; }

    /// <summary>The sequence of the redaction that last blanked free text in it; null where it stands as it was made.</summary>
    public required long? RedactedBy { get; init; }

    /// <summary>SHA-256 (previous hash ‖ sequence ‖ time ‖ actor ‖ SHA-256 (stored JSON)), in hexadecimal: the chain that `/v1/changes/verify` checks. Of a redacted change it goes over the JSON as it was.</summary>
    public required string Hash { get; init; }
}

/// <summary>One change with all that was sent.</summary>
public sealed record WholeChange : Change
{
    [SetsRequiredMembers]
    internal WholeChange(Change change, JsonElement? before, JsonElement? after)
        : base(change) => (Before, After) = (before, after);

    /// <summary>What was there before, where something was amended.</summary>
    [JsonPropertyOrder(1)]
    public required JsonElement? Before { get; init; }

    /// <summary>What was sent.</summary>
    [JsonPropertyOrder(1)]
    public required JsonElement? After { get; init; }
}

/// <summary>A change as it is stored: <c>SELECT {StoredChange.Columns} FROM change c</c>.</summary>
internal record StoredChange
{
    public const string Columns = "c.seq, c.at, c.actor, c.entity, c.entity_id, c.pledge_id, c.body, c.hash, c.body_hash, c.redacted_by";

    public required long Seq { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Entity { get; init; }
    public required string EntityId { get; init; }
    public string? PledgeId { get; init; }
    public required string Body { get; init; }
    public required byte[] Hash { get; init; }

    /// <summary>Of the body as it was, where free text was blanked in it.</summary>
    public byte[]? BodyHash { get; init; }
    public long? RedactedBy { get; init; }
}
