namespace PledgeTracker.Compat.Fts;

/// <summary>What plans require, in US dollars, as it is stated now.</summary>
public sealed record PlanRequirements(decimal TotalRevisedReqs, decimal TotalOrigReqs, IReadOnlyList<PlanRequirements.Part> Objects)
{
    /// <param name="Id">Of the plan, or of the only country that it is for; null where it is for several or nobody said for which.</param>
    public sealed record Part(long? Id, string Name, string ObjectType, decimal RevisedRequirements, decimal OrigRequirements);

    /// <param name="found">The plans of flows, where no plans were asked for.</param>
    /// <param name="by">`plan`, `location`, or what requirements are not stated by.</param>
    internal static async Task<PlanRequirements> OfAsync(View view, Question question, IReadOnlyList<string> found, string by, Numbers numbers, Reader reader)
    {
        var plans = (await RequiredPlan.OfAsync(view, reader, question.Funds ?? found, question.Years)).ToList();
        var parts = by switch
        {
            "plan" => plans.ConvertAll(plan => new Part(numbers.OfFund(plan.Id), plan.Name, "Plan", plan.Revised, plan.Original)),
            "location" => [.. plans.GroupBy(plan => plan.Countries is [var only] ? only : null).Select(place =>
                new Part(place.Key is null ? null : numbers.OfPlace(place.Key), place.Key is null ? "Not specified" : Country.NameOf(place.Key)!.In(reader.Language)!, "Location",
                    place.Sum(plan => plan.Revised), place.Sum(plan => plan.Original)))],
            _ => [],
        };
        return new(plans.Sum(plan => plan.Revised), plans.Sum(plan => plan.Original), parts);
    }
}
