using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;

namespace PledgeTracker.Imports.Sheets;

/// <summary>
/// A sheet as CSV (RFC 4180): in UTF-8, in UTF-16 where a byte order mark says so, or in windows-1256, in which Excel writes Arabic. Cells are separated by commas, semicolons or tabs, as its first
/// row has them.
/// </summary>
internal static class CsvFile
{
    /// <summary>Characters of a row: one that is longer has a quotation mark that nobody closed.</summary>
    private const int LongestRow = 1 << 20;

    private const int AtOnce = 1 << 16;

    private static readonly char[] Separators = [',', ';', '\t'];

    /// <param name="content">It can be read twice.</param>
    /// <param name="name">The file's.</param>
    public static IEnumerable<SheetRow> Read(Stream content, string name, ImportReport report)
    {
        var (encoding, isGuessed) = EncodingOf(content);
        if (isGuessed)
        {
            report.Notes.Add(new RowFault("", null, "windows_1256", new($"The file {Text.Plain(name)} is not in UTF-8 and was read as windows-1256, Arabic as Excel writes it: look whether names are as they should be.",
                $"الملف {Text.Plain(name)} ليس بترميز UTF-8 وقُرئ بترميز windows-1256 الذي يكتب به Excel العربية: تحقق من أن الأسماء كما ينبغي.")));
        }

        content.Position = 0;
        var separator = SeparatorOf(new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true), out var isNamed);
        content.Position = 0;
        using var text = new Records(new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true));
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            HasHeaderRecord = false,
            IgnoreBlankLines = false,
            BufferSize = 1 << 16,
            MaxFieldSize = SheetFile.LongestCell,
            BadDataFound = bad => throw Broken(bad.Context.Parser!.Row),
        });
        while (Next(csv))
        {
            if (isNamed && csv.Row == 1)
            {
                continue;
            }

            if (csv.Count > SheetFile.MostColumns)
            {
                throw SheetFile.Unreadable($"Row {csv.Row} has {csv.Count} cells: a sheet has at most {SheetFile.MostColumns} columns here.",
                    $"في الصف {csv.Row} عدد {csv.Count} من الخلايا: لا تزيد أعمدة الورقة هنا على {SheetFile.MostColumns}.");
            }

            var cells = new SheetCell[csv.Count];
            for (var i = 0; i < cells.Length; i++)
            {
                // The last of a file is not looked at while it is read.
                cells[i] = csv[i].Length <= SheetFile.LongestCell ? new SheetCell(csv[i]) : throw TooLong(csv.Row);
            }

            yield return new SheetRow(csv.Row, cells);
        }
    }

    private static bool Next(CsvParser csv)
    {
        try
        {
            return csv.Read();
        }
        catch (MaxFieldSizeException)
        {
            throw TooLong(csv.Row);
        }
        catch (DecoderFallbackException)
        {
            throw SheetFile.Unreadable("The file says that it is in UTF-16, and is not: save it in UTF-8.", "يذكر الملف أنه بترميز UTF-16 وليس كذلك: احفظه بترميز UTF-8.");
        }
    }

    private static Refused TooLong(int row) => SheetFile.Unreadable($"Row {row} has a cell of more than {SheetFile.LongestCell} characters, or a quotation mark that is not closed.",
        $"في الصف {row} خلية يزيد نصها على {SheetFile.LongestCell} حرف، أو علامة اقتباس لم تُغلق.");

    private static Refused Broken(int row) => SheetFile.Unreadable($"Row {row}: close every quotation mark, and double those inside of a cell (RFC 4180).",
        $"الصف {row}: أغلق كل علامة اقتباس، وكرر العلامة التي ترد داخل الخلية (RFC 4180).");

    // All of it is looked at: its first letters may mean something in either.
    private static (Encoding Encoding, bool IsGuessed) EncodingOf(Stream content)
    {
        var (utf8, arabic) = (new Utf8Check(), new ArabicCheck());
        var buffer = new byte[AtOnce];
        for (int read, isFirst = 1; (read = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0; isFirst = 0)
        {
            if (isFirst == 1 && buffer is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                return (new UnicodeEncoding(buffer[0] == 0xFE, byteOrderMark: true, throwOnInvalidBytes: true), false);
            }

            utf8.Add(buffer.AsSpan(0, read));
            arabic.Add(buffer.AsSpan(0, read));
        }

        return utf8.IsWhole ? (new UTF8Encoding(true, throwOnInvalidBytes: true), false)
            : arabic.IsPlausible ? (CodePagesEncodingProvider.Instance.GetEncoding(1256, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!, true)
            : throw SheetFile.Unreadable($"Line {utf8.BrokenLine} is not in UTF-8: save the file as CSV in UTF-8.", $"السطر {utf8.BrokenLine} ليس بترميز UTF-8: احفظ الملف بصيغة CSV وبترميز UTF-8.");
    }

    // What stands between the cells of the first row that has any; programs write sep=; in front of it.
    private static char SeparatorOf(StreamReader text, out bool isNamed)
    {
        using var reader = text;
        isNamed = false;
        Span<int> counts = [0, 0, 0];
        var (isQuoted, isBlank) = (false, true);
        var first = new StringBuilder();
        for (var read = 0; read < LongestRow && Peeked(reader) is >= 0 and var next; read++)
        {
            var c = (char)next;
            if ((c is '\n' or '\r') && !isQuoted && !isBlank)
            {
                break;
            }

            isQuoted ^= c == '"';
            isBlank &= char.IsWhiteSpace(c) && c != '\t';
            if (first.Length < 6)
            {
                first.Append(c);
            }

            if (!isQuoted && Array.IndexOf(Separators, c) is >= 0 and var at)
            {
                counts[at]++;
            }
        }

        if (first.ToString().Trim() is ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', var said] && Separators.Contains(said))
        {
            isNamed = true;
            return said;
        }

        return Separators[counts.IndexOf(Math.Max(counts[0], Math.Max(counts[1], counts[2])))];
    }

    private static int Peeked(StreamReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (DecoderFallbackException)
        {
            // It is told where the rows are read.
            return -1;
        }
    }

    /// <summary>Whether bytes are UTF-8, and where they stop to be.</summary>
    private sealed class Utf8Check
    {
        private readonly byte[] _bytes = new byte[AtOnce + 4];
        private readonly char[] _none = new char[AtOnce + 4];
        private bool _isSoFar = true;
        private int _left;

        /// <summary>A character that breaks off at the end is none.</summary>
        public bool IsWhole => _isSoFar && _left == 0;

        public long BrokenLine { get; private set; } = 1;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (!_isSoFar)
            {
                return;
            }

            // What began at the end of the bytes before stands in front.
            bytes.CopyTo(_bytes.AsSpan(_left));
            var all = _bytes.AsSpan(0, _left + bytes.Length);
            _isSoFar = Utf8.ToUtf16(all, _none, out var read, out _, replaceInvalidSequences: false, isFinalBlock: false) != OperationStatus.InvalidData;
            BrokenLine += all[..read].Count((byte)'\n');
            _left = _isSoFar ? all.Length - read : 0;
            all[read..(read + _left)].CopyTo(_bytes);
        }
    }

    /// <summary>Whether bytes may be Arabic in windows-1256: letters beside letters, as words are. Other encodings of one byte have such letters alone, if at all.</summary>
    private sealed class ArabicCheck
    {
        private const int Word = 3;

        private long _letters;
        private long _inWords;
        private int _run;
        private bool _hasControls;

        public bool IsPlausible => !_hasControls && _inWords > 0 && _inWords * 10 >= _letters * 6;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (var b in bytes)
            {
                _hasControls |= b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r');
                _letters += b >= 0xC0 ? 1 : 0;
                // Those of French stand among the Arabic ones.
                _run = b is >= 0xC0 and not (0xD7 or 0xE0 or 0xE2 or >= 0xE7 and <= 0xEB or 0xEE or 0xEF or 0xF4 or 0xF9 or 0xFB or 0xFC or 0xFD or 0xFE) ? _run + 1 : 0;
                _inWords += _run == Word ? Word : _run > Word ? 1 : 0;
            }
        }
    }

    /// <summary>Text that is counted as it is read: a row is no longer than it may be, and the last ends.</summary>
    private sealed class Records(TextReader text) : TextReader
    {
        private long _row = 1;
        private int _length;
        private bool _isQuoted;

        public override int Read(char[] buffer, int index, int count)
        {
            var read = text.Read(buffer, index, count);
            if (read == 0 && _isQuoted)
            {
                throw SheetFile.Unreadable($"A quotation mark that opens in row {_row} is not closed.", $"علامة اقتباس تُفتح في الصف {_row} لم تُغلق.");
            }

            foreach (var c in buffer.AsSpan(index, read))
            {
                _isQuoted ^= c == '"';
                if ((c is '\n' or '\r') && !_isQuoted)
                {
                    _row += c == '\n' ? 1 : 0;
                    _length = 0;
                }
                else if (++_length > LongestRow)
                {
                    throw SheetFile.Unreadable($"Row {_row} is longer than {LongestRow} characters, or has a quotation mark that is not closed.",
                        $"الصف {_row} أطول من {LongestRow} حرف، أو فيه علامة اقتباس لم تُغلق.");
                }
            }

            return read;
        }

        protected override void Dispose(bool disposing)
        {
            text.Dispose();
            base.Dispose(disposing);
        }
    }
}
