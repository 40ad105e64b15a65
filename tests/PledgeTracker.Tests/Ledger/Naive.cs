using System.Numerics;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// The rules of the ledger a second time: read word for word from the design's table and computed in the slowest, plainest way, so that
/// the fast code has something to agree with. It shares nothing with the code under test.
/// </summary>
internal static class Naive
{
    /// <summary>An entry of the ledger, its amounts in minor units; withdrawals are positive, refunds and releases negative.</summary>
    /// <param name="DonorId">The donor, or the organization it was merged into.</param>
    /// <param name="ReversesNo">The entry that this one takes back.</param>
    public sealed record Entry(
        long No, string DonorId, string Kind, long AmountMinor, string Currency, long UsdMinor, string Qualifier, DateOnly ValueDate, long? ReversesNo);

    /// <summary>US cents, of a line or of any group of lines.</summary>
    public readonly record struct Sums(long Pledged, long Withdrawn, long Committed, long Paid, long PaidOnPledged, long Outstanding)
    {
        public static Sums Of(IEnumerable<Sums> all)
        {
            var sum = default(Sums);
            foreach (var s in all)
            {
                sum = checked(new(sum.Pledged + s.Pledged, sum.Withdrawn + s.Withdrawn, sum.Committed + s.Committed, sum.Paid + s.Paid,
                    sum.PaidOnPledged + s.PaidOnPledged, sum.Outstanding + s.Outstanding));
            }

            return sum;
        }
    }

    /// <summary>What one donor's part of a header comes to.</summary>
    /// <param name="AmountMinor">What was pledged, in the header's currency.</param>
    /// <param name="PromisedMinor">Of that, what was not withdrawn.</param>
    /// <param name="OutstandingMinor">Of that, what is left to pay.</param>
    public sealed record Line(
        string DonorId, bool HasPledge, DateOnly? PledgedOn, long AmountMinor, long PromisedMinor, long OutstandingMinor, Sums Sums, string Status);

    /// <summary>What a day adds to a fund, in US cents.</summary>
    /// <param name="Direct">The part of Committed that nobody had pledged.</param>
    public readonly record struct Day(long Pledged, long Committed, long Direct, long Paid);

    private static readonly string[] FromLeastAdvanced =
        ["announced", "partially_committed", "committed", "partially_paid", "paid", "partially_withdrawn", "withdrawn", "void"];

    /// <summary>What was neither reversed nor is a reversal.</summary>
    public static List<Entry> Standing(IReadOnlyCollection<Entry> all) =>
        all.Where(e => e.ReversesNo is null && !all.Any(r => r.ReversesNo == e.No)).ToList();

    public static List<Line> Lines(IReadOnlyCollection<Entry> all) =>
        all.Select(e => e.DonorId).Distinct().Order(StringComparer.Ordinal).Select(donor => LineOf(donor, all)).ToList();

    public static Line LineOf(string donor, IReadOnlyCollection<Entry> all)
    {
        var own = Standing(all).Where(e => e.DonorId == donor).ToList();
        var promise = own.Where(e => e.Kind == "pledge").MinBy(e => e.No);
        long Usd(params string[] kinds) => own.Where(e => kinds.Contains(e.Kind)).Sum(e => e.UsdMinor);
        long Minor(params string[] kinds) => own.Where(e => kinds.Contains(e.Kind)).Sum(e => e.AmountMinor);
        var agreed = own.Any(e => e.Kind == "commitment");
        var (pledged, withdrawn, paid) = (Usd("pledge", "revision"), Usd("withdrawal"), Usd("payment"));
        var committed = agreed ? Math.Max(Usd("commitment"), paid) : paid;
        if (promise is null)
        {
            var direct = paid > 0 && paid >= committed ? "paid" : paid > 0 ? "partially_paid" : committed > 0 ? "committed" : "void";
            return new Line(donor, false, null, 0, 0, 0, new Sums(pledged, withdrawn, committed, paid, 0, 0), direct);
        }

        // In the line's currency when all its entries share it, in US dollars otherwise (or where the promise says no rate).
        var native = own.Select(e => e.Currency).Distinct().Count() == 1 && promise.AmountMinor != 0 && promise.UsdMinor != 0;
        var promisedMinor = Minor("pledge", "revision") - Minor("withdrawal");
        long outstanding, outstandingMinor, left, promisedHere, committedHere, withdrawnHere, paidHere;
        if (native)
        {
            left = outstandingMinor = Math.Max(0, promisedMinor - Minor("payment"));
            outstanding = Times(outstandingMinor, promise.UsdMinor, promise.AmountMinor);
            (withdrawnHere, paidHere) = (Minor("withdrawal"), Minor("payment"));
            (promisedHere, committedHere) = (promisedMinor, agreed ? Math.Max(Minor("commitment"), Minor("payment")) : Minor("payment"));
        }
        else
        {
            left = outstanding = Math.Max(0, pledged - withdrawn - paid);
            outstandingMinor = promise.UsdMinor == 0 ? 0 : Times(outstanding, promise.AmountMinor, promise.UsdMinor);
            (withdrawnHere, paidHere) = (withdrawn, paid);
            (promisedHere, committedHere) = (pledged - withdrawn, committed);
        }

        // A promise lowered to nothing, of which nothing was paid, is neither paid nor withdrawn: it is void.
        var status =
            left == 0 && withdrawnHere > 0 && paidHere <= 0 ? "withdrawn" :
            left == 0 && withdrawnHere > 0 ? "partially_withdrawn" :
            left == 0 && paidHere <= 0 ? "void" :
            left == 0 ? "paid" :
            paidHere > 0 ? "partially_paid" :
            committedHere > 0 && committedHere >= promisedHere ? "committed" :
            committedHere > 0 ? "partially_committed" :
            "announced";
        return new Line(donor, true, promise.ValueDate, Minor("pledge", "revision"), promisedMinor, outstandingMinor,
            new Sums(pledged, withdrawn, committed, paid, paid, outstanding), status);
    }

    /// <summary>Committed and paid as they stood at the end of a day, of one donor's entries.</summary>
    public static (long Committed, long Paid) AsOf(DateOnly day, string donor, IReadOnlyCollection<Entry> all)
    {
        var then = Standing(all).Where(e => e.DonorId == donor && e.ValueDate <= day).ToList();
        var paid = then.Where(e => e.Kind == "payment").Sum(e => e.UsdMinor);
        var agreements = then.Where(e => e.Kind == "commitment").ToList();
        return (agreements.Count == 0 ? paid : Math.Max(agreements.Sum(e => e.UsdMinor), paid), paid);
    }

    /// <summary>What a header adds to its fund on a day.</summary>
    public static Day FundDay(DateOnly day, IReadOnlyCollection<Entry> all)
    {
        long pledged = 0, committed = 0, direct = 0, paid = 0;
        foreach (var line in Lines(all))
        {
            pledged += line.PledgedOn == day ? line.Sums.Pledged - line.Sums.Withdrawn : 0;
            var (evening, before) = (AsOf(day, line.DonorId, all), AsOf(day.AddDays(-1), line.DonorId, all));
            committed += evening.Committed - before.Committed;
            direct += line.HasPledge ? 0 : evening.Committed - before.Committed;
            paid += evening.Paid - before.Paid;
        }

        return new Day(pledged, committed, direct, paid);
    }

    public static string HeaderStatus(IReadOnlyCollection<Line> lines)
    {
        var speaking = lines.Where(l => l.Status != "void").ToList();
        if (speaking.Count == 0)
        {
            return "void";
        }

        var least = FromLeastAdvanced.First(status => speaking.Any(l => l.Status == status));
        return least == "paid" && speaking.Any(l => l.Status.EndsWith("withdrawn", StringComparison.Ordinal)) ? "partially_withdrawn" : least;
    }

    public static DateOnly? OverdueFrom(long outstanding, long promised, IReadOnlyCollection<(DateOnly On, long Amount)> instalments, DateOnly? dueOn)
    {
        // What no instalment speaks of is due on the header's own day, or on no day at all.
        var rest = Math.Max(0, promised - instalments.Sum(i => i.Amount));
        var days = instalments.Select(i => i.On).Concat(dueOn is { } day ? [day] : []).Distinct().Order();
        foreach (var due in days)
        {
            var stillToCome = instalments.Where(i => i.On > due).Sum(i => i.Amount) + (dueOn is null || dueOn > due ? rest : 0);
            if (outstanding > 0 && outstanding > stillToCome)
            {
                return due;
            }
        }

        return null;
    }

    /// <summary>amount × numerator ÷ denominator, half away from zero, in numbers of any size.</summary>
    public static long Times(long amount, long numerator, long denominator)
    {
        var product = (BigInteger)amount * numerator;
        var negative = product.Sign * Math.Sign(denominator) < 0;
        var rounded = (BigInteger.Abs(product) * 2 + BigInteger.Abs(denominator)) / (2 * BigInteger.Abs(denominator));
        return (long)(negative ? -rounded : rounded);
    }
}
