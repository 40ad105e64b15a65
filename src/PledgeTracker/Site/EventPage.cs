using PledgeTracker.Events;
using PledgeTracker.Pledges;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>One pledging event: what was promised there, how it aged, and what came.</summary>
public sealed class EventPage : Pages<EventPage.Request>
{
    public sealed record Request(string Id) : PageRequest
    {
        /// <summary>Only promises of these instruments.</summary>
        public IReadOnlyList<string>? Instrument { get; init; }
    }

    public sealed class Rules : PageRules<Request>
    {
        public Rules() => this.ForAnyOf(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
    }

    public override void Configure() => Shows("/events/{id}", "A pledging event");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var held = await AskAsync<Event>(new GetEvent.Request(request.Id) { AsOf = request.AsOf, KnownAt = request.KnownAt });
        var donors = await AskAsync<Summary>(new GetSummary.Request { Event = [request.Id], GroupBy = ["donor"], AsOf = request.AsOf, KnownAt = request.KnownAt, Instrument = request.Instrument });
        var title = edition.Say(held.Name);
        return new Shown(typeof(EventView), new Model(held, donors), title, title) { Part = "events" };
    }

    public sealed record Model(Event Event, Summary Donors);
}
