using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Http;

/// <summary>Compressed bodies, each under an ETag of its own (RFC 9110 §8.8.3.3): `-gz` or `-br` at its end, understood with or without it.</summary>
internal static class Codings
{
    private static readonly Dictionary<string, string> Ends = new() { ["gzip"] = "-gz", ["br"] = "-br" };

    public static void AddCodings(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            // Nothing here mixes a secret with what an attacker chooses: answers behind a key are not compressed with what is asked in them.
            options.EnableForHttps = true;
            options.MimeTypes = ["application/atom+xml", "application/json", "application/problem+json", "application/x-ndjson", "application/xml", "application/yaml", "text/calendar", "text/csv", "text/html", "text/css", "text/javascript", "image/svg+xml"];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }

    public static void UseCodings(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                if (headers.ETag.ToString() is { Length: > 1 } tag && Ends.TryGetValue(headers.ContentEncoding.ToString(), out var end))
                {
                    headers.ETag = tag.Insert(tag.Length - 1, end);
                }

                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseResponseCompression();
    }

    /// <summary>
    /// The tag of the body as it is before it is coded. That of a coded body is worth nothing to who could not read it: a cache between may hold it for others.
    /// </summary>
    public static ReadOnlySpan<char> Uncoded(ReadOnlySpan<char> tag, HttpRequest request)
    {
        foreach (var (coding, end) in Ends)
        {
            if (tag.EndsWith(end, StringComparison.Ordinal) && Accepts(request, coding))
            {
                return tag[..^end.Length];
            }
        }

        return tag;
    }

    /// <summary>Whether the client takes a body so coded.</summary>
    public static bool Accepts(HttpRequest request, string coding) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var codings) && codings.Any(c => c.Quality != 0 && c.Value.Equals(coding, StringComparison.OrdinalIgnoreCase));
}
