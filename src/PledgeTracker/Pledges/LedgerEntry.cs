namespace PledgeTracker.Pledges;

/// <summary>An entry of the ledger. It is never changed; a mistake is reversed.</summary>
public sealed record LedgerEntry
{
    [Hxl("#meta+id")]
    public required string Id { get; init; }

    [OneOf(nameof(Vocabulary.Kinds))]
    [Hxl("#status+code")]
    public required string Kind { get; init; }

    [Hxl("#org+funder")]
    public required Ref Donor { get; init; }

    /// <summary>Withdrawals are positive; released commitments, refunds, lowering revisions and reversals are negative.</summary>
    [Hxl("#value+entry")]
    public required decimal Amount { get; init; }

    /// <example>USD</example>
    [Hxl("#currency+code")]
    public required string Currency { get; init; }

    [Hxl("#value+entry+usd")]
    public required decimal AmountUsd { get; init; }

    /// <summary>Where the US dollars come from: `reported` by the source, or computed by an exchange `rate`.</summary>
    public required string UsdBasis { get; init; }

    /// <summary>The day of the rate that was used.</summary>
    public required DateOnly? RateDate { get; init; }

    public required string? RateProvider { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    /// <summary>How exact the US dollars are.</summary>
    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string UsdQualifier { get; init; }

    [Hxl("#date+entry")]
    public required DateOnly ValueDate { get; init; }

    /// <summary>The day it counts from: its date, or the day it was recorded on where that was earlier.</summary>
    public required DateOnly CountsFrom { get; init; }

    /// <summary>What it settles of the pledge, where it is in another currency; signed like the amount.</summary>
    public required Settled? Settles { get; init; }

    /// <summary>Why a promise was withdrawn.</summary>
    [OneOf(nameof(Vocabulary.WithdrawalReasons))]
    public required string? Reason { get; init; }

    /// <summary>What an adjustment corrects.</summary>
    [OneOf(nameof(Vocabulary.Adjusted))]
    public required string? Adjusts { get; init; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public required string DatePrecision { get; init; }

    /// <summary>The member that paid, where partners pledged as a group.</summary>
    [Hxl("#org+payer")]
    public required Ref? PaidBy { get; init; }

    /// <summary>The id of the entry that this one corrects.</summary>
    public required string? Reverses { get; init; }

    /// <summary>The id of the entry that corrects this one.</summary>
    public required string? ReversedBy { get; init; }

    /// <summary>Why it was reversed.</summary>
    public required string? ReversalReason { get; init; }

    /// <summary>The id of the entry that was wrong, and in whose place this one stands.</summary>
    public required string? Replaces { get; init; }

    /// <summary>The id of the entry that stands in its place.</summary>
    public required string? ReplacedBy { get; init; }

    public required string? Reference { get; init; }

    public required string? ExternalSystem { get; init; }

    [Hxl("#meta+id+external")]
    public required string? ExternalId { get; init; }

    [Hxl("#description+note")]
    public required string? Note { get; init; }

    [Hxl("#meta+source")]
    public required IReadOnlyList<Citation> Citations { get; init; }

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

/// <summary>What an entry settles of a promise that was made in another currency; fixed when it was recorded.</summary>
/// <param name="Currency">The pledge's.</param>
public sealed record Settled(decimal Amount, string Currency);

/// <summary>An entry as it is read, for whatever shows entries.</summary>
internal sealed record LedgerEntryRow : RedactableRow
{
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
    public required DateOnly CountsFrom { get; init; }
    public long? SettlesMinor { get; init; }
    public string? PledgeCurrency { get; init; }
    public string? Reason { get; init; }
    public string? Adjusts { get; init; }
    public string? UsdQualifier { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public required string RecordedBy { get; init; }
    public string? Reference { get; init; }
    public string? ExternalSystem { get; init; }
    public string? ExternalId { get; init; }
    public string? Note { get; init; }
    public string? Reverses { get; init; }
    public string? ReversedBy { get; init; }
    public string? ReversalReason { get; init; }
    public string? Replaces { get; init; }
    public string? ReplacedBy { get; init; }
    public required string DonorId { get; init; }
    public string? DonorName { get; init; }
    public string? PaidById { get; init; }
    public string? PaidByName { get; init; }
    public string? RecordedForId { get; init; }
    public string? RecordedForName { get; init; }

    /// <summary>What is selected, and from what, in front of the WHERE that finds <c>ledger_entry e</c>. Merged organizations go by the survivor.</summary>
    public static string Select(Reader reader) => $"""
        SELECT e.no, e.id, e.kind, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, x.date AS rate_date, x.provider AS rate_provider, e.qualifier, e.value_date,
               e.date_precision, e.recorded_at, e.recorded_by, e.reference, e.external_system, e.external_id, {reader.Text("e.note")} AS note, r.id AS reverses, s.id AS reversed_by,
               {reader.Text("s.note")} AS reversal_reason, y.id AS replaces, z.id AS replaced_by,
               d.id AS donor_id, {reader.Text("d.name")} AS donor_name, b.id AS paid_by_id, {reader.Text("b.name")} AS paid_by_name,
               w.id AS recorded_for_id, {reader.Text("w.name")} AS recorded_for_name,
               coalesce(e.counts_from, e.value_date) AS counts_from, e.settles_minor, (SELECT p.currency FROM pledge p WHERE p.no = e.pledge_no) AS pledge_currency,
               e.reason, e.adjusts, e.usd_qualifier, {RedactionColumns}
        FROM ledger_entry e
        JOIN organization d0 ON d0.id = e.donor_id JOIN organization d ON d.id = coalesce(d0.merged_into, d0.id)
        LEFT JOIN organization b0 ON b0.id = e.paid_by LEFT JOIN organization b ON b.id = coalesce(b0.merged_into, b0.id)
        LEFT JOIN organization w0 ON w0.id = e.recorded_for LEFT JOIN organization w ON w.id = coalesce(w0.merged_into, w0.id)
        LEFT JOIN exchange_rate x ON x.no = e.rate_no LEFT JOIN redaction rd ON rd.seq = e.redacted_by
        LEFT JOIN ledger_entry r ON r.no = e.reverses_no LEFT JOIN ledger_entry s ON s.reverses_no = e.no
        LEFT JOIN ledger_entry y ON y.no = e.replaces_no LEFT JOIN ledger_entry z ON z.replaces_no = e.no
        """;

    /// <summary>One entry as it is shown, by its number.</summary>
    public static async Task<LedgerEntry> ShowAsync(Session session, long no, Reader reader)
    {
        var row = await session.Sql.QueryFirstAsync<LedgerEntryRow>($"{Select(reader)} WHERE e.no = @no", new { no });
        return row.ToEntry((await Citations.OfAsync(session, "entry_no", [no], reader))[no]);
    }

    public LedgerEntry ToEntry(IEnumerable<Citation> citations) => new()
    {
        Id = Id,
        Kind = Kind,
        Donor = new Ref(DonorId, DonorName),
        Amount = Words.Currency.Major(AmountMinor, Currency),
        Currency = Currency,
        AmountUsd = Words.Currency.Usd(UsdMinor),
        UsdBasis = UsdBasis,
        RateDate = RateDate,
        RateProvider = RateProvider,
        Qualifier = Qualifier,
        UsdQualifier = UsdQualifier ?? Qualifier,
        ValueDate = ValueDate,
        CountsFrom = CountsFrom,
        Settles = SettlesMinor is { } settled ? new(Words.Currency.Major(settled, PledgeCurrency!), PledgeCurrency!) : null,
        Reason = Kind == "withdrawal" ? Reason ?? "unspecified" : null,
        Adjusts = Adjusts,
        DatePrecision = DatePrecision,
        PaidBy = Ref.Of(PaidById, PaidByName),
        Reverses = Reverses,
        ReversedBy = ReversedBy,
        ReversalReason = ReversalReason,
        Replaces = Replaces,
        ReplacedBy = ReplacedBy,
        Reference = Reference,
        ExternalSystem = ExternalSystem,
        ExternalId = ExternalId,
        Note = Note,
        Citations = [.. citations],
        RecordedAt = RecordedAt,
        RecordedBy = RecordedBy,
        RecordedFor = Ref.Of(RecordedForId, RecordedForName),
        Redacted = Redacted,
    };
}
