using System.Text.Json;

namespace PledgeTracker.Changes;

/// <summary>What a change holds, as it was stored. Texts of it may have been blanked since: what is not there is null.</summary>
internal readonly struct Content(JsonElement body)
{
    public string Action => body.Word("action") ?? "";

    public JsonElement? Before => body.Member("before");

    public JsonElement? After => body.Member("after");

    /// <summary>The ids of the organizations that it names in its own words.</summary>
    public string?[] Organizations => [After.Word("into"), After.Word("organizationId"), Before.Word("recipientId"), Reclassified.Word("recipientId")];

    /// <summary>The ids of the funds between which a pledge was reclassified.</summary>
    public string?[] Funds => [Before.Word("fundId"), Reclassified.Word("fundId")];

    /// <summary>The ids of the events between which a pledge was reclassified.</summary>
    public string?[] Events => [Before.Word("eventId"), Reclassified.Word("eventId")];

    /// <summary>What a reclassified pledge is now; what it was is <see cref="Before"/>.</summary>
    public JsonElement? Reclassified => After.Member("classification");

    /// <summary>The ids of the sources that it cites.</summary>
    public string[] Sources => After.Member("citations") is { ValueKind: JsonValueKind.Array } citations
        ? [.. citations.EnumerateArray().Select(citation => citation.Word("sourceId")).OfType<string>()] : [];

    /// <summary>The members that were amended, as they are called in JSON.</summary>
    public List<string> Amended
    {
        get
        {
            var before = Before;
            return After is { ValueKind: JsonValueKind.Object } after
                ? [.. after.EnumerateObject().Where(m => before.Member(m.Name) is { } was ? !JsonElement.DeepEquals(m.Value, was) : m.Value.ValueKind != JsonValueKind.Null).Select(m => m.Name)] : [];
        }
    }
}

/// <summary>Members of what was stored, where they are there.</summary>
internal static class Stored
{
    public static JsonElement? Member(this JsonElement? of, string name) => of?.Member(name);

    public static JsonElement? Member(this JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Word(this JsonElement? of, string name) => of?.Word(name);

    public static string? Word(this JsonElement of, string name) => of.Member(name) is { ValueKind: JsonValueKind.String } word ? word.GetString() : null;

    /// <summary>Of a list of words.</summary>
    public static string[] Words(this JsonElement of, string name) =>
        of.Member(name) is { ValueKind: JsonValueKind.Array } words ? [.. words.EnumerateArray().Select(word => word.GetString()).OfType<string>()] : [];

    public static decimal? Number(this JsonElement? of, string name) => of.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value : null;

    public static DateOnly? Day(this JsonElement? of, string name) => Iso.TryParseDate(of.Word(name), out var day) ? day : null;

    /// <summary>A text in both languages, in each as it is shown there.</summary>
    public static LocalizedText? Text(this JsonElement? of, string name)
    {
        var text = of.Member(name);
        var (en, ar) = (text.Word("en"), text.Word("ar"));
        return LocalizedText.Of(en ?? ar, ar ?? en);
    }
}
