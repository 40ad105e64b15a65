using System.Collections.Frozen;
using System.Text;

namespace PledgeTracker.Imports.Fts;

/// <summary>What the words of the Financial Tracking Service are here.</summary>
internal static class FtsWords
{
    // Spellings that differ from ours, also of other years; whatever stands behind a comma or in brackets is read as well (Korea, Republic of).
    private static readonly FrozenDictionary<string, string> Places = new Dictionary<string, string>
    {
        ["China - Hong Kong (Special Administrative Region)"] = "HKG",
        ["Hong Kong, China"] = "HKG",
        ["China - Macao (Special Administrative Region)"] = "MAC",
        ["China - Taiwan Province"] = "TWN",
        ["Taiwan, Province of China"] = "TWN",
        ["The former Yugoslav Republic of Macedonia"] = "MKD",
        ["Libyan Arab Jamahiriya"] = "LBY",
        ["Zaire"] = "COD",
        ["Congo, Republic of"] = "COG",
        ["Korea, DPR"] = "PRK",
        ["Virgin Islands (British)"] = "VGB",
        ["Cocos (Keeling) Islands"] = "CCK",
        ["Falkland Islands (Malvinas)"] = "FLK",
        ["Svalbard and Jan Mayen Islands"] = "SJM",
        ["Wallis and Futuna Islands"] = "WLF",
        ["Pitcairn Islands"] = "PCN",
        ["US Virgin Islands"] = "VIR",
        ["Virgin Islands, U.S."] = "VIR",
        ["Virgin Islands, US"] = "VIR",
        ["Federal Republic of Yugoslavia"] = "YUG",
        ["Bonaire, Saint Eustatius and Saba"] = "BES",
        ["Bonaire, Sint Eustatius and Saba"] = "BES",
        ["Saint Helena, Ascension and Tristan da Cunha"] = "SHN",
        ["Saint-Martin (under French sovereignty)"] = "MAF",
        ["Saint-Barthelemy"] = "BLM",
        ["Palestinian Territory, Occupied"] = "PSE",
        ["oPt"] = "PSE",
        ["Occupied Palestinian territories"] = "PSE",
        ["West Bank and Gaza"] = "PSE",
        ["Holy See (Vatican City State)"] = "VAT",
        ["Netherlands Antilles (until 2010)"] = "ANT",
        ["Serbia and Montenegro (until 2006-2009)"] = "SCG",
        ["South Georgia and South Sandwich Islands"] = "SGS",
    }.ToFrozenDictionary(place => SearchText.Fold(place.Key), place => place.Value);

    private static readonly FrozenDictionary<string, string> Named = Country.Names.Concat(Country.FullNames)
        .Where(country => !Country.IsWithdrawn(country.Key) || country.Key is "SCG" or "YUG" or "ANT" or "CSK" or "SUN" or "DDR")
        .SelectMany(country => country.Value.Select(name => (Name: SearchText.Fold(name), country.Key)))
        .DistinctBy(name => name.Name).ToFrozenDictionary(name => name.Name, name => name.Key);

    // In the labels of either generation, in small letters and in the singular.
    private static readonly Dictionary<string, string> Types = new()
    {
        ["government"] = "10",
        ["ngo"] = "21",
        ["un agency"] = "40",
        ["multilateral organization"] = "40",
        ["inter-governmental"] = "40",
        ["inter-governmental organization"] = "40",
        ["financial institution"] = "40",
        ["international financial institution"] = "40",
        ["red cross/red crescent"] = "90",
        ["red cross/red crescent organization"] = "90",
        ["foundation"] = "60",
        ["private organization"] = "70",
        ["private organization/foundation"] = "70",
        ["private sector"] = "70",
        ["academic"] = "80",
        ["academic institution"] = "80",
        ["academic/training/research institution"] = "80",
        ["pooled fund"] = "pooled_fund",
    };

    private static readonly FrozenSet<string> Nobody = new[] { "Not specified", "Unspecified", "Not Specified Donor", "Donors (not specified)", "Donor not specified", "Various donors (not specified)", "Unknown" }
        .Select(name => SearchText.Fold(name)).ToFrozenSet();

    /// <summary>Whether a name stands where nobody is named.</summary>
    public static bool IsNobody(string name) => Nobody.Contains(SearchText.Fold(name));

    /// <summary>ISO 3166-1 alpha-3 of a place by what it is called there; null where it is no country.</summary>
    public static string? CountryOf(string name)
    {
        if (name.Length == 3 && Country.Exists(name))
        {
            return name;
        }

        var plain = WithoutBrackets(name);
        var parts = plain.Split(", ");
        return Find(name) ?? Find(plain) ?? (parts.Length == 2 ? Find($"{parts[1]} {parts[0]}") : null);

        static string? Find(string name)
        {
            var folded = SearchText.Fold(name);
            var bare = folded.StartsWith("the ", StringComparison.Ordinal) ? folded[4..] : folded.StartsWith("st ", StringComparison.Ordinal) ? "saint " + folded[3..] : folded;
            return Places.GetValueOrDefault(folded) ?? Named.GetValueOrDefault(folded) ?? Places.GetValueOrDefault(bare) ?? Named.GetValueOrDefault(bare);
        }
    }

    /// <summary>The type of an organization by its labels there.</summary>
    public static string TypeOf(string? label, string? subtype)
    {
        var word = label?.Trim().ToLowerInvariant() ?? "";
        var type = Types.GetValueOrDefault(word) ?? Types.GetValueOrDefault(word.TrimEnd('s')) ?? "90";
        var kind = subtype?.ToLowerInvariant() ?? "";
        return (type, kind) switch
        {
            ("10", "local government") => "11",
            ("21", "national" or "local" or "national ngo" or "local ngo") => "22",
            _ => type,
        };
    }

    /// <summary>The word of ours for what is earmarked how closely; null where it says none of them, or several.</summary>
    public static string? EarmarkingOf(IReadOnlyList<string>? words) => words is [var word] && word.ToLowerInvariant().Replace(' ', '_') is var ours && Vocabulary.Earmarkings.Contains(ours) ? ours : null;

    /// <summary>A readable id for a name, of those that are free.</summary>
    /// <param name="isTaken">Whether one has an id already.</param>
    public static async Task<string> SlugAsync(string name, Func<string, Task<bool>> isTaken)
    {
        var letters = new StringBuilder();
        foreach (var c in Text.Decomposed(name.ToLowerInvariant()))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                letters.Append(c);
            }
            else if (letters.Length > 0 && letters[^1] != '-' && c is not ('\'' or '’') && !char.IsBetween(c, '\u0300', '\u036F'))
            {
                letters.Append('-');
            }
        }

        // A number behind it has room, too.
        var plain = letters.ToString().Trim('-') is { Length: > 0 } slug ? slug[..Math.Min(slug.Length, Slug.MaxLength - 6)].Trim('-') : "organization";
        for (var i = 1; ; i++)
        {
            var id = i == 1 ? plain : $"{plain}-{i}";
            if (!await isTaken(id))
            {
                return id;
            }
        }
    }

    private static string WithoutBrackets(string name) => name.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at && name.IndexOf(')', at) is > 0 and var end ? (name[..at] + name[(end + 1)..]).Trim() : name;
}
