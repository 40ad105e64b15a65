using System.Text;
using System.Text.Json;
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

    /// <summary>The citations of an entry, by its number, in the order they were given.</summary>
    public static IEnumerable<Citation> OfEntry(IQueries queries, long no, Language language) => queries.Query<Row>(
        $"SELECT c.{OfEntries} AS owner, c.source_id, c.quote, c.note_en, c.note_ar FROM citation c WHERE c.{OfEntries} = @key ORDER BY c.no",
        ("@key", no)).ConvertAll(r => r.ToCitation(queries, language));

    /// <summary>Writes the citations of a pledge, by its number, in the order they were given, as an array of <see cref="Citation"/>.</summary>
    public static void WriteOfPledge(Utf8JsonWriter json, IQueries queries, long no, Language language)
    {
        const string sql = $"SELECT source_id, quote, note_en, note_ar FROM citation WHERE {OfPledges} = @no ORDER BY no";
        json.WriteStartArray();
        using var rows = queries.Read(sql, ("@no", no));
        Span<char> letters = stackalloc char[Names.LongestId];
        while (rows.Next())
        {
            json.WriteStartObject();
            json.WritePropertyName("source"u8);
            json.WriteRawValue(SourceRow.Of(queries, letters[..Encoding.UTF8.GetChars(rows.Text(0), letters)]).Json(language), skipInputValidation: true);
            json.WriteText("quote"u8, rows, 1);
            var (first, second) = language == Language.Arabic ? (3, 2) : (2, 3);
            json.WriteText("note"u8, rows, rows.IsNull(first) ? second : first);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private sealed record Row
    {
        public required object Owner { get; init; }

        public required string SourceId { get; init; }

        public string? Quote { get; init; }

        public string? NoteEn { get; init; }

        public string? NoteAr { get; init; }

        public Citation ToCitation(IQueries queries, Language language) => new()
        {
            Source = SourceRow.Of(queries, SourceId).In(language),
            Quote = Quote,
            Note = LocalizedText.Of(NoteEn, NoteAr)?.In(language),
        };
    }

    private sealed record SourceRow
    {
        private byte[]? _english;
        private byte[]? _arabic;

        public required string Id { get; init; }

        public string? TitleEn { get; init; }

        public string? TitleAr { get; init; }

        public string? Url { get; init; }

        public required DateOnly PublishedOn { get; init; }

        public static SourceRow Of(IQueries queries, ReadOnlySpan<char> id) =>
            queries.Remembered<SourceRow>("SELECT id, title_en, title_ar, url, published_on FROM source WHERE id = @key", id)!;

        public CitedSource In(Language language) => new(Id, LocalizedText.Of(TitleEn, TitleAr)?.In(language), Url, PublishedOn);

        /// <summary><see cref="In"/> as JSON. Kept, because a source is remembered and cited again.</summary>
        public byte[] Json(Language language) => language == Language.Arabic ? _arabic ??= Serialized(language) : _english ??= Serialized(language);

        private byte[] Serialized(Language language) => JsonSerializer.SerializeToUtf8Bytes(In(language), Http.Json.Options);
    }
}
