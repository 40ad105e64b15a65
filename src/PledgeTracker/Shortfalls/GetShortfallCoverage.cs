using PledgeTracker.Summaries;

namespace PledgeTracker.Shortfalls;

/// <summary>How the gap of a shortfall closed, day by day, as money arrived.</summary>
public sealed class GetShortfallCoverage : Reads<GetShortfallCoverage.Request, CoverageOverTime>
{
    /// <param name="Id" example="019b76da-a800-8e6f-beac-e0365b2a8d65">The id of the statement, or of the requirement.</param>
    public sealed record Request(string Id) : AsOfRequest;

    public sealed class Rules : AsOfRules<Request>;

    public override void Configure()
    {
        Get("/v1/shortfalls/{id}/coverage");
        Tells("Shortfalls", "The coverage of a shortfall, day by day", "What had come in against a shortfall by the end of each day on which that changed: first on the day on which it was stated, last as " +
            "`/v1/shortfalls/{id}` shows it. Of each day it is what was there then: money that was taken back later had come in before. Money counts from its date, or from the day on which " +
            "it was recorded where that was earlier.", 404);
    }

    protected override async Task<CoverageOverTime> ReadAsync(Request request, View view)
    {
        Selection.ThrowIfAhead(Reader, ("?asOf", request.AsOf));
        var known = await KnownMoment.OfAsync(view, request.KnownAt);
        var day = request.AsOf ?? Reader.Today;
        var row = await view.Sql.QueryFirstOrDefaultAsync<ShortfallRow>(ShortfallRow.Select(null, changing: false, Reader, "WHERE t.id = @Id"), new { request.Id })
            ?? throw Refused.Missing($"There is no shortfall {request.Id}.", $"لا يوجد عجز بالمعرف {request.Id}.");
        if (row.Version > known?.Sequence)
        {
            throw Refused.Missing($"Shortfall {request.Id} had not been recorded by then.", $"لم يكن العجز {request.Id} قد سُجل حتى ذلك الوقت.");
        }

        var isReported = row.Basis == "reported";
        var gauge = await Gauge.OfAsync(view, isReported ? "shortfall" : "requirement", row.FundId, known, Reader.Today);
        if (gauge.MadeBy(day).Find(s => s.No == row.No) is not { } statement)
        {
            throw Refused.Missing($"Shortfall {request.Id} was stated on {row.StatedOn:yyyy-MM-dd}: send that day or a later one.", $"ذُكر العجز {request.Id} في {row.StatedOn:yyyy-MM-dd}: أرسل ذلك اليوم أو يوما بعده.");
        }

        var windowEnd = gauge.WindowEndOf(statement, day);
        List<CoverageDay> days = [];
        foreach (var (on, sum) in gauge.DaysOf(row.No, day))
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
            AsOf = day,
            KnownAt = KnownAt.Of(known),
            WindowOpen = windowEnd is null || windowEnd >= day,
            WindowEnd = windowEnd,
            Days = days,
        };
    }
}
