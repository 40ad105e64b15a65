using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Funds;

/// <summary>What a fund said it needs.</summary>
public sealed record Requirement<TText>
    where TText : class
{
    public required string Id { get; init; }

    public required Ref Fund { get; init; }

    /// <summary>IATI budget type: `original` (1) or `revised` (2).</summary>
    [OneOf(nameof(Words.RequirementKinds))]
    public required string Kind { get; init; }

    /// <summary>Null where the statement names no period.</summary>
    public required DateOnly? PeriodStart { get; init; }

    public required DateOnly? PeriodEnd { get; init; }

    public required decimal Amount { get; init; }

    /// <example>USD</example>
    public required string Currency { get; init; }

    public required decimal AmountUsd { get; init; }

    [OneOf(nameof(Words.Qualifiers))]
    public required string Qualifier { get; init; }

    public required DateOnly StatedOn { get; init; }

    public required TText? StatedBy { get; init; }

    public required TText? Note { get; init; }

    /// <summary>No later statement of this fund speaks of the same time.</summary>
    public required bool Current { get; init; }

    /// <summary>The id of the next later statement that speaks of the same time.</summary>
    public required string? SupersededBy { get; init; }

    public required IReadOnlyList<Citation> Citations { get; init; }
}

internal sealed record RequirementRow
{
    public const string Columns = """
        q.no, q.id, q.fund_id, f.name_en AS fund_en, f.name_ar AS fund_ar, q.kind, q.period_start, q.period_end, q.amount_minor, q.currency, q.usd_minor,
        q.qualifier, q.stated_on, q.stated_by_en, q.stated_by_ar, q.note_en, q.note_ar, n.id AS superseded_by
        """;

    public const string Joins = """
        CROSS JOIN fund f ON f.id = q.fund_id LEFT JOIN superseded x ON x.kind = 'requirement' AND x.no = q.no LEFT JOIN requirement n ON n.no = x.by_no
        """;

    public required long No { get; init; }

    public required string Id { get; init; }

    public required string FundId { get; init; }

    public string? FundEn { get; init; }

    public string? FundAr { get; init; }

    public required string Kind { get; init; }

    public DateOnly? PeriodStart { get; init; }

    public DateOnly? PeriodEnd { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required long UsdMinor { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly StatedOn { get; init; }

    public string? StatedByEn { get; init; }

    public string? StatedByAr { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    public string? SupersededBy { get; init; }

    /// <summary>Shows rows as the API does.</summary>
    public static List<Requirement<TText>> Show<TText>(IQueries queries, IReadOnlyList<RequirementRow> rows, View view, Texts<TText> texts)
        where TText : class
    {
        var citations = Citations.Of(queries, Citations.OfRequirements, $"[{string.Join(',', rows.Select(r => r.No))}]", view.Language);
        return rows.Select(row => new Requirement<TText>
        {
            Id = row.Id,
            Fund = Ref.Of(row.FundId, row.FundEn, row.FundAr, view.Language)!,
            Kind = row.Kind,
            PeriodStart = row.PeriodStart,
            PeriodEnd = row.PeriodEnd,
            Amount = Ledger.Currency.Major(row.AmountMinor, row.Currency),
            Currency = row.Currency,
            AmountUsd = Ledger.Currency.Usd(row.UsdMinor),
            Qualifier = row.Qualifier,
            StatedOn = row.StatedOn,
            StatedBy = texts(row.StatedByEn, row.StatedByAr),
            Note = texts(row.NoteEn, row.NoteAr),
            Current = row.SupersededBy is null,
            SupersededBy = row.SupersededBy,
            Citations = [.. citations[row.No]],
        }).ToList();
    }

    /// <summary>One requirement, by its id.</summary>
    public static Requirement<LocalizedText> Load(IQueries queries, string id, View view) =>
        Show(queries, queries.Query<RequirementRow>($"SELECT {Columns} FROM requirement q {Joins} WHERE q.id = @id", ("@id", id)), view, Texts.Both)[0];
}
