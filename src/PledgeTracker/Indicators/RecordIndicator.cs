using System.Globalization;
using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Indicators;

/// <summary>Enters the value of an indicator on a day: what the money is for, and what has come of it.</summary>
internal sealed class RecordIndicator : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/indicators", Handle).Writes("RecordIndicator", "Indicators",
        "Enter an indicator", "The value of a measure on a day.", Role.Editor);

    /// <param name="Measure">What is measured, as a readable id; values of one measure form a series.</param>
    /// <param name="Value">A plain number; its unit stands beside it.</param>
    /// <param name="Unit">`people`, `percent`, `partners`, a currency code …</param>
    public sealed record Request(
        string? Measure = null, LocalizedText? Name = null, decimal? Value = null, string? Unit = null, string? Qualifier = null, DateOnly? Date = null,
        string? DatePrecision = null, string? FundId = null, string? Country = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Measure).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsText(300);
            RuleFor(r => r.Value).Needed().Must(v => v is null || Math.Abs(v.Value) <= Money.MaxMinor).Or("invalid_amount",
                "Send a number of at most 15 digits.", "أرسل عددا لا يتجاوز 15 رقما.");
            RuleFor(r => r.Unit).Needed().IsText(40);
            RuleFor(r => r.Qualifier).IsOneOf(Words.Qualifiers);
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Words.DatePrecisions);
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.Note).IsText(4000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    private static Task<Recorded<Indicator>> Handle(WriteRequest<Request> request, ChangeLog log) => request.RecordAsync(new Rules(), write =>
        Record(write, log, request.Caller.Actor, request.Body).Then<Made<Indicator>>(id => new Made<Indicator>(null, IndicatorRow.Load(write, id, request.View))));

    internal static Outcome<string> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        var references = new References(write);
        references.Fund("/fundId", request.FundId);
        Citations.Check(references, request.Citations);
        CodeRules.NotAfterTomorrow(references.Faults, "/date", request.Date!.Value, write.At);
        if (references.Faults.Count > 0)
        {
            return references.Faults;
        }

        var id = actor.NewId(write.At).ToString("D");
        var version = log.Append(write, actor, "created", "indicator", id, request);
        var no = write.Insert("""
            INSERT INTO indicator (id, measure, name_en, name_ar, value, unit, qualifier, date, date_precision, fund_id, country, note_en, note_ar,
                recorded_at, recorded_by, version)
            VALUES (@id, @measure, @nameEn, @nameAr, @value, @unit, @qualifier, @date, @precision, @fund, @country, @noteEn, @noteAr, @at, @by, @version)
            """,
            ("@id", id), ("@measure", request.Measure), ("@nameEn", request.Name!.En), ("@nameAr", request.Name.Ar),
            ("@value", request.Value!.Value.ToString("0.############################", CultureInfo.InvariantCulture)), ("@unit", request.Unit),
            ("@qualifier", request.Qualifier ?? "exact"), ("@date", request.Date), ("@precision", request.DatePrecision ?? "day"), ("@fund", request.FundId),
            ("@country", request.Country), ("@noteEn", request.Note?.En), ("@noteAr", request.Note?.Ar), ("@at", write.At), ("@by", actor.Id),
            ("@version", version));
        Citations.Add(write, Citations.OfIndicators, no, request.Citations);
        return id;
    }
}
