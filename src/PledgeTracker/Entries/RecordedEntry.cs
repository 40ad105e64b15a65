namespace PledgeTracker.Entries;

/// <summary>An entry as it was made, to be cited, taken back, or made again elsewhere.</summary>
internal sealed record RecordedEntry
{
    private const string Sql = """
        SELECT e.no, e.id, e.pledge_no, p.id AS pledge_id, e.donor_id, d.merged_into, e.kind, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, e.rate_no, e.qualifier,
               e.value_date, e.date_precision, e.recorded_for, coalesce(w.merged_into, w.id) AS owner, e.paid_by, e.reverses_no, e.reference, e.external_system, e.external_id,
               e.note_en, e.note_ar, r.id AS reversed_by,
               coalesce(e.counts_from, e.value_date) AS counts_from, e.settles_minor, e.reason, e.adjusts, e.usd_qualifier
        FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no JOIN organization d ON d.id = e.donor_id
        LEFT JOIN organization w ON w.id = e.recorded_for LEFT JOIN ledger_entry r ON r.reverses_no = e.no
        """;

    public required long No { get; init; }
    public required string Id { get; init; }
    public required long PledgeNo { get; init; }
    public required string PledgeId { get; init; }
    public required string DonorId { get; init; }
    public string? MergedInto { get; init; }
    public required string Kind { get; init; }
    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }
    public required long UsdMinor { get; init; }
    public required string UsdBasis { get; init; }
    public long? RateNo { get; init; }
    public required string Qualifier { get; init; }
    public required DateOnly ValueDate { get; init; }
    public required string DatePrecision { get; init; }
    public string? RecordedFor { get; init; }

    /// <summary>Whose record it is, as that organization is called today.</summary>
    public string? Owner { get; init; }

    public string? PaidBy { get; init; }
    public long? ReversesNo { get; init; }
    public required DateOnly CountsFrom { get; init; }
    public long? SettlesMinor { get; init; }
    public string? Reason { get; init; }
    public string? Adjusts { get; init; }
    public string? UsdQualifier { get; init; }
    public string? Reference { get; init; }
    public string? ExternalSystem { get; init; }
    public string? ExternalId { get; init; }
    public string? NoteEn { get; init; }
    public string? NoteAr { get; init; }
    public string? ReversedBy { get; init; }

    public static Task<RecordedEntry?> FindOrNullAsync(Session session, string id) => session.Sql.QueryFirstOrDefaultAsync<RecordedEntry>($"{Sql} WHERE e.id = @id", new { id });

    /// <exception cref="Refused">There is none.</exception>
    public static async Task<RecordedEntry> FindAsync(Session session, string id) => await FindOrNullAsync(session, id)
            ?? throw Refused.Missing($"There is no entry {id}.", $"لا يوجد قيد بالمعرف {id}.");

    /// <summary>The entries of a header that still count, in the order of making.</summary>
    public static async Task<List<RecordedEntry>> LiveOfAsync(Session session, long pledgeNo) =>
        (await session.Sql.QueryAsync<RecordedEntry>($"{Sql} WHERE e.pledge_no = @pledgeNo AND e.reverses_no IS NULL AND r.no IS NULL ORDER BY e.no", new { pledgeNo })).AsList();

    /// <summary>The entry that takes this one back: same kind and date, exactly the opposite amounts, and the donor under its name of then.</summary>
    public NewEntry Opposite(LocalizedText? reason) =>
        new(Kind, DonorId, -AmountMinor, Currency, new Usd(-UsdMinor, UsdBasis, RateNo), Qualifier, ValueDate, DatePrecision)
        {
            Survivor = MergedInto,
            ReversesNo = No,
            CountsFrom = CountsFrom,
            SettlesMinor = -SettlesMinor,
            Reason = Reason,
            Adjusts = Adjusts,
            UsdQualifier = UsdQualifier,
            Note = reason,
        };

    /// <summary>The same entry again, for another header.</summary>
    public NewEntry Again() =>
        new(Kind, MergedInto ?? DonorId, AmountMinor, Currency, new Usd(UsdMinor, UsdBasis, RateNo), Qualifier, ValueDate, DatePrecision)
        {
            PaidBy = PaidBy,
            CountsFrom = CountsFrom,
            SettlesMinor = SettlesMinor,
            Reason = Reason,
            Adjusts = Adjusts,
            UsdQualifier = UsdQualifier,
            RecordedFor = RecordedFor,
            Reference = Reference,
            ExternalSystem = ExternalSystem,
            ExternalId = ExternalId,
            Note = LocalizedText.Of(NoteEn, NoteAr),
        };
}
