using System.Globalization;

namespace PledgeTracker.Compat.Fts;

/// <summary>How many flows lie so, and what they come to in US dollars: what is shared is in neither sum.</summary>
public sealed record FlowTotals(int FlowCount, decimal FundingTotal, decimal PledgeTotal)
{
    internal static FlowTotals Of(IEnumerable<Flow> flows)
    {
        var all = flows.ToList();
        var alone = all.Where(flow => !flow.IsShared).ToLookup(flow => flow.IsPledge, flow => flow.Usd);
        return new(all.Count, Currency.Usd(alone[false].Sum()), Currency.Usd(alone[true].Sum()));
    }
}

/// <summary>The third report: funding and pledges by what they are for.</summary>
public sealed record FlowReport(FlowReport.Totals FundingTotals, FlowReport.Totals PledgeTotals)
{
    /// <param name="Total">With what is shared.</param>
    /// <param name="Objects">One, also where there is nothing in it: clients take the first.</param>
    public sealed record Totals(decimal Total, IReadOnlyList<Objects> Objects);

    public sealed record Objects(
        string Type, decimal SingleFundingTotal, IReadOnlyList<Part> SingleFundingObjects, decimal SharedFundingTotal, IReadOnlyList<Part> SharedFundingObjects, IReadOnlyList<Part> ObjectsBreakdown, Breakdown TotalBreakdown)
    {
        public string Direction => "destination";
    }

    /// <param name="Id">A number as text; a list of them where several share it; null where nothing is specified.</param>
    /// <param name="TotalFunding">Without what is shared.</param>
    public sealed record Part(string Type, object? Id, object Name, decimal TotalFunding, decimal SingleFunding, decimal SharedFunding)
    {
        public string Direction => "destination";

        public decimal OverlapFunding => 0;

        public decimal OnBoundaryFunding => 0;
    }

    /// <param name="TotalFunding">With what is shared.</param>
    public sealed record Breakdown(decimal ObjectsSum, decimal SharedFunding, decimal TotalFunding)
    {
        public decimal OverlapCorrection => 0;
    }

    /// <param name="groupBy">`plan`, `location`, `year` or `organization`.</param>
    /// <param name="named">The number and the name of such a thing by its id.</param>
    internal static FlowReport Of(Flows flows, string groupBy, Func<string, (string Id, string Name)> named)
    {
        var type = groupBy switch { "plan" => "Plan", "location" => "Location", "year" => "UsageYear", _ => "Organization" };
        // What comes into a plan from outside of it, over the boundary of a place or not.
        var counted = flows.All.FindAll(flow => groupBy == "plan" && flow.FundId is { } fund ? flows.Question.Funds?.Contains(fund) != false && !flow.FromFunds.Contains(fund) : flows.CameIn(flow));
        return new(Of(counted.FindAll(flow => !flow.IsPledge)), Of(counted.FindAll(flow => flow.IsPledge)));

        Totals Of(List<Flow> some)
        {
            var (single, shared) = (new OrderedDictionary<string, long>(), new OrderedDictionary<string, (IReadOnlyList<string> Keys, long Usd)>());
            foreach (var flow in some)
            {
                var keys = KeysOf(flow, groupBy);
                if (flow.IsShared)
                {
                    var all = string.Join(',', keys);
                    shared[all] = (keys, checked(shared.GetValueOrDefault(all).Usd + flow.Usd));
                }
                else
                {
                    var key = keys is [var only] ? only : "";
                    single[key] = checked(single.GetValueOrDefault(key) + flow.Usd);
                }
            }

            var names = single.Keys.Concat(shared.Values.SelectMany(of => of.Keys)).Distinct().Where(key => key.Length > 0).ToDictionary(key => key, named);
            var parts = names.Keys.Concat(single.ContainsKey("") ? [""] : Array.Empty<string>()).OrderByDescending(key => single.GetValueOrDefault(key)).ThenBy(key => key, StringComparer.Ordinal)
                .Select(key => Part(key, single.GetValueOrDefault(key), shared.Values.Where(of => of.Keys.Contains(key)).Sum(of => of.Usd))).ToList();
            var (alone, among) = (Currency.Usd(single.Values.Sum()), Currency.Usd(shared.Values.Sum(of => of.Usd)));
            return new(alone + among, [new(type, alone, parts.FindAll(part => part.SingleFunding != 0), among,
                [.. shared.Values.Select(of => new Part(type, of.Keys.Select(key => names[key].Id), of.Keys.Select(key => names[key].Name), Currency.Usd(of.Usd), 0, Currency.Usd(of.Usd)))],
                parts, new(alone, among, alone + among))]);

            Part Part(string key, long usd, long sharing) => key.Length == 0 ? new(type, null, "Not specified", Currency.Usd(usd), Currency.Usd(usd), 0)
                : new(type, names[key].Id, names[key].Name, Currency.Usd(usd), Currency.Usd(usd), Currency.Usd(sharing));
        }
    }

    internal static IReadOnlyList<string> KeysOf(Flow flow, string groupBy) => groupBy switch
    {
        "plan" => flow.FundId is { } fund ? [fund] : [],
        "location" => flow.Countries,
        "year" => [.. flow.Years.Select(year => year.ToString(CultureInfo.InvariantCulture))],
        _ => flow.Line?.RecipientId is { } recipient ? [recipient] : [],
    };
}
