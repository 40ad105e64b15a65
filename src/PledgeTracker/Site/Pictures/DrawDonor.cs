using PledgeTracker.Organizations;

namespace PledgeTracker.Site;

/// <summary>What a donor promised and what came, as a picture for articles.</summary>
public sealed class DrawDonor : Pictures<DrawDonor.Request>
{
    /// <param name="Id" example="usa">The donor's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Draws("donor", "Donors", "A picture of a donor's pledges");
        Metadata(new MayHaveMoved());
    }

    private protected override async Task<string> WriteAsync(Request request, Edition edition)
    {
        try
        {
            return await DrawAsync<Donor>(
                new("donor", request.Id, edition.Address, request.AsOf, request.KnownAt), edition, donor => (donor.Name, donor.Figures, null), (donor, promises) => Story.Of(edition, Texts.DonorPromised, donor.Figures, promises, ""));
        }
        catch (Moved survivor)
        {
            throw new Moved(survivor.Message + "/pipeline.svg");
        }
    }
}
