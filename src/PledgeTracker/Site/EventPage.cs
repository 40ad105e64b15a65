using PledgeTracker.Events;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>One pledging event: what was promised there, how it aged, and what came.</summary>
public sealed class EventPage : Pages<EventPage.Request>
{
    public sealed record Request(string Id) : PageRequest
    {
        /// <summary>Only promises of these instruments.</summary>
        public IReadOnlyList<string>? Instrument { get; init; }

        /// <summary>The order of the donors.</summary>
        public string? Sort { get; init; }
    }

    public sealed class Rules : PageRules<Request>
    {
        public Rules()
        {
            this.ForAnyOf(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.Sort).IsOneOf(GetSummary.Rules.Orders);
        }
    }

    public override void Configure() => Shows("/events/{id}", "A pledging event");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var of = new Subject("event", request.Id, edition.Address, request.AsOf, request.KnownAt) { Instrument = request.Instrument, Sort = request.Sort ?? "-pledged" };
        var held = await AskAsync<Event>(of.Itself);
        var (donors, pledges) = await DonorsAsync(of);
        var (series, stepsApi) = await SeriesAsync(of);
        var (funds, gaps) = await GapsAsync(of);
        var title = edition.Say(held.Name);
        return new Shown(typeof(EventView), new Model
        {
            Of = of,
            Event = held,
            Promises = (await AskAsync<Summary>(of.Promised)).Total.Pledges,
            Instruments = await AskAsync<Summary>(of.Instruments),
            Donors = donors,
            Pledges = pledges,
            Series = series,
            StepsApi = stepsApi,
            Ageing = (await AskAsync<Summary>(of.Ageing)).Total.Measures.Ageing!,
            Funds = funds,
            Gaps = gaps,
        }, title, title) { Part = "events" };
    }

    public sealed record Model
    {
        public required Subject Of { get; init; }
        public required Event Event { get; init; }

        /// <summary>How many there are, of all instruments.</summary>
        public required int Promises { get; init; }

        /// <summary>Of all instruments, by instrument.</summary>
        public required Summary Instruments { get; init; }

        public required Summary Donors { get; init; }

        /// <summary>Those of the donors shown; of very many the largest.</summary>
        public required Page<PledgeItem> Pledges { get; init; }

        public required TimeSeries Series { get; init; }
        public required string StepsApi { get; init; }
        public required Ageing Ageing { get; init; }

        /// <summary>Those that it pledged to.</summary>
        public required IReadOnlyList<string> Funds { get; init; }

        /// <summary>One more than are shown, where there are more.</summary>
        public required IReadOnlyList<Shortfall<string>> Gaps { get; init; }
    }
}
