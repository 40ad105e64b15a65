using System.Text.Json;
using System.Text.Json.Nodes;
using FastEndpoints;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Http;

/// <summary>JSON Merge Patch (RFC 7396) under `If-Match`: merged into the current document, then checked as a POST of it would be.</summary>
/// <typeparam name="TDocument">The part of the record that can be amended.</typeparam>
public sealed record Patch<TDocument> : IReadsItsBody<Patch<TDocument>>
    where TDocument : class
{
    [RouteParam]
    public string Id { get; init; } = "";

    /// <summary>What is to change; a member that is null is taken out.</summary>
    public required JsonObject Changes { get; init; }

    /// <summary>The ETags of the record that it may be applied to.</summary>
    public required IReadOnlyList<EntityTagHeaderValue> IfMatch { get; init; }

    public static IReadOnlyList<string> MediaTypes { get; } = ["application/merge-patch+json", "application/json"];

    public static Type Shape => typeof(TDocument);

    public static Patch<TDocument> ReadBody(HttpContext context, byte[] body)
    {
        var changes = SentBody.FromJson<JsonObject>(body);
        var header = context.Request.Headers.IfMatch;
        return header.Count == 0
            ? throw new Refused("precondition_required", new("Read the resource and send its ETag as If-Match.", "اقرأ المورد وأرسل قيمة ETag في If-Match."))
            : new Patch<TDocument> { Changes = changes, IfMatch = EntityTagHeaderValue.TryParseList(header, out var tags) ? [.. tags] : [] };
    }

    /// <summary>The document as it is to be.</summary>
    /// <param name="version">Of the record as it is: the ETag must be of it.</param>
    /// <param name="check">Adds what is wrong with the result beyond its shape: of one that breaks the rules as well, so that one answer tells all.</param>
    /// <exception cref="Refused">It has changed since it was read, or something is wrong with the result.</exception>
    public async Task<TDocument> ApplyToAsync(TDocument document, long version, IValidator<TDocument> rules, Func<TDocument, Faults, Task>? check = null)
    {
        if (!IfMatch.Any(tag => tag.Tag == "*" || VersionOf(tag) == version))
        {
            throw new Refused("precondition_failed", new("Read it again, look at what changed, and send the new ETag.", "اقرأ المورد مجددا وانظر ما تغير ثم أرسل قيمة ETag الجديدة."));
        }

        var faults = new Faults();
        var after = await MergePatch.ApplyAsync(document, Changes, rules, faults, check);
        faults.ThrowIfAny();
        return after;
    }

    // An ETag's resource version stands in front of its first dot; a weak one never matches (RFC 9110 §13.1.1).
    private static long? VersionOf(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.ToString().Trim('"');
        return !tag.IsWeak && long.TryParse(text.Split('.')[0], out var version) ? version : null;
    }
}

/// <summary>JSON Merge Patch itself (RFC 7396 §2).</summary>
internal static class MergePatch
{
    /// <summary>The document as it is to be, with a fault for all that is wrong with it.</summary>
    /// <param name="check">As for <see cref="Patch{TDocument}.ApplyToAsync"/>.</param>
    public static async Task<TDocument> ApplyAsync<TDocument>(TDocument document, JsonObject changes, IValidator<TDocument> rules, Faults faults, Func<TDocument, Faults, Task>? check)
        where TDocument : class
    {
        var merged = Merge(JsonSerializer.SerializeToNode(document, Json.Options), changes);
        var failures = new List<ValidationFailure>();
        var after = SentBody.FromJson<TDocument>(JsonSerializer.SerializeToUtf8Bytes(merged, Json.Options), failures);
        failures.AddRange(rules.Validate(after).Errors);
        faults.Add(Binding.FaultsOf(failures));
        if (check is not null)
        {
            var others = new Faults();
            await check(after, others);
            faults.AddElsewhere(others);
        }

        return after;
    }

    /// <summary>Whether a record would be stored as it is already: then there is no change to tell of.</summary>
    /// <param name="before">What is stored of it, its version left out of account.</param>
    /// <param name="after">The same of what it is to be.</param>
    public static bool ChangesNothing(object before, object after) => JsonSerializer.Serialize(before) == JsonSerializer.Serialize(after);

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
        {
            return patch?.DeepClone();
        }

        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                var before = merged[name];
                merged.Remove(name);
                merged[name] = Merge(before, value);
            }
        }

        return merged;
    }
}
