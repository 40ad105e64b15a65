namespace PledgeTracker.Events;

/// <summary>Enters a pledging event: the conference or meeting where pledges were announced.</summary>
public sealed class CreateEvent : Writes<CreateEvent.Request, Event>
{
    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Country">ISO 3166-1 alpha-3.</param>
    /// <param name="PrecededBy">The id of the event that was the earlier round of the same conference, begun no later.</param>
    /// <param name="ReportedTotal">What was announced as the event's total, itemised or not.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Name = null, DateOnly? StartsOn = null, DateOnly? EndsOn = null, LocalizedText? Place = null, string? Country = null,
        LocalizedText? Description = null, ReportedTotalRequest? ReportedTotal = null, string? PrecededBy = null, IReadOnlyList<CitationRequest>? Citations = null);

    public sealed record ReportedTotalRequest(decimal? Amount = null, string? Currency = null, string? Qualifier = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Name).Needed().IsName(300);
            RuleFor(r => r.StartsOn).Needed();
            RuleFor(r => r.EndsOn).Must((r, end) => end is null || end >= r.StartsOn).Or("date_out_of_range",
                "Send a day on or after startsOn.", "أرسل يوما لا يسبق startsOn.");
            RuleFor(r => r.Place).IsName(300);
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.Description).IsText(20_000);
            RuleFor(r => r.ReportedTotal).SetValidator(new ReportedTotalRules()!);
            RuleFor(r => r.PrecededBy).IsSlug();
            RuleFor(r => r.Citations).HasAtMost(50);
            RuleForEach(r => r.Citations).SetValidator(new CitationRules());
        }
    }

    internal sealed class ReportedTotalRules : AbstractValidator<ReportedTotalRequest>
    {
        public ReportedTotalRules()
        {
            RuleFor(t => t.Amount).Needed().IsPositive();
            RuleFor(t => t.Amount).IsOf(t => t.Currency);
            RuleFor(t => t.Currency).Needed().IsCurrency();
            RuleFor(t => t.Qualifier).IsOneOf(Vocabulary.Qualifiers);
        }
    }

    public override void Configure()
    {
        Post("/v1/events");
        Tells("Events", "Enter a pledging event", "The conference or meeting where pledges were announced.", Role.Editor,
            example: new Request("donors-meeting-2026", new("Donors' meeting", "اجتماع المانحين"), StartsOn: new DateOnly(2026, 3, 1)));
    }

    protected override async Task CheckAsync(Request request, Session session, Faults faults)
    {
        await new References(session, faults).CitationsAsync(request.Citations);
        await FindAsync(session, faults, request);
    }

    protected override async Task<Made<Event>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var shown = (await GetEvent.FindAsync(write, id, Reader))!;
        return new(shown, $"/v1/events/{id}", shown.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings events. Its id.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var faults = new Faults();
        await new References(write, faults).CitationsAsync(request.Citations);
        await FindAsync(write, faults, request);
        faults.ThrowIfAny();
        if (await write.Sql.QueryFirstOrDefaultAsync<string>("SELECT id FROM event WHERE id = @Id", new { request.Id }) is not null)
        {
            throw Refused.Conflict($"There is an event {request.Id} already.", $"توجد فعالية بالمعرف {request.Id} من قبل.", $"/v1/events/{request.Id}");
        }

        var version = await ChangeLog.AppendAsync(write, "created", "event", request.Id!, request);
        await write.Sql.ExecuteAsync("""
            INSERT INTO event (id, name_en, name_ar, starts_on, ends_on, place_en, place_ar, country, description_en, description_ar,
                reported_minor, reported_currency, reported_qualifier, preceded_by, search, version)
            VALUES (@Id, @nameEn, @nameAr, @StartsOn, @EndsOn, @placeEn, @placeAr, @Country, @descriptionEn, @descriptionAr,
                @reported, @reportedCurrency, @reportedQualifier, @PrecededBy, '', @version)
            """, Columns(request, version));
        await Searched.FollowAsync(write, "event", request.Id!);
        await Citations.AddAsync(write, "event_id", request.Id!, request.Citations);
        return request.Id!;
    }

    /// <summary>What is wrong with an event beyond its shape; its citations are looked at where they are taken.</summary>
    internal static async Task FindAsync(Session session, Faults faults, Request request)
    {
        await new References(session, faults).EventAsync("/precededBy", request.PrecededBy);
        Amounts.NotFarAhead(faults, "/startsOn", request.StartsOn, session.At);
        Amounts.NotFarAhead(faults, "/endsOn", request.EndsOn, session.At);
        if (request.PrecededBy is not null && !faults.Found.Any(f => f.Pointer == "/precededBy") && await session.Sql.QueryFirstOrDefaultAsync<DateOnly?>("SELECT starts_on FROM event WHERE id = @PrecededBy", new { request.PrecededBy }) is { } before
            && before > request.StartsOn)
        {
            faults.Add("/precededBy", "date_out_of_range", $"{request.PrecededBy} began on {before:yyyy-MM-dd}, after this event: send an earlier round.",
                $"بدأت {request.PrecededBy} في {before:yyyy-MM-dd} أي بعد هذه الفعالية: أرسل جولة سابقة.");
        }

        if (await session.Sql.QueryFirstOrDefaultAsync<DateOnly?>("SELECT min(starts_on) FROM event WHERE preceded_by = @Id", new { request.Id }) is { } after && after < request.StartsOn)
        {
            faults.Add("/startsOn", "date_out_of_range", $"The round that this event preceded began on {after:yyyy-MM-dd}: send that day or an earlier one.",
                $"بدأت الجولة التي سبقتها هذه الفعالية في {after:yyyy-MM-dd}: أرسل ذلك اليوم أو يوما قبله.");
        }
    }

    /// <summary>An event as it is stored: for Dapper.</summary>
    internal static object Columns(Request request, long version) => new
    {
        request.Id, nameEn = request.Name!.En, nameAr = request.Name.Ar, request.StartsOn, request.EndsOn, placeEn = request.Place?.En, placeAr = request.Place?.Ar,
        request.Country, descriptionEn = request.Description?.En, descriptionAr = request.Description?.Ar,
        reported = request.ReportedTotal is { } total ? Currency.Minor(total.Amount!.Value, total.Currency!) : null, reportedCurrency = request.ReportedTotal?.Currency,
        reportedQualifier = request.ReportedTotal is null ? null : request.ReportedTotal.Qualifier ?? "exact", request.PrecededBy, version,
    };
}
