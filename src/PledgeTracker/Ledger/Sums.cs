using Dapper;

namespace PledgeTracker.Ledger;

/// <summary>The sums of a line, or of any group of lines, in US cents. Stages are never added to each other.</summary>
internal readonly record struct Sums
{
    /// <summary>pledges + revisions.</summary>
    public long Pledged { get; init; }

    /// <summary>What revisions took off, as a positive number.</summary>
    public long RevisedDown { get; init; }

    public long Withdrawn { get; init; }
    public long Committed { get; init; }
    public long Paid { get; init; }
    public long Outstanding { get; init; }

    /// <summary>The part of Outstanding that nobody has committed.</summary>
    public long PromisedOnly { get; init; }

    /// <summary>What was paid beyond the promise.</summary>
    public long Excess { get; init; }

    /// <summary>What is committed on pledges and not yet paid, at the pledge's rate and whatever was promised.</summary>
    public long Undisbursed { get; init; }

    /// <summary>How many entries are no more exact than this word.</summary>
    public long Approximate { get; init; }
    public long AtLeast { get; init; }
    public long AtMost { get; init; }

    /// <summary>Of Withdrawn, what is known to have been taken back by its donor, to have lapsed, or to have been written off.</summary>
    public long WithdrawnByDonor { get; init; }
    public long Lapsed { get; init; }
    public long WrittenOff { get; init; }

    /// <summary>Of Committed and Paid, what stands on lines without a pledge.</summary>
    public long DirectCommitted { get; init; }
    public long DirectPaid { get; init; }

    /// <summary>The adjustments of each stage: those of pledges count in no figure, the others are in Committed and Paid.</summary>
    public long AdjustedPledged { get; init; }
    public long AdjustedCommitted { get; init; }
    public long AdjustedPaid { get; init; }

    public static Sums operator +(Sums a, Sums b) => Add(a, b, 1);

    public static Sums operator -(Sums a, Sums b) => Add(a, b, -1);

    private static Sums Add(Sums a, Sums b, long times) => checked(new()
    {
        Pledged = a.Pledged + (times * b.Pledged),
        RevisedDown = a.RevisedDown + (times * b.RevisedDown),
        Withdrawn = a.Withdrawn + (times * b.Withdrawn),
        Committed = a.Committed + (times * b.Committed),
        Paid = a.Paid + (times * b.Paid),
        Outstanding = a.Outstanding + (times * b.Outstanding),
        PromisedOnly = a.PromisedOnly + (times * b.PromisedOnly),
        Excess = a.Excess + (times * b.Excess),
        Undisbursed = a.Undisbursed + (times * b.Undisbursed),
        Approximate = a.Approximate + (times * b.Approximate),
        AtLeast = a.AtLeast + (times * b.AtLeast),
        AtMost = a.AtMost + (times * b.AtMost),
        WithdrawnByDonor = a.WithdrawnByDonor + (times * b.WithdrawnByDonor),
        Lapsed = a.Lapsed + (times * b.Lapsed),
        WrittenOff = a.WrittenOff + (times * b.WrittenOff),
        DirectCommitted = a.DirectCommitted + (times * b.DirectCommitted),
        DirectPaid = a.DirectPaid + (times * b.DirectPaid),
        AdjustedPledged = a.AdjustedPledged + (times * b.AdjustedPledged),
        AdjustedCommitted = a.AdjustedCommitted + (times * b.AdjustedCommitted),
        AdjustedPaid = a.AdjustedPaid + (times * b.AdjustedPaid),
    });

    /// <summary>Those that lines and headers keep.</summary>
    public Sums OfLine() => this with
    {
        Undisbursed = 0,
        WithdrawnByDonor = 0,
        Lapsed = 0,
        WrittenOff = 0,
        DirectCommitted = 0,
        DirectPaid = 0,
        AdjustedPledged = 0,
        AdjustedCommitted = 0,
        AdjustedPaid = 0,
    };

    /// <summary>The columns of `line` and `pledge` that hold sums.</summary>
    public static readonly string[] OfLines =
        ["pledged_usd", "revised_down_usd", "withdrawn_usd", "committed_usd", "paid_usd", "outstanding_usd", "promised_only_usd", "excess_usd", "approximate",
        "at_least", "at_most"];

    /// <summary>Those of `total`.</summary>
    public static readonly string[] OfTotals =
        [.. OfLines, "withdrawn_by_donor_usd", "lapsed_usd", "written_off_usd", "direct_committed_usd", "direct_paid_usd", "adjusted_pledged_usd",
        "adjusted_committed_usd", "adjusted_paid_usd"];

    /// <summary>The columns, to be selected from a table that goes by this name.</summary>
    public static string Select(string table, IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{table}.{column}"));

    /// <summary>The sums as parameters that go by the names of their columns, beside others.</summary>
    public DynamicParameters With(object others)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("pledged_usd", Pledged);
        parameters.Add("revised_down_usd", RevisedDown);
        parameters.Add("withdrawn_usd", Withdrawn);
        parameters.Add("committed_usd", Committed);
        parameters.Add("paid_usd", Paid);
        parameters.Add("outstanding_usd", Outstanding);
        parameters.Add("promised_only_usd", PromisedOnly);
        parameters.Add("excess_usd", Excess);
        parameters.Add("approximate", Approximate);
        parameters.Add("at_least", AtLeast);
        parameters.Add("at_most", AtMost);
        parameters.Add("withdrawn_by_donor_usd", WithdrawnByDonor);
        parameters.Add("lapsed_usd", Lapsed);
        parameters.Add("written_off_usd", WrittenOff);
        parameters.Add("direct_committed_usd", DirectCommitted);
        parameters.Add("direct_paid_usd", DirectPaid);
        parameters.Add("adjusted_pledged_usd", AdjustedPledged);
        parameters.Add("adjusted_committed_usd", AdjustedCommitted);
        parameters.Add("adjusted_paid_usd", AdjustedPaid);
        return parameters;
    }
}

/// <summary>A row that carries the sums of lines.</summary>
internal abstract record SumsRow
{
    public long PledgedUsd { get; init; }
    public long RevisedDownUsd { get; init; }
    public long WithdrawnUsd { get; init; }
    public long CommittedUsd { get; init; }
    public long PaidUsd { get; init; }
    public long OutstandingUsd { get; init; }
    public long PromisedOnlyUsd { get; init; }
    public long ExcessUsd { get; init; }
    public long Approximate { get; init; }
    public long AtLeast { get; init; }
    public long AtMost { get; init; }

    public virtual Sums Sums => new()
    {
        Pledged = PledgedUsd,
        RevisedDown = RevisedDownUsd,
        Withdrawn = WithdrawnUsd,
        Committed = CommittedUsd,
        Paid = PaidUsd,
        Outstanding = OutstandingUsd,
        PromisedOnly = PromisedOnlyUsd,
        Excess = ExcessUsd,
        Approximate = Approximate,
        AtLeast = AtLeast,
        AtMost = AtMost,
    };

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

/// <summary>A row that carries those of totals.</summary>
internal abstract record TotalsRow : SumsRow
{
    public long WithdrawnByDonorUsd { get; init; }
    public long LapsedUsd { get; init; }
    public long WrittenOffUsd { get; init; }
    public long DirectCommittedUsd { get; init; }
    public long DirectPaidUsd { get; init; }
    public long AdjustedPledgedUsd { get; init; }
    public long AdjustedCommittedUsd { get; init; }
    public long AdjustedPaidUsd { get; init; }

    public override Sums Sums => base.Sums with
    {
        WithdrawnByDonor = WithdrawnByDonorUsd,
        Lapsed = LapsedUsd,
        WrittenOff = WrittenOffUsd,
        DirectCommitted = DirectCommittedUsd,
        DirectPaid = DirectPaidUsd,
        AdjustedPledged = AdjustedPledgedUsd,
        AdjustedCommitted = AdjustedCommittedUsd,
        AdjustedPaid = AdjustedPaidUsd,
    };
}
