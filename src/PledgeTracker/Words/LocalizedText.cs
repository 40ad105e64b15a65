namespace PledgeTracker.Words;

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
