using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using FastEndpoints;
using FluentValidation.Results;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Http;

/// <summary>
/// Reads requests as strictly as the contract asks: a read's from path and query, a write's from its body and, where a property says
/// <see cref="RouteParamAttribute"/>, from the path. Unknown, repeated and malformed parameters and members are faults that say what to send.
/// </summary>
internal sealed class StrictBinder<T> : IRequestBinder<T>
    where T : notnull
{
    // The longest constructor; none where an operation takes nothing, and FastEndpoints' own request stands for that.
    private static readonly ConstructorInfo? Constructor = typeof(T).GetConstructors().MaxBy(c => c.GetParameters().Length);
    private static readonly object?[] Defaults = [.. (Constructor?.GetParameters() ?? []).Select(p => p.HasDefaultValue ? p.DefaultValue : null)];
    private static readonly Member[] Members = [.. Binding.PropertiesOf(typeof(T)).Select(Member.Of)];
    private static readonly Func<HttpContext, byte[], T>? OwnReader = Binding.OwnReaderOf<T>();

    public async ValueTask<T> BindAsync(BinderContext ctx, CancellationToken ct)
    {
        var context = ctx.HttpContext;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            return FromQuery(context, ctx.ValidationFailures);
        }

        // A write takes none but the language of its messages, and one that records may be tried out.
        string[] known = Binding.TakesDryRun(context) ? [Binding.DryRun] : [];
        if (context.Request.Query.Keys.Where(name => name != "lang" && !known.Contains(name)).Select(name => Binding.Unknown(name, known)).ToList() is { Count: > 0 } unknown)
        {
            throw Refused.Invalid(unknown);
        }

        Binding.IsDryRun(context);

        var request = OwnReader is not null ? OwnReader(context, await Binding.BodyAsync(context, ct))
            : Members.All(m => m.IsOfPath) ? Activator.CreateInstance<T>()
            : Binding.FromJson<T>(await Binding.BodyAsync(context, ct), ctx.ValidationFailures);
        foreach (var member in Members.Where(m => m.IsOfPath))
        {
            member.Property.SetValue(request, context.Request.RouteValues[member.Name]);
        }

        return request;
    }

    private static T FromQuery(HttpContext context, List<ValidationFailure> failures)
    {
        if (Constructor is null)
        {
            Binding.AddUnknown(context, [], failures);
            return Activator.CreateInstance<T>();
        }

        var arguments = (object?[])Defaults.Clone();
        var set = new List<(PropertyInfo Property, object? Value)>();
        var asked = new List<string>(Members.Length);
        foreach (var member in Members)
        {
            if (context.Request.RouteValues.TryGetValue(member.Name, out var part))
            {
                Give(member, part);
            }
            else if (!member.IsOfPath)
            {
                asked.Add(member.Name);
            }
        }

        Binding.AddUnknown(context, asked, failures);
        foreach (var (name, sent) in context.Request.Query)
        {
            if (sent.Count == 1 && asked.Contains(name))
            {
                var member = Members.First(m => m.Name == name);
                var (value, fault) = Binding.Parse(name, sent[0]!, Nullable.GetUnderlyingType(member.Property.PropertyType) ?? member.Property.PropertyType, member.Property.IsDefined(typeof(IdentifierAttribute)));
                Give(member, value);
                if (fault is not null)
                {
                    failures.Add(Binding.ToFailure(fault));
                }
            }
        }

        var request = (T)Constructor.Invoke(arguments);
        set.ForEach(given => given.Property.SetValue(request, given.Value));
        return request;

        void Give(Member member, object? value)
        {
            if (member.Place >= 0)
            {
                arguments[member.Place] = value;
            }
            else
            {
                set.Add((member.Property, value));
            }
        }
    }

    /// <param name="Name">As it is sent.</param>
    /// <param name="Place">Which of the constructor's arguments it is; -1 where it is none.</param>
    private sealed record Member(PropertyInfo Property, string Name, int Place, bool IsOfPath)
    {
        public static Member Of(PropertyInfo property) => new(property, Binding.NameOf(property),
            Array.FindIndex(Constructor?.GetParameters() ?? [], p => p.Name == property.Name), property.IsDefined(typeof(RouteParamAttribute)));
    }
}

/// <summary>A request whose body is not the JSON of its own shape.</summary>
/// <typeparam name="TSelf">The request.</typeparam>
internal interface IReadsItsBody<TSelf>
{
    /// <summary>The media types that it takes; the first is the one to send.</summary>
    static abstract IReadOnlyList<string> MediaTypes { get; }

    /// <summary>What its JSON is.</summary>
    static abstract Type Shape { get; }

    /// <exception cref="Refused">The body cannot be read.</exception>
    static abstract TSelf ReadBody(HttpContext context, byte[] body);
}

/// <summary>What <see cref="StrictBinder{T}"/> needs that does not depend on the request's type.</summary>
internal static class Binding
{
    // The name, and what it is often called.
    private static readonly string[] Utf8Names = ["utf-8", "utf8"];

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

    /// <summary>The SHA-256 of a request's body: what <c>Idempotency-Key</c> compares.</summary>
    public static byte[] BodyHash(HttpContext context) => context.Features.Get<SentBody>()?.Sha256 ?? SHA256.HashData([]);

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

    /// <summary>Whether one place is the other, or stands in it.</summary>
    public static bool Touch(string one, string other) =>
        one == other || one.StartsWith(other + "/", StringComparison.Ordinal) || other.StartsWith(one + "/", StringComparison.Ordinal);

    public static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    // Base types last, as the document lists them.
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite);

    /// <summary>Adds the parameters that are not known, and those that are sent more than once.</summary>
    public static void AddUnknown(HttpContext context, IReadOnlyList<string> known, List<ValidationFailure> failures)
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (!known.Contains(name))
            {
                failures.Add(ToFailure(Unknown(name, known)));
            }
            else if (values.Count != 1)
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
            foreach (var part in type == typeof(string) ? [text] : text.Split(','))
            {
                if (Text.Take(part, isIdentifier, out var taken) is { } refusal)
                {
                    return (null, new Fault("?" + name, "invalid_text", refusal));
                }

                values.Add(taken);
            }

            return (type == typeof(string) ? values[0] : values.Distinct().ToList(), null);
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

    public static ValidationFailure ToFailure(Fault fault) => new(fault.Pointer, fault.Code) { ErrorCode = fault.Code, CustomState = fault };

    /// <summary>The body as it was sent, where it is of a media type that the operation takes and not compressed.</summary>
    public static async Task<byte[]> BodyAsync(HttpContext context, CancellationToken cancellation)
    {
        var request = context.Request;
        var mediaTypes = context.GetEndpoint()!.Metadata.GetRequiredMetadata<TakesBody>().MediaTypes;
        if (request.Headers.ContentEncoding.Count > 0 || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !mediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !Utf8Names.Contains(type.Charset.Value!.Trim('"'), StringComparer.OrdinalIgnoreCase)))
        {
            // A patch has a type of its own; that plain JSON is taken for one is a kindness.
            var named = mediaTypes.Take(HttpMethods.IsPatch(request.Method) ? 1 : mediaTypes.Count).ToList();
            var (en, ar) = (string.Join("` or `", named), string.Join(" أو ", named));
            throw new Refused("unsupported_media_type", new($"Send `Content-Type: {en}` in UTF-8, not compressed.", $"أرسل Content-Type: {ar} بترميز UTF-8 دون ضغط."));
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        var bytes = body.ToArray();
        context.Features.Set(new SentBody(SHA256.HashData(bytes)));
        return bytes;
    }

    /// <summary>The body, where all of it can be read.</summary>
    public static T FromJson<T>(byte[] body)
        where T : notnull
    {
        var failures = new List<ValidationFailure>();
        var read = FromJson<T>(body, failures);
        return failures.Count == 0 ? read : throw Refused.Invalid(FaultsOf(failures));
    }

    /// <summary>As much of the body as can be read, so that what is wrong with the rest of it is told with what is wrong with that.</summary>
    public static T FromJson<T>(byte[] body, List<ValidationFailure> failures)
        where T : notnull
    {
        // The reader wants a class, and all requests are.
        var (read, faults) = JsonBody.Read(body, typeof(T));
        failures.AddRange(faults.Select(ToFailure));
        return read is null ? throw Refused.Invalid(faults) : (T)read;
    }

    /// <summary>What the body of a write is.</summary>
    public static TakesBody TakenBy<T>() => typeof(IReadsItsBody<T>).IsAssignableFrom(typeof(T))
        ? new((IReadOnlyList<string>)OfItself<T>(nameof(IReadsItsBody<>.MediaTypes)), (Type)OfItself<T>(nameof(IReadsItsBody<>.Shape)))
        : new(["application/json"], typeof(T));

    public static Func<HttpContext, byte[], T>? OwnReaderOf<T>() =>
        typeof(IReadsItsBody<T>).IsAssignableFrom(typeof(T))
            ? typeof(T).GetMethod(nameof(IReadsItsBody<>.ReadBody), BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Func<HttpContext, byte[], T>>()
            : null;

    private static object OfItself<T>(string name) => typeof(T).GetProperty(name, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    public static Fault Unknown(string name, IReadOnlyList<string> known) => new("?" + name, "unknown_parameter", known.Count == 0
        ? new("This address takes no query parameters.", "لا يقبل هذا العنوان أي معلمات.")
        : Near.Of(name, known) is { } nearest
            ? new($"There is no such parameter. Did you mean {nearest}? Known: {string.Join(", ", known)}.",
                $"لا توجد معلمة بهذا الاسم. هل تقصد {nearest}؟ المعلمات المعروفة: {string.Join("، ", known)}.")
            : new($"There is no such parameter. Known: {string.Join(", ", known)}.", $"لا توجد معلمة بهذا الاسم. المعلمات المعروفة: {string.Join("، ", known)}."));

    private sealed record SentBody(byte[] Sha256);
}
