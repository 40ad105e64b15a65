using System.Diagnostics;
using System.Xml.Linq;

namespace PledgeTracker.Tests.Http;

/// <summary>What LibreOffice makes of the CSV, where it is on the machine.</summary>
public sealed class SpreadsheetTests
{
    private static readonly XNamespace Office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
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

    private static string? Soffice { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "soffice")).FirstOrDefault(File.Exists);

    /// <summary>The cells as LibreOffice has them: what each is, what it holds, and the formula, where it is one.</summary>
    private static async Task<List<List<(string? Type, string Shown, string? Formula)>>> OpenAsync(TestServer server, string path)
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-soffice-").FullName;
        try
        {
            var file = Path.Combine(folder, "table.csv");
            await File.WriteAllBytesAsync(file, await server.Client.GetByteArrayAsync(path));
            // Comma, quotation mark, UTF-8, from the first line, no column forced, no language, quoted cells not forced to text, special numbers (dates) recognized.
            using var soffice = Process.Start(new ProcessStartInfo(Soffice!,
                [$"-env:UserInstallation=file://{folder}/profile", "--headless", "--infilter=CSV:44,34,76,1,,0,false,true,false", "--convert-to", "fods", "--outdir", folder, file])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await soffice.WaitForExitAsync(TestContext.Current.CancellationToken);
            var sheet = XDocument.Load(Path.Combine(folder, "table.fods"));
            return [.. sheet.Descendants(Table + "table-row").Select(row => row.Elements(Table + "table-cell").Select(Cell).ToList())];
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
