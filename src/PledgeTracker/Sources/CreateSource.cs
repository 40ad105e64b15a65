namespace PledgeTracker.Sources;

/// <summary>Enters a source: a document that figures can rest on.</summary>
public sealed class CreateSource : Writes<CreateSource.Request, Source>
{
    /// <param name="Id">A readable id; it never changes.</param>
    /// <param name="Language">The document's own language, BCP 47.</param>
    /// <param name="DateQualifier">`approximate` where the document carries no exact date.</param>
    /// <param name="Reliability">`primary` for those who promise or receive, `secondary` for news of it.</param>
    public sealed record Request(
        string? Id = null, LocalizedText? Title = null, LocalizedText? Publisher = null, string? Url = null, string? Language = null,
        DateOnly? PublishedOn = null, string? DateQualifier = null, string? Reliability = null, LocalizedText? Note = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Id).Needed().IsSlug();
            RuleFor(r => r.Title).Needed().IsName(500);
            RuleFor(r => r.Publisher).IsName(300);
            RuleFor(r => r.Url).IsWebAddress();
            RuleFor(r => r.Language).Needed().IsLanguageTag();
            RuleFor(r => r.PublishedOn).Needed();
            RuleFor(r => r.DateQualifier).IsOneOf(["exact", "approximate"]);
            RuleFor(r => r.Reliability).Needed().IsOneOf(Vocabulary.Reliabilities);
            RuleFor(r => r.Note).IsText(20_000);
        }
    }

    public override void Configure()
    {
        Post("/v1/sources");
        Tells("Sources", "Enter a source", "A document that figures can rest on, for whoever is to cite it.", Role.Recorder,
            example: new Request("press-note-2026-03-01", new("Press note", "مذكرة صحفية"), Language: "ar", PublishedOn: new DateOnly(2026, 3, 1), Reliability: "primary"));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults)
    {
        Amounts.NotAfterTomorrow(faults, "/publishedOn", request.PublishedOn, session.At);
        return Task.CompletedTask;
    }

    protected override async Task<Made<Source>> WriteAsync(Request request, Write write)
    {
        var id = await RecordAsync(write, request);
        var shown = (await GetSource.FindAsync(write, id))!;
        return new(shown, $"/v1/sources/{id}", shown.Version);
    }

    /// <summary>Records it: for the API, and for whatever else brings sources. Its id.</summary>
    internal static async Task<string> RecordAsync(Write write, Request request)
    {
        var faults = new Faults();
        Amounts.NotAfterTomorrow(faults, "/publishedOn", request.PublishedOn, write.At);
        faults.ThrowIfAny();
        if (await write.Sql.QueryFirstOrDefaultAsync<string>("SELECT id FROM source WHERE id = @Id", new { request.Id }) is not null)
        {
            throw Refused.Conflict($"There is a source {request.Id} already.", $"يوجد مصدر بالمعرف {request.Id} من قبل.", $"/v1/sources/{request.Id}");
        }

        var version = await ChangeLog.AppendAsync(write, "created", "source", request.Id!, request);
        await write.Sql.ExecuteAsync("""
            INSERT INTO source (id, title_en, title_ar, publisher_en, publisher_ar, url, language, published_on, date_qualifier, reliability, note_en, note_ar,
                search, version)
            VALUES (@Id, @titleEn, @titleAr, @publisherEn, @publisherAr, @Url, @Language, @PublishedOn, @dateQualifier, @Reliability, @noteEn, @noteAr,
                '', @version)
            """, Columns(request, version));
        await Searched.FollowAsync(write, "source", request.Id!);
        return request.Id!;
    }

    /// <summary>A source as it is stored: for Dapper.</summary>
    internal static object Columns(Request request, long version) => new
    {
        request.Id, titleEn = request.Title!.En, titleAr = request.Title.Ar, publisherEn = request.Publisher?.En, publisherAr = request.Publisher?.Ar, request.Url,
        request.Language, request.PublishedOn, dateQualifier = request.DateQualifier ?? "exact", request.Reliability, noteEn = request.Note?.En, noteAr = request.Note?.Ar, version,
    };
}
