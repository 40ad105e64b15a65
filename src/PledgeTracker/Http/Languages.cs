using Microsoft.AspNetCore.Http.Headers;

namespace PledgeTracker.Http;

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

    /// <summary>`lang` where it is given, otherwise what `Accept-Language` weighs highest.</summary>
    public static Language Of(HttpContext context) =>
        context.Request.Query.TryGetValue("lang", out var lang) && lang.Count == 1 && Codes.Contains(lang[0])
            ? Parse(lang[0]!)
            : Negotiate(context.Request);

    private static bool Is(ReadOnlySpan<char> tag, string language) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == 2 || tag[2] == '-');
}
