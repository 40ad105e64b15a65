namespace PledgeTracker.Shortfalls;

/// <summary>Enters a reported shortfall: somebody said, on a day, what a fund still lacks.</summary>
public sealed class ReportShortfall : Writes<ReportShortfall.Request, Shortfall<LocalizedText>>
{
    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    /// <param name="PeriodStart">Leave out both ends for "now", the start alone for "until".</param>
    public sealed record Request(
        string? FundId = null, decimal? Amount = null, string? Currency = null, decimal? AmountUsd = null, string? Qualifier = null, DateOnly? StatedOn = null,
        string? DatePrecision = null, LocalizedText? StatedBy = null, DateOnly? PeriodStart = null, DateOnly? PeriodEnd = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null) : IStatement;

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.FundId).Needed().IsSlug();
            RuleFor(r => r.Amount).Needed().IsPositive();
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.Amount).IsOf(r => r.Currency);
            RuleFor(r => r.AmountUsd).IsNotNegative();
            RuleFor(r => r.AmountUsd).IsOf(_ => "USD");
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

    protected override Task CheckAsync(Request request, Session session, Faults faults) => Statements.FindAsync(session, faults, request);

    protected override async Task<Made<Shortfall<LocalizedText>>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var shown = (await GetShortfall.FindAsync(write, id, Reader))!;
        return new(shown, $"/v1/shortfalls/{id}", shown.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings shortfalls. Its id.</summary>
    internal static Task<string> RecordAsync(Write write, Request request) => Statements.StateAsync(write, "shortfall", request);
}
