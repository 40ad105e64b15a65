using System.Globalization;

namespace PledgeTracker.Data;

/// <summary>Dates and instants as they are stored and sent: ISO 8601 <c>yyyy-MM-dd</c> and RFC 3339 in UTC with milliseconds.</summary>
internal static class Iso
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    public static DateOnly ParseDate(string text) =>
        // What is stored is checked already; the framework's parser would be the dearest part of reading a row.
        text.Length == 10 && text[4] == '-' && text[7] == '-' && Digits(text, 0, 4) is >= 0 and var year && Digits(text, 5, 2) is >= 0 and var month &&
        Digits(text, 8, 2) is >= 0 and var day
            ? new DateOnly(year, month, day)
            : throw new FormatException($"{text} is no date.");

    public static bool TryParseDate(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    public static DateTimeOffset ParseInstant(string text) =>
        text.Length == 24 && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == '.' && text[23] == 'Z' &&
        Digits(text, 11, 2) is >= 0 and var hour && Digits(text, 14, 2) is >= 0 and var minute && Digits(text, 17, 2) is >= 0 and var second &&
        Digits(text, 20, 3) is >= 0 and var millisecond
            ? new DateTimeOffset(ParseDate(text[..10]), new TimeOnly(hour, minute, second, millisecond), TimeSpan.Zero)
            : throw new FormatException($"{text} is no instant.");

    // -1 where one of them is no digit.
    private static int Digits(string text, int start, int count)
    {
        var number = 0;
        for (var i = start; i < start + count; i++)
        {
            var digit = text[i] - '0';
            if (digit is < 0 or > 9)
            {
                return -1;
            }

            number = (number * 10) + digit;
        }

        return number;
    }

    public static DateOnly Today(this TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
}
