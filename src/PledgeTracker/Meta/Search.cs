namespace PledgeTracker.Meta;

/// <summary>Finds whatever is called so, of every kind at once: for the first words that somebody types.</summary>
public sealed class Search : Reads<Search.Request, SearchResult>
{
    /// <param name="Q">Words in names, in either language, or the beginnings of some. All must occur, of more than eight the first; without any nothing is found. For example `kuwait`.</param>
    public sealed record Request(string? Q = null) : ReadRequest;

    public sealed class Rules : ReadRules<Request>
    {
        public Rules() => RuleFor(r => r.Q).IsSearch();
    }

    // Of all kinds together. Each kind gives its best first, so that none hides another.
    private const int Most = 20;

    // The words of a name stand in the order of the columns; what is nearer to all of the name comes first.
    private const string Order = """
        CASE WHEN ' ' || t.search || ' ' LIKE '% ' || @all || ' %' THEN 0 WHEN ' ' || t.search LIKE '% ' || @all || '%' THEN 1 ELSE 2 END, length(t.search), t.id
        """;

    private const string Nothing = "'' AS other_en, '' AS other_ar";

    private static readonly (string Kind, string Address, string Columns, string From)[] Named =
    [
        ("organization", "/v1/organizations/", $"t.name_en, t.name_ar, {Nothing}, t.aliases", "organization t"),
        ("fund", "/v1/funds/", $"t.name_en, t.name_ar, {Nothing}, t.aliases", "fund t"),
        ("event", "/v1/events/", "t.name_en, t.name_ar, t.place_en AS other_en, t.place_ar AS other_ar, '[]' AS aliases", "event t"),
        ("source", "/v1/sources/", "t.title_en AS name_en, t.title_ar AS name_ar, t.publisher_en AS other_en, t.publisher_ar AS other_ar, '[]' AS aliases", "source t"),
    ];

    public override void Configure()
    {
        Get("/v1/search");
        Metadata(new AsksFor("q", "kuwait"));
        Tells("Meta", "Search", """
            The 20 best of all organizations, funds, events, sources and pledges that all the words are found in, by kind, the best first. Spellings that people take for the same are the same, in English and
            Arabic; other names, and the countries that they are of, are known. Pledges are found by their descriptions and notes, the latest first, and not by a single letter: `/v1/pledges?q=` finds
            them by their donors as well.
            """);
    }

    protected override async Task<SearchResult> ReadAsync(Request request, View view)
    {
        var words = SearchText.Words(request.Q ?? "");
        if (words.Length == 0)
        {
            return new SearchResult([]);
        }

        var groups = new List<List<Hit>>();
        foreach (var (kind, address, columns, from) in Named)
        {
            var filter = new Filter().Where("t.merged_into IS NULL", kind == "organization").WhereEachWord(request.Q, (word, _) => $"({Begins("t", word)} OR {OfCountry(kind, word)})");
            var rows = await view.Sql.QueryAsync<Row>($"SELECT t.id, {columns} FROM {from} {filter.Sql} ORDER BY {Order} LIMIT {Most}", filter.With("all", string.Join(' ', words)).Parameters);
            groups.Add([.. rows.Select(row => ToHit(row, kind, address, words))]);
        }

        groups.Add(await PledgesAsync(view, words));
        var best = groups.SelectMany(hits => hits.Select((hit, at) => (hit, at))).OrderBy(ranked => ranked.at).Take(Most).Select(ranked => ranked.hit).ToHashSet();
        return new SearchResult([.. groups.Select(hits => hits.FindAll(best.Contains)).Where(hits => hits.Count > 0).Select(hits => new SearchGroup(hits[0].Kind, hits))]);
    }

    // By beginnings of words.
    private static string Begins(string of, string word) => $"' ' || {of}.search LIKE '% ' || {word} || '%'";

    private static string OfCountry(string kind, string word) => kind switch
    {
        "organization" or "event" => $"t.country IN ({Searched.CountriesCalled(word)})",
        "fund" => Searched.OneOfCountriesCalled("t", word),
        _ => "1 = 0",
    };

    private async Task<List<Hit>> PledgesAsync(View view, string[] words)
    {
        // A letter begins too many words: to go through all of them would take longer than anybody waits.
        if (Array.Exists(words, word => word.Length == 1 && word[0] < 'ڀ'))
        {
            return [];
        }

        var sought = words.Select((word, i) => KeyValuePair.Create<string, object>($"word{i}", word)).ToList();
        var rows = await view.Sql.QueryAsync<Row>($"""
            SELECT p.id, p.description_en AS name_en, p.description_ar AS name_ar, p.note_en AS other_en, p.note_ar AS other_ar, '[]' AS aliases
            FROM ({view.Engine.PledgesWithWords([.. sought.Select(word => "@" + word.Key)])} ORDER BY 1 DESC LIMIT {Most}) w JOIN pledge p ON p.no = w.no ORDER BY p.no DESC
            """, new DynamicParameters(sought));
        return [.. rows.Select(row => ToHit(row, "pledge", "/v1/pledges/", words))];
    }

    private Hit ToHit(Row row, string kind, string address, string[] words)
    {
        var name = LocalizedText.Of(row.NameEn, row.NameAr)?.In(Reader.Language);
        // What the words were found in: the name as it is shown, if that has them all; else whichever text has the most.
        string?[] texts = [name, row.NameEn, row.NameAr, row.OtherEn, row.OtherAr, .. row.Aliases];
        var found = texts.OfType<string>().Select(text => Marked.Of(text, words)).MaxBy(marked => marked.Count);
        return new Hit
        {
            Kind = kind,
            Id = row.Id,
            Address = Pipeline.Seen(HttpContext, address + row.Id)!,
            Name = name is null ? null : Marked.Short(name),
            Found = found is { Count: > 0 } ? found.Parts : [],
        };
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public string? NameEn { get; init; }
        public string? NameAr { get; init; }
        public string? OtherEn { get; init; }
        public string? OtherAr { get; init; }
        public required string[] Aliases { get; init; }
    }
}

/// <param name="Data">By kind: organizations, funds, events, sources, pledges. Kinds of which nothing was found are left out.</param>
public sealed record SearchResult(IReadOnlyList<SearchGroup> Data);

/// <param name="Kind">`organization`, `fund`, `event`, `source` or `pledge`.</param>
/// <param name="Hits">The best first.</param>
public sealed record SearchGroup(string Kind, IReadOnlyList<Hit> Hits);

/// <summary>What was found.</summary>
public sealed record Hit
{
    /// <summary>`organization`, `fund`, `event`, `source` or `pledge`.</summary>
    public required string Kind { get; init; }

    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Address { get; init; }

    /// <summary>Its name or title, or the beginning of a pledge's description. Null where a pledge has none.</summary>
    public required string? Name { get; init; }

    /// <summary>The text that the words were found in (its name, a name in the other language, another name), or the part of it around them. Empty where it is of a country that is called so.</summary>
    public required IReadOnlyList<Part> Found { get; init; }

    /// <param name="Text">All parts one after the other are the text.</param>
    /// <param name="Matched">Whether it is a word that was looked for.</param>
    public sealed record Part(string Text, bool Matched);
}
