using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace PledgeTracker.Data;

/// <summary>
/// Folds text so that spellings people take for the same are the same: case, accents, ligatures and whatever else stands for other letters; British and American endings; Arabic
/// marks, tatweel, the forms of alef, hamza, ya and ta marbuta, presentation forms, the definite article, the last letter of countries' names; digits of any script.
/// </summary>
internal static class SearchText
{
    /// <summary>Nobody types more of a word; an index does not take a word of any length.</summary>
    private const int LongestWord = 60;

    // What Unicode calls compatible, decomposed (NFKD), where letters or digits come of it: ligatures, presentation forms, full-width, raised and circled letters,
    // signs of several letters (ǆ, №, ², ㈱). A line has the first character's code, then what it and those behind it stand for.
    private static readonly FrozenDictionary<int, string> Compatible = ReadCompatible();

    // What has no accent that could be taken off.
    private const string Letters = "ßæœøđðþħıĸłŀĳŉŋŧſς";
    private static readonly string[] Spelled = ["ss", "ae", "oe", "o", "d", "d", "th", "h", "i", "k", "l", "l", "ij", "n", "n", "t", "s", "σ"];

    // British and American spelling. Inside a word only what turns the beginning of a word into the beginning of the folded one, because beginnings are looked for.
    private static readonly (string British, string American)[] Spellings =
    [
        ("iz", "is"), ("yz", "ys"), ("ll", "l"), ("gramm", "gram"), ("fenc", "fens"), ("licenc", "licens"), ("bour", "bor"), ("vour", "vor"), ("lour", "lor"), ("nour", "nor"),
        ("mour", "mor"), ("dour", "dor"), ("iour", "ior"), ("gour", "gor"),
    ];

    private static readonly (string British, string American)[] Endings =
        [("grame", "gram"), ("grames", "grams"), ("tre", "ter"), ("tres", "ters"), ("bre", "ber"), ("bres", "bers"), ("ogue", "og"), ("ogues", "ogs")];

    // سوريا and سورية: the one-word names of countries and continents that end in alef, by what they are with ha, as ta marbuta is folded.
    private static readonly FrozenDictionary<string, string> LastLetters = Country.Names.Values.SelectMany(names => names).Concat(["أفريقيا", "آسيا", "أوروبا", "أمريكا"]).Select(name => Fold([name], null))
        .Where(name => name.Length > 3 && !name.Contains(' ', StringComparison.Ordinal) && name[^1] is 'ا' or 'ه').Select(name => name[..^1]).Distinct()
        .ToFrozenDictionary(stem => stem + 'ه', stem => stem + 'ا');

    // By the first word of each: the names of countries, the longest first, all that the country is called for short, and what is looked for in the name's place.
    private static readonly FrozenDictionary<string, (string[] Name, string[] All, string[] Sought)[]> Countries = Country.Names
        .SelectMany(country => country.Value.Select(name => (country, name, Sought: name)).Concat(Country.FullNames.GetValueOrDefault(country.Key, []).Select(name => (country, name, Sought: country.Value[0]))))
        .Select(called => (Name: Fold(called.name).Split(' '), All: Fold([.. called.country.Value]).Split(' ').Distinct().ToArray(), Sought: Fold(called.Sought).Split(' ')))
        .GroupBy(called => called.Name[0]).ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(called => called.Name.Length).ToArray());

    /// <summary>The folded words of the texts, separated by single spaces.</summary>
    public static string Fold(params ReadOnlySpan<string?> texts) => Fold(texts, LastLetters);

    /// <summary>The folded words of the texts as they are kept to be searched: with the other names, in either language, of the countries that they name.</summary>
    public static string Searched(params ReadOnlySpan<string?> texts)
    {
        var folded = Fold(texts);
        var words = folded.Split(' ');
        var added = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            if (CountryAt(words, i) is (var name, var all, _))
            {
                added.AddRange(all);
                i += name.Length - 1;
            }
        }

        return added.Count == 0 ? folded : string.Join(' ', words.Concat(added.Except(words)));
    }

    /// <summary>The folded words to look for: at most eight, so that a pasted page is not a query. A country's name in full is looked for by its short one.</summary>
    public static string[] Words(string text)
    {
        var words = Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var sought = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            var country = CountryAt(words, i);
            sought.AddRange(country?.Sought ?? [words[i]]);
            i += (country?.Name.Length ?? 1) - 1;
        }

        return sought.Distinct().Take(8).ToArray();
    }

    // The longest name of a country that begins there.
    private static (string[] Name, string[] All, string[] Sought)? CountryAt(string[] words, int at)
    {
        foreach (var called in Countries.GetValueOrDefault(words[at], []))
        {
            if (words.AsSpan(at).StartsWith(called.Name))
            {
                return called;
            }
        }

        return null;
    }

    private static string Fold(ReadOnlySpan<string?> texts, FrozenDictionary<string, string>? lastLetters)
    {
        var folded = new StringBuilder();
        var word = new StringBuilder();
        foreach (var text in texts)
        {
            foreach (var rune in Text.Decomposed(text ?? "").EnumerateRunes())
            {
                Add(rune, word, folded, lastLetters);
            }

            End(word, folded, lastLetters);
        }

        return folded.ToString();
    }

    private static void Add(Rune rune, StringBuilder word, StringBuilder folded, FrozenDictionary<string, string>? lastLetters)
    {
        switch (rune.Value)
        {
            // Apostrophes, and what stands for ayn and hamza in Latin letters.
            case '\'' or '`' or '´' or '‘' or '’' or '\u02B9' or >= '\u02BB' and <= '\u02BF' or '\uFF07':
            // Tatweel, and hamza alone.
            case 'ـ' or 'ء':
                return;
        }

        if (IsLeftOut(rune))
        {
            return;
        }

        var lower = Rune.ToLowerInvariant(rune);
        var at = lower.IsBmp ? Letters.IndexOf((char)lower.Value, StringComparison.Ordinal) : -1;
        var category = Rune.GetUnicodeCategory(lower);
        if (at >= 0)
        {
            Append(Spelled[at], word);
        }
        else if (Compatible.TryGetValue(rune.Value, out var letters))
        {
            foreach (var letter in letters.EnumerateRunes())
            {
                Add(letter, word, folded, lastLetters);
            }
        }
        else if (category == UnicodeCategory.DecimalDigitNumber)
        {
            Append(((int)Rune.GetNumericValue(lower)).ToString(CultureInfo.InvariantCulture), word);
        }
        else if (Rune.IsLetter(lower) || category is UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        {
            // A mark that is no accent is part of a word: the vowels of Indian scripts are.
            Append(lower.Value switch
            {
                'ٱ' => "ا",
                'ى' or 'ی' => "ي",
                'ة' or 'ە' or 'ہ' or 'ھ' or 'ۃ' => "ه",
                'ک' => "ك",
                _ => lower.ToString(),
            }, word);
        }
        else
        {
            End(word, folded, lastLetters);
        }
    }

    // Accents, the marks of Arabic and Hebrew, selectors of variants, and characters that only tell how others are to be shown.
    private static bool IsLeftOut(Rune rune) => rune.Value is >= 0x0300 and <= 0x036F or >= 0x0591 and <= 0x05BD or 0x05BF or 0x05C1 or 0x05C2 or 0x05C4 or 0x05C5 or 0x05C7
            or >= 0x0610 and <= 0x061A or >= 0x064B and <= 0x065F or 0x0670 or >= 0x06D6 and <= 0x06DC or >= 0x06DF and <= 0x06E4 or 0x06E7 or 0x06E8 or >= 0x06EA and <= 0x06ED
            or >= 0x08D3 and <= 0x08FF or >= 0x1AB0 and <= 0x1AFF or >= 0x1DC0 and <= 0x1DFF or >= 0x20D0 and <= 0x20FF or >= 0xFE00 and <= 0xFE0F or >= 0xFE20 and <= 0xFE2F
            or >= 0xE0100 and <= 0xE01EF
        || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    private static FrozenDictionary<int, string> ReadCompatible()
    {
        using var lines = new StreamReader(System.Reflection.Assembly.GetExecutingAssembly().GetManifestResourceStream("compatibility.txt")!);
        var compatible = new Dictionary<int, string>();
        while (lines.ReadLine()?.Split('\t') is [var first, .. var letters])
        {
            for (var i = 0; i < letters.Length; i++)
            {
                compatible.Add(int.Parse(first, NumberStyles.HexNumber, CultureInfo.InvariantCulture) + i, letters[i]);
            }
        }

        return compatible.ToFrozenDictionary();
    }

    private static void Append(string letters, StringBuilder word)
    {
        if (word.Length + letters.Length <= LongestWord)
        {
            word.Append(letters);
        }
    }

    private static void End(StringBuilder word, StringBuilder folded, FrozenDictionary<string, string>? lastLetters)
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
        var whole = word.ToString(start, word.Length - start);
        word.Clear();
        folded.Append(char.IsAsciiLetter(whole[0]) ? American(whole) : lastLetters?.GetValueOrDefault(whole) ?? whole);
    }

    private static string American(string word)
    {
        foreach (var (british, american) in Spellings)
        {
            word = word.Replace(british, american, StringComparison.Ordinal);
        }

        foreach (var (british, american) in Endings)
        {
            if (word.Length > british.Length && word.EndsWith(british, StringComparison.Ordinal))
            {
                return word[..^british.Length] + american;
            }
        }

        return word;
    }
}
