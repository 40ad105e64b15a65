using System.Globalization;

namespace PledgeTracker.Indicators;

/// <summary>Enters the value of an indicator on a day: what the money is for, and what has come of it.</summary>
public sealed class RecordIndicator : Writes<RecordIndicator.Request, Indicator>
{
    /// <param name="Measure">What is measured, as a readable id; values of one measure form a series.</param>
    /// <param name="Value">A plain number; its unit stands beside it.</param>
    /// <param name="Unit">`people`, `percent`, `partners`, a currency code …</param>
    /// <param name="UnitName">The unit as people read it behind the number, in each language: `people`, `شخص`. Leave it out where the unit reads the same in both.</param>
    public sealed record Request(
        string? Measure = null, LocalizedText? Name = null, decimal? Value = null, string? Unit = null, LocalizedText? UnitName = null, string? Qualifier = null, DateOnly? Date = null,
        string? DatePrecision = null, string? FundId = null, string? Country = null, LocalizedText? Note = null,
        IReadOnlyList<CitationRequest>? Citations = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Measure).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsName(300);
            RuleFor(r => r.Value).Needed().Must(v => v is null || Math.Abs(v.Value) <= 999_999_999_999_999).Or("invalid_amount",
                "Send a number of at most 15 digits.", "أرسل عددا لا يتجاوز 15 رقما.");
            RuleFor(r => r.Unit).Needed().IsName(40);
            RuleFor(r => r.UnitName).IsName(40);
            RuleFor(r => r.Qualifier).IsOneOf(Vocabulary.Qualifiers);
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.DatePrecision).IsOneOf(Vocabulary.DatePrecisions);
            RuleFor(r => r.FundId).IsSlug();
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.Note).IsText(20_000);
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    public override void Configure()
    {
        Post("/v1/indicators");
        Tells("Indicators", "Enter an indicator", "The value of a measure on a day.", Role.Editor,
            example: new Request(Measure: "people-returned", Name: new("People returned home", "العائدون إلى ديارهم"), Value: 1200, Unit: "people", UnitName: new("people", "شخص"), Date: new DateOnly(2026, 2, 1)));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<Indicator>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var row = await write.Sql.QueryFirstAsync<IndicatorRow>($"{IndicatorRow.Select(Reader)} WHERE i.id = @id", new { id });
        return new((await IndicatorRow.ShowAsync(write, [row], Reader))[0]);
    }

    /// <summary>Records it: for the API, and for whatever else brings indicators. Its id.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var faults = new Faults();
        await FindAsync(write, faults, request);
        faults.ThrowIfAny();

        var id = write.NewId();
        var version = await ChangeLog.AppendAsync(write, "created", "indicator", id, request, fundId: request.FundId);
        var no = await write.Sql.QueryFirstAsync<long>("""
            INSERT INTO indicator (no, id, measure, name_en, name_ar, value, unit, unit_name_en, unit_name_ar, qualifier, date, date_precision, fund_id, country, note_en, note_ar,
                recorded_at, recorded_by, version)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM indicator), @id, @Measure, @nameEn, @nameAr, @value, @Unit, @unitNameEn, @unitNameAr, @qualifier, @Date, @precision, @FundId, @Country,
                @noteEn, @noteAr, @At, @by, @version)
            RETURNING no
            """, new
        {
            id, request.Measure, nameEn = request.Name!.En, nameAr = request.Name.Ar,
            value = request.Value!.Value.ToString("0.############################", CultureInfo.InvariantCulture), request.Unit, unitNameEn = request.UnitName?.En, unitNameAr = request.UnitName?.Ar, qualifier = request.Qualifier ?? "exact",
            request.Date, precision = request.DatePrecision ?? "day", request.FundId, request.Country, noteEn = request.Note?.En, noteAr = request.Note?.Ar, write.At,
            by = write.By.Id, version,
        });
        await Citations.AddAsync(write, "indicator_no", no, request.Citations);
        return id;
    }

    /// <summary>What is wrong with one beyond its shape.</summary>
    private static async Task FindAsync(Session session, Faults faults, Request request)
    {
        var references = new References(session, faults);
        await references.FundAsync("/fundId", request.FundId);
        await references.CitationsAsync(request.Citations);
        Amounts.NotAfterTomorrow(faults, "/date", request.Date, session.At, precision: request.DatePrecision);
    }
}
