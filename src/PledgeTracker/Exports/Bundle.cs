using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PledgeTracker.Changes;

namespace PledgeTracker.Exports;

/// <summary>
/// The whole dataset as JSON Lines, for an empty database of either engine: the manifest, then a line for each row, <c>{"fund":{…},"check":"…"}</c>. What is derived, and
/// what is private, is not in it. `check` is the beginning of SHA-256 over the line before `,"check"` and all lines above it: of an altered or shortened file the line is named.
/// </summary>
internal sealed class Bundle
{
    /// <summary>Of what is written here. It is raised where an older program would not take, or not keep, all that is in one.</summary>
    private const int Version = 1;

    private const string Manifest = "bundle";

    private const int CheckBytes = 8;

    // Characters, more than any row has: what is no bundle may be one line of any length.
    private const int LongestLine = 1 << 25;

    private const long MostRows = 1L << 40;

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Converters = { new Http.Json.InstantConverter(), new Hex() },
    };

    // SHA-256 of all lines so far.
    private byte[] _above = [];

    private Bundle()
    {
    }

    /// <summary>Its lines, each with its end, from one moment of the database.</summary>
    /// <param name="tell">Hears of each page how many rows were written, and of how many.</param>
    public static async IAsyncEnumerable<string> LinesAsync(View view, Action<long, long>? tell = null)
    {
        var bundle = new Bundle();
        var rows = new Dictionary<string, long>();
        foreach (var table in BundleTable.All)
        {
            view.GiveTime();
            rows.Add(table.Name, await table.CountAsync(view));
        }

        yield return bundle.Line(Manifest, new BundleManifest { Version = Version, Sequence = view.Head.Sequence, Hash = view.Head.Hash, Rebuilt = view.Head.Rebuilt, Rows = rows });
        var (done, all) = (0L, rows.Values.Sum());
        foreach (var table in BundleTable.All)
        {
            IReadOnlyList<object> page = [];
            do
            {
                view.GiveTime();
                page = await table.PageAsync(view, page is [.., var last] ? last : null);
                foreach (var row in page)
                {
                    yield return bundle.Line(table.Name, row);
                }

                done += page.Count;
                tell?.Invoke(done, all);
            }
            while (page.Count > 0);
        }
    }

    /// <summary>Fills an empty database, in one transaction, and computes what is derived.</summary>
    /// <param name="tell">Hears every now and then what is being done, how much of it is done, and of how much.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="InvalidDataException">It is no bundle, one of a newer version, or not as it was written: the message names the line. Nothing is there then.</exception>
    /// <exception cref="InvalidOperationException">The database is not empty.</exception>
    public static async Task<BundleManifest> ReadAsync(Write write, TextReader file, Action<string, long, long> tell)
    {
        await write.Engine.WithoutLimitAsync(write.Sql);
        if (await Head.OfAsync(write.Sql) is { Sequence: > 0 } there)
        {
            throw new InvalidOperationException($"It is not empty (its last change is {there.Sequence.ToString(CultureInfo.InvariantCulture)}): a bundle fills a new database. Name one with --Database:Connection.");
        }

        var bundle = new Bundle();
        var manifest = bundle.ReadManifest(file);
        var (no, left) = (1L, new Dictionary<string, long>(manifest.Rows));
        var tables = BundleTable.All.ToDictionary(table => table.Name);
        var (all, completions) = (manifest.Rows.Values.Sum(), new List<(long No, Func<Task> CompleteAsync)>());
        while (NextLine(file, no + 1) is { } line)
        {
            no++;
            var (name, json) = bundle.Checked(line, no);
            if (!left.TryGetValue(name, out var more) || more == 0 || !tables.TryGetValue(name, out var table))
            {
                throw Broken(no, $"the manifest tells of no such row of {name}");
            }

            await TakeAsync(write, no, async () =>
            {
                if (await table.AddAsync(write, json) is { } completeAsync)
                {
                    completions.Add((no, completeAsync));
                }
            });
            left[name] = more - 1;
            if (no % 1000 == 0)
            {
                tell("rows", no - 1, all);
            }
        }

        if (left.FirstOrDefault(table => table.Value > 0) is { Key: { } missing, Value: var rows })
        {
            throw Broken(no + 1, $"the file ends, and {rows.ToString(CultureInfo.InvariantCulture)} more of {missing} were to come");
        }

        tell("rows", all, all);
        foreach (var (of, completeAsync) in completions)
        {
            await TakeAsync(write, of, completeAsync);
        }

        await TakeAsync(write, null, () => Derived.RebuildAsync(write, (done, of) => tell("pledges", done, of)));
        // An answer that somebody kept of the other database is one of this.
        await write.Sql.ExecuteAsync("UPDATE schema SET rebuilt = @Rebuilt", manifest);
        if (await Head.OfAsync(write.Sql) is var head && (head.Sequence != manifest.Sequence || !head.Hash.AsSpan().SequenceEqual(manifest.Hash)))
        {
            throw Broken(1, "the last change is not the one that it tells of");
        }

        var (faults, _, _) = await ChainCheck.RunAsync(write, 1, long.MaxValue);
        faults.AddRange(await ChainCheck.MissingAtEndAsync(write, head.Sequence));
        return faults is [var first, ..] ? throw Broken(null, first) : manifest;
    }

    // What a row says may be refused by its shape, by the database, or by the rules, each in its own way.
    private static async Task TakeAsync(Write write, long? no, Func<Task> takeAsync)
    {
        try
        {
            await takeAsync();
        }
        catch (Exception fault) when (fault is not (Refused or OutOfMemoryException) && write.Engine.Explain(fault) is null)
        {
            throw Broken(no, fault.Message);
        }
    }

    private string Line(string name, object row)
    {
        var told = $$"""{"{{name}}":{{JsonSerializer.Serialize(row, Json)}}""";
        return $"{told}{Check(told)}\n";
    }

    // What stands behind a row, which says that it and all above it are as they were written.
    private string Check(string told)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_above);
        hash.AppendData(Encoding.UTF8.GetBytes(told));
        _above = hash.GetHashAndReset();
        return $",\"check\":\"{Convert.ToHexStringLower(_above.AsSpan(0, CheckBytes))}\"}}";
    }

    private BundleManifest ReadManifest(TextReader file)
    {
        var line = NextLine(file, 1) ?? throw Broken(1, "the file is empty");
        if (!line.StartsWith($"{{\"{Manifest}\":", StringComparison.Ordinal))
        {
            // What a compressed file begins with.
            throw Broken(1, line.StartsWith('\u001F') ? "it is compressed: give it a name that ends in .gz" : "this is no bundle: the first line of one begins with {\"bundle\":");
        }

        // What a newer one looks like only a newer program knows.
        if (line.Split("\"version\":", 2) is [_, var version] && long.TryParse(version.Split(',', '}')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var told) && told > Version)
        {
            throw Broken(1, $"this bundle is of version {told}, which a newer version of the program wrote; this one knows version {Version}. Use the newer program");
        }

        try
        {
            return JsonSerializer.Deserialize<BundleManifest>(Checked(line, 1).Row, Json) is { Version: Version } manifest && manifest.Rows.Values.All(count => count is >= 0 and <= MostRows)
                ? manifest
                : throw Broken(1, $"this is no manifest of a bundle of version {Version}");
        }
        catch (JsonException fault)
        {
            throw Broken(1, fault.Message);
        }
    }

    private (string Name, string Row) Checked(string line, long no)
    {
        var end = line.Length - $",\"check\":\"{new string('0', 2 * CheckBytes)}\"}}".Length;
        return end > 0 && line.EndsWith(Check(line[..end]), StringComparison.Ordinal) && line.IndexOf(':', 0, end) is > 3 and var colon
            ? (line[2..(colon - 1)], line[(colon + 1)..end])
            : throw Broken(no, "it, or a line above it, is cut off or not as it was written");
    }

    private static string? NextLine(TextReader file, long no)
    {
        var line = new StringBuilder();
        int next;
        try
        {
            while ((next = file.Read()) is not (-1 or '\n') && line.Length <= LongestLine)
            {
                line.Append((char)next);
            }
        }
        catch (InvalidDataException)
        {
            throw Broken(no, "what is compressed is cut off or not as it was written, or the file is not compressed, as its name says");
        }

        return line.Length > LongestLine ? throw Broken(no, "it is longer than any row is")
            : next < 0 && line.Length == 0 ? null
            : line.ToString().TrimEnd('\r');
    }

    /// <param name="no">Of the line; null where it is not one alone.</param>
    private static InvalidDataException Broken(long? no, string why) =>
        new($"{(no is null ? "It is not whole" : $"Line {no.Value.ToString(CultureInfo.InvariantCulture)}")}: {why.TrimEnd('.')}. Nothing of the file was taken.");

    /// <summary>Hashes as everywhere else.</summary>
    private sealed class Hex : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Convert.FromHexString(reader.GetString()!);
            }
            catch (FormatException fault)
            {
                throw new JsonException(fault.Message, fault);
            }
        }

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteStringValue(Convert.ToHexStringLower(value));
    }
}

/// <summary>The first line of a bundle: what it holds.</summary>
internal sealed record BundleManifest
{
    public required int Version { get; init; }

    /// <summary>Of the last change; 0 where there is none.</summary>
    public required long Sequence { get; init; }

    /// <summary>The last change's: the head of the chain.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>How often what is derived was computed anew.</summary>
    public required long Rebuilt { get; init; }

    /// <summary>How many rows of each table.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }
}

/// <summary>A column that holds JSON, as it stands there to the letter: hashes go over some.</summary>
internal sealed class StoredJson : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
}
