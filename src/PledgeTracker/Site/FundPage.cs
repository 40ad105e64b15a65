using PledgeTracker.Funds;
using PledgeTracker.Indicators;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>One fund: what was promised to it, what came, what it says it needs and what it still lacks.</summary>
public sealed class FundPage : Pages<FundPage.Request>
{
    public sealed record Request(string Id) : PageRequest
    {
        /// <summary>Only money of these instruments.</summary>
        public IReadOnlyList<string>? Instrument { get; init; }

        /// <summary>The order of the donors, as of `/v1/summary`.</summary>
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

    public override void Configure() => Shows("/funds/{id}", "A fund");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var (day, known, only) = (request.AsOf, request.KnownAt, (string[])[request.Id]);
        var of = new Subject("fund", request.Id, edition.Address, day, known) { Instrument = request.Instrument, Sort = request.Sort ?? "-pledged" };
        var fund = await AskAsync<Fund>(of.Itself);
        var model = new Model(of, fund)
        {
            Parts = await PartsAsync(of),
            Shortfalls = await AskAsync<Page<Shortfall<string>>>(new ListShortfalls.Request(Fund: only) { AsOf = day, KnownAt = known }),
            Under = await AskAsync<Page<FundItem>>(new ListFunds.Request(Parent: only) { AsOf = day, KnownAt = known }),
            Indicators = await AskAsync<Page<Indicator>>(new ListIndicators.Request(Fund: only, To: edition.Day)),
        };
        var title = edition.Say(fund.Name);
        return new Shown(typeof(FundView), model, title, edition.Say(fund.Description) is { Length: > 0 } told ? told : title) { Part = "funds" };
    }

    /// <param name="Fund">Its figures are over all instruments, whatever the page is narrowed to.</param>
    public sealed record Model(Subject Of, Fund Fund)
    {
        public required Parts Parts { get; init; }
        public required Page<Shortfall<string>> Shortfalls { get; init; }
        public required Page<FundItem> Under { get; init; }
        public required Page<Indicator> Indicators { get; init; }
    }
}
