using System.Numerics;

namespace PledgeTracker.Summaries;

/// <summary>On how many donors promises rest: by pledged − withdrawn of each, in US dollars.</summary>
public sealed record Concentration
{
    /// <summary>Donors of whose promises something stands.</summary>
    public required int Donors { get; init; }

    /// <summary>What the five largest donors promise ÷ what all do.</summary>
    public required Ratio FiveLargest { get; init; }

    /// <summary>How few donors, the largest first, promise at least 80 % of all; null where nothing is promised.</summary>
    public required int? DonorsOf80Percent { get; init; }

    /// <summary>Herfindahl index: Σ (what a donor promises ÷ what all do)², to six places: 1 where there is one donor, near 0 where there are many alike; null where nothing is promised.</summary>
    public required decimal? Herfindahl { get; init; }

    internal static Concentration Of(IReadOnlyCollection<MeasuredLine> pledged)
    {
        var donors = pledged.GroupBy(line => line.DonorId).Select(donor => donor.Sum(line => line.Line.PromisedUsd)).Where(usd => usd > 0).OrderDescending().ToList();
        var all = donors.Sum();
        var (few, theirs) = (0, Int128.Zero);
        while (theirs * 5 < (Int128)all * 4)
        {
            theirs += donors[few++];
        }

        var squares = donors.Aggregate(BigInteger.Zero, (sum, usd) => sum + ((BigInteger)usd * usd));
        var whole = (BigInteger)all * all;
        return new()
        {
            Donors = donors.Count,
            FiveLargest = Ratio.Of(donors.Take(5).Sum(), all),
            DonorsOf80Percent = all == 0 ? null : few,
            // Squares of cents are beyond 128 bits.
            Herfindahl = all == 0 ? null : Currency.Major((long)(((squares * 2_000_000) + whole) / (whole * 2)), decimals: 6),
        };
    }
}
