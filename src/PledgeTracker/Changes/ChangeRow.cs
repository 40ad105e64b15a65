using System.Text.Json;

namespace PledgeTracker.Changes;

/// <summary>A change as it is read, for whatever shows changes: with what never changes of the pledge, the entry or the statement that it is about.</summary>
internal sealed record ChangeRow : StoredChange
{
    // A pledge as it was made: its donors' shares together.
    private static string Promised(string sum) => $"CASE WHEN c.entity = 'pledge' THEN (SELECT {sum} FROM ledger_entry n WHERE n.pledge_no = p.no AND n.kind = 'pledge' AND n.reverses_no IS NULL) END";

    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>change c</c>.</summary>
    /// <param name="from">What else is walked, where something is.</param>
    public static string Select(string from = "change c") => $"""
        SELECT {Columns}, k.organization_id AS actor_for, p.origin, p.announced_on, p.date_precision AS announced_precision, p.countries,
               (SELECT coalesce(r.merged_into, r.id) FROM organization r WHERE r.id = p.recipient_id) AS recipient_id,
               (SELECT coalesce(b.merged_into, b.id) FROM organization b WHERE b.id = e.paid_by) AS paid_by,
               e.kind, e.reason, e.adjusts, e.replaces_no,
               coalesce(e.amount_minor, q.amount_minor, s.amount_minor, {Promised("CAST(sum(n.amount_minor) AS BIGINT)")}) AS amount_minor,
               coalesce(e.currency, q.currency, s.currency, p.currency) AS currency,
               coalesce(e.usd_minor, q.usd_minor, s.usd_minor, {Promised("CAST(sum(n.usd_minor) AS BIGINT)")}) AS usd_minor,
               coalesce(e.qualifier, q.qualifier, s.qualifier, {Promised("min(n.qualifier)")}) AS qualifier, coalesce(e.usd_qualifier, {Promised("min(n.usd_qualifier)")}) AS usd_qualifier,
               coalesce(e.value_date, q.stated_on, s.stated_on, p.announced_on) AS day, coalesce(e.date_precision, q.date_precision, s.date_precision, p.date_precision) AS day_precision,
               q.kind AS requirement, coalesce(q.period_start, s.period_start) AS period_start, coalesce(q.period_end, s.period_end) AS period_end,
               coalesce(q.stated_by_en, s.stated_by_en) AS stated_by_en, coalesce(q.stated_by_ar, s.stated_by_ar) AS stated_by_ar
        FROM {from} LEFT JOIN api_key k ON k.id = substr(c.actor, 5)
        LEFT JOIN pledge p ON p.id = c.pledge_id LEFT JOIN ledger_entry e ON e.id = c.entity_id
        LEFT JOIN requirement q ON q.id = c.entity_id LEFT JOIN shortfall s ON s.id = c.entity_id
        """;

    /// <summary>
    /// Where changes about these things are looked for, the column that has their sequence there, and which they are. What a change is about stands in a table of its own, which is walked for
    /// the first of them that is a single one.
    /// </summary>
    /// <param name="isWalked">Whether nothing that is closer to them is asked for as well.</param>
    public static (string From, string Seq, Filter Filter) WalkAbout(
        Engine engine, IReadOnlyList<string>? donors, IReadOnlyList<string>? funds, IReadOnlyList<string>? events, bool isWalked = true)
    {
        (string Kind, IReadOnlyList<string>? Ids)[] about = [("donor", donors), ("fund", funds), ("event", events)];
        var walked = isWalked ? about.FirstOrDefault(a => a.Ids is { Count: 1 }).Kind : null;
        var (from, seq) = walked is null ? ("change c", "c.seq") : ("change_about a JOIN change c ON c.seq = a.seq", "a.seq");
        var filter = new Filter().Where($"a.kind = '{walked}'", walked is not null);
        foreach (var (kind, ids) in about)
        {
            filter.WhereAny(engine, kind == walked ? "a.id" : "x.id", kind, ids,
                any => kind == walked ? any : $"{seq} IN (SELECT x.seq FROM change_about x WHERE x.kind = '{kind}' AND {any})");
        }

        return (from, seq, filter);
    }

    public string? ActorFor { get; init; }
    public string? Origin { get; init; }
    public DateOnly? AnnouncedOn { get; init; }
    public string? AnnouncedPrecision { get; init; }
    public string[]? Countries { get; init; }
    public string? RecipientId { get; init; }
    public string? PaidBy { get; init; }
    public string? Kind { get; init; }
    public string? Reason { get; init; }
    public string? Adjusts { get; init; }
    public long? ReplacesNo { get; init; }
    public long? AmountMinor { get; init; }
    public string? Currency { get; init; }
    public long? UsdMinor { get; init; }
    public string? Qualifier { get; init; }
    public string? UsdQualifier { get; init; }
    public DateOnly? Day { get; init; }
    public string? DayPrecision { get; init; }
    public string? Requirement { get; init; }
    public DateOnly? PeriodStart { get; init; }
    public DateOnly? PeriodEnd { get; init; }
    public string? StatedByEn { get; init; }
    public string? StatedByAr { get; init; }

    /// <summary>Rows as they are shown.</summary>
    public static async Task<List<Change>> ShowAsync(Session session, IReadOnlyList<ChangeRow> rows, Reader reader)
    {
        var list = rows.Select(row => row.Seq).ToList();
        var about = list.Count == 0 ? [] : (await session.Sql.QueryAsync<About>(
            $"SELECT a.seq, a.kind, a.id FROM change_about a WHERE {session.Engine.AnyOf("a.seq", "@list")} ORDER BY a.seq, a.kind, a.id", new { list })).AsList();
        var contents = rows.Select(row => row.Content).ToList();
        var names = await Names.OfAsync(session,
            [.. IdsOf("donor"), .. rows.SelectMany(row => new[] { row.ActorFor, row.RecipientId, row.PaidBy, row.Entity == "organization" ? row.EntityId : null }), .. contents.SelectMany(c => c.Organizations)],
            [.. IdsOf("fund"), .. contents.SelectMany(c => c.Funds)], [.. IdsOf("event"), .. contents.SelectMany(c => c.Events)], [.. rows.Where(row => row.Entity == "source").Select(row => row.EntityId), .. contents.SelectMany(c => c.Sources)]);
        var abouts = about.ToLookup(a => a.Seq);
        return [.. rows.Zip(contents, (row, content) => row.ToChange(content, abouts[row.Seq].ToLookup(a => a.Kind, a => a.Id), names, reader))];

        string[] IdsOf(string kind) => [.. about.Where(a => a.Kind == kind).Select(a => a.Id)];
    }

    /// <summary>What was sent, and what was there before.</summary>
    public Content Content => new(JsonSerializer.Deserialize<JsonElement>(Body));

    private Change ToChange(Content content, ILookup<string, string> about, Names names, Reader reader)
    {
        var (donors, fund, @event) = (about["donor"].ToList(), about["fund"].FirstOrDefault(), about["event"].FirstOrDefault());
        return new()
        {
            Sequence = Seq,
            At = At,
            Actor = Actor,
            ActorName = ActorWords(names)?.In(reader.Language),
            ActorFor = Ref("organization", ActorFor),
            Action = content.Action,
            Entity = Entity,
            EntityId = EntityId,
            Name = (Entity == "indicator" ? content.After.Text("name") : names[Entity, EntityId])?.In(reader.Language),
            Text = Sentence.Of(this, content, donors.ConvertAll(id => names["organization", id]!), names["fund", fund], names["event", @event], names),
            PledgeId = PledgeId,
            Fund = Ref("fund", fund),
            Event = Ref("event", @event),
            Donors = [.. donors.Select(id => Ref("organization", id)!)],
            RedactedBy = RedactedBy,
            Hash = Convert.ToHexStringLower(Hash),
        };

        Ref? Ref(string kind, string? id) => Http.Ref.Of(id, names[kind, id]?.In(reader.Language));
    }

    // Whose a key is, where it speaks for nobody, is not public (docs/decisions/0006).
    private LocalizedText? ActorWords(Names names) => ActorFor is not null ? names["organization", ActorFor]
        : Actor == Caller.Seed.Id ? new("The documented facts", "الوقائع الموثقة")
        : Actor == Caller.Local.Id ? new("The server's own machine", "جهاز الخادم نفسه")
        : Actor.StartsWith("key:", StringComparison.Ordinal) ? new("An editor", "محرر") : null;

    private sealed record About
    {
        public required long Seq { get; init; }
        public required string Kind { get; init; }
        public required string Id { get; init; }
    }
}
