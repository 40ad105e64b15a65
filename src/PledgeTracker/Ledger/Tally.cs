namespace PledgeTracker.Ledger;

/// <summary>What a line, one donor's part of one header, comes to.</summary>
/// <param name="HasPledge">The donor promised something that was not entered by mistake.</param>
/// <param name="PledgedOn">The day that the promise counts from.</param>
/// <param name="AmountMinor">pledge + revisions, in the header's currency.</param>
/// <param name="PromisedMinor">AmountMinor less what was withdrawn.</param>
/// <param name="OutstandingMinor">What is left of it, in the header's currency.</param>
internal sealed record Line(
    string DonorId, bool HasPledge, DateOnly? PledgedOn, long AmountMinor, long PromisedMinor, long OutstandingMinor, Sums Sums, string Status)
{
    /// <summary>The promise that still stands, in US cents.</summary>
    public long PromisedUsd => Sums.Pledged - Sums.Withdrawn;

    /// <summary>The US cents that go with a part of the promise: its share of those that stand, so that the last part takes the last cent.</summary>
    public long TakenBy(long minor) => PromisedMinor == 0 ? 0 : PromisedUsd - Money.ScaleEven(PromisedUsd, PromisedMinor - minor, PromisedMinor);
}

/// <summary>The rules that turn entries into figures: a line to which its entries are told one by one, in whatever order.</summary>
/// <remarks>
/// Withdrawals are entered as positive amounts; released agreements and refunds as negative commitments and payments. A line with a pledge is counted
/// in the pledge's currency: a pledge paid in full in euros is paid, whatever the dollar did.
/// </remarks>
/// <param name="promise">The first pledge of the whole line, told or not yet: what is counted is counted in its currency. Null on lines without.</param>
internal sealed class Tally(string donorId, Entry? promise)
{
    private readonly Dictionary<(string Kind, string Currency), long> _moved = [];
    private Sums _sums;
    private DateOnly? _pledgedOn;
    private int _entries, _adjustments;
    private bool _agreed;
    private string _currency = "USD";
    private long _firstPledge = long.MaxValue, _amount, _withdrawn, _committed, _paid, _commitments, _payments;

    /// <summary>Counts an entry: one that stands, not one that was reversed.</summary>
    public void Add(Entry entry)
    {
        _entries++;
        _sums = Counted(_sums, entry.UsdQualifier ?? entry.Qualifier);
        switch (entry.Kind)
        {
            case "pledge" or "revision":
                if (entry.Kind == "pledge" && entry.No < _firstPledge)
                {
                    // Donors that were merged may both have promised under one header.
                    (_firstPledge, _pledgedOn) = (entry.No, entry.CountsFrom);
                }

                _currency = entry.Currency;
                _amount = checked(_amount + entry.AmountMinor);
                _sums = _sums with { Pledged = checked(_sums.Pledged + entry.UsdMinor), RevisedDown = checked(_sums.RevisedDown + (entry.Kind == "revision" ? Math.Max(0, -entry.UsdMinor) : 0)) };
                break;
            case "withdrawal":
                _currency = entry.Currency;
                _withdrawn = checked(_withdrawn + entry.AmountMinor);
                _sums = Withdraw(_sums, entry.Reason, entry.UsdMinor);
                break;
            case "commitment":
                _agreed = true;
                _commitments = checked(_commitments + entry.UsdMinor);
                _committed = checked(_committed + SettledBy(entry));
                Move(entry);
                break;
            case "payment":
                _payments = checked(_payments + entry.UsdMinor);
                _paid = checked(_paid + SettledBy(entry));
                Move(entry);
                break;
            default:
                _adjustments++;
                _sums = entry.Adjusts switch
                {
                    "pledge" => _sums with { AdjustedPledged = checked(_sums.AdjustedPledged + entry.UsdMinor) },
                    "commitment" => _sums with { AdjustedCommitted = checked(_sums.AdjustedCommitted + entry.UsdMinor) },
                    _ => _sums with { AdjustedPaid = checked(_sums.AdjustedPaid + entry.UsdMinor) },
                };
                break;
        }
    }

    /// <summary>What it has come to.</summary>
    public Line Line()
    {
        // Money that arrived was committed, whether or not anybody said so.
        var dollars = _agreed ? Math.Max(_commitments, _payments) : _payments;
        var sums = _sums with { Committed = checked(dollars + _sums.AdjustedCommitted + _sums.AdjustedPaid), Paid = checked(_payments + _sums.AdjustedPaid) };
        if (_pledgedOn is null)
        {
            sums = sums with { Pledged = 0, RevisedDown = 0, Withdrawn = 0, WithdrawnByDonor = 0, Lapsed = 0, WrittenOff = 0, DirectCommitted = sums.Committed, DirectPaid = sums.Paid };
            return new Line(donorId, false, null, 0, 0, 0, sums, DirectStatus(dollars));
        }

        // N, P and C of the design: what is promised, and what of it is paid and committed.
        var promised = _amount - _withdrawn;
        if (promised == 0)
        {
            // Cents that a reversal left on a promise of nothing.
            var left = sums.Pledged - sums.Withdrawn;
            sums = _withdrawn != 0 ? sums with { Withdrawn = sums.Withdrawn + left } : sums with { Pledged = sums.Pledged - left, RevisedDown = sums.RevisedDown + left };
        }

        var usd = sums.Pledged - sums.Withdrawn;
        var paid = Within(0, _paid, promised);
        var agreed = _agreed ? Math.Max(_committed, _paid) : _paid;
        var committed = Within(paid, agreed, promised);
        sums = sums with
        {
            Outstanding = promised == 0 ? 0 : Money.ScaleEven(usd, promised - paid, promised),
            PromisedOnly = promised == 0 ? 0 : Money.ScaleEven(usd, promised - committed, promised),
            Excess = _paid > promised ? Money.ScaleEven(_payments, _paid - promised, _paid) : 0,
            // Where nothing is promised any more, at the rate of the promise as it was made.
            Undisbursed = promised == 0 ? Money.ScaleEven(promise!.UsdMinor, agreed - _paid, promise.AmountMinor) : Money.ScaleEven(usd, agreed - _paid, promised),
        };
        return new Line(donorId, true, _pledgedOn, _amount, promised, promised - paid, sums, PledgeStatus(promised, paid, committed));
    }

    /// <summary>What it holds less than nothing of: promised, committed or paid. Adjustments are left out: they may. Null where there is no such thing.</summary>
    public Shortage? Shortage(DateOnly day)
    {
        return Below("promised", _amount - _withdrawn, _currency) ?? Below("promised", _sums.Pledged - _sums.Withdrawn, "USD", isOfDollars: true)
            ?? OfMoves("commitment", "committed", _committed, _commitments) ?? OfMoves("payment", "paid", _paid, _payments);

        Shortage? OfMoves(string kind, string what, long settled, long dollars)
        {
            var least = promise is not null ? Below(what, settled, promise.Currency)
                : _moved.Where(m => m.Key.Kind == kind).Select(m => Below(what, m.Value, m.Key.Currency)).FirstOrDefault(shortage => shortage is not null);
            return least ?? Below(what, dollars, "USD", isOfDollars: true);
        }

        Shortage? Below(string what, long minor, string currency, bool isOfDollars = false) => minor < 0 ? new Shortage(day, what, minor, currency, isOfDollars) : null;
    }

    private long SettledBy(Entry entry) => promise is null ? entry.AmountMinor : entry.Settled(promise);

    private void Move(Entry entry) => _moved[(entry.Kind, entry.Currency)] = checked(_moved.GetValueOrDefault((entry.Kind, entry.Currency)) + entry.AmountMinor);

    private static long Within(long least, long value, long most) => Math.Min(Math.Max(value, least), Math.Max(most, least));

    private static Sums Counted(Sums sums, string qualifier) => qualifier switch
    {
        "approximate" => sums with { Approximate = sums.Approximate + 1 },
        "at_least" => sums with { AtLeast = sums.AtLeast + 1 },
        "at_most" => sums with { AtMost = sums.AtMost + 1 },
        _ => sums,
    };

    private static Sums Withdraw(Sums sums, string? reason, long usd)
    {
        sums = sums with { Withdrawn = checked(sums.Withdrawn + usd) };
        return reason switch
        {
            "withdrawn_by_donor" => sums with { WithdrawnByDonor = checked(sums.WithdrawnByDonor + usd) },
            "lapsed" => sums with { Lapsed = checked(sums.Lapsed + usd) },
            "written_off" => sums with { WrittenOff = checked(sums.WrittenOff + usd) },
            _ => sums,
        };
    }

    /// <param name="promised">What is promised, in the pledge's currency.</param>
    /// <param name="paid">The part of it that is paid.</param>
    /// <param name="committed">The part of it that is committed or paid.</param>
    private string PledgeStatus(long promised, long paid, long committed) =>
        paid < promised
            ? paid > 0 ? "partially_paid" : committed == promised ? "committed" : committed > 0 ? "partially_committed" : "announced"
            // Anything paid counts, also where nothing is promised any more.
            : promised == 0 && _paid <= 0 ? "withdrawn" : _withdrawn > 0 ? "partially_withdrawn" : "paid";

    /// <param name="committed">In US cents, without adjustments.</param>
    private string DirectStatus(long committed) =>
        _entries == 0 ? "void"
        : _entries == _adjustments ? "adjusted"
        : Stands("payment") ? _payments >= committed ? "paid" : "partially_paid"
        : Stands("commitment") ? "committed" : "taken_back";

    // In its own currency: what comes to no cent in US dollars moved all the same.
    private bool Stands(string kind) => _moved.Any(m => m.Key.Kind == kind && m.Value > 0);
}

/// <summary>A day on which a line would hold less than nothing.</summary>
/// <param name="What">`promised`, `committed` or `paid`.</param>
/// <param name="Minor">By how much, below 0, in minor units of the currency.</param>
/// <param name="IsOfDollars">Of what it came to in US dollars, and not of the amounts themselves.</param>
internal sealed record Shortage(DateOnly Day, string What, long Minor, string Currency, bool IsOfDollars)
{
    /// <summary>What it is short of, in words.</summary>
    public (string En, string Ar) Words => What switch
    {
        "promised" => ("promised", "المتعهد به"),
        "committed" => ("committed", "الملتزم به"),
        _ => ("paid", "المدفوع"),
    };
}
