using System.Globalization;

namespace PledgeTracker.Site.Components;

/// <summary>Lengths in pictures: every x is a percentage of the width, so that a picture fits wherever it stands.</summary>
internal static class Draw
{
    /// <summary>What is there is seen, however small: the least width in percent.</summary>
    public const decimal Least = 0.35m;

    /// <summary>Where something begins that lies so far from the start of the line: on the left, or, in Arabic, on the right.</summary>
    public static string X(Edition edition, decimal start, decimal width) => Percent(edition.IsArabic ? 100 - start - width : start);

    public static string Percent(decimal percent) => Plain(percent) + "%";

    public static string Plain(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
