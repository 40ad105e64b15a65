using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Redactions;

/// <summary>The members in which people write sentences, in the JSON of changes and of kept answers. Names, identifiers and words of a vocabulary are none.</summary>
internal static class FreeText
{
    public static readonly string[] Members = ["description", "note", "quote", "reason", "reference", "reversalReason", "statedBy"];

    /// <summary>All free text, at any depth, each with the name of its member.</summary>
    public static IEnumerable<(string Member, string Text)> Of(JsonNode? node) => Places(node).Select(place => (place.Member, place.Text));

    /// <summary>Blanks these texts wherever they stand, at any depth; whether any did.</summary>
    public static bool Blank(JsonNode? node, IReadOnlySet<string> texts)
    {
        var gone = Places(node).Where(place => texts.Contains(place.Text)).ToList();
        foreach (var (thing, member, language, _) in gone)
        {
            if (language is null)
            {
                thing[member] = null;
            }
            else if (thing[member] is JsonObject inLanguages)
            {
                inLanguages[language] = null;
                if (inLanguages.All(text => text.Value is null))
                {
                    thing[member] = null;
                }
            }
        }

        return gone.Count > 0;
    }

    private static IEnumerable<(JsonObject Thing, string Member, string? Language, string Text)> Places(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Places),
        JsonObject thing => thing.SelectMany(member => PlacesOf(thing, member.Key, member.Value)),
        _ => [],
    };

    private static IEnumerable<(JsonObject Thing, string Member, string? Language, string Text)> PlacesOf(JsonObject thing, string member, JsonNode? value)
    {
        if (!Members.Contains(member))
        {
            return Places(value);
        }

        // Why a promise was withdrawn is a word of a vocabulary, and no text in two languages.
        (string? Language, JsonNode? Text)[] texts = value is JsonObject inLanguages ? [.. inLanguages.Select(text => ((string?)text.Key, text.Value))] : member == "reason" ? [] : [(null, value)];
        return from text in texts
               where text.Text?.GetValueKind() == JsonValueKind.String
               select (thing, member, text.Language, text.Text.GetValue<string>());
    }
}
