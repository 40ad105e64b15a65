using PledgeTracker.Shortfalls;

namespace PledgeTracker.Funds;

/// <summary>What a fund was said to lack, reading after reading.</summary>
public sealed class GetFundGauge : Reads<GetFundGauge.Request, FundGauge>
{
    /// <param name="Id" example="undp-ffs">The fund's id.</param>
    public sealed record Request(string Id) : PastRequest;

    public sealed class Rules : PastRules<Request>;

    public override void Configure()
    {
        Get("/v1/funds/{id}/gauge");
        Tells("Funds", "A fund's gauge", "Every reported shortfall of the fund, in the order of stating, and what came in against each until its window closed: readings of one gauge, which are never added up.", 404);
    }

    protected override async Task<FundGauge> ReadAsync(Request request, View view)
    {
        var past = await Past.OfAsync(request, view, Reader);
        var fund = await FundRow.FindAsync(view, request.Id, Reader) ?? throw await GetFund.MissingAsync(view, request.Id);
        var rows = await ShortfallRow.ThenAsync(view, await Statements.ThenAsync(view, "shortfall", past, [request.Id]), Reader);
        var (citations, _) = await Citations.OfStatementsAsync(view, rows.Select(row => row.No), [], Reader);
        var coverages = await Coverages.OfAsync(view, rows, Reader, past);
        return new FundGauge
        {
            Fund = new Ref(fund.Id, fund.Name.In(Reader.Language)),
            AsOf = past.Day,
            AsOfBasis = request is { AsOf: null, KnownAt: null } ? null : past.BasisFor(Reader.Language),
            Readings = rows.ConvertAll(row => new GaugeReading
            {
                Id = row.Id,
                StatedOn = row.StatedOn,
                DatePrecision = row.DatePrecision,
                StatedBy = LocalizedText.Of(row.StatedByEn, row.StatedByAr)?.In(Reader.Language),
                PeriodStart = row.PeriodStart,
                PeriodEnd = row.PeriodEnd,
                Amount = Currency.Major(row.AmountMinor, row.Currency),
                Currency = row.Currency,
                AmountUsd = Currency.Usd(row.UsdMinor),
                Qualifier = row.Qualifier,
                Current = row.SupersededBy is null,
                SupersededBy = row.SupersededBy,
                WindowOpen = coverages[row.Id].WindowOpen,
                WindowEnd = row.WindowEnd,
                Coverage = CoverageDay.Of(past.Day, coverages[row.Id]),
                Citations = [.. citations[row.No]],
            }),
        };
    }
}
