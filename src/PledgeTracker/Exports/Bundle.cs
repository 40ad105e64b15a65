using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

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
    public static async IAsyncEnumerable<IReadOnlyList<string>> LinesAsync(View view, Action<long, long>? tell = null)
    {
        var bundle = new Bundle();
        var rows = new Dictionary<string, long>();
        foreach (var table in BundleTable.All)
        {
            view.GiveTime();
            rows.Add(table.Name, await table.CountAsync(view));
        }

        yield return [bundle.Line(Manifest, new BundleManifest { Version = Version, Sequence = view.Head.Sequence, Hash = view.Head.Hash, Rebuilt = view.Head.Rebuilt, Rows = rows })];
        var (done, all) = (0L, rows.Values.Sum());
        foreach (var table in BundleTable.All)
        {
            IReadOnlyList<object> page = [];
            do
            {
                view.GiveTime();
                page = await table.PageAsync(view, page.LastOrDefault());
                done += page.Count;
                tell?.Invoke(done, all);
                yield return [.. page.Select(row => bundle.Line(table.Name, row))];
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
        var manifest = await bundle.ManifestAsync(file);
        var (no, left) = (1L, new Dictionary<string, long>(manifest.Rows));
        var tables = BundleTable.All.ToDictionary(table => table.Name);
        var (all, completions) = (manifest.Rows.Values.Sum(), new List<Func<Task>>());
        while (await LineAsync(file, no + 1) is { } line)
        {
            no++;
            var (name, json) = bundle.Checked(line, no);
            if (!left.TryGetValue(name, out var more) || more == 0 || !tables.TryGetValue(name, out var table))
            {
                throw Broken(no, $"the manifest tells of no such row of {name}");
            }

            try
            {
                if (await table.AddAsync(write, json) is { } completion)
                {
                    completions.Add(completion);
                }
            }
            catch (Exception fault) when (fault is JsonException or DbException && !write.Engine.IsLost(fault))
            {
                throw Broken(no, fault.Message);
            }

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
        foreach (var completeAsync in completions)
        {
            await completeAsync();
        }

        await Derived.RebuildAsync(write, (done, of) => tell("pledges", done, of));
        // An answer that somebody kept of the other database is one of this.
        await write.Sql.ExecuteAsync("UPDATE schema SET rebuilt = @Rebuilt", manifest);
        if (await Head.OfAsync(write.Sql) is var head && (head.Sequence != manifest.Sequence || !head.Hash.AsSpan().SequenceEqual(manifest.Hash)))
        {
            throw Broken(1, "the last change is not the one that it tells of");
        }

        return (await Changes.ChainCheck.RunAsync(write, 1, long.MaxValue)).Faults is [var first, ..] ? throw new InvalidDataException($"What it holds is not whole: {first}.") : manifest;
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

    private async Task<BundleManifest> ManifestAsync(TextReader file)
    {
        var line = await LineAsync(file, 1) ?? throw Broken(1, "the file is empty");
        if (!line.StartsWith($"{{\"{Manifest}\":", StringComparison.Ordinal))
        {
            throw Broken(1, "this is no bundle: the first line of one begins with {\"bundle\":");
        }

        // What a newer one looks like only a newer program knows.
        if (line.Split("\"version\":", 2) is [_, var version] && int.TryParse(version.Split(',', '}')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var told) && told > Version)
        {
            throw Broken(1, $"this bundle is of version {told}, which a newer version of the program wrote; this one knows version {Version}. Use the newer program");
        }

        try
        {
            return JsonSerializer.Deserialize<BundleManifest>(Checked(line, 1).Row, Json)!;
        }
        catch (JsonException fault)
        {
            throw Broken(1, fault.Message);
        }
    }

    private (string Name, string Row) Checked(string line, long no)
    {
        var end = line.Length - $",\"check\":\"{new string('0', 2 * CheckBytes)}\"}}".Length;
        return end > 0 && line.EndsWith(Check(line[..end]), StringComparison.Ordinal) && line.IndexOf(':', StringComparison.Ordinal) is > 3 and var colon
            ? (line[2..(colon - 1)], line[(colon + 1)..end])
            : throw Broken(no, "it, or a line above it, is cut off or not as it was written");
    }

    private static async Task<string?> LineAsync(TextReader file, long no)
    {
        try
        {
            return await file.ReadLineAsync();
        }
        catch (InvalidDataException fault)
        {
            // Of a compressed file the end is missing, or something in it is not as it was.
            throw Broken(no, fault.Message);
        }
    }

    private static InvalidDataException Broken(long no, string why) => new($"Line {no.ToString(CultureInfo.InvariantCulture)}: {why.TrimEnd('.')}. Nothing of the file was taken.");

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
