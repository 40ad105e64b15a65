using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Site;

/// <summary>The style sheet, the scripts and the mark of the pages. They stand in the program; their addresses carry what they hold, so that browsers keep each for good.</summary>
internal static class SiteFiles
{
    private static readonly Dictionary<string, (byte[] Content, string Type, string Hash)> Files = new (string File, string Type, string[] Parts)[]
    {
        ("site.css", "text/css", ["site.css"]),
        ("site.js", "text/javascript", ["page.js", "steps.js"]),
        ("record.js", "text/javascript", ["record.js"]),
        ("icon.svg", "image/svg+xml", ["icon.svg"]),
    }.ToDictionary(file => file.File, file =>
    {
        using var content = new MemoryStream();
        foreach (var part in file.Parts)
        {
            using var stream = typeof(SiteFiles).Assembly.GetManifestResourceStream("site/" + part)!;
            stream.CopyTo(content);
        }

        return (content.ToArray(), file.Type, Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)).AsSpan(0, 6)));
    });

    /// <summary>Where a file is, behind what a proxy takes off.</summary>
    public static string PathOf(string file) => $"/site/{Files[file].Hash}/{file}";

    public static void MapSiteFiles(this WebApplication app) => app.MapGet("/site/{hash}/{file}", IResult (string hash, string file, HttpContext context) =>
    {
        if (!Files.TryGetValue(file, out var asset) || asset.Hash != hash)
        {
            return TypedResults.NotFound();
        }

        (context.Response.Headers.CacheControl, context.Response.Headers.Vary) = ("public, max-age=31536000, immutable", HeaderNames.AcceptEncoding);
        return TypedResults.Bytes(asset.Content, asset.Type + "; charset=utf-8");
    }).ExcludeFromDescription();
}
