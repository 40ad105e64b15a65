namespace PledgeTracker.Summaries;

/// <summary>What a donor promised at an event: pledges and their revisions less what was withdrawn, in its own currency.</summary>
public sealed record RoundAmount(decimal Amount, string Currency);

/// <summary>A donor's promises at an event beside those at the round before it. Restated pledges and money passed on are left out.</summary>
/// <param name="Promised">Null where the donor promised nothing, or in several currencies.</param>
/// <param name="Earlier">The same of the round before.</param>
/// <param name="Change">promised ÷ earlier − 1, to six places: 0.1 is a tenth more. Null where one of the two is missing, the currency changed or nothing of the earlier promise stands.</param>
public sealed record ChangeOnRound(Ref Donor, RoundAmount? Promised, RoundAmount? Earlier, decimal? Change)
{
    /// <summary>Of each donor that promised at either, by its id.</summary>
    /// <param name="promised">Pledges of the event with their donors, in minor units of their currencies.</param>
    /// <param name="earlier">Those of the round before.</param>
    internal static List<ChangeOnRound> Of(IEnumerable<(Ref Donor, string Currency, long Minor)> promised, IEnumerable<(Ref Donor, string Currency, long Minor)> earlier)
    {
        var (round, before) = (ByDonor(promised), ByDonor(earlier));
        return [.. round.Keys.Union(before.Keys).OrderBy(donor => donor.Id, StringComparer.Ordinal).Select(donor =>
        {
            var (now, then) = (round.GetValueOrDefault(donor), before.GetValueOrDefault(donor));
            return new ChangeOnRound(donor, Shown(now), Shown(then), now is var (currency, minor) && then is var (same, less) && currency == same ? FigureSet.Share(minor - less, less) : null);
        })];

        // Promises in several currencies are no one amount. Those in one were never checked together: their sum may be more than an amount holds.
        static Dictionary<Ref, (string Currency, Int128 Minor)?> ByDonor(IEnumerable<(Ref Donor, string Currency, long Minor)> pledges) =>
            pledges.GroupBy(p => p.Donor).ToDictionary(donor => donor.Key, donor => donor.GroupBy(p => p.Currency).ToList() is [var one] ? (one.Key, Money.Sum(one.Select(p => p.Minor))) : default((string, Int128)?));

        static RoundAmount? Shown((string Currency, Int128 Minor)? round) => round is { } one ? new((decimal)one.Minor / Currency.MinorUnits(one.Currency), one.Currency) : null;
    }
}
