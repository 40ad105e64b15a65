using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Shortfalls;

/// <summary>Enters a reported shortfall: somebody said, on a day, what a fund still lacks.</summary>
internal sealed class ReportShortfall : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/shortfalls", Handle).Writes("ReportShortfall", "Shortfalls",
        "Report a shortfall", "Somebody said, on a day, what a fund still lacks. A later statement about the same time supersedes the earlier; both stay.", Role.Editor);

    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    /// <param name="PeriodStart">Leave out both ends for "now", the start alone for "until".</param>
    public sealed record Request(
        string? FundId = null, decimal? Amount = null, string? Currency = null, decimal? AmountUsd = null, string? Qualifier = null, DateOnly? StatedOn = null,
        string? DatePrecision = null, LocalizedText? StatedBy = null, DateOnly? PeriodStart = null, DateOnly? PeriodEnd = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.FundId).Needed().IsSlug();
            RuleFor(r => r.Amount).Needed().IsPositive();
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.AmountUsd).IsPositive();
            RuleFor(r => r.Qualifier).IsOneOf(Words.Qualifiers);
            RuleFor(r => r.StatedOn).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Words.DatePrecisions);
            RuleFor(r => r.StatedBy).IsText(300);
            RuleFor(r => r.PeriodEnd).Must((r, end) => r.PeriodStart is null || end >= r.PeriodStart).Or("date_out_of_range",
                "Send a day on or after periodStart.", "أرسل يوما لا يسبق periodStart.");
            RuleFor(r => r.Note).IsText(4000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    private static Task<Recorded<Shortfall<LocalizedText>>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Shortfall<LocalizedText>>>(id => GetShortfall.Load(write, id, request.View)!));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        var references = new References(write);
        references.Fund("/fundId", request.FundId);
        Citations.Check(references, request.Citations);
        CodeRules.NotAfterTomorrow(references.Faults, "/statedOn", request.StatedOn!.Value, write.At);
        CodeRules.NotFarAhead(references.Faults, "/periodStart", request.PeriodStart, write.At);
        CodeRules.NotFarAhead(references.Faults, "/periodEnd", request.PeriodEnd, write.At);
        var minor = CodeRules.Minor(references.Faults, "/amount", request.Amount!.Value, request.Currency!);
        var usd = CodeRules.Usd(references.Faults, write, minor, request.Currency!, request.AmountUsd, request.StatedOn.Value);
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        var id = actor.NewId(write.At).ToString("D");
        var version = log.Append(write, actor, "created", "shortfall", id, request);
        var no = write.Insert("""
            INSERT INTO shortfall (id, fund_id, period_start, period_end, amount_minor, currency, usd_minor, usd_basis, rate_no, qualifier, stated_on,
                date_precision, stated_by_en, stated_by_ar, note_en, note_ar, recorded_at, recorded_by, version)
            VALUES (@id, @fund, @start, @end, @amount, @currency, @usd, @basis, @rate, @qualifier, @statedOn,
                @precision, @statedByEn, @statedByAr, @noteEn, @noteAr, @at, @by, @version)
            """,
            ("@id", id), ("@fund", request.FundId), ("@start", request.PeriodStart), ("@end", request.PeriodEnd), ("@amount", minor),
            ("@currency", request.Currency), ("@usd", usd.Minor), ("@basis", usd.Basis), ("@rate", usd.RateNo), ("@qualifier", request.Qualifier ?? "exact"),
            ("@statedOn", request.StatedOn), ("@precision", request.DatePrecision ?? "day"), ("@statedByEn", request.StatedBy?.En),
            ("@statedByAr", request.StatedBy?.Ar), ("@noteEn", request.Note?.En), ("@noteAr", request.Note?.Ar), ("@at", write.At), ("@by", actor.Id),
            ("@version", version));
        Citations.Add(write, Citations.OfShortfalls, no, request.Citations);
        Statements.Settle(write, "shortfall", request.FundId!);
        return id;
    }
}
