using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Contributions;

/// <summary>A commitment or a payment, or that one was released or refunded.</summary>
public sealed record Contribution<TText>
    where TText : class
{
    public required string Id { get; init; }

    /// <summary>`release` takes back a commitment, `refund` a payment.</summary>
    [OneOf(nameof(Words.Stages))]
    public required string Stage { get; init; }

    /// <summary>Always positive; the stage says which way the money went.</summary>
    public required decimal Amount { get; init; }

    /// <example>EUR</example>
    public required string Currency { get; init; }

    /// <summary>Always positive, like the amount.</summary>
    public required decimal AmountUsd { get; init; }

    /// <summary>Where the US dollars come from: `reported` by the source, or computed by an exchange `rate`.</summary>
    public required string UsdBasis { get; init; }

    /// <summary>The day of the rate that was used.</summary>
    public required DateOnly? RateDate { get; init; }

    [OneOf(nameof(Words.Qualifiers))]
    public required string Qualifier { get; init; }

    public required DateOnly Date { get; init; }

    [OneOf(nameof(Words.DatePrecisions))]
    public required string DatePrecision { get; init; }

    public required Ref Donor { get; init; }

    /// <summary>The member that paid, where partners pledged as a group.</summary>
    public required Ref? PaidBy { get; init; }

    public required Ref? Fund { get; init; }

    public required Ref? Recipient { get; init; }

    /// <summary>The header it stands under; for a direct contribution one of origin `direct`.</summary>
    public required string PledgeId { get; init; }

    /// <summary>Nobody had pledged it.</summary>
    public required bool Direct { get; init; }

    [OneOf(nameof(Words.Instruments))]
    public required string Instrument { get; init; }

    public required string? Reference { get; init; }

    public required string? ExternalId { get; init; }

    public required TText? Note { get; init; }

    /// <summary>It was entered by mistake, and an entry that corrects it stands in the ledger.</summary>
    public required bool Reversed { get; init; }

    /// <summary>`reported` until an editor found it `verified` or `disputed`.</summary>
    [OneOf(nameof(Words.Verifications))]
    public required string Verification { get; init; }

    /// <summary>The parties, beside the one that recorded it, who say the same.</summary>
    public required string[] ConfirmedBy { get; init; }

    /// <summary>The documents it rests on.</summary>
    public required Citation[] Citations { get; init; }

    /// <summary>When it was entered here.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }
}

/// <summary>A contribution as it is read.</summary>
internal sealed record ContributionRow
{
    public const string Columns = """
        e.no, e.id, c.stage, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, x.date AS rate_date, e.qualifier, c.value_date, e.date_precision, c.reversed, c.verification,
        (SELECT json_group_array(DISTINCT coalesce(o.merged_into, o.id)) FROM confirmation n CROSS JOIN organization o ON o.id = n.organization_id
            WHERE n.entry_no = c.entry_no) AS confirmed_by,
        e.reference, e.external_id, e.note_en, e.note_ar, e.recorded_at, e.recorded_by, p.id AS pledge_id, p.origin, p.instrument,
        c.donor_id, e.paid_by, c.fund_id, p.recipient_id
        """;

    public const string Joins = """
        CROSS JOIN ledger_entry e ON e.no = c.entry_no CROSS JOIN pledge p ON p.no = c.pledge_no LEFT JOIN exchange_rate x ON x.no = e.rate_no
        """;

    public required long No { get; init; }

    public required string Id { get; init; }

    public required string Stage { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required long UsdMinor { get; init; }

    public required string UsdBasis { get; init; }

    public DateOnly? RateDate { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly ValueDate { get; init; }

    public required string DatePrecision { get; init; }

    public required bool Reversed { get; init; }

    public required string Verification { get; init; }

    public required string[] ConfirmedBy { get; init; }

    public string? Reference { get; init; }

    public string? ExternalId { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }

    public required string PledgeId { get; init; }

    public required string Origin { get; init; }

    public required string Instrument { get; init; }

    public required string DonorId { get; init; }

    public string? PaidBy { get; init; }

    public string? FundId { get; init; }

    public string? RecipientId { get; init; }

    public Contribution<TText> ToContribution<TText>(IQueries queries, IEnumerable<Citation> citations, Language language, Texts<TText> texts)
        where TText : class => new()
        {
            Id = Id,
            Stage = Stage,
            Amount = Ledger.Currency.Major(Math.Abs(AmountMinor), Currency),
            Currency = Currency,
            AmountUsd = Ledger.Currency.Usd(Math.Abs(UsdMinor)),
            UsdBasis = UsdBasis,
            RateDate = RateDate,
            Qualifier = Qualifier,
            Date = ValueDate,
            DatePrecision = DatePrecision,
            Donor = Names.Organization(queries, DonorId)!.In(language),
            PaidBy = Names.Organization(queries, PaidBy)?.In(language),
            Fund = Names.Fund(queries, FundId)?.In(language),
            Recipient = Names.Organization(queries, RecipientId)?.In(language),
            PledgeId = PledgeId,
            Direct = Origin == "direct",
            Instrument = Instrument,
            Reference = Reference,
            ExternalId = ExternalId,
            Note = texts(NoteEn, NoteAr),
            Reversed = Reversed,
            Verification = Verification,
            ConfirmedBy = ConfirmedBy,
            Citations = [.. citations],
            RecordedAt = RecordedAt,
            RecordedBy = RecordedBy,
        };
}
