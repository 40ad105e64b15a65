using System.Text.Json.Serialization;

namespace PledgeTracker.Http;

/// <summary>RFC 9457 problem details: what every error answers.</summary>
public sealed record Problem
{
    /// <summary>Identifies the kind of problem: `urn:pledgetracker:problem:` and the code.</summary>
    /// <example>urn:pledgetracker:problem:invalid_request</example>
    public string Type => "urn:pledgetracker:problem:" + Code;

    /// <summary>What went wrong, in the negotiated language.</summary>
    /// <example>The request is not valid</example>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    /// <example>400</example>
    public required int Status { get; init; }

    /// <summary>A word for programs; it never changes with the language.</summary>
    /// <example>invalid_request</example>
    public required string Code { get; init; }

    /// <summary>What to do about it, in the negotiated language.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Names this request in the server's log.</summary>
    /// <example>0HNGABCDEF123:00000001</example>
    public required string RequestId { get; init; }

    /// <summary>Where the problem is about a record that exists: its address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Existing { get; init; }

    /// <summary>Where it may be about any of several: their addresses, `existing` the first of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>How many those are, where they are more than `candidates` names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CandidatesInAll { get; init; }

    /// <summary>One entry per offending member or parameter; at most 100, and there may be more that are wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <summary>One offending member or parameter.</summary>
public sealed record ProblemError
{
    /// <summary>A JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.</summary>
    /// <example>?announcedFrom</example>
    public required string Pointer { get; init; }

    /// <summary>A word for programs.</summary>
    /// <example>invalid_date</example>
    public required string Code { get; init; }

    /// <summary>What to send instead, in the negotiated language.</summary>
    /// <example>Send a date as yyyy-MM-dd, such as 2018-06-26.</example>
    public required string Detail { get; init; }
}

/// <summary>Who shows problems in another form: to people, where a page was asked for; in the envelope of another system, where its dialect was spoken.</summary>
internal interface IShowsProblems
{
    /// <summary>Sends it so, with the status that is set, if that is what was asked for; says whether it did.</summary>
    Task<bool> ShowAsync(HttpContext context, Problem problem);
}
