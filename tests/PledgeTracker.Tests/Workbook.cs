using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PledgeTracker.Tests;

/// <summary>A cell of a sheet: what it holds, and as what.</summary>
/// <param name="Kind">`text`, or by how a number is shown `number`, `day` or `instant`.</param>
/// <param name="Shown">As CSV has it.</param>
internal sealed record SheetCell(string Kind, string Shown)
{
    public static readonly SheetCell Empty = new("", "");
}

/// <summary>A workbook (XLSX) as who knows ECMA-376 reads it.</summary>
/// <param name="Rows">All of them, that of the names as well; each is as long as the first.</param>
internal sealed partial record Workbook(string Name, bool RightToLeft, int FrozenRows, List<SheetCell[]> Rows)
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public List<string> Names => [.. Rows[0].Select(cell => cell.Shown)];

    /// <summary>The XML of its sheet.</summary>
    public static string SheetOf(byte[] file)
    {
        using var parts = new ZipArchive(new MemoryStream(file));
        using var text = new StreamReader(parts.GetEntry("xl/worksheets/sheet1.xml")!.Open(), Encoding.UTF8);
        return text.ReadToEnd();
    }

    public static Workbook Read(byte[] file)
    {
        using var parts = new ZipArchive(new MemoryStream(file));
        XElement Part(string name) => XDocument.Load(parts.GetEntry(name)!.Open(), LoadOptions.PreserveWhitespace).Root!;
        Assert.All(parts.Entries, part => Assert.NotNull(XDocument.Load(part.Open()).Root));
        // Found as a reader finds it: from the package to the workbook, and from there to its only sheet.
        var workbook = Part(Target(Part("_rels/.rels"), null));
        var named = Assert.Single(workbook.Descendants(Main + "sheet"));
        var sheet = Part("xl/" + Target(Part("xl/_rels/workbook.xml.rels"), named.Attribute(Related + "id")!.Value));
        var styles = Part("xl/styles.xml");
        var formats = styles.Descendants(Main + "numFmt").ToDictionary(f => f.Attribute("numFmtId")!.Value, f => f.Attribute("formatCode")!.Value);
        var shown = styles.Element(Main + "cellXfs")!.Elements().Select(x => formats.GetValueOrDefault(x.Attribute("numFmtId")!.Value, "")).ToList();
        Assert.Empty(sheet.Descendants(Main + "f"));
        var rows = sheet.Descendants(Main + "row").ToList();
        Assert.Equal(Enumerable.Range(1, rows.Count), rows.Select(row => (int)row.Attribute("r")!));
        var width = rows[0].Elements().Count();
        Assert.Equal(width, sheet.Descendants(Main + "col").Count());
        var view = sheet.Descendants(Main + "sheetView").Single();
        Assert.Equal("frozen", view.Element(Main + "pane")!.Attribute("state")!.Value);
        return new Workbook(named.Attribute("name")!.Value, (string)view.Attribute("rightToLeft")! == "1", (int)view.Element(Main + "pane")!.Attribute("ySplit")!, rows.ConvertAll(row =>
        {
            var cells = new SheetCell[width];
            Array.Fill(cells, SheetCell.Empty);
            foreach (var cell in row.Elements(Main + "c"))
            {
                var place = cell.Attribute("r")!.Value;
                Assert.EndsWith(row.Attribute("r")!.Value, place, StringComparison.Ordinal);
                cells[place.TakeWhile(char.IsAsciiLetterUpper).Aggregate(0, (column, letter) => (column * 26) + letter - 'A' + 1) - 1] = Cell(cell, shown[(int)cell.Attribute("s")!]);
            }

            return cells;
        }));
    }

    private static string Target(XElement relations, string? id) => relations.Elements().First(r => id is null || r.Attribute("Id")!.Value == id).Attribute("Target")!.Value;

    private static SheetCell Cell(XElement cell, string format)
    {
        if (cell.Attribute("t")?.Value == "inlineStr")
        {
            return new("text", Escaped().Replace(cell.Value, match => ((char)int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));
        }

        Assert.Null(cell.Attribute("t"));
        var number = cell.Element(Main + "v")!.Value;
        var day = format.StartsWith("yyyy", StringComparison.Ordinal) ? new DateTime(1899, 12, 30).AddMilliseconds(Math.Round(double.Parse(number, CultureInfo.InvariantCulture) * 86_400_000)) : default;
        return !format.StartsWith("yyyy", StringComparison.Ordinal) ? new("number", number)
            : format.Contains("hh", StringComparison.Ordinal) ? new("instant", day.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            : new("day", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("_x([0-9A-F]{4})_")]
    private static partial Regex Escaped();
}
