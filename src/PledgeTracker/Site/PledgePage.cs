using PledgeTracker.Changes;
using PledgeTracker.Pledges;

namespace PledgeTracker.Site;

/// <summary>One promise, or what was given without one: its ledger as a story.</summary>
public sealed class PledgePage : Pages<PledgePage.Request>
{
    public sealed record Request(string Id) : PageRequest;

    public sealed class Rules : PageRules<Request>;

    private const int MostEntries = 500;

    public override void Configure() => Shows("/pledges/{id}", "A pledge");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var pledge = await AskAsync<Pledge>(new GetPledge.Request(request.Id) { AsOf = request.AsOf, KnownAt = request.KnownAt });
        var ledger = await AskAsync<Page<LedgerEntry>>(new GetPledgeLedger.Request(request.Id) { Limit = MostEntries });
        var history = (await AskAsync<Page<Change>>(new GetPledgeHistory.Request(request.Id) { Limit = MostEntries })).Data;
        var donors = edition.Say(Sentence.Joined([.. pledge.Donors.Select(donor => new LocalizedText(donor.Name ?? donor.Id, donor.Name ?? donor.Id))]));
        var title = edition.Say(pledge.Origin == "direct" ? Texts.TitleOfDirect : Texts.TitleOfPledge, donors, edition.Date(pledge.AnnouncedOn, pledge.DatePrecision));
        return new Shown(typeof(PledgeView), new Model
        {
            Pledge = pledge,
            Title = title,
            Entries = [.. ledger.Data.Select((entry, at) => (Entry: entry, At: at)).Where(told => told.Entry.CountsFrom <= edition.Day && IsKnown(told.Entry, pledge.Basis?.KnownAt, history))],
            All = ledger.Data.Count,
            HasMore = ledger.Next is not null,
            History = history,
            Others = await OthersAsync([pledge.Restates, pledge.PassedOnFrom, pledge.Reclassifies]),
        }, title, edition.Say(pledge.Description) is { Length: > 0 } description ? description : title);
    }

    // Of what was recorded at one moment, its change says whether it was before or after.
    private static bool IsKnown(LedgerEntry entry, KnownAt? known, IReadOnlyList<Change> history) => known is null || entry.RecordedAt < known.At
        || (entry.RecordedAt == known.At && !history.Any(change => change.Sequence > known.Sequence
            && (entry.Reverses is { } wrong ? change.Action == "reversed" && (change.EntityId == wrong || change.EntityId == entry.Id) : change.Action is "created" or "revised" or "withdrawn" && change.EntityId == entry.Id)));

    // Those that it names, as they stand now.
    private async Task<Dictionary<string, Pledge>> OthersAsync(IEnumerable<string?> ids)
    {
        var others = new Dictionary<string, Pledge>();
        foreach (var id in ids.OfType<string>().Distinct())
        {
            others.Add(id, await AskAsync<Pledge>(new GetPledge.Request(id)));
        }

        return others;
    }

    public sealed record Model
    {
        public required Pledge Pledge { get; init; }
        public required string Title { get; init; }

        /// <summary>What counted by the day and was known, each with its place in the whole ledger.</summary>
        public required IReadOnlyList<(LedgerEntry Entry, int At)> Entries { get; init; }

        public required int All { get; init; }

        /// <summary>Whether there are more entries than a page shows.</summary>
        public required bool HasMore { get; init; }

        public required IReadOnlyList<Change> History { get; init; }

        /// <summary>The pledges that this one names, by their ids.</summary>
        public required IReadOnlyDictionary<string, Pledge> Others { get; init; }
    }
}
