using PledgeTracker.Shortfalls;

namespace PledgeTracker.Funds;

/// <summary>Enters what a fund needs for a period. A later statement about the same period supersedes the earlier; both stay.</summary>
public sealed class StateRequirement : Writes<StateRequirement.Request, Requirement<LocalizedText>>
{
    /// <param name="Kind">IATI budget type: `original` (1) or `revised` (2).</param>
    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    public sealed record Request(
        string? FundId = null, string? Kind = null, decimal? Amount = null, string? Currency = null, decimal? AmountUsd = null, string? Qualifier = null,
        DateOnly? PeriodStart = null, DateOnly? PeriodEnd = null, DateOnly? StatedOn = null, string? DatePrecision = null, LocalizedText? StatedBy = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null) : IStatement;

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.FundId).Needed().IsSlug();
            RuleFor(r => r.Kind).Needed().IsOneOf(Vocabulary.RequirementKinds);
            RuleFor(r => r.Amount).Needed().IsNotNegative();
            RuleFor(r => r.Amount).Must((r, amount) => amount is not 0 || r.Kind == "revised").Or("not_positive",
                "Only a revised requirement can be 0: a plan that was withdrawn.", "لا تكون الحاجة صفرا إلا إذا كانت معدلة: خطة سُحبت.");
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.Amount).IsOf(r => r.Currency);
            RuleFor(r => r.AmountUsd).IsNotNegative();
            RuleFor(r => r.AmountUsd).IsOf(_ => "USD");
            RuleFor(r => r.Qualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.PeriodEnd).Must((r, end) => (end is null) == (r.PeriodStart is null) && (end is null || end >= r.PeriodStart)).Or("date_out_of_range",
                "Send both ends of the period, the end on or after the start, or neither.", "أرسل طرفي الفترة معا على ألا تسبق النهاية البداية، أو لا ترسل أيا منهما.");
            RuleFor(r => r.StatedOn).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Vocabulary.DatePrecisions);
            RuleFor(r => r.StatedBy).IsName(300);
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    public override void Configure()
    {
        Post("/v1/requirements");
        Tells("Funds", "State a requirement", "What a fund needs for a period. A later statement about the same time supersedes the earlier; both stay.", Role.Editor,
            example: new Request(
                "undp-ffs", Kind: "original", Amount: 1_000_000, Currency: "USD", PeriodStart: new DateOnly(2026, 1, 1), PeriodEnd: new DateOnly(2026, 12, 31),
                StatedOn: new DateOnly(2026, 1, 15)));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => Statements.FindAsync(session, faults, request);

    protected override async Task<Made<Requirement<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var row = await write.Sql.QueryFirstAsync<RequirementRow>($"{RequirementRow.Select(Reader)} WHERE t.id = @id", new { id });
        return new((await RequirementRow.ShowAsync(write, [row], Reader, LocalizedText.Of))[0]);
    }

    /// <summary>The statement that says just this already, with every source that it names; null where none does.</summary>
    internal static Task<string?> FindSameAsync(Session session, Request request) => session.Sql.QueryFirstOrDefaultAsync<string?>($"""
        SELECT t.id FROM requirement t
        WHERE t.fund_id = @FundId AND t.kind = @Kind AND t.amount_minor = @minor AND t.currency = @Currency AND t.stated_on = @StatedOn AND t.qualifier = @qualifier AND t.date_precision = @precision
            AND t.period_start IS NOT DISTINCT FROM @PeriodStart AND t.period_end IS NOT DISTINCT FROM @PeriodEnd {(request.AmountUsd is null ? "" : "AND t.usd_minor = @usd")}
            AND (t.redacted_by IS NOT NULL OR (t.stated_by_en IS NOT DISTINCT FROM @statedByEn AND t.stated_by_ar IS NOT DISTINCT FROM @statedByAr
                AND t.note_en IS NOT DISTINCT FROM @noteEn AND t.note_ar IS NOT DISTINCT FROM @noteAr))
            AND (SELECT count(*) FROM citation c WHERE c.requirement_no = t.no AND {session.Engine.AnyOf("c.source_id", "@sources")}) >= @cited
        ORDER BY t.no LIMIT 1
        """, new
    {
        request.FundId, request.Kind, minor = Amounts.Of(request.Amount, request.Currency), request.Currency, request.StatedOn, qualifier = request.Qualifier ?? "exact", precision = request.DatePrecision ?? "day",
        request.PeriodStart, request.PeriodEnd, usd = Amounts.Of(request.AmountUsd, "USD"), statedByEn = request.StatedBy?.En, statedByAr = request.StatedBy?.Ar, noteEn = request.Note?.En,
        noteAr = request.Note?.Ar, sources = (request.Citations ?? []).Select(c => c.SourceId!).Distinct().ToList(), cited = (request.Citations ?? []).Select(c => c.SourceId).Distinct().Count(),
    });

    /// <summary>Records it: for the API, and for whatever else brings requirements. Its id.</summary>
    internal static Task<string> RecordAsync(Write write, Request request) => Statements.StateAsync(write, "requirement", request, request.Kind);
}
