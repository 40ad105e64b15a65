using PledgeTracker.Funds;
using PledgeTracker.Indicators;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>One fund: what was promised to it, what came, what it says it needs and what it still lacks.</summary>
public sealed class FundPage : Pages<FundPage.Request>
{
    private const int MostDonors = 25;

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
        var fund = await AskAsync<Fund>(new GetFund.Request(request.Id) { AsOf = day, KnownAt = known });
        var model = new Model(fund)
        {
            Donors = await AskAsync<Summary>(new GetSummary.Request { Fund = only, GroupBy = ["donor"], Measures = ["ageing"], Instrument = request.Instrument, Sort = request.Sort, Limit = MostDonors, AsOf = day, KnownAt = known }),
            Promises = await AskAsync<Page<PledgeItem>>(new ListPledges.Request(Fund: only, Instrument: request.Instrument) { Limit = 500, Sort = day is null && known is null ? "-amountUsd" : null, AsOf = day, KnownAt = known }),
            Steps = await AskAsync<TimeSeries>(new GetTimeSeries.Request { Fund = only, Steps = true, Instrument = request.Instrument, KnownAt = known }),
            Shortfalls = await AskAsync<Page<Shortfall<string>>>(new ListShortfalls.Request(Fund: only) { AsOf = day, KnownAt = known }),
            Under = await AskAsync<Page<FundItem>>(new ListFunds.Request(Parent: only) { AsOf = day, KnownAt = known }),
            Indicators = await AskAsync<Page<Indicator>>(new ListIndicators.Request(Fund: only, To: edition.Day)),
            IsTable = request.View == "table",
        };
        var title = edition.Say(fund.Name);
        return new Shown(typeof(FundView), model, title, edition.Say(fund.Description) is { Length: > 0 } told ? told : title) { Part = "funds" };
    }

    /// <param name="Fund">Its figures are over all instruments, whatever the page is narrowed to.</param>
    public sealed record Model(Fund Fund)
    {
        public required Summary Donors { get; init; }
        public required Page<PledgeItem> Promises { get; init; }
        public required TimeSeries Steps { get; init; }
        public required Page<Shortfall<string>> Shortfalls { get; init; }
        public required Page<FundItem> Under { get; init; }
        public required Page<Indicator> Indicators { get; init; }
        public required bool IsTable { get; init; }
    }
}
