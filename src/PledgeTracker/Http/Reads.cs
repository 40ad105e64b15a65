using System.Globalization;
using FastEndpoints;
using Microsoft.Net.Http.Headers;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>What every read may be asked.</summary>
public abstract record ReadRequest
{
    /// <summary>The language of names and messages; goes before `Accept-Language`.</summary>
    public string? Lang { get; init; }
}

/// <summary>The rules of what every read may be asked.</summary>
public abstract class ReadRules<TRequest> : Validator<TRequest>
    where TRequest : ReadRequest
{
    protected ReadRules() => RuleFor(r => r.Lang).IsOneOf(Languages.Codes);
}

/// <summary>A record that can be amended: its version stands in front of the first dot of the ETag, and is what `If-Match` names.</summary>
public interface IVersioned
{
    /// <summary>The sequence of the change that it shows.</summary>
    long Version { get; }
}

/// <summary>An operation that reads: public, in the reader's language, and conditional (RFC 9110 §13): 304 for the price of reading the dataset's version.</summary>
public abstract class Reads<TRequest, TResponse> : Endpoint<TRequest, TResponse>
    where TRequest : ReadRequest
    where TResponse : class
{
    // A body depends on the program that wrote it, too: an answer kept from an older build is not this one's.
    private static readonly string Build = typeof(Reads<,>).Module.ModuleVersionId.ToString();

    public required Db Db { get; init; }

    public required RateLimits Limits { get; init; }

    protected Reader Reader => field ??= Reader.Of(HttpContext);

    /// <summary>Names the operation in the document.</summary>
    /// <param name="refusals">Statuses that not every read refuses with.</param>
    protected void Tells(string tag, string summary, string description, params int[] refusals) =>
        Definition.Describe(tag, summary, description, [(200, typeof(TResponse))], [400, 406, 429, 503, .. refusals]);

    /// <summary>What is behind a key is nobody else's to keep.</summary>
    protected void Needs(Role role) => Metadata(new NeedsRole(role));

    /// <summary>Reads the answer, all of it from one moment of the data.</summary>
    /// <exception cref="Refused">There is none.</exception>
    protected abstract Task<TResponse> ReadAsync(TRequest request, View view);

    public sealed override async Task HandleAsync(TRequest request, CancellationToken ct)
    {
        if (!Accepted.Takes(HttpContext.Request, "application", "json"))
        {
            throw new Refused("not_acceptable", new("Send `Accept: application/json`, or none.", "أرسل Accept: application/json أو لا ترسل شيئا."));
        }

        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        var isPrivate = HttpContext.Features.Get<Caller>() is not null;
        var counted = false;
        var (tag, shown) = await Db.ReadAsync<(string? Tag, TResponse? Shown)>(async view =>
        {
            HttpContext.Response.Headers[DatasetVersion.Header] = view.Head.Version;
            if (isPrivate)
            {
                return (null, await ReadAsync(request, view));
            }

            var question = new EntityTag(view.Head, Reader, HttpContext.Request, Build);
            if (question.Matching(HttpContext.Request) is { } known)
            {
                return (known, null);
            }

            if (!counted && Limits.Read(HttpContext) is { } tooMany)
            {
                throw tooMany;
            }

            counted = true;
            var found = await ReadAsync(request, view);
            return (question.Of((found as IVersioned)?.Version ?? 0), found);
        }, isPrivate ? long.MaxValue : DatasetVersion.LeastOf(HttpContext.Request), ct);
        SetHeaders(tag);
        // "*" asks whether there is anything at all.
        await (shown is null || HttpContext.Request.Headers.IfNoneMatch == "*" ? Send.ResultAsync(TypedResults.StatusCode(StatusCodes.Status304NotModified)) : Send.OkAsync(shown, ct));
    }

    private void SetHeaders(string? entityTag)
    {
        var headers = HttpContext.Response.Headers;
        if (entityTag is null)
        {
            headers.CacheControl = "no-store";
            return;
        }

        headers.ETag = entityTag;
        // A write shows in the very next read; to find that nothing was written costs next to nothing.
        headers.CacheControl = "public, no-cache";
        headers.Vary = "Accept, Accept-Encoding, Accept-Language";
        headers.ContentLanguage = Reader.Language.Code();
    }
}

/// <summary>
/// The strong ETag of an answer: <c>"resource version.dataset version.UTC date.hash of the question"</c>. The date, because windows and `overdue` turn
/// at midnight without a write.
/// </summary>
internal readonly struct EntityTag(Head head, Reader reader, HttpRequest request, string build)
{
    private readonly string _tail = string.Create(CultureInfo.InvariantCulture,
        $"{head.Version}.{reader.Today:yyyyMMdd}.{Fnv.Of(build, request.PathBase.Value, request.Path.Value, request.QueryString.Value, reader.Language.Code()):x16}");

    public string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}.{_tail}\"");

    /// <summary>The tag of <c>If-None-Match</c> that is still this answer's, whatever the version of the resource; null where there is none.</summary>
    public string? Matching(HttpRequest asked)
    {
        if (asked.Headers.IfNoneMatch.Count == 0 || !EntityTagHeaderValue.TryParseList(asked.Headers.IfNoneMatch, out var tags))
        {
            return null;
        }

        var tail = _tail;
        return tags.Select(t => t.Tag.ToString())
            .FirstOrDefault(tag => tag.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && Codings.Uncoded(tag.AsSpan(dot + 1).TrimEnd('"'), asked).SequenceEqual(tail));
    }
}

/// <summary>FNV-1a, 64 bits: short and the same in every process. Not for secrets.</summary>
internal static class Fnv
{
    public static ulong Of(params ReadOnlySpan<string?> texts)
    {
        var hash = 14695981039346656037UL;
        foreach (var text in texts)
        {
            foreach (var c in text ?? "")
            {
                hash = (hash ^ c) * 1099511628211UL;
            }

            hash = (hash ^ 0xFF) * 1099511628211UL;
        }

        return hash;
    }
}
