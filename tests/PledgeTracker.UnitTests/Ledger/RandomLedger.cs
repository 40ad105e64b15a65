using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Tests.Ledger;

namespace PledgeTracker.UnitTests.Ledger;

/// <summary>
/// Ledgers of one header as FsCheck makes them up. A ledger is a list of moves; any part of the list is a ledger too, so that a
/// failing one shrinks to the few moves that matter. Moves that a check of the ledger would refuse, on any day, make no entry.
/// </summary>
internal static class RandomLedger
{
    public static readonly DateOnly FirstDay = new(2020, 1, 1);
    public const int Days = 12;

    /// <summary>The most that an entry may say: in minor units of its currency, and in US cents.</summary>
    public const long MostMinor = 100_000_000_000_000_000, MostUsd = 100_000_000_000_000;

    private static readonly string[] OfPromises =
        ["pledge", "revision", "revision", "withdrawal", "withdrawal", "withdrawal", "rest", "commitment", "commitment", "commitment", "payment", "payment",
         "payment", "payment", "exactly", "back", "reversal", "reversal", "reversal"];

    private static readonly string[] OfDirectHeaders = ["commitment", "payment", "payment", "back", "back", "adjustment", "adjustment", "reversal"];

    // Few different amounts, so that promises are often met to the cent, and odd ones, so that rounding shows.
    private static readonly long[] Amounts = [10_000, 10_000, 10_000, 5_000, 5_000, 2_500, 1_000, 15_000, 3_333, 6_667, 1, 99_999];

    private static readonly string[] Currencies = ["EUR", "EUR", "EUR", "USD", "JPY"];

    private static readonly string[] Reasons = ["withdrawn_by_donor", "lapsed", "written_off", "unspecified"];

    private static readonly string[] Adjustable = ["pledge", "commitment", "payment"];

    /// <param name="Value">The day that is given, counted from the first.</param>
    /// <param name="Recorded">The day on which it is recorded: it counts from the earlier of the two.</param>
    public sealed record Move(string Donor, string Kind, long Amount, string Currency, int Rate, int Value, int Recorded, string Qualifier, string? UsdQualifier, int Pick);

    /// <param name="Rate">Thousandths of a US cent for a minor unit of the header's currency.</param>
    /// <param name="Large">Amounts reach the limits.</param>
    public sealed record Ledger(bool Direct, string Currency, int Rate, bool Large, IReadOnlyList<Move> Moves)
    {
        public override string ToString() => $"{(Direct ? "Direct" : Currency)} at {Rate}{(Large ? ", large" : "")}:\n{string.Join('\n', Moves)}";

        public List<Naive.Entry> Entries()
        {
            var entries = new List<Naive.Entry>();
            foreach (var move in Moves)
            {
                if (Entry(move, entries) is { } entry && IsAllowed(entry, entries))
                {
                    entries.Add(entry);
                }
            }

            return entries;
        }

        // Moves that make no sense where they stand make none.
        private Naive.Entry? Entry(Move move, List<Naive.Entry> entries)
        {
            var no = entries.Count + 1;
            var standing = Naive.Standing(entries);
            if (move.Kind == "reversal")
            {
                return standing.Count == 0 ? null : Reversal(standing[move.Pick % standing.Count], no);
            }

            var (value, recorded) = (FirstDay.AddDays(move.Value), FirstDay.AddDays(move.Recorded));
            var countsFrom = value < recorded ? value : recorded;
            if (move.Kind == "back")
            {
                // A payment or a commitment is given back whole.
                var given = standing.FindAll(e => e.DonorId == move.Donor && e.Kind is "commitment" or "payment" && e.AmountMinor > 0);
                return given.Count == 0 ? null : Reversal(given[move.Pick % given.Count], no) with { ReversesNo = null, ValueDate = value, CountsFrom = countsFrom };
            }

            // A line begins with its promise, whatever the days; after that it is the revisions that change it.
            var pledged = standing.Exists(e => e.Kind == "pledge" && e.DonorId == move.Donor);
            var kind =
                !Direct && !entries.Exists(e => e.DonorId == move.Donor) ? "pledge" :
                move.Kind == "pledge" ? "revision" :
                move.Kind == "rest" ? "withdrawal" :
                move.Kind == "exactly" ? "payment" :
                move.Kind;
            if (kind is "revision" or "withdrawal" && !pledged)
            {
                return null;
            }

            var line = entries.Count == 0 ? null : Naive.LineOf(move.Donor, entries);
            var then = entries.Count == 0 ? null : Naive.LineOf(move.Donor, entries, countsFrom);
            var down = kind is "revision" or "commitment" or "payment" or "adjustment" && move.Pick % 4 == 0;
            var amount = Amount(move, kind is "pledge" or "revision" or "withdrawal" ? Currency : move.Currency);
            var currency = kind is "pledge" or "revision" or "withdrawal" ? Currency : move.Currency;
            if (move.Kind == "rest" && kind == "withdrawal")
            {
                // All that is left, or a third of it.
                amount = move.Pick % 2 == 0 ? line!.OutstandingMinor : line!.OutstandingMinor / 3;
            }
            else if (move.Kind == "exactly" && kind == "payment" && then is { Sums.Outstanding: > 0 })
            {
                // The very dollars that are shown as outstanding, in another currency than the promise.
                (currency, amount) = ("USD", then.Sums.Outstanding);
            }

            if (amount == 0 && kind != "adjustment")
            {
                return null;
            }

            amount = down ? -amount : amount;
            var usd = currency == "USD" ? amount : Naive.HalfToEven(amount, kind == "pledge" ? Rate : move.Rate, Large ? 1_000_000 : 1000);
            if (kind == "adjustment" && move.Pick % 3 == 0 && currency != "USD")
            {
                // A source's dollars may have the other sign.
                usd = -usd;
            }
            else if (kind == "withdrawal" || (kind == "revision" && amount < 0 && (move.Pick % 8 == 0 || line!.PromisedMinor + amount == 0)))
            {
                usd = Math.Sign(amount) * Taken(move.Donor, Math.Abs(amount), countsFrom, entries);
            }

            var entry = new Naive.Entry(no, move.Donor, kind, amount, currency, usd, move.Qualifier, value, countsFrom,
                Reason: kind == "withdrawal" ? Reasons[move.Pick % Reasons.Length] : null,
                Adjusts: kind == "adjustment" ? Adjustable[move.Pick % Adjustable.Length] : null,
                UsdQualifier: move.UsdQualifier);
            // What is said to be settled, or what follows from the dollars; where the promise has none it must be said.
            return kind is "commitment" or "payment" && pledged && currency != Currency
                ? entry with { SettlesMinor = (move.Pick % 3 == 1 ? amount : default(long?)) ?? Naive.Settles(entry, entries) ?? amount }
                : entry;
        }

        private long Amount(Move move, string currency) =>
            !Large ? move.Amount :
            move.Pick % 5 == 0 ? (currency == "USD" ? MostUsd : MostMinor) :
            Math.Min(currency == "USD" ? MostUsd : MostMinor, move.Amount * (currency == "USD" ? 1_000_000_000 : 1_000_000_000_000) / 100);

        private static long Taken(string donor, long minor, DateOnly from, List<Naive.Entry> entries) =>
            entries.Select(e => e.CountsFrom).Append(from).Where(day => day >= from).All(day => Naive.LineOf(donor, entries, day).PromisedMinor is var n && n > 0 && n >= minor)
                ? Naive.TakenDown(minor, donor, from, entries)
                : 0;

        // Nothing is negative on any day: what is promised, in either currency, and what was paid or committed, in any.
        private static bool IsAllowed(Naive.Entry entry, List<Naive.Entry> entries)
        {
            if (Math.Abs(entry.UsdMinor) > MostUsd || Math.Abs(entry.AmountMinor) > MostMinor || Math.Abs(entry.SettlesMinor ?? 0) > MostMinor)
            {
                return false;
            }

            List<Naive.Entry> all = [.. entries, entry];
            // A pledge stays while anything that was entered of it does.
            if (entry is { ReversesNo: not null, Kind: "pledge" } && Naive.Standing(all).Exists(e => e.DonorId == entry.DonorId && e.Kind is "revision" or "withdrawal"))
            {
                return false;
            }

            var own = Naive.Standing(all).FindAll(e => e.DonorId == entry.DonorId);
            foreach (var day in all.Select(e => e.CountsFrom).Where(day => day >= entry.CountsFrom).Distinct())
            {
                var soFar = own.FindAll(e => e.CountsFrom <= day);
                long Minor(params string[] kinds) => soFar.Where(e => kinds.Contains(e.Kind)).Sum(e => e.AmountMinor);
                long Usd(params string[] kinds) => soFar.Where(e => kinds.Contains(e.Kind)).Sum(e => e.UsdMinor);
                long Settled(string kind) => soFar.Where(e => e.Kind == kind).Sum(e => e.SettlesMinor ?? e.AmountMinor);
                var negative =
                    Minor("pledge", "revision") - Minor("withdrawal") < 0 || Usd("pledge", "revision") - Usd("withdrawal") < 0
                    || ((string[])["commitment", "payment"]).Any(kind => Usd(kind) < 0
                        || (own.Exists(e => e.Kind == "pledge") && Settled(kind) < 0)
                        || soFar.Where(e => e.Kind == kind).GroupBy(e => e.Currency).Any(g => g.Sum(e => e.AmountMinor) < 0));
                var tooMuch = entry is { Kind: "withdrawal", ReversesNo: null } && entries.Count > 0 && entry.AmountMinor > Naive.LineOf(entry.DonorId, entries, day).OutstandingMinor;
                if (negative || tooMuch || (own.Exists(e => e.Kind == "pledge") && !IsKept(own, soFar)))
                {
                    return false;
                }
            }

            return true;
        }
    }

    // What comes to more than 64 bits hold is refused; agreements beyond what is promised can, where little of the promise and many of its dollars are left.
    private static bool IsKept(List<Naive.Entry> own, List<Naive.Entry> soFar)
    {
        long Minor(string kind) => soFar.Where(e => e.Kind == kind).Sum(e => e.AmountMinor);
        long Usd(string kind) => soFar.Where(e => e.Kind == kind).Sum(e => e.UsdMinor);
        BigInteger Settled(string kind) => soFar.Where(e => e.Kind == kind).Sum(e => e.SettlesMinor ?? e.AmountMinor);
        var pledge = own.First(e => e.Kind == "pledge");
        var promised = Minor("pledge") + Minor("revision") - Minor("withdrawal");
        var dollars = Usd("pledge") + Usd("revision") - Usd("withdrawal");
        var open = BigInteger.Max(0, Settled("commitment") - Settled("payment"));
        return promised > 0 ? open * dollars / promised < long.MaxValue : open * pledge.UsdMinor / pledge.AmountMinor < long.MaxValue;
    }

    public static Naive.Entry Reversal(Naive.Entry wrong, long no) =>
        wrong with { No = no, AmountMinor = -wrong.AmountMinor, UsdMinor = -wrong.UsdMinor, SettlesMinor = -wrong.SettlesMinor, ReversesNo = wrong.No };

    private static Gen<Move> MovesOf(string[] kinds) =>
        from donor in Gen.Elements("a", "a", "a", "b", "c")
        from kind in Gen.Elements(kinds)
        from amount in Gen.Elements(Amounts)
        from currency in Gen.Elements(Currencies)
        from rate in Gen.Choose(600, 1600)
        from value in Gen.Choose(0, Days - 1)
        from recorded in Gen.Choose(0, Days - 1)
        from qualifier in Gen.Elements("exact", "exact", "exact", "approximate", "at_least", "at_most")
        from dollars in Gen.Elements(null, null, null, "approximate", "exact")
        from pick in Gen.Choose(0, 999)
        select new Move(donor, kind, amount, currency, rate, value, recorded, qualifier, dollars, pick);

    // Now and then the rate is so low that a small promise has no dollars at all.
    private static readonly Gen<Ledger> Ledgers =
        from direct in Gen.Elements(false, false, false, true)
        from currency in Gen.Elements("EUR", "EUR", "USD", "JPY")
        from rate in Gen.Elements(1, 12, 600, 937, 1100, 1234, 1600)
        from large in Gen.Elements(false, false, false, true)
        from length in Gen.Choose(0, 18)
        from moves in Gen.ArrayOf(MovesOf(direct ? OfDirectHeaders : OfPromises), length)
        select new Ledger(direct, currency, large ? Math.Max(600, rate) : rate, large, moves);

    public static Arbitrary<Ledger> Arbitrary { get; } = Arb.From(Ledgers, Smaller);

    /// <summary>Holds the property to many ledgers; a failure names the seed to run it again with and the smallest ledger that fails.</summary>
    public static void ForAll(Action<List<Naive.Entry>> property, int cases = 1500) =>
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(cases), Prop.ForAll(Arbitrary, ledger => property(ledger.Entries())));

    private static IEnumerable<Ledger> Smaller(Ledger ledger) =>
        Enumerable.Range(0, ledger.Moves.Count).Select(i => ledger with { Moves = [.. ledger.Moves.Where((_, at) => at != i)] });
}
