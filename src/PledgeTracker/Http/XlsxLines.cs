using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace PledgeTracker.Http;

/// <summary>
/// XLSX (ECMA-376): a workbook of one sheet with the columns of CSV, their names in the first row, frozen. Texts are texts, whatever they begin with: nothing in it is a
/// formula. It is written row by row, and the same rows make the same bytes. Why no library does this: decision 15.
/// </summary>
/// <param name="name">Of the sheet.</param>
/// <param name="most">How many rows it may have, with the one of the names.</param>
internal sealed class XlsxLines(Stream stream, IReadOnlyList<Column> columns, string name, bool hxl, bool rightToLeft, int most) : Lines, IDisposable
{
    private const string Main = Xlsx.Main;

    /// <summary>What Excel takes into a cell.</summary>
    private const int LongestText = 32_767;

    /// <summary>What is left of a number where it is kept in floating point, as spreadsheets do.</summary>
    private const int MostDigits = 15;

    private const int MostDecimals = 10;

    // Places in `cellXfs`. Behind the last stand those of numbers with so many decimals.
    private const int Name = 1;
    private const int Text = 2;
    private const int Day = 3;
    private const int Instant = 4;
    private const int Whole = 5;
    private const int Amount = 6;

    // Excel has a 29 February in 1900, others have not: days before it are not counted alike.
    private static readonly DateOnly FirstDay = new(1900, 3, 1);
    private static readonly int DayNought = new DateOnly(1899, 12, 30).DayNumber;

    private static readonly (string Name, string Content)[] Parts =
    [
        ("[Content_Types].xml", $"""
            <Types xmlns="{Xlsx.Package}/content-types">
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Default Extension="xml" ContentType="application/xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
            <Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
            <Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
            </Types>
            """),
        ("_rels/.rels", $"""
            <Relationships xmlns="{Xlsx.Package}/relationships"><Relationship Id="workbook" Type="{Xlsx.Document}/officeDocument" Target="xl/workbook.xml"/></Relationships>
            """),
        ("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="{Xlsx.Package}/relationships">
            <Relationship Id="sheet" Type="{Xlsx.Document}/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="styles" Type="{Xlsx.Document}/styles" Target="styles.xml"/>
            </Relationships>
            """),
        ("xl/styles.xml", $"""
            <styleSheet xmlns="{Main}">
            <numFmts count="{MostDecimals + 2}">
            <numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/>
            {string.Concat(Enumerable.Range(1, MostDecimals).Select(decimals => $"<numFmt numFmtId=\"{165 + decimals}\" formatCode=\"#,##0.{new string('0', decimals)}\"/>"))}
            </numFmts>
            <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
            <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
            <borders count="1"><border/></borders>
            <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
            <cellXfs count="{Amount + MostDecimals + 1}">
            <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
            <xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
            {string.Concat(new[] { 49, 164, 165, 1, 3 }.Concat(Enumerable.Range(166, MostDecimals)).Select(format => $"<xf numFmtId=\"{format}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"))}
            </cellXfs>
            </styleSheet>
            """),
    ];

    private readonly ZipArchive _parts = new(stream, ZipArchiveMode.Create, leaveOpen: true, Xlsx.Utf8);
    private readonly string[] _letters = [.. Enumerable.Range(0, columns.Count).Select(Xlsx.Letters)];
    private XmlWriter? _sheet;
    private int _rows;

    public override void Add(IEnumerable<object> rows)
    {
        if (_sheet is null)
        {
            _sheet = Begin();
            AddRow(column => column.Name, Name);
            if (hxl)
            {
                AddRow(column => column.Tag, Text);
            }
        }

        foreach (var row in rows)
        {
            if (_rows == most)
            {
                throw Refused.Invalid(new Fault("?limit", "out_of_range", new(
                    $"A sheet holds {most} rows, and this table has more. Narrow the filters, take pages with limit, or ask for CSV.",
                    $"تتسع ورقة العمل لعدد {most} من الصفوف، وصفوف هذا الجدول أكثر. ضيق نطاق المرشحات، أو خذ صفحات بالمعلمة limit، أو اطلب CSV.")));
            }

            AddRow(column => column.Value(row), Text);
        }
    }

    public override void End()
    {
        _sheet!.Dispose();
        _parts.Dispose();
    }

    public void Dispose()
    {
        try
        {
            _sheet?.Dispose();
            _parts.Dispose();
        }
        catch (IOException)
        {
            // It was given up because there was no room, and there is none for its end either.
        }
    }

    private XmlWriter Begin()
    {
        var workbook = $"""
            <workbook xmlns="{Main}" xmlns:r="{Xlsx.Document}"><bookViews><workbookView/></bookViews><sheets><sheet name="{name}" sheetId="1" r:id="sheet"/></sheets></workbook>
            """;
        foreach (var (part, content) in Parts.Append(("xl/workbook.xml", workbook)))
        {
            Xlsx.Add(_parts, part, content);
        }

        var sheet = XmlWriter.Create(Xlsx.Open(_parts, "xl/worksheets/sheet1.xml"), new XmlWriterSettings { Encoding = Xlsx.Utf8, NewLineHandling = NewLineHandling.None, CloseOutput = true });
        sheet.WriteStartElement("worksheet", Main);
        var rows = hxl ? 2 : 1;
        sheet.WriteRaw($"""
            <sheetViews><sheetView rightToLeft="{(rightToLeft ? 1 : 0)}" workbookViewId="0"><pane ySplit="{rows}" topLeftCell="A{rows + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>
            """);
        for (var i = 1; i <= columns.Count; i++)
        {
            // What is narrower than its number shows none of it.
            sheet.WriteRaw($"""<col min="{i}" max="{i}" width="{Math.Max(columns[i - 1].IsText ? 32 : 20, columns[i - 1].Name.Length + 2)}" customWidth="1"/>""");
        }

        sheet.WriteRaw("</cols>");
        sheet.WriteStartElement("sheetData", Main);
        return sheet;
    }

    private void AddRow(Func<Column, object?> value, int textStyle)
    {
        var number = (++_rows).ToString(CultureInfo.InvariantCulture);
        _sheet!.WriteStartElement("row", Main);
        _sheet.WriteAttributeString("r", number);
        for (var i = 0; i < columns.Count; i++)
        {
            switch (value(columns[i]))
            {
                case null or "":
                    break;
                case DateOnly day when day >= FirstDay:
                    AddNumber(i, number, (day.DayNumber - DayNought).ToString(CultureInfo.InvariantCulture), Day);
                    break;
                case DateTimeOffset instant when DateOnly.FromDateTime(instant.UtcDateTime) >= FirstDay:
                    AddNumber(i, number, instant.UtcDateTime.ToOADate().ToString(CultureInfo.InvariantCulture), Instant);
                    break;
                case var amount and (decimal or int or long) when Column.Text(amount) is { } digits && IsKept(digits):
                    AddNumber(i, number, digits, amount is decimal ? Amount + Decimals(digits) : Whole);
                    break;
                // A boolean as well: LibreOffice would make a formula of it.
                case var other:
                    AddText(i, number, Column.Text(other)!, textStyle);
                    break;
            }
        }

        _sheet.WriteEndElement();
    }

    private void AddNumber(int column, string row, string number, int style)
    {
        BeginCell(column, row, style, null);
        _sheet!.WriteElementString("v", Main, number);
        _sheet.WriteEndElement();
    }

    private void AddText(int column, string row, string text, int style)
    {
        BeginCell(column, row, style, "inlineStr");
        _sheet!.WriteStartElement("is", Main);
        _sheet.WriteStartElement("t", Main);
        _sheet.WriteAttributeString("xml", "space", null, "preserve");
        _sheet.WriteString(Xlsx.Text(Cut(text)));
        _sheet.WriteEndElement();
        _sheet.WriteEndElement();
        _sheet.WriteEndElement();
    }

    private void BeginCell(int column, string row, int style, string? type)
    {
        _sheet!.WriteStartElement("c", Main);
        _sheet.WriteAttributeString("r", _letters[column] + row);
        _sheet.WriteAttributeString("s", style.ToString(CultureInfo.InvariantCulture));
        if (type is not null)
        {
            _sheet.WriteAttributeString("t", type);
        }
    }

    private static bool IsKept(string number) => number.Length <= MostDigits
        || number.Where(char.IsAsciiDigit).SkipWhile(digit => digit == '0').Reverse().SkipWhile(digit => digit == '0').Count() <= MostDigits;

    // As amounts are written everywhere: a whole one without decimals, others with at least two.
    private static int Decimals(string number) => number.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? Math.Clamp(number.Length - point - 1, 2, MostDecimals) : 0;

    private static string Cut(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText - (char.IsHighSurrogate(text[LongestText - 2]) ? 2 : 1)), "…");
}
