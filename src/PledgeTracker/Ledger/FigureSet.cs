namespace PledgeTracker.Ledger;

/// <summary>The money of a pledge, a donor, a fund or an event, in US dollars. Stages are never added to each other.</summary>
public sealed record FigureSet
{
    /// <summary>Always USD: sums cross currencies. A pledge's own currency stands beside its `amount`.</summary>
    /// <example>USD</example>
    public string Currency => "USD";

    /// <summary>Pledges and their revisions.</summary>
    public required decimal Pledged { get; init; }

    /// <summary>What donors took back.</summary>
    public required decimal Withdrawn { get; init; }

    /// <summary>Commitments, and payments that nobody announced as commitments: money that arrived was committed.</summary>
    public required decimal Committed { get; init; }

    /// <summary>Payments less refunds.</summary>
    public required decimal Paid { get; init; }

    /// <summary>What is promised and not yet paid, pledge by pledge: one donor's surplus pays nobody else's promise.</summary>
    public required decimal Outstanding { get; init; }

    /// <summary>Payments on pledges ÷ (pledged − withdrawn), to six places; null when that is 0. May exceed 1.</summary>
    public required decimal? PaidShare { get; init; }

    internal static FigureSet Of(SumsRow row) => new()
    {
        Pledged = PledgeTracker.Words.Currency.Usd(row.PledgedUsd),
        Withdrawn = PledgeTracker.Words.Currency.Usd(row.WithdrawnUsd),
        Committed = PledgeTracker.Words.Currency.Usd(row.CommittedUsd),
        Paid = PledgeTracker.Words.Currency.Usd(row.PaidUsd),
        Outstanding = PledgeTracker.Words.Currency.Usd(row.OutstandingUsd),
        PaidShare = Share(row.PaidOnPledgedUsd, row.PledgedUsd - row.WithdrawnUsd),
    };

    internal static decimal? Share(long part, long whole) => whole == 0 ? null
        // Up to some ninety billion dollars it is done in whole numbers, which is many times as fast.
        : Math.Abs(part) < long.MaxValue / 1_000_000 ? PledgeTracker.Words.Currency.Major(Money.Scale(part, 1_000_000, whole), decimals: 6)
        : WithoutTrailingZeros(Math.Round((decimal)part / whole, 6, MidpointRounding.AwayFromZero));

    // A decimal remembers its zeros; dividing by one of full scale forgets them.
    private static decimal WithoutTrailingZeros(decimal value) => value / 1.0000000000000000000000000000m;
}

/// <summary>A row that carries sums, in US cents.</summary>
internal abstract record SumsRow
{
    public long PledgedUsd { get; init; }

    public long WithdrawnUsd { get; init; }

    public long CommittedUsd { get; init; }

    public long PaidUsd { get; init; }

    public long PaidOnPledgedUsd { get; init; }

    public long OutstandingUsd { get; init; }

    /// <summary>The sum that a list's sort field names, in US cents.</summary>
    public long Figure(string field) => field switch
    {
        "pledged" => PledgedUsd,
        "withdrawn" => WithdrawnUsd,
        "committed" => CommittedUsd,
        "paid" => PaidUsd,
        _ => OutstandingUsd,
    };
}
