using System.Globalization;
using PledgeTracker.Events;
using PledgeTracker.Funds;
using PledgeTracker.Organizations;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Site.Components;
using PledgeTracker.Summaries;

namespace PledgeTracker.Site;

/// <summary>What a page may be asked that shows a <see cref="Subject"/> in parts.</summary>
public abstract record SubjectRequest : PageRequest
{
    /// <summary>Only money of these instruments.</summary>
    public IReadOnlyList<string>? Instrument { get; init; }

    /// <summary>The order of the donors, as of `/v1/summary`; `-pledged` where it is left out.</summary>
    public string? Sort { get; init; }
}

/// <summary>The rules of that.</summary>
public abstract class SubjectRules<TRequest> : PageRules<TRequest>
    where TRequest : SubjectRequest
{
    protected SubjectRules()
    {
        this.ForAnyOf(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
        RuleFor(r => r.Sort).IsOneOf(GetSummary.Rules.Orders);
    }
}

/// <summary>
/// Whose money a part of a page shows: an event's, a fund's or a donor's. What the parts ask of the API stands here, each request beside the address at which anybody can ask the same.
/// </summary>
/// <param name="Kind">`event`, `fund` or `donor`, as the API's filters are called.</param>
/// <param name="AsOf">The day of the page; null for today.</param>
public sealed record Subject(string Kind, string Id, Address Address, DateOnly? AsOf, string? KnownAt)
{
    /// <summary>Only money of these.</summary>
    public IReadOnlyList<string>? Instrument { get; init; }

    /// <summary>The order of donors.</summary>
    public string Sort { get; init; } = "-pledged";

    /// <summary>As a request narrows and orders it.</summary>
    internal static Subject Of(string kind, string id, Address address, SubjectRequest request) =>
        new(kind, id, address, request.AsOf, request.KnownAt) { Instrument = request.Instrument, Sort = request.Sort ?? "-pledged" };

    /// <summary>Its page.</summary>
    public string Page => $"/{Kind}s/{Id}";

    /// <summary>What the API answers with its figures.</summary>
    public string Api => Address.Api("/v1" + Page);

    public string Svg => Address.Api($"/v1{Page}/pipeline.svg");

    /// <summary>A part of its page alone.</summary>
    public string Embed(string block) => Address.To($"/embed/{block}", (Kind, Id), ("instrument", Filter), ("sort", block == "donors" ? Address["sort"] : null));

    internal ReadRequest Itself => Kind switch
    {
        "event" => new GetEvent.Request(Id) { AsOf = AsOf, KnownAt = KnownAt },
        "fund" => new GetFund.Request(Id) { AsOf = AsOf, KnownAt = KnownAt },
        _ => new GetDonor.Request(Id) { AsOf = AsOf, KnownAt = KnownAt },
    };

    // How many promises there are.
    internal GetSummary.Request Promised => All with { Origin = "announced" };

    public string PromisedApi => Address.Api("/v1/summary", (Kind, Id), ("origin", "announced"));

    internal GetSummary.Request Instruments => All with { GroupBy = ["instrument"] };

    public string InstrumentsApi => Address.Api("/v1/summary", (Kind, Id), ("groupBy", "instrument"));

    internal GetSummary.Request Donors => All with { Instrument = Instrument, GroupBy = ["donor"], Sort = Sort, Limit = DonorTable.MostDonors };

    public string DonorsApi => Address.Api("/v1/summary", (Kind, Id), ("instrument", Filter), ("groupBy", "donor"), ("sort", Sort), ("limit", DonorTable.MostDonors.ToString(CultureInfo.InvariantCulture)));

    public string DonorsCsv => Address.Api("/v1/summary.csv", (Kind, Id), ("instrument", Filter), ("groupBy", "donor"), ("sort", Sort));

    // As of a day they go by date.
    internal ListPledges.Request Pledges(IReadOnlyList<string> donors) =>
        new(Donor: donors, Event: Only("event"), Fund: Only("fund"), Instrument: Instrument) { AsOf = AsOf, KnownAt = KnownAt, Sort = AsOf is null && KnownAt is null ? "-amountUsd" : "-announcedOn", Limit = 500 };

    public string PledgesCsv(string? donor = null) => Address.Api("/v1/pledges.csv", (Kind, Id), ("donor", donor ?? (Kind == "donor" ? Id : null)), ("instrument", Filter));

    internal GetSummary.Request Ageing => All with { Instrument = Instrument, Measures = ["ageing"] };

    public string AgeingApi => Address.Api("/v1/summary", (Kind, Id), ("instrument", Filter), ("measures", "ageing"));

    public string AgeingCsv => Address.Api("/v1/summary.csv", (Kind, Id), ("instrument", Filter), ("measures", "ageing"));

    // The steps run to today, whatever day is looked at.
    internal GetTimeSeries.Request Steps => new() { Event = Only("event"), Fund = Only("fund"), Donor = Only("donor"), Instrument = Instrument, KnownAt = KnownAt, Steps = true };

    public string StepsApi => Address.Api("/v1/time-series", (Kind, Id), ("instrument", Filter), ("asOf", null), ("steps", "true"));

    public string StepsCsv => Address.Api("/v1/time-series.csv", (Kind, Id), ("instrument", Filter), ("asOf", null), ("steps", "true"));

    internal GetTimeSeries.Request Quarters => Steps with { Steps = null, Interval = "quarter", Cumulative = true };

    public string QuartersApi => Address.Api("/v1/time-series", (Kind, Id), ("instrument", Filter), ("asOf", null), ("interval", "quarter"), ("cumulative", "true"));

    // The funds that it is about, as many as a list takes.
    internal GetSummary.Request Funds => All with { GroupBy = ["fund"], Limit = 50 };

    internal ListShortfalls.Request Gaps(IReadOnlyList<string> funds, int most) => new(Fund: funds, Current: true) { AsOf = AsOf, KnownAt = KnownAt, Limit = most };

    public string GapsApi(IReadOnlyList<string> funds) => Address.Api("/v1/shortfalls", ("fund", string.Join(',', funds)), ("current", "true"));

    public string GapsCsv(IReadOnlyList<string> funds) => Address.Api("/v1/shortfalls.csv", ("fund", string.Join(',', funds)), ("current", "true"));

    internal GetSummary.Request All => new() { Event = Only("event"), Fund = Only("fund"), Donor = Only("donor"), AsOf = AsOf, KnownAt = KnownAt };

    private string? Filter => Instrument is null ? null : string.Join(',', Instrument);

    private List<string>? Only(string kind) => Kind == kind ? [Id] : null;
}

/// <summary>What was promised at an event or to a fund, by whom, and how it went.</summary>
public sealed record Parts
{
    /// <summary>Of more promises, what is read entry by entry takes longer than a page may: then there are the sums and the donors, and the API has the rest.</summary>
    internal const int MostDrawn = 5_000;

    /// <summary>How many there are, of all instruments.</summary>
    public required int Promises { get; init; }

    /// <summary>Of all instruments, by instrument.</summary>
    public required Summary Instruments { get; init; }

    public required Summary Donors { get; init; }

    /// <summary>Those of the donors shown; of very many the largest.</summary>
    public Page<PledgeItem>? Pledges { get; init; }

    public TimeSeries? Series { get; init; }

    public string? StepsApi { get; init; }

    public Ageing? Ageing { get; init; }
}
