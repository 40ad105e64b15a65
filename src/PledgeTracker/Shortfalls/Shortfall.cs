using System.Text.Json.Serialization;

namespace PledgeTracker.Shortfalls;

/// <summary>What a fund still lacks: as somebody reported it, or computed from a requirement.</summary>
/// <typeparam name="TText">Texts are in the negotiated language in lists (<c>string</c>), in both where it stands alone (<see cref="LocalizedText"/>).</typeparam>
public sealed record Shortfall<TText> : IVersioned
    where TText : class
{
    /// <summary>Of the statement; of a computed shortfall, the requirement's.</summary>
    public required string Id { get; init; }

    public required Ref Fund { get; init; }

    /// <summary>`reported`: somebody said so, on a day. `computed`: a requirement less all commitments to it.</summary>
    public required string Basis { get; init; }

    /// <summary>Null where the statement speaks of "now" or of "until" a day.</summary>
    public required DateOnly? PeriodStart { get; init; }

    public required DateOnly? PeriodEnd { get; init; }

    /// <summary>What was reported, in its own currency; computed ones in US dollars.</summary>
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    public required string Currency { get; init; }

    public required decimal AmountUsd { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    public required DateOnly StatedOn { get; init; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public required string DatePrecision { get; init; }

    public required TText? StatedBy { get; init; }

    public required TText? Note { get; init; }

    /// <summary>No later statement about this fund speaks of the same time. Statements are never added up.</summary>
    public required bool Current { get; init; }

    /// <summary>The id of the next later statement that speaks of the same time.</summary>
    public required string? SupersededBy { get; init; }

    public required Coverage Coverage { get; init; }

    public required Citation[] Citations { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>A reported shortfall, or a requirement that one is computed from, as it is read, for whatever shows shortfalls.</summary>
internal sealed record ShortfallRow : RedactableRow
{
    public required string Basis { get; init; }
    public required long No { get; init; }
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public string? FundName { get; init; }
    public DateOnly? PeriodStart { get; init; }
    public DateOnly? PeriodEnd { get; init; }
    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }
    public required long UsdMinor { get; init; }
    public required string Qualifier { get; init; }
    public required DateOnly StatedOn { get; init; }
    public required string DatePrecision { get; init; }
    public string? StatedByEn { get; init; }
    public string? StatedByAr { get; init; }
    public string? NoteEn { get; init; }
    public string? NoteAr { get; init; }
    public required long Version { get; init; }
    public string? SupersededBy { get; init; }
    public DateOnly? WindowEnd { get; init; }

    /// <summary>Reported shortfalls and computed ones, selected as one table <c>t</c>; an ORDER BY may follow.</summary>
    /// <param name="basis">`reported` or `computed`; null for both.</param>
    /// <param name="changing">Whether they go by what changed.</param>
    /// <param name="narrowed">The WHERE, and what may follow it, by which each of the two finds its own <c>t</c>, of which <c>x</c> tells whether it is superseded.</param>
    public static string Select(string? basis, bool changing, Reader reader, string narrowed)
    {
        var halves = Halves(basis, changing).Select(half => $"""
            SELECT * FROM (
                SELECT '{half.Basis}' AS basis, t.no, t.id, t.fund_id, {reader.Text("f.name")} AS fund_name, t.period_start, t.period_end, t.amount_minor, t.currency,
                       t.usd_minor, t.qualifier, t.stated_on, t.date_precision, t.stated_by_en, t.stated_by_ar, t.note_en, t.note_ar, t.version,
                       n.id AS superseded_by, {Coverages.WindowEnd} AS window_end, {RedactionColumns}
                {half.From} LEFT JOIN {half.Table} n ON n.no = x.by_no JOIN fund f ON f.id = t.fund_id LEFT JOIN redaction rd ON rd.seq = t.redacted_by
                {narrowed}) {half.Basis}
            """);
        return $"SELECT * FROM ({string.Join(" UNION ALL ", halves)}) t";
    }

    /// <summary>Counts them.</summary>
    /// <param name="where">As for <see cref="Select"/>.</param>
    public static string Count(string? basis, bool changing, string where) => $"SELECT {string.Join(" + ", Halves(basis, changing).Select(half => $"(SELECT count(*) {half.From} {where})"))}";

    private static IEnumerable<(string Basis, string Table, string From)> Halves(string? basis, bool changing)
    {
        return new[] { Half("reported", "shortfall"), Half("computed", "requirement") }.Where(half => half.Basis == (basis ?? half.Basis));

        (string Basis, string Table, string From) Half(string basis, string table) =>
            (basis, table, $"FROM {(changing ? Statements.Changing(table) : table)} t LEFT JOIN superseded x ON x.kind = '{table}' AND x.no = t.no");
    }

    /// <summary>Rows as they are shown, each with its coverage and its citations.</summary>
    /// <param name="requirements">The numbers of requirements whose citations are read with these rows'.</param>
    public static async Task<(List<Shortfall<TText>> Shortfalls, ILookup<long, Citation> OfRequirements)> ShowAsync<TText>(
        Session session, IReadOnlyList<ShortfallRow> rows, Reader reader, Func<string?, string?, TText?> text, IEnumerable<long>? requirements = null)
        where TText : class
    {
        var (reported, computed) = await Citations.OfStatementsAsync(session,
            rows.Where(row => row.Basis == "reported").Select(row => row.No), rows.Where(row => row.Basis == "computed").Select(row => row.No).Union(requirements ?? []), reader);
        var coverages = await Coverages.OfAsync(session, rows, reader);
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
