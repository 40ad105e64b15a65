namespace PledgeTracker.Events;

/// <summary>One pledging event.</summary>
public sealed class GetEvent : Reads<GetEvent.Request, Event<LocalizedText>>
{
    /// <param name="Id" example="kuwait-conference-2018">The event's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/events/{id}");
        Tells("Events", "One pledging event", "What was announced in all beside what the recorded pledges come to, now or as of a day. Its pledges: `/v1/pledges?event={id}`.", 404);
    }

    protected override async Task<Event<LocalizedText>> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        return (await FindAsync(view, request.Id, Reader, past) ?? throw await MissingAsync(view, request.Id)) with { Basis = basis };
    }

    internal static Task<Refused> MissingAsync(Session session, string id) => References.MissingAsync(session, "event", id, $"There is no event {id}.", $"لا توجد فعالية بالمعرف {id}.");

    /// <summary>An event as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Event<LocalizedText>?> FindAsync(Session session, string id, Reader reader, Past? past = null)
    {
        var row = await session.Sql.QueryFirstOrDefaultAsync<EventRow>($"{EventRow.Select(reader)} WHERE v.id = @id", new { id });
        return row is null ? null : (await EventRow.ShowAsync(session, [row], reader, LocalizedText.Of, past))[0];
    }
}
