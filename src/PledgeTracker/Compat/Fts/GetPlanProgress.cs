using System.Globalization;

namespace PledgeTracker.Compat.Fts;

/// <summary>The plans of a year: what they require, and what they have of it.</summary>
public sealed class GetPlanProgress : FtsReads<GetPlanProgress.Request, GetPlanProgress.Answer>
{
    /// <param name="Year">Four digits.</param>
    public sealed record Request(string Year) : FtsRequest;

    public sealed class Rules : FtsRules<Request>;

    public override void Configure() => Answers("The plans of a year", "/v2/fts/flow/plan/overview/progress/{year}");

    protected override async Task<FtsAnswer<Answer>> ReadAsync(Request request, View view)
    {
        var numbers = await Numbers.OfAsync(view);
        var year = RouteYear.Of(request.Year);
        var plans = (await RequiredPlan.OfAsync(view, Reader, null, [year])).ToList();
        var flows = (await Flows.OfAsync(new("year", Funds: plans.ConvertAll(plan => plan.Id)), view)).All.ToLookup(flow => flow.FundId);
        var shown = plans.ConvertAll(plan =>
        {
            var own = flows[plan.Id].ToList();
            var funding = plan.FundingOf(own);
            var countries = plan.Countries is [_, ..] stated ? stated : [.. own.SelectMany(flow => flow.Countries).Distinct().Order(StringComparer.Ordinal)];
            return new Plan(numbers.OfFund(plan.Id), plan.CodeBy(numbers), plan.Name, plan.Periods[0].Start, plan.Periods.Max(period => period.End),
                [.. countries.Select(code => FtsPlace.Of(code, numbers, Reader.Language))], PlanType.Of(plan.Kind, Reader.Language),
                [.. plan.Years.Select(touched => new UsageYear(Numbers.OfYear(touched), touched.ToString(CultureInfo.InvariantCulture)))],
                new(plan.Original, plan.Revised), new(funding, Progress(funding, plan.Revised)));
        });
        return Ok(new(new(shown.Sum(plan => plan.Funding.TotalFunding), shown.Sum(plan => plan.Requirements.OrigRequirements), shown.Sum(plan => plan.Requirements.RevisedRequirements),
            Progress(shown.Sum(plan => plan.Funding.TotalFunding), shown.Sum(plan => plan.Requirements.RevisedRequirements))), shown));
    }

    internal static decimal? Progress(decimal funding, decimal required) => required == 0 ? null : Math.Round(funding / required * 100, 2, MidpointRounding.ToEven);

    public sealed record Answer(Sum Totals, IReadOnlyList<Plan> Plans);

    public sealed record Sum(decimal TotalFunding, decimal OrigRequirements, decimal RevisedRequirements, decimal? Progress);

    /// <param name="Id">Its number there, of one that came from there.</param>
    public sealed record Plan(
        long Id, string Code, string Name, DateOnly StartDate, DateOnly EndDate, IReadOnlyList<FtsPlace> Countries, PlanType PlanType, IReadOnlyList<UsageYear> UsageYears, Required Requirements, Funded Funding)
    {
        public string? CustomLocationCode => null;
    }

    public sealed record UsageYear(int Id, string Year);

    public sealed record Required(decimal OrigRequirements, decimal RevisedRequirements);

    /// <param name="Progress">In percent; null where nothing is required.</param>
    public sealed record Funded(decimal TotalFunding, decimal? Progress);
}

/// <summary>What sort of fund a plan is here.</summary>
public sealed record PlanType(int Id, string Name)
{
    internal static PlanType Of(string kind, Language language) => new(Array.IndexOf(Vocabulary.FundKinds, kind) + 1, Labels.FundKinds[kind].In(language)!);
}

internal static class RouteYear
{
    /// <exception cref="Refused">It is none.</exception>
    public static int Of(string sent) => sent.Length == 4 && int.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1945 and <= 2100 ? year
        : throw Refused.Invalid(new Fault("year", "out_of_range", new("Send a year from 1945 to 2100.", "أرسل سنة من 1945 إلى 2100.")));
}
