using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PledgeTracker.Imports.Sheets;

/// <summary>What a cell holds, as its file says.</summary>
internal enum SheetCellKind
{
    Text,
    Number,

    /// <summary>A number that is shown as a date.</summary>
    Day,
    Boolean,

    /// <summary>What came of a formula that failed.</summary>
    Error,

    /// <summary>A formula that nobody has computed.</summary>
    Formula,
}

/// <summary>What is wrong with a cell.</summary>
internal sealed record CellFault(string Code, LocalizedText Text)
{
    public CellFault(string code, string en, string ar)
        : this(code, new LocalizedText(en, ar))
    {
    }
}

/// <summary>A cell of a sheet. What it stands for is decided by the column that it stands in: nothing is guessed from its neighbours.</summary>
/// <param name="Text">As it stands in the file: a number, and a date, as its digits, which no floating point has touched.</param>
/// <param name="Is1904">Whether its workbook counts days from 1904.</param>
internal readonly partial record struct SheetCell(string Text, SheetCellKind Kind = SheetCellKind.Text, bool Is1904 = false)
{
    /// <summary>Spreadsheets keep numbers in floating point: what is behind this many digits is no longer what was typed.</summary>
    private const int DigitsOfSheets = 15;

    private const int MostDigits = 28;
    private const int LongestShown = 40;

    // Of a spreadsheet's days: 1945-01-01, before which there is no money here. What is less in a cell that is shown as a number is a year, or a mistake.
    private const int FirstSerial = 16_438;
    private const int LastSerial = 2_958_465;
    private const int From1900To1904 = 1462;

    private static readonly int DayNought = new DateOnly(1899, 12, 30).DayNumber;

    private static readonly string[] True = ["true", "yes", "y", "1", "نعم", "صحيح"];
    private static readonly string[] False = ["false", "no", "n", "0", "لا", "خطا"];

    /// <summary>Whether there is nothing in it to be seen.</summary>
    public bool IsBlank => Kind != SheetCellKind.Formula && (string.IsNullOrEmpty(Text) || !Words.Text.IsVisible(Text));

    /// <summary>As it goes into a file of corrections, where it must read as it did here: a date as one, and a number so that it cannot be read in two ways.</summary>
    public string Shown => Kind switch
    {
        SheetCellKind.Day when TakeDate(out var day) is null => Iso.Date(day),
        SheetCellKind.Number or SheetCellKind.Day when Exact(Text, DigitsOfSheets, out var number) is null && number.ToString(CultureInfo.InvariantCulture) is var digits =>
            TwoWays().IsMatch(digits) ? digits + "0" : digits,
        _ => Words.Text.Plain(Text),
    };

    /// <summary>A text that people type, through the same door as those of the API. The apostrophe that keeps a text from being taken for a formula goes, once.</summary>
    public CellFault? TakeText(bool isIdentifier, out string text)
    {
        text = "";
        if (Unread() is { } fault)
        {
            return fault;
        }

        var sent = Kind switch
        {
            SheetCellKind.Day => Shown,
            SheetCellKind.Number when TakeNumber(out var number) is null => number.ToString(CultureInfo.InvariantCulture),
            _ => Text is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? Text[1..] : Text,
        };
        return Words.Text.Take(sent, isIdentifier, out text) is { } refusal ? new("invalid_text", refusal) : null;
    }

    /// <summary>A number, exactly as it is written: whatever could be read in two ways is refused.</summary>
    public CellFault? TakeNumber(out decimal number)
    {
        number = 0;
        if (Unread() is { } fault)
        {
            return fault;
        }

        if (Kind == SheetCellKind.Number)
        {
            return Exact(Text, DigitsOfSheets, out number);
        }

        if (Kind == SheetCellKind.Day)
        {
            // Programs make a date of 1.5 or 3/4 where they take it for one: its number is nobody's amount.
            return new("wrong_type", $"The cell shows a date, \"{Shown}\": format it as a number, and write the number anew.", $"تعرض الخلية التاريخ «{Shown}»: نسقها عددا واكتب العدد مجددا.");
        }

        if (TakeText(isIdentifier: true, out var text) is { } refused)
        {
            return refused;
        }

        var (sign, body) = Signed(Plain(text));
        fault = Exponent().IsMatch(body) ? Exact(body, MostDigits, out number) : Grouped(body, out number);
        number *= sign;
        return fault;
    }

    /// <summary>A date: as ISO has it, or as a spreadsheet keeps it.</summary>
    public CellFault? TakeDate(out DateOnly day)
    {
        day = default;
        if (Unread() is { } fault)
        {
            return fault;
        }

        if (Kind is SheetCellKind.Number or SheetCellKind.Day)
        {
            var serial = Exact(Text, DigitsOfSheets, out var number) is null ? decimal.Floor(number) + (Is1904 ? From1900To1904 : 0) : -1;
            if (serial < (Kind == SheetCellKind.Number ? FirstSerial : 61) || serial > LastSerial)
            {
                return NoDate();
            }

            day = DateOnly.FromDayNumber(DayNought + (int)serial);
            return null;
        }

        if (TakeText(isIdentifier: true, out var text) is { } refused)
        {
            return refused;
        }

        if (YearFirst().Match(Plain(text)) is { Success: true } iso && Day(iso, out day))
        {
            return null;
        }

        if (DayFirst().Match(Plain(text)) is { Success: true } other)
        {
            var read = new[] { (Day: 1, Month: 2), (Day: 2, Month: 1) }.Select(order => $"{other.Groups[3].Value}-{int.Parse(other.Groups[order.Month].Value, CultureInfo.InvariantCulture):00}-{int.Parse(other.Groups[order.Day].Value, CultureInfo.InvariantCulture):00}")
                .Where(date => Iso.TryParseDate(date, out _)).Distinct().ToList();
            return read.Count == 0 ? NoDate() : new("invalid_date", read.Count == 1
                ? new($"{Said} is not written with the year first: send {read[0]}.", $"{SaidInArabic} ليس مكتوبا بدءا بالسنة: أرسل {read[0]}.")
                : new($"{Said} may be one of two days: send {read[0]} or {read[1]}, whichever is meant.", $"{SaidInArabic} يحتمل يومين: أرسل {read[0]} أو {read[1]} بحسب المقصود."));
        }

        return NoDate();
    }

    public CellFault? TakeBoolean(out bool value)
    {
        value = false;
        if (Unread() is { } fault)
        {
            return fault;
        }

        var word = SearchText.Fold(Text);
        value = True.Contains(word);
        return value || False.Contains(word) ? null : new("wrong_type", $"{Said} is neither yes nor no: send yes or no.", $"{SaidInArabic} ليس نعم ولا لا: أرسل نعم أو لا.");
    }

    /// <summary>What stands in it, between quotation marks.</summary>
    public string Said => $"\"{Cut}\"";

    public string SaidInArabic => $"«{Cut}»";

    private string Cut => Shortened(Words.Text.Plain(Text, isIdentifier: true));

    // Half of a character that two stand for is none.
    private static string Shortened(string text) => text.Length <= LongestShown ? text : text[..(char.IsHighSurrogate(text[LongestShown - 1]) ? LongestShown - 1 : LongestShown)] + "…";

    // What no column can read.
    private CellFault? Unread() => Kind switch
    {
        SheetCellKind.Error => new("invalid_value", $"The cell shows the error {Said}: send a value.", $"تعرض الخلية الخطأ {SaidInArabic}: أرسل قيمة."),
        SheetCellKind.Formula => new("invalid_value", "The cell has a formula and no value: open the file in a spreadsheet program and save it, or send the value itself.",
            "في الخلية صيغة دون قيمة: افتح الملف في برنامج جداول واحفظه، أو أرسل القيمة نفسها."),
        _ => null,
    };

    private CellFault NoDate() => new("invalid_date", $"{Said} is not read as a date: send one as yyyy-MM-dd, such as 2018-06-26.", $"لا يُقرأ {SaidInArabic} تاريخا: أرسله بصيغة yyyy-MM-dd مثل 2018-06-26.");

    private CellFault NoNumber() => new("wrong_type", $"{Said} is not read as a number: send digits alone, such as 1234567.50.", $"لا يُقرأ {SaidInArabic} عددا: أرسل أرقاما وحدها مثل 1234567.50.");

    private CellFault TooLong() => new("out_of_range", $"{Said} has more digits than are kept: send at most {MostDigits}.", $"أرقام {SaidInArabic} أكثر مما يُحفظ: أرسل {MostDigits} رقما على الأكثر.");

    // Digits of any script as digits, and what looks like a sign or an apostrophe as that. The Arabic separators stay: they say themselves what they separate.
    private static string Plain(string text) => string.Create(text.Length, text, (plain, text) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            plain[i] = CharUnicodeInfo.GetDecimalDigitValue(text[i]) is >= 0 and var digit ? (char)('0' + digit) : text[i] switch
            {
                '\u2212' or '\uFE63' or '\uFF0D' => '-',
                '\u2018' or '\u2019' or '\u02BC' => '\'',
                '\u060C' => ',',
                var other => other,
            };
        }
    });

    // Below zero as people write it: -500, 500- and, in accounts, (500).
    private static (int Sign, string Body) Signed(string text) => text switch
    {
        ['(', .. var inner, ')'] => (-1, inner.Trim()),
        ['-', .. var rest] => (-1, rest.Trim()),
        [.. var rest, '-'] => (-1, rest.Trim()),
        ['+', .. var rest] => (1, rest.Trim()),
        _ => (1, text),
    };

    // Digits, in groups or not, with decimals or not.
    private CellFault? Grouped(string body, out decimal number)
    {
        number = 0;
        if (!Digits().IsMatch(body))
        {
            return NoNumber();
        }

        var point = Point(body);
        var (whole, decimals) = point is { } at ? (body[..at], body[(at + 1)..]) : (body, "");
        if (point is { } only && decimals.Length == 3 && whole.Length is >= 1 and <= 3 && whole.All(char.IsAsciiDigit) && whole[0] != '0' && body[only] is '.' or ',')
        {
            return new("ambiguous_number", $"{Said} may be {whole}{decimals} or {whole}.{decimals}: send {whole}{decimals}, or {whole}.{decimals}0.",
                $"قد يعني {SaidInArabic} العدد {whole}{decimals} أو {whole}.{decimals}: أرسل {whole}{decimals} أو {whole}.{decimals}0.");
        }

        if ((point is not null && (decimals.Length == 0 || !decimals.All(char.IsAsciiDigit))) || !(whole.All(char.IsAsciiDigit) || Groups().IsMatch(whole)))
        {
            return NoNumber();
        }

        var (digits, kept) = (string.Concat(whole.Where(char.IsAsciiDigit)).TrimStart('0'), decimals.TrimEnd('0'));
        if (digits.Length + kept.Length > MostDigits)
        {
            return TooLong();
        }

        number = decimal.Parse(kept.Length == 0 ? "0" + digits : $"0{digits}.{kept}", CultureInfo.InvariantCulture);
        return null;
    }

    // Where the decimals begin. Of two kinds of marks the last does it; one kind that stands there several times makes groups.
    private static int? Point(string body)
    {
        if (body.Contains('\u066B', StringComparison.Ordinal))
        {
            return body.LastIndexOf('\u066B');
        }

        var last = body.LastIndexOfAny(['.', ',']);
        return last < 0 || body.Count(c => c == body[last]) > 1 ? null : last;
    }

    /// <summary>A number as programs write it, with an exponent or without.</summary>
    /// <param name="most">So many digits say something; where there are more, they are what floating point made of fewer.</param>
    private CellFault? Exact(string text, int most, out decimal number)
    {
        number = 0;
        if (Program().Match(text) is not { Success: true } match)
        {
            return NoNumber();
        }

        var whole = match.Groups["whole"].Value.TrimStart('0');
        var digits = (whole + match.Groups["decimals"].Value).TrimStart('0');
        var scale = match.Groups["decimals"].Length;
        if (digits.Length == 0)
        {
            return null;
        }

        if (!int.TryParse(match.Groups["exponent"] is { Length: > 0 } exponent ? exponent.ValueSpan : "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) || Math.Abs(power) > 400)
        {
            return TooLong();
        }

        scale -= power;
        if (digits.Length > most && most == DigitsOfSheets)
        {
            if (digits.Length - scale > most)
            {
                return new("out_of_range", $"{Said} has more than {most} digits, and a spreadsheet keeps no more of a number: make the cell a text.",
                    $"في {SaidInArabic} أكثر من {most} رقما، ولا يحفظ برنامج الجداول من العدد أكثر من ذلك: اجعل الخلية نصا.");
            }

            scale -= digits.Length - most;
            digits = Rounded(digits, most);
        }

        var trimmed = digits.TrimEnd('0');
        scale -= digits.Length - trimmed.Length;
        if (trimmed.Length > MostDigits || scale > MostDigits || trimmed.Length - scale > MostDigits)
        {
            return TooLong();
        }

        var padded = scale < 0 ? trimmed + new string('0', -scale) : trimmed.PadLeft(scale + 1, '0');
        number = decimal.Parse(scale <= 0 ? padded : padded[..^scale] + "." + padded[^scale..], CultureInfo.InvariantCulture) * (text[0] == '-' ? -1 : 1);
        return null;
    }

    // Half away from nought, on the digits: they stay as many, or become one more.
    private static string Rounded(string digits, int most)
    {
        var kept = UInt128.Parse(digits.AsSpan(0, most), CultureInfo.InvariantCulture);
        return (digits[most] >= '5' ? kept + 1 : kept).ToString(CultureInfo.InvariantCulture);
    }

    private static bool Day(Match match, out DateOnly day) => Iso.TryParseDate(
        $"{match.Groups[1].Value}-{int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture):00}-{int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture):00}", out day);

    [GeneratedRegex(@"\A-?[0-9]{1,3}\.[0-9]{3}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TwoWays();

    [GeneratedRegex(@"\A[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Exponent();

    [GeneratedRegex(@"\A-?(?<whole>[0-9]*)(\.(?<decimals>[0-9]*))?([eE](?<exponent>[+-]?[0-9]+))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Program();

    [GeneratedRegex(@"\A[0-9., '\u066B\u066C]*[0-9]\z", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();

    /// <summary>Thousands, all with the same mark between them.</summary>
    [GeneratedRegex(@"\A[0-9]{1,3}((,[0-9]{3})+|(\.[0-9]{3})+|( [0-9]{3})+|('[0-9]{3})+|(\u066C[0-9]{3})+)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Groups();

    /// <summary>Midnight is what programs write behind a date that has no time.</summary>
    [GeneratedRegex(@"\A([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})([ T]0{1,2}:00(:00(\.0+)?)?Z?)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"\A([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})\z", RegexOptions.NonBacktracking)]
    private static partial Regex DayFirst();
}
