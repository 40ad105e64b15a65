using System.Globalization;

namespace PledgeTracker.Pledges;

/// <summary>One pledge is recorded once, however often it is sent with its `externalId`.</summary>
internal static class SamePledge
{
    /// <summary>
    /// The pledge with the same `externalId` of the same `externalSystem`, or of none, if there is one and it says the same: where it was reclassified, the one that stands in its place.
    /// </summary>
    /// <exception cref="Refused">It says something else; the refusal names the difference.</exception>
    public static async Task<string?> FindAsync(Write write, RecordPledge.Request request)
    {
        var row = request.ExternalId is null ? null : await write.Sql.QueryFirstOrDefaultAsync<Recorded>("""
            WITH RECURSIVE later (no) AS (
                SELECT no FROM pledge WHERE external_system IS NOT DISTINCT FROM @ExternalSystem AND external_id = @ExternalId
                UNION SELECT p.no FROM later l JOIN pledge p ON p.reclassifies_no = l.no)
            SELECT p.no, p.id, p.currency, p.qualifier, p.announced_on, p.date_precision, p.fund_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id,
                   p.event_id, p.instrument, p.countries, p.shares, p.shared, p.sectors, p.usage_years, p.earmarking, p.due_on, p.instalments, p.description_en, p.description_ar, p.note_en, p.note_ar,
                   (SELECT x.id FROM pledge x WHERE x.no = p.restates_no) AS restates, (SELECT x.id FROM pledge x WHERE x.no = p.passed_on_from_no) AS passed_on_from,
                   p.redacted_by IS NOT NULL AS redacted
            FROM pledge p WHERE p.no = (SELECT max(no) FROM later)
            """, new { request.ExternalSystem, request.ExternalId });
        if (row is null)
        {
            return null;
        }

        List<string> differing = [];
        Compare("currency", row.Currency, request.Currency);
        Compare("qualifier", row.Qualifier, request.Qualifier ?? "exact");
        Compare("announcedOn", row.AnnouncedOn, request.AnnouncedOn);
        Compare("datePrecision", row.DatePrecision, request.DatePrecision ?? "day");
        Compare("fundId", row.FundId, request.FundId);
        Compare("recipientId", row.RecipientId, await TodayAsync(request.RecipientId));
        Compare("eventId", row.EventId, request.EventId);
        Compare("instrument", row.Instrument, request.Instrument);
        Compare("countries", Said((row.Countries, row.Shares)), Said(CountryShare.Kept(request.Countries)));
        Compare("shared", row.Shared, request.Shared ?? false);
        Compare("usageYears", string.Join(' ', row.UsageYears), string.Join(' ', request.UsageYears ?? []));
        Compare("restates", row.Restates, request.Restates);
        Compare("passedOnFrom", row.PassedOnFrom, request.PassedOnFrom);
        // These may have been amended since: what a retry leaves out is not missing, and what it sends must be what stands.
        Compare("dueOn", request.DueOn is null ? null : row.DueOn, request.DueOn);
        Compare("sectors", request.Sectors is null ? "" : string.Join(' ', row.Sectors), string.Join(' ', request.Sectors ?? []));
        Compare("earmarking", request.Earmarking is null ? null : row.Earmarking, request.Earmarking);
        Compare("instalments", true, request.Instalments is null
            || request.Instalments.Select(i => (i.DueOn, Amounts.Of(i.Amount, row.Currency))).SequenceEqual(StoredInstalment.Of(row.Instalments).Select(i => ((DateOnly?)i.DueOn, (long?)i.AmountMinor))));
        // What was blanked is not held against a retry that still has it.
        Compare("description", true, request.Description is null || (row is { Redacted: true, DescriptionEn: null, DescriptionAr: null })
            || (request.Description.En, request.Description.Ar) == (row.DescriptionEn, row.DescriptionAr));
        Compare("note", true, request.Note is null || (row is { Redacted: true, NoteEn: null, NoteAr: null }) || (request.Note.En, request.Note.Ar) == (row.NoteEn, row.NoteAr));
        if (request.Citations is { Count: > 0 } citations && !row.Redacted)
        {
            var recorded = (await write.Sql.QueryAsync<(string, string?, string?, string?)>("SELECT source_id, quote, note_en, note_ar FROM citation WHERE pledge_no = @No", new { row.No })).ToList();
            Compare("citations", true, citations.All(c => recorded.Contains((c.SourceId!, c.Quote, c.Note?.En, c.Note?.Ar))));
        }

        await CompareDonorsAsync();
        return differing.Count == 0 ? row.Id : throw Refused.Differs(differing, $"/v1/pledges/{row.Id}");

        static string Said((string[] Countries, int[] Shares) kept) => string.Join(' ', [.. kept.Countries, .. kept.Shares.Select(share => share.ToString(CultureInfo.InvariantCulture))]);

        // What was sent under an id that was merged since is the same content.
        async Task<string?> TodayAsync(string? organization) => await References.SurvivorAsync(write, organization) ?? organization;

        async Task CompareDonorsAsync()
        {
            var promises = (await write.Sql.QueryAsync<Promise>("""
                SELECT coalesce(o.merged_into, o.id) AS donor_id, e.amount_minor, e.currency, e.usd_minor, e.usd_basis, e.usd_qualifier
                FROM ledger_entry e JOIN organization o ON o.id = e.donor_id
                WHERE e.pledge_no = @No AND e.kind = 'pledge' AND e.reverses_no IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_no = e.no) ORDER BY e.no
                """, new { row.No })).ToList();
            foreach (var (i, share) in request.Donors!.Index())
            {
                var donor = await TodayAsync(share.DonorId);
                var promise = promises.Find(p => p.DonorId == donor);
                if (promise is null)
                {
                    differing.Add($"donors/{i}/donorId");
                    continue;
                }

                promises.Remove(promise);
                Compare($"donors/{i}/amount", Currency.Major(promise.AmountMinor, promise.Currency), share.Amount);
                // Where it was computed, none was sent; whoever sends it all the same may send what was computed.
                var computed = promise.UsdBasis != "reported" || promise.Currency == "USD";
                Compare($"donors/{i}/amountUsd", computed && share.AmountUsd is null ? null : Currency.Usd(promise.UsdMinor), share.AmountUsd);
                Compare($"donors/{i}/usdQualifier", promise.UsdQualifier ?? row.Qualifier, share.UsdQualifier ?? request.Qualifier ?? "exact");
            }

            Compare("donors", 0, promises.Count);
        }

        void Compare<T>(string name, T recorded, T sent)
        {
            if (!EqualityComparer<T>.Default.Equals(recorded, sent))
            {
                differing.Add(name);
            }
        }
    }

    private sealed record Promise
    {
        public required string DonorId { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string UsdBasis { get; init; }
        public string? UsdQualifier { get; init; }
    }

    private sealed record Recorded
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required string Currency { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly AnnouncedOn { get; init; }
        public required string DatePrecision { get; init; }
        public string? FundId { get; init; }
        public string? RecipientId { get; init; }
        public string? EventId { get; init; }
        public required string Instrument { get; init; }
        public required string[] Countries { get; init; }
        public required int[] Shares { get; init; }
        public required bool Shared { get; init; }
        public required string[] Sectors { get; init; }
        public required int[] UsageYears { get; init; }
        public string? Earmarking { get; init; }
        public DateOnly? DueOn { get; init; }
        public required string Instalments { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
        public string? Restates { get; init; }
        public string? PassedOnFrom { get; init; }
        public required bool Redacted { get; init; }
    }
}
