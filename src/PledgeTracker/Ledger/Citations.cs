namespace PledgeTracker.Ledger;

/// <summary>The document that a figure rests on, and the words in it.</summary>
/// <param name="SourceId">The source's id.</param>
/// <param name="Quote">The document's own words, in its own language.</param>
/// <param name="Note">What the document adds, or how we read it.</param>
public sealed record CitationRequest(string? SourceId = null, string? Quote = null, LocalizedText? Note = null);

internal sealed class CitationRules : AbstractValidator<CitationRequest>
{
    public CitationRules()
    {
        RuleFor(c => c.SourceId).Needed().IsSlug();
        RuleFor(c => c.Quote).IsText(20_000);
        RuleFor(c => c.Note).IsText(20_000);
    }
}

/// <summary>A citation as it is shown beside the figure that rests on it.</summary>
public sealed record Citation
{
    public required CitedSource Source { get; init; }

    /// <summary>The document's own words, in its own language.</summary>
    public string? Quote { get; init; }

    /// <summary>What the document adds, or how we read it, in the negotiated language.</summary>
    public string? Note { get; init; }
}

/// <summary>The source of a citation.</summary>
/// <param name="Language">The document's own language, BCP 47.</param>
/// <param name="DateQualifier">`approximate` where the document carries no exact date.</param>
/// <param name="Reliability">`primary` for those who promise or receive, `secondary` for news of it.</param>
public sealed record CitedSource(
    [property: Hxl("+id")] string Id, string? Title, string? Publisher, string? Url, string Language, DateOnly PublishedOn, string DateQualifier,
    [property: OneOf(nameof(Vocabulary.Reliabilities))] string Reliability);

/// <summary>Citations as they are stored and read, for whatever carries them.</summary>
internal static class Citations
{
    /// <param name="owner">The column that says what carries them: <c>pledge_no</c>, <c>entry_no</c>, <c>shortfall_no</c>, <c>requirement_no</c>, <c>indicator_no</c> or <c>event_id</c>.</param>
    public static async Task AddAsync(Write write, string owner, object key, IReadOnlyList<CitationRequest>? citations)
    {
        foreach (var citation in citations ?? [])
        {
            await write.Sql.ExecuteAsync($"""
                INSERT INTO citation (no, source_id, {owner}, quote, note_en, note_ar, recorded_at)
                VALUES ((SELECT coalesce(max(no), 0) + 1 FROM citation), @SourceId, @key, @Quote, @noteEn, @noteAr, @At)
                """, new { citation.SourceId, key, citation.Quote, noteEn = citation.Note?.En, noteAr = citation.Note?.Ar, write.At });
        }
    }

    /// <summary>The citations of several owners, each owner's in the order in which they were given.</summary>
    /// <param name="owner">As in <see cref="AddAsync"/>.</param>
    public static async Task<ILookup<TKey, Citation>> OfAsync<TKey>(Session session, string owner, IEnumerable<TKey> keys, Reader reader)
        where TKey : notnull
    {
        var list = keys.ToList();
        var rows = list.Count == 0 ? [] : await session.Sql.QueryAsync<Row<TKey>>($"{Select(session, owner, "list", reader)} ORDER BY c.no", new { list });
        return rows.ToLookup(row => row.Owner, row => row.ToCitation());
    }

    /// <summary>The same of shortfalls and of requirements, by their numbers.</summary>
    public static async Task<(ILookup<long, Citation> Shortfalls, ILookup<long, Citation> Requirements)> OfStatementsAsync(
        Session session, IEnumerable<long> ofShortfalls, IEnumerable<long> ofRequirements, Reader reader)
    {
        var (shortfalls, requirements) = (ofShortfalls.ToList(), ofRequirements.ToList());
        var rows = (await session.Sql.QueryAsync<Row<long>>($"""
            {Select(session, "shortfall_no", "shortfalls", reader)}
            UNION ALL
            {Select(session, "requirement_no", "requirements", reader)}
            ORDER BY no
            """, new { shortfalls, requirements })).ToLookup(row => row.Carrier);
        return (Of("shortfall_no"), Of("requirement_no"));

        ILookup<long, Citation> Of(string carrier) => rows[carrier].ToLookup(row => row.Owner, row => row.ToCitation());
    }

    private static string Select(Session session, string owner, string list, Reader reader) => $"""
        SELECT '{owner}' AS carrier, c.{owner} AS owner, c.no, c.source_id, {reader.Text("s.title")} AS title, {reader.Text("s.publisher")} AS publisher, s.url,
               s.language, s.published_on, s.date_qualifier, s.reliability, c.quote, {reader.Text("c.note")} AS note
        FROM citation c JOIN source s ON s.id = c.source_id
        WHERE {session.Engine.AnyOf($"c.{owner}", $"@{list}")}
        """;

    private sealed record Row<TKey>
    {
        public required string Carrier { get; init; }
        public required TKey Owner { get; init; }
        public required string SourceId { get; init; }
        public string? Title { get; init; }
        public string? Publisher { get; init; }
        public string? Url { get; init; }
        public required string Language { get; init; }
        public required DateOnly PublishedOn { get; init; }
        public required string DateQualifier { get; init; }
        public required string Reliability { get; init; }
        public string? Quote { get; init; }
        public string? Note { get; init; }

        public Citation ToCitation() => new() { Source = new CitedSource(SourceId, Title, Publisher, Url, Language, PublishedOn, DateQualifier, Reliability), Quote = Quote, Note = Note };
    }
}
