using PledgeTracker.Pledges;

namespace PledgeTracker.Contributions;

/// <summary>A commitment or a payment, or that one was released or refunded.</summary>
/// <typeparam name="TText">Texts are in the negotiated language in lists (<c>string</c>), in both where it stands alone (<see cref="LocalizedText"/>).</typeparam>
public sealed record Contribution<TText>
    where TText : class
{
    [Hxl("#meta+id")]
    public required string Id { get; init; }

    /// <summary>`release` takes back a commitment, `refund` a payment; an `adjustment` corrects what its source gave before.</summary>
    [OneOf(nameof(Vocabulary.Stages))]
    [Hxl("#status+code")]
    public required string Stage { get; init; }

    /// <summary>What an adjustment corrects.</summary>
    [OneOf(nameof(Vocabulary.Adjusted))]
    public required string? Adjusts { get; init; }

    /// <summary>Positive; the stage says which way the money went. An adjustment's has its own sign.</summary>
    [Hxl("#value+contribution")]
    public required decimal Amount { get; init; }

    /// <example>EUR</example>
    [Hxl("#currency+code")]
    public required string Currency { get; init; }

    /// <summary>Signed like the amount.</summary>
    [Hxl("#value+contribution+usd")]
    public required decimal AmountUsd { get; init; }

    /// <summary>Where the US dollars come from: `reported` by the source, or computed by an exchange `rate`.</summary>
    public required string UsdBasis { get; init; }

    /// <summary>The day of the rate that was used.</summary>
    public required DateOnly? RateDate { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    /// <summary>How exact the US dollars are.</summary>
    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string UsdQualifier { get; init; }

    /// <summary>What it settles of the pledge, where it is in another currency.</summary>
    public required Settled? Settles { get; init; }

    [Hxl("#date+contribution")]
    public required DateOnly Date { get; init; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public required string DatePrecision { get; init; }

    [Hxl("#org+funder")]
    public required Ref Donor { get; init; }

    /// <summary>The member that paid, where partners pledged as a group.</summary>
    [Hxl("#org+payer")]
    public required Ref? PaidBy { get; init; }

    [Hxl("#activity+fund")]
    public required Ref? Fund { get; init; }

    [Hxl("#org+recipient")]
    public required Ref? Recipient { get; init; }

    /// <summary>The header it stands under; for a direct contribution one of origin `direct`.</summary>
    [Hxl("#meta+id+pledge")]
    public required string PledgeId { get; init; }

    /// <summary>Nobody had pledged it.</summary>
    public required bool Direct { get; init; }

    [OneOf(nameof(Vocabulary.Instruments))]
    [Hxl("#modality+instrument")]
    public required string Instrument { get; init; }

    /// <summary>Where the money goes, as its header says: ISO 3166-1 alpha-3, in alphabetical order.</summary>
    [Hxl("#country+code")]
    public required string[] Countries { get; init; }

    /// <summary>Each country's part of the dollars, where the source gives their shares; empty where it gives none.</summary>
    public required CountryPart[] ByCountry { get; init; }

    /// <summary>The event at which it, or the pledge it stands under, was announced.</summary>
    [Hxl("#event+conference")]
    public required Ref? Event { get; init; }

    /// <summary>The source names several countries and no split. This and the following are its header's: a direct contribution's own, or the pledge's.</summary>
    public required bool Shared { get; init; }

    /// <summary>OECD DAC 5-digit purpose codes.</summary>
    [Hxl("#sector+code")]
    public required string[] Sectors { get; init; }

    /// <summary>The years the money is for.</summary>
    public required int[] UsageYears { get; init; }

    [OneOf(nameof(Vocabulary.Earmarkings))]
    public required string? Earmarking { get; init; }

    [Hxl("#description")]
    public required TText? Description { get; init; }

    public required string? Reference { get; init; }

    public required string? ExternalSystem { get; init; }

    [Hxl("#meta+id+external")]
    public required string? ExternalId { get; init; }

    [Hxl("#description+note")]
    public required TText? Note { get; init; }

    /// <summary>It was entered by mistake, and an entry that corrects it stands in the ledger.</summary>
    public required bool Reversed { get; init; }

    /// <summary>The id of the entry that reversed it.</summary>
    public required string? ReversedBy { get; init; }

    /// <summary>Why it was reversed.</summary>
    public required TText? ReversalReason { get; init; }

    /// <summary>The id of the contribution that was wrong, and in whose place this one stands.</summary>
    public required string? Replaces { get; init; }

    /// <summary>The id of the contribution that stands in its place.</summary>
    public required string? ReplacedBy { get; init; }

    /// <summary>`reported` until an editor found it `verified` or `disputed`.</summary>
    [OneOf(nameof(Vocabulary.Verifications))]
    [Hxl("#status+verification")]
    public required string Verification { get; init; }

    /// <summary>The parties, beside the one that recorded it, who say the same.</summary>
    public required string[] ConfirmedBy { get; init; }

    /// <summary>The documents it rests on.</summary>
    [Hxl("#meta+source")]
    public required Citation[] Citations { get; init; }

    /// <summary>When it was entered here.</summary>
    [Hxl("#date+recorded")]
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>`key:` and a key's id, `local` for the server's own machine, or `seed`.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>The organization in whose name it was recorded; null for what editors entered.</summary>
    [Hxl("#org+recorder")]
    public required Ref? RecordedFor { get; init; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public required Redacted? Redacted { get; init; }
}

/// <summary>One country's part of a contribution.</summary>
/// <param name="Country" example="IRQ">ISO 3166-1 alpha-3.</param>
/// <param name="Share" example="62.5">In percent.</param>
/// <param name="AmountUsd">Signed like the amount; the parts add up to `amountUsd`.</param>
public sealed record CountryPart(string Country, decimal Share, decimal AmountUsd);

/// <summary>A contribution as it is read, for whatever shows contributions.</summary>
internal sealed record ContributionRow : RedactableRow
{
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
    public string? Adjusts { get; init; }
    public string? UsdQualifier { get; init; }
    public long? SettlesMinor { get; init; }
    public string? PledgeCurrency { get; init; }
    public required bool Reversed { get; init; }
    public required string Verification { get; init; }
    public string? Reference { get; init; }
    public string? ExternalSystem { get; init; }
    public string? ExternalId { get; init; }
    public string? NoteEn { get; init; }
    public string? NoteAr { get; init; }
    public string? ReversedBy { get; init; }
    public string? ReasonEn { get; init; }
    public string? ReasonAr { get; init; }
    public string? Replaces { get; init; }
    public string? ReplacedBy { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public required string RecordedBy { get; init; }
    public required long Version { get; init; }
    public required string PledgeId { get; init; }
    public required string Origin { get; init; }
    public required string Instrument { get; init; }
    public required string[] Countries { get; init; }
    public required int[] Shares { get; init; }
    public required bool Shared { get; init; }
    public required string[] Sectors { get; init; }
    public required int[] UsageYears { get; init; }
    public string? Earmarking { get; init; }
    public string? DescriptionEn { get; init; }
    public string? DescriptionAr { get; init; }
    public string? EventId { get; init; }
    public string? EventName { get; init; }
    public required string DonorId { get; init; }
    public string? DonorName { get; init; }
    public string? PaidById { get; init; }
    public string? PaidByName { get; init; }
    public string? RecordedForId { get; init; }
    public string? RecordedForName { get; init; }
    public string? FundId { get; init; }
    public string? FundName { get; init; }
    public string? RecipientId { get; init; }
    public string? RecipientName { get; init; }

    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>contribution c</c>. Merged organizations go by the survivor.</summary>
    /// <param name="from">What else is walked, where something is.</param>
    public static string Select(Reader reader, string from = "contribution c") => $"""
        SELECT e.no, e.id, c.stage, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, x.date AS rate_date, e.qualifier, c.value_date, e.date_precision, c.reversed, c.version,
               c.verification, e.reference, e.external_system, e.external_id, e.note_en, e.note_ar, e.recorded_at, e.recorded_by, p.id AS pledge_id, p.origin, p.instrument, p.countries, p.shares,
               p.shared, p.sectors, p.usage_years, p.earmarking, p.description_en, p.description_ar, v.id AS event_id, {reader.Text("v.name")} AS event_name, s.id AS reversed_by, s.note_en AS reason_en, s.note_ar AS reason_ar, y.id AS replaces, z.id AS replaced_by,
               d.id AS donor_id, {reader.Text("d.name")} AS donor_name, b.id AS paid_by_id, {reader.Text("b.name")} AS paid_by_name,
               w.id AS recorded_for_id, {reader.Text("w.name")} AS recorded_for_name,
               f.id AS fund_id, {reader.Text("f.name")} AS fund_name, r.id AS recipient_id, {reader.Text("r.name")} AS recipient_name,
               e.adjusts, e.usd_qualifier, e.settles_minor, p.currency AS pledge_currency, {RedactionColumns}
        FROM {from} JOIN ledger_entry e ON e.no = c.entry_no JOIN pledge p ON p.no = c.pledge_no LEFT JOIN exchange_rate x ON x.no = e.rate_no
        LEFT JOIN redaction rd ON rd.seq = e.redacted_by LEFT JOIN ledger_entry s ON s.reverses_no = e.no LEFT JOIN ledger_entry y ON y.no = e.replaces_no LEFT JOIN ledger_entry z ON z.replaces_no = e.no
        JOIN organization d0 ON d0.id = c.donor_id JOIN organization d ON d.id = coalesce(d0.merged_into, d0.id)
        LEFT JOIN organization b0 ON b0.id = e.paid_by LEFT JOIN organization b ON b.id = coalesce(b0.merged_into, b0.id)
        LEFT JOIN organization w0 ON w0.id = e.recorded_for LEFT JOIN organization w ON w.id = coalesce(w0.merged_into, w0.id)
        LEFT JOIN fund f ON f.id = c.fund_id LEFT JOIN event v ON v.id = p.event_id
        LEFT JOIN organization r0 ON r0.id = p.recipient_id LEFT JOIN organization r ON r.id = coalesce(r0.merged_into, r0.id)
        """;

    /// <summary>Rows as they are shown, with their confirmations and citations.</summary>
    public static async Task<List<Contribution<TText>>> ShowAsync<TText>(Session session, IReadOnlyList<ContributionRow> rows, Reader reader, Func<string?, string?, TText?> text)
        where TText : class
    {
        var list = rows.Select(r => r.No).ToList();
        var confirmations = list.Count == 0 ? [] : await session.Sql.QueryAsync<Confirmation>($"""
            SELECT DISTINCT n.entry_no, coalesce(o.merged_into, o.id) AS organization_id FROM confirmation n JOIN organization o ON o.id = n.organization_id
            WHERE {session.Engine.AnyOf("n.entry_no", "@list")} ORDER BY 1, 2
            """, new { list });
        var confirmedBy = confirmations.ToLookup(c => c.EntryNo, c => c.OrganizationId);
        var citations = await Ledger.Citations.OfAsync(session, "entry_no", list, reader);
        return [.. rows.Select(row => row.ToContribution(confirmedBy[row.No], citations[row.No], text))];
    }

    private Contribution<TText> ToContribution<TText>(IEnumerable<string> confirmedBy, IEnumerable<Citation> citations, Func<string?, string?, TText?> text)
        where TText : class => new()
        {
            Id = Id,
            Stage = Stage,
            Adjusts = Adjusts,
            Amount = Words.Currency.Major(Unsigned(AmountMinor), Currency),
            Currency = Currency,
            AmountUsd = Words.Currency.Usd(Unsigned(UsdMinor)),
            UsdBasis = UsdBasis,
            RateDate = RateDate,
            Qualifier = Qualifier,
            UsdQualifier = UsdQualifier ?? Qualifier,
            Settles = SettlesMinor is { } settled ? new(Words.Currency.Major(Unsigned(settled), PledgeCurrency!), PledgeCurrency!) : null,
            Date = ValueDate,
            DatePrecision = DatePrecision,
            Donor = new Ref(DonorId, DonorName),
            PaidBy = Ref.Of(PaidById, PaidByName),
            Fund = Ref.Of(FundId, FundName),
            Recipient = Ref.Of(RecipientId, RecipientName),
            PledgeId = PledgeId,
            Direct = Origin == "direct",
            Instrument = Instrument,
            Countries = Countries,
            ByCountry = Parts(Ledger.Shares.Of(Countries, Shares)),
            Event = Ref.Of(EventId, EventName),
            Shared = Shared,
            Sectors = Sectors,
            UsageYears = UsageYears,
            Earmarking = Earmarking,
            Description = text(DescriptionEn, DescriptionAr),
            Reference = Reference,
            ExternalSystem = ExternalSystem,
            ExternalId = ExternalId,
            Note = text(NoteEn, NoteAr),
            Reversed = Reversed,
            ReversedBy = ReversedBy,
            ReversalReason = text(ReasonEn, ReasonAr),
            Replaces = Replaces,
            ReplacedBy = ReplacedBy,
            Verification = Verification,
            ConfirmedBy = [.. confirmedBy],
            Citations = [.. citations],
            RecordedAt = RecordedAt,
            RecordedBy = RecordedBy,
            RecordedFor = Ref.Of(RecordedForId, RecordedForName),
            Redacted = Redacted,
        };

    private CountryPart[] Parts((string Country, int Share)[] shares) =>
        [.. shares.Zip(Ledger.Shares.Split(Unsigned(UsdMinor), shares), (share, part) => new CountryPart(share.Country, Words.Currency.Major(share.Share, Ledger.Shares.Decimals), Words.Currency.Usd(part)))];

    // The stage says which way the money went, and an adjustment says it itself.
    private long Unsigned(long minor) => Stage == "adjustment" ? minor : Math.Abs(minor);

    private sealed record Confirmation
    {
        public required long EntryNo { get; init; }
        public required string OrganizationId { get; init; }
    }
}
