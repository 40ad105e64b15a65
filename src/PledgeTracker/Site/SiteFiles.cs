using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace PledgeTracker.Site;

/// <summary>The style sheet, the scripts and the mark of the pages. They stand in the program; their addresses carry what they hold, so that browsers keep each for good.</summary>
internal static class SiteFiles
{
    private static readonly Dictionary<string, SiteFile> Files = new (string File, string Type, string[] Parts)[]
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

        return new SiteFile(content.ToArray(), file.Type);
    });

    /// <summary>Where a file is, behind what a proxy takes off.</summary>
    public static string PathOf(string file) => $"/site/{Files[file].Hash}/{file}";

    public static void MapSiteFiles(this WebApplication app) => app.MapGet("/site/{hash}/{file}", IResult (string hash, string file, HttpContext context) =>
    {
        if (!Files.TryGetValue(file, out var asset) || asset.Hash != hash)
        {
            return TypedResults.NotFound();
        }

        var (coding, body) = Codings.Accepts(context.Request, "br") ? ("br", asset.Brotli.Value) : Codings.Accepts(context.Request, "gzip") ? ("gzip", asset.Gzip.Value) : (default(string), asset.Content);
        context.Response.Headers.ContentEncoding = coding;
        (context.Response.Headers.CacheControl, context.Response.Headers.Vary) = ("public, max-age=31536000, immutable", HeaderNames.AcceptEncoding);
        return TypedResults.Bytes(body, asset.Type + "; charset=utf-8");
    }).ExcludeFromDescription();
}

/// <summary>A file that never changes: it is compressed once, as small as can be, and not anew for everybody who asks.</summary>
internal sealed class SiteFile(byte[] content, string type)
{
    public byte[] Content => content;

    public string Type => type;

    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));

    public Lazy<byte[]> Brotli { get; } = new(() => Compressed(content, to => new BrotliStream(to, CompressionLevel.SmallestSize)));

    public Lazy<byte[]> Gzip { get; } = new(() => Compressed(content, to => new GZipStream(to, CompressionLevel.SmallestSize)));

    private static byte[] Compressed(byte[] content, Func<Stream, Stream> into)
    {
        using var compressed = new MemoryStream();
        using (var stream = into(compressed))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }
}
