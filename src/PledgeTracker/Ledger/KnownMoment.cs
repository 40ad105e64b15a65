using System.Text.Json;

namespace PledgeTracker.Ledger;

/// <summary>The last change that was recorded by an instant or by a version of the dataset: what was known then.</summary>
/// <param name="LastEntry">The number of the last entry of the ledger then.</param>
internal sealed record KnownMoment(long Sequence, DateTimeOffset At, long LastEntry)
{
    /// <summary>As answers name it.</summary>
    public KnownAt Shown => new(Sequence, At);

    /// <param name="asked">An RFC 3339 instant or a `Dataset-Version`; null for all that is known now.</param>
    /// <exception cref="Refused">The instant is still to come, or this dataset never had the version.</exception>
    public static async Task<KnownMoment?> OfAsync(View view, string? asked)
    {
        if (asked is null)
        {
            return null;
        }

        if (!Iso.TryParseInstant(asked, out var instant))
        {
            return await OfSequenceAsync(view, await DatasetVersion.SequenceAsync(view, "?knownAt", asked));
        }

        if (instant > view.At)
        {
            throw Refused.Invalid(new Fault("?knownAt", "date_out_of_range", new(
                $"That instant is still to come: send one up to {Iso.Instant(view.At)}.", $"لم يحن ذلك الوقت بعد: أرسل وقتا لا يتجاوز {Iso.Instant(view.At)}.")));
        }

        // Times in the log never run backwards and its sequence has no gaps: the last change by then is found by halving.
        var (least, most) = (0L, view.Head.Sequence);
        while (least < most)
        {
            var middle = (least + most + 1) / 2;
            (least, most) = await view.Sql.QueryFirstAsync<DateTimeOffset>("SELECT at FROM change WHERE seq = @middle", new { middle }) <= instant ? (middle, most) : (least, middle - 1);
        }

        return await OfSequenceAsync(view, least);
    }

    /// <summary>What could be amended of things that were amended since, as it was said at the moment, by their ids: the first of those changes kept it.</summary>
    /// <param name="entity">One of <see cref="Vocabulary.Entities"/>.</param>
    /// <param name="these">SQL for: <c>c.entity_id</c> is one of those that are asked for.</param>
    public async Task<Dictionary<string, JsonElement>> SaidAsync(Session session, string entity, string these, DynamicParameters parameters)
    {
        var known = new DynamicParameters(parameters);
        known.Add("knownSequence", Sequence);
        var said = new Dictionary<string, JsonElement>();
        // The stored JSON of a change begins with what was done.
        foreach (var (id, body) in await session.Sql.QueryAsync<(string, string)>(new CommandDefinition($$"""
            SELECT c.entity_id, c.body FROM change c
            WHERE c.entity = '{{entity}}' AND c.seq > @knownSequence AND c.body LIKE '{"action":"amended"%' AND {{these}} ORDER BY c.seq
            """, known, flags: CommandFlags.Buffered | CommandFlags.NoCache)))
        {
            if (!said.ContainsKey(id))
            {
                using var parsed = JsonDocument.Parse(body);
                said.Add(id, parsed.RootElement.GetProperty("before").Clone());
            }
        }

        return said;
    }

    private static async Task<KnownMoment> OfSequenceAsync(View view, long sequence) => await view.Sql.QueryFirstOrDefaultAsync<KnownRow>("""
        SELECT c.seq, c.at, coalesce(c.last_entry, (SELECT max(e.no) FROM ledger_entry e WHERE e.recorded_at <= c.at), 0) AS last_entry FROM change c WHERE c.seq = @sequence
        """, new { sequence }) is { } row ? new(row.Seq, row.At, row.LastEntry) : new(0, DateTimeOffset.UnixEpoch, 0);

    private sealed record KnownRow
    {
        public required long Seq { get; init; }
        public required DateTimeOffset At { get; init; }
        public required long LastEntry { get; init; }
    }
}
