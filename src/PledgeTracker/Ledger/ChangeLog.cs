using System.Text.Json;

namespace PledgeTracker.Ledger;

/// <summary>
/// The one log of changes. Every write of public data appends to it in its own transaction; history, the event stream, ETags and the dataset's version
/// read it, so that nothing is announced before it is committed. Its entries form a <see cref="Chain"/>.
/// </summary>
internal static class ChangeLog
{
    /// <summary>Appends a change; its sequence becomes the version of what was changed.</summary>
    /// <param name="action">What was done: `created`, `amended`, `revised`, `reversed` …</param>
    /// <param name="after">What is there now.</param>
    /// <param name="before">What was there, where something was amended.</param>
    /// <param name="pledgeId">The pledge it belongs to, where it belongs to one.</param>
    public static async Task<long> AppendAsync(Write write, string action, string entity, string entityId, object? after, object? before = null, string? pledgeId = null)
    {
        var head = await Head.OfAsync(write.Sql);
        var body = JsonSerializer.Serialize(new { action, entity, id = entityId, pledgeId, before, after }, Json.Options);
        var sequence = head.Sequence + 1;
        await write.Sql.ExecuteAsync("""
            INSERT INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash)
            VALUES (@sequence, @At, @actor, @entity, @entityId, @pledgeId, @body, @hash)
            """,
            new { sequence, write.At, actor = write.By.Id, entity, entityId, pledgeId, body, hash = Chain.Hash(head.Hash, sequence, Iso.Instant(write.At), write.By.Id, body) });
        return sequence;
    }
}
