namespace PledgeTracker.Compat.Fts;

/// <summary>What came into a country, year by year: eleven years up to one.</summary>
public sealed class GetCountryTrends : FtsReads<GetCountryTrends.Request, IReadOnlyList<GetCountryTrends.YearTotal>>
{
    private const int Years = 11;

    /// <param name="Id">The country's number.</param>
    /// <param name="Year">The last of the years.</param>
    public sealed record Request(string Id, string Year) : FtsRequest;

    public sealed class Rules : FtsRules<Request>;

    public override void Configure() => Answers("What came into a country, by year", "/v2/country/{id}/summary/trends/{year}");

    protected override async Task<FtsAnswer<IReadOnlyList<YearTotal>>> ReadAsync(Request request, View view)
    {
        var country = (await Numbers.OfAsync(view)).PlaceOf(request.Id) ?? throw Refused.Missing("There is no place of this number.", "لا يوجد مكان بهذا الرقم.");
        var last = RouteYear.Of(request.Year);
        var years = Enumerable.Range(last - Years + 1, Years).ToList();
        var flows = await Flows.OfAsync(new("year", Countries: [country], Years: years), view);
        return Ok([.. years.Select(year => new YearTotal(year, FlowTotals.Of(flows.All.Where(flow => flow.Years is [var only] && only == year && flows.BoundaryOf(flow) == "incoming")).FundingTotal))]);
    }

    /// <param name="TotalFunding">In US dollars, without pledges and without what is shared.</param>
    public sealed record YearTotal(int Year, decimal TotalFunding);
}
