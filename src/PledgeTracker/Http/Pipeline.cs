using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace PledgeTracker.Http;

/// <summary>What every request passes on its way to an operation, where no file of its own is needed to tell it.</summary>
internal static partial class Pipeline
{
    private const string CameAsHead = "CameAsHead";
    private const string Prefix = "X-Forwarded-Prefix";

    private static readonly LocalizedText Encode = new(
        "Send it percent-encoded in UTF-8; a percent sign itself is %25.", "أرسل القيمة مرمزة بالنسبة المئوية وبترميز UTF-8، وعلامة % نفسها تُرسل %25.");

    /// <summary>What a proxy took off the front of each path (`X-Forwarded-Prefix`) is put in front of addresses: only what can be nothing but a path is.</summary>
    public static void UsePlainPrefix(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Request.Headers;
        if (headers.TryGetValue(Prefix, out var sent))
        {
            headers[Prefix] = sent.ToString().TrimEnd('/') is var prefix && PlainPrefix().IsMatch(prefix) ? prefix : StringValues.Empty;
        }

        return next(context);
    });

    /// <summary>An address of this server as who asks sees it.</summary>
    public static string? Seen(HttpContext context, string? address) => address is null ? null : context.Request.PathBase.Value + address;

    /// <summary>The same with the host, for what is read elsewhere. A host that stands in no address, or none, is the machine itself.</summary>
    public static Uri Whole(HttpContext context, string address) =>
        Uri.TryCreate($"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}{Seen(context, address)}", UriKind.Absolute, out var whole) && whole.Host.Length > 0 ? whole
            : new Uri($"{context.Request.Scheme}://localhost{Seen(context, address)}");

    [GeneratedRegex(@"\A(/[A-Za-z0-9][A-Za-z0-9._~-]{0,63}){1,8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainPrefix();

    /// <summary>Headers that keep a browser from doing with an answer what it is not for.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        // Swagger UI brings its own scripts and styles from this server; nothing else is a page.
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/swagger")
            ? "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
            : "default-src 'none'; frame-ancestors 'none'";
        return next(context);
    });

    /// <summary>FastEndpoints lists the operations for its own test helper, to whoever asks.</summary>
    public static void UseNoTestRoutes(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Path == "/_test_url_cache_")
        {
            context.Request.Path = "/no-such-address";
        }

        return next(context);
    });

    /// <summary>RFC 9110 §9.1: `get` is another method than GET. Routing takes them for one; nothing is mapped for what stands here.</summary>
    public static void UseExactMethods(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Method.Any(char.IsAsciiLetterLower))
        {
            context.Request.Method = "(another)";
        }

        return next(context);
    });

    /// <summary>RFC 9110 §9.3.2: HEAD answers what GET would, without the body. Kestrel sends no body to a HEAD, whatever is written.</summary>
    public static void UseHeadAsGet(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Items[CameAsHead] = true;
        }

        return next(context);
    });

    /// <summary>Whether the request came as a HEAD.</summary>
    public static bool IsHead(HttpContext context) => context.Items.ContainsKey(CameAsHead);

    /// <summary>Routing names the methods that are mapped; HEAD is none of them, and works wherever GET does.</summary>
    public static void NameHead(HttpResponse response)
    {
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed && response.Headers.Allow.ToString().Split(", ").Contains(HttpMethods.Get))
        {
            response.Headers.Allow = $"{response.Headers.Allow}, {HttpMethods.Head}";
        }
    }

    /// <summary>
    /// A query value that is not percent-encoded UTF-8 is refused. The framework hands it on with its escapes as they stand: as words to search
    /// for it would find nothing, and look as if there were nothing.
    /// </summary>
    public static void UseDecodableQuery(this WebApplication app) => app.Use((context, next) =>
    {
        var query = context.Request.QueryString.Value;
        // Where there is nothing, or not for this method, that is what is to be said.
        if (query is null || !query.Contains('%', StringComparison.Ordinal) || context.GetEndpoint() is not RouteEndpoint)
        {
            return next(context);
        }

        var faults = new List<Fault>();
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            if (!Decodes(parameter.EncodedValue.ToString()))
            {
                faults.Add(new Fault("?" + parameter.DecodeName(), "invalid_encoding", Encode));
            }
        }

        return faults.Count == 0 ? next(context) : throw Refused.Invalid(faults);
    });

    // What cannot be decoded stays as it is, and so does its percent sign.
    private static bool Decodes(string encoded) =>
        !Uri.UnescapeDataString(encoded.Replace("%25", "_", StringComparison.Ordinal)).Contains('%', StringComparison.Ordinal);
}
