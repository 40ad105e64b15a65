using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Http;

/// <summary>
/// Bodies of lists that were asked for, to be sent again while nothing has been written: the dataset's version, the day, the language and
/// the whole question stand in the key, so a kept body is exactly what the query would give, and a write makes all of them unreachable.
/// </summary>
/// <remarks>
/// They are kept as gzip (RFC 1952), a sixth of their size: packing one costs a tenth of making it, unpacking it a twentieth, and who
/// accepts gzip gets it as it is.
///
/// Two generations: when the young one is full it becomes the old one, and the old one is forgotten. What is asked for again moves to the
/// young one. That bounds the memory without a list of uses that every read would have to lock. The setting `KeptAnswers:Megabytes` says
/// how much; 0 keeps nothing.
/// </remarks>
internal sealed class KeptAnswers(IConfiguration configuration)
{
    private const int LargestBody = 1 << 17;

    private readonly long _largestGeneration = configuration.GetValue("KeptAnswers:Megabytes", 24L) << 19;
    private readonly Lock _turning = new();
    private Generation _young = new();
    private Generation _old = new();

    /// <param name="tail">As in the ETag: version, day and a hash of the question.</param>
    public KeptAnswer? Find(string tail, HttpRequest request, Language language)
    {
        var young = _young;
        if (young.Answers.TryGetValue(tail, out var kept))
        {
            return kept.Answers(request, language) ? kept : null;
        }

        if (_old.Answers.TryGetValue(tail, out kept) && kept.Answers(request, language))
        {
            Keep(tail, kept);
            return kept;
        }

        return null;
    }

    /// <summary>Keeps a body, where it is not too large; the packed one, to be sent at once, or null.</summary>
    public KeptAnswer? Keep(string tail, HttpRequest request, Language language, string entityTag, string? link, byte[] body)
    {
        if (_largestGeneration == 0 || body.Length > LargestBody)
        {
            return null;
        }

        var answer = new KeptAnswer(request.Path.Value!, request.QueryString.Value!, language, entityTag, link, Pack(body), body.Length);
        Keep(tail, answer);
        return answer;
    }

    private void Keep(string tail, KeptAnswer answer)
    {
        var young = _young;
        if (young.Answers.TryAdd(tail, answer) && Interlocked.Add(ref young.Bytes, answer.Size) > _largestGeneration)
        {
            lock (_turning)
            {
                if (_young == young)
                {
                    (_old, _young) = (young, new Generation());
                }
            }
        }
    }

    private static byte[] Pack(byte[] body)
    {
        using var packed = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<string, KeptAnswer> Answers = new(StringComparer.Ordinal);

        // A field, to be counted without a lock.
        public long Bytes;
    }
}

/// <summary>A body, packed, and the headers that come with it.</summary>
/// <param name="Length">Of the body as JSON, in bytes.</param>
internal sealed record KeptAnswer(string Path, string Query, Language Language, string EntityTag, string? Link, byte[] Packed, int Length)
{
    /// <summary>About what it holds in memory, in bytes: small bodies have questions, too.</summary>
    public long Size => Packed.Length + 500 + (2 * (Path.Length + Query.Length + (Link?.Length ?? 0)));

    /// <summary>The question itself is compared: two can share a hash.</summary>
    public bool Answers(HttpRequest request, Language language) =>
        Language == language && string.Equals(Path, request.Path.Value, StringComparison.Ordinal) && string.Equals(Query, request.QueryString.Value, StringComparison.Ordinal);
}

/// <summary>A kept body: as gzip to who accepts that, under an ETag of its own (RFC 9110 §8.8.3.3), and unpacked to everybody else.</summary>
internal sealed class KeptJson(KeptAnswer answer) : IResult, IStatusCodeHttpResult
{
    /// <summary>What the ETag of the packed body ends in.</summary>
    public const string TagEnd = "-gzip";

    public int? StatusCode => 200;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        if (AcceptsGzip(httpContext.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            response.Headers.ETag = answer.EntityTag.Insert(answer.EntityTag.Length - 1, TagEnd);
            response.ContentLength = answer.Packed.Length;
            await response.BodyWriter.WriteAsync(answer.Packed, httpContext.RequestAborted);
            return;
        }

        response.ContentLength = answer.Length;
        var body = ArrayPool<byte>.Shared.Rent(answer.Length);
        try
        {
            using (var gzip = new GZipStream(new MemoryStream(answer.Packed), CompressionMode.Decompress))
            {
                gzip.ReadExactly(body, 0, answer.Length);
            }

            await response.BodyWriter.WriteAsync(body.AsMemory(0, answer.Length), httpContext.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    public static bool AcceptsGzip(HttpRequest request)
    {
        var accepted = request.Headers.AcceptEncoding;
        return accepted.Count > 0 && StringWithQualityHeaderValue.TryParseList(accepted, out var codings)
            && codings.Any(c => c.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && c.Quality != 0);
    }
}
