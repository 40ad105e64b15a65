using System.Globalization;

namespace PledgeTracker.Site;

/// <summary>One edition of a page: in which language and digits, as of which day, and at which address. Everything that a page writes is written by it.</summary>
/// <param name="Day">The day at whose end everything stands.</param>
/// <param name="Version">Of the dataset.</param>
/// <param name="Address">The page's own, with its state.</param>
public sealed record Edition(Language Language, DateOnly Today, DateOnly Day, string Version, Address Address)
{
    // The Levant's names, as they are written in Iraq and Syria.
    private static readonly LocalizedText[] Months =
    [
        new("January", "كانون الثاني"), new("February", "شباط"), new("March", "آذار"), new("April", "نيسان"), new("May", "أيار"), new("June", "حزيران"),
        new("July", "تموز"), new("August", "آب"), new("September", "أيلول"), new("October", "تشرين الأول"), new("November", "تشرين الثاني"), new("December", "كانون الأول"),
    ];

    // A figure and its unit stay on one line.
    private const char NoBreak = '\u00A0';

    /// <summary>The version as people are told it: its sequence, without the hash.</summary>
    public string Sequence => Version.Split('-')[0];

    public bool IsArabic => Language == Language.Arabic;

    public string Direction => IsArabic ? "rtl" : "ltr";

    /// <summary>What stands between the members of a list.</summary>
    public string Comma => IsArabic ? "، " : ", ";

    /// <summary>Whether it shows another day than today, or what was believed at another moment.</summary>
    public bool IsPast => Address["asOf"] is not null || Address["knownAt"] is not null;

    /// <summary>Whether tables stand in place of charts.</summary>
    public bool IsTable => Address["view"] == "table";

    /// <summary>A text of both languages in the reader's.</summary>
    public string Say(LocalizedText? text) => text?.In(Language) ?? "";

    /// <summary>The same with parts put in for <c>{0}</c>, <c>{1}</c> …</summary>
    public string Say(LocalizedText text, params object?[] parts) => string.Format(CultureInfo.InvariantCulture, Say(text), parts);

    /// <summary>The pieces of a text in which parts are put in, each with the number of the part that follows it; null after the last.</summary>
    public IEnumerable<(string Text, int? Part)> Pieces(LocalizedText text)
    {
        var pieces = Say(text).Split('{', '}');
        for (var i = 0; i < pieces.Length; i += 2)
        {
            yield return (pieces[i], i + 1 < pieces.Length ? pieces[i + 1][0] - '0' : null);
        }
    }

    /// <summary>A text in which digits are those that were asked for with <c>nu</c>.</summary>
    public string Digits(string text) => Address["nu"] != "arab" ? text
        : string.Create(text.Length, text, (digits, latin) =>
        {
            for (var i = 0; i < latin.Length; i++)
            {
                // Between digits the point and the comma have signs of their own; elsewhere they are punctuation.
                var isInside = i > 0 && i + 1 < latin.Length && char.IsAsciiDigit(latin[i - 1]) && char.IsAsciiDigit(latin[i + 1]);
                digits[i] = latin[i] switch
                {
                    >= '0' and <= '9' and var digit => (char)('٠' + (digit - '0')),
                    '.' when isInside => '٫',
                    ',' when isInside => '٬',
                    '%' => '٪',
                    var other => other,
                };
            }
        });

    /// <summary>So many of something.</summary>
    public string Count(long number, Counted noun) => string.Format(CultureInfo.InvariantCulture, !IsArabic ? number == 1 ? noun.En.One : noun.En.Many
        : number switch { 1 => noun.Ar.One, 2 => noun.Ar.Two, _ => (number % 100) switch { >= 3 and <= 10 => noun.Ar.Few, <= 2 => noun.Hundreds ?? noun.Ar.Many, _ => noun.Ar.Many } }, Number(number));

    public string Number(long number) => Digits(number.ToString("#,0", CultureInfo.InvariantCulture));

    /// <summary>US dollars in words, to three figures. What was rounded keeps its zeros: "19.0 billion" is about that, "19 billion" is that.</summary>
    public string Money(decimal usd) => InWords(usd, "USD", isShort: false);

    /// <summary>The same for where there is little room: an axis, a mark.</summary>
    public string Short(decimal usd) => InWords(usd, "USD", isShort: true);

    /// <summary>An amount of any currency, in words.</summary>
    public string Money(decimal amount, string currency) => InWords(amount, currency, isShort: false);

    /// <summary>US dollars as millions, for the cells of a table whose heading says so.</summary>
    public string Millions(decimal usd)
    {
        var millions = usd / 1_000_000m;
        var decimals = millions == 0 ? 0 : Math.Abs(millions) < 0.1m ? 2 : Math.Abs(millions) < 100 ? 1 : 0;
        var rounded = Math.Round(millions, decimals, MidpointRounding.AwayFromZero);
        return Digits(rounded == 0 && usd != 0 ? (usd < 0 ? ">-0.01" : "<0.01") : rounded.ToString("#,0.##", CultureInfo.InvariantCulture));
    }

    /// <summary>A share of a whole, 0.4991 as 50%.</summary>
    public string Share(decimal share)
    {
        // What is not nothing, or not all, is not told as if it were.
        var percent = Math.Round(share * 100, share is > 0 and < 0.1m or > 0.99m and < 1 ? 1 : 0, MidpointRounding.AwayFromZero);
        return Digits($"{(share is > 0 and < 1 ? Math.Clamp(percent, 0.1m, 99.9m) : percent).ToString("#,0.#", CultureInfo.InvariantCulture)}%");
    }

    /// <summary>A day, a month or a year, as exactly as it is known.</summary>
    /// <param name="precision">One of <see cref="Vocabulary.DatePrecisions"/>.</param>
    public string Date(DateOnly day, string precision = "day")
    {
        var month = Say(Months[day.Month - 1]);
        return Digits(precision switch
        {
            "year" => day.ToString("yyyy", CultureInfo.InvariantCulture),
            "month" => string.Create(CultureInfo.InvariantCulture, $"{month} {day:yyyy}"),
            "approximate" => string.Create(CultureInfo.InvariantCulture, $"{Say(Labels.Qualifiers["approximate"])} {day.Day} {month} {day:yyyy}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{day.Day} {month} {day:yyyy}"),
        });
    }

    /// <summary>A month's name alone; of the English ones the first three letters.</summary>
    public string Month(DateOnly day) => IsArabic ? Months[day.Month - 1].Ar! : Months[day.Month - 1].En![..3];

    /// <summary>How many whole years lie between a day and the one that is looked at.</summary>
    public int YearsSince(DateOnly day) => Math.Max(0, Day.Year - day.Year - (Day < day.AddYears(Math.Max(0, Day.Year - day.Year)) ? 1 : 0));

    /// <summary>The names of all months, for a script that moves the day.</summary>
    public string MonthNames => string.Join('|', Months.Select(Say));

    /// <summary>The word in front of a figure that is not exact; empty where it is.</summary>
    /// <param name="qualifier">One of <see cref="Vocabulary.FigureQualifiers"/>. Of mixed parts the sum is about that.</param>
    public string Qualifier(string qualifier) => qualifier == "exact" ? "" : Say(Labels.Qualifiers[qualifier == "mixed" ? "approximate" : qualifier]);

    /// <summary>The beginning of a long text, at the end of a word; a short one as it is.</summary>
    public static string Shortened(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', most);
        end = end > most / 2 ? end : most;
        // Not between the two halves of a character.
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }

    private string InWords(decimal amount, string currency, bool isShort)
    {
        var size = Math.Abs(amount);
        // What three figures round up to a thousand of is one of the next.
        var (unit, english, briefly, one, few) = size switch
        {
            >= 999_500_000_000 => (1_000_000_000_000m, " trillion", "tn", "تريليون", "تريليونات"),
            >= 999_500_000 => (1_000_000_000m, " billion", "bn", "مليار", "مليارات"),
            >= 1_000_000 => (1_000_000m, " million", "m", "مليون", "ملايين"),
            _ => (1m, "", "", "", ""),
        };
        var number = unit == 1 ? Exactly(size, currency) : ThreeFigures(size / unit);
        var sign = amount < 0 ? "−" : "";
        if (!IsArabic)
        {
            var scale = isShort ? briefly : english;
            var text = currency switch { "USD" => $"{sign}${number}{scale}", "EUR" => $"{sign}€{number}{scale}", "GBP" => $"{sign}£{number}{scale}", _ => $"{sign}{currency} {number}{scale}" };
            return Digits(text.Replace(' ', NoBreak));
        }

        // One is the word alone; three to ten take the plural, whatever more the singular again. The euro has one form.
        if (unit == 1 && currency == "USD" && number == "1")
        {
            return $"{sign}دولار{NoBreak}واحد";
        }

        var called = currency switch { "USD" => unit == 1 && IsFew(number) ? " دولارات" : " دولار", "EUR" => " يورو", _ => $" {currency}" };
        var counted = number == "1" && unit > 1 ? one : unit == 1 ? number : $"{number} {(IsFew(number) ? few : one)}";
        return Digits($"{sign}{counted}{(isShort && currency == "USD" ? "" : called)}".Replace(' ', NoBreak));
    }

    private static string Exactly(decimal amount, string currency) =>
        amount.ToString(amount == decimal.Truncate(amount) ? "#,0" : "#,0." + new string('0', Math.Max(Currency.Exponent(currency), 1)), CultureInfo.InvariantCulture);

    // Whole, and three to ten, or as many beyond whole hundreds.
    private static bool IsFew(string number) => !number.Contains('.', StringComparison.Ordinal) && decimal.Parse(number, CultureInfo.InvariantCulture) % 100 is >= 3 and <= 10;

    private static string ThreeFigures(decimal number)
    {
        var decimals = number < 9.995m ? 2 : number < 99.95m ? 1 : 0;
        var rounded = Math.Round(number, decimals, MidpointRounding.AwayFromZero);
        return rounded.ToString(rounded == number ? "#,0.##" : decimals == 2 ? "#,0.00" : decimals == 1 ? "#,0.0" : "#,0", CultureInfo.InvariantCulture);
    }
}
