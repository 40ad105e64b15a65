using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>
/// One query parameter: its name, its documentation and how it is read, said once. What the OpenAPI document promises is what the
/// server checks, because both are this object.
/// </summary>
internal abstract class QueryParameter(string name, string description, Func<OpenApiSchema> schema, string? example)
{
    public string Name => name;

    public string Description => description;

    public string? Example => example;

    public OpenApiSchema Schema() => schema();

    /// <summary>The value, or the fault that says what to send.</summary>
    public abstract (object? Value, Fault? Fault) Read(string text);

    /// <summary>What a request sent for it, to be compared; null where it sent nothing.</summary>
    public abstract IComparable? In(ReadRequest request);

    /// <summary>
    /// The faults of a request's ranges that end before they begin: they would be answered with nothing, as if there were nothing. A range
    /// is two parameters called …from and …to, or min… and max….
    /// </summary>
    public static List<Fault> Reversed(ReadRequest request, IReadOnlyList<QueryParameter> parameters)
    {
        var faults = new List<Fault>();
        foreach (var end in parameters)
        {
            if (StartOf(end.Name) is { } name && parameters.FirstOrDefault(p => p.Name == name) is { } start
                && start.In(request) is { } least && end.In(request) is { } most && most.CompareTo(least) < 0)
            {
                faults.Add(most is DateOnly
                    ? new Fault("?" + end.Name, "date_out_of_range", new($"Send a day on or after {name}.", $"أرسل يوما لا يسبق {name}."))
                    : new Fault("?" + end.Name, "out_of_range", new($"Send a number no smaller than {name}.", $"أرسل عددا لا يقل عن {name}.")));
            }
        }

        return faults;
    }

    private static string? StartOf(string end) =>
        end == "to" ? "from"
        : end.EndsWith("To", StringComparison.Ordinal) ? end[..^2] + "From"
        : end.StartsWith("max", StringComparison.Ordinal) ? "min" + end[3..]
        : null;

    /// <summary>A readable id, such as `undp-ffs`.</summary>
    public static QueryParameter<string> Slug(string name, string description, string example) =>
        new(name, description, () => new() { Type = JsonSchemaType.String, Pattern = Http.Slug.Pattern, MaxLength = Http.Slug.MaxLength }, example,
            text => Http.Slug.Is(text) ? text : null, "invalid_id",
            new($"Send an id such as {example}: lower-case letters, digits and hyphens.", $"أرسل معرفا مثل {example}: أحرف لاتينية صغيرة وأرقام وشرطات."));

    /// <summary>A UUID.</summary>
    public static QueryParameter<string> Uuid(string name, string description, string? example = null) =>
        new(name, description, () => new() { Type = JsonSchemaType.String, Format = "uuid" }, example,
            text => Guid.TryParseExact(text, "D", out var id) ? id.ToString("D") : null, "invalid_id",
            new("Send a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057.", "أرسل معرفا من نوع UUID مثل 01890a5d-ac96-774b-bcce-b302099a8057."));

    /// <summary>A day.</summary>
    public static QueryParameter<DateOnly?> Date(string name, string description, string? example = null) =>
        new(name, description, () => new() { Type = JsonSchemaType.String, Format = "date" }, example,
            text => Iso.TryParseDate(text, out var date) ? date : null, "invalid_date",
            new("Send a date as yyyy-MM-dd, such as 2018-06-26.", "أرسل التاريخ بصيغة yyyy-MM-dd مثل 2018-06-26."));

    /// <summary>One of a closed set of words.</summary>
    public static QueryParameter<string> OneOf(string name, string description, IReadOnlyList<string> words, string? example = null, string? standard = null) =>
        new(name, description,
            () => new()
            {
                Type = JsonSchemaType.String,
                Enum = [.. words.Select(w => (JsonNode)JsonValue.Create(w))],
                Default = standard is null ? null : JsonValue.Create(standard),
            }, example,
            text => words.Contains(text) ? text : null, "not_one_of",
            new($"Send one of {string.Join(", ", words)}.", $"أرسل إحدى القيم: {string.Join("، ", words)}."));

    /// <summary>`true` or `false`.</summary>
    public static QueryParameter<bool?> Flag(string name, string description) =>
        new(name, description, () => new() { Type = JsonSchemaType.Boolean }, null,
            text => text switch { "true" => true, "false" => false, _ => null }, "invalid_boolean",
            new("Send true or false.", "أرسل true أو false."));

    /// <summary>An amount in US dollars.</summary>
    public static QueryParameter<long?> Usd(string name, string description) =>
        new(name, description, () => new() { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "9999999999999.99" }, null,
            text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd <= 9_999_999_999_999.99m &&
                    decimal.Truncate(usd * 100) == usd * 100
                ? (long)(usd * 100)
                : null, "invalid_amount",
            new("Send an amount in US dollars with at most two decimals, such as 1000000.", "أرسل مبلغا بالدولار الأمريكي بمنزلتين عشريتين على الأكثر مثل 1000000."));

    /// <summary>A whole number between two bounds.</summary>
    public static QueryParameter<int?> Whole(string name, string description, int least, int most, int standard) =>
        new(name, description,
            () => new()
            {
                Type = JsonSchemaType.Integer,
                Minimum = least.ToString(CultureInfo.InvariantCulture),
                Maximum = most.ToString(CultureInfo.InvariantCulture),
                Default = JsonValue.Create(standard),
            }, null,
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null, "out_of_range",
            new($"Send a whole number from {least} to {most}.", $"أرسل عددا صحيحا من {least} إلى {most}."));

    /// <summary>Free text.</summary>
    public static QueryParameter<string> Text(string name, string description, string example) =>
        new(name, description, () => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 200 }, example,
            text => text.Length <= 200 && SearchText.Words(text).Length > 0 ? text : null, "invalid_text",
            new("Send at least one word, in at most 200 characters.", "أرسل كلمة واحدة على الأقل في 200 حرف على الأكثر."));

    /// <summary>A code that a list elsewhere defines, such as a country or a currency.</summary>
    public static QueryParameter<string> Code(string name, string description, string pattern, Func<string, bool> exists, string example, LocalizedText help) =>
        new(name, description, () => new() { Type = JsonSchemaType.String, Pattern = pattern }, example, text => exists(text) ? text : null, "unknown_code", help);
}

/// <inheritdoc/>
/// <typeparam name="T">What it is read as; null means that it cannot be.</typeparam>
internal sealed class QueryParameter<T>(
    string name, string description, Func<OpenApiSchema> schema, string? example, Func<string, T?> read, string code, LocalizedText help)
    : QueryParameter(name, description, schema, example)
{
    public override (object? Value, Fault? Fault) Read(string text) =>
        read(text) is { } value ? (value, null) : (null, new Fault("?" + Name, code, help));

    public override IComparable? In(ReadRequest request) => request.Get(this) as IComparable;
}

/// <summary>Readable ids: lower-case words joined by hyphens.</summary>
internal static class Slug
{
    public const string Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const int MaxLength = 64;

    public static bool Is(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!(char.IsAsciiLetterLower(text[i]) || char.IsAsciiDigit(text[i]) || (text[i] == '-' && text[i - 1] != '-')))
            {
                return false;
            }
        }

        return true;
    }
}
