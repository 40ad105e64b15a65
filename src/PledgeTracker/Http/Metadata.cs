using System.Text.Json.Nodes;

namespace PledgeTracker.Http;

// What operations and their shapes say of themselves, for the pipeline and for the document.

/// <summary>The role an operation needs.</summary>
/// <param name="Role">The least role.</param>
/// <param name="Hidden">To others the resource does not exist: 404 instead of 403.</param>
internal sealed record NeedsRole(Role Role, bool Hidden = false);

/// <summary>A read that anybody may make, and whoever holds a key also for what is its own: this parameter is then `me`.</summary>
internal sealed record TakesMe(string Parameter);

/// <summary>A read that finds nothing without this parameter: Swagger UI fills its example in.</summary>
internal sealed record AsksFor(string Parameter, string Example);

/// <summary>The body that an operation takes.</summary>
/// <param name="MediaTypes">Of which it may be.</param>
/// <param name="Shape">What its JSON is. (Where all of it stands in the path, there is no body.)</param>
/// <param name="IsFile">It is a file, or several as parts; its media type says of what kind.</param>
internal sealed record TakesBody(IReadOnlyList<string> MediaTypes, Type Shape, bool IsFile = false);

/// <summary>A body that can be sent, as it is, to a server with the documented facts.</summary>
/// <param name="Needs">The least role that may send it.</param>
/// <param name="Organization">Whom a recorder who sends it speaks for; null where that may be any.</param>
/// <param name="MediaType">Where it is no JSON.</param>
internal sealed record BodyExample(object Body, Role Needs, string? Organization = null, string? MediaType = null);

/// <summary>What a read answers from the documented facts.</summary>
/// <param name="Asked">The path, with its query.</param>
/// <param name="Texts">The same in other formats, by media type.</param>
internal sealed record AnswerExample(string Asked, JsonNode Answer, IReadOnlyDictionary<string, string>? Texts = null);

/// <summary>A read that is no table, and a file in these formats: by the end of the path, as tables are.</summary>
internal sealed record HasSuffixes(IReadOnlyList<Format> Formats);

/// <summary>A header that only one operation takes.</summary>
internal sealed record TakesHeader(string Name, string Description);

/// <summary>An operation whose answer must not be kept.</summary>
internal sealed record TakesNoIdempotencyKey;

/// <summary>A read that may answer that what was asked for stands elsewhere (<see cref="Moved"/>).</summary>
internal sealed record MayHaveMoved;

/// <summary>A text member holds one of a closed vocabulary's words (a member of <see cref="Vocabulary"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfAttribute(string vocabulary) : Attribute
{
    public string Vocabulary => vocabulary;
}

/// <summary>A text that people type from a paper to find the same thing again: see <see cref="Text.Take"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IdentifierAttribute : Attribute
{
    /// <summary>Whether it names a system that gives numbers: kept in small letters, because `FTS` and `fts` are one.</summary>
    public bool IsOfSystem { get; init; }
}

/// <summary>
/// How the Humanitarian Exchange Language tags the column of a member: `#date+announced`. In a shape that is shown under many names it is what goes behind
/// the hashtag of the member that holds it: `+name`.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HxlAttribute(string tag) : Attribute
{
    public string Tag => tag;
}

/// <summary>A free-form member is a merge patch of this shape, or of one of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapedByAttribute(params Type[] types) : Attribute
{
    public Type[] Types => types;
}
