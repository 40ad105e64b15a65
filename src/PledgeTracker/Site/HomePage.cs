using PledgeTracker.Changes;
using PledgeTracker.Events;
using PledgeTracker.Funds;
using PledgeTracker.Meta;
using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>What stands, over all there is; or, with `q`, what is called so.</summary>
public sealed class HomePage : Pages<HomePage.Request>
{
    public sealed record Request : PageRequest
    {
        /// <summary>Words to search for.</summary>
        public string? Q { get; init; }
    }

    public sealed class Rules : PageRules<Request>
    {
        public Rules() => RuleFor(r => r.Q).IsSearch();
    }

    internal const int MostDonors = 8;
    internal const int MostListed = 6;
    internal const int MostChanges = 4;
    private const int MostGaps = 3;

    // How long all of it has been open is read from every entry: of more promises that takes longer than a page may, and events and funds show their own.
    private const int MostAged = 50_000;

    public override void Configure() => Shows("/", "The overview");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        if (request.Q is { } words)
        {
            return new Shown(typeof(SearchView), await SearchAsync(words, request), edition.Say(Texts.Search), edition.Say(Texts.Found, words));
        }

        var donors = await AskAsync<Summary>(new GetSummary.Request { GroupBy = ["donor"], Limit = MostDonors, AsOf = request.AsOf, KnownAt = request.KnownAt });
        return new Shown(typeof(HomeView), new Model
        {
            Meta = await AskAsync<MetaInfo>(new GetMeta.Request()),
            Donors = donors,
            Gaps = await AskAsync<Page<Shortfall<string>>>(new ListShortfalls.Request(Current: true) { AsOf = request.AsOf, KnownAt = request.KnownAt, Limit = MostGaps }),
            Events = await AskAsync<Page<Event<string>>>(new ListEvents.Request { AsOf = request.AsOf, KnownAt = request.KnownAt, Limit = MostListed }),
            Funds = await AskAsync<Page<FundItem>>(new ListFunds.Request { AsOf = request.AsOf, KnownAt = request.KnownAt, Sort = "-pledged", Limit = MostListed }),
            Aged = donors.Total.Pledges > MostAged ? null
                : await AskAsync<Summary>(new GetSummary.Request { Measures = ["ageing"], AsOf = request.AsOf, KnownAt = request.KnownAt }),
            // What was entered last is not of another day.
            Changes = edition.IsPast ? null : await AskAsync<Page<Change>>(new ListChanges.Request { Sort = "-sequence", Limit = MostChanges }),
        }, edition.Say(Texts.WhatWasPromised), edition.Say(Texts.Tagline))
        { Part = "overview" };
    }

    private async Task<SearchModel> SearchAsync(string words, Request request)
    {
        var found = await AskAsync<SearchResult>(new Search.Request(words));
        var organizations = found.Data.Where(group => group.Kind == "organization").SelectMany(group => group.Hits).Select(hit => hit.Id).ToList();
        // Not every organization gives: only those that do have a page.
        var donors = organizations.Count == 0 ? null
            : await AskAsync<Summary>(new GetSummary.Request { Donor = organizations, GroupBy = ["donor"], Limit = 500, AsOf = request.AsOf, KnownAt = request.KnownAt });
        return new(words, found, donors?.Rows.Select(row => row.Key).OfType<string>().ToHashSet() ?? []);
    }

    public sealed record Model
    {
        public required MetaInfo Meta { get; init; }
        public required Summary Donors { get; init; }
        public required Page<Shortfall<string>> Gaps { get; init; }
        public required Page<Event<string>> Events { get; init; }
        public required Page<FundItem> Funds { get; init; }
        public required Summary? Aged { get; init; }
        public required Page<Change>? Changes { get; init; }
    }

    /// <param name="Donors">Those of the organizations that have a page.</param>
    public sealed record SearchModel(string Sought, SearchResult Found, HashSet<string> Donors);
}
