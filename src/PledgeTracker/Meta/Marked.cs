using System.Text.RegularExpressions;

namespace PledgeTracker.Meta;

/// <summary>A text in which the words are marked that were looked for.</summary>
/// <param name="Count">How many of the words it has.</param>
internal sealed partial record Marked(IReadOnlyList<Hit.Part> Parts, int Count)
{
    // In characters, around the first word.
    private const int Most = 200, Before = 60;

    /// <param name="words">Folded (<see cref="SearchText.Words"/>): what begins with one is one.</param>
    public static Marked Of(string text, string[] words)
    {
        var found = new HashSet<string>();
        var matches = new List<Match>();
        foreach (Match match in Words().Matches(text))
        {
            var folded = SearchText.Fold(match.Value).Split(' ');
            var there = words.Where(word => Array.Exists(folded, part => part.StartsWith(word, StringComparison.Ordinal))).ToList();
            if (there.Count > 0)
            {
                found.UnionWith(there);
                matches.Add(match);
            }
        }

        var (start, end) = matches is [] ? (0, 0) : Around(text, matches[0].Index);
        var parts = new List<Hit.Part>();
        var at = start;
        foreach (var match in matches.Where(match => match.Index + match.Length <= end))
        {
            Add(text[at..match.Index], matched: false);
            Add(match.Value, matched: true);
            at = match.Index + match.Length;
        }

        Add(text[at..end] + (end < text.Length && matches is not [] ? "…" : ""), matched: false);
        return new Marked(start > 0 ? [new Hit.Part("…", false), .. parts] : parts, found.Count);

        void Add(string part, bool matched)
        {
            if (part.Length > 0)
            {
                parts.Add(new Hit.Part(part, matched));
            }
        }
    }

    /// <summary>The beginning of a text.</summary>
    public static string Short(string text) => text.Length <= Most ? text : text[..End(text, Most)] + "…";

    // Whole words from a little before the one that was found.
    private static (int Start, int End) Around(string text, int at)
    {
        var start = text.Length <= Most || at <= Before ? 0 : text.IndexOf(' ', at - Before) is var space && space >= 0 && space < at ? space + 1 : at;
        return (start, text.Length - start <= Most ? text.Length : End(text, start + Most));
    }

    // No character is cut in two, and no word where another way is near.
    private static int End(string text, int most) =>
        text.LastIndexOf(' ', most) is var space && space > most - Before ? space : char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;

    // What can be of one word: letters, digits, and marks on and between them.
    [GeneratedRegex(@"[\p{L}\p{N}\p{M}\p{Cf}'’ʼ`\-]+")]
    private static partial Regex Words();
}
