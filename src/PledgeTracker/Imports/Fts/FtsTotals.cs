namespace PledgeTracker.Imports.Fts;

/// <summary>The totals of a snapshot by the publisher's own rules.</summary>
internal static class FtsTotals
{
    public static void Add(ImportTotals totals, FtsFlow flow)
    {
        if (flow is { IsIncoming: true, IsSingle: true })
        {
            totals.FundingUsd += flow.IsPledge ? 0 : flow.Usd;
            totals.PledgedUsd += flow.IsPledge ? flow.Usd : 0;
            if (flow.To.Countries is [var country] && flow.To.Regions is null)
            {
                var at = totals.Countries.FindIndex(total => total.Country == country);
                var stood = at < 0 ? new CountryTotal(country, 0, 0) : totals.Countries[at];
                Put(totals.Countries, at, flow.IsPledge ? stood with { PledgedUsd = stood.PledgedUsd + flow.Usd } : stood with { FundingUsd = stood.FundingUsd + flow.Usd });
            }
        }

        // What comes into a plan from outside of it, over the boundary of the place or not.
        if (flow is { IsSingle: true, IsPledge: false, Plan: { Id: { } id } plan } && flow.From.Plans?.Any(from => from.Id == id) != true)
        {
            var fund = FtsLedger.FundOf(id);
            var at = totals.Plans.FindIndex(total => total.FundId == fund);
            var stood = at < 0 ? new PlanTotal(fund, plan.Name ?? fund, 0) : totals.Plans[at];
            Put(totals.Plans, at, stood with { FundingUsd = stood.FundingUsd + flow.Usd });
        }
    }

    /// <summary>With what the plans are required to have as it is stated here today, and how much of it they have.</summary>
    public static async Task<ImportTotals?> WithRequirementsAsync(Session session, ImportTotals? totals)
    {
        if (totals is not { Plans.Count: > 0 })
        {
            return totals;
        }

        var list = totals.Plans.ConvertAll(plan => plan.FundId);
        var required = (await session.Sql.QueryAsync<(string Fund, long Cents)>($"""
            SELECT r.fund_id, CAST(sum(r.usd_minor) AS BIGINT) FROM requirement r LEFT JOIN superseded x ON x.kind = 'requirement' AND x.no = r.no
            WHERE {session.Engine.AnyOf("r.fund_id", "@list")} AND x.by_no IS NULL GROUP BY r.fund_id
            """, new { list })).ToDictionary(row => row.Fund, row => Currency.Usd(row.Cents));
        return totals with
        {
            Plans = totals.Plans.ConvertAll(plan => !required.TryGetValue(plan.FundId, out var usd) ? plan
                : plan with { RequirementsUsd = usd, Progress = usd == 0 ? null : Math.Round(plan.FundingUsd / usd, 4, MidpointRounding.ToEven) }),
        };
    }

    private static void Put<T>(List<T> list, int at, T total)
    {
        if (at < 0)
        {
            list.Add(total);
        }
        else
        {
            list[at] = total;
        }
    }
}
