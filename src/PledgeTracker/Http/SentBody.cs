using System.Reflection;
using System.Security.Cryptography;
using FluentValidation.Results;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Http;

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

/// <summary>A write whose body is a file, which the operation reads as it arrives; its parameters stand in the query.</summary>
internal interface IStreamsItsBody;

/// <summary>The body of a write.</summary>
internal static class SentBody
{
    // The name, and what it is often called.
    private static readonly string[] Utf8Names = ["utf-8", "utf8"];

    /// <summary>The SHA-256 of a request's body: what <c>Idempotency-Key</c> compares.</summary>
    public static byte[] HashOf(HttpContext context) => context.Features.Get<Digest>()?.Sha256 ?? SHA256.HashData([]);

    /// <summary>Notes the hash of a body that was read as it arrived.</summary>
    public static void Note(HttpContext context, byte[] sha256) => context.Features.Set(new Digest(sha256));

    /// <summary>The body as it was sent, where it is of a media type that the operation takes and not compressed.</summary>
    public static async Task<byte[]> ReadAsync(HttpContext context, CancellationToken cancellation)
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
        Note(context, SHA256.HashData(bytes));
        return bytes;
    }

    /// <summary>The body, where all of it can be read.</summary>
    public static T FromJson<T>(byte[] body)
        where T : notnull
    {
        var failures = new List<ValidationFailure>();
        var read = FromJson<T>(body, failures);
        return failures.Count == 0 ? read : throw Refused.Invalid(Binding.FaultsOf(failures));
    }

    /// <summary>As much of the body as can be read, so that what is wrong with the rest of it is told with what is wrong with that.</summary>
    public static T FromJson<T>(byte[] body, List<ValidationFailure> failures)
        where T : notnull
    {
        // The reader wants a class, and all requests are.
        var (read, faults) = JsonBody.Read(body, typeof(T));
        failures.AddRange(faults.Select(Binding.ToFailure));
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

    private sealed record Digest(byte[] Sha256);
}
