using System.Collections.Concurrent;

namespace PledgeTracker.Http;

/// <summary>
/// Bodies of lists that were asked for, to be sent again while nothing has been written: the dataset's version, the day, the language and
/// the whole question stand in the key, so a kept body is exactly what the query would give, and a write makes all of them unreachable.
/// </summary>
/// <remarks>
/// Two generations: when the young one is full it becomes the old one, and the old one is forgotten. What is asked for again moves to the
/// young one. That bounds the memory without a list of uses that every read would have to lock. The setting `KeptAnswers:Megabytes` says
/// how much; 0 keeps nothing.
/// </remarks>
internal sealed class KeptAnswers(IConfiguration configuration)
{
    private const int LargestBody = 1 << 17;

    private readonly long _largestGeneration = configuration.GetValue("KeptAnswers:Megabytes", 16L) << 19;
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

    public void Keep(string tail, KeptAnswer answer)
    {
        if (_largestGeneration == 0 || answer.Body.Length > LargestBody)
        {
            return;
        }

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

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<string, KeptAnswer> Answers = new(StringComparer.Ordinal);

        // A field, to be counted without a lock.
        public long Bytes;
    }
}

/// <summary>A body, and the headers that come with it.</summary>
internal sealed record KeptAnswer(string Path, string Query, Language Language, string EntityTag, string? Link, byte[] Body)
{
    /// <summary>About what it holds in memory, in bytes: small bodies have questions, too.</summary>
    public long Size => Body.Length + 500 + (2 * (Path.Length + Query.Length + (Link?.Length ?? 0)));

    /// <summary>The question itself is compared: two can share a hash.</summary>
    public bool Answers(HttpRequest request, Language language) =>
        Language == language && string.Equals(Path, request.Path.Value, StringComparison.Ordinal) && string.Equals(Query, request.QueryString.Value, StringComparison.Ordinal);
}

/// <summary>A JSON body that is ready to be sent.</summary>
internal sealed class ReadyJson(byte[] body) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => 200;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }
}
