using PledgeTracker.Funds;

namespace PledgeTracker.Site;

/// <summary>What was promised to a fund and what came, as a picture for articles.</summary>
public sealed class DrawFund : Pictures<DrawFund.Request>
{
    /// <param name="Id" example="ne-syria-stabilization">The fund's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure() => Draws("fund", "Funds", "A picture of a fund's pledges");

    private protected override Task<string> WriteAsync(Request request, Edition edition) => DrawAsync<Fund>(
        new("fund", request.Id, edition.Address, request.AsOf, request.KnownAt), edition, fund => (fund.Name, fund.Figures, null), (fund, promises) => Story.Of(edition, Texts.FundPromised, fund.Figures, promises, ""));
}
