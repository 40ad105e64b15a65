using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace PledgeTracker.Http;

/// <summary>What every workbook that is written here shares (ECMA-376). The same content makes the same bytes.</summary>
internal static partial class Xlsx
{
    public const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    public const string Package = "http://schemas.openxmlformats.org/package/2006";
    public const string Document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // The first that a ZIP can tell. That of the writing would make other bytes each time.
    private static readonly DateTimeOffset Never = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Begins the next part of a workbook.</summary>
    public static Stream Open(ZipArchive parts, string part)
    {
        var entry = parts.CreateEntry(part, CompressionLevel.Fastest);
        entry.LastWriteTime = Never;
        return entry.Open();
    }

    /// <summary>Writes a part.</summary>
    public static void Add(ZipArchive parts, string part, string content)
    {
        using var text = new StreamWriter(Open(parts, part), Utf8);
        text.Write(content);
    }

    /// <summary>What a column is called, from A.</summary>
    public static string Letters(int column) => (column < 26 ? "" : Letters((column / 26) - 1)) + (char)('A' + (column % 26));

    /// <summary>A text as a cell has it, still to be written as XML.</summary>
    public static string Text(string text) => Unspeakable().Replace(text, match => $"_x{(int)match.Value[0]:X4}_");

    /// <summary>What XML cannot hold is escaped, and so is what would be taken for such an escape (ECMA-376 part 1, 22.9.2.19).</summary>
    [GeneratedRegex(@"_(?=x[0-9A-Fa-f]{4}_)|[\0-\x08\x0B-\x1F\uFFFE\uFFFF]|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])")]
    private static partial Regex Unspeakable();
}
