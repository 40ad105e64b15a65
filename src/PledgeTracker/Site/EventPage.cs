using PledgeTracker.Events;
using PledgeTracker.Shortfalls;

namespace PledgeTracker.Site;

/// <summary>One pledging event: what was promised there, how it aged, and what came.</summary>
public sealed class EventPage : Pages<EventPage.Request>
{
    public sealed record Request(string Id) : SubjectRequest;

    public sealed class Rules : SubjectRules<Request>;

    public override void Configure() => Shows("/events/{id}", "A pledging event");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var of = Subject.Of("event", request.Id, edition.Address, request);
        var held = await AskAsync<Event>(of.Itself);
        var (funds, gaps) = await GapsAsync(of);
        var title = edition.Say(held.Name);
        return new Shown(typeof(EventView), new Model { Of = of, Event = held, Parts = await PartsAsync(of), Funds = funds, Gaps = gaps }, title, title) { Part = "events" };
    }

    public sealed record Model
    {
        public required Subject Of { get; init; }
        public required Event Event { get; init; }
        public required Parts Parts { get; init; }

        /// <summary>Those that it pledged to.</summary>
        public required IReadOnlyList<string> Funds { get; init; }

        /// <summary>One more than are shown, where there are more.</summary>
        public required IReadOnlyList<Shortfall<string>> Gaps { get; init; }
    }
}
