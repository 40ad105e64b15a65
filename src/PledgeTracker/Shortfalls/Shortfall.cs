using System.Text.Json.Serialization;

namespace PledgeTracker.Shortfalls;

/// <summary>What a fund still lacks: as somebody reported it, or computed from a requirement.</summary>
/// <typeparam name="TText">Texts are in the negotiated language in lists (<c>string</c>), in both where it stands alone (<see cref="LocalizedText"/>).</typeparam>
public sealed record Shortfall<TText> : IVersioned
    where TText : class
{
    /// <summary>Of the statement; of a computed shortfall, the requirement's.</summary>
    [Hxl("#meta+id")]
    public required string Id { get; init; }

    [Hxl("#activity+fund")]
    public required Ref Fund { get; init; }

    /// <summary>`reported`: somebody said so, on a day. `computed`: a requirement less all commitments to it.</summary>
    public required string Basis { get; init; }

    /// <summary>Null where the statement speaks of "now" or of "until" a day.</summary>
    [Hxl("#date+start")]
    public required DateOnly? PeriodStart { get; init; }

    [Hxl("#date+end")]
    public required DateOnly? PeriodEnd { get; init; }

    /// <summary>What was reported, in its own currency; computed ones in US dollars.</summary>
    [Hxl("#value+shortfall")]
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    [Hxl("#currency+code")]
    public required string Currency { get; init; }

    [Hxl("#value+shortfall+usd")]
    public required decimal AmountUsd { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    [Hxl("#date+stated")]
    public required DateOnly StatedOn { get; init; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public required string DatePrecision { get; init; }

    [Hxl("#org+name+stated")]
    public required TText? StatedBy { get; init; }

    [Hxl("#description+note")]
    public required TText? Note { get; init; }

    /// <summary>No later statement about this fund speaks of the same time. Statements are never added up.</summary>
    public required bool Current { get; init; }

    /// <summary>The id of the next later statement that speaks of the same time.</summary>
    public required string? SupersededBy { get; init; }

    public required Coverage Coverage { get; init; }

    [Hxl("#meta+source")]
    public required Citation[] Citations { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }

    /// <summary>How it was read, what others call `basis`; only of one alone that is asked for as of a day, with `asOf` or `knownAt`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Basis? AsOfBasis { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>A reported shortfall, or a requirement that one is computed from, as it is read, for whatever shows shortfalls.</summary>
internal sealed record ShortfallRow : StatementRow
{
    /// <summary>What each is called, and the table that it stands in.</summary>
    public static readonly (string Basis, string Kind)[] Both = [("reported", "shortfall"), ("computed", "requirement")];

    public required string Basis { get; init; }
    public DateOnly? WindowEnd { get; init; }

    /// <summary>Reported shortfalls and computed ones, selected as one table <c>t</c>; an ORDER BY may follow.</summary>
    /// <param name="basis">`reported` or `computed`; null for both.</param>
    /// <param name="changing">Whether they go by what changed.</param>
    /// <param name="narrowed">The WHERE, and what may follow it, by which each of the two finds its own <c>t</c>, of which <c>x</c> tells whether it is superseded.</param>
    public static string Select(string? basis, bool changing, Reader reader, string narrowed)
    {
        var halves = Halves(basis).Select(half => $"""
            SELECT basis, window_end, {Names} FROM (
                SELECT '{half.Basis}' AS basis, {Coverages.WindowEnd} AS window_end, {Columns(reader)}
                {From(half.Kind, changing)} {Beside(half.Kind)}
                {narrowed}) {half.Basis}
            """);
        return $"SELECT basis, window_end, {Names} FROM ({string.Join(" UNION ALL ", halves)}) t";
    }

    /// <summary>Some of them as they stood as of a day, in the order in which they are named.</summary>
    public static async Task<List<ShortfallRow>> ThenAsync(Session session, IEnumerable<StatementThen> then, Reader reader)
    {
        var all = then.ToList();
        var list = all.ConvertAll(s => s.Statement.Id);
        var rows = list.Count == 0 ? [] : (await session.Sql.QueryAsync<ShortfallRow>(Select(null, changing: false, reader, $"WHERE {session.Engine.AnyOf("t.id", "@list")}"), new { list })).ToDictionary(row => row.Id);
        return all.ConvertAll(s => rows[s.Statement.Id] with
        {
            SupersededBy = s.Next?.Id,
            WindowEnd = s.WindowEnd,
        });
    }

    /// <summary>Counts them.</summary>
    /// <param name="where">As for <see cref="Select"/>.</param>
    public static string Count(string? basis, bool changing, string where) => $"SELECT {string.Join(" + ", Halves(basis).Select(half => $"(SELECT count(*) {From(half.Kind, changing)} {where})"))}";

    private static IEnumerable<(string Basis, string Kind)> Halves(string? basis) => Both.Where(half => half.Basis == (basis ?? half.Basis));

    /// <summary>Rows as they are shown, each with its coverage and its citations.</summary>
    /// <param name="requirements">The numbers of requirements whose citations are read with these rows'.</param>
    public static async Task<(List<Shortfall<TText>> Shortfalls, ILookup<long, Citation> OfRequirements)> ShowAsync<TText>(
        Session session, IReadOnlyList<ShortfallRow> rows, Reader reader, Func<string?, string?, TText?> text, IEnumerable<long>? requirements = null, Past? past = null)
        where TText : class
    {
        var (reported, computed) = await Citations.OfStatementsAsync(session,
            rows.Where(row => row.Basis == "reported").Select(row => row.No), rows.Where(row => row.Basis == "computed").Select(row => row.No).Union(requirements ?? []), reader);
        var coverages = await Coverages.OfAsync(session, rows, reader, past);
        return ([.. rows.Select(row => row.ToShortfall(coverages[row.Id], (row.Basis == "reported" ? reported : computed)[row.No], text))], computed);
    }

    private Shortfall<TText> ToShortfall<TText>(Coverage coverage, IEnumerable<Citation> citations, Func<string?, string?, TText?> text)
        where TText : class
    {
        var computed = Basis == "computed";
        return new()
        {
            Id = Id,
            Fund = new Ref(FundId, FundName),
            Basis = Basis,
            PeriodStart = PeriodStart,
            PeriodEnd = PeriodEnd,
            Amount = computed ? coverage.Remaining : Words.Currency.Major(AmountMinor, Currency),
            Currency = computed ? "USD" : Currency,
            AmountUsd = computed ? coverage.Remaining : Words.Currency.Usd(UsdMinor),
            Qualifier = Qualifier,
            StatedOn = StatedOn,
            DatePrecision = DatePrecision,
            StatedBy = text(StatedByEn, StatedByAr),
            Note = text(NoteEn, NoteAr),
            Current = SupersededBy is null,
            SupersededBy = SupersededBy,
            Coverage = coverage,
            Citations = [.. citations],
            Redacted = Redacted,
            Version = Version,
        };
    }
}
