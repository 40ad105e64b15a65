using PledgeTracker.Events;

namespace PledgeTracker.Site;

/// <summary>What can be said of parts of figures.</summary>
internal static class Figures
{
    /// <summary>The qualifier of a stage. Which part is not exact, figures do not say: so it is theirs where the stage is all of the promise.</summary>
    public static string QualifierOf(this FigureSet figures, decimal usd) => usd > 0 && usd == figures.Pledged ? figures.Qualifier : "exact";

    /// <summary>How many US dollars a reported total is more than the promises; null where it is not, or where it is of another currency and no difference can be told.</summary>
    public static decimal? BeyondPledged(this ReportedTotal? reported, FigureSet figures) => reported is { Currency: "USD" } total && total.Amount > figures.Pledged ? total.Amount - figures.Pledged : null;
}
