using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>What stands, over all there is.</summary>
public sealed class HomePage : Pages<HomePage.Request>
{
    public sealed record Request : PageRequest;

    public sealed class Rules : PageRules<Request>;

    public override void Configure() => Shows("/", "The overview");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var all = await AskAsync<Summary>(new GetSummary.Request { AsOf = request.AsOf, KnownAt = request.KnownAt });
        return new Shown(typeof(HomeView), new Model(all), edition.Say(Texts.Tagline), edition.Say(Texts.Tagline)) { Part = "overview" };
    }

    public sealed record Model(Summary All);
}
