namespace PledgeTracker.Contributions;

/// <summary>One payment is recorded once, whoever sends it and however often.</summary>
internal static class Duplicates
{
    /// <summary>
    /// The record with the same `externalId` of the same `externalSystem`, or among the caller's own where none is named, if there is one that was not reversed and
    /// says the same.
    /// </summary>
    /// <exception cref="Refused">It says something else; the refusal names the difference.</exception>
    public static async Task<string?> SameExternalIdAsync(Write write, RecordContribution.Request request)
    {
        var scope = request.ExternalSystem is not null
            ? "e.external_system = @ExternalSystem"
            : """
              e.external_system IS NULL
              AND (e.recorded_for IS NOT DISTINCT FROM @OrganizationId OR e.recorded_for IN (SELECT id FROM organization WHERE merged_into = @OrganizationId))
              """;
        var row = request.ExternalId is null ? null : await write.Sql.QueryFirstOrDefaultAsync<Recorded>($"""
            SELECT e.no, e.id, c.stage, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, e.value_date, e.date_precision, e.qualifier, e.reference,
                   (SELECT coalesce(merged_into, id) FROM organization WHERE id = e.paid_by) AS paid_by, e.note_en, e.note_ar,
                   c.donor_id, p.id AS pledge_id, p.origin, p.fund_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id,
                   p.instrument, p.countries, (SELECT x.id FROM pledge x WHERE x.no = p.passed_on_from_no) AS passed_on_from
            FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no JOIN pledge p ON p.no = e.pledge_no
            WHERE e.external_id = @ExternalId AND c.reversed = FALSE AND {scope}
            """, new { request.ExternalId, request.ExternalSystem, write.By.OrganizationId });
        if (row is null)
        {
            return null;
        }

        var direct = row.Origin == "direct";
        List<string> differing = [];
        Compare("stage", row.Stage, request.Stage);
        Compare("amount", Currency.Major(Math.Abs(row.AmountMinor), row.Currency), request.Amount);
        Compare("currency", row.Currency, request.Currency);
        // Where it was computed, none was sent; whoever sends it all the same may send what was computed.
        var computed = row.UsdBasis != "reported" || row.Currency == "USD";
        Compare("amountUsd", computed && request.AmountUsd is null ? null : Currency.Usd(Math.Abs(row.UsdMinor)), request.AmountUsd);
        Compare("date", row.ValueDate, request.Date);
        Compare("datePrecision", row.DatePrecision, request.DatePrecision ?? "day");
        Compare("qualifier", row.Qualifier, request.Qualifier ?? "exact");
        Compare("reference", row.Reference, request.Reference);
        Compare("paidBy", row.PaidBy, await TodayAsync(request.PaidBy));
        Compare("donorId", row.DonorId, await TodayAsync(request.DonorId) ?? (direct ? null : row.DonorId));
        Compare("pledgeId", direct ? null : row.PledgeId, await LatestAsync(write, request.PledgeId) ?? request.PledgeId);
        Compare("fundId", direct ? row.FundId : null, request.FundId);
        Compare("recipientId", direct ? row.RecipientId : null, await TodayAsync(request.RecipientId));
        Compare("note", (row.NoteEn, row.NoteAr), (request.Note?.En, request.Note?.Ar));
        Compare("instrument", direct ? row.Instrument : null, request.Instrument ?? (direct ? "unspecified" : null));
        Compare("countries", direct ? string.Join(' ', row.Countries) : "", string.Join(' ', (request.Countries ?? []).Order(StringComparer.Ordinal)));
        Compare("passedOnFrom", direct ? row.PassedOnFrom : null, request.PassedOnFrom);
        // A retry may leave its citations out, and others may have been added since; none that is sent may be dropped.
        if (request.Citations is { Count: > 0 } citations)
        {
            var recorded = (await write.Sql.QueryAsync<Cited>("SELECT source_id, quote, note_en, note_ar FROM citation WHERE entry_no = @No", new { row.No })).ToList();
            Compare("citations", true, citations.All(c => recorded.Contains(new Cited { SourceId = c.SourceId!, Quote = c.Quote, NoteEn = c.Note?.En, NoteAr = c.Note?.Ar })));
        }

        return differing.Count == 0
            ? row.Id
            : throw new Refused("conflict", new("The record with this externalId says something else.", "السجل بالمعرف externalId نفسه يقول غير ذلك."),
                [.. differing.Select(name => new Fault("/" + name, "differs", new("Send what was recorded, or a new externalId for a new record.",
                    "أرسل ما سُجل من قبل، أو externalId جديدا لسجل جديد.")))], $"/v1/contributions/{row.Id}");

        // What was sent under an id that was merged since is the same content.
        async Task<string?> TodayAsync(string? organization) => await References.SurvivorAsync(write, organization) ?? organization;

        void Compare<T>(string name, T recorded, T sent)
        {
            if (!EqualityComparer<T>.Default.Equals(recorded, sent))
            {
                differing.Add(name);
            }
        }
    }

    /// <summary>A payment of the same amount between the same two within 30 days, recorded by somebody else; null when there is none.</summary>
    public static Task<string?> ByOtherPartyAsync(Write write, string donorId, string? fundId, string? recipientId, long minor, RecordContribution.Request request)
    {
        var (from, to) = (request.Date!.Value.AddDays(-30), request.Date.Value.AddDays(30));
        return write.Sql.QueryFirstOrDefaultAsync<string>("""
            SELECT e.id FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no JOIN pledge p ON p.no = e.pledge_no
            WHERE e.donor_id IN (SELECT id FROM organization WHERE id = @donorId OR merged_into = @donorId) AND e.amount_minor = @minor
              AND e.value_date BETWEEN @from AND @to AND e.currency = @Currency AND c.stage = 'payment' AND c.reversed = FALSE
              AND e.recorded_for IS DISTINCT FROM @OrganizationId
              AND (e.recorded_for IS NULL OR e.recorded_for NOT IN (SELECT id FROM organization WHERE merged_into = @OrganizationId))
              AND e.id IS DISTINCT FROM @DistinctFrom
              AND (p.recipient_id IN (SELECT id FROM organization WHERE id = @recipientId OR merged_into = @recipientId)
                OR (p.fund_id = @fundId AND (p.recipient_id IS NULL OR @direct)))
            ORDER BY e.no LIMIT 1
            """,
            new { donorId, minor, from, to, request.Currency, write.By.OrganizationId, request.DistinctFrom, recipientId, fundId, direct = recipientId is null });
    }

    /// <summary>Where a pledge stands today, however often it was reclassified.</summary>
    private static async Task<string?> LatestAsync(Write write, string? id) => id is null ? null : await write.Sql.QueryFirstOrDefaultAsync<string>("""
        WITH RECURSIVE later (no) AS (
            SELECT no FROM pledge WHERE id = @id UNION SELECT p.no FROM later l JOIN pledge p ON p.reclassifies_no = l.no)
        SELECT id FROM pledge WHERE no = (SELECT max(no) FROM later)
        """, new { id });

    private sealed record Cited
    {
        public required string SourceId { get; init; }
        public string? Quote { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
    }

    private sealed record Recorded
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required string Stage { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string UsdBasis { get; init; }
        public required DateOnly ValueDate { get; init; }
        public required string DatePrecision { get; init; }
        public required string Qualifier { get; init; }
        public string? Reference { get; init; }
        public string? PaidBy { get; init; }
        public required string DonorId { get; init; }
        public required string PledgeId { get; init; }
        public required string Origin { get; init; }
        public string? FundId { get; init; }
        public string? RecipientId { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public required string Instrument { get; init; }
        public required string[] Countries { get; init; }
        public string? PassedOnFrom { get; init; }
    }
}
