using FluentValidation;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Sources;

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
        RuleFor(c => c.Quote).IsText(4000);
        RuleFor(c => c.Note).IsText(4000);
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
public sealed record CitedSource(string Id, string? Title, string? Url, DateOnly PublishedOn);

/// <summary>Citations as they are stored and read, for whatever carries them.</summary>
internal static class Citations
{
    public const string OfPledges = "pledge_no";
    public const string OfEntries = "entry_no";
    public const string OfShortfalls = "shortfall_no";
    public const string OfRequirements = "requirement_no";
    public const string OfIndicators = "indicator_no";
    public const string OfEvents = "event_id";

    public static void Check(References references, IReadOnlyList<CitationRequest>? citations)
    {
        for (var i = 0; i < (citations?.Count ?? 0); i++)
        {
            references.Source($"/citations/{i}/sourceId", citations![i].SourceId);
        }
    }

    /// <param name="owner">One of the constants of this class: the column that says what carries the citation.</param>
    public static void Add(Write write, string owner, object key, IReadOnlyList<CitationRequest>? citations)
    {
        foreach (var citation in citations ?? [])
        {
            write.Execute($"""
                INSERT INTO citation (source_id, {owner}, quote, note_en, note_ar, recorded_at) VALUES (@source, @key, @quote, @noteEn, @noteAr, @at)
                """,
                ("@source", citation.SourceId), ("@key", key), ("@quote", citation.Quote), ("@noteEn", citation.Note?.En), ("@noteAr", citation.Note?.Ar),
                ("@at", write.At));
        }
    }

    /// <summary>The citations of several owners, in the order they were given: that in which the index of an owner's citations holds them.</summary>
    /// <param name="owner">One of the constants of this class.</param>
    /// <param name="keys">A JSON array of the owners' numbers or ids.</param>
    public static ILookup<object, Citation> Of(IQueries queries, string owner, string keys, Language language) => queries.Query<Row>(
        $"SELECT c.{owner} AS owner, c.source_id, c.quote, c.note_en, c.note_ar FROM json_each(@keys) k CROSS JOIN citation c ON c.{owner} = k.value",
        ("@keys", keys)).ToLookup(r => r.Owner, r => r.ToCitation(queries, language));

    /// <summary>The citations of one owner, by its number, in the order they were given.</summary>
    /// <param name="owner">One of the constants of this class.</param>
    public static IEnumerable<Citation> Of(IQueries queries, string owner, long key, Language language) => queries.Query<Row>(
        $"SELECT c.{owner} AS owner, c.source_id, c.quote, c.note_en, c.note_ar FROM citation c WHERE c.{owner} = @key ORDER BY c.no",
        ("@key", key)).ConvertAll(r => r.ToCitation(queries, language));

    private sealed record Row
    {
        public required object Owner { get; init; }

        public required string SourceId { get; init; }

        public string? Quote { get; init; }

        public string? NoteEn { get; init; }

        public string? NoteAr { get; init; }

        public Citation ToCitation(IQueries queries, Language language)
        {
            var source = queries.Remembered<SourceRow>("SELECT id, title_en, title_ar, url, published_on FROM source WHERE id = @key", SourceId)!;
            return new Citation
            {
                Source = new(source.Id, LocalizedText.Of(source.TitleEn, source.TitleAr)?.In(language), source.Url, source.PublishedOn),
                Quote = Quote,
                Note = LocalizedText.Of(NoteEn, NoteAr)?.In(language),
            };
        }
    }

    private sealed record SourceRow
    {
        public required string Id { get; init; }

        public string? TitleEn { get; init; }

        public string? TitleAr { get; init; }

        public string? Url { get; init; }

        public required DateOnly PublishedOn { get; init; }
    }
}
