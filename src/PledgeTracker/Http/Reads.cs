using System.Globalization;
using System.Text;
using System.Text.Json;
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

/// <summary>A read as a part of another answer, such as a page.</summary>
internal interface IAnswers
{
    /// <summary>What it answers as of the moment of a view, to that one's reader.</summary>
    /// <param name="asked">What stands in place of the request's own context.</param>
    Task<object> AnswerAsync(ReadRequest request, View view, Reader reader, HttpContext asked);
}

/// <summary>An operation that reads: public, in the reader's language, and conditional (RFC 9110 §13): 304 for the price of reading the dataset's version.</summary>
public abstract class Reads<TRequest, TResponse> : Endpoint<TRequest, TResponse>, IAnswers
    where TRequest : ReadRequest
    where TResponse : class
{
    // A body depends on the program that wrote it, too: an answer kept from an older build is not this one's.
    private static readonly string Build = typeof(Reads<,>).Module.ModuleVersionId.ToString();

    private static readonly Table? Table = Table.Of(typeof(TResponse));

    private HttpContext? _asked;

    public required Db Db { get; init; }

    public required RateLimits Limits { get; init; }

    public required Downloads Downloads { get; init; }

    public required KeptAnswers Kept { get; init; }

    protected Reader Reader
    {
        get => field ??= Reader.Of(HttpContext);
        private set;
    }

    /// <summary>Of the request; as a part of another answer, what that one puts in its place.</summary>
    protected new HttpContext HttpContext => _asked ?? base.HttpContext;

    /// <summary>What an answer is sent as that is no table: JSON, or, where <typeparamref name="TResponse"/> is a text or bytes, what those are.</summary>
    private protected virtual Format Own => Format.Json;

    /// <summary>What it may be sent as; the first is sent to who does not say.</summary>
    private protected virtual IReadOnlyList<Format> Offered => Table is null ? [Own] : Format.OfTables;

    /// <summary>Which of them was asked for.</summary>
    private protected virtual Format Asked => field ??= Format.Of(HttpContext, Offered);

    /// <summary>Whether whoever gets the answer may keep it.</summary>
    private protected virtual bool MayBeStored => true;

    /// <summary>Names the operation in the document.</summary>
    /// <param name="refusals">Statuses that not every read refuses with.</param>
    protected void Tells(string tag, string summary, string description, params int[] refusals) =>
        Definition.Describe(tag, summary, description, [(200, typeof(TResponse))], [400, 406, 429, 503, .. refusals],
            [.. Offered.Select(format => format.MediaType)]);

    /// <summary>What is behind a key is nobody else's to keep.</summary>
    protected void Needs(Role role) => Metadata(new NeedsRole(role));

    /// <summary>Reads the answer, all of it from one moment of the data.</summary>
    /// <exception cref="Refused">There is none.</exception>
    protected abstract Task<TResponse> ReadAsync(TRequest request, View view);

    async Task<object> IAnswers.AnswerAsync(ReadRequest request, View view, Reader reader, HttpContext asked)
    {
        (Reader, _asked) = (reader, asked);
        return await ReadAsync((TRequest)request, view);
    }

    /// <summary>Whether an answer is written into a file before it is sent, and so of any length: a table that is sent as lines.</summary>
    private protected virtual bool IsFile(Format format) => Table is not null && format != Format.Json;

    /// <summary>The same for such an answer: in parts where it is more than is read at once.</summary>
    private protected virtual async IAsyncEnumerable<TResponse> PartsAsync(TRequest request, View view)
    {
        yield return await ReadAsync(request, view);
    }

    /// <summary>What the answer is called where whoever asks keeps it as a file; null where it is not meant to be one.</summary>
    private protected virtual string? FileOf(TRequest request) => null;

    public sealed override async Task HandleAsync(TRequest request, CancellationToken ct)
    {
        var format = Asked;
        ValidationFailures.AddRange((Table?.Faults(format, request) ?? []).Select(Binding.ToFailure));
        Binding.ThrowIfFaulty(HttpContext, ValidationFailures);
        await using var download = IsFile(format) ? new Download(HttpContext, Downloads, Table, format, request as TableRequest, ct) : null;
        var isPrivate = HttpContext.Features.Get<Caller>() is not null;
        var counted = false;
        var answer = await Db.ReadAsync(async view =>
        {
            HttpContext.Response.Headers[DatasetVersion.Header] = view.Head.Version;
            if (isPrivate)
            {
                return new Reply(null, await FindAsync(request, view, download));
            }

            var question = new EntityTag(view.Head, Reader, HttpContext.Request, format.MediaType, Own == Format.Json || Own == Format.Ndjson ? null : Pipeline.Whole(HttpContext, "").AbsoluteUri, Build);
            if (question.Matching(HttpContext.Request) is { } known)
            {
                return new Reply(known, null) { IsKnown = true };
            }

            if (!counted && Limits.Read(HttpContext) is { } tooMany)
            {
                throw tooMany;
            }

            counted = true;
            if (download is null && Kept.Find(question.Question) is { } kept)
            {
                HttpContext.Response.Headers.Link = kept.Link;
                return new Reply(question.Of(kept.Version), null) { Kept = kept };
            }

            var found = await FindAsync(request, view, download);
            return new Reply(question.Of(VersionOf(found)), found) { Question = question.Question };
        }, isPrivate ? long.MaxValue : DatasetVersion.LeastOf(HttpContext.Request), ct);
        SetHeaders(MayBeStored ? answer.Tag : null);
        // "*" asks whether there is anything at all.
        await (answer.IsKnown || HttpContext.Request.Headers.IfNoneMatch == "*" ? Send.ResultAsync(TypedResults.StatusCode(StatusCodes.Status304NotModified))
            : download?.SendAsync() ?? SendAsync(answer.Kept ?? Keep(answer), FileOf(request), ct));
    }

    /// <param name="Shown">Null where it is known, <see cref="Kept"/>, or in the download.</param>
    private sealed record Reply(string? Tag, TResponse? Shown)
    {
        public bool IsKnown { get; init; }

        public KeptAnswer? Kept { get; init; }

        /// <summary>What it is to be kept under; null where it is nobody else's.</summary>
        public string? Question { get; init; }
    }

    private static long VersionOf(TResponse? shown) => (shown as IVersioned)?.Version ?? 0;

    private KeptAnswer Keep(Reply answer)
    {
        var written = new KeptAnswer(VersionOf(answer.Shown), HttpContext.Response.Headers.Link,
            answer.Shown is string text ? Encoding.UTF8.GetBytes(text) : answer.Shown as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(answer.Shown!, Json.Options));
        return answer.Question is null ? written : Kept.Keep(answer.Question, written);
    }

    private async Task SendAsync(KeptAnswer answer, string? file, CancellationToken cancellation)
    {
        var response = HttpContext.Response;
        if (file is not null)
        {
            response.Headers.ContentDisposition = $"attachment; filename={file}";
        }

        response.ContentType = Asked.ContentType;
        response.ContentLength = answer.Body.Length;
        await response.StartAsync(cancellation);
        await response.Body.WriteAsync(answer.Body, cancellation);
    }

    // The answer; of a download nothing, since it has it.
    private async Task<TResponse?> FindAsync(TRequest request, View view, Download? download)
    {
        if (download is null)
        {
            return await ReadAsync(request, view);
        }

        await download.BeginAsync();
        await foreach (var part in PartsAsync(request, view))
        {
            download.Add(part is string text ? [text] : ((ITable<object>)part).Rows);
        }

        download.End();
        return null;
    }

    private void SetHeaders(string? entityTag)
    {
        var headers = HttpContext.Response.Headers;
        headers.Vary = "Accept, Accept-Encoding, Accept-Language";
        headers.ContentLanguage = Reader.Language.Code();
        if (entityTag is null)
        {
            headers.CacheControl = "no-store";
            return;
        }

        headers.ETag = entityTag;
        // A write shows in the very next read; to find that nothing was written costs next to nothing.
        headers.CacheControl = "public, no-cache";
    }
}

/// <summary>
/// The strong ETag of an answer: <c>"resource version.dataset version.UTC date.hash of the question"</c>. The date, because windows and `overdue` turn
/// at midnight without a write.
/// </summary>
/// <param name="where">The host, where the answer holds addresses in full.</param>
internal readonly struct EntityTag(Head head, Reader reader, HttpRequest request, string mediaType, string? where, string build)
{
    private readonly string _tail = string.Create(CultureInfo.InvariantCulture,
        $"{head.Version}.{reader.Today:yyyyMMdd}.{Fnv.Of(build, head.Rebuilt.ToString(CultureInfo.InvariantCulture), mediaType, where, request.PathBase.Value, request.Path.Value, request.QueryString.Value, reader.Language.Code()):x16}");

    /// <summary>The question itself, and the moment of the data that answers it. No part of it holds a NUL: none can be sent.</summary>
    public string Question { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{head.Version}\0{head.Rebuilt}\0{reader.Today:yyyyMMdd}\0{mediaType}\0{where}\0{request.PathBase.Value}\0{request.Path.Value}\0{request.QueryString.Value}\0{reader.Language.Code()}");

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
