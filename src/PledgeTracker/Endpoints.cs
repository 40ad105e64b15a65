using PledgeTracker.Changes;
using PledgeTracker.Contributions;
using PledgeTracker.Donors;
using PledgeTracker.Entries;
using PledgeTracker.Events;
using PledgeTracker.ExchangeRates;
using PledgeTracker.Funds;
using PledgeTracker.Health;
using PledgeTracker.Http;
using PledgeTracker.Indicators;
using PledgeTracker.Keys;
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
        .Map<GetPledgeHistory>()
        .Map<RecordPledge>()
        .Map<AmendPledge>()
        .Map<RevisePledge>()
        .Map<WithdrawPledge>()
        .Map<ReclassifyPledge>()

        .Map<ListContributions>()
        .Map<GetContribution>()
        .Map<RecordContribution>()
        .Map<ConfirmContribution>()
        .Map<VerifyContribution>()

        .Map<ReverseEntry>()
        .Map<AddCitations>()

        .Map<ListDonors>()
        .Map<GetDonor>()
        .Map<ListOrganizations>()
        .Map<GetOrganization>()
        .Map<CreateOrganization>()
        .Map<AmendOrganization>()
        .Map<MergeOrganization>()

        .Map<ListFunds>()
        .Map<GetFund>()
        .Map<CreateFund>()
        .Map<AmendFund>()
        .Map<ListRequirements>()
        .Map<StateRequirement>()

        .Map<ListShortfalls>()
        .Map<GetShortfall>()
        .Map<ReportShortfall>()

        .Map<ListEvents>()
        .Map<GetEvent>()
        .Map<CreateEvent>()
        .Map<AmendEvent>()

        .Map<ListSources>()
        .Map<GetSource>()
        .Map<CreateSource>()
        .Map<AmendSource>()

        .Map<ListIndicators>()
        .Map<RecordIndicator>()

        .Map<ListExchangeRates>()
        .Map<RecordExchangeRate>()

        .Map<ListChanges>()
        .Map<StreamChanges>()
        .Map<VerifyChanges>()

        .Map<ListKeys>()
        .Map<CreateKey>()
        .Map<RevokeKey>()

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
