using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Ledger;
using PledgeTracker.Tests.Ledger;

namespace PledgeTracker.UnitTests.Ledger;

public sealed class SharesTests
{
    private static readonly string[] Codes = ["IRQ", "JOR", "LBN", "SYR", "TUR", "YEM"];

    // Up to six countries in any order; small amounts, and those of both ends of what a figure holds.
    private static readonly Gen<(string Country, int Share)[]> Splits =
        from codes in Gen.Shuffle(Codes)
        from count in Gen.Choose(1, 6)
        from weights in Gen.ArrayOf(Gen.Elements(1, 1, 2, 3, 7, 1000, 333_333), count)
        let sum = weights.Sum()
        let shares = weights.Select(weight => Math.Max(1, (int)((long)weight * Shares.Whole / sum))).ToArray()
        let rest = Shares.Whole - shares.Sum()
        let largest = Array.IndexOf(shares, shares.Max())
        select shares.Select((share, i) => (codes[i], i == largest ? share + rest : share)).ToArray();

    private static readonly Gen<long> Amounts =
        from bits in Gen.Choose(0, 63)
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        from edge in Gen.Elements<long?>(null, null, null, null, null, null, 9_000_000_000_000_000_000, -9_000_000_000_000_000_000, long.MaxValue, 0)
        select edge ?? (bits == 63 ? ((long)high << 31) | (uint)low : (((long)high << 31) | (uint)low) % (1L << bits));

    [Theory]
    [InlineData(100, "IRQ 333333 JOR 333333 SYR 333334", "33 33 34")]
    [InlineData(101, "IRQ 333333 JOR 333333 SYR 333334", "34 33 34")]
    [InlineData(1, "IRQ 500000 SYR 500000", "1 0")]
    [InlineData(1, "SYR 500000 IRQ 500000", "0 1")]
    [InlineData(-1, "IRQ 500000 SYR 500000", "-1 0")]
    [InlineData(10_001, "IRQ 625000 SYR 375000", "6251 3750")]
    [InlineData(-10_001, "IRQ 625000 SYR 375000", "-6251 -3750")]
    [InlineData(7, "IRQ 1000000", "7")]
    [InlineData(0, "IRQ 625000 SYR 375000", "0 0")]
    [InlineData(9_000_000_000_000_000_000, "IRQ 999999 SYR 1", "8999991000000000000 9000000000000")]
    [InlineData(long.MinValue, "IRQ 500000 SYR 500000", "-4611686018427387904 -4611686018427387904")]
    public void What_rounding_leaves_goes_to_the_largest_remainder_and_of_equal_ones_to_the_first_code(long amount, string shares, string parts)
    {
        var words = shares.Split(' ');
        (string, int)[] split = [.. words.Chunk(2).Select(pair => (pair[0], int.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)))];
        Assert.Equal(parts, string.Join(' ', Shares.Split(amount, split)));
    }

    [Fact]
    public void Parts_add_up_and_none_is_a_unit_or_more_from_what_is_due_to_it() => ForAll((amount, split) =>
    {
        var parts = Shares.Split(amount, split);
        Assert.Equal(amount, parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part));
        Assert.All(parts.Zip(split), pair => Assert.True(BigInteger.Abs(((BigInteger)pair.First * Shares.Whole) - ((BigInteger)amount * pair.Second.Share)) < Shares.Whole));
        var expected = Naive.Parts(amount, split);
        Assert.Equal(split.Select(s => expected[s.Country]), parts);
    });

    [Fact]
    public void It_does_not_matter_in_which_order_countries_are_named_or_which_way_the_money_goes() => ForAll((amount, split) =>
    {
        var parts = Shares.Split(amount, split);
        Assert.Equal(parts.Reverse(), Shares.Split(amount, [.. split.Reverse()]));
        Assert.Equal(parts.Select(part => -part), Shares.Split(-amount, split));
    });

    [Fact]
    public void Where_a_smaller_amount_has_the_larger_part_reasons_still_add_up()
    {
        // Of 4 cents the first country would have one, of 5 none: what it cannot hold goes to the first that can.
        var parts = Shares.Split(new Sums { Pledged = 5, Withdrawn = 5, WithdrawnByDonor = 4 }, [("AAA", 90_000), ("BBB", 320_000), ("CCC", 590_000)]);
        Assert.Equal([(0, 0), (2, 2), (3, 2)], parts.Select(part => (part.Withdrawn, part.WithdrawnByDonor)));
    }

    [Fact]
    public void The_parts_of_any_line_add_up_to_it_in_every_figure_and_a_countrys_stages_to_what_is_pledged_for_it()
    {
        var splits = Splits.Sample(200).ToArray();
        var at = 0;
        RandomLedger.ForAll(ledger =>
        {
            foreach (var line in Figures.Lines(ledger.ToEntries()))
            {
                var split = splits[at++ % splits.Length];
                var parts = Shares.Split(line.Sums, split);
                var whole = parts.Aggregate(default(Sums), (sum, part) => sum + part);
                // How many entries are not exact is true of each part.
                var words = new Sums { Approximate = line.Sums.Approximate, AtLeast = line.Sums.AtLeast, AtMost = line.Sums.AtMost };
                Assert.Equal(line.Sums, whole with { Approximate = words.Approximate, AtLeast = words.AtLeast, AtMost = words.AtMost });
                Assert.All(parts, part => Assert.True(part.PromisedOnly >= 0 && part.Outstanding >= part.PromisedOnly && part.Pledged - part.Withdrawn >= part.Outstanding && part.Withdrawn >= 0));
                var expected = Naive.PartsOf(line.Sums.ToPlain(), split);
                Assert.Equal(split.Select(s => expected[s.Country]), parts.Select(part => part.ToPlain()));
            }
        });
        Assert.True(at > 1000, $"{at} lines were split.");
    }

    private static void ForAll(Action<long, (string Country, int Share)[]> property) =>
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(3000), Prop.ForAll(
            Arb.From(from amount in Amounts from split in Splits select (amount, split)), c => property(c.amount, c.split)));
}
