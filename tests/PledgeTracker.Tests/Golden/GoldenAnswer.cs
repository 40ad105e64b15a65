using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Golden;

/// <summary>An answer as the files have it.</summary>
internal static partial class GoldenAnswer
{
    private const int Width = 150;

    /// <summary>What may differ from one version of the program to another, and so is shown as `…`.</summary>
    private static readonly (string Why, Regex Part)[] Masks =
    [
        ("The tail of an ETag is the server's own affair.", EntityTagTail()),
        ("A requestId is of one request.", RequestId()),
        ("A cursor is opaque; that it leads to the next page is shown by following it.", Cursor()),
        ("The hash of a change is made from the form in which it is stored.", ChangeHash()),
        ("Ids of a feed are made from such hashes.", FeedId()),
    ];

    /// <summary>Headers of the connection and the moment; the dataset's version has a hash in it that each sentence of a change moves.</summary>
    private static readonly HashSet<string> Left = new(StringComparer.OrdinalIgnoreCase) { "Date", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Dataset-Version" };

    /// <summary>Headers that all answers have alike: shown where they are not so.</summary>
    private static readonly (string Name, string Value)[] Always =
    [
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ];

    /// <summary>Status, headers and body as the files have them.</summary>
    public static string Show(HttpResponseMessage response, string body)
    {
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).Where(h => !Left.Contains(h.Key))
            .SelectMany(h => h.Value.Select(value => (Name: h.Key, Value: value))).ToList();
        var lines = headers.Except(Always).Concat(Always.Where(a => !headers.Exists(h => h.Name == a.Name)).Select(a => (a.Name, "(missing)")))
            .Select(h => $"{h.Item1}: {h.Item2}").Order(StringComparer.Ordinal);
        var text = new StringBuilder($"HTTP {(int)response.StatusCode}\n").AppendJoin('\n', lines);
        if (body.Length > 0)
        {
            text.Append("\n\n");
            Lay(text, body, "", "");
        }

        // Git keeps the files with the one kind of line; CSV has the other.
        return Masks.Aggregate(text.ToString().ReplaceLineEndings("\n").TrimEnd('\n'), (shown, mask) => mask.Part.Replace(shown, "…"));
    }

    /// <summary>The body's text; one that came packed is unpacked, and a workbook is its sheet.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        if (response.Content.Headers.ContentEncoding.Contains("gzip"))
        {
            await using var unpacking = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            await unpacking.CopyToAsync(unpacked);
            bytes = unpacked.ToArray();
        }

        return response.Content.Headers.ContentType?.MediaType == Workbook.MediaType && bytes.Length > 0 ? Workbook.SheetOf(bytes) : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
    }

    /// <summary>Where two answers differ: lines that were expected behind a minus, those that came behind a plus, and the line before.</summary>
    public static string Difference(string expected, string actual)
    {
        const int most = 30;
        var lines = Changes(expected.Split('\n'), actual.Split('\n')).ToList();
        return string.Join('\n', lines.Count <= most ? lines : [.. lines[..most], $"({lines.Count - most} more lines)"]);
    }

    private static IEnumerable<string> Changes(string[] was, string[] now)
    {
        for (int i = 0, j = 0; i < was.Length || j < now.Length;)
        {
            if (i < was.Length && j < now.Length && was[i] == now[j])
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var (gone, come) = UntilAlike(was.AsSpan(i), now.AsSpan(j));
            IEnumerable<string> lines =
            [
                .. was[Math.Max(0, i - 1)..i].Select(line => "  " + line), .. was[i..(i + gone)].Select(line => "- " + line), .. now[j..(j + come)].Select(line => "+ " + line),
            ];
            foreach (var line in lines)
            {
                yield return line;
            }

            (i, j) = (i + gone, j + come);
        }
    }

    // How many lines to leave out of each, as few as can be, until both go on alike.
    private static (int Gone, int Come) UntilAlike(ReadOnlySpan<string> was, ReadOnlySpan<string> now)
    {
        for (var both = 1; both < was.Length + now.Length; both++)
        {
            for (var gone = Math.Max(0, both - now.Length + 1); gone <= both && gone < was.Length; gone++)
            {
                if (was[gone] == now[both - gone])
                {
                    return (gone, both - gone);
                }
            }
        }

        return (was.Length, now.Length);
    }

    // A value that fits into the line stays as it came, and so do figures, which are many; in others each member or item stands on a line of its own. Nothing but line breaks and
    // indentation is put in, and nothing is taken out.
    private static void Lay(StringBuilder text, string json, string indent, string before)
    {
        text.Append(before);
        if (json is not ['{' or '[', .., '}' or ']'] || indent.Length + before.Length + json.Length <= Width || before == "\"figures\":")
        {
            text.Append(json);
            return;
        }

        text.Append(json[0]);
        var parts = Parts(json[1..^1]).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            var name = json[0] == '{' ? Name().Match(parts[i]).Value : "";
            text.Append('\n').Append(indent).Append("  ");
            Lay(text, parts[i][name.Length..], indent + "  ", name);
            text.Append(i < parts.Count - 1 ? "," : "");
        }

        text.Append('\n').Append(indent).Append(json[^1]);
    }

    // The text between the commas that stand in no string, array or object.
    private static IEnumerable<string> Parts(string list)
    {
        var (start, depth, quoted) = (0, 0, false);
        for (var i = 0; i < list.Length; i++)
        {
            if (quoted)
            {
                // What a backslash escapes closes nothing.
                quoted = list[i] != '"';
                i += list[i] == '\\' ? 1 : 0;
                continue;
            }

            quoted = list[i] == '"';
            depth += list[i] is '{' or '[' ? 1 : list[i] is '}' or ']' ? -1 : 0;
            if (list[i] == ',' && depth == 0)
            {
                yield return list[start..i];
                start = i + 1;
            }
        }

        yield return list[start..];
    }

    [GeneratedRegex("""(?<=^ETag: "\d+\.)[^"]+""", RegexOptions.Multiline)]
    private static partial Regex EntityTagTail();

    [GeneratedRegex("""(?<="requestId":")[^"]+""")]
    private static partial Regex RequestId();

    [GeneratedRegex("""(?<=[?&]cursor=)[A-Za-z0-9_-]+(?=["&>])""")]
    private static partial Regex Cursor();

    [GeneratedRegex("""(?<="hash":")[0-9a-f]{64}""")]
    private static partial Regex ChangeHash();

    [GeneratedRegex(@"(?<=<id>urn:uuid:)[0-9a-f-]{36}")]
    private static partial Regex FeedId();

    [GeneratedRegex("""^"(\\.|[^"\\])*":""")]
    private static partial Regex Name();
}
