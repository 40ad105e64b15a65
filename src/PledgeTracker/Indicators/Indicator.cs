using System.Globalization;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Indicators;

/// <summary>The value of a measure on a day.</summary>
public sealed record Indicator
{
    public required string Id { get; init; }

    /// <summary>What is measured; values of one measure form a series.</summary>
    public required string Measure { get; init; }

    public required string? Name { get; init; }

    public required decimal Value { get; init; }

    /// <summary>`people`, `percent`, `partners`, a currency code …</summary>
    public required string Unit { get; init; }

    [OneOf(nameof(Words.Qualifiers))]
    public required string Qualifier { get; init; }

    public required DateOnly Date { get; init; }

    [OneOf(nameof(Words.DatePrecisions))]
    public required string DatePrecision { get; init; }

    public required Ref? Fund { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string? Country { get; init; }

    public required string? Note { get; init; }

    public required IReadOnlyList<Citation> Citations { get; init; }
}

internal sealed record IndicatorRow
{
    public const string Columns = """
        i.no, i.id, i.measure, i.name_en, i.name_ar, i.value, i.unit, i.qualifier, i.date, i.date_precision, i.fund_id, f.name_en AS fund_en,
        f.name_ar AS fund_ar, i.country, i.note_en, i.note_ar
        """;

    public const string Joins = "LEFT JOIN fund f ON f.id = i.fund_id";

    public required long No { get; init; }

    public required string Id { get; init; }

    public required string Measure { get; init; }

    public string? NameEn { get; init; }

    public string? NameAr { get; init; }

    public required string Value { get; init; }

    public required string Unit { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly Date { get; init; }

    public required string DatePrecision { get; init; }

    public string? FundId { get; init; }

    public string? FundEn { get; init; }

    public string? FundAr { get; init; }

    public string? Country { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    /// <summary>Shows rows as the API does.</summary>
    public static List<Indicator> Show(IQueries queries, IReadOnlyList<IndicatorRow> rows, View view)
    {
        var citations = Citations.Of(queries, Citations.OfIndicators, $"[{string.Join(',', rows.Select(r => r.No))}]", view.Language);
        var text = Texts.In(view.Language);
        return rows.Select(row => new Indicator
        {
            Id = row.Id,
            Measure = row.Measure,
            Name = text(row.NameEn, row.NameAr),
            Value = decimal.Parse(row.Value, CultureInfo.InvariantCulture),
            Unit = row.Unit,
            Qualifier = row.Qualifier,
            Date = row.Date,
            DatePrecision = row.DatePrecision,
            Fund = Ref.Of(row.FundId, row.FundEn, row.FundAr, view.Language),
            Country = row.Country,
            Note = text(row.NoteEn, row.NoteAr),
            Citations = [.. citations[row.No]],
        }).ToList();
    }

    /// <summary>One value, by its id.</summary>
    public static Indicator Load(IQueries queries, string id, View view) =>
        Show(queries, queries.Query<IndicatorRow>($"SELECT {Columns} FROM indicator i {Joins} WHERE i.id = @id", ("@id", id)), view)[0];
}
