namespace PledgeTracker.Http;

/// <summary>
/// How a stored text is shown: in the negotiated language in lists (<c>string</c>), in both where a resource stands alone
/// (<see cref="LocalizedText"/>). A response type with a parameter <c>TText</c> serves both.
/// </summary>
internal delegate TText? Texts<out TText>(string? en, string? ar)
    where TText : class;

internal static class Texts
{
    public static readonly Texts<LocalizedText> Both = LocalizedText.Of;

    public static Texts<string> In(Language language) => language == Language.Arabic ? static (en, ar) => ar ?? en : static (en, ar) => en ?? ar;
}
