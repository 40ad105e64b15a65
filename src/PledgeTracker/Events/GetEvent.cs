using PledgeTracker.Summaries;

namespace PledgeTracker.Events;

/// <summary>One pledging event.</summary>
public sealed class GetEvent : Reads<GetEvent.Request, Event>
{
    /// <param name="Id" example="kuwait-conference-2018">The event's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/events/{id}");
        Tells("Events", "One pledging event", "What was announced in all beside what the recorded pledges come to, now or as of a day. Its pledges: `/v1/pledges?event={id}`.", 404);
    }

    protected override async Task<Event> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        return (await FindAsync(view, request.Id, Reader, past) ?? throw await MissingAsync(view, request.Id)) with { Basis = basis };
    }

    internal static Task<Refused> MissingAsync(Session session, string id) => References.MissingAsync(session, "event", id, $"There is no event {id}.", $"لا توجد فعالية بالمعرف {id}.");

    /// <summary>An event as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Event?> FindAsync(Session session, string id, Reader reader, Past? past = null)
    {
        var row = await session.Sql.QueryFirstOrDefaultAsync<EventRow>($"{EventRow.Select(reader)} WHERE v.id = @id", new { id });
        if (row is null)
        {
            return null;
        }

        var shown = (await EventRow.ShowAsync(session, [row], reader, LocalizedText.Of, past))[0];
        var pledged = await PledgedAsync(session, row.Id, row.PrecededBy, reader, past ?? new Past(DateOnly.MaxValue, null));
        return new Event(shown,
            Summaries.Measures.NewMoneyShare((long)(shown.Figures.Pledged * Currency.MinorUnits("USD")), pledged.Where(p => p.EventId == row.Id && p.Restates).Sum(p => p.PledgedUsd)),
            row.PrecededBy is null ? null : ChangeOnRound.Of(PromisedAt(row.Id), PromisedAt(row.PrecededBy)));

        IEnumerable<(Ref, string, long)> PromisedAt(string round) => pledged.Where(p => p.EventId == round && !p.Restates).Select(p => (new Ref(p.DonorId, p.DonorName), p.Currency, p.PromisedMinor));
    }

    /// <summary>What each donor pledged at an event and at the one before it, pledge by pledge, those that restate earlier ones among them. What was entered by mistake is not there.</summary>
    private static async Task<List<PledgedRow>> PledgedAsync(Session session, string id, string? before, Reader reader, Past past) => (await session.Sql.QueryAsync<PledgedRow>($"""
        SELECT p.event_id, s.id AS donor_id, {reader.Text("s.name")} AS donor_name, e.currency, p.restates_no IS NOT NULL AS restates,
               CAST(sum(CASE WHEN e.kind = 'withdrawal' THEN -e.amount_minor ELSE e.amount_minor END) AS bigint) AS promised_minor,
               CAST(sum(CASE WHEN e.kind = 'withdrawal' THEN 0 ELSE e.usd_minor END) AS bigint) AS pledged_usd
        FROM {Posting.EntryTables} JOIN organization s ON s.id = coalesce(o.merged_into, o.id) JOIN pledge p ON p.no = e.pledge_no
        WHERE p.event_id IN (@id, @before) AND (p.counted = TRUE OR p.restates_no IS NOT NULL) AND e.kind IN ('pledge', 'revision', 'withdrawal') AND {Past.HasEntry}
        GROUP BY p.no, p.event_id, p.restates_no, s.id, s.name_en, s.name_ar, e.currency HAVING sum(CASE WHEN e.kind = 'pledge' THEN e.amount_minor ELSE 0 END) > 0
        """, past.WithEntries(new { id, before }))).AsList();

    private sealed record PledgedRow
    {
        public required string EventId { get; init; }
        public required string DonorId { get; init; }
        public string? DonorName { get; init; }
        public required string Currency { get; init; }
        public required bool Restates { get; init; }
        public required long PromisedMinor { get; init; }
        public required long PledgedUsd { get; init; }
    }
}
