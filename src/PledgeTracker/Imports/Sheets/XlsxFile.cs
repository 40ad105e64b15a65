using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace PledgeTracker.Imports.Sheets;

/// <summary>
/// The first sheet of a workbook (ECMA-376), read row by row from its parts. What a formula came to is read; no formula, macro or link is followed. Why no library does this: decision 17.
/// </summary>
internal sealed partial class XlsxFile : IDisposable
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string StrictMain = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    private const int MostParts = 10_000;
    private const int MostOfDirectory = 1 << 20;
    private const int MostSheets = 1000;
    private const int MostStyles = 1 << 16;
    private const int LastRow = 1 << 20;
    private const int LastColumn = 1 << 14;

    private readonly ZipArchive _zip;
    private readonly ImportLimits _limits;
    private readonly Dictionary<string, ZipArchiveEntry> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly SharedTexts _shared = new();
    private readonly List<bool> _isDay = [];
    private readonly HashSet<int> _dayFormats = [];
    private bool _is1904;
    private long _inflated;

    private XlsxFile(Stream content, ImportLimits limits)
    {
        ThrowIfCrowded(content);
        _limits = limits;
        _zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
        if (_zip.Entries.Count > MostParts)
        {
            throw Broken();
        }

        foreach (var entry in _zip.Entries)
        {
            if (!_parts.TryAdd(entry.FullName.TrimStart('/'), entry))
            {
                throw Broken();
            }
        }
    }

    /// <param name="content">It can be read in any order.</param>
    public static IEnumerable<SheetRow> Read(Stream content, ImportLimits limits, ImportReport report)
    {
        // What the file is to blame for, whichever part of the framework finds it.
        using var file = Blamed(() => new XlsxFile(content, limits));
        using var sheet = Blamed(() => file.OpenSheet(report));
        for (var rows = 1L; Blamed(() => file.NextRow(sheet)) is { } row; rows++)
        {
            if (rows > limits.SheetRows)
            {
                throw SheetFile.TooLarge($"The sheet has more than {limits.SheetRows} rows: send it in parts, or import it on the server's machine: `import --format …`.",
                    $"في الورقة أكثر من {limits.SheetRows} صف: أرسلها على أجزاء، أو استوردها على جهاز الخادم: import --format …");
            }

            yield return row;
        }
    }

    public void Dispose()
    {
        _shared.Dispose();
        _zip.Dispose();
    }

    private static T Blamed<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is XmlException or InvalidDataException or DecoderFallbackException or NotSupportedException or FormatException or OverflowException or EndOfStreamException
            or ArgumentException)
        {
            throw Broken(fault is XmlException { LineNumber: > 0 } xml ? $" (XML {xml.LineNumber}:{xml.LinePosition})" : "");
        }
    }

    private static Refused Broken(string where = "") => SheetFile.Unreadable($"This is no whole XLSX workbook{where}: open it in a spreadsheet program and save it anew as XLSX, or as CSV.",
        $"هذا ليس مصنف XLSX كاملا{where}: افتحه في برنامج جداول واحفظه مجددا بصيغة XLSX أو CSV.");

    // The directory at the end of a ZIP is read into memory: a file may have one of nothing but entries.
    private static void ThrowIfCrowded(Stream content)
    {
        const int Least = 22;
        var tail = new byte[Math.Min(content.Length, Least + ushort.MaxValue)];
        content.Position = content.Length - tail.Length;
        content.ReadExactly(tail);
        content.Position = 0;
        var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || tail.Length - at < Least || content.Length - tail.Length + at - BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16)) is < 0 or > MostOfDirectory)
        {
            throw Broken();
        }
    }

    private SheetXml OpenSheet(ImportReport report)
    {
        var workbook = Related("_rels/.rels", "").FirstOrDefault(part => part.Type.EndsWith("/officeDocument", StringComparison.Ordinal)).Target ?? throw Broken();
        var folder = workbook[..(workbook.LastIndexOf('/') + 1)];
        var related = Related($"{folder}_rels/{workbook[folder.Length..]}.rels", folder);
        var sheets = new List<(string Name, string Id)>();
        using (var xml = Open(workbook))
        {
            while (xml.Next())
            {
                if (xml.Is("workbookPr"))
                {
                    _is1904 = xml.Reader.GetAttribute("date1904") is "1" or "true";
                }
                else if (xml.Is("sheet") && (xml.Reader.GetAttribute("state") is null or "visible"))
                {
                    sheets.Add((Text.Plain(xml.Reader.GetAttribute("name") ?? "", isIdentifier: true), RelationOf(xml.Reader)));
                    if (sheets.Count > MostSheets)
                    {
                        throw Broken();
                    }
                }
            }
        }

        var (name, id) = sheets.Count == 0 ? throw SheetFile.Unreadable("The workbook has no sheet that can be seen.", "ليس في المصنف ورقة ظاهرة.") : sheets[0];
        var others = string.Join(", ", sheets.Skip(1).Select(sheet => sheet.Name).Where(other => other != SheetTemplate.Explanation.En && other != SheetTemplate.Explanation.Ar).Take(10));
        if (others.Length > 0)
        {
            report.Notes.Add(new RowFault("", null, "first_sheet", new($"Of the workbook the first sheet was read, {name}, and not {others}.", $"قُرئت من المصنف الورقة الأولى {name} دون {others}.")));
        }

        foreach (var part in related)
        {
            if (part.Type.EndsWith("/styles", StringComparison.Ordinal))
            {
                ReadStyles(part.Target);
            }
            else if (part.Type.EndsWith("/sharedStrings", StringComparison.Ordinal))
            {
                ReadShared(part.Target);
            }
        }

        return Open(related.FirstOrDefault(part => part.Id == id && part.Type.EndsWith("/worksheet", StringComparison.Ordinal)).Target ?? throw Broken());
    }

    private static string RelationOf(XmlReader sheet)
    {
        for (var has = sheet.MoveToFirstAttribute(); has; has = sheet.MoveToNextAttribute())
        {
            if (sheet.LocalName == "id" && sheet.NamespaceURI.EndsWith("/relationships", StringComparison.Ordinal))
            {
                return sheet.Value;
            }
        }

        throw Broken();
    }

    // What lies outside of the file is not asked for.
    private List<(string Id, string Type, string Target)> Related(string part, string folder)
    {
        var related = new List<(string, string, string)>();
        using var xml = Open(part);
        while (xml.Next())
        {
            if (xml.Reader.LocalName == "Relationship" && xml.Reader.NodeType == XmlNodeType.Element && xml.Reader.GetAttribute("TargetMode") != "External" && related.Count < MostParts)
            {
                var target = xml.Reader.GetAttribute("Target") ?? throw Broken();
                related.Add((xml.Reader.GetAttribute("Id") ?? "", xml.Reader.GetAttribute("Type") ?? "", target.StartsWith('/') ? target[1..] : Within(folder + target)));
            }
        }

        return related;
    }

    private static string Within(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private void ReadStyles(string part)
    {
        using var xml = Open(part);
        var isOfCells = false;
        while (xml.Next())
        {
            if (xml.Is("numFmt") && int.TryParse(xml.Reader.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var format) && IsDay(xml.Reader.GetAttribute("formatCode") ?? ""))
            {
                _dayFormats.Add(format);
            }
            else if (xml.Reader.LocalName == "cellXfs")
            {
                isOfCells = xml.Reader.NodeType == XmlNodeType.Element && !xml.Reader.IsEmptyElement;
            }
            else if (isOfCells && xml.Is("xf"))
            {
                _ = int.TryParse(xml.Reader.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                _isDay.Add(_dayFormats.Contains(number) || number is >= 14 and <= 17 or 22 or >= 27 and <= 36 or >= 50 and <= 58);
            }

            if (_isDay.Count > MostStyles || _dayFormats.Count > MostStyles)
            {
                throw Broken();
            }
        }
    }

    // A format with a day or a year in it, aside of what is only shown.
    private static bool IsDay(string format) => Aside().Replace(format, "").AsSpan().IndexOfAny("dDyY") >= 0;

    private void ReadShared(string part)
    {
        using var xml = Open(part);
        while (xml.Next())
        {
            if (xml.Is("si"))
            {
                _shared.Add(TextIn(xml, "si"));
            }
        }
    }

    // The next row that has cells; null behind the last.
    private SheetRow? NextRow(SheetXml xml)
    {
        while (xml.Next())
        {
            if (xml.Reader is { NodeType: XmlNodeType.EndElement, LocalName: "sheetData" })
            {
                return null;
            }

            if (xml.Is("row"))
            {
                var line = xml.Reader.GetAttribute("r") is { } said ? int.Parse(said, NumberStyles.None, CultureInfo.InvariantCulture) : xml.Row + 1;
                if (line <= xml.Row || line > LastRow)
                {
                    throw Broken();
                }

                xml.Row = line;
                return new SheetRow(line, xml.Reader.IsEmptyElement ? [] : [.. Cells(xml)]);
            }
        }

        return null;
    }

    private List<SheetCell> Cells(SheetXml xml)
    {
        var cells = new List<SheetCell>();
        while (xml.Next() && xml.Reader is not { NodeType: XmlNodeType.EndElement, LocalName: "row" })
        {
            if (!xml.Is("c"))
            {
                continue;
            }

            var column = xml.Reader.GetAttribute("r") is { } place ? ColumnOf(place) : cells.Count;
            var cell = CellOf(xml);
            if (column < cells.Count || column >= LastColumn)
            {
                throw Broken();
            }

            if (column >= SheetFile.MostColumns)
            {
                // Cells that are only coloured reach far out.
                if (!cell.IsBlank)
                {
                    throw SheetFile.Unreadable($"Row {xml.Row} has a cell in column {column + 1}: a sheet has at most {SheetFile.MostColumns} columns here.",
                        $"في الصف {xml.Row} خلية في العمود {column + 1}: لا تزيد أعمدة الورقة هنا على {SheetFile.MostColumns}.");
                }

                continue;
            }

            while (cells.Count < column)
            {
                cells.Add(new SheetCell(""));
            }

            cells.Add(cell);
        }

        return cells;
    }

    private SheetCell CellOf(SheetXml xml)
    {
        var type = xml.Reader.GetAttribute("t") ?? "n";
        var style = xml.Reader.GetAttribute("s") is { } s ? int.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var (value, text, hasFormula) = ((string?)null, (string?)null, false);
        if (!xml.Reader.IsEmptyElement)
        {
            while (xml.Next() && xml.Reader is not { NodeType: XmlNodeType.EndElement, LocalName: "c" })
            {
                hasFormula |= xml.Is("f");
                if (xml.Is("v"))
                {
                    value = TextOf(xml);
                }
                else if (xml.Is("is"))
                {
                    text = TextIn(xml, "is");
                }
            }
        }

        return type switch
        {
            not "str" when hasFormula && string.IsNullOrEmpty(value) && text is null => new("", SheetCellKind.Formula),
            "inlineStr" => new(text ?? ""),
            _ when string.IsNullOrEmpty(value) => new(""),
            "s" => new(_shared[int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)]),
            "str" => new(Unescaped(value)),
            "b" => new(value == "1" ? "true" : "false", SheetCellKind.Boolean),
            "e" => new(value, SheetCellKind.Error),
            "d" => new(value),
            _ => new(value, style < _isDay.Count && _isDay[style] ? SheetCellKind.Day : SheetCellKind.Number, _is1904),
        };
    }

    // The text of a shared or inline string: that of its runs, without how it is spoken.
    private static string TextIn(SheetXml xml, string element)
    {
        if (xml.Reader.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        var spoken = 0;
        while (xml.Next() && !(xml.Reader.NodeType == XmlNodeType.EndElement && xml.Reader.LocalName == element))
        {
            if (xml.Reader.LocalName == "rPh" && !xml.Reader.IsEmptyElement)
            {
                spoken += xml.Reader.NodeType == XmlNodeType.Element ? 1 : -1;
            }
            else if (spoken == 0 && xml.Is("t"))
            {
                text.Append(TextOf(xml));
                ThrowIfTooLong(text.Length, xml);
            }
        }

        return Unescaped(text.ToString());
    }

    private static string TextOf(SheetXml xml)
    {
        if (xml.Reader.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        while (xml.Next() && xml.Reader.NodeType != XmlNodeType.EndElement)
        {
            if (xml.Reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                for (int read; (read = xml.Reader.ReadValueChunk(xml.Chunk, 0, xml.Chunk.Length)) > 0;)
                {
                    text.Append(xml.Chunk, 0, read);
                    ThrowIfTooLong(text.Length, xml);
                }
            }
        }

        return text.ToString();
    }

    private static void ThrowIfTooLong(int length, SheetXml xml)
    {
        // Escapes are longer than what they stand for.
        if (length > SheetFile.LongestCell * 7)
        {
            throw SheetFile.Unreadable($"A text behind row {xml.Row} is longer than a cell holds: {SheetFile.LongestCell} characters.", $"بعد الصف {xml.Row} نص أطول مما تسعه خلية: {SheetFile.LongestCell} حرف.");
        }
    }

    private static int ColumnOf(string place)
    {
        var column = 0;
        foreach (var c in place)
        {
            if (c is >= 'A' and <= 'Z')
            {
                column = checked((column * 26) + c - 'A' + 1);
            }
        }

        return column - 1;
    }

    private static string Unescaped(string text) => !text.Contains("_x", StringComparison.Ordinal) ? text
        : Escaped().Replace(text, match => ((char)int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    private SheetXml Open(string part) => new(new Counted(this, _parts.GetValueOrDefault(part) ?? throw Broken()));

    private void Count(int read)
    {
        _inflated += read;
        if (_inflated > _limits.SheetInflated)
        {
            throw SheetFile.TooLarge($"The workbook inflates to more than {_limits.SheetInflated >> 20} MiB: send it in parts, or as CSV.",
                $"يزيد حجم المصنف بعد فك الضغط على {_limits.SheetInflated >> 20} ميبيبايت: أرسله على أجزاء أو بصيغة CSV.");
        }
    }

    /// <summary>What XML cannot hold is escaped, and so is what would be taken for such an escape (ECMA-376 part 1, 22.9.2.19).</summary>
    [GeneratedRegex("_x([0-9A-Fa-f]{4})_", RegexOptions.NonBacktracking)]
    private static partial Regex Escaped();

    [GeneratedRegex("\"[^\"]*\"|\\[[^\\]]*\\]|\\\\.|_.", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Aside();

    /// <summary>A part as it is inflated: neither larger than it may be, nor of so little that it must be made to be large.</summary>
    private sealed class Counted(XlsxFile file, ZipArchiveEntry entry) : Stream
    {
        // Small parts may be all alike.
        private const int RatioFrom = 1 << 20;

        // What an element and its attributes hold is kept in memory, and so is a text between two elements.
        private const int MostBetween = 1 << 20;

        private readonly Stream _part = entry.Open();
        private long _count;
        private long _between;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = _part.Read(buffer);
            _count += read;
            file.Count(read);
            if (_count > RatioFrom && file._limits.Ratio is { } ratio && _count / ratio > entry.CompressedLength)
            {
                throw SheetFile.TooLarge($"A part of the workbook inflates to more than {ratio} times its size: save it anew, or as CSV.",
                    $"يزيد حجم جزء من المصنف بعد فك الضغط على {ratio} ضعف: احفظه مجددا أو بصيغة CSV.");
            }

            var last = buffer[..read].LastIndexOf((byte)'<');
            _between = last < 0 ? _between + read : read - last;
            return _between > MostBetween ? throw Broken() : read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _part.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>XML of a part, element by element, whatever it is: not deep, without a DTD, and of no more names than there are in a workbook.</summary>
    private sealed class SheetXml : IDisposable
    {
        private const int Deepest = 64;

        private readonly StreamReader _text;

        public SheetXml(Stream part)
        {
            // Every program writes UTF-8. What says to be something else would be counted wrongly.
            _text = new StreamReader(part, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 1 << 16);
            if (_text.Peek() == '\uFEFF')
            {
                _text.Read();
            }

            Reader = XmlReader.Create(_text, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                NameTable = new FewNames(),
            });
        }

        public XmlReader Reader { get; }

        public char[] Chunk { get; } = new char[4096];

        /// <summary>The number of the row that it is in.</summary>
        public int Row { get; set; }

        public bool Next() => Reader.Read() && (Reader.Depth <= Deepest ? true : throw Broken());

        public bool Is(string element) => Reader.NodeType == XmlNodeType.Element && Reader.LocalName == element && (Reader.NamespaceURI is Main or StrictMain);

        public void Dispose()
        {
            Reader.Dispose();
            _text.Dispose();
        }

        private sealed class FewNames : NameTable
        {
            private const int Most = 10_000;

            private int _count;

            public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? (++_count > Most ? throw Broken() : base.Add(key, start, len));

            public override string Add(string key) => Get(key) ?? (++_count > Most ? throw Broken() : base.Add(key));
        }
    }

    /// <summary>The texts that cells share, by number: the first in memory, and what is more in a file.</summary>
    private sealed class SharedTexts : IDisposable
    {
        private const int MostInMemory = 1 << 22;

        private readonly List<string> _first = [];
        private int _characters;
        private FileStream? _texts;
        private FileStream? _ends;
        private int _count;

        public void Add(string text)
        {
            if (_texts is null && (_characters += text.Length + 16) <= MostInMemory)
            {
                _first.Add(text);
                return;
            }

            _texts ??= SheetFile.OpenTemporary();
            _ends ??= SheetFile.OpenTemporary();
            _texts.Write(Encoding.Unicode.GetBytes(text));
            _ends.Write(BitConverter.GetBytes(_texts.Position));
            _count++;
        }

        public string this[int number] => number < _first.Count ? _first[number] : number - _first.Count < _count ? Kept(number - _first.Count) : throw Broken();

        private string Kept(int number)
        {
            _texts!.Flush();
            _ends!.Flush();
            Span<byte> ends = stackalloc byte[16];
            ends[..8].Clear();
            RandomAccess.Read(_ends.SafeFileHandle, number == 0 ? ends[8..] : ends, Math.Max(0, (number - 1) * 8L));
            var (begin, end) = (BitConverter.ToInt64(ends), BitConverter.ToInt64(ends[8..]));
            var text = new byte[end - begin];
            RandomAccess.Read(_texts.SafeFileHandle, text, begin);
            return Encoding.Unicode.GetString(text);
        }

        public void Dispose()
        {
            _texts?.Dispose();
            _ends?.Dispose();
        }
    }
}
