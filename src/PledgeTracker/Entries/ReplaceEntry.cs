using System.Text.Json.Nodes;
using PledgeTracker.Contributions;

namespace PledgeTracker.Entries;

/// <summary>Corrects a contribution or an adjustment in one go: the entry that was wrong is reversed, and entered again with what is right.</summary>
public sealed class ReplaceEntry : Writes<ReplaceEntry.Request, Contribution<LocalizedText>>
{
    /// <param name="Changes">The members to correct.</param>
    /// <param name="Reason">Why; it becomes the note of the reversal.</param>
    public sealed record Request([property: ShapedBy(typeof(RecordContribution.Request), typeof(RecordAdjustment.Request))] JsonObject? Changes = null, LocalizedText? Reason = null)
    {
        /// <summary>The id of the contribution or adjustment.</summary>
        /// <example>019b76da-a800-812c-979a-e8b431cc74cd</example>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Changes).Needed().Must(c => c is null || c.Count > 0).Or("required", "Send at least one member to change.", "أرسل حقلا واحدا على الأقل لتغييره.");
            RuleFor(r => r.Reason).Needed().IsText(20_000);
        }
    }

    public override void Configure()
    {
        Post("/v1/entries/{id}/replacement");
        Tells("Entries", "Replace an entry",
            "Reverses a commitment, payment, release, refund or adjustment and enters it again with the corrected values, in one transaction; the answer is the new contribution. " +
            "`changes` is merged into what was recorded, in the shape of POST /v1/contributions, or of POST /v1/adjustments where it is one (RFC 7396): null clears a member, and what is left out " +
            "stays, citations too. " +
            "What others found or confirmed of the old one is not carried over. A recorder replaces only its own organization's entries.",
            Role.Recorder, refusals: [403, 404],
            example: new Request(new JsonObject { ["amount"] = 90_000_000 }, new("The amount was mistyped", "كُتب المبلغ خطأ")), exampleNeeds: Role.Editor);
    }

    protected override async Task CheckAsync(Request request, Session session, Faults faults)
    {
        if (request.Changes is { } changes && await RecordedEntry.FindOrNullAsync(session, request.Id) is { } entry)
        {
            await (entry.Kind switch
            {
                "adjustment" => CorrectedAdjustmentAsync(session, entry, changes, faults),
                "commitment" or "payment" => CorrectedAsync(session, entry, changes, faults),
                _ => Task.CompletedTask,
            });
        }
    }

    protected override async Task<Made<Contribution<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var entry = await RecordedEntry.FindAsync(write, request.Id);
        if (entry.Kind is not ("commitment" or "payment" or "adjustment") || entry.ReversesNo is not null)
        {
            throw Refused.Conflict("Only a contribution or an adjustment is replaced: reverse this entry, and record what is right.", "لا تُستبدل إلا المساهمات والتسويات: ألغ هذا القيد ثم سجل الصحيح.",
                $"/v1/pledges/{entry.PledgeId}/ledger");
        }

        var faults = new Faults();
        var adjustment = entry.Kind == "adjustment" ? await CorrectedAdjustmentAsync(write, entry, request.Changes!, faults) : null;
        var contribution = adjustment is null ? await CorrectedAsync(write, entry, request.Changes!, faults) : null;
        faults.ThrowIfAny();
        await ReverseEntry.ReverseAsync(write, entry, request.Reason!);
        try
        {
            var (id, wasThere) = adjustment is not null ? await RecordAdjustment.RecordAsync(write, adjustment, entry) : await RecordContribution.RecordAsync(write, contribution!, entry);
            if (wasThere)
            {
                throw Refused.Conflict("You have recorded exactly this already.", "سبق أن سجلتم هذا بعينه.", $"/v1/contributions/{id}");
            }

            return new((await GetContribution.FindAsync(write, id, Reader))!, $"/v1/contributions/{id}");
        }
        catch (Refused refused) when (refused.Faults is not null)
        {
            throw refused.Under("/changes");
        }
    }

    private static async Task<RecordContribution.Request> CorrectedAsync(Session session, RecordedEntry entry, JsonObject changes, Faults faults) =>
        await MergePatch.ApplyAsync(await AsSentAsync(session, entry, changes), changes, new RecordContribution.Rules(), faults.Under("/changes"),
            (corrected, others) => RecordContribution.FindAsync(session, others, corrected));

    private static async Task<RecordAdjustment.Request> CorrectedAdjustmentAsync(Session session, RecordedEntry entry, JsonObject changes, Faults faults) =>
        await MergePatch.ApplyAsync(await AdjustmentAsSentAsync(session, entry, changes), changes, new RecordAdjustment.Rules(), faults.Under("/changes"),
            (corrected, others) => RecordAdjustment.FindAsync(session, others, corrected));

    /// <summary>The request that would record the adjustment as it stands.</summary>
    private static async Task<RecordAdjustment.Request> AdjustmentAsSentAsync(Session session, RecordedEntry entry, JsonObject changes)
    {
        var header = await Destination.OfAsync(session, entry);
        return new RecordAdjustment.Request(
            Adjusts: entry.Adjusts,
            Amount: Words.Currency.Major(entry.AmountMinor, entry.Currency),
            Currency: entry.Currency,
            AmountUsd: DollarsAsSent(entry, changes),
            Date: entry.ValueDate,
            DonorId: entry.MergedInto ?? entry.DonorId,
            FundId: header.FundId,
            RecipientId: header.RecipientId,
            Instrument: header.Instrument,
            DatePrecision: entry.DatePrecision,
            Qualifier: entry.Qualifier,
            UsdQualifier: entry.UsdQualifier,
            Reference: entry.Reference,
            ExternalSystem: entry.ExternalSystem,
            ExternalId: entry.ExternalId,
            Note: LocalizedText.Of(entry.NoteEn, entry.NoteAr),
            Citations: await Cited.OfAsync(session, entry),
            EventId: header.EventId,
            Countries: CountryShare.Of(header.Countries, header.Shares),
            Shared: header.Shared,
            Sectors: header.Sectors,
            UsageYears: header.UsageYears,
            Earmarking: header.Earmarking,
            Description: LocalizedText.Of(header.DescriptionEn, header.DescriptionAr));
    }

    /// <summary>The request that would record the entry as it stands: under its pledge; directly, where nobody had pledged it and it stands alone under its header.</summary>
    private static async Task<RecordContribution.Request> AsSentAsync(Session session, RecordedEntry entry, JsonObject changes)
    {
        var header = await Destination.OfAsync(session, entry);
        // Where it is moved under a pledge, it takes all of this from there.
        var alone = header.Origin == "direct" && changes["pledgeId"] is null && (await RecordedEntry.LiveOfAsync(session, entry.PledgeNo)).Count == 1;
        return new RecordContribution.Request(
            PledgeId: alone ? null : entry.PledgeId,
            DonorId: entry.MergedInto ?? entry.DonorId,
            FundId: alone ? header.FundId : null,
            RecipientId: alone ? header.RecipientId : null,
            Instrument: alone ? header.Instrument : null,
            Countries: alone ? CountryShare.Of(header.Countries, header.Shares) : null,
            Stage: Posting.StageOf(entry.Kind, entry.AmountMinor),
            Amount: Words.Currency.Major(Math.Abs(entry.AmountMinor), entry.Currency),
            Currency: entry.Currency,
            AmountUsd: DollarsAsSent(entry, changes) is { } usd ? Math.Abs(usd) : null,
            Date: entry.ValueDate,
            DatePrecision: entry.DatePrecision,
            Qualifier: entry.Qualifier,
            Reference: entry.Reference,
            ExternalSystem: entry.ExternalSystem,
            ExternalId: entry.ExternalId,
            Note: LocalizedText.Of(entry.NoteEn, entry.NoteAr),
            Citations: await Cited.OfAsync(session, entry),
            PaidBy: header.PaidBy,
            PassedOnFrom: alone ? header.PassedOnFrom : null,
            // Another amount settles another part.
            Settles: entry.SettlesMinor is { } settled && !changes.Any(c => c.Key is "amount" or "currency" or "amountUsd" or "pledgeId")
                ? new(Words.Currency.Major(Math.Abs(settled), header.Currency!), header.Currency)
                : null,
            UsdQualifier: entry.UsdQualifier,
            EventId: alone ? header.EventId : null,
            Shared: alone ? header.Shared : null,
            Sectors: alone ? header.Sectors : null,
            UsageYears: alone ? header.UsageYears : null,
            Earmarking: alone ? header.Earmarking : null,
            Description: alone ? LocalizedText.Of(header.DescriptionEn, header.DescriptionAr) : null);
    }

    // The source's dollars are those of its amount: another one has others.
    private static decimal? DollarsAsSent(RecordedEntry entry, JsonObject changes) =>
        entry.UsdBasis == "reported" && entry.Currency != "USD" && !changes.Any(c => c.Key is "amount" or "currency") ? Words.Currency.Usd(entry.UsdMinor) : null;

    private sealed record Destination
    {
        public required string Origin { get; init; }
        public string? FundId { get; init; }
        public string? RecipientId { get; init; }
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
        public string? PaidBy { get; init; }
        public string? Currency { get; init; }

        public static Task<Destination> OfAsync(Session session, RecordedEntry entry) => session.Sql.QueryFirstAsync<Destination>("""
            SELECT p.origin, p.fund_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id, p.instrument, p.countries, p.shares, p.event_id, p.shared, p.sectors, p.usage_years, p.earmarking, p.description_en, p.description_ar,
                   (SELECT x.id FROM pledge x WHERE x.no = p.passed_on_from_no) AS passed_on_from,
                   (SELECT coalesce(merged_into, id) FROM organization WHERE id = @PaidBy) AS paid_by, p.currency
            FROM pledge p WHERE p.no = @PledgeNo
            """, new { entry.PledgeNo, entry.PaidBy });
    }

    private sealed record Cited
    {
        public required string SourceId { get; init; }
        public string? Quote { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }

        public static async Task<List<CitationRequest>> OfAsync(Session session, RecordedEntry entry) =>
            (await session.Sql.QueryAsync<Cited>("SELECT source_id, quote, note_en, note_ar FROM citation WHERE entry_no = @No ORDER BY no", new { entry.No }))
            .Select(c => new CitationRequest(c.SourceId, c.Quote, LocalizedText.Of(c.NoteEn, c.NoteAr))).ToList();
    }
}
