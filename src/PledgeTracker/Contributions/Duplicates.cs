using System.Globalization;

namespace PledgeTracker.Contributions;

/// <summary>One commitment or payment is recorded once, whoever sends it and however often.</summary>
internal static class Duplicates
{
    /// <summary>So many candidates are named; of more it is said how many there are.</summary>
    private const int MostCandidates = 100;

    private const string IsOnesOwn =
        "(e.recorded_for IS NOT DISTINCT FROM @OrganizationId OR (e.recorded_for IS NOT NULL AND e.recorded_for IN (SELECT id FROM organization WHERE merged_into = @OrganizationId)))";

    private static string KindOf(string? stage) => stage switch { "release" => "commitment", "refund" => "payment", _ => stage! };

    // Where no system is named, a number is one of those of the organization that recorded it.
    private static string IsInScope(string? system) => system is not null ? "lower(e.external_system) = @ExternalSystem" : $"e.external_system IS NULL AND {IsOnesOwn}";

    /// <summary>
    /// The record with the same `externalId` of the same `externalSystem`, or among the caller's own where none is named, if there is one that was not reversed and
    /// says the same. One number of a system names a commitment, the payment that it became, and an adjustment: one of each. One of the caller's own is one record.
    /// </summary>
    /// <exception cref="Refused">It says something else; the refusal names the difference.</exception>
    public static Task<string?> SameExternalIdAsync(Write write, RecordContribution.Request request) => SameExternalIdAsync(write, request, adjusts: null);

    /// <inheritdoc cref="SameExternalIdAsync(Write, RecordContribution.Request)"/>
    public static Task<string?> SameExternalIdAsync(Write write, RecordAdjustment.Request request) => SameExternalIdAsync(write, new RecordContribution.Request(
        DonorId: request.DonorId, FundId: request.FundId, RecipientId: request.RecipientId, Instrument: request.Instrument, Countries: request.Countries, Stage: "adjustment", Amount: request.Amount,
        Currency: request.Currency, AmountUsd: request.AmountUsd, Date: request.Date, DatePrecision: request.DatePrecision, Qualifier: request.Qualifier, Reference: request.Reference,
        ExternalSystem: request.ExternalSystem, ExternalId: request.ExternalId, Note: request.Note, Citations: request.Citations, UsdQualifier: request.UsdQualifier, EventId: request.EventId,
        Shared: request.Shared, Sectors: request.Sectors, UsageYears: request.UsageYears, Earmarking: request.Earmarking, Description: request.Description), request.Adjusts);

    /// <param name="adjusts">What it corrects, where it is an adjustment.</param>
    private static async Task<string?> SameExternalIdAsync(Write write, RecordContribution.Request request, string? adjusts)
    {
        var row = request.ExternalId is null ? null : await write.Sql.QueryFirstOrDefaultAsync<Recorded>($"""
            SELECT e.no, e.id, c.stage, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, e.value_date, e.date_precision, e.qualifier, e.usd_qualifier, e.reference, e.settles_minor, e.adjusts, p.currency AS promised,
                   (SELECT coalesce(merged_into, id) FROM organization WHERE id = e.paid_by) AS paid_by, e.note_en, e.note_ar,
                   c.donor_id, p.id AS pledge_id, p.origin, p.fund_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id,
                   p.instrument, p.countries, p.shares, p.event_id, p.shared, p.sectors, p.usage_years, p.earmarking, p.description_en, p.description_ar, (SELECT x.id FROM pledge x WHERE x.no = p.passed_on_from_no) AS passed_on_from,
                   e.redacted_by IS NOT NULL AS redacted, p.redacted_by IS NOT NULL AS description_redacted
            FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no JOIN pledge p ON p.no = e.pledge_no
            WHERE e.external_id = @ExternalId {(request.ExternalSystem is null ? "" : "AND e.kind = @kind")} AND c.reversed = FALSE AND {IsInScope(request.ExternalSystem)}
            """, new { request.ExternalId, kind = KindOf(request.Stage), request.ExternalSystem, write.By.OrganizationId });
        if (row is null)
        {
            return null;
        }

        var direct = row.Origin == "direct";
        // Adjustments alone are sent with their sign.
        var sign = row.Stage is "release" or "refund" ? -1 : 1;
        List<string> differing = [];
        Compare(adjusts is null ? "stage" : "adjusts", (row.Stage, row.Adjusts), (request.Stage, adjusts));
        Compare("amount", Currency.Major(sign * row.AmountMinor, row.Currency), request.Amount);
        Compare("currency", row.Currency, request.Currency);
        // Where it was computed, none was sent; whoever sends it all the same may send what was computed.
        var computed = row.UsdBasis != "reported" || row.Currency == "USD";
        Compare("amountUsd", computed && request.AmountUsd is null ? null : Currency.Usd(sign * row.UsdMinor), request.AmountUsd);
        Compare("date", row.ValueDate, request.Date);
        Compare("datePrecision", row.DatePrecision, request.DatePrecision ?? "day");
        Compare("qualifier", row.Qualifier, request.Qualifier ?? "exact");
        Compare("usdQualifier", row.UsdQualifier ?? row.Qualifier, request.UsdQualifier ?? request.Qualifier ?? "exact");
        // What it settles follows from the rest where it does not say so.
        Compare("settles", request.Settles is null || row.SettlesMinor is not { } settled ? null : Currency.Major(Math.Abs(settled), row.Promised!), request.Settles?.Amount);
        // What was blanked is not held against a retry that still has it.
        Compare("reference", row.Reference, row is { Redacted: true, Reference: null } ? null : request.Reference);
        Compare("paidBy", row.PaidBy, await TodayAsync(request.PaidBy));
        Compare("donorId", row.DonorId, await TodayAsync(request.DonorId) ?? (direct ? null : row.DonorId));
        // What was taken back may have found its header by itself.
        if (request.PledgeId is not null || row.Stage is not ("release" or "refund"))
        {
            Compare("pledgeId", direct ? null : row.PledgeId, await LatestAsync(write, request.PledgeId) ?? request.PledgeId);
        }

        Compare("fundId", direct || request.FundId is not null ? row.FundId : null, request.FundId);
        Compare("recipientId", direct || request.RecipientId is not null ? row.RecipientId : null, await TodayAsync(request.RecipientId));
        Compare("note", (row.NoteEn, row.NoteAr), row is { Redacted: true, NoteEn: null, NoteAr: null } ? default : (request.Note?.En, request.Note?.Ar));
        Compare("instrument", direct ? row.Instrument : null, request.Instrument ?? (direct ? "unspecified" : null));
        Compare("countries", direct ? Said((row.Countries, row.Shares)) : "", Said(CountryShare.Kept(request.Countries)));
        // These may have been corrected since by who classifies: what a retry leaves out is not missing, and what it sends must be what stands.
        Compare("eventId", request.EventId is null ? null : row.EventId, request.EventId);
        Compare("shared", request.Shared is null ? null : (bool?)row.Shared, request.Shared);
        Compare("sectors", request.Sectors is null ? "" : string.Join(' ', row.Sectors), string.Join(' ', request.Sectors ?? []));
        Compare("usageYears", request.UsageYears is null ? "" : string.Join(' ', row.UsageYears), string.Join(' ', request.UsageYears ?? []));
        Compare("earmarking", request.Earmarking is null ? null : row.Earmarking, request.Earmarking);
        Compare("description", request.Description is null || row.DescriptionRedacted ? default : (row.DescriptionEn, row.DescriptionAr), row.DescriptionRedacted ? default : (request.Description?.En, request.Description?.Ar));

        Compare("passedOnFrom", direct ? row.PassedOnFrom : null, request.PassedOnFrom);
        // A retry may leave its citations out, and others may have been added since; none that is sent may be dropped.
        if (request.Citations is { Count: > 0 } citations && !row.Redacted)
        {
            var recorded = (await write.Sql.QueryAsync<Cited>("SELECT source_id, quote, note_en, note_ar FROM citation WHERE entry_no = @No", new { row.No })).ToList();
            Compare("citations", true, citations.All(c => recorded.Contains(new Cited { SourceId = c.SourceId!, Quote = c.Quote, NoteEn = c.Note?.En, NoteAr = c.Note?.Ar })));
        }

        return differing.Count == 0 ? row.Id : throw Refused.Differs(differing, $"/v1/contributions/{row.Id}");

        static string Said((string[] Countries, int[] Shares) kept) => string.Join(' ', [.. kept.Countries, .. kept.Shares.Select(share => share.ToString(CultureInfo.InvariantCulture))]);

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

    /// <summary>
    /// Commitments or payments that this one may be once more: of the same amount between the same two, told by somebody else within 30 days of it, or by the same on
    /// the same day. Those that carry another number of the same system are others.
    /// </summary>
    /// <returns>The first of them, and how many there are in all.</returns>
    public static async Task<(List<string> First, long InAll)> TwinsAsync(Write write, string donorId, string? fundId, string? recipientId, long minor, RecordContribution.Request request)
    {
        if (request.Stage is not ("commitment" or "payment") || request.DistinctFrom is ["all", ..])
        {
            return ([], 0);
        }

        var (date, distinct) = (request.Date!.Value, (request.DistinctFrom ?? []).ToList());
        return Counted(await write.Sql.QueryAsync<(string, long)>($"""
            SELECT e.id, count(*) OVER () FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no JOIN pledge p ON p.no = e.pledge_no
            WHERE e.donor_id IN (SELECT id FROM organization WHERE id = @donorId OR merged_into = @donorId) AND e.amount_minor = @minor
              AND e.value_date BETWEEN @from AND @to AND e.currency = @Currency AND c.stage = @Stage AND c.reversed = FALSE
              AND (e.value_date = @date OR NOT {IsOnesOwn})
              AND (e.external_id IS NULL OR @ExternalId IS NULL OR e.external_id = @ExternalId OR NOT ({IsInScope(request.ExternalSystem)}))
              AND NOT ({write.Engine.AnyOf("e.id", "@distinct")})
              AND (p.recipient_id IN (SELECT id FROM organization WHERE id = @recipientId OR merged_into = @recipientId)
                OR (p.fund_id = @fundId AND (p.recipient_id IS NULL OR @direct))
                OR (@placed = FALSE AND p.recipient_id IS NULL AND p.fund_id IS NULL AND p.countries = @countries))
            ORDER BY e.no LIMIT {MostCandidates}
            """, new
        {
            donorId, minor, from = date.AddDays(-30), to = date.AddDays(30), date, request.Stage, request.Currency, request.ExternalSystem, request.ExternalId, write.By.OrganizationId, distinct, recipientId, fundId,
            direct = recipientId is null, placed = recipientId is not null || fundId is not null || request.Countries is not { Count: > 0 }, countries = CountryShare.Kept(request.Countries).Countries,
        }));
    }

    /// <summary>
    /// The header that a refund or a release takes back from, where it names none: the one between the same two that had enough of it, in its currency, by its day; where
    /// none has, the one that has most, which then says how much can be taken back.
    /// </summary>
    /// <exception cref="Refused">There is none, or there are several: it names them.</exception>
    public static async Task<string> TakenFromAsync(Write write, RecordContribution.Request request, long minor)
    {
        var kind = request.Stage == "release" ? "commitment" : "payment";
        var found = (await write.Sql.QueryAsync<(string Id, long Stands, long InAll)>($"""
            SELECT p.id, CAST(sum(e.amount_minor) AS bigint) AS stands, CAST(sum(CASE WHEN sum(e.amount_minor) >= @minor THEN 1 ELSE 0 END) OVER () AS bigint)
            FROM contribution c JOIN ledger_entry e ON e.no = c.entry_no JOIN pledge p ON p.no = c.pledge_no
            WHERE c.donor_id = @DonorId AND c.stage IN (@kind, @Stage) AND c.reversed = FALSE AND c.value_date <= @Date AND e.currency = @Currency
              AND (@FundId IS NULL OR c.fund_id = @FundId) AND (@placed OR (p.fund_id IS NULL AND p.recipient_id IS NULL AND p.countries = @countries)) AND (@Instrument IS NULL OR p.instrument = @Instrument)
              AND (@RecipientId IS NULL OR p.recipient_id IN (SELECT id FROM organization WHERE id = @RecipientId OR merged_into = @RecipientId))
            GROUP BY p.id HAVING sum(e.amount_minor) > 0 ORDER BY stands DESC, p.id LIMIT {MostCandidates}
            """, new
        {
            request.DonorId, kind, request.Stage, request.Date, request.Currency, request.FundId, request.RecipientId, request.Instrument, minor,
            placed = request.FundId is not null || request.RecipientId is not null || request.Countries is not { Count: > 0 }, countries = CountryShare.Kept(request.Countries).Countries,
        })).AsList();
        return (found, found.FindAll(header => header.Stands >= minor)) switch
        {
            (_, [var one]) => one.Id,
            ([], _) => throw new Refused("not_enough_then", new(
                $"By {request.Date:yyyy-MM-dd} no {kind} in {request.Currency} stands between the two that this could take back.",
                $"حتى {request.Date:yyyy-MM-dd} لا يوجد بين الطرفين {(kind == "payment" ? "دفعة" : "التزام")} بعملة {request.Currency} ليُسترد منه هذا المبلغ.")),
            ([var most, ..], []) => most.Id,
            (_, var enough) => throw new Refused("conflict", new(
                "It may take back from any of these: send the pledgeId of the one.", "قد يُسترد من أي من هذه: أرسل pledgeId المقصود."),
                candidates: [.. enough.Select(header => $"/v1/pledges/{header.Id}").Order(StringComparer.Ordinal)], inAll: enough[0].InAll),
        };
    }

    private static (List<string> First, long InAll) Counted(IEnumerable<(string Id, long InAll)> rows) => (rows.Select(row => row.Id).ToList(), rows.FirstOrDefault().InAll);

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
        public string? Adjusts { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string UsdBasis { get; init; }
        public required DateOnly ValueDate { get; init; }
        public required string DatePrecision { get; init; }
        public required string Qualifier { get; init; }
        public string? UsdQualifier { get; init; }
        public long? SettlesMinor { get; init; }
        public string? Promised { get; init; }
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
        public required int[] Shares { get; init; }
        public string? EventId { get; init; }
        public required bool Shared { get; init; }
        public required string[] Sectors { get; init; }
        public required int[] UsageYears { get; init; }
        public string? Earmarking { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public string? PassedOnFrom { get; init; }
        public required bool Redacted { get; init; }
        public required bool DescriptionRedacted { get; init; }
    }
}
