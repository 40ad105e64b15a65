using System.Globalization;
using System.Text;

namespace PledgeTracker.Imports.Fts;

/// <summary>What is found while a flow is read: why it is refused, and what is kept of it otherwise than it stands there.</summary>
internal sealed class FtsReading
{
    /// <summary>So many characters a name or a description may have here.</summary>
    private const int LongestName = 300, LongestDescription = 20_000, LongestReference = 200;

    public List<RowFault> Faults { get; } = [];

    public List<RowFault> Notes { get; } = [];

    public void Fault(string member, string code, string en, string ar) => Faults.Add(new(member, null, code, new(en, ar)));

    public void Note(string member, string code, string en, string ar) => Notes.Add(new(member, null, code, new(en, ar)));

    /// <summary>A name or a word, in one line; null where there is nothing to be seen.</summary>
    public string? Name(string member, string? sent) => Cut(member, sent is null ? null : Clean(member, string.Join(' ', sent.Split(['\t', '\r', '\n', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries)), isIdentifier: false), LongestName);

    public string? Description(string member, string? sent) => Cut(member, sent is null ? null : Clean(member, sent, isIdentifier: false), LongestDescription);

    public string? Reference(string member, string? sent) => Cut(member, sent is null ? null : Clean(member, sent, isIdentifier: true), LongestReference);

    /// <summary>One of a few words.</summary>
    public string Word(string member, string? sent, params ReadOnlySpan<string> words)
    {
        var word = sent?.Trim().ToLowerInvariant();
        if (word is not null && words.Contains(word))
        {
            return word;
        }

        var all = string.Join(", ", words!);
        if (string.IsNullOrEmpty(word))
        {
            Fault(member, "required", $"Send one of {all}.", $"أرسل إحدى القيم: {all.Replace(", ", "، ", StringComparison.Ordinal)}.");
        }
        else
        {
            Fault(member, "not_one_of", $"Send one of {all}.", $"أرسل إحدى القيم: {all.Replace(", ", "، ", StringComparison.Ordinal)}.");
        }

        return words[0];
    }

    /// <summary>A number as its CSV writes it: with a decimal point, and no other sign.</summary>
    public decimal? Number(string member, string? sent)
    {
        if (string.IsNullOrWhiteSpace(sent))
        {
            return null;
        }

        if (decimal.TryParse(sent.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number))
        {
            return Kept(member, number);
        }

        Fault(member, "invalid_amount", "Send a number such as 1250000.5: digits, and a point in front of decimals.", "أرسل عددا مثل 1250000.5: أرقاما ونقطة قبل الكسور.");
        return null;
    }

    /// <summary>A number as it is kept: of as many digits as can be read again, whatever its last decimals were.</summary>
    public decimal? Kept(string member, decimal number)
    {
        var whole = decimal.Truncate(Math.Abs(number)).ToString(CultureInfo.InvariantCulture).Length;
        if (whole <= Http.Json.MostDigits)
        {
            return Math.Round(number, Http.Json.MostDigits - whole, MidpointRounding.ToEven);
        }

        Fault(member, "invalid_amount", $"Send a number of at most {Http.Json.MostDigits} digits.", $"أرسل عددا لا يزيد على {Http.Json.MostDigits} رقما.");
        return null;
    }

    /// <summary>The day of a date or an instant (ISO 8601).</summary>
    public DateOnly? Day(string member, string? sent)
    {
        if (string.IsNullOrWhiteSpace(sent))
        {
            return null;
        }

        var text = sent.Trim();
        if ((text.Length == 10 || (text.Length > 10 && text[10] is 'T' or ' ')) && Iso.TryParseDate(text[..10], out var day))
        {
            return day;
        }

        Fault(member, "invalid_date", "Send a date such as 2026-01-31.", "أرسل تاريخا مثل 2026-01-31.");
        return null;
    }

    public int? Year(string member, string? sent)
    {
        if (string.IsNullOrWhiteSpace(sent))
        {
            return null;
        }

        if (int.TryParse(sent.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > 0 and < 10_000)
        {
            return year;
        }

        Fault(member, "out_of_range", "Send a year such as 2026.", "أرسل سنة مثل 2026.");
        return null;
    }

    /// <summary>What a number is called there: digits, such as 211794.</summary>
    public string? Id(string member, string? sent)
    {
        var id = sent?.Trim();
        if (id is { Length: > 0 and <= 40 } && id.All(char.IsAsciiLetterOrDigit))
        {
            return id;
        }

        Fault(member, string.IsNullOrEmpty(id) ? "required" : "invalid_id", "Send the number of the flow, such as 211794.", "أرسل رقم التدفق مثل 211794.");
        return null;
    }

    /// <summary>Dollars that can be kept here, whole cents or not.</summary>
    public decimal Usd(string member, decimal? amount)
    {
        if (amount is null && !Faults.Exists(fault => fault.Member == member))
        {
            Fault(member, "required", "Send the amount in US dollars.", "أرسل المبلغ بالدولار الأمريكي.");
        }
        else if (amount is { } usd && Math.Abs(usd) > Currency.Usd(Money.MaxUsd))
        {
            Fault(member, "invalid_amount", $"Send an amount in USD no larger than {Currency.Usd(Money.MaxUsd)}.", $"أرسل مبلغا بعملة USD لا يزيد على {Currency.Usd(Money.MaxUsd)}.");
        }

        return amount ?? 0;
    }

    private string? Clean(string member, string sent, bool isIdentifier)
    {
        var taken = Text.Plain(sent, isIdentifier);
        if (Text.Take(sent, isIdentifier, out _) is not null)
        {
            Note(member, "invalid_text", "Control characters were taken out.", "حُذفت محارف التحكم.");
        }

        return Text.IsVisible(taken) ? taken : null;
    }

    private string? Cut(string member, string? text, int most)
    {
        if (text is null || text.Length <= most || Text.Length(text) <= most)
        {
            return text;
        }

        Note(member, "invalid_text", $"Only the first {most} characters are kept.", $"لم يُحفظ إلا أول {most} حرف.");
        var runes = text.EnumerateRunes().Take(most);
        return string.Concat(runes).Trim();
    }
}
