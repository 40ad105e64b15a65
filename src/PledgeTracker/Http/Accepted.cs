using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Http;

/// <summary>What a client takes (`Accept`, RFC 9110 §12.5.1).</summary>
internal static class Accepted
{
    /// <summary>Whether it takes a media type.</summary>
    public static bool Takes(HttpRequest request, string mediaType) => Weigh(request, mediaType).Quality > 0;

    /// <summary>How much it wants a media type, and how closely it names it: the most specific range that means it decides. One that cannot be read stands for any.</summary>
    public static (double Quality, int Closeness) Weigh(HttpRequest request, string mediaType)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges) || ranges.Count == 0)
        {
            return (1, 0);
        }

        var (type, subType) = mediaType.Split('/') is [var first, var second] ? (first, second) : throw new ArgumentException(mediaType);
        bool Is(Microsoft.Extensions.Primitives.StringSegment said, string meant) => said.Equals(meant, StringComparison.OrdinalIgnoreCase);
        // Who takes a problem document reads any JSON.
        return ranges.Where(r => r.MatchesAllTypes || (Is(r.Type, type) && (r.MatchesAllSubTypes || Is(r.SubType, subType) || Is(r.Suffix, subType))))
            .Select(r => (Quality: r.Quality ?? 1, Closeness: r.MatchesAllTypes ? 0 : r.MatchesAllSubTypes ? 1 : Is(r.SubType, subType) ? 3 : 2))
            .DefaultIfEmpty().MaxBy(r => r.Closeness);
    }
}
