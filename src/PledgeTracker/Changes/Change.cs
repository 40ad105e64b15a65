using System.Text.Json;

namespace PledgeTracker.Changes;

/// <summary>One change, as it was made.</summary>
public sealed record Change
{
    /// <summary>Grows by one with every change; also the dataset version after it.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>`key:` and a key's id, `local` for the server's own machine, or `seed`.</summary>
    public required string Actor { get; init; }

    /// <summary>Whom the actor's key speaks for, where it speaks for an organization.</summary>
    public required Ref? ActorFor { get; init; }

    /// <summary>`created`, `amended`, `revised`, `withdrawn`, `reversed`, `reclassified`, `merged`, `cited`, `confirmed`, `verified`, `disputed`.</summary>
    public required string Action { get; init; }

    /// <summary>What was changed: `pledge`, `contribution`, `entry`, `organization` …</summary>
    public required string Entity { get; init; }

    public required string EntityId { get; init; }

    /// <summary>The pledge it belongs to, where it belongs to one.</summary>
    public required string? PledgeId { get; init; }

    /// <summary>What was there before, where something was amended.</summary>
    public required JsonElement? Before { get; init; }

    /// <summary>What was sent.</summary>
    public required JsonElement? After { get; init; }

    /// <summary>SHA-256 (previous hash ‖ sequence ‖ time ‖ actor ‖ SHA-256 (stored JSON)), in hexadecimal: the chain that `/v1/changes/verify` checks.</summary>
    public required string Hash { get; init; }
}

/// <summary>A change as it is stored: <c>SELECT {StoredChange.Columns} FROM change c</c>.</summary>
internal record StoredChange
{
    public const string Columns = "c.seq, c.at, c.actor, c.entity, c.entity_id, c.pledge_id, c.body, c.hash";

    public required long Seq { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Entity { get; init; }
    public required string EntityId { get; init; }
    public string? PledgeId { get; init; }
    public required string Body { get; init; }
    public required byte[] Hash { get; init; }
}

/// <summary>A change as it is read, for whatever shows changes.</summary>
internal sealed record ChangeRow : StoredChange
{
    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>change c</c>.</summary>
    public static string Select(Reader reader) => $"""
        SELECT {Columns}, a.id AS actor_for_id, {reader.Text("a.name")} AS actor_for_name
        FROM change c LEFT JOIN api_key k ON k.id = substr(c.actor, 5) LEFT JOIN organization a ON a.id = k.organization_id
        """;

    public string? ActorForId { get; init; }
    public string? ActorForName { get; init; }

    public Change ToChange()
    {
        using var body = JsonDocument.Parse(Body);
        return new Change
        {
            Sequence = Seq,
            At = At,
            Actor = Actor,
            ActorFor = Ref.Of(ActorForId, ActorForName),
            Action = body.RootElement.GetProperty("action").GetString()!,
            Entity = Entity,
            EntityId = EntityId,
            PledgeId = PledgeId,
            Before = Member(body, "before"),
            After = Member(body, "after"),
            Hash = Convert.ToHexStringLower(Hash),
        };
    }

    private static JsonElement? Member(JsonDocument body, string name) =>
        body.RootElement.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.Clone() : null;
}
