using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Indicators;

/// <summary>What the money is for, and what has come of it.</summary>
internal sealed class ListIndicators : IEndpoint
{
    private static readonly QueryParameter<string> Measure = QueryParameter.Slug("measure", "Only values of this measure.", "coalition-partners");
    private static readonly QueryParameter<string> Fund = QueryParameter.Slug("fund", "Only indicators of this fund.", "undp-ffs");
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("from", "Of this day or later.", "2017-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("to", "Of this day or earlier.", "2024-12-31");

    private static readonly Paging Paging = new("-date", "i.id", new SortField("date", "i.date"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/indicators", Handle).Reads("ListIndicators", "Indicators",
        "Indicators", "Values of what the money is for, latest first; the values of one `measure` form a series.", Paging.With(Measure, Fund, From, To));

    private static async Task<Results<Ok<Page<Indicator>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter()
            .Where("i.measure = @measure", "@measure", request.Get(Measure))
            .Where("i.fund_id = @fund", "@fund", request.Get(Fund))
            .Where("i.date >= @from", "@from", request.Get(From))
            .Where("i.date <= @to", "@to", request.Get(To));
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<Row>($"""
            SELECT i.no, i.id, i.measure, i.name_en, i.name_ar, i.value, i.unit, i.qualifier, i.date, i.date_precision, i.fund_id, f.name_en AS fund_en,
                   f.name_ar AS fund_ar, i.country, i.note_en, i.note_ar
            FROM indicator i LEFT JOIN fund f ON f.id = i.fund_id {page.Sql} {keyset.OrderSql()}
            """, page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM indicator i {filter.Sql}", filter.Parameters) : null;
        var citations = Citations.Of(snapshot, Citations.OfIndicators, $"[{string.Join(',', rows.Select(r => r.No))}]", request.Language);
        var text = Texts.In(request.Language);
        return TypedResults.Ok(keyset.Page(rows, row => (row.Date, row.Id), row => new Indicator
        {
            Id = row.Id,
            Measure = row.Measure,
            Name = text(row.NameEn, row.NameAr),
            Value = decimal.Parse(row.Value, CultureInfo.InvariantCulture),
            Unit = row.Unit,
            Qualifier = row.Qualifier,
            Date = row.Date,
            DatePrecision = row.DatePrecision,
            Fund = Ref.Of(row.FundId, row.FundEn, row.FundAr, request.Language),
            Country = row.Country,
            Note = text(row.NoteEn, row.NoteAr),
            Citations = [.. citations[row.No]],
        }, count));
    }

    private sealed record Row
    {
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
    }
}

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
