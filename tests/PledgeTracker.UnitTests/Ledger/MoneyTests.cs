using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Tests.Ledger;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Ledger;

public sealed class MoneyTests
{
    [Theory]
    [InlineData(5, 1, 2, 3)]
    [InlineData(-5, 1, 2, -3)]
    [InlineData(5, -1, 2, -3)]
    [InlineData(5, 1, -2, -3)]
    [InlineData(-5, 1, -2, 3)]
    [InlineData(4, 1, 3, 1)]
    [InlineData(-4, 1, 3, -1)]
    [InlineData(1, 1, 2, 1)]
    [InlineData(1, 1, 3, 0)]
    [InlineData(0, 7, -3, 0)]
    [InlineData(Money.MaxMinor, Money.MaxMinor, Money.MaxMinor, Money.MaxMinor)]
    public void Scaling_rounds_half_away_from_zero(long amount, long numerator, long denominator, long expected) =>
        Assert.Equal(expected, Money.Scale(amount, numerator, denominator));

    [Fact]
    public void Scaling_agrees_with_numbers_of_any_size()
    {
        var cases =
            from amount in Longs(Money.MaxMinor)
            from numerator in Longs(Money.MaxMinor)
            from denominator in Longs(Money.MaxMinor).Where(d => d != 0)
            where BigInteger.Abs((BigInteger)amount * numerator / denominator) < long.MaxValue
            select (amount, numerator, denominator);
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(3000).WithMaxRejected(100), Prop.ForAll(Arb.From(cases), c =>
            Assert.Equal(Naive.Times(c.amount, c.numerator, c.denominator), Money.Scale(c.amount, c.numerator, c.denominator))));
    }

    [Fact]
    public void Scaling_beyond_what_can_be_stored_is_a_fault_and_not_a_wrong_number() =>
        Assert.Throws<OverflowException>(() => Money.Scale(long.MaxValue, long.MaxValue, 1));

    [Theory]
    [InlineData("JPY", 0, 5_000, "5000")]
    [InlineData("USD", 2, 5_000, "50")]
    [InlineData("USD", 2, -5_050, "-50.5")]
    [InlineData("USD", 2, 1, "0.01")]
    [InlineData("KWD", 3, 5_001, "5.001")]
    [InlineData("KWD", 3, 1_500, "1.5")]
    public void Minor_units_are_shown_as_major_ones_without_zeros_behind(string currency, int decimals, long minor, string major)
    {
        Assert.Equal(decimals, Currency.Exponent(currency));
        Assert.Equal(major, Currency.Major(minor, currency).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(minor, Currency.Minor(Currency.Major(minor, currency), currency));
    }

    [Fact]
    public void Every_amount_that_can_be_stored_comes_back_from_its_major_units()
    {
        var amounts = from currency in Gen.Elements("JPY", "USD", "KWD", "EUR") from minor in Longs(Money.Most(currency)) select (currency, minor);
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(1000), Prop.ForAll(Arb.From(amounts), amount =>
            Assert.Equal(amount.minor, Currency.Minor(Currency.Major(amount.minor, amount.currency), amount.currency))));
    }

    [Theory]
    [InlineData("JPY", "0.5")]
    [InlineData("USD", "0.001")]
    [InlineData("USD", "-1.005")]
    [InlineData("KWD", "0.0001")]
    [InlineData("JPY", "100000000000000001")]
    [InlineData("EUR", "1000000000000000.01")]
    [InlineData("USD", "1000000000000.01")]
    [InlineData("KWD", "-100000000000000.001")]
    [InlineData("USD", "79228162514264337593543950335")]
    public void An_amount_with_too_many_decimals_or_out_of_bounds_is_refused(string currency, string amount) =>
        Assert.Null(Currency.Minor(Decimal(amount), currency));

    [Theory]
    [InlineData("USD", "1.500", 150)]
    [InlineData("JPY", "7.00", 7)]
    [InlineData("USD", "1000000000000.00", 100_000_000_000_000)]
    [InlineData("IQD", "1190000000000", 1_190_000_000_000_000)]
    [InlineData("LBP", "18000000000000", 1_800_000_000_000_000)]
    [InlineData("IDR", "16000000000000", 1_600_000_000_000_000)]
    [InlineData("IRR", "50000000000000", 5_000_000_000_000_000)]
    public void Zeros_behind_an_amount_say_nothing(string currency, string amount, long minor) => Assert.Equal(minor, Currency.Minor(Decimal(amount), currency));

    [Fact]
    public void Only_codes_of_the_list_are_currencies()
    {
        Assert.True(Currency.Exists("IQD"));
        Assert.All((string?[])["iqd", "XYZ", "XAU", "XXX", "", null], code => Assert.False(Currency.Exists(code)));
    }

    [Theory]
    [InlineData("DEM NLG FIM EEK LTL LVL HRK ZMK VEF ROL YUM CSD CSK SUR MTL CYP SIT SKK AFA TMM XEU XDR", 2)]
    [InlineData("ITL ESP BEF LUF PTE GRD TRL MGF TPE BYR ADP", 0)]
    public void A_withdrawn_currency_has_the_decimals_that_it_had(string currencies, int decimals) =>
        Assert.All(currencies.Split(' '), currency => Assert.Equal(decimals, Currency.Exponent(currency)));

    [Fact]
    public void A_sum_of_many_amounts_at_the_limit_does_not_overflow() =>
        Assert.Equal((Int128)Money.MaxMinor * 1000, Money.Sum(Enumerable.Repeat(Money.MaxMinor, 1000)));

    [Fact]
    public void A_withdrawn_country_is_known_by_the_code_that_it_had()
    {
        Assert.All("ANT SCG YUG CSK DDR SUN TMP ZAR BUR XKX IRQ".Split(' '), code => Assert.True(Country.Exists(code)));
        Assert.All((string[])["KSV", "XXX", "ant", ""], code => Assert.False(Country.Exists(code)));
        Assert.All("ANT SCG YUG".Split(' '), code => Assert.True(Country.IsWithdrawn(code)));
        Assert.All("COG IRQ XKX".Split(' '), code => Assert.False(Country.IsWithdrawn(code)));
    }

    [Fact]
    public void Every_country_has_a_name_in_both_languages_and_nothing_else_has()
    {
        Assert.Equal(280, Country.Names.Count);
        Assert.All(Country.Names.Keys.Concat(Country.FullNames.Keys), code => Assert.True(Country.Exists(code)));
        Assert.All(Country.Names.Keys, code => Assert.True(Country.NameOf(code) is { En.Length: > 2, Ar.Length: > 1 }, code));
        Assert.All(Country.FullNames.Keys, code => Assert.Contains(code, Country.Names.Keys));
        Assert.Null(Country.NameOf("XXX"));
    }

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    // Of every order of magnitude alike, both signs.
    private static Gen<long> Longs(long most) =>
        from bits in Gen.Choose(0, 57)
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        let value = (((long)high << 31) | (uint)low) % (1L << bits)
        select Math.Clamp(value, -most, most);
}
