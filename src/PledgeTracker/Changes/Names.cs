namespace PledgeTracker.Changes;

/// <summary>What the organizations, funds, events, sources and countries that some changes speak of are called today.</summary>
internal sealed class Names
{
    private readonly Dictionary<(string Kind, string Id), LocalizedText> _names;

    private Names(Dictionary<(string Kind, string Id), LocalizedText> names) => _names = names;

    /// <summary>The name, in each language as it is shown there; null where there is none.</summary>
    public LocalizedText? this[string kind, string? id] => id is null ? null : kind == "country" ? Country.NameOf(id) : _names.GetValueOrDefault((kind, id));

    /// <summary>All of them at once.</summary>
    public static async Task<Names> OfAsync(Session session, IEnumerable<string?> organizations, IEnumerable<string?> funds, IEnumerable<string?> events, IEnumerable<string> sources)
    {
        var rows = await session.Sql.QueryAsync<Row>($"""
            SELECT 'organization' AS kind, o.id, o.name_en, o.name_ar FROM organization o WHERE {session.Engine.AnyOf("o.id", "@organizations")}
            UNION ALL SELECT 'fund', f.id, f.name_en, f.name_ar FROM fund f WHERE {session.Engine.AnyOf("f.id", "@funds")}
            UNION ALL SELECT 'event', v.id, v.name_en, v.name_ar FROM event v WHERE {session.Engine.AnyOf("v.id", "@events")}
            UNION ALL SELECT 'source', s.id, s.title_en, s.title_ar FROM source s WHERE {session.Engine.AnyOf("s.id", "@sources")}
            """, new { organizations = Distinct(organizations), funds = Distinct(funds), events = Distinct(events), sources = Distinct(sources) });
        return new(rows.ToDictionary(row => (row.Kind, row.Id), row => new LocalizedText(row.NameEn ?? row.NameAr, row.NameAr ?? row.NameEn)));
    }

    /// <summary>What is shown of these, or of all of them, as the title of a whole.</summary>
    /// <param name="what">What is shown.</param>
    public LocalizedText Title(LocalizedText what, IReadOnlyList<string>? donors, IReadOnlyList<string>? funds, IReadOnlyList<string>? events)
    {
        var asked = new (string Kind, IReadOnlyList<string>? Ids, string Others)[] { ("organization", donors, "جهات أخرى"), ("fund", funds, "صناديق أخرى"), ("event", events, "فعاليات أخرى") }
            .Where(a => a.Ids is not null).Select(a => Sentence.Joined([.. a.Ids!.Select(id => this[a.Kind, id] ?? new(id, id))], a.Others)).Prepend(what).ToList();
        return new($"PledgeTracker: {string.Join(" · ", asked.Select(a => a.En))}", $"PledgeTracker: {string.Join(" · ", asked.Select(a => a.Ar))}");
    }

    private static List<string> Distinct(IEnumerable<string?> ids) => [.. ids.OfType<string>().Distinct()];

    private sealed record Row
    {
        public required string Kind { get; init; }
        public required string Id { get; init; }
        public string? NameEn { get; init; }
        public string? NameAr { get; init; }
    }
}
