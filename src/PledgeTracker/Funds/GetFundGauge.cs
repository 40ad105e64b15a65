using PledgeTracker.Shortfalls;
using PledgeTracker.Summaries;

namespace PledgeTracker.Funds;

/// <summary>What a fund was said to lack, reading after reading.</summary>
public sealed class GetFundGauge : Reads<GetFundGauge.Request, FundGauge>
{
    /// <param name="Id" example="undp-ffs">The fund's id.</param>
    public sealed record Request(string Id) : AsOfRequest;

    public sealed class Rules : AsOfRules<Request>;

    public override void Configure()
    {
        Get("/v1/funds/{id}/gauge");
        Tells("Funds", "A fund's gauge", "Every reported shortfall of the fund, in the order of stating, and what came in against each until its window closed: readings of one gauge, which are never added up.", 404);
    }

    protected override async Task<FundGauge> ReadAsync(Request request, View view)
    {
        Selection.ThrowIfAhead(Reader, ("?asOf", request.AsOf));
        var known = await KnownMoment.OfAsync(view, request.KnownAt);
        var day = request.AsOf ?? Reader.Today;
        var fund = await FundRow.FindAsync(view, request.Id, Reader) ?? throw await GetFund.MissingAsync(view, request.Id);
        var rows = (await view.Sql.QueryAsync<ShortfallRow>(ShortfallRow.Select("reported", changing: false, Reader, "WHERE t.fund_id = @Id"), new { request.Id })).ToDictionary(row => row.No);
        var (citations, _) = await Citations.OfStatementsAsync(view, rows.Keys, [], Reader);
        var gauge = await Gauge.OfAsync(view, "shortfall", request.Id, known, Reader.Today);
        return new FundGauge
        {
            Fund = new Ref(fund.Id, fund.Name.In(Reader.Language)),
            AsOf = day,
            KnownAt = KnownAt.Of(known),
            Readings = gauge.AsOf(day).ConvertAll(reading =>
            {
                var (row, next, windowEnd) = (rows[reading.Statement.No], gauge.NextOf(reading.Statement, day), gauge.WindowEndOf(reading.Statement, day));
                return new GaugeReading
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
                    Current = next is null,
                    SupersededBy = next is null ? null : rows[next.No].Id,
                    WindowOpen = windowEnd is null || windowEnd >= day,
                    WindowEnd = windowEnd,
                    Coverage = CoverageDay.Of(day, reading.Sum, isReported: true, row.UsdMinor),
                    Citations = [.. citations[row.No]],
                };
            }),
        };
    }
}
