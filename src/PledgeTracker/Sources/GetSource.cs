namespace PledgeTracker.Sources;

/// <summary>One source, and what cites it.</summary>
public sealed class GetSource : Reads<GetSource.Request, Source>
{
    /// <param name="Id" example="state-note-2018-06-26">The source's id.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/sources/{id}");
        Tells("Sources", "One source", "The document, and the figures that rest on it with the words they rest on: the first 500.", 404);
    }

    protected override async Task<Source> ReadAsync(Request request, View view) => await FindAsync(view, request.Id) ?? throw await MissingAsync(view, request.Id);

    internal static Task<Refused> MissingAsync(Session session, string id) => References.MissingAsync(session, "source", id, $"There is no source {id}.", $"لا يوجد مصدر بالمعرف {id}.");

    /// <summary>A source as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Source?> FindAsync(Session session, string id)
    {
        if (await session.Sql.QueryFirstOrDefaultAsync<SourceRow>($"{SourceRow.Select} WHERE s.id = @id", new { id }) is not { } row)
        {
            return null;
        }

        var citing = await session.Sql.QueryAsync<CitingRow>("""
            SELECT c.quote, p.id AS pledge_id, e.id AS entry_id, ep.id AS entry_pledge_id, e.kind AS entry_kind, t.id AS shortfall_id,
                   q.id AS requirement_id, q.fund_id AS requirement_fund_id, i.id AS indicator_id, i.measure AS indicator_measure, c.event_id
            FROM citation c LEFT JOIN pledge p ON p.no = c.pledge_no LEFT JOIN ledger_entry e ON e.no = c.entry_no LEFT JOIN pledge ep ON ep.no = e.pledge_no
            LEFT JOIN shortfall t ON t.no = c.shortfall_no LEFT JOIN requirement q ON q.no = c.requirement_no LEFT JOIN indicator i ON i.no = c.indicator_no
            WHERE c.source_id = @id ORDER BY c.no LIMIT 500
            """, new { id });
        return new Source
        {
            Id = row.Id,
            Title = new(row.TitleEn, row.TitleAr),
            Publisher = LocalizedText.Of(row.PublisherEn, row.PublisherAr),
            Url = row.Url,
            Language = row.Language,
            PublishedOn = row.PublishedOn,
            DateQualifier = row.DateQualifier,
            Reliability = row.Reliability,
            Note = LocalizedText.Of(row.NoteEn, row.NoteAr),
            CitedBy = [.. citing.Select(c => c.ToCitedBy())],
            Redacted = row.Redacted,
            Version = row.Version,
        };
    }

    private sealed record CitingRow
    {
        public string? Quote { get; init; }
        public string? PledgeId { get; init; }
        public string? EntryId { get; init; }
        public string? EntryPledgeId { get; init; }
        public string? EntryKind { get; init; }
        public string? ShortfallId { get; init; }
        public string? RequirementId { get; init; }
        public string? RequirementFundId { get; init; }
        public string? IndicatorId { get; init; }
        public string? IndicatorMeasure { get; init; }
        public string? EventId { get; init; }

        public CitedBy ToCitedBy()
        {
            var (kind, id, url) = this switch
            {
                { PledgeId: { } pledge } => ("pledge", pledge, $"/v1/pledges/{pledge}"),
                { EntryId: { } entry, EntryKind: "commitment" or "payment" } => ("entry", entry, $"/v1/contributions/{entry}"),
                { EntryId: { } entry } => ("entry", entry, $"/v1/pledges/{EntryPledgeId}/ledger"),
                { ShortfallId: { } shortfall } => ("shortfall", shortfall, $"/v1/shortfalls/{shortfall}"),
                { RequirementId: { } requirement } => ("requirement", requirement, $"/v1/requirements?fund={RequirementFundId}"),
                { IndicatorId: { } indicator } => ("indicator", indicator, $"/v1/indicators?measure={IndicatorMeasure}"),
                _ => ("event", EventId!, $"/v1/events/{EventId}"),
            };
            return new CitedBy { Kind = kind, Id = id, Url = url, Quote = Quote };
        }
    }
}
