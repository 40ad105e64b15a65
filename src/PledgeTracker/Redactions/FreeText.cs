using System.Text.Json.Nodes;

namespace PledgeTracker.Redactions;

/// <summary>The members in which people write sentences, in the JSON of changes and of kept answers. Names, identifiers and words of a vocabulary are none.</summary>
internal static class FreeText
{
    private static readonly HashSet<string> Members = ["description", "note", "quote", "reason", "reference", "reversalReason", "statedBy"];

    /// <summary>Blanks free text, at any depth; whether there was any.</summary>
    /// <param name="goes">Asked of each text.</param>
    /// <param name="members">The names of what was blanked are added to it.</param>
    public static bool Blank(JsonNode? node, Func<string, bool> goes, ISet<string> members)
    {
        var blanked = false;
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                blanked |= Blank(item, goes, members);
            }
        }
        else if (node is JsonObject thing)
        {
            foreach (var (name, value) in thing.ToList())
            {
                if (!Members.Contains(name))
                {
                    blanked |= Blank(value, goes, members);
                }
                else if (value is JsonObject inLanguages)
                {
                    var gone = inLanguages.Where(text => Goes(text.Value)).Select(text => text.Key).ToList();
                    gone.ForEach(language => inLanguages[language] = null);
                    Note(name, gone.Count > 0);
                    if (gone.Count > 0 && inLanguages.All(text => text.Value is null))
                    {
                        thing[name] = null;
                    }
                }
                // Why a promise was withdrawn is a word of a vocabulary, and no text in two languages.
                else if (name != "reason" && Goes(value))
                {
                    thing[name] = null;
                    Note(name, true);
                }
            }
        }

        return blanked;

        bool Goes(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var words) && goes(words);

        void Note(string name, bool gone)
        {
            if (gone)
            {
                members.Add(name);
                blanked = true;
            }
        }
    }
}
