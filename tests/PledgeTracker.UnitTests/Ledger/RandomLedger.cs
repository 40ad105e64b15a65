using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Ledger;
using PledgeTracker.Tests.Ledger;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Ledger;

/// <summary>
/// Ledgers of one header as FsCheck makes them up. A ledger is a list of moves; any part of the list is a ledger too, so that a
/// failing one shrinks to the few moves that matter.
/// </summary>
internal static class RandomLedger
{
    public static readonly DateOnly FirstDay = new(2020, 1, 1);
    public const int Days = 12;

    private static readonly string[] Kinds =
        ["pledge", "pledge", "pledge", "revision", "revision", "withdrawal", "withdrawal", "commitment", "commitment", "commitment", "payment", "payment",
         "payment", "payment", "reversal", "reversal", "reversal"];

    // Few different amounts, so that promises are often met to the cent, and odd ones, so that rounding shows.
    private static readonly long[] Amounts = [10_000, 10_000, 10_000, 5_000, 5_000, 2_500, 1_000, 15_000, 3_333, 6_667, 1, 99_999];

    private static readonly string[] Currencies = ["EUR", "EUR", "EUR", "USD", "JPY"];

    public sealed record Move(string Donor, string Kind, long Amount, string Currency, int Rate, int Day, string Qualifier, int Pick);

    /// <param name="Rate">Thousandths of a US cent for a minor unit of the header's currency.</param>
    public sealed record Ledger(string Currency, int Rate, IReadOnlyList<Move> Moves)
    {
        public override string ToString() => $"{Currency} at {Rate}:\n{string.Join('\n', Moves)}";

        /// <summary>The entries that the moves make. Moves that make no sense where they stand make none.</summary>
        public List<Entry> Entries()
        {
            var entries = new List<Entry>();
            foreach (var move in Moves)
            {
                if (Entry(move, entries) is { } entry)
                {
                    entries.Add(entry with { No = entries.Count + 1 });
                }
            }

            return entries;
        }

        private Entry? Entry(Move move, List<Entry> entries)
        {
            if (move.Kind == "reversal")
            {
                var open = entries.Where(e => e.ReversesNo is null && entries.All(r => r.ReversesNo != e.No)).ToList();
                var wrong = open.Count == 0 ? null : open[move.Pick % open.Count];
                return wrong is null ? null : Reversal(wrong, 0);
            }

            // One promise stands on a line at a time; it is the revisions that change it.
            var kind = move.Kind == "pledge" && Naive.Standing(entries.ToPlain()).Any(e => e.Kind == "pledge" && e.DonorId == move.Donor) ? "revision" : move.Kind;
            var promise = kind is "pledge" or "revision" or "withdrawal";
            var takenBack = kind is not ("pledge" or "withdrawal") && move.Pick % 4 == 0;
            var currency = promise ? Currency : move.Currency;
            var amount = takenBack ? -move.Amount : move.Amount;
            var rate = promise ? Rate + (move.Donor[0] * 7) : move.Rate;
            return new Entry
            {
                No = 0,
                DonorId = move.Donor,
                Kind = kind,
                AmountMinor = amount,
                Currency = currency,
                UsdMinor = currency == "USD" ? amount : Naive.Times(amount, rate, 1000),
                Qualifier = move.Qualifier,
                ValueDate = FirstDay.AddDays(move.Day),
            };
        }
    }

    public static Entry Reversal(Entry wrong, long no) =>
        wrong with { No = no, AmountMinor = -wrong.AmountMinor, UsdMinor = -wrong.UsdMinor, ReversesNo = wrong.No };

    private static readonly Gen<Move> Moves =
        from donor in Gen.Elements("a", "b", "c")
        from kind in Gen.Elements(Kinds)
        from amount in Gen.Elements(Amounts)
        from currency in Gen.Elements(Currencies)
        from rate in Gen.Choose(600, 1600)
        from day in Gen.Choose(0, Days - 1)
        from qualifier in Gen.Elements("exact", "exact", "approximate", "at_least")
        from pick in Gen.Choose(0, 999)
        select new Move(donor, kind, amount, currency, rate, day, qualifier, pick);

    private static readonly Gen<Ledger> Ledgers =
        from currency in Gen.Elements("EUR", "EUR", "USD", "JPY")
        from rate in Gen.Choose(600, 1600)
        from length in Gen.Choose(0, 14)
        from moves in Gen.ArrayOf(Moves, length)
        select new Ledger(currency, rate, moves);

    public static Arbitrary<Ledger> Arbitrary { get; } = Arb.From(Ledgers, Smaller);

    /// <summary>Holds the property to many ledgers; a failure names the seed to run it again with and the smallest ledger that fails.</summary>
    public static void ForAll(Action<List<Entry>> property, int cases = 1500) =>
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(cases), Prop.ForAll(Arbitrary, ledger => property(ledger.Entries())));

    private static IEnumerable<Ledger> Smaller(Ledger ledger) =>
        Enumerable.Range(0, ledger.Moves.Count).Select(i => ledger with { Moves = [.. ledger.Moves.Where((_, at) => at != i)] });
}
