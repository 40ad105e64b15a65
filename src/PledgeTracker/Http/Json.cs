using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FastEndpoints;

namespace PledgeTracker.Http;

/// <summary>JSON as the API writes and reads it (RFC 8259, strictly): camelCase, Arabic as itself, no unknown and no duplicate members.</summary>
internal static class Json
{
    /// <summary>So many digits a number may have.</summary>
    public const int MostDigits = 28;

    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    public static readonly JsonTypeInfo<Problem> Problem = (JsonTypeInfo<Problem>)Options.GetTypeInfo(typeof(Problem));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        // Arabic and punctuation as themselves. What it leaves unescaped matters only inside HTML, and nothing here is served as HTML.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.MaxDepth = 16;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new AmountConverter());
        options.Converters.Add(new TextConverter(isIdentifier: false));
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveToThePath, KnowIdentifiers } };
        return options;
    }

    /// <summary>What stands in the path of a request is no member of its body.</summary>
    private static void LeaveToThePath(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider?.IsDefined(typeof(RouteParamAttribute), inherit: true) == true)
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    /// <summary>A list of texts of which one may be sent by itself.</summary>
    public sealed class OneOrSeveral : JsonConverter<IReadOnlyList<string>>
    {
        public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? [reader.GetString()!] : JsonSerializer.Deserialize<List<string>>(ref reader, options)!;

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, options);
    }

    /// <summary>A list of objects each of which may be sent as a text.</summary>
    public sealed class TextsOrObjects<T> : JsonConverter<IReadOnlyList<T>>
        where T : class, IMayBeText<T>
    {
        public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<List<JsonElement>>(ref reader, options)!.ConvertAll(item =>
                item.ValueKind == JsonValueKind.String ? T.Of(item.Deserialize<string>(options)!) : item.Deserialize<T>(options)!);

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Select(item => item.AsText ?? (object)item), options);
    }

    private static void KnowIdentifiers(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.GetCustomAttributes(typeof(IdentifierAttribute), inherit: true) is [IdentifierAttribute identifier])
            {
                property.CustomConverter = new TextConverter(isIdentifier: true, identifier.IsOfSystem);
            }
        }
    }

    /// <summary>RFC 3339: read with any offset, written in UTC, with `Z` and milliseconds.</summary>
    public sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Iso.TryParseInstant(reader.GetString(), out var instant) ? instant : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Iso.Instant(value));
    }

    /// <summary>
    /// Numbers exactly as they were written. The framework's reader rounds what does not fit a decimal; an amount that would be rounded
    /// is refused instead.
    /// </summary>
    private sealed class AmountConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var value))
            {
                throw new JsonException();
            }

            var digits = 0;
            foreach (var c in reader.ValueSpan)
            {
                if (c is (byte)'e' or (byte)'E')
                {
                    break;
                }

                digits += char.IsAsciiDigit((char)c) ? 1 : 0;
            }

            return digits <= MostDigits ? value : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }
}

/// <summary>An object that may be sent as a text, which stands for its first member, where that is all there is to say.</summary>
internal interface IMayBeText
{
    /// <summary>The text that it was sent as; null where it was sent as an object.</summary>
    string? AsText { get; }
}

/// <inheritdoc cref="IMayBeText"/>
internal interface IMayBeText<out TSelf> : IMayBeText
{
    static abstract TSelf Of(string text);
}

/// <summary>Texts pass the door (<see cref="Text"/>) as they are read.</summary>
internal sealed class TextConverter(bool isIdentifier, bool isOfSystem = false) : JsonConverter<string>
{
    public bool IsIdentifier => isIdentifier;

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Text.Take(reader.GetString()!, isIdentifier, out var taken) is null ? isOfSystem ? taken.ToLowerInvariant() : taken : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
