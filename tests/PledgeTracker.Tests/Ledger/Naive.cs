using System.Numerics;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// The rules of the ledger a second time: read word for word from the design and computed in the slowest, plainest way, so that
/// the fast code has something to agree with. It shares nothing with the code under test.
/// </summary>
internal static class Naive
{
    /// <summary>An entry of the ledger, its amounts in minor units; withdrawals are positive, refunds and releases negative.</summary>
    /// <param name="DonorId">The donor, or the organization it was merged into.</param>
    /// <param name="ReversesNo">The entry that this one takes back.</param>
    /// <param name="SettlesMinor">What it settles of the pledge, in the pledge's currency, where its own is another.</param>
    public sealed record Entry(
        long No, string DonorId, string Kind, long AmountMinor, string Currency, long UsdMinor, string Qualifier, DateOnly ValueDate, DateOnly CountsFrom,
        long? ReversesNo = null, long? SettlesMinor = null, string? Reason = null, string? Adjusts = null, string? UsdQualifier = null);

    /// <summary>US cents, of a line or of any group of lines; the last three count entries.</summary>
    public readonly record struct Sums
    {
        public long Pledged { get; init; }
        public long RevisedDown { get; init; }
        public long Withdrawn { get; init; }
        public long WithdrawnByDonor { get; init; }
        public long Lapsed { get; init; }
        public long WrittenOff { get; init; }
        public long Committed { get; init; }
        public long Paid { get; init; }
        public long Outstanding { get; init; }
        public long PromisedOnly { get; init; }
        public long Excess { get; init; }
        public long Undisbursed { get; init; }
        public long DirectCommitted { get; init; }
        public long DirectPaid { get; init; }
        public long AdjustedPledged { get; init; }
        public long AdjustedCommitted { get; init; }
        public long AdjustedPaid { get; init; }
        public long Approximate { get; init; }
        public long AtLeast { get; init; }
        public long AtMost { get; init; }

        public static Sums Of(IReadOnlyCollection<Sums> all)
        {
            long Sum(Func<Sums, long> figure) => all.Sum(figure);
            return new Sums
            {
                Pledged = Sum(s => s.Pledged),
                RevisedDown = Sum(s => s.RevisedDown),
                Withdrawn = Sum(s => s.Withdrawn),
                WithdrawnByDonor = Sum(s => s.WithdrawnByDonor),
                Lapsed = Sum(s => s.Lapsed),
                WrittenOff = Sum(s => s.WrittenOff),
                Committed = Sum(s => s.Committed),
                Paid = Sum(s => s.Paid),
                Outstanding = Sum(s => s.Outstanding),
                PromisedOnly = Sum(s => s.PromisedOnly),
                Excess = Sum(s => s.Excess),
                Undisbursed = Sum(s => s.Undisbursed),
                DirectCommitted = Sum(s => s.DirectCommitted),
                DirectPaid = Sum(s => s.DirectPaid),
                AdjustedPledged = Sum(s => s.AdjustedPledged),
                AdjustedCommitted = Sum(s => s.AdjustedCommitted),
                AdjustedPaid = Sum(s => s.AdjustedPaid),
                Approximate = Sum(s => s.Approximate),
                AtLeast = Sum(s => s.AtLeast),
                AtMost = Sum(s => s.AtMost),
            };
        }

        /// <summary>`exact`, the one word that all inexact parts share, or `mixed`.</summary>
        public string Qualifier
        {
            get
            {
                var (approximate, atLeast, atMost) = (Approximate, AtLeast, AtMost);
                return approximate + atLeast + atMost == 0 ? "exact" :
                    atLeast + atMost == 0 ? "approximate" :
                    approximate + atMost == 0 ? "at_least" :
                    approximate + atLeast == 0 ? "at_most" : "mixed";
            }
        }

        /// <summary>The parts of a promise: they add up to what was pledged.</summary>
        public (long PromisedOnly, long CommittedUnpaid, long Paid, long Withdrawn) Stages =>
            (PromisedOnly, Outstanding - PromisedOnly, Pledged - Withdrawn - Outstanding, Withdrawn);
    }

    /// <summary>What one donor's part of a header comes to.</summary>
    /// <param name="AmountMinor">What was pledged, in the header's currency.</param>
    /// <param name="PromisedMinor">N: of that, what was not withdrawn.</param>
    /// <param name="OutstandingMinor">N − P: of that, what is left to pay.</param>
    public sealed record Line(
        string DonorId, bool HasPledge, DateOnly? PledgedOn, long AmountMinor, long PromisedMinor, long OutstandingMinor, Sums Sums, string Status);

    /// <summary>What a day holds of a fund's money, in US cents.</summary>
    /// <param name="Direct">The part of Committed that nobody had pledged.</param>
    public readonly record struct Day(long Pledged, long Committed, long Direct, long Paid);

    /// <summary>Each country's part of an amount: whole units by the shares, then one more for who is the furthest below what is due to it, until nothing is left.</summary>
    /// <param name="shares">In ten-thousandths of a percent.</param>
    public static Dictionary<string, long> Parts(long amount, IReadOnlyCollection<(string Country, int Share)> shares)
    {
        var (sign, whole) = (Math.Sign(amount), BigInteger.Abs(amount));
        var parts = shares.ToDictionary(s => s.Country, s => (long)(whole * s.Share / 1_000_000));
        while (shares.Count > 0 && parts.Values.Aggregate(BigInteger.Zero, (sum, part) => sum + part) < whole)
        {
            parts[shares.OrderByDescending(s => (whole * s.Share) - ((BigInteger)parts[s.Country] * 1_000_000)).ThenBy(s => s.Country, StringComparer.Ordinal).First().Country]++;
        }

        return parts.ToDictionary(p => p.Key, p => sign * p.Value);
    }

    /// <summary>Each country's part of a line.</summary>
    public static Dictionary<string, Sums> PartsOf(Sums line, IReadOnlyCollection<(string Country, int Share)> shares)
    {
        var parts = shares.ToDictionary(s => s.Country, s => Parted(line, amount => Parts(amount, shares)[s.Country]));
        // What was withdrawn for a reason, for it or one before it, and so on: cent by cent to whom the shares give it, or to the first whose part holds it yet.
        var room = parts.ToDictionary(p => p.Key, p => p.Value.Withdrawn);
        var upTo = new List<Dictionary<string, long>>();
        foreach (var amount in new[] { line.WithdrawnByDonor + line.Lapsed + line.WrittenOff, line.WithdrawnByDonor + line.Lapsed, line.WithdrawnByDonor })
        {
            var given = Parts(amount, shares);
            while (shares.FirstOrDefault(s => given[s.Country] > room[s.Country]).Country is { } over)
            {
                given[over]--;
                given[shares.First(s => s.Country != over && given[s.Country] < room[s.Country]).Country]++;
            }

            upTo.Add(given);
            room = given;
        }

        return parts.ToDictionary(p => p.Key, p => p.Value with
        {
            WithdrawnByDonor = upTo[2][p.Key],
            Lapsed = upTo[1][p.Key] - upTo[2][p.Key],
            WrittenOff = upTo[0][p.Key] - upTo[1][p.Key],
        });
    }

    /// <summary>
    /// A part of sums: of each stage, of the excess, of what was paid and of what was committed beyond that; the rest follows. Of the reasons for what was withdrawn
    /// each takes what those up to it come to, less what those before it took.
    /// </summary>
    public static Sums Parted(Sums of, Func<long, long> part)
    {
        var (promisedOnly, committedUnpaid, paidOfPledged, withdrawn) = of.Stages;
        var (only, unpaid, fulfilled, gone) = (part(promisedOnly), part(committedUnpaid), part(paidOfPledged), part(withdrawn));
        var donor = Math.Min(gone, part(of.WithdrawnByDonor));
        var lapsed = Math.Min(gone, Math.Max(donor, part(of.WithdrawnByDonor + of.Lapsed))) - donor;
        var writtenOff = Math.Min(gone, Math.Max(donor + lapsed, part(of.WithdrawnByDonor + of.Lapsed + of.WrittenOff))) - donor - lapsed;
        return of with
        {
            Pledged = only + unpaid + fulfilled + gone,
            RevisedDown = part(of.RevisedDown),
            Withdrawn = gone,
            WithdrawnByDonor = donor,
            Lapsed = lapsed,
            WrittenOff = writtenOff,
            Committed = part(of.Paid) + part(of.Committed - of.Paid),
            Paid = part(of.Paid),
            Outstanding = only + unpaid,
            PromisedOnly = only,
            Excess = part(of.Excess),
            Undisbursed = part(of.Undisbursed),
            DirectCommitted = part(of.DirectPaid) + part(of.DirectCommitted - of.DirectPaid),
            DirectPaid = part(of.DirectPaid),
            AdjustedPledged = part(of.AdjustedPledged),
            AdjustedCommitted = part(of.AdjustedCommitted),
            AdjustedPaid = part(of.AdjustedPaid),
        };
    }

    private static readonly string[] FromLeastAdvanced =
        ["announced", "partially_committed", "committed", "partially_paid", "paid", "partially_withdrawn", "withdrawn", "taken_back", "adjusted", "void"];

    /// <summary>What was neither reversed nor is a reversal.</summary>
    public static List<Entry> Standing(IReadOnlyCollection<Entry> all)
    {
        var reversed = all.Where(r => r.ReversesNo is not null).Select(r => r.ReversesNo!.Value).ToHashSet();
        return [.. all.Where(e => e.ReversesNo is null && !reversed.Contains(e.No))];
    }

    /// <summary>
    /// What stands where of contributions only what was verified counts. A refund or release takes no more, in the pledge's currency and in dollars, than what was verified by the end of its day
    /// has left when those before it have taken theirs.
    /// </summary>
    public static List<Entry> Verified(IReadOnlyCollection<Entry> all, Func<long, bool> isVerified)
    {
        var counted = Standing(all).FindAll(e => e.Kind is not ("commitment" or "payment" or "adjustment") || isVerified(e.No));
        foreach (var line in counted.GroupBy(e => (e.DonorId, e.Kind)).Where(line => line.Key.Kind is "commitment" or "payment").ToList())
        {
            var pledge = counted.Where(e => e.Kind == "pledge" && e.DonorId == line.Key.DonorId).MinBy(e => e.No);
            long Minor(Entry e) => pledge is null ? e.UsdMinor : e.Currency == pledge.Currency ? e.AmountMinor : e.SettlesMinor ?? Settles(e, all)!.Value;
            List<Entry> taken = [.. line.Where(e => e.AmountMinor >= 0).Select(e => e with { AmountMinor = Minor(e), Currency = pledge?.Currency ?? "USD" })];
            foreach (var back in line.Where(e => e.AmountMinor < 0).OrderBy(e => e.CountsFrom).ThenBy(e => e.No))
            {
                var left = taken.FindAll(e => e.CountsFrom <= back.CountsFrom);
                var (minor, usd) = (Math.Min(-Minor(back), left.Sum(e => e.AmountMinor)), Math.Min(-back.UsdMinor, left.Sum(e => e.UsdMinor)));
                var at = counted.IndexOf(back);
                taken.Add(back with { AmountMinor = -minor, Currency = pledge?.Currency ?? "USD", UsdMinor = -usd, SettlesMinor = null });
                counted[at] = taken[^1];
            }
        }

        return counted;
    }

    public static List<Line> Lines(IReadOnlyCollection<Entry> all, DateOnly? asOf = null) =>
        all.Select(e => e.DonorId).Distinct().Order(StringComparer.Ordinal).Select(donor => LineOf(donor, all, asOf)).ToList();

    /// <summary>A donor's line, now or as it stood at the end of a day.</summary>
    public static Line LineOf(string donor, IReadOnlyCollection<Entry> all, DateOnly? asOf = null)
    {
        var own = Standing(all).Where(e => e.DonorId == donor && (asOf is null || e.CountsFrom <= asOf)).ToList();
        List<Entry> Of(params string[] kinds) => own.FindAll(e => kinds.Contains(e.Kind));
        long Usd(params string[] kinds) => Of(kinds).Sum(e => e.UsdMinor);
        long Minor(params string[] kinds) => Of(kinds).Sum(e => e.AmountMinor);
        long Adjusted(string what) => own.Where(e => e.Kind == "adjustment" && e.Adjusts == what).Sum(e => e.UsdMinor);
        long Because(string reason) => own.Where(e => e.Kind == "withdrawal" && e.Reason == reason).Sum(e => e.UsdMinor);
        long Inexact(string word) => own.Count(e => (e.UsdQualifier ?? e.Qualifier) == word);

        var agreed = own.Exists(e => e.Kind == "commitment");
        var moved = Usd("payment");
        var paid = moved + Adjusted("payment");
        var committed = (agreed ? Math.Max(Usd("commitment"), moved) : moved) + Adjusted("commitment") + Adjusted("payment");
        var sums = new Sums
        {
            Committed = committed,
            Paid = paid,
            WithdrawnByDonor = Because("withdrawn_by_donor"),
            Lapsed = Because("lapsed"),
            WrittenOff = Because("written_off"),
            AdjustedPledged = Adjusted("pledge"),
            AdjustedCommitted = Adjusted("commitment"),
            AdjustedPaid = Adjusted("payment"),
            Approximate = Inexact("approximate"),
            AtLeast = Inexact("at_least"),
            AtMost = Inexact("at_most"),
        };
        var pledge = Of("pledge").MinBy(e => e.No);
        if (pledge is null)
        {
            return new Line(donor, false, null, 0, 0, 0, sums with { DirectCommitted = committed, DirectPaid = paid }, DirectStatus(own));
        }

        // In the pledge's currency.
        long Settled(string kind) => Of(kind).Sum(e => e.Currency == pledge.Currency ? e.AmountMinor : e.SettlesMinor ?? Settles(e, all)!.Value);
        var (pledgedHere, withdrawnHere, paidHere) = (Minor("pledge", "revision"), Minor("withdrawal"), Settled("payment"));
        var n = pledgedHere - withdrawnHere;
        var p = Math.Max(0, Math.Min(paidHere, n));
        var c = Math.Max(p, Math.Min(agreed ? Math.Max(Settled("commitment"), paidHere) : paidHere, n));

        // And in dollars, which are 0 wherever N is 0.
        var (pledged, withdrawn) = (Usd("pledge", "revision"), Usd("withdrawal"));
        var revisedDown = -own.Where(e => e.Kind == "revision" && e.AmountMinor < 0).Sum(e => e.UsdMinor);
        var cents = n == 0 ? pledged - withdrawn : 0;
        if (withdrawnHere > 0)
        {
            withdrawn += cents;
        }
        else
        {
            pledged -= cents;
            revisedDown += cents;
        }

        var dollars = pledged - withdrawn;
        return new Line(donor, true, pledge.CountsFrom, pledgedHere, n, n - p, sums with
        {
            Pledged = pledged,
            RevisedDown = revisedDown,
            Withdrawn = withdrawn,
            Outstanding = n == 0 ? 0 : HalfToEven(dollars, n - p, n),
            PromisedOnly = n == 0 ? 0 : HalfToEven(dollars, n - c, n),
            Excess = paidHere > n ? HalfToEven(moved, paidHere - n, paidHere) : 0,
            Undisbursed = Undisbursed(),
        }, PledgeStatus());

        // What is committed and not paid yet, whether or not it was promised, at the rate of what stands; of the promise as it was made where nothing does.
        long Undisbursed()
        {
            var open = agreed ? Math.Max(0, Settled("commitment") - paidHere) : 0;
            return n != 0 ? HalfToEven(open, dollars, n) : HalfToEven(open, pledge.UsdMinor, pledge.AmountMinor);
        }

        string PledgeStatus() =>
            n == 0 && paidHere == 0 ? "withdrawn" :
            p == n && withdrawnHere > 0 ? "partially_withdrawn" :
            p == n ? "paid" :
            p > 0 ? "partially_paid" :
            c == n ? "committed" :
            c > 0 ? "partially_committed" :
            "announced";
    }

    // Money that rounds to no dollars is money all the same.
    private static string DirectStatus(List<Entry> own)
    {
        bool Some(string kind) => own.Where(e => e.Kind == kind).GroupBy(e => e.Currency).Any(g => g.Sum(e => e.AmountMinor) > 0);
        long Usd(string kind) => own.Where(e => e.Kind == kind).Sum(e => e.UsdMinor);
        return own.Count == 0 ? "void" :
            own.TrueForAll(e => e.Kind == "adjustment") ? "adjusted" :
            Some("payment") ? Usd("payment") >= Usd("commitment") ? "paid" : "partially_paid" :
            Some("commitment") ? "committed" :
            "taken_back";
    }

    /// <summary>
    /// What an entry in another currency than the pledge's settles where nobody says it: its dollars at the pledge's rate as of its day, before it;
    /// all that is outstanding where it has the dollars of that. Null where the pledge has no dollars, so that it must be said.
    /// </summary>
    public static long? Settles(Entry entry, IReadOnlyCollection<Entry> all)
    {
        var before = LineOf(entry.DonorId, [.. all.Where(e => e.No < entry.No)], entry.CountsFrom);
        var pledge = Standing(all).Where(e => e.Kind == "pledge" && e.DonorId == entry.DonorId).MinBy(e => e.No)!;
        var dollars = before.Sums.Pledged - before.Sums.Withdrawn;
        return entry.UsdMinor > 0 && entry.UsdMinor == before.Sums.Outstanding ? before.OutstandingMinor :
            before.PromisedMinor != 0 && dollars != 0 ? HalfToEven(entry.UsdMinor, before.PromisedMinor, dollars) :
            before.PromisedMinor == 0 && pledge.UsdMinor != 0 ? HalfToEven(entry.UsdMinor, pledge.AmountMinor, pledge.UsdMinor) :
            null;
    }

    /// <summary>
    /// The dollars of what takes a promise down by so much, from a day on: N$ − N$ × (N − w) ÷ N, with N and N$ of the day from then on on which N is least.
    /// </summary>
    public static long TakenDown(long minor, string donor, DateOnly from, IReadOnlyCollection<Entry> all)
    {
        var least = all.Select(e => e.CountsFrom).Append(from).Where(day => day >= from).Distinct().Select(day => LineOf(donor, all, day))
            .OrderBy(l => l.PromisedMinor).ThenBy(l => l.Sums.Pledged - l.Sums.Withdrawn).First();
        var (n, dollars) = (least.PromisedMinor, least.Sums.Pledged - least.Sums.Withdrawn);
        return dollars - HalfToEven(dollars, n - minor, n);
    }

    /// <summary>
    /// What a header holds of its fund's money on each day. A day on which a figure rises holds the rise; what a later day takes back comes off the latest
    /// days that still hold something, and what they do not hold stays on its own day.
    /// </summary>
    public static Dictionary<DateOnly, Day> FundDays(IReadOnlyCollection<Entry> all)
    {
        var days = all.Select(e => e.CountsFrom).Distinct().Order().ToList();
        var held = days.ToDictionary(day => day, _ => default(Day));
        foreach (var line in Lines(all))
        {
            var committed = Spread(days, day => LineOf(line.DonorId, all, day).Sums.Committed);
            var paid = Spread(days, day => LineOf(line.DonorId, all, day).Sums.Paid);
            for (var i = 0; i < days.Count; i++)
            {
                var day = held[days[i]];
                held[days[i]] = new Day(
                    day.Pledged + (line.PledgedOn == days[i] ? line.Sums.Pledged - line.Sums.Withdrawn : 0),
                    day.Committed + committed[i],
                    day.Direct + (line.HasPledge ? 0 : committed[i]),
                    day.Paid + paid[i]);
            }
        }

        return held;
    }

    private static long[] Spread(List<DateOnly> days, Func<DateOnly, long> figure)
    {
        var held = new long[days.Count];
        var before = 0L;
        for (var i = 0; i < days.Count; i++)
        {
            var now = figure(days[i]);
            held[i] = Math.Max(0, now - before);
            var back = Math.Max(0, before - now);
            for (var j = i - 1; j >= 0; j--)
            {
                var taken = Math.Min(back, Math.Max(0, held[j]));
                held[j] -= taken;
                back -= taken;
            }

            held[i] -= back;
            before = now;
        }

        return held;
    }

    public static string HeaderStatus(IReadOnlyCollection<Line> lines)
    {
        var speaking = lines.Where(l => l.Status != "void").ToList();
        if (speaking.Count == 0)
        {
            return "void";
        }

        var least = FromLeastAdvanced.First(status => speaking.Exists(l => l.Status == status));
        return least == "paid" && speaking.Exists(l => l.Status.EndsWith("withdrawn", StringComparison.Ordinal)) ? "partially_withdrawn" : least;
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

    /// <summary>amount × numerator ÷ denominator, half to even, in numbers of any size.</summary>
    public static long HalfToEven(long amount, long numerator, long denominator)
    {
        var product = (BigInteger)amount * numerator * Math.Sign(denominator);
        var whole = BigInteger.Abs(product) / BigInteger.Abs(denominator);
        var rest = (BigInteger.Abs(product) % BigInteger.Abs(denominator) * 2).CompareTo(BigInteger.Abs(denominator));
        var rounded = rest > 0 || (rest == 0 && !whole.IsEven) ? whole + 1 : whole;
        return (long)(product.Sign * rounded);
    }

    /// <summary>amount × numerator ÷ denominator, half away from zero, as an exchange rate rounds; in numbers of any size.</summary>
    public static long Times(long amount, long numerator, long denominator)
    {
        var product = (BigInteger)amount * numerator;
        var negative = product.Sign * Math.Sign(denominator) < 0;
        var rounded = (BigInteger.Abs(product) * 2 + BigInteger.Abs(denominator)) / (2 * BigInteger.Abs(denominator));
        return (long)(negative ? -rounded : rounded);
    }
}
