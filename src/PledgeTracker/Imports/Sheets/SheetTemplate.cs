using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;
using CsvHelper;

namespace PledgeTracker.Imports.Sheets;

/// <summary>An empty sheet to be filled in: its columns, and a row that shows how. As XLSX it has lists to choose from, and a second sheet that says what each column is.</summary>
internal static class SheetTemplate
{
    /// <summary>The second sheet; who reads a workbook leaves it aside.</summary>
    public static readonly LocalizedText Explanation = new("Explanation", "شرح الأعمدة");

    private static readonly LocalizedText Lists = new("Lists", "القوائم");

    private static readonly LocalizedText[] Heads =
        [new("Column", "العمود"), new("Needed", "مطلوب"), new("In this sheet", "في هذه الورقة"), new("What to write", "ما يُكتب"), new("Words", "الكلمات"), new("Also read as", "ويُقرأ أيضا")];

    private static readonly (LocalizedText Yes, LocalizedText No) Answers = (new("yes", "نعم"), new("no", "لا"));

    private const int LastRow = 1 << 20;

    // Places in `cellXfs`.
    private const int Plain = 0;
    private const int Head = 1;
    private const int Text = 2;
    private const int Day = 3;
    private const int Amount = 4;
    private const int Wrapped = 5;

    private static readonly string Styles = $"""
        <styleSheet xmlns="{Xlsx.Main}">
        <numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="#,##0.00###"/></numFmts>
        <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
        <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
        <borders count="1"><border/></borders>
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
        <cellXfs count="6">
        <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
        <xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
        <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
        <xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
        <xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
        <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
        </cellXfs>
        </styleSheet>
        """;

    /// <summary>As CSV, with the byte order mark without which Excel shows no Arabic.</summary>
    public static byte[] Csv(SheetFormat format, Language language)
    {
        using var bytes = new MemoryStream();
        using (var csv = new CsvWriter(new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true), CultureInfo.InvariantCulture))
        {
            foreach (var cell in (IEnumerable<Func<SheetColumn, string?>>)[column => column.Name.In(language), column => column.Example?.In(language)])
            {
                foreach (var column in Shown(format))
                {
                    csv.WriteField(cell(column));
                }

                csv.NextRecord();
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Workbook(SheetFormat format, Language language)
    {
        using var bytes = new MemoryStream();
        using (var parts = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Xlsx.Utf8))
        {
            var names = new[] { NameOf(format).In(language)!, Explanation.In(language)!, Lists.In(language)! };
            var numbers = Enumerable.Range(1, names.Length).ToList();
            Xlsx.Add(parts, "[Content_Types].xml", $"""
                <Types xmlns="{Xlsx.Package}/content-types">
                <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Default Extension="xml" ContentType="application/xml"/>
                <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
                <Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
                {string.Concat(numbers.Select(n => $"<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"))}
                </Types>
                """);
            Xlsx.Add(parts, "_rels/.rels", $"""
                <Relationships xmlns="{Xlsx.Package}/relationships"><Relationship Id="workbook" Type="{Xlsx.Document}/officeDocument" Target="xl/workbook.xml"/></Relationships>
                """);
            Xlsx.Add(parts, "xl/_rels/workbook.xml.rels", $"""
                <Relationships xmlns="{Xlsx.Package}/relationships">
                {string.Concat(numbers.Select(n => $"<Relationship Id=\"sheet{n}\" Type=\"{Xlsx.Document}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"))}
                <Relationship Id="styles" Type="{Xlsx.Document}/styles" Target="styles.xml"/>
                </Relationships>
                """);
            Xlsx.Add(parts, "xl/workbook.xml", $"""
                <workbook xmlns="{Xlsx.Main}" xmlns:r="{Xlsx.Document}"><bookViews><workbookView/></bookViews><sheets>
                {string.Concat(numbers.Select(n => $"<sheet name=\"{Escaped(names[n - 1])}\" sheetId=\"{n}\"{(n == names.Length ? " state=\"hidden\"" : "")} r:id=\"sheet{n}\"/>"))}
                </sheets></workbook>
                """);
            Xlsx.Add(parts, "xl/styles.xml", Styles);
            Xlsx.Add(parts, "xl/worksheets/sheet1.xml", ToFillIn(format, language));
            Xlsx.Add(parts, "xl/worksheets/sheet2.xml", Explained(format, language));
            Xlsx.Add(parts, "xl/worksheets/sheet3.xml", Listed(format, language));
        }

        return bytes.ToArray();
    }

    private static LocalizedText NameOf(SheetFormat format) => format.Word switch
    {
        "contributions" => new("Contributions", "المساهمات"),
        "pledges" => new("Pledges", "التعهدات"),
        _ => new("Requirements", "الاحتياجات"),
    };

    private static List<SheetColumn> Shown(SheetFormat format) => [.. format.Columns.Where(column => column.IsInTemplate)];

    private static string ToFillIn(SheetFormat format, Language language)
    {
        var columns = Shown(format);
        var lists = WithLists(format);
        var widths = columns.Select(column => (Math.Max(column.Name.In(language)!.Length + 4, column.Kind is SheetColumnKind.LocalizedText or SheetColumnKind.Organization or SheetColumnKind.Fund ? 28 : 16), StyleOf(column)));
        return Sheet(language, widths,
            [
                columns.Select(column => Cell(column.Name.In(language), Head)),
                columns.Select(column => column.Example?.In(language) is not { } example ? "" : column.Kind switch
                {
                    SheetColumnKind.Amount => Number(example, Amount),
                    SheetColumnKind.Date => Number((Iso.ParseDate(example).DayNumber - new DateOnly(1899, 12, 30).DayNumber).ToString(CultureInfo.InvariantCulture), Day),
                    _ => Cell(example, Text),
                }),
            ],
            string.Concat(columns.Select((column, i) => Rule(column, $"{Xlsx.Letters(i)}2:{Xlsx.Letters(i)}{LastRow}", lists, language))), columns.Count);
    }

    private static string Explained(SheetFormat format, Language language)
    {
        var (yes, no) = (Answers.Yes.In(language), Answers.No.In(language));
        return Sheet(language, [(26, Wrapped), (10, Wrapped), (14, Wrapped), (70, Wrapped), (60, Wrapped), (60, Wrapped)],
            [
                Heads.Select(head => Cell(head.In(language), Head)),
                .. format.Columns.Select(column => new[]
                {
                    column.Name.In(language), column.IsNeeded ? yes : no, column.IsInTemplate ? yes : no, column.Means.In(language),
                    column.Words is null ? null : string.Join(language == Language.Arabic ? "، " : ", ", column.Words.Values.Select(word => word.In(language))),
                    string.Join(language == Language.Arabic ? "، " : ", ", column.Also.Append(column.Name.In(language == Language.Arabic ? Language.English : Language.Arabic)!)),
                }.Select(text => Cell(text, Wrapped))),
            ]);
    }

    // The columns whose words stand in the third sheet, in the order in which they stand there.
    private static List<SheetColumn> WithLists(SheetFormat format) => [.. Shown(format).Where(column => column.Words is not null || column.Kind is SheetColumnKind.Currency or SheetColumnKind.Boolean)];

    private static string[] WordsOf(SheetColumn column, Language language) => column.Kind switch
    {
        SheetColumnKind.Currency => [.. Currency.All.Where(code => !Currency.IsWithdrawn(code))],
        SheetColumnKind.Boolean => [Answers.Yes.In(language)!, Answers.No.In(language)!],
        _ => [.. column.Words!.Values.Select(word => word.In(language)!)],
    };

    private static string Listed(SheetFormat format, Language language)
    {
        var lists = WithLists(format).ConvertAll(column => WordsOf(column, language).Prepend(column.Name.In(language)!).ToList());
        return Sheet(language, lists.Select(_ => (24, Text)), Enumerable.Range(0, lists.Max(list => list.Count)).Select(i => lists.Select(list => Cell(list.ElementAtOrDefault(i), i == 0 ? Head : Text))));
    }

    // What may be chosen, and what is said of the column where it is being filled in.
    private static string Rule(SheetColumn column, string cells, List<SheetColumn> lists, Language language)
    {
        var prompt = $"showInputMessage=\"1\" promptTitle=\"{Escaped(column.Name.In(language)!)}\" prompt=\"{Escaped(column.Means.In(language)!)}\"";
        var isStrict = column.Kind is not SheetColumnKind.Currency;
        var error = isStrict ? $"showErrorMessage=\"1\" error=\"{Escaped(column.Means.In(language)!)}\"" : "";
        return lists.IndexOf(column) is >= 0 and var list
            ? $"<dataValidation type=\"list\" allowBlank=\"1\" {prompt} {error} sqref=\"{cells}\"><formula1>'{Escaped(Lists.In(language)!)}'!${Xlsx.Letters(list)}$2:${Xlsx.Letters(list)}${WordsOf(column, language).Length + 1}</formula1></dataValidation>"
            : column.Kind == SheetColumnKind.Amount ? $"<dataValidation type=\"decimal\" operator=\"greaterThanOrEqual\" allowBlank=\"1\" {prompt} {error} sqref=\"{cells}\"><formula1>0</formula1></dataValidation>"
            : column.Kind == SheetColumnKind.Date ? $"<dataValidation type=\"date\" operator=\"greaterThanOrEqual\" allowBlank=\"1\" {prompt} {error} sqref=\"{cells}\"><formula1>16438</formula1></dataValidation>"
            : $"<dataValidation allowBlank=\"1\" {prompt} sqref=\"{cells}\"/>";
    }

    private static int StyleOf(SheetColumn column) => column.Kind switch
    {
        SheetColumnKind.Amount => Amount,
        SheetColumnKind.Date => Day,
        _ => Text,
    };

    private static string Sheet(Language language, IEnumerable<(int Width, int Style)> columns, IEnumerable<IEnumerable<string>> rows, string rules = "", int ruled = 0)
    {
        var xml = new StringBuilder($"""
            <worksheet xmlns="{Xlsx.Main}"><sheetViews><sheetView rightToLeft="{(language == Language.Arabic ? 1 : 0)}" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>
            """);
        foreach (var (i, column) in columns.Index())
        {
            xml.Append(CultureInfo.InvariantCulture, $"<col min=\"{i + 1}\" max=\"{i + 1}\" width=\"{column.Width}\" style=\"{column.Style}\" customWidth=\"1\"/>");
        }

        xml.Append("</cols><sheetData>");
        foreach (var (i, row) in rows.Index())
        {
            xml.Append(CultureInfo.InvariantCulture, $"<row r=\"{i + 1}\">");
            foreach (var (column, cell) in row.Index())
            {
                // A cell does not know where it stands.
                xml.Append(cell.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"<c r=\"{Xlsx.Letters(column)}{i + 1}\"{cell}"));
            }

            xml.Append("</row>");
        }

        xml.Append("</sheetData>");
        return xml.Append(rules.Length == 0 ? "" : $"<dataValidations count=\"{ruled}\">{rules}</dataValidations>").Append("</worksheet>").ToString();
    }

    private static string Cell(string? text, int style) => string.IsNullOrEmpty(text) ? "" : $" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{Escaped(text)}</t></is></c>";

    private static string Number(string number, int style) => $" s=\"{style}\"><v>{number}</v></c>";

    private static string Escaped(string text) => SecurityElement.Escape(Xlsx.Text(text));
}
