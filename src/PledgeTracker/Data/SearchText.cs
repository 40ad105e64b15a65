using System.Globalization;
using System.Text;

namespace PledgeTracker.Data;

/// <summary>
/// Folds text so that spellings people take for the same are the same: case and Latin accents; Arabic marks, tatweel, the forms of
/// alef, hamza, ya and ta marbuta, the definite article; Arabic-Indic and Persian digits.
/// </summary>
internal static class SearchText
{
    private const string Accented = "àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňòóôõöøōŏőŕŗřśŝşšţťŧùúûüũūŭůűųŵýÿŷźżž";
    private const string Plain = "aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijklllllnnnnooooooooorrrsssstttuuuuuuuuuuwyyyzzz";

    /// <summary>The folded words of the texts, separated by single spaces.</summary>
    public static string Fold(params ReadOnlySpan<string?> texts)
    {
        var folded = new StringBuilder();
        var word = new StringBuilder();
        foreach (var text in texts)
        {
            foreach (var c in text ?? "")
            {
                var f = Fold(c);
                if (f == '\0')
                {
                    continue;
                }

                if (char.IsLetterOrDigit(f))
                {
                    word.Append(f);
                }
                else
                {
                    End(word, folded);
                }
            }

            End(word, folded);
        }

        return folded.ToString();
    }

    /// <summary>The folded words to look for: at most eight, so that a pasted page is not a query.</summary>
    public static string[] Words(string text) => Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Take(8).ToArray();

    private static void End(StringBuilder word, StringBuilder folded)
    {
        if (word.Length == 0)
        {
            return;
        }

        if (folded.Length > 0)
        {
            folded.Append(' ');
        }

        // The article, alone or behind a one-letter conjunction or preposition: الإمارات, والعراق, بالكويت, للاستقرار.
        var start = word switch
        {
            { Length: > 5 } when (word[0] is 'و' or 'ب' or 'ف' or 'ك') && word[1] == 'ا' && word[2] == 'ل' => 3,
            { Length: > 4 } when word[0] == 'ا' && word[1] == 'ل' => 2,
            { Length: > 4 } when word[0] == 'ل' && word[1] == 'ل' => 2,
            _ => 0,
        };
        folded.Append(word, start, word.Length - start);
        word.Clear();
    }

    private static char Fold(char c)
    {
        switch (c)
        {
            case >= '\u064B' and <= '\u065F' or '\u0670' or 'ـ' or >= '\u0300' and <= '\u036F' or '\u200C' or '\u200D':
                return '\0';
            case 'أ' or 'إ' or 'آ' or 'ٱ':
                return 'ا';
            case 'ى' or 'ئ' or 'ی':
                return 'ي';
            case 'ؤ':
                return 'و';
            case 'ة':
                return 'ه';
            case 'ء':
                return '\0';
            case 'ک':
                return 'ك';
            case >= '٠' and <= '٩':
                return (char)('0' + (c - '٠'));
            case >= '۰' and <= '۹':
                return (char)('0' + (c - '۰'));
            case '\'' or '’':
                return '\0';
            // Has no lower case in the invariant culture.
            case 'İ':
                return 'i';
        }

        var lower = char.ToLower(c, CultureInfo.InvariantCulture);
        var at = lower < 0x80 ? -1 : Accented.IndexOf(lower, StringComparison.Ordinal);
        return at < 0 ? lower : Plain[at];
    }
}
