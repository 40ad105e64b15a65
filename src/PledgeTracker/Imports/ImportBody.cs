using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using MultipartSection = Microsoft.AspNetCore.WebUtilities.MultipartSection;

namespace PledgeTracker.Imports;

/// <summary>
/// The body of an import, read once as it arrives: a file by itself, or several in the parts of `multipart/form-data`, in their order; a part named `mapping`, in front of them, says which
/// organization a name of theirs means. Compressed with gzip as a whole (`Content-Encoding`), or each file by itself (its name ends in `.gz`).
/// </summary>
internal sealed class ImportBody : IDisposable
{
    private const string Multipart = "multipart/form-data";
    private const string Gzip = "application/gzip";
    private const int MostFiles = 1000;
    private const int MostOfMapping = 1 << 20;

    private static readonly Dictionary<string, string> ByEnding = new(StringComparer.OrdinalIgnoreCase)
    {
        [".json"] = "application/json",
        [".csv"] = "text/csv",
        [".xlsx"] = Format.Xlsx.MediaType,
    };

    private readonly HttpContext _context;
    private readonly ImportLimits _limits;
    private readonly MediaTypeHeaderValue _type;
    private readonly bool _isCoded;
    private readonly InflatedBytes _inflated;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <exception cref="Refused">It is of a type that is not read here, or says that it is larger than the limits.</exception>
    public ImportBody(HttpContext context, ImportLimits limits)
    {
        var request = context.Request;
        var coding = request.Headers.ContentEncoding.ToString();
        _isCoded = coding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !IsRead(type.MediaType.Value) || (!_isCoded && coding is not ("" or "identity")))
        {
            throw new Refused("unsupported_media_type", new($"Send `Content-Type: {string.Join("` or `", MediaTypes)}`, compressed with gzip or not at all.",
                $"أرسل Content-Type: {string.Join(" أو ", MediaTypes)} مضغوطا بـ gzip أو دون ضغط."));
        }

        if (request.ContentLength > limits.Sent)
        {
            throw TooLarge(limits.Sent.Value);
        }

        (_context, _limits, _type, _inflated) = (context, limits, type, new InflatedBytes(limits));
    }

    /// <summary>What may be sent.</summary>
    public static readonly IReadOnlyList<string> MediaTypes = ["application/json", "text/csv", Format.Xlsx.MediaType, Multipart];

    /// <summary>Which organization a name means, as JSON; known when the first file is read.</summary>
    public string Mapping { get; private set; } = "{}";

    /// <summary>The media type of a file on the disk, by its ending; `.gz` apart.</summary>
    public static string MediaTypeOf(string name) =>
        ByEnding.GetValueOrDefault(Path.GetExtension(name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name), "application/octet-stream");

    /// <summary>A file of this machine that is compressed with gzip.</summary>
    public static Stream Inflated(Stream file) => new InflatedBytes(ImportLimits.None).Of(new GZipStream(file, CompressionMode.Decompress, leaveOpen: true), new SentBytes(file, ImportLimits.None, null));

    /// <summary>Opens the files one after the other.</summary>
    /// <param name="asked">What stands beside the body: the same file asked for otherwise is another request.</param>
    /// <exception cref="Refused">The body cannot be read, or is larger than the limits.</exception>
    public async IAsyncEnumerable<ImportFile> FilesAsync(NewImport asked, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // What is larger than other bodies may be is read here, and counted here.
        if (_context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        await using var body = new SentBytes(_context.Request.Body, _limits, _hash);
        await using var plain = _isCoded ? _inflated.Of(new GZipStream(body, CompressionMode.Decompress, leaveOpen: true), body) : body;
        var sent = _type.MediaType.Value!.ToLowerInvariant();
        if (sent != Multipart)
        {
            var isPacked = sent == Gzip;
            await using var file = isPacked ? _inflated.Of(new GZipStream(plain, CompressionMode.Decompress, leaveOpen: true), body) : plain;
            yield return new ImportFile("1", isPacked ? "application/octet-stream" : sent, file);
        }
        else
        {
            await foreach (var file in PartsAsync(new MultipartReader(BoundaryOf(_type), plain), body, cancellation))
            {
                yield return file;
            }
        }

        await EndAsync(asked, body, cancellation);
    }

    // Read to its end: the hash is of all of it.
    private async Task EndAsync(NewImport asked, SentBytes body, CancellationToken cancellation)
    {
        await body.CopyToAsync(Stream.Null, cancellation);
        _hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(asked, Json.Options));
        SentBody.Note(_context, _hash.GetHashAndReset());
    }

    private async IAsyncEnumerable<ImportFile> PartsAsync(MultipartReader reader, SentBytes body, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (files, mappings) = (0, 0);
        while (await NextAsync(reader, cancellation) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            {
                throw Unreadable("Each part needs `Content-Disposition: form-data; name=\"file\"; filename=\"…\"`.", "يحتاج كل جزء إلى Content-Disposition: form-data; name=\"file\"; filename=\"…\".");
            }

            var field = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (field == "mapping")
            {
                Mapping = files > 0 ? throw Invalid("/mapping", "not_allowed", "Send the part `mapping` in front of the files.", "أرسل الجزء mapping قبل الملفات.")
                    : ++mappings > 1 ? throw Invalid("/mapping", "repeated", "Send one part `mapping`, with all names in it.", "أرسل جزءا واحدا باسم mapping فيه كل الأسماء.")
                    : await MappingAsync(new PartBytes(part.Body), cancellation);
                continue;
            }

            if (field != "file")
            {
                throw Invalid("/" + field, "unknown_member", "There is no such part: name the parts `file`, and one `mapping`.", "لا يوجد جزء بهذا الاسم: سم الأجزاء file، وواحدا mapping.");
            }

            if (++files > MostFiles)
            {
                throw Invalid("/file", "too_many", $"Send at most {MostFiles} files.", $"أرسل {MostFiles} ملف على الأكثر.");
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
            name = Text.Take(name, isIdentifier: false, out var taken) is null && taken.Length is > 0 and <= 255 ? taken : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{files}");
            var said = MediaTypeHeaderValue.TryParse(part.ContentType, out var ofPart) ? ofPart.MediaType.Value!.ToLowerInvariant() : "";
            var isPacked = said == Gzip || name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            await using var bytes = new PartBytes(part.Body);
            await using var file = isPacked ? _inflated.Of(new GZipStream(bytes, CompressionMode.Decompress, leaveOpen: true), body) : (Stream)bytes;
            // Browsers say of CSV what Windows says of it.
            yield return new ImportFile(name, MediaTypeOf(name) is not "application/octet-stream" and var known ? known : MediaTypes.Contains(said) ? said : "application/octet-stream", file);
        }

        if (files == 0)
        {
            throw Invalid("/file", "required", "Send at least one part named `file`.", "أرسل جزءا واحدا على الأقل باسم file.");
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation);
        }
        catch (Exception fault) when (IsOfParts(fault, cancellation))
        {
            throw Untold();
        }
    }

    // The reader of parts has no exception of its own. Who went away hears nothing.
    private static bool IsOfParts(Exception fault, CancellationToken cancellation) =>
        fault is InvalidDataException || (fault is IOException and not BadHttpRequestException && !cancellation.IsCancellationRequested);

    private static Refused Untold() => Unreadable("The parts of the body cannot be told apart: end it with its boundary.", "تعذر تمييز أجزاء المحتوى: أنهه بحده الفاصل.");

    private static string BoundaryOf(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is { Length: > 0 and <= 70 } boundary ? boundary
            : throw Unreadable("Name the boundary of the parts in Content-Type: at most 70 characters.", "اذكر الحد الفاصل بين الأجزاء في Content-Type: 70 حرفا على الأكثر.");

    private static async Task<string> MappingAsync(Stream part, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 14];
        while (await part.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MostOfMapping)
            {
                throw TooLarge(MostOfMapping);
            }
        }

        return MappingOf(bytes.ToArray());
    }

    /// <summary>A mapping as it is kept: names of the files, each with the id of an organization.</summary>
    /// <exception cref="Refused">It is none.</exception>
    public static string MappingOf(byte[] json)
    {
        try
        {
            var mapping = new Dictionary<string, string>();
            foreach (var (name, id) in JsonNode.Parse(json)!.AsObject())
            {
                mapping.Add(name.Trim(), id!.GetValue<string>());
            }

            return JsonSerializer.Serialize(mapping, Json.Options);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            throw Invalid("/mapping", "invalid_json", "Send a JSON object: names as they stand in the file, each with the id of an organization, such as {\"N.R.C.\": \"nrc\"}.",
                "أرسل كائن JSON: الأسماء كما وردت في الملف، ولكل منها معرف جهة، مثل {\"N.R.C.\": \"nrc\"}.");
        }
    }

    private static bool IsRead(string? mediaType) => mediaType?.ToLowerInvariant() is { } sent && (sent == Gzip || MediaTypes.Contains(sent));

    private static Refused Invalid(string pointer, string code, string en, string ar) => Refused.Invalid(new Fault(pointer, code, new(en, ar)));

    private static Refused Unreadable(string en, string ar) => new("invalid_file", new(en, ar));

    internal static Refused TooLarge(long most) => new("too_large", new($"Send at most {most >> 20} MiB, or import on the server's machine: `import --format …`.",
        $"أرسل {most >> 20} ميبيبايت على الأكثر، أو استورد على جهاز الخادم: import --format …"));

    public void Dispose() => _hash.Dispose();

    /// <summary>A body as it was sent: counted, and hashed.</summary>
    private sealed class SentBytes(Stream sent, ImportLimits limits, IncrementalHash? hash) : ReadOnlyStream
    {
        public long Count { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default)
        {
            var read = await sent.ReadAsync(buffer, cancellation);
            Count += read;
            hash?.AppendData(buffer.Span[..read]);
            return Count > limits.Sent ? throw TooLarge(limits.Sent!.Value) : read;
        }
    }

    /// <summary>A part, which may break off.</summary>
    private sealed class PartBytes(Stream part) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default)
        {
            try
            {
                return await part.ReadAsync(buffer, cancellation);
            }
            catch (Exception fault) when (IsOfParts(fault, cancellation))
            {
                throw Untold();
            }
        }
    }

    /// <summary>What is inflated, of all files together: a small body may become any length.</summary>
    private sealed class InflatedBytes(ImportLimits limits)
    {
        // Small files may be all alike.
        private const int RatioFrom = 1 << 20;

        private long _count;

        public Stream Of(GZipStream inflating, SentBytes body) => new Counted(inflating, this, body);

        private int Add(int read, SentBytes body)
        {
            _count += read;
            return _count > limits.Inflated ? throw TooLarge(limits.Inflated!.Value)
                : _count > RatioFrom && limits.Ratio is { } ratio && _count / ratio > body.Count ? throw new Refused("too_large", new(
                    $"It inflates to more than {ratio} times its size: send it less compressed, or not at all.", $"يزيد حجمه بعد فك الضغط على {ratio} ضعف: أرسله بضغط أقل أو دون ضغط."))
                : read;
        }

        private sealed class Counted(GZipStream inflating, InflatedBytes all, SentBytes body) : ReadOnlyStream
        {
            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default)
            {
                try
                {
                    return all.Add(await inflating.ReadAsync(buffer, cancellation), body);
                }
                catch (InvalidDataException)
                {
                    throw Unreadable("It is no gzip, or breaks off: compress it anew.", "ليس ملف gzip أو أنه مبتور: أعد ضغطه.");
                }
            }

            public override async ValueTask DisposeAsync()
            {
                await inflating.DisposeAsync();
                await base.DisposeAsync();
            }
        }
    }
}

/// <summary>A stream that is read once, from its beginning to its end.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
