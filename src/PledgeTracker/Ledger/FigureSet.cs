using System.Text.Json.Serialization;

namespace PledgeTracker.Ledger;

/// <summary>The money of a pledge or of a donor's part of it. Only `stages` add up; no other figures are ever added to each other.</summary>
public record FigureSet
{
    private protected FigureSet(Sums sums, string currency = "USD")
    {
        Currency = currency;
        var net = sums.Pledged - sums.Withdrawn;
        Inexact = (int)(sums.Approximate + sums.AtLeast + sums.AtMost);
        Qualifier = Inexact == 0 ? "exact"
            : Inexact == sums.Approximate ? "approximate"
            : Inexact == sums.AtLeast ? "at_least"
            : Inexact == sums.AtMost ? "at_most"
            : "mixed";
        Pledged = Major(sums.Pledged);
        RevisedDown = Major(sums.RevisedDown);
        Withdrawn = Major(sums.Withdrawn);
        Committed = Major(sums.Committed);
        Paid = Major(sums.Paid);
        Outstanding = Major(sums.Outstanding);
        PaidShare = Share(net - sums.Outstanding, net);
        Stages = new Stages(Major(sums.PromisedOnly), Major(sums.Outstanding - sums.PromisedOnly), Major(net - sums.Outstanding), Withdrawn);
        Excess = Major(sums.Excess);
    }

    /// <summary>USD, since sums cross currencies; in a summary the one that was asked for. A pledge's own currency stands beside its `amount`.</summary>
    /// <example>USD</example>
    public string Currency { get; }

    /// <summary>`exact` where every part is; the one word that all inexact parts share; or `mixed`.</summary>
    [OneOf(nameof(Vocabulary.FigureQualifiers))]
    public string Qualifier { get; }

    /// <summary>How many entries behind the figures are not exact.</summary>
    public int Inexact { get; }

    /// <summary>Pledges and their revisions.</summary>
    [Hxl("#value+pledge+usd")]
    public decimal Pledged { get; }

    /// <summary>What donors took off their promises by revising them: it is in `pledged` already.</summary>
    [Hxl("#value+revised_down+usd")]
    public decimal RevisedDown { get; }

    /// <summary>What will not come: withdrawn by its donor, lapsed, written off, or nobody says why.</summary>
    [Hxl("#value+withdrawn+usd")]
    public decimal Withdrawn { get; }

    /// <summary>Commitments, and payments that nobody announced as commitments: money that arrived was committed.</summary>
    [Hxl("#value+committed+usd")]
    public decimal Committed { get; }

    /// <summary>Payments less refunds: the dollars that moved.</summary>
    [Hxl("#value+paid+usd")]
    public decimal Paid { get; }

    /// <summary>What is promised and not yet paid, pledge by pledge and in its own currency: one donor's surplus pays nobody else's promise.</summary>
    [Hxl("#value+outstanding+usd")]
    public decimal Outstanding { get; }

    /// <summary>stages.paid ÷ (pledged − withdrawn), to six places; null when that is 0. Never more than 1: what was paid beyond is `excess`.</summary>
    public decimal? PaidShare { get; }

    /// <summary>What was pledged, split into parts that add up to it.</summary>
    public Stages Stages { get; }

    /// <summary>What was paid beyond the promises.</summary>
    [Hxl("#value+excess+usd")]
    public decimal Excess { get; }

    internal static FigureSet Of(Sums sums) => new(sums);

    private protected decimal Major(long minor) => Words.Currency.Major(minor, Currency);

    internal static decimal? Share(long part, long whole) => whole == 0 ? null
        // Up to some ninety billion dollars it is done in whole numbers, which is many times as fast.
        : Math.Abs(part) < long.MaxValue / 1_000_000 ? Words.Currency.Major(Money.Scale(part, 1_000_000, whole), decimals: 6)
        : WithoutTrailingZeros(Math.Round((decimal)part / whole, 6, MidpointRounding.AwayFromZero));

    // A decimal remembers its zeros; dividing by one of full scale forgets them.
    private static decimal WithoutTrailingZeros(decimal value) => value / 1.0000000000000000000000000000m;
}

/// <summary>Pledges at their own rate: these add up to `pledged`.</summary>
/// <param name="PromisedOnly">Neither committed nor paid.</param>
/// <param name="CommittedUnpaid">Committed and not yet paid.</param>
/// <param name="Paid">Paid on the promise, at the pledge's rate; the dollars that moved are in `paid` beside.</param>
public sealed record Stages(
    [property: Hxl("#value+stage+promised+usd")] decimal PromisedOnly, [property: Hxl("#value+stage+committed+usd")] decimal CommittedUnpaid,
    [property: Hxl("#value+stage+paid+usd")] decimal Paid, [property: Hxl("#value+stage+withdrawn+usd")] decimal Withdrawn);

/// <summary>The money of a donor, a fund, an event or a row of a summary: the sums over its lines.</summary>
public sealed record TotalSet : FigureSet
{
    private TotalSet(Sums sums, string currency)
        : base(sums, currency)
    {
        WithdrawnBy = new WithdrawnBy(Major(sums.WithdrawnByDonor), Major(sums.Lapsed), Major(sums.WrittenOff),
            Major(sums.Withdrawn - sums.WithdrawnByDonor - sums.Lapsed - sums.WrittenOff));
        Direct = new DirectFigures(Major(sums.DirectCommitted), Major(sums.DirectPaid));
        Adjustments = new AdjustmentFigures(Major(sums.AdjustedPledged), Major(sums.AdjustedCommitted), Major(sums.AdjustedPaid));
    }

    /// <summary>`withdrawn`, by the reason that was given.</summary>
    [JsonPropertyOrder(1)]
    public WithdrawnBy WithdrawnBy { get; }

    /// <summary>Of `committed` and `paid`, what nobody had pledged.</summary>
    [JsonPropertyOrder(1)]
    public DirectFigures Direct { get; }

    /// <summary>Corrections that sources gave without saying of what. Those of commitments and payments are in the figures; those of pledges are in none.</summary>
    [JsonPropertyOrder(1)]
    public AdjustmentFigures Adjustments { get; }

    /// <param name="currency">In whose minor units the sums are.</param>
    internal static TotalSet Of(Sums sums, string currency = "USD") => new(sums, currency);
}

/// <summary>What was withdrawn, by reason.</summary>
/// <param name="Unspecified">Nobody says why: nobody is accused by omission.</param>
/// <param name="Donor">What the donor withdrew.</param>
public sealed record WithdrawnBy(decimal Donor, decimal Lapsed, decimal WrittenOff, decimal Unspecified);

/// <summary>What nobody had pledged.</summary>
public sealed record DirectFigures(decimal Committed, decimal Paid);

/// <summary>Corrections by their sources, of any sign.</summary>
public sealed record AdjustmentFigures(decimal Pledged, decimal Committed, decimal Paid);
