using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Events;

/// <summary>A pledging event: the conference or meeting where pledges were announced.</summary>
public sealed record Event<TText>
    where TText : class
{
    public required string Id { get; init; }

    public required TText? Name { get; init; }

    public required DateOnly StartsOn { get; init; }

    public required DateOnly? EndsOn { get; init; }

    public required TText? Place { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string? Country { get; init; }

    public required TText? Description { get; init; }

    /// <summary>What was announced as the event's total, whether or not its parts were published. Stands beside the itemised figures, and is no part of them.</summary>
    public required ReportedTotal? ReportedTotal { get; init; }

    /// <summary>The itemised sum: what the pledges recorded here come to, over all instruments.</summary>
    public required FigureSet Figures { get; init; }

    /// <summary>The same, kept apart by instrument.</summary>
    public required IReadOnlyList<InstrumentFigures> ByInstrument { get; init; }

    public required IReadOnlyList<Citation> Citations { get; init; }
}

/// <summary>A total as it was announced.</summary>
public sealed record ReportedTotal
{
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    public required string Currency { get; init; }

    [OneOf(nameof(Words.Qualifiers))]
    public required string Qualifier { get; init; }
}

internal sealed record EventRow
{
    public const string Columns = """
        v.id, v.name_en, v.name_ar, v.starts_on, v.ends_on, v.place_en, v.place_ar, v.country, v.description_en, v.description_ar,
        v.reported_minor, v.reported_currency, v.reported_qualifier, v.version
        """;

    public required string Id { get; init; }

    public string? NameEn { get; init; }

    public string? NameAr { get; init; }

    public required DateOnly StartsOn { get; init; }

    public DateOnly? EndsOn { get; init; }

    public string? PlaceEn { get; init; }

    public string? PlaceAr { get; init; }

    public string? Country { get; init; }

    public string? DescriptionEn { get; init; }

    public string? DescriptionAr { get; init; }

    public long? ReportedMinor { get; init; }

    public string? ReportedCurrency { get; init; }

    public string? ReportedQualifier { get; init; }

    public required long Version { get; init; }

    /// <summary>Shows rows as the API does.</summary>
    public static List<Event<TText>> Show<TText>(Data.IQueries queries, IReadOnlyList<EventRow> rows, View view, Texts<TText> texts)
        where TText : class
    {
        var citations = Citations.Of(queries, Citations.OfEvents, $"[{string.Join(',', rows.Select(r => $"\"{r.Id}\""))}]", view.Language);
        return rows.Select(row =>
        {
            var (all, byInstrument) = TotalRow.Of(queries, "event", row.Id);
            return new Event<TText>
            {
                Id = row.Id,
                Name = texts(row.NameEn, row.NameAr),
                StartsOn = row.StartsOn,
                EndsOn = row.EndsOn,
                Place = texts(row.PlaceEn, row.PlaceAr),
                Country = row.Country,
                Description = texts(row.DescriptionEn, row.DescriptionAr),
                ReportedTotal = row.ReportedMinor is not { } minor ? null : new ReportedTotal
                {
                    Amount = Ledger.Currency.Major(minor, row.ReportedCurrency!),
                    Currency = row.ReportedCurrency!,
                    Qualifier = row.ReportedQualifier!,
                },
                Figures = all,
                ByInstrument = byInstrument,
                Citations = [.. citations[row.Id]],
            };
        }).ToList();
    }
}
