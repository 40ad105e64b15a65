using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Shortfalls;
using PledgeTracker.Sources;

namespace PledgeTracker.Funds;

/// <summary>Enters what a fund needs for a period. A later statement about the same period supersedes the earlier; both stay.</summary>
internal sealed class StateRequirement : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/requirements", Handle).Writes("StateRequirement", "Funds",
        "State a requirement", "What a fund needs for a period. A later statement about the same time supersedes the earlier; both stay.", Role.Editor);

    /// <param name="Kind">IATI budget type: `original` (1) or `revised` (2).</param>
    /// <param name="AmountUsd">US dollars as the source gave them; needed for other currencies where no exchange rate is loaded.</param>
    public sealed record Request(
        string? FundId = null, string? Kind = null, decimal? Amount = null, string? Currency = null, decimal? AmountUsd = null, string? Qualifier = null,
        DateOnly? PeriodStart = null, DateOnly? PeriodEnd = null, DateOnly? StatedOn = null, LocalizedText? StatedBy = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.FundId).Needed().IsSlug();
            RuleFor(r => r.Kind).Needed().IsOneOf(Words.RequirementKinds);
            RuleFor(r => r.Amount).Needed().IsPositive();
            RuleFor(r => r.Currency).Needed().IsCurrency();
            RuleFor(r => r.AmountUsd).IsPositive();
            RuleFor(r => r.Qualifier).IsOneOf(Words.Qualifiers);
            RuleFor(r => r.PeriodEnd).Must((r, end) => (end is null) == (r.PeriodStart is null) && (end is null || end >= r.PeriodStart)).Or("date_out_of_range",
                "Send both ends of the period, the end on or after the start, or neither.", "أرسل طرفي الفترة معا على ألا تسبق النهاية البداية، أو لا ترسل أيا منهما.");
            RuleFor(r => r.StatedOn).Needed();
            RuleFor(r => r.StatedBy).IsText(300);
            RuleFor(r => r.Note).IsText(4000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    private static Task<Recorded<Requirement<LocalizedText>>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Requirement<LocalizedText>>>(id => new Made<Requirement<LocalizedText>>(null, RequirementRow.Load(write, id, request.View))));

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
        var version = log.Append(write, actor, "created", "requirement", id, request);
        var no = write.Insert("""
            INSERT INTO requirement (id, fund_id, kind, period_start, period_end, amount_minor, currency, usd_minor, usd_basis, rate_no, qualifier, stated_on,
                stated_by_en, stated_by_ar, note_en, note_ar, recorded_at, recorded_by, version)
            VALUES (@id, @fund, @kind, @start, @end, @amount, @currency, @usd, @basis, @rate, @qualifier, @statedOn,
                @statedByEn, @statedByAr, @noteEn, @noteAr, @at, @by, @version)
            """,
            ("@id", id), ("@fund", request.FundId), ("@kind", request.Kind), ("@start", request.PeriodStart), ("@end", request.PeriodEnd), ("@amount", minor),
            ("@currency", request.Currency), ("@usd", usd.Minor), ("@basis", usd.Basis), ("@rate", usd.RateNo), ("@qualifier", request.Qualifier ?? "exact"),
            ("@statedOn", request.StatedOn), ("@statedByEn", request.StatedBy?.En), ("@statedByAr", request.StatedBy?.Ar), ("@noteEn", request.Note?.En),
            ("@noteAr", request.Note?.Ar), ("@at", write.At), ("@by", actor.Id), ("@version", version));
        Citations.Add(write, Citations.OfRequirements, no, request.Citations);
        Statements.Settle(write, "requirement", request.FundId!);
        return id;
    }
}
