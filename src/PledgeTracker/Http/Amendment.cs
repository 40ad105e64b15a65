using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Microsoft.Net.Http.Headers;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>What a PATCH is applied to, as endpoint metadata: the shape of the document that results.</summary>
internal sealed record AmendsDocument(Type Type);

/// <summary>JSON Merge Patch (RFC 7396) under `If-Match`: merged into the current document, then checked as a POST of it would be.</summary>
internal static class Amendment
{
    /// <param name="load">The current document and its version; null where there is none.</param>
    /// <param name="amend">Writes the new document; gets the old one too.</param>
    /// <param name="closed">Why it is amended no more, whatever is sent; null where it is.</param>
    public static Task<Recorded<TShown>> AmendAsync<TDocument, TShown>(
        this WriteRequest<JsonObject> request, IValidator<TDocument> rules, Refusal missing, Func<Write, (TDocument Document, long Version)?> load,
        Func<Write, TDocument, TDocument, Outcome<Made<TShown>>> amend, Func<Write, Refusal?>? closed = null)
        where TDocument : class
    {
        var header = request.Context.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return Task.FromResult(new Recorded<TShown>(new Refusal("precondition_required", new(
                "Read the resource and send its ETag as If-Match.", "اقرأ المورد وأرسل قيمة ETag في If-Match."))));
        }

        var tags = EntityTagHeaderValue.TryParseList(header, out var parsed) ? parsed : [];
        return request.RecordAsync<TShown>(write =>
        {
            if (closed?.Invoke(write) is { } refusal)
            {
                return refusal;
            }

            if (load(write) is not var (document, version))
            {
                return missing;
            }

            if (!tags.Any(tag => tag.Tag == "*" || Version(tag) == version))
            {
                return new Refusal("precondition_failed", new("Read it again, look at what changed, and send the new ETag.", "اقرأ المورد مجددا وانظر ما تغير ثم أرسل قيمة ETag الجديدة."));
            }

            var merged = Merge(JsonSerializer.SerializeToNode(document, Json.Options), request.Body);
            if (!JsonBody.TryRead<TDocument>(JsonSerializer.SerializeToUtf8Bytes(merged, Json.Options), out var after, out var faults))
            {
                return faults;
            }

            faults = rules.Check(after);
            return faults.Count > 0 ? faults : amend(write, document, after);
        });
    }

    /// <summary>RFC 7396 §2.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
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

    // An ETag's resource version stands in front of its first dot; a weak one never matches (RFC 9110 §13.1.1).
    private static long? Version(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.ToString().Trim('"');
        return !tag.IsWeak && long.TryParse(text.Split('.')[0], out var version) ? version : null;
    }
}
