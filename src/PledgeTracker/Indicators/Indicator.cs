using System.Globalization;

namespace PledgeTracker.Indicators;

/// <summary>The value of a measure on a day.</summary>
public sealed record Indicator
{
    [Hxl("#meta+id")]
    public required string Id { get; init; }

    /// <summary>What is measured; values of one measure form a series.</summary>
    [Hxl("#indicator+code")]
    public required string Measure { get; init; }

    [Hxl("#indicator+name")]
    public required string? Name { get; init; }

    [Hxl("#indicator+num")]
    public required decimal Value { get; init; }

    /// <summary>`people`, `percent`, `partners`, a currency code …</summary>
    [Hxl("#indicator+unit")]
    public required string Unit { get; init; }

    /// <summary>The unit as people read it behind the number; where none was given, `unit` itself.</summary>
    public required string UnitName { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    [Hxl("#date+indicator")]
    public required DateOnly Date { get; init; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public required string DatePrecision { get; init; }

    [Hxl("#activity+fund")]
    public required Ref? Fund { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    [Hxl("#country+code")]
    public required string? Country { get; init; }

    [Hxl("#description+note")]
    public required string? Note { get; init; }

    [Hxl("#meta+source")]
    public required Citation[] Citations { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }
}

/// <summary>An indicator as it is read, for whatever shows indicators.</summary>
internal sealed record IndicatorRow : RedactableRow
{
    public required long No { get; init; }
    public required string Id { get; init; }
    public required string Measure { get; init; }
    public string? Name { get; init; }
    public required string Value { get; init; }
    public required string Unit { get; init; }
    public string? UnitName { get; init; }
    public required string Qualifier { get; init; }
    public required DateOnly Date { get; init; }
    public required string DatePrecision { get; init; }
    public string? FundId { get; init; }
    public string? FundName { get; init; }
    public string? Country { get; init; }
    public string? Note { get; init; }
    public required long Version { get; init; }

    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>indicator i</c>.</summary>
    public static string Select(Reader reader) => $"""
        SELECT i.no, i.id, i.measure, {reader.Text("i.name")} AS name, i.value, i.unit, {reader.Text("i.unit_name")} AS unit_name, i.qualifier, i.date, i.date_precision, i.fund_id,
               {reader.Text("f.name")} AS fund_name, i.country, {reader.Text("i.note")} AS note, i.version,
               {RedactionColumns}
        FROM indicator i LEFT JOIN fund f ON f.id = i.fund_id LEFT JOIN redaction rd ON rd.seq = i.redacted_by
        """;

    /// <summary>Rows as they are shown, with their citations.</summary>
    public static async Task<List<Indicator>> ShowAsync(Session session, IReadOnlyList<IndicatorRow> rows, Reader reader)
    {
        var citations = await Citations.OfAsync(session, "indicator_no", rows.Select(row => row.No), reader);
        return [.. rows.Select(row => new Indicator
        {
            Id = row.Id,
            Measure = row.Measure,
            Name = row.Name,
            Value = decimal.Parse(row.Value, CultureInfo.InvariantCulture),
            Unit = row.Unit,
            UnitName = row.UnitName ?? row.Unit,
            Qualifier = row.Qualifier,
            Date = row.Date,
            DatePrecision = row.DatePrecision,
            Fund = Ref.Of(row.FundId, row.FundName),
            Country = row.Country,
            Note = row.Note,
            Citations = [.. citations[row.No]],
            Redacted = row.Redacted,
        })];
    }
}
