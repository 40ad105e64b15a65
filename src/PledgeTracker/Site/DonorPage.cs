using PledgeTracker.Organizations;
using PledgeTracker.Pledges;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>One donor: what it promised, and what became of it.</summary>
public sealed class DonorPage : Pages<DonorPage.Request>
{
    public sealed record Request(string Id) : PageRequest;

    public sealed class Rules : PageRules<Request>;

    internal const int MostPledges = 25;
    internal const int MostDirect = 10;

    // Of another day promises are walked by date.
    internal const string Largest = "-amountUsd";

    public override void Configure() => Shows("/donors/{id}", "A donor");

    protected override async Task<Shown> ShowAsync(Request request, Edition edition)
    {
        var (id, asOf, knownAt) = (request.Id, request.AsOf, request.KnownAt);
        var donor = await AskDonorAsync(request);
        var of = new Subject("donor", id, edition.Address, asOf, knownAt);
        var isLarge = await IsLargeAsync(of);
        var title = edition.Say(donor.Name);
        return new Shown(typeof(DonorView), new Model
        {
            Of = of,
            Donor = donor,
            Record = isLarge ? null : await AskAsync<DonorRecord>(new GetDonorRecord.Request(id) { AsOf = asOf, KnownAt = knownAt }),
            Years = isLarge ? null : await AskAsync<Summary>(new GetSummary.Request { Donor = [id], GroupBy = ["year"], AsOf = asOf, KnownAt = knownAt }),
            Pledges = await AskAsync<Page<PledgeItem>>(new ListPledges.Request(Donor: [id]) { AsOf = asOf, KnownAt = knownAt, Limit = MostPledges, Sort = edition.IsPast ? null : Largest }),
            Direct = await AskAsync<Page<PledgeItem>>(new ListPledges.Request(Donor: [id], Origin: "direct") { AsOf = asOf, KnownAt = knownAt, Limit = MostDirect }),
        }, title, title)
        { Part = "donors" };
    }

    // Who was merged into another has that one's page.
    private async Task<Donor> AskDonorAsync(Request request)
    {
        try
        {
            return await AskAsync<Donor>(new GetDonor.Request(request.Id) { AsOf = request.AsOf, KnownAt = request.KnownAt });
        }
        catch (Moved moved)
        {
            throw new Moved(moved.Message["/v1".Length..]);
        }
    }

    public sealed record Model
    {
        public required Subject Of { get; init; }
        public required Donor Donor { get; init; }
        public required DonorRecord? Record { get; init; }
        public required Summary? Years { get; init; }
        public required Page<PledgeItem> Pledges { get; init; }
        public required Page<PledgeItem> Direct { get; init; }
    }
}
