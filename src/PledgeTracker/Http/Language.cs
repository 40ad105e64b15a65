using Microsoft.AspNetCore.Http.Headers;

namespace PledgeTracker.Http;

/// <summary>The two languages of the API, as equals.</summary>
public enum Language
{
    English,
    Arabic,
}

/// <summary>A text in both languages. In stored names either may be missing; then the other stands in.</summary>
/// <param name="En">English.</param>
/// <param name="Ar">Arabic.</param>
public sealed record LocalizedText(string? En = null, string? Ar = null)
{
    public string? In(Language language) => language == Language.Arabic ? Ar ?? En : En ?? Ar;

    /// <summary>Null where neither language has anything.</summary>
    public static LocalizedText? Of(string? en, string? ar) => en is null && ar is null ? null : new(en, ar);
}

internal static class Languages
{
    public static readonly string[] Codes = ["en", "ar"];

    public static string Code(this Language language) => language == Language.Arabic ? "ar" : "en";

    public static Language Parse(string code) => code == "ar" ? Language.Arabic : Language.English;

    /// <summary>RFC 9110 §12.5.4: the language of ours that the client weighs highest; English where it names neither.</summary>
    public static Language Negotiate(HttpRequest request)
    {
        var header = request.Headers.AcceptLanguage;
        if (header.Count == 0)
        {
            return Language.English;
        }

        double english = 0, arabic = 0;
        foreach (var accepted in new RequestHeaders(request.Headers).AcceptLanguage)
        {
            var quality = accepted.Quality ?? 1;
            var tag = accepted.Value.AsSpan();
            if (Is(tag, "ar"))
            {
                arabic = Math.Max(arabic, quality);
            }
            else if (Is(tag, "en") || tag is "*")
            {
                english = Math.Max(english, quality);
            }
        }

        return arabic > english ? Language.Arabic : Language.English;
    }

    private static bool Is(ReadOnlySpan<char> tag, string language) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == 2 || tag[2] == '-');
}
