using System.Globalization;

namespace PledgeTracker.Words;

/// <summary>Dates and instants as they are stored and sent: ISO 8601 <c>yyyy-MM-dd</c> and RFC 3339 in UTC with milliseconds.</summary>
internal static class Iso
{
    /// <summary>No date and no instant has more letters.</summary>
    public const int Longest = 24;

    // The framework's own name for yyyy-MM-dd, which it writes without reading a pattern.
    private const string DateFormat = "O";
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Date(DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    /// <summary>As text without a string of its own.</summary>
    /// <param name="room">For <see cref="Longest"/> letters.</param>
    public static ReadOnlySpan<char> Date(DateOnly date, Span<char> room)
    {
        date.TryFormat(room, out var length, DateFormat, CultureInfo.InvariantCulture);
        return room[..length];
    }

    /// <inheritdoc cref="Date(DateOnly, Span{char})"/>
    public static ReadOnlySpan<char> Instant(DateTimeOffset instant, Span<char> room)
    {
        instant.UtcDateTime.TryFormat(room, out var length, InstantFormat, CultureInfo.InvariantCulture);
        return room[..length];
    }

    public static DateOnly ParseDate(ReadOnlySpan<char> text) =>
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
            ? new DateTimeOffset(ParseDate(text.AsSpan(0, 10)), new TimeOnly(hour, minute, second, millisecond), TimeSpan.Zero)
            : throw new FormatException($"{text} is no instant.");

    // -1 where one of them is no digit.
    private static int Digits(ReadOnlySpan<char> text, int start, int count)
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
