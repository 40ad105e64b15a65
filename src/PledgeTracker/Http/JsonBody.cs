using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace PledgeTracker.Http;

/// <summary>Reads a body strictly, and where it cannot be read says which member is wrong and what to send.</summary>
internal static class JsonBody
{
    private static readonly LocalizedText WrongEncoding = new("Send JSON in UTF-8.", "أرسل JSON بترميز UTF-8.");

    /// <summary>The body as an object of this type, and all that is wrong with it. Where a member cannot be read, the object is without it; null where nothing can be read.</summary>
    public static (object? Value, List<Fault> Faults) Read(byte[] sent, Type type)
    {
        var bytes = sent.AsSpan().StartsWith("\uFEFF"u8) ? sent[3..] : sent;
        if (!Utf8.IsValid(bytes))
        {
            return (null, [new Fault("", "invalid_utf8", WrongEncoding)]);
        }

        var value = TryRead(bytes, type);
        if (value is not null && !IsSuspect(bytes))
        {
            return (value, []);
        }

        var faults = Diagnose(bytes, type);
        // The two readers disagree only where there is text that is no text (half a surrogate pair in a name, say).
        return faults.Count > 0 ? (faults.Any(f => f.Pointer.Length == 0) ? null : TryRead(Without(bytes, faults), type), faults)
            : value is null ? (null, [new Fault("", "invalid_json", WrongEncoding)])
            : (value, []);
    }

    private static object? TryRead(byte[] bytes, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type, Json.Options);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // It is read another time, to say where and why: the framework's message is for its own developers. (A name that is no text, and one that
            // is twice in a JSON object, are exceptions of other kinds.)
            return null;
        }
    }

    /// <summary>The body without the members that are at fault.</summary>
    private static byte[] Without(byte[] bytes, List<Fault> faults)
    {
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Json.Options.MaxDepth });
        return JsonSerializer.SerializeToUtf8Bytes(Sound(document.RootElement, "", faults.Select(f => f.Pointer).ToHashSet()), Json.Options);
    }

    private static JsonNode? Sound(JsonElement element, string pointer, HashSet<string> wrong) => element.ValueKind switch
    {
        // Without a wrong item, those behind it would stand in other places: among objects it is an empty one, and a list of others goes whole.
        JsonValueKind.Object => new JsonObject(element.EnumerateObject().Select(member => (Place: $"{pointer}/{Escape(member.Name)}", Member: member))
            .Where(m => !wrong.Contains(m.Place) && !(m.Member.Value.ValueKind == JsonValueKind.Array && Items(m.Member.Value, m.Place, wrong) is var items
                && items.Exists(i => i.IsWrong) && !items.Exists(i => i is { IsWrong: false, IsObject: true })))
            .Select(m => KeyValuePair.Create(m.Member.Name, Sound(m.Member.Value, m.Place, wrong)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select((item, i) => wrong.Contains($"{pointer}/{i}") ? new JsonObject() : Sound(item, $"{pointer}/{i}", wrong))]),
        _ => JsonValue.Create(element),
    };

    private static List<(bool IsWrong, bool IsObject)> Items(JsonElement list, string pointer, HashSet<string> wrong) =>
        [.. list.EnumerateArray().Select((item, i) => (wrong.Contains($"{pointer}/{i}"), item.ValueKind == JsonValueKind.Object))];

    // The framework takes null as an item of any list, and leaves half a surrogate pair in a JSON object for later; U+0000 is no character of any text.
    private static bool IsSuspect(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("null"u8) >= 0 || bytes.IndexOf("\\u0000"u8) >= 0 || bytes.IndexOf("\\ud"u8) >= 0 || bytes.IndexOf("\\uD"u8) >= 0;

    private static List<Fault> Diagnose(byte[] bytes, Type type)
    {
        var faults = new List<Fault>();
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Json.Options.MaxDepth });
            Walk(document.RootElement, type, "", faults);
        }
        catch (JsonException fault)
        {
            faults.Add(new Fault("", "invalid_json", new(
                $"Send well-formed JSON, nested at most {Json.Options.MaxDepth} deep. It breaks off at line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.",
                $"أرسل JSON سليما لا يتجاوز عمقه {Json.Options.MaxDepth}. الخطأ في السطر {fault.LineNumber + 1} عند البايت {fault.BytePositionInLine + 1}.")));
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair.
            faults.Add(new Fault("", "invalid_json", WrongEncoding));
        }

        return faults;
    }

    private static void Walk(JsonElement element, Type type, string pointer, List<Fault> faults)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(JsonObject))
        {
            Expect(element.ValueKind == JsonValueKind.Object, pointer, "wrong_type", "Send an object.", "أرسل كائنا.", faults);
            WalkDuplicates(element, pointer, faults);
            return;
        }

        var info = Json.Options.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                WalkMembers(element, info, pointer, faults);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                var at = 0;
                foreach (var item in element.EnumerateArray())
                {
                    var place = $"{pointer}/{at++}";
                    if (item.ValueKind == JsonValueKind.Null)
                    {
                        faults.Add(new Fault(place, "required", new("Send no null in a list.", "لا ترسل null في القائمة.")));
                    }
                    else
                    {
                        Walk(item, info.ElementType!, place, faults);
                    }
                }

                break;
            case JsonTypeInfoKind.Object when type.IsAssignableTo(typeof(IMayBeText)) && element.ValueKind == JsonValueKind.String:
                WalkText(element, isIdentifier: false, pointer, faults);
                break;
            case JsonTypeInfoKind.Object when type.IsAssignableTo(typeof(IMayBeText)):
                Expect(false, pointer, "wrong_type", "Send a text or an object.", "أرسل نصا أو كائنا.", faults);
                break;
            case JsonTypeInfoKind.Object:
                Expect(false, pointer, "wrong_type", "Send an object.", "أرسل كائنا.", faults);
                break;
            case JsonTypeInfoKind.Enumerable:
                Expect(false, pointer, "wrong_type", "Send an array.", "أرسل مصفوفة.", faults);
                break;
            default:
                WalkValue(element, type, pointer, faults);
                break;
        }
    }

    private static void WalkMembers(JsonElement element, JsonTypeInfo info, string pointer, List<Fault> faults)
    {
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            var place = $"{pointer}/{Escape(member.Name)}";
            var property = info.Properties.FirstOrDefault(p => p.Name == member.Name);
            if (property is null)
            {
                var known = string.Join(", ", info.Properties.Select(p => p.Name));
                faults.Add(new Fault(place, "unknown_member", Near.Of(member.Name, info.Properties.Select(p => p.Name)) is { } nearest
                    ? new($"There is no such member. Did you mean {nearest}? Known: {known}.", $"لا يوجد حقل بهذا الاسم. هل تقصد {nearest}؟ الحقول المعروفة: {known}.")
                    : new($"There is no such member. Known: {known}.", $"لا يوجد حقل بهذا الاسم. الحقول المعروفة: {known}.")));
            }
            else if (!seen.Add(member.Name))
            {
                faults.Add(new Fault(place, "duplicate_member", new("Send this member once.", "أرسل هذا الحقل مرة واحدة.")));
            }
            else if (property.CustomConverter is TextConverter own && member.Value.ValueKind == JsonValueKind.String)
            {
                WalkText(member.Value, own.IsIdentifier, place, faults);
            }
            else if (member.Value.ValueKind != JsonValueKind.Null && !(property.CustomConverter is Json.OneOrSeveral && member.Value.ValueKind == JsonValueKind.String))
            {
                Walk(member.Value, property.PropertyType, place, faults);
            }
        }
    }

    private static void WalkDuplicates(JsonElement element, string pointer, List<Fault> faults)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            WalkValue(element, typeof(string), pointer, faults);
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            var at = 0;
            foreach (var item in element.EnumerateArray())
            {
                WalkDuplicates(item, $"{pointer}/{at++}", faults);
            }
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var repeated in element.EnumerateObject().GroupBy(m => m.Name).Where(g => g.Count() > 1))
        {
            faults.Add(new Fault($"{pointer}/{Escape(repeated.Key)}", "duplicate_member", new("Send this member once.", "أرسل هذا الحقل مرة واحدة.")));
        }

        foreach (var member in element.EnumerateObject())
        {
            WalkDuplicates(member.Value, $"{pointer}/{Escape(member.Name)}", faults);
        }
    }

    private static void WalkValue(JsonElement element, Type type, string pointer, List<Fault> faults)
    {
        if (type == typeof(string) && element.ValueKind == JsonValueKind.String)
        {
            WalkText(element, isIdentifier: false, pointer, faults);
            return;
        }

        try
        {
            element.Deserialize(type, Json.Options);
        }
        catch (JsonException)
        {
            faults.Add(Malformed(pointer, type));
        }
    }

    private static void WalkText(JsonElement element, bool isIdentifier, string pointer, List<Fault> faults)
    {
        try
        {
            if (Text.Take(element.GetString()!, isIdentifier, out _) is { } refusal)
            {
                faults.Add(new Fault(pointer, "invalid_text", refusal));
            }
        }
        catch (InvalidOperationException)
        {
            faults.Add(new Fault(pointer, "invalid_text", new("Send a text without half of a surrogate pair (U+D800 to U+DFFF).", "أرسل نصا دون نصف زوج بديل (U+D800 إلى U+DFFF).")));
        }
    }

    /// <summary>The fault of a value that cannot be read as what the member is.</summary>
    public static Fault Malformed(string pointer, Type type)
    {
        var (code, en, ar) = type == typeof(DateOnly) ? ("invalid_date", "Send a date as yyyy-MM-dd, such as 2018-06-26.", "أرسل التاريخ بصيغة yyyy-MM-dd مثل 2018-06-26.")
            : type == typeof(DateTimeOffset) ? ("invalid_instant", "Send an instant as RFC 3339, such as 2026-01-31T12:00:00Z.", "أرسل الوقت بصيغة RFC 3339 مثل 2026-01-31T12:00:00Z.")
            : type == typeof(decimal) ? ("wrong_type", "Send a plain number of at most 28 digits, such as 1500000.", "أرسل عددا لا يتجاوز 28 رقما مثل 1500000.")
            : type == typeof(int) ? ("wrong_type", "Send a whole number.", "أرسل عددا صحيحا.")
            : type == typeof(bool) ? ("wrong_type", "Send true or false.", "أرسل true أو false.")
            : ("wrong_type", "Send a text.", "أرسل نصا.");
        return new Fault(pointer, code, new(en, ar));
    }

    private static void Expect(bool met, string pointer, string code, string en, string ar, List<Fault> faults)
    {
        if (!met)
        {
            faults.Add(new Fault(pointer, code, new(en, ar)));
        }
    }

    // RFC 6901 §3.
    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
