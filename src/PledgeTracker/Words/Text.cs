using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace PledgeTracker.Words;

/// <summary>
/// The door that every text of every request passes. What nobody sees goes, what could be written in two ways is written in one, and what would make a text
/// look like another, or break what shows it, is refused by its name.
/// </summary>
internal static class Text
{
    /// <summary>Takes a text in.</summary>
    /// <param name="sent">As it was sent.</param>
    /// <param name="isIdentifier">Whether people type it from a paper to find the same thing again: then no format character stays, and white space of any kind is a space.</param>
    /// <param name="taken">As it is kept; empty where there was nothing but white space.</param>
    /// <returns>Why it is not taken; null where it is.</returns>
    public static LocalizedText? Take(string sent, bool isIdentifier, out string taken)
    {
        taken = sent;
        if (IsPlain(sent))
        {
            return null;
        }

        var kept = new StringBuilder(sent.Length);
        for (var i = 0; i < sent.Length; i++)
        {
            if (!Rune.TryGetRuneAt(sent, i, out var rune))
            {
                return new($"Send a text without U+{(int)sent[i]:X4}, half of a surrogate pair.", $"أرسل نصا دون المحرف U+{(int)sent[i]:X4}، فهو نصف زوج بديل.");
            }

            i += rune.Utf16SequenceLength - 1;
            if (rune.Value is 0x200B or 0xFEFF or 0x00AD || (rune.Value == '\r' && i + 1 < sent.Length && sent[i + 1] == '\n')
                || (isIdentifier && Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format))
            {
                continue;
            }

            if (isIdentifier && Rune.IsWhiteSpace(rune))
            {
                kept.Append(' ');
            }
            else if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))
            {
                return new($"Send a text without the control character U+{rune.Value:X4}.", $"أرسل نصا دون محرف التحكم U+{rune.Value:X4}.");
            }
            else
            {
                kept.Append(rune);
            }
        }

        taken = Composed(kept.ToString().Trim());
        return Unbalanced(taken);
    }

    /// <summary>A text of a file as it can be kept: what is refused of others is taken out, and so is what would turn the texts beside it.</summary>
    public static string Plain(string sent, bool isIdentifier = false)
    {
        if (Take(sent, isIdentifier, out var taken) is not null)
        {
            var kept = new StringBuilder(sent.Length);
            for (var i = 0; i < sent.Length; i++)
            {
                if (Rune.TryGetRuneAt(sent, i, out var rune))
                {
                    i += rune.Utf16SequenceLength - 1;
                    if (!(Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')) && rune.Value is not (>= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069))
                    {
                        kept.Append(rune);
                    }
                }
            }

            Take(kept.ToString(), isIdentifier, out taken);
        }

        return taken;
    }

    /// <summary>How many characters it has: those outside the first 65,536 are one each, too.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    /// <summary>Whether it stands in one line, as names do.</summary>
    public static bool IsOneLine(string text) => text.AsSpan().IndexOfAny("\t\n\u2028\u2029") < 0;

    /// <summary>Whether there is anything in it to be seen.</summary>
    public static bool IsVisible(string text) => text.EnumerateRunes().Any(rune => !IsInvisible(rune));

    /// <summary>The text as XML can hold it: without U+FFFE and U+FFFF.</summary>
    public static string InXml(string text) => text.AsSpan().IndexOfAny('\uFFFE', '\uFFFF') < 0 ? text : string.Concat(text.Where(c => c < '\uFFFE'));

    /// <summary>The text with every accent a character of its own (NFD).</summary>
    public static string Decomposed(string text) => HasOnlyBefore(text, '\u00C0') ? text : ENSNormalize.NF.NFD(text);

    // NFC. The framework has it from ICU alone (docs/decisions/0005). Nothing in front of the first accent (U+0300) is composed with anything.
    private static string Composed(string text) => HasOnlyBefore(text, '\u0300') ? text : ENSNormalize.NF.NFC(text);

    private static bool HasOnlyBefore(string text, char first) => text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(first - 1)) < 0;

    // Most texts of programs: nothing to be done.
    private static bool IsPlain(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && (text.Length == 0 || (text[0] != ' ' && text[^1] != ' '));

    /// <summary>A control of direction that begins and does not end in its line, or ends what did not begin: it would turn what stands beside the text.</summary>
    private static LocalizedText? Unbalanced(string text)
    {
        var open = new Stack<char>();
        foreach (var c in text.Append('\n'))
        {
            switch (c)
            {
                case >= '\u202A' and <= '\u202E' and not '\u202C' or >= '\u2066' and <= '\u2068':
                    open.Push(c);
                    break;
                case '\u202C' or '\u2069' when !open.TryPop(out var opened) || (opened > '\u2060') != (c == '\u2069'):
                    return new($"Send a text without U+{(int)c:X4}: it ends a change of direction that does not begin.", $"أرسل نصا دون المحرف U+{(int)c:X4}، فهو ينهي تغييرا للاتجاه لم يبدأ.");
                case '\n' when open.TryPop(out var left):
                    return new($"Send a text without U+{(int)left:X4}: it changes the direction of writing, and nothing ends it.",
                        $"أرسل نصا دون المحرف U+{(int)left:X4}، فهو يغير اتجاه الكتابة ولا شيء ينهيه.");
            }
        }

        return null;
    }

    // Controls, formats and spaces, and what is of another kind and shows nothing: fillers, selectors of variants, the blank of Braille, tags, and what is no character at all.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or >= 0x180B and <= 0x180F or 0x2800 or 0x3164 or >= 0xFE00 and <= 0xFE0F or 0xFFA0 or >= 0xE0000 and <= 0xE0FFF
        || rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE;
}
