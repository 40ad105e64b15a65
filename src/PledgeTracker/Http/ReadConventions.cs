using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using PledgeTracker.Data;

namespace PledgeTracker.Http;

/// <summary>What every GET of the API does, whatever it reads.</summary>
internal static class ReadConventions
{
    /// <summary>
    /// Documents a read and gives it what all reads have: a strict query, content negotiation, the language, and conditional requests
    /// (RFC 9110 §13) that cost no SQL when nothing has changed.
    /// </summary>
    public static RouteHandlerBuilder Reads(
        this RouteHandlerBuilder builder, string operation, string tag, string summary, string description, params QueryParameter[] parameters)
    {
        var query = new QueryContract([.. parameters, Paging.Lang]);
        builder.Add(endpoint => endpoint.Metadata.Add(new Operation(query, endpoint.ApplicationServices)));
        return builder
            .WithName(operation)
            .WithTags(tag)
            .WithSummary(summary)
            .WithDescription(description)
            .WithMetadata(query)
            .Refuses(400, 406, 429, 503)
            .AddEndpointFilter(AnswerAsync);
    }

    /// <summary>Documents an operation that stands outside the data: no language, no conditions, and no query parameters.</summary>
    public static RouteHandlerBuilder Plain(this RouteHandlerBuilder builder, string operation, string tag, string summary, string description) => builder
        .WithName(operation)
        .WithTags(tag)
        .WithSummary(summary)
        .WithDescription(description)
        .Refuses(400)
        .StrictQuery();

    /// <summary>The operation takes no query parameters, and says so to whoever sends one.</summary>
    public static RouteHandlerBuilder StrictQuery(this RouteHandlerBuilder builder) => builder.AddEndpointFilter((invocation, next) =>
    {
        var faults = invocation.HttpContext.Request.Query.Keys.Select(QueryContract.Empty.Unknown).ToList();
        return faults.Count > 0 ? ValueTask.FromResult<object?>(new RefusedResult(Refusal.Invalid(faults))) : next(invocation);
    });

    /// <summary>Documents statuses that every endpoint of a kind can answer with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
        }

        return builder;
    }

    private static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var request = Asked(invocation.Arguments);
        if (!AcceptsJson(context.Request))
        {
            return new RefusedResult(new Refusal("not_acceptable", new("Send `Accept: application/json`, or none.", "أرسل Accept: application/json أو لا ترسل شيئا.")));
        }

        if (request.Faults.Count > 0)
        {
            return new RefusedResult(Refusal.Invalid(request.Faults));
        }

        if (context.GetEndpoint()!.Metadata.GetMetadata<NeedsRole>() is not null)
        {
            // What is behind a key is nobody else's to keep, and a check is made anew each time it is asked for.
            context.Response.Headers.CacheControl = "no-store";
            return await next(invocation);
        }

        var tail = request.EntityTagTail(request.Service<DatasetVersion>().Value);
        if (Matching(context.Request, tail) is { } known)
        {
            SetHeaders(context, request, known);
            return TypedResults.StatusCode(304);
        }

        if (request.Service<RateLimits>().Read(context) is { } tooMany)
        {
            return new RefusedResult(tooMany);
        }

        var answers = request.Service<KeptAnswers>();
        var paged = request.Reading.Query.IsPaged;
        if (paged && answers.Find(tail, context.Request, request.Language) is { } kept)
        {
            SetHeaders(context, request, kept.EntityTag);
            context.Response.Headers.Link = kept.Link;
            return context.Request.Headers.IfNoneMatch == "*" ? TypedResults.StatusCode(304) : new KeptJson(kept);
        }

        var result = await next(invocation);
        var answer = result is INestedHttpResult nested ? nested.Result : result;
        var body = answer switch
        {
            ReadyJson ready => ready.Body,
            IStatusCodeHttpResult { StatusCode: 200 } and IValueHttpResult { Value: { } value } => JsonSerializer.SerializeToUtf8Bytes(value, Json.Options.GetTypeInfo(value.GetType())),
            _ => null,
        };
        if (body is null || request.DatasetVersion is not { } version)
        {
            return answer;
        }

        tail = request.EntityTagTail(version);
        var tag = $"\"{request.ResourceVersion}.{tail}\"";
        SetHeaders(context, request, tag);
        if (context.Request.Headers.IfNoneMatch == "*")
        {
            return TypedResults.StatusCode(304);
        }

        // Lists are kept; a single resource is found about as fast as it is remembered, and there are many.
        return paged && answers.Keep(tail, context.Request, request.Language, tag, context.Response.Headers.Link, body) is { } keptNow
            && KeptJson.AcceptsGzip(context.Request)
            ? new KeptJson(keptNow)
            : new ReadyJson(body);
    }

    private static ReadRequest Asked(IList<object?> arguments)
    {
        for (var i = arguments.Count - 1; ; i--)
        {
            if (arguments[i] is ReadRequest request)
            {
                return request;
            }
        }
    }

    private static void SetHeaders(HttpContext context, ReadRequest request, string entityTag)
    {
        var headers = context.Response.Headers;
        headers.ETag = entityTag;
        // A write shows in the very next read; to find that nothing was written costs next to nothing.
        headers.CacheControl = "public, no-cache";
        headers.Vary = "Accept, Accept-Encoding, Accept-Language";
        headers.ContentLanguage = request.Language.Code();
    }

    private static string? Matching(HttpRequest request, string tail)
    {
        if (request.Headers.IfNoneMatch.Count == 0 || !EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags))
        {
            return null;
        }

        // "*" asks whether there is anything at all; that takes the real answer.
        return tags.Select(t => t.Tag.ToString()).FirstOrDefault(tag =>
        {
            var dot = tag.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0)
            {
                return false;
            }

            // The tag of a packed body is worth nothing to who could not read that body: a cache between may hold it for others.
            var asked = tag.AsSpan(dot + 1).TrimEnd('"');
            return asked.EndsWith(KeptJson.TagEnd, StringComparison.Ordinal)
                ? asked[..^KeptJson.TagEnd.Length].SequenceEqual(tail) && KeptJson.AcceptsGzip(request)
                : asked.SequenceEqual(tail);
        });
    }

    private static bool AcceptsJson(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || accept == "application/json" || accept == "*/*" || !MediaTypeHeaderValue.TryParseList(accept, out var types) || types.Count == 0)
        {
            return true;
        }

        return types.Any(t => t.Quality != 0 && (t.MatchesAllTypes || (t.Type == "application" && (t.MatchesAllSubTypes || t.SubType == "json" || t.Suffix == "json"))));
    }
}
