using System.Text.Json;

namespace PledgeTracker.Ledger;

/// <summary>
/// The one log of changes. Every write of public data appends to it in its own transaction; history, the event stream, ETags and the dataset's version
/// read it, so that nothing is announced before it is committed. Its entries form a <see cref="Chain"/>.
/// </summary>
internal static class ChangeLog
{
    // Of a pledge all its donors, and of a flow, of an entry its own: what is found by a donor is what is said of it.
    private const string AboutPledge = """
        INSERT INTO change_about (kind, id, seq)
        SELECT 'fund', p.fund_id, @sequence FROM pledge p WHERE p.id = @pledgeId AND p.fund_id IS NOT NULL
        UNION SELECT 'event', p.event_id, @sequence FROM pledge p WHERE p.id = @pledgeId AND p.event_id IS NOT NULL
        UNION SELECT 'donor', coalesce(o.merged_into, o.id), @sequence FROM pledge p JOIN ledger_entry e ON e.pledge_no = p.no JOIN organization o ON o.id = e.donor_id
            WHERE p.id = @pledgeId AND (@entity = 'pledge' OR @entity = 'flow' OR e.id = @entityId)
        """;

    /// <summary>Appends a change; its sequence becomes the version of what was changed.</summary>
    /// <param name="action">One of <see cref="Vocabulary.Actions"/>.</param>
    /// <param name="entity">One of <see cref="Vocabulary.Entities"/>.</param>
    /// <param name="after">What is there now.</param>
    /// <param name="before">What was there, where something was amended.</param>
    /// <param name="pledgeId">The pledge it belongs to, where it belongs to one; it is written already, with its entries.</param>
    /// <param name="fundId">The fund that a statement or an indicator speaks of.</param>
    public static async Task<long> AppendAsync(Write write, string action, string entity, string entityId, object? after, object? before = null, string? pledgeId = null, string? fundId = null)
    {
        var head = await Head.OfAsync(write.Sql);
        var body = JsonSerializer.Serialize(new { action, entity, id = entityId, pledgeId, before, after }, Json.Options);
        var sequence = head.Sequence + 1;
        await write.Sql.ExecuteAsync("""
            INSERT INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash, last_entry)
            VALUES (@sequence, @At, @actor, @entity, @entityId, @pledgeId, @body, @hash, (SELECT coalesce(max(no), 0) FROM ledger_entry))
            """,
            new { sequence, write.At, actor = write.By.Id, entity, entityId, pledgeId, body, hash = Chain.Hash(head.Hash, sequence, Iso.Instant(write.At), write.By.Id, body) });
        if (pledgeId is not null)
        {
            await write.Sql.ExecuteAsync(AboutPledge, new { sequence, pledgeId, entity, entityId });
        }
        else if (entity is "organization" or "fund" or "event" || fundId is not null)
        {
            await write.Sql.ExecuteAsync("INSERT INTO change_about (kind, id, seq) VALUES (@kind, @id, @sequence)",
                new { kind = entity switch { "organization" => "donor", "event" => "event", _ => "fund" }, id = fundId ?? entityId, sequence });
        }

        return sequence;
    }

    /// <summary>What was said of an organization is found by the one that it was merged into.</summary>
    public static Task MergeAsync(Write write, string id, string into) => write.Sql.ExecuteAsync("""
        INSERT INTO change_about (kind, id, seq) SELECT 'donor', @into, a.seq FROM change_about a WHERE a.kind = 'donor' AND a.id = @id ON CONFLICT (kind, id, seq) DO NOTHING;
        DELETE FROM change_about WHERE kind = 'donor' AND id = @id
        """, new { id, into });
}
