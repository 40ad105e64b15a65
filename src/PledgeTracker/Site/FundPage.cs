using PledgeTracker.Funds;
using PledgeTracker.Indicators;
using PledgeTracker.Shortfalls;

namespace PledgeTracker.Site;

/// <summary>One fund: what was promised to it, what came, what it says it needs and what it still lacks.</summary>
public sealed class FundPage : Pages<FundPage.Request>
{
    public sealed record Request(string Id) : SubjectRequest;

    public sealed class Rules : SubjectRules<Request>;

    public override void Configure() => Shows("/funds/{id}", "A fund");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var (day, known, only) = (request.AsOf, request.KnownAt, (string[])[request.Id]);
        var of = Subject.Of("fund", request.Id, edition.Address, request);
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
