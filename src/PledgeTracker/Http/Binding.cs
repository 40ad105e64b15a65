using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation.Results;

namespace PledgeTracker.Http;

/// <summary>Parameters and faults: what <see cref="StrictBinder{T}"/> needs that does not depend on the request's type.</summary>
internal static class Binding
{
    /// <summary>The parameter of a POST that is carried out and taken back.</summary>
    public const string DryRun = "dryRun";

    /// <summary>Whether the request may be tried out. What shows a secret once may not.</summary>
    public static bool TakesDryRun(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint()!.Metadata.GetMetadata<TakesNoIdempotencyKey>() is null;

    /// <summary>Whether the request is tried out.</summary>
    /// <exception cref="Refused">It does not say so clearly.</exception>
    public static bool IsDryRun(HttpContext context)
    {
        var sent = context.Request.Query[DryRun];
        return sent.Count > 0 && (sent.Count > 1
            ? throw Refused.Invalid(new Fault("?" + DryRun, "repeated", new("Send this parameter once.", "أرسل هذه المعلمة مرة واحدة.")))
            : Parse(DryRun, sent[0]!, typeof(bool)) is var (value, fault) && fault is null ? (bool)value! : throw Refused.Invalid(fault!));
    }

    /// <summary>Tells the faults of a query, all at once and in the order in which it was written.</summary>
    public static void ThrowIfFaulty(HttpContext context, List<ValidationFailure> failures)
    {
        if (failures.Count > 0)
        {
            var order = context.Request.Query.Keys.ToList();
            throw Refused.Invalid([.. failures.ConvertAll(f => f.ToFault(isQuery: true)).DistinctBy(f => f.Pointer).OrderBy(f => order.IndexOf(f.Pointer[1..]))]);
        }
    }

    /// <summary>The faults of a body. What could not be read is told as that, not once more as missing, nor is what else of its object it may have stood for.</summary>
    public static List<Fault> FaultsOf(List<ValidationFailure> failures)
    {
        var unread = failures.Select(f => f.CustomState).OfType<Fault>().ToList();
        return [.. unread, .. failures.Where(f => f.CustomState is not Fault).Select(f => f.ToFault(isQuery: false))
            .Where(f => !unread.Any(u => Touch(u.Pointer, f.Pointer) || (f.Code == "required" && Parent(f.Pointer) is { Length: > 0 } of && of == Parent(u.Pointer))))];
    }

    private static string Parent(string pointer) => pointer[..Math.Max(0, pointer.LastIndexOf('/'))];

    // Whether one place is the other, or stands in it.
    private static bool Touch(string one, string other) =>
        one == other || one.StartsWith(other + "/", StringComparison.Ordinal) || other.StartsWith(one + "/", StringComparison.Ordinal);

    public static string NameOf(PropertyInfo property) => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    // Base types last, as the document lists them.
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite);

    /// <summary>How names of parameters are compared.</summary>
    public static StringComparer NamesOf(bool isDialect) => isDialect ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Adds the parameters that are not known, and those that are sent more than once.</summary>
    /// <param name="isDialect">See <see cref="IDialect"/>.</param>
    public static void AddUnknown(HttpContext context, IReadOnlyList<string> known, List<ValidationFailure> failures, bool isDialect = false)
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (!known.Contains(name, NamesOf(isDialect)))
            {
                failures.Add(ToFailure(Unknown(name, known)));
            }
            else if (values.Count != 1 && !isDialect)
            {
                failures.Add(ToFailure(new Fault("?" + name, "repeated", new("Send this parameter once.", "أرسل هذه المعلمة مرة واحدة."))));
            }
        }
    }

    /// <summary>A parameter as what it is. What is no number is out of every range: the rule that knows the range says so.</summary>
    public static (object? Value, Fault? Fault) Parse(string name, string text, Type type, bool isIdentifier = false)
    {
        if (type == typeof(string) || type == typeof(IReadOnlyList<string>))
        {
            // Several values are separated by commas.
            var values = new List<string>();
            if ((type == typeof(string) ? [text] : isIdentifier ? Values(text) : text.Split(',')) is not { } parts)
            {
                return (null, new Fault("?" + name, "invalid_text", new("Close the quotation mark in front of a comma or at the end, and double those inside: \"a,b\",c.",
                    "أغلق علامة الاقتباس قبل فاصلة أو في النهاية، وكرر العلامات التي بداخلها: \"a,b\",c.")));
            }

            foreach (var part in parts)
            {
                if (Text.Take(part, isIdentifier, out var taken) is { } refusal)
                {
                    return (null, new Fault("?" + name, "invalid_text", refusal));
                }

                values.Add(taken);
            }

            return (type == typeof(string) ? values[0] : values.Distinct().ToList(), null);
        }

        if (type == typeof(IReadOnlyList<int>))
        {
            return (text.Split(',').Select(part => (int)Parse(name, part, typeof(int)).Value!).Distinct().ToList(), null);
        }

        if (type == typeof(int))
        {
            return (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : int.MinValue, null);
        }

        if (type == typeof(decimal))
        {
            return (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : decimal.MinValue, null);
        }

        if (type == typeof(DateOnly))
        {
            return Iso.TryParseDate(text, out var day) ? (day, null) : (null, JsonBody.Malformed("?" + name, type));
        }

        return text is "true" or "false" ? (text == "true", null)
            : (null, new Fault("?" + name, "invalid_boolean", new("Send true or false.", "أرسل true أو false.")));
    }

    /// <summary>
    /// Values of free text, separated by commas. As in CSV one that contains a comma or begins with a quotation mark stands between quotation marks, and those inside are doubled.
    /// Null where such a mark is not closed.
    /// </summary>
    internal static IReadOnlyList<string>? Values(string text)
    {
        var values = new List<string>();
        for (var at = 0; ; at++)
        {
            var end = text.IndexOf(',', at) is >= 0 and var comma ? comma : text.Length;
            if (at < text.Length && text[at] == '"')
            {
                // The mark that closes it is the first that is not one of two.
                for (end = at + 1; end < text.Length && (text[end] != '"' || (end + 1 < text.Length && text[end + 1] == '"')); end += text[end] == '"' ? 2 : 1)
                {
                }

                if (end >= text.Length || (end + 1 < text.Length && text[end + 1] != ','))
                {
                    return null;
                }

                values.Add(text[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                end++;
            }
            else
            {
                values.Add(text[at..end]);
            }

            if (end == text.Length)
            {
                return values;
            }

            at = end;
        }
    }

    public static ValidationFailure ToFailure(Fault fault) => new(fault.Pointer, fault.Code) { ErrorCode = fault.Code, CustomState = fault };

    public static Fault Unknown(string name, IReadOnlyList<string> known) => new("?" + name, "unknown_parameter", known.Count == 0
        ? new("This address takes no query parameters.", "لا يقبل هذا العنوان أي معلمات.")
        : Near.Of(name, known) is { } nearest
            ? new($"There is no such parameter. Did you mean {nearest}? Known: {string.Join(", ", known)}.",
                $"لا توجد معلمة بهذا الاسم. هل تقصد {nearest}؟ المعلمات المعروفة: {string.Join("، ", known)}.")
            : new($"There is no such parameter. Known: {string.Join(", ", known)}.", $"لا توجد معلمة بهذا الاسم. المعلمات المعروفة: {string.Join("، ", known)}."));
}

/// <summary>A request as another system's clients send it: names of parameters in any case, and one that is sent again gives more values.</summary>
internal interface IDialect;
