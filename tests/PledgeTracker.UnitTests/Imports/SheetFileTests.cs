using System.Globalization;
using System.IO.Compression;
using System.Text;
using PledgeTracker.Http;
using PledgeTracker.Imports;
using PledgeTracker.Imports.Sheets;
using PledgeTracker.Tests;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Imports;

public sealed class SheetFileTests
{
    private static readonly Encoding Windows1256 = CodePagesEncodingProvider.Instance.GetEncoding(1256)!;

    [Theory]
    [InlineData("a,b\r\n1,\"x\ny\"\r\n", "1|a|b 2|1|x\ny")]
    [InlineData("a;b\n\n1;\"2,5\"\n", "1|a|b 3|1|2,5")]
    [InlineData("a\tb\r1\t2", "1|a|b 2|1|2")]
    [InlineData("sep=;\r\na;b\r\n1;2\r\n", "2|a|b 3|1|2")]
    [InlineData("\"a;b\",c\n1,2\n", "1|a;b|c 2|1|2")]
    [InlineData("a,b\n\"say \"\"x\"\"\",2\n,,\n", "1|a|b 2|say \"x\"|2")]
    [InlineData("a,b\n1", "1|a|b 2|1")]
    public async Task Cells_are_between_what_the_first_row_has_between_them(string csv, string rows) => Assert.Equal(rows, await ReadAsync(Encoding.UTF8.GetBytes(csv)));

    [Fact]
    public async Task Arabic_is_read_in_whatever_encoding_says_so_or_can_be_told()
    {
        const string Csv = "المبلغ,الجهة\r\n5,وزارة المالية\r\n";
        const string Rows = "1|المبلغ|الجهة 2|5|وزارة المالية";
        foreach (var bytes in new[]
        {
            Encoding.UTF8.GetBytes(Csv), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Csv)], [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Csv)],
            (byte[])[.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Csv)],
        })
        {
            var report = new ImportReport();
            Assert.Equal(Rows, await ReadAsync(bytes, report));
            Assert.Empty(report.Notes);
        }

        var said = new ImportReport();
        Assert.Equal(Rows, await ReadAsync(Windows1256.GetBytes(Csv), said));
        Assert.Equal("windows_1256", Assert.Single(said.Notes).Code);
    }

    [Fact]
    public async Task The_first_letters_of_windows_1256_may_be_UTF_8_and_a_character_may_lie_across_blocks()
    {
        // "ب،" is a character of UTF-8, too.
        var said = new ImportReport();
        Assert.Equal("1|a 2|ب، 3|العراق", await ReadAsync(Windows1256.GetBytes("a\nب،\nالعراق\n"), said));
        Assert.Single(said.Notes);
        var report = new ImportReport();
        var text = new string('ع', 1001);
        var lines = Enumerable.Range(2, 200).ToList();
        Assert.Equal("1|a " + string.Join(' ', lines.Select(line => $"{line}|{text}")), await ReadAsync(Encoding.UTF8.GetBytes($"a\n{string.Join('\n', lines.Select(_ => text))}"), report));
        Assert.Empty(report.Notes);
    }

    [Theory]
    [InlineData(1252, "a,b\nSociété,Zürich\n")]
    [InlineData(1252, "a,b\nÉCOLE,1\n")]
    [InlineData(1251, "a,b\nд,x\n")]
    public async Task Another_encoding_is_refused_and_the_line_is_named(int codePage, string csv)
    {
        var refused = await Assert.ThrowsAsync<Refused>(() => ReadAsync(CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetBytes(csv)));
        Assert.Equal("invalid_file", refused.Code);
        Assert.Contains("Line 2", refused.Detail!.En!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n1,\"x\n2,3\n", "row 2")]
    [InlineData("a,b\n1,2\n\"x\"y,3\n", "Row 3")]
    [InlineData("a,b\n1,x\"y\n2,\"3\n", "Row 2")]
    public async Task A_quotation_mark_that_is_not_closed_is_refused_and_the_row_is_named(string csv, string said)
    {
        var refused = await Assert.ThrowsAsync<Refused>(() => ReadAsync(Encoding.UTF8.GetBytes(csv)));
        Assert.Equal("invalid_file", refused.Code);
        Assert.Contains(said, refused.Detail!.En!, StringComparison.Ordinal);
        Assert.NotNull(refused.Detail.Ar);
    }

    [Fact]
    public async Task Neither_a_cell_nor_a_row_nor_the_number_of_columns_is_without_bounds()
    {
        Assert.Equal(2 + 32_767 + 4, (await ReadAsync(Encoding.UTF8.GetBytes("a\n" + new string('x', 32_767)))).Length);
        foreach (var csv in new[] { "a\n" + new string('x', 32_768), "a,b\n" + string.Concat(Enumerable.Repeat("\"x\",", 300_000)), string.Concat(Enumerable.Repeat("a,", 256)) + "b\n1\n", "a\n\"" + new string('\n', 2_000_000) })
        {
            Assert.Equal("invalid_file", (await Assert.ThrowsAsync<Refused>(() => ReadAsync(Encoding.UTF8.GetBytes(csv)))).Code);
        }
    }

    [Fact]
    public async Task A_workbook_is_read_as_programs_write_it()
    {
        var file = Zip(Parts("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><r><t>in</t></r><r><t xml:space="preserve"> parts</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c></row>
            <row r="3"><c r="A3"><v>25000.5</v></c><c r="B3" s="1"><v>43277</v></c><c r="C3" s="2"><v>0.1</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="str"><f>A3</f><v>_x0041__x005F_</v></c><c r="F3"><f>A3*2</f><v>50001</v></c></row>
            <row r="4"><c r="A4"><f>A3</f></c><c r="B4" t="e"><v>#N/A</v></c><c r="C4" t="s"><v>1</v></c><c r="D4"><f>A3</f><v/></c><c r="E4" t="str"><f>""</f><v></v></c></row>
            <row r="9"><c r="B9" s="1"/></row>
            """));
        var report = new ImportReport();
        var rows = await RowsAsync(file, report, ImportLimits.Http);
        Assert.Equal([1, 3, 4], rows.Select(row => row.Line));
        Assert.Equal([("تعهد", SheetCellKind.Text), ("", SheetCellKind.Text), ("in parts", SheetCellKind.Text)], rows[0].Cells.Select(c => (c.Text, c.Kind)));
        Assert.Equal([("25000.5", SheetCellKind.Number), ("43277", SheetCellKind.Day), ("0.1", SheetCellKind.Number), ("true", SheetCellKind.Boolean), ("A_", SheetCellKind.Text), ("50001", SheetCellKind.Number)],
            rows[1].Cells.Select(c => (c.Text, c.Kind)));
        Assert.Equal([("", SheetCellKind.Formula), ("#N/A", SheetCellKind.Error), ("x 💧", SheetCellKind.Text), ("", SheetCellKind.Formula), ("", SheetCellKind.Text)], rows[2].Cells.Select(c => (c.Text, c.Kind)));
        Assert.Equal("first_sheet", Assert.Single(report.Notes).Code);
    }

    [Theory]
    [InlineData("xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"a\">]><worksheet/>")]
    [InlineData("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>")]
    [InlineData("xl/worksheets/sheet1.xml", "")]
    [InlineData("xl/worksheets/sheet1.xml", "<?xml version=\"1.0\" encoding=\"utf-16\"?><worksheet")]
    [InlineData("xl/workbook.xml", null)]
    [InlineData("_rels/.rels", null)]
    [InlineData("xl/styles.xml", null)]
    public async Task A_workbook_with_a_part_that_is_broken_is_refused(string part, string? content)
    {
        var parts = Parts("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>");
        parts.Remove(part);
        if (content is not null)
        {
            parts[part] = content;
        }

        Assert.Equal("invalid_file", (await Assert.ThrowsAsync<Refused>(() => RowsAsync(Zip(parts), new ImportReport(), ImportLimits.Http))).Code);
    }

    [Theory]
    [InlineData("<row r=\"2\"/><row r=\"1\"/>")]
    [InlineData("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"ZZZZZZZ1\"><v>1</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"ZZ1\"><v>1</v></c></row>")]
    [InlineData("<row r=\"1048577\"/>")]
    [InlineData("<row r=\"-1\"/>")]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>-1</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"A1\" s=\"x\"><v>1</v></c></row>")]
    public async Task Rows_and_cells_that_no_program_writes_are_refused(string rows) =>
        Assert.Equal("invalid_file", (await Assert.ThrowsAsync<Refused>(() => RowsAsync(Zip(Parts(rows)), new ImportReport(), ImportLimits.Http))).Code);

    [Fact]
    public async Task What_inflates_to_more_than_it_may_is_refused_while_it_is_read()
    {
        var rows = new StringBuilder();
        for (var i = 1; i <= 100_000; i++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"<row r=\"{i}\"><c r=\"A{i}\"><v>{i}</v></c></row>");
        }

        var file = Zip(Parts(rows.ToString()));
        Assert.Equal(100_000, (await RowsAsync(file, new ImportReport(), ImportLimits.Http)).Count);
        Assert.Equal(100_000, (await RowsAsync(file, new ImportReport(), ImportLimits.None)).Count);
        Assert.Equal("too_large", (await Assert.ThrowsAsync<Refused>(() => RowsAsync(file, new ImportReport(), ImportLimits.Http with { SheetRows = 99_999 }))).Code);
        Assert.Equal("too_large", (await Assert.ThrowsAsync<Refused>(() => RowsAsync(file, new ImportReport(), ImportLimits.Http with { SheetInflated = 1 << 20 }))).Code);
        Assert.Equal("too_large", (await Assert.ThrowsAsync<Refused>(() => RowsAsync(file, new ImportReport(), ImportLimits.Http with { Ratio = 2 }))).Code);
        var bomb = Zip(Parts("<row r=\"1\"/>" + new string(' ', 100 << 20)));
        Assert.Contains((await Assert.ThrowsAsync<Refused>(() => RowsAsync(bomb, new ImportReport(), ImportLimits.Http))).Code, new[] { "too_large", "invalid_file" });
    }

    [Theory]
    [InlineData("depth")]
    [InlineData("names")]
    [InlineData("attribute")]
    [InlineData("text")]
    public async Task What_would_be_kept_in_memory_has_bounds(string what)
    {
        var content = what switch
        {
            "depth" => string.Concat(Enumerable.Repeat("<a>", 1000)),
            "names" => string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<a{i}/>")),
            "attribute" => $"<row r=\"1\" x=\"{new string('x', 3 << 20)}\"/>",
            _ => $"<row r=\"1\"><c t=\"inlineStr\"><is><t>{new string('x', 500_000)}</t></is></c></row>",
        };
        Assert.Equal("invalid_file", (await Assert.ThrowsAsync<Refused>(() => RowsAsync(Zip(Parts(content), CompressionLevel.NoCompression), new ImportReport(), ImportLimits.Http))).Code);
    }

    [Fact]
    public async Task Texts_that_do_not_fit_into_memory_are_read_from_a_file_as_they_were()
    {
        var texts = Enumerable.Range(0, 60_000).Select(i => $"{i} {new string((char)('a' + (i % 26)), 100)} 💧").ToList();
        var parts = Parts(string.Concat(texts.Select((_, i) => $"<row r=\"{i + 1}\"><c r=\"A{i + 1}\" t=\"s\"><v>{texts.Count - 1 - i}</v></c></row>")));
        parts["xl/sharedStrings.xml"] = $"<sst xmlns=\"{Xlsx.Main}\">{string.Concat(texts.Select(text => $"<si><t>{text}</t></si>"))}</sst>";
        Assert.Equal(Enumerable.Reverse(texts), (await RowsAsync(Zip(parts), new ImportReport(), ImportLimits.Http)).Select(row => row.Cells[0].Text));
    }

    [Theory]
    [InlineData(new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1 }, "password")]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4, 0, 0 }, "XLSX")]
    public async Task Other_files_are_told_as_what_they_are(byte[] file, string said) =>
        Assert.Contains(said, (await Assert.ThrowsAsync<Refused>(() => RowsAsync(file, new ImportReport(), ImportLimits.Http))).Detail!.En!, StringComparison.Ordinal);

    [Fact]
    public async Task Whatever_is_twisted_in_a_workbook_it_is_read_or_refused()
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "tests", "PledgeTracker.Tests", "Imports", "Files", "thirty-contributions.xlsx"));
        Assert.Equal(31, (await RowsAsync(whole, new ImportReport(), ImportLimits.Http)).Count);
        var random = new Random(20261127);
        for (var i = 0; i < 500; i++)
        {
            var file = i % 2 == 0 ? Twisted(whole, random) : await RepackedAsync(whole, random);
            try
            {
                await RowsAsync(file, new ImportReport(), ImportLimits.Http);
            }
            catch (Refused refused)
            {
                Assert.Contains(refused.Code, new[] { "invalid_file", "too_large" });
            }
        }
    }

    private static byte[] Twisted(byte[] bytes, Random random)
    {
        var (twisted, at) = ((byte[])bytes.Clone(), random.Next(bytes.Length));
        switch (random.Next(4))
        {
            case 0:
                return twisted[..at];
            case 1:
                twisted[at] ^= (byte)(1 << random.Next(8));
                return twisted;
            case 2:
                random.NextBytes(twisted.AsSpan(at, Math.Min(random.Next(1, 40), twisted.Length - at)));
                return twisted;
            default:
                return [.. twisted[..at], .. twisted[(at / 2)..]];
        }
    }

    private static async Task<byte[]> RepackedAsync(byte[] file, Random random)
    {
        using var packed = new MemoryStream();
        packed.Write(file);
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.Entries[random.Next(zip.Entries.Count)];
            using var content = new MemoryStream();
            await using (var part = await entry.OpenAsync())
            {
                await part.CopyToAsync(content);
            }

            entry.Delete();
            await using var written = await zip.CreateEntry(entry.FullName).OpenAsync();
            await written.WriteAsync(Twisted(content.ToArray(), random));
        }

        return packed.ToArray();
    }

    private static Dictionary<string, string> Parts(string rows) => new()
    {
        ["_rels/.rels"] = $"<Relationships xmlns=\"{Xlsx.Package}/relationships\"><Relationship Id=\"w\" Type=\"{Xlsx.Document}/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>",
        ["xl/workbook.xml"] = $"<workbook xmlns=\"{Xlsx.Main}\" xmlns:r=\"{Xlsx.Document}\"><sheets><sheet name=\"hidden\" sheetId=\"1\" state=\"hidden\" r:id=\"s2\"/><sheet name=\"One\" sheetId=\"2\" r:id=\"s1\"/>" +
            "<sheet name=\"Two\" sheetId=\"3\" r:id=\"s2\"/></sheets></workbook>",
        ["xl/_rels/workbook.xml.rels"] = $"<Relationships xmlns=\"{Xlsx.Package}/relationships\"><Relationship Id=\"s1\" Type=\"{Xlsx.Document}/worksheet\" Target=\"worksheets/sheet1.xml\"/>" +
            $"<Relationship Id=\"s2\" Type=\"{Xlsx.Document}/worksheet\" Target=\"http://example.com/\" TargetMode=\"External\"/><Relationship Id=\"st\" Type=\"{Xlsx.Document}/styles\" Target=\"styles.xml\"/>" +
            $"<Relationship Id=\"ss\" Type=\"{Xlsx.Document}/sharedStrings\" Target=\"../xl/sharedStrings.xml\"/></Relationships>",
        ["xl/styles.xml"] = $"<styleSheet xmlns=\"{Xlsx.Main}\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"[$-409]d\\-mmm\\-yy;@\"/><numFmt numFmtId=\"171\" formatCode=\"&quot;day&quot; #,##0\"/></numFmts>" +
            "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>",
        ["xl/sharedStrings.xml"] = $"<sst xmlns=\"{Xlsx.Main}\"><si><t>تعهد</t></si><si><t>x 💧</t></si></sst>",
        ["xl/worksheets/sheet1.xml"] = $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet xmlns=\"{Xlsx.Main}\"><sheetData>{rows}</sheetData></worksheet>",
    };

    private static byte[] Zip(Dictionary<string, string> parts, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in parts)
            {
                using var text = new StreamWriter(zip.CreateEntry(name, level).Open());
                text.Write(content);
            }
        }

        return bytes.ToArray();
    }

    private static async Task<string> ReadAsync(byte[] csv, ImportReport? report = null) =>
        string.Join(' ', (await RowsAsync(csv, report ?? new ImportReport(), ImportLimits.Http)).Select(row => $"{row.Line}|{string.Join('|', row.Cells.Select(cell => cell.Text))}"));

    private static async Task<List<SheetRow>> RowsAsync(byte[] file, ImportReport report, ImportLimits limits)
    {
        var rows = new List<SheetRow>();
        await foreach (var row in SheetFile.ReadAsync(new ImportFile("file", "text/csv", new Once(file)), limits, report, CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>As a body is: read once, in small pieces.</summary>
    private sealed class Once(byte[] file) : ReadOnlyStream
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Math.Min(Math.Min(buffer.Length, 40_000), file.Length - _at);
            file.AsSpan(_at, read).CopyTo(buffer.Span);
            _at += read;
            return ValueTask.FromResult(read);
        }
    }
}
