using System.Diagnostics;
using System.Xml.Linq;

namespace PledgeTracker.Tests.Http;

/// <summary>What LibreOffice makes of the CSV and of the workbook, where it is on the machine.</summary>
public sealed class SpreadsheetTests
{
    private static readonly XNamespace Office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
    private static readonly XNamespace Style = "urn:oasis:names:tc:opendocument:xmlns:style:1.0";
    private static readonly XNamespace Table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
    private static readonly XNamespace Text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";

    [Fact]
    public async Task Opened_in_LibreOffice_Arabic_is_right_numbers_are_numbers_dates_are_dates_and_no_formula_is_run()
    {
        Assert.SkipUnless(Soffice is not null, "LibreOffice (soffice) is not on this machine.");
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("one", "=1+1", "وزارة الخارجية، \"الكويت\"");
            var pledge = await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "one", amount = 1234567.89m } },
                currency = "USD",
                announcedOn = "2018-02-13",
                instrument = "grant",
                description = new { en = "-2+3\nand a second line" },
            });
            await enter.ReviseAsync(pledge, -1000.5m, "2018-03-01");
        });
        var fields = "fields=donors.name,announcedOn,figures.pledged,description,overdue,recordedAt";
        var arabic = await OpenAsync(server, $"/v1/pledges.csv?{fields}&lang=ar&bom=true");
        Assert.Equal("donors.name", arabic[0][0].Shown);
        Assert.Equal(("string", "وزارة الخارجية، \"الكويت\"", null), arabic[1][0]);
        var english = await OpenAsync(server, $"/v1/pledges.csv?{fields}");
        Assert.Equal([("string", "'=1+1", null), ("date", "2018-02-13", null), ("float", "1233567.39", null), ("string", "'-2+3\nand a second line", null)], english[1][..4]);
        var pledgeId = (await server.GetAsync("/v1/pledges")).GetProperty("data")[0].Id();
        var ledger = await OpenAsync(server, $"/v1/pledges/{pledgeId}/ledger.csv?fields=amount,valueDate&hxl=true");
        Assert.Equal(["#value+entry", "#date+entry"], ledger[1].Select(cell => cell.Shown));
        Assert.Equal([("float", "-1000.5", null), ("date", "2018-03-01", null)], ledger[3]);
    }

    [Fact]
    public async Task The_workbook_opened_in_LibreOffice_has_the_values_as_what_they_are_from_right_to_left_in_Arabic_and_no_formula()
    {
        Assert.SkipUnless(Soffice is not null, "LibreOffice (soffice) is not on this machine.");
        await using var server = new TestServer { Seed = "none" };
        await server.InitializeAsync();
        string[] names = ["=cmd|' /C calc'!A0", "=1+1", "+1", "-5", "@SUM(A1)", "😀 _x0041_", "007"];
        await server.EnterAsync(async enter =>
        {
            for (var i = 0; i < names.Length; i++)
            {
                await enter.OrganizationAsync($"donor-{i}", names[i], $"وزارة الخارجية {i}، 💧 \"الكويت\"");
                await enter.PledgeAsync(new
                {
                    donors = new[] { new { donorId = $"donor-{i}", amount = 1_234_567.89m + i } }, currency = "USD", announcedOn = $"2018-02-1{i}", instrument = "grant",
                    description = new { en = "-2+3\nand a second line" },
                });
            }
        });
        var query = "/v1/pledges.xlsx?sort=announcedOn&fields=donors.name,announcedOn,amount,description,overdue";
        var english = await OpenAsync(server, query);
        Assert.Equal(["donors.name", "announcedOn", "amount", "description", "overdue"], english[0][..5].Select(cell => cell.Shown));
        var arabic = await OpenAsync(server, query + "&lang=ar");
        for (var i = 0; i < names.Length; i++)
        {
            Assert.Equal([("string", names[i], null), ("date", $"2018-02-1{i}", null), ("float", $"{1_234_567 + i}.89", null), ("string", "-2+3\nand a second line", null), ("string", "false", null)], english[i + 1][..5]);
            Assert.Equal(("string", $"وزارة الخارجية {i}، 💧 \"الكويت\"", null), arabic[i + 1][0]);
        }

        Assert.Equal(["lr-tb", "rl-tb"], [english[0][^1].Shown, arabic[0][^1].Shown]);
    }

    private static string? Soffice { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "soffice")).FirstOrDefault(File.Exists);

    /// <summary>The cells as LibreOffice has them: what each is, what it holds, and the formula, where it is one; of a workbook, behind them, which way its sheet is written.</summary>
    private static async Task<List<List<(string? Type, string Shown, string? Formula)>>> OpenAsync(TestServer server, string path)
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-soffice-").FullName;
        try
        {
            var isWorkbook = path.Contains(".xlsx", StringComparison.Ordinal);
            var file = Path.Combine(folder, isWorkbook ? "table.xlsx" : "table.csv");
            await File.WriteAllBytesAsync(file, await server.Client.GetByteArrayAsync(path));
            // Comma, quotation mark, UTF-8, from the first line, no column forced, no language, quoted cells not forced to text, special numbers (dates) recognized.
            using var soffice = Process.Start(new ProcessStartInfo(Soffice!,
                [$"-env:UserInstallation=file://{folder}/profile", "--headless", .. isWorkbook ? [] : (string[])["--infilter=CSV:44,34,76,1,,0,false,true,false"], "--convert-to", "fods", "--outdir", folder, file])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await soffice.WaitForExitAsync(TestContext.Current.CancellationToken);
            var sheet = XDocument.Load(Path.Combine(folder, "table.fods"));
            var direction = sheet.Descendants(Style + "style").First(style => style.Attribute(Style + "family")?.Value == "table").Element(Style + "table-properties")!.Attribute(Style + "writing-mode")!.Value;
            return [.. sheet.Descendants(Table + "table-row").Select(row => row.Elements(Table + "table-cell").Select(Cell).Concat(isWorkbook ? [(null, direction, null)] : []).ToList())];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string? Type, string Shown, string? Formula) Cell(XElement cell) => (
        cell.Attribute(Office + "value-type")?.Value,
        cell.Attribute(Office + "value")?.Value ?? cell.Attribute(Office + "date-value")?.Value ?? string.Join('\n', cell.Elements(Text + "p").Select(p => p.Value)),
        cell.Attribute(Table + "formula")?.Value);
}
