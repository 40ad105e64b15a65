namespace PledgeTracker.Ledger;

/// <summary>What one day changes of a total.</summary>
/// <param name="Pledges">How many headers have their first entry that stands on that day; of a donor's total, how many of its lines.</param>
/// <param name="Lines">How many lines have.</param>
internal readonly record struct TotalDay(Sums Sums, long Pledges, long Lines)
{
    public static TotalDay operator +(TotalDay a, TotalDay b) => checked(new(a.Sums + b.Sums, a.Pledges + b.Pledges, a.Lines + b.Lines));

    public static TotalDay operator -(TotalDay a, TotalDay b) => checked(new(a.Sums - b.Sums, a.Pledges - b.Pledges, a.Lines - b.Lines));
}

/// <summary>The totals that a header stands in, beside those of its donors.</summary>
/// <param name="Whole">Those that it counts in as it is.</param>
/// <param name="Shares">The countries that its lines are split between; none where all of it stands under one id of `country`.</param>
internal sealed record Scopes(IReadOnlyList<(string Scope, string Id)> Whole, IReadOnlyList<(string Country, int Share)> Shares)
{
    /// <summary>The id, among those of `country`, of money for several countries that nobody split. What names no country, no fund or no event has the id ''.</summary>
    public const string SharedId = "shared";

    /// <param name="announcedOn">Of a contribution that nobody had pledged, the day of its first entry.</param>
    public static Scopes Of(string? fundId, string? eventId, DateOnly announcedOn, string[] countries, int[] shares, bool shared)
    {
        var split = shared ? [] : Ledger.Shares.Of(countries, shares);
        (string, string)[] whole = [("all", ""), ("fund", fundId ?? ""), ("event", eventId ?? ""), ("announced", Iso.Month(announcedOn))];
        var country = countries.Length == 0 ? "" : countries.Length == 1 && !shared ? countries[0] : SharedId;
        return new(split.Length == 0 ? [.. whole, ("country", country)] : whole, split);
    }
}

/// <summary>What the days of a header's lines change of the totals that it stands in. Pure.</summary>
internal static class TotalDays
{
    public static Dictionary<(string Scope, string Id, DateOnly On), TotalDay> Of(Scopes scopes, IEnumerable<LineDay> days)
    {
        var totals = new Dictionary<(string Scope, string Id, DateOnly On), TotalDay>();
        foreach (var day in days)
        {
            var (lines, pledges) = (day.BeginsLine ? 1 : 0, day.BeginsHeader ? 1 : 0);
            Add("donor", day.DonorId, day.Change, lines);
            foreach (var (scope, id) in scopes.Whole)
            {
                Add(scope, id, day.Change, pledges);
            }

            if (scopes.Shares.Count > 0)
            {
                // What a country has of a day is not its part of the change: what rounding leaves may go to another on each day.
                var (before, after) = (Shares.Split(day.Before, scopes.Shares), Shares.Split(day.After, scopes.Shares));
                foreach (var (i, share) in scopes.Shares.Index())
                {
                    Add("country", share.Country, after[i] - before[i], pledges);
                }
            }

            void Add(string scope, string id, Sums sums, long pledges) =>
                totals[(scope, id, day.On)] = totals.GetValueOrDefault((scope, id, day.On)) + new TotalDay(sums, pledges, lines);
        }

        return totals;
    }
}
