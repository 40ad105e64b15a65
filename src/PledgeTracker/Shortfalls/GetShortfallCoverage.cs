namespace PledgeTracker.Shortfalls;

/// <summary>How the gap of a shortfall closed, day by day, as money arrived.</summary>
public sealed class GetShortfallCoverage : Reads<GetShortfallCoverage.Request, CoverageOverTime>
{
    /// <param name="Id" example="019b76da-a800-8e6f-beac-e0365b2a8d65">The id of the statement, or of the requirement.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/shortfalls/{id}/coverage");
        Tells("Shortfalls", "The coverage of a shortfall, day by day", "What had come in against a shortfall by the end of each day on which that changed: first on the day on which it was stated, last as " +
            "`/v1/shortfalls/{id}` shows it. Of each day it is what was there then: money that was taken back later had come in before. Money counts from its date, or from the day on which " +
            "it was recorded where that was earlier.", 404);
    }

    protected override async Task<CoverageOverTime> ReadAsync(Request request, View view)
    {
        var past = await Past.OfAsync(request, view, Reader);
        var (ofFund, own) = await GetShortfall.StatedAsync(view, request.Id, past);
        var row = (await ShortfallRow.ThenAsync(view, [own], Reader))[0];
        List<(Past.EntryThen First, List<Entry> Entries)> money = [];
        await foreach (var header in past.HeadersAsync(view, "p.fund_id = @FundId", new { row.FundId }))
        {
            money.Add(header);
        }

        var isReported = row.Basis == "reported";
        List<CoverageDay> days = [];
        foreach (var (on, sum) in Gauge.DaysOf(row.No, isReported, ofFund.ConvertAll(s => s.Statement), money))
        {
            var covered = CoverageDay.Of(on, sum, isReported, row.UsdMinor);
            if (days.Count == 0 || days[^1] with { Date = on } != covered)
            {
                days.Add(covered);
            }
        }

        return new CoverageOverTime
        {
            Id = row.Id,
            Fund = new Ref(row.FundId, row.FundName),
            Basis = row.Basis,
            StatedOn = row.StatedOn,
            StatedUsd = Currency.Usd(row.UsdMinor),
            Qualifier = row.Qualifier,
            AsOf = past.Day,
            AsOfBasis = request is { AsOf: null, KnownAt: null } ? null : past.BasisFor(Reader.Language),
            WindowOpen = row.WindowEnd is null || row.WindowEnd >= past.Day,
            WindowEnd = row.WindowEnd,
            Days = days,
        };
    }
}
