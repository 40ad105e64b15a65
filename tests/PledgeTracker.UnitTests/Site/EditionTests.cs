using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Site;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Site;

/// <summary>How amounts, numbers and days are written for people, in both languages.</summary>
public sealed class EditionTests
{
    [Theory]
    [InlineData("0", "$0", "0 دولار")]
    [InlineData("1", "$1", "دولار واحد")]
    [InlineData("3", "$3", "3 دولارات")]
    [InlineData("10", "$10", "10 دولارات")]
    [InlineData("11", "$11", "11 دولار")]
    [InlineData("59400", "$59,400", "59,400 دولار")]
    [InlineData("999999.99", "$999,999.99", "999,999.99 دولار")]
    [InlineData("1000000", "$1 million", "مليون دولار")]
    [InlineData("1691700", "$1.69 million", "1.69 مليون دولار")]
    [InlineData("2000000", "$2 million", "2 مليون دولار")]
    [InlineData("3000000", "$3 million", "3 ملايين دولار")]
    [InlineData("3500000", "$3.5 million", "3.5 مليون دولار")]
    [InlineData("10000000", "$10 million", "10 ملايين دولار")]
    [InlineData("11000000", "$11 million", "11 مليون دولار")]
    [InlineData("100000000", "$100 million", "100 مليون دولار")]
    [InlineData("103000000", "$103 million", "103 ملايين دولار")]
    [InlineData("300000000", "$300 million", "300 مليون دولار")]
    [InlineData("616750000", "$617 million", "617 مليون دولار")]
    [InlineData("999960000", "$1.00 billion", "1.00 مليار دولار")]
    [InlineData("1000000000", "$1 billion", "مليار دولار")]
    [InlineData("5000000000", "$5 billion", "5 مليارات دولار")]
    [InlineData("9996000000", "$10.0 billion", "10.0 مليار دولار")]
    [InlineData("19032000000", "$19.0 billion", "19.0 مليار دولار")]
    [InlineData("88200000000", "$88.2 billion", "88.2 مليار دولار")]
    [InlineData("1000000000000", "$1 trillion", "تريليون دولار")]
    [InlineData("-5000000", "−$5 million", "−5 ملايين دولار")]
    [InlineData("-0.5", "−$0.50", "−0.50 دولار")]
    public void Dollars_are_written_in_words_to_three_figures(string usd, string english, string arabic)
    {
        var amount = decimal.Parse(usd, CultureInfo.InvariantCulture);
        Assert.Equal(english, Plain(Of(Language.English).Money(amount)));
        Assert.Equal(arabic, Plain(Of(Language.Arabic).Money(amount)));
    }

    [Theory]
    [InlineData("1500000", "EUR", "€1.5 million", "1.5 مليون يورو")]
    [InlineData("10000000", "EUR", "€10 million", "10 ملايين يورو")]
    [InlineData("2000000", "GBP", "£2 million", "2 مليون GBP")]
    [InlineData("1234.5", "KWD", "KWD 1,234.500", "1,234.500 KWD")]
    [InlineData("1234", "JPY", "JPY 1,234", "1,234 JPY")]
    public void Another_currency_is_named(string text, string currency, string english, string arabic)
    {
        var amount = decimal.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(english, Plain(Of(Language.English).Money(amount, currency)));
        Assert.Equal(arabic, Plain(Of(Language.Arabic).Money(amount, currency)));
    }

    [Fact]
    public void An_amount_stays_on_one_line()
    {
        Assert.DoesNotContain(' ', Of(Language.English).Money(300_000_000));
        Assert.DoesNotContain(' ', Of(Language.Arabic).Money(300_000_000));
    }

    [Fact]
    public void Digits_are_those_that_are_asked_for()
    {
        var eastern = Of(Language.Arabic, "arab");
        Assert.Equal("٣٠٠ مليون دولار", Plain(eastern.Money(300_000_000)));
        Assert.Equal("٥٩٬٤٠٠ دولار", Plain(eastern.Money(59_400)));
        Assert.Equal("١٫٦٩ مليون دولار", Plain(eastern.Money(1_691_700)));
        Assert.Equal("١٣ شباط ٢٠١٨", eastern.Date(new DateOnly(2018, 2, 13)));
        Assert.Equal("٣٣٪", eastern.Share(0.333333m));
        Assert.Equal("5,000", Of(Language.Arabic).Millions(5_000_000_000));
    }

    [Theory]
    [InlineData(0, "0 promises", "0 تعهد")]
    [InlineData(1, "1 promise", "تعهد واحد")]
    [InlineData(2, "2 promises", "تعهدان")]
    [InlineData(3, "3 promises", "3 تعهدات")]
    [InlineData(10, "10 promises", "10 تعهدات")]
    [InlineData(11, "11 promises", "11 تعهدا")]
    [InlineData(99, "99 promises", "99 تعهدا")]
    [InlineData(100, "100 promises", "100 تعهد")]
    [InlineData(102, "102 promises", "102 تعهد")]
    [InlineData(103, "103 promises", "103 تعهدات")]
    [InlineData(111, "111 promises", "111 تعهدا")]
    [InlineData(2000, "2,000 promises", "2,000 تعهد")]
    public void What_is_counted_takes_its_form(long number, string english, string arabic)
    {
        Assert.Equal(english, Plain(Of(Language.English).Count(number, Texts.Promises)));
        Assert.Equal(arabic, Plain(Of(Language.Arabic).Count(number, Texts.Promises)));
    }

    [Theory]
    [InlineData("day", "13 February 2018", "13 شباط 2018")]
    [InlineData("month", "February 2018", "شباط 2018")]
    [InlineData("year", "2018", "2018")]
    [InlineData("approximate", "about 13 February 2018", "نحو 13 شباط 2018")]
    public void A_day_is_written_as_exactly_as_it_is_known(string precision, string english, string arabic)
    {
        Assert.Equal(english, Of(Language.English).Date(new DateOnly(2018, 2, 13), precision));
        Assert.Equal(arabic, Of(Language.Arabic).Date(new DateOnly(2018, 2, 13), precision));
    }

    [Fact]
    public void Any_amount_is_within_half_a_percent_of_what_is_written_and_the_same_in_both_languages_and_in_all_digits() =>
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000), Prop.ForAll(Amounts.ToArbitrary(), amount =>
        {
            var english = Plain(Of(Language.English).Money(amount));
            var arabic = Plain(Of(Language.Arabic).Money(amount));
            var read = Read(english);
            Assert.True(Math.Abs(read - amount) <= Math.Abs(amount) * 0.005m, $"{amount}: {english}");
            Assert.Equal(read, Read(arabic));
            Assert.Equal(arabic, Latin(Plain(Of(Language.Arabic, "arab").Money(amount))));
            // Three figures, of whatever is written with its unit.
            Assert.True(Math.Abs(amount) < 1_000_000 || english.Count(char.IsAsciiDigit) <= 3, english);
        }));

    [Fact]
    public void A_sentence_has_both_languages_and_the_same_places()
    {
        var texts = typeof(Texts).GetFields().Select(field => field.GetValue(null)).SelectMany(value => value switch
        {
            LocalizedText text => [text],
            Dictionary<string, LocalizedText> named => named.Values,
            (LocalizedText Word, LocalizedText Meaning)[] pairs => pairs.SelectMany(pair => new[] { pair.Word, pair.Meaning }),
            _ => Array.Empty<LocalizedText>(),
        }).ToList();
        Assert.True(texts.Count > 50);
        Assert.All(texts, text =>
        {
            Assert.False(string.IsNullOrWhiteSpace(text.En));
            Assert.False(string.IsNullOrWhiteSpace(text.Ar));
            Assert.Equal(Places(text.En!), Places(text.Ar!));
        });
    }

    // Of any size up to a hundred trillion, as much as an entry holds, above and below 0, in cents.
    private static Gen<decimal> Amounts => from size in Gen.Choose(0, 14)
                                           from digits in Gen.Choose(0, int.MaxValue)
                                           from isNegative in Gen.Elements(true, false)
                                           select decimal.Round(digits / (decimal)int.MaxValue * (decimal)Math.Pow(10, size), 2) * (isNegative ? -1 : 1);

    private static Edition Of(Language language, string? digits = null) => new(language, new DateOnly(2026, 11, 26), new DateOnly(2026, 11, 26), "1-00000000",
        new Address("", "/", digits is null ? new Dictionary<string, string>() : new() { ["nu"] = digits }));

    private static string Plain(string text) => text.Replace('\u00A0', ' ');

    private static string Latin(string text) => string.Concat(text.Select(c => c is >= '٠' and <= '٩' ? (char)('0' + (c - '٠')) : c == '٫' ? '.' : c == '٬' ? ',' : c));

    private static decimal Read(string text)
    {
        var digits = string.Concat(text.Where(c => char.IsAsciiDigit(c) || c == '.'));
        var unit = text.Contains("trillion", StringComparison.Ordinal) || text.Contains("تريليون", StringComparison.Ordinal) ? 1_000_000_000_000m
            : text.Contains("billion", StringComparison.Ordinal) || text.Contains("مليار", StringComparison.Ordinal) ? 1_000_000_000m
            : text.Contains("million", StringComparison.Ordinal) || text.Contains("مليون", StringComparison.Ordinal) || text.Contains("ملايين", StringComparison.Ordinal) ? 1_000_000m : 1m;
        return (digits.Length == 0 ? 1 : decimal.Parse(digits, CultureInfo.InvariantCulture)) * unit * (text.StartsWith('−') ? -1 : 1);
    }

    private static string Places(string text) => string.Join(',', text.Split('{').Skip(1).Select(piece => piece[0]).Distinct().Order());
}
