namespace PledgeTracker.Shortfalls;

/// <summary>What had come in against a shortfall by the end of a day, in US dollars. Money of every instrument counts.</summary>
public sealed record CoverageDay
{
    public required DateOnly Date { get; init; }

    /// <inheritdoc cref="Coverage.PledgedSince"/>
    public required decimal PledgedSince { get; init; }

    /// <inheritdoc cref="Coverage.CommittedSince"/>
    public required decimal CommittedSince { get; init; }

    /// <inheritdoc cref="Coverage.PaidSince"/>
    public required decimal PaidSince { get; init; }

    /// <inheritdoc cref="Coverage.Covered"/>
    public required decimal Covered { get; init; }

    /// <inheritdoc cref="Coverage.Remaining"/>
    public required decimal Remaining { get; init; }

    /// <inheritdoc cref="Coverage.CoveredShare"/>
    public required decimal? CoveredShare { get; init; }

    internal static CoverageDay Of(DateOnly day, Coverage coverage) => new()
    {
        Date = day,
        PledgedSince = coverage.PledgedSince,
        CommittedSince = coverage.CommittedSince,
        PaidSince = coverage.PaidSince,
        Covered = coverage.Covered,
        Remaining = coverage.Remaining,
        CoveredShare = coverage.CoveredShare,
    };

    /// <param name="money">What counts against it.</param>
    /// <param name="isReported">Whether somebody reported it.</param>
    /// <param name="usdMinor">What was stated.</param>
    internal static CoverageDay Of(DateOnly day, FundDay money, bool isReported, long usdMinor)
    {
        var covered = isReported ? money.Pledged + money.CommittedDirect : money.Committed;
        return new CoverageDay
        {
            Date = day,
            PledgedSince = Currency.Usd(money.Pledged),
            CommittedSince = Currency.Usd(money.Committed),
            PaidSince = Currency.Usd(money.Paid),
            Covered = Currency.Usd(covered),
            Remaining = Currency.Usd(Math.Max(0, usdMinor - covered)),
            CoveredShare = FigureSet.Share(covered, usdMinor),
        };
    }
}

/// <summary>How the gap of a shortfall closed.</summary>
public sealed record CoverageOverTime
{
    /// <summary>Of the statement; of a computed shortfall, the requirement's.</summary>
    public required string Id { get; init; }

    public required Ref Fund { get; init; }

    /// <summary>`reported`: somebody said so, on a day. `computed`: a requirement less all commitments to it.</summary>
    public required string Basis { get; init; }

    public required DateOnly StatedOn { get; init; }

    /// <summary>What was reported, or what is required, in US dollars: `remaining` is what is left of it.</summary>
    public required decimal StatedUsd { get; init; }

    [OneOf(nameof(Vocabulary.Qualifiers))]
    public required string Qualifier { get; init; }

    /// <summary>The day as of which it stands; today where none was asked for.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>How it was read, and what of it is as now; null where neither `asOf` nor `knownAt` was asked for.</summary>
    public required Basis? AsOfBasis { get; init; }

    /// <inheritdoc cref="Coverage.WindowOpen"/>
    public required bool WindowOpen { get; init; }

    /// <inheritdoc cref="Coverage.WindowEnd"/>
    public required DateOnly? WindowEnd { get; init; }

    /// <summary>The days on which something changed, the first being that of the statement.</summary>
    public required IReadOnlyList<CoverageDay> Days { get; init; }
}
