using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Http;

/// <summary>What a client takes (`Accept`, RFC 9110 §12.5.1).</summary>
internal static class Accepted
{
    /// <summary>Whether it takes a media type: the most specific range that means it decides. One that cannot be read stands for any.</summary>
    public static bool Takes(HttpRequest request, string type, string subType)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges) || ranges.Count == 0)
        {
            return true;
        }

        bool Is(Microsoft.Extensions.Primitives.StringSegment said, string meant) => said.Equals(meant, StringComparison.OrdinalIgnoreCase);
        // Who takes a problem document reads any JSON.
        var nearest = ranges.Where(r => r.MatchesAllTypes || (Is(r.Type, type) && (r.MatchesAllSubTypes || Is(r.SubType, subType) || Is(r.Suffix, subType))))
            .MaxBy(r => r.MatchesAllTypes ? 0 : r.MatchesAllSubTypes ? 1 : Is(r.SubType, subType) ? 3 : 2);
        return nearest is not null && nearest.Quality != 0;
    }
}
