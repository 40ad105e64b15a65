using PledgeTracker.Events;

namespace PledgeTracker.Site;

/// <summary>What was promised at an event and what came, as a picture for articles.</summary>
public sealed class DrawEvent : Pictures<DrawEvent.Request>
{
    /// <param name="Id" example="kuwait-conference-2018">The event's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure() => Draws("event", "Events", "A picture of an event's pledges");

    private protected override Task<string> WriteAsync(Request request, Edition edition) => DrawAsync<Event>(
        new("event", request.Id, edition.Address, request.AsOf, request.KnownAt), edition, held => (held.Name, held.Figures, held.ReportedTotal), (held, promises) => Story.OfEvent(edition, held, promises, ""));
}
