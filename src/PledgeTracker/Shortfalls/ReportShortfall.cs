namespace PledgeTracker.Shortfalls;

/// <summary>Enters a reported shortfall: somebody said, on a day, what a fund still lacks.</summary>
public sealed class ReportShortfall : Writes<ReportShortfall.Request, Shortfall<LocalizedText>>
{
    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    /// <param name="PeriodStart">Leave out both ends for "now", the start alone for "until".</param>
    public sealed record Request(
        string? FundId = null, decimal? Amount = null, string? Currency = null, decimal? AmountUsd = null, string? Qualifier = null, DateOnly? StatedOn = null,
        string? DatePrecision = null, LocalizedText? StatedBy = null, DateOnly? PeriodStart = null, DateOnly? PeriodEnd = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.FundId).Needed().IsSlug();
            RuleFor(r => r.Amount).Needed().IsPositive();
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.AmountUsd).IsNotNegative();
            RuleFor(r => r.Qualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.StatedOn).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Vocabulary.DatePrecisions);
            RuleFor(r => r.StatedBy).IsName(300);
            RuleFor(r => r.PeriodEnd).Must((r, end) => r.PeriodStart is null || end >= r.PeriodStart).Or("date_out_of_range",
                "Send a day on or after periodStart.", "أرسل يوما لا يسبق periodStart.");
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    public override void Configure()
    {
        Post("/v1/shortfalls");
        Tells("Shortfalls", "Report a shortfall",
            "Somebody said, on a day, what a fund still lacks. A later statement about the same time supersedes the earlier; both stay.", Role.Editor, example: new Request(
                "syria-recovery-trust-fund", Amount: 2_000_000, Currency: "USD", Qualifier: "at_least", StatedOn: new DateOnly(2026, 2, 1), StatedBy: new("The fund", "الصندوق")));
    }

    protected override Task FindNamedAsync(Request request, Session session, Faults faults) => FindAsync(new References(session, faults), request);

    protected override async Task<Made<Shortfall<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var shown = (await GetShortfall.FindAsync(write, id, Reader))!;
        return new(shown, $"/v1/shortfalls/{id}", shown.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings shortfalls. Its id.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var faults = new Faults();
        await FindAsync(new References(write, faults), request);
        Amounts.NotAfterTomorrow(faults, "/statedOn", request.StatedOn!.Value, write.At, precision: request.DatePrecision);
        Amounts.NotFarAhead(faults, "/periodStart", request.PeriodStart, write.At);
        Amounts.NotFarAhead(faults, "/periodEnd", request.PeriodEnd, write.At);
        var minor = Amounts.Minor(faults, "/amount", request.Amount!.Value, request.Currency!);
        var usd = await Amounts.UsdAsync(write, faults, minor, request.Currency!, request.AmountUsd, request.StatedOn.Value);
        faults.ThrowIfAny();

        var id = write.NewId();
        var version = await ChangeLog.AppendAsync(write, "created", "shortfall", id, request, fundId: request.FundId);
        var no = await write.Sql.QueryFirstAsync<long>("""
            INSERT INTO shortfall (no, id, fund_id, period_start, period_end, amount_minor, currency, usd_minor, usd_basis, rate_no, qualifier, stated_on,
                date_precision, stated_by_en, stated_by_ar, note_en, note_ar, recorded_at, recorded_by, version)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM shortfall), @id, @FundId, @PeriodStart, @PeriodEnd, @minor, @Currency, @usd, @Basis, @RateNo, @qualifier, @StatedOn,
                @precision, @statedByEn, @statedByAr, @noteEn, @noteAr, @At, @by, @version)
            RETURNING no
            """, new
        {
            id, request.FundId, request.PeriodStart, request.PeriodEnd, minor, request.Currency, usd = usd.Minor, usd.Basis, usd.RateNo, qualifier = request.Qualifier ?? "exact",
            request.StatedOn, precision = request.DatePrecision ?? "day", statedByEn = request.StatedBy?.En, statedByAr = request.StatedBy?.Ar,
            noteEn = request.Note?.En, noteAr = request.Note?.Ar, write.At, by = write.By.Id, version,
        });
        await Citations.AddAsync(write, "shortfall_no", no, request.Citations);
        await Statements.SettleAsync(write, "shortfall", request.FundId!);
        return id;
    }

    private static async Task FindAsync(References references, Request request)
    {
        await references.FundAsync("/fundId", request.FundId);
        await references.CitationsAsync(request.Citations);
    }
}
