using PledgeTracker.Contributions;
using PledgeTracker.Donors;
using PledgeTracker.Events;
using PledgeTracker.Funds;
using PledgeTracker.Health;
using PledgeTracker.Http;
using PledgeTracker.Indicators;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Sources;

namespace PledgeTracker;

/// <summary>Every operation of the API, one class each: the table of contents.</summary>
internal static class Endpoints
{
    public static IEndpointRouteBuilder MapEndpoints(this IEndpointRouteBuilder routes) => routes
        .Map<ListPledges>()
        .Map<GetPledge>()
        .Map<GetPledgeLedger>()

        .Map<ListContributions>()
        .Map<GetContribution>()

        .Map<ListDonors>()
        .Map<GetDonor>()
        .Map<ListOrganizations>()
        .Map<GetOrganization>()

        .Map<ListFunds>()
        .Map<GetFund>()
        .Map<ListRequirements>()

        .Map<ListShortfalls>()
        .Map<GetShortfall>()

        .Map<ListEvents>()
        .Map<GetEvent>()

        .Map<ListSources>()
        .Map<GetSource>()

        .Map<ListIndicators>()

        .Map<CheckLiveness>()
        .Map<CheckReadiness>()
        .Map<GetVersion>();

    private static IEndpointRouteBuilder Map<TEndpoint>(this IEndpointRouteBuilder routes)
        where TEndpoint : IEndpoint
    {
        TEndpoint.Map(routes);
        return routes;
    }
}
