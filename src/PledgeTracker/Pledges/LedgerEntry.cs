using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>An entry of the ledger. It is never changed; a mistake is reversed.</summary>
public sealed record LedgerEntry
{
    public required string Id { get; init; }

    [OneOf(nameof(Words.Kinds))]
    public required string Kind { get; init; }

    public required Ref Donor { get; init; }

    /// <summary>Withdrawals are positive; released commitments, refunds, lowering revisions and reversals are negative.</summary>
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    public required string Currency { get; init; }

    public required decimal AmountUsd { get; init; }

    /// <summary>Where the US dollars come from: `reported` by the source, or computed by an exchange `rate`.</summary>
    public required string UsdBasis { get; init; }

    /// <summary>The day of the rate that was used.</summary>
    public required DateOnly? RateDate { get; init; }

    public required string? RateProvider { get; init; }

    [OneOf(nameof(Words.Qualifiers))]
    public required string Qualifier { get; init; }

    /// <summary>The day it counts from.</summary>
    public required DateOnly ValueDate { get; init; }

    [OneOf(nameof(Words.DatePrecisions))]
    public required string DatePrecision { get; init; }

    /// <summary>The member that paid, where partners pledged as a group.</summary>
    public required Ref? PaidBy { get; init; }

    /// <summary>The id of the entry that this one corrects.</summary>
    public required string? Reverses { get; init; }

    /// <summary>The id of the entry that corrects this one.</summary>
    public required string? ReversedBy { get; init; }

    public required string? Reference { get; init; }

    public required string? ExternalId { get; init; }

    public required string? Note { get; init; }

    public required IReadOnlyList<Citation> Citations { get; init; }

    /// <summary>When it was entered here.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }
}

internal sealed record LedgerEntryRow
{
    public const string Columns = """
        e.no, e.id, e.kind, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, x.date AS rate_date, x.provider AS rate_provider, e.qualifier,
        e.value_date, e.date_precision, e.recorded_at, e.recorded_by, e.reference, e.external_id, e.note_en, e.note_ar,
        (SELECT id FROM ledger_entry WHERE no = e.reverses_no) AS reverses, (SELECT id FROM ledger_entry WHERE reverses_no = e.no) AS reversed_by,
        d.id AS donor_id, d.name_en AS donor_en, d.name_ar AS donor_ar, b.id AS paid_by_id, b.name_en AS paid_by_en, b.name_ar AS paid_by_ar
        """;

    public const string Joins = """
        JOIN organization g ON g.id = e.donor_id JOIN organization d ON d.id = coalesce(g.merged_into, g.id)
        LEFT JOIN organization h ON h.id = e.paid_by LEFT JOIN organization b ON b.id = coalesce(h.merged_into, h.id)
        LEFT JOIN exchange_rate x ON x.no = e.rate_no
        """;

    public required long No { get; init; }

    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required long UsdMinor { get; init; }

    public required string UsdBasis { get; init; }

    public DateOnly? RateDate { get; init; }

    public string? RateProvider { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly ValueDate { get; init; }

    public required string DatePrecision { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }

    public string? Reference { get; init; }

    public string? ExternalId { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    public string? Reverses { get; init; }

    public string? ReversedBy { get; init; }

    public required string DonorId { get; init; }

    public string? DonorEn { get; init; }

    public string? DonorAr { get; init; }

    public string? PaidById { get; init; }

    public string? PaidByEn { get; init; }

    public string? PaidByAr { get; init; }

    /// <summary>Shows rows as the API does.</summary>
    public static List<LedgerEntry> Show(IQueries queries, IReadOnlyList<LedgerEntryRow> rows, View view)
    {
        var citations = Citations.Of(queries, Citations.OfEntries, $"[{string.Join(',', rows.Select(r => r.No))}]", view.Language);
        var text = Texts.In(view.Language);
        return rows.Select(row => new LedgerEntry
        {
            Id = row.Id,
            Kind = row.Kind,
            Donor = Ref.Of(row.DonorId, row.DonorEn, row.DonorAr, view.Language)!,
            Amount = Ledger.Currency.Major(row.AmountMinor, row.Currency),
            Currency = row.Currency,
            AmountUsd = Ledger.Currency.Usd(row.UsdMinor),
            UsdBasis = row.UsdBasis,
            RateDate = row.RateDate,
            RateProvider = row.RateProvider,
            Qualifier = row.Qualifier,
            ValueDate = row.ValueDate,
            DatePrecision = row.DatePrecision,
            PaidBy = Ref.Of(row.PaidById, row.PaidByEn, row.PaidByAr, view.Language),
            Reverses = row.Reverses,
            ReversedBy = row.ReversedBy,
            Reference = row.Reference,
            ExternalId = row.ExternalId,
            Note = text(row.NoteEn, row.NoteAr),
            Citations = [.. citations[row.No]],
            RecordedAt = row.RecordedAt,
            RecordedBy = row.RecordedBy,
        }).ToList();
    }

    /// <summary>One entry, by its number.</summary>
    public static LedgerEntry Load(IQueries queries, long no, View view) =>
        Show(queries, queries.Query<LedgerEntryRow>($"SELECT {Columns} FROM ledger_entry e {Joins} WHERE e.no = @no", ("@no", no)), view)[0];
}
