using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PledgeTracker.Tests.Durability;

namespace PledgeTracker.Tests.Imports;

/// <summary>
/// Files that were cut, twisted and poisoned: each ends in a clear report, and what is refused leaves nothing. What CI runs is short; the long one is the same, sized by the environment:
/// <c>PLEDGETRACKER_MUTATIONS=10000 PLEDGETRACKER_MUTATIONS_SEED=7 dotnet test --filter-class "*MutatedFilesTests"</c>.
/// </summary>
public sealed class MutatedFilesTests : IAsyncLifetime
{
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    // What the server may ever hold of memory, in KiB: a file of 64 MiB, of which many are sent in a few, is none of it.
    private const long Bound = 500 << 10;

    private static readonly string[] Poison =
    [
        "\"", "\"\"", "\"\"\"", "'", "=cmd|' /C calc'!A0", "@SUM(A1)", "1e400", "1E+3", "-1e-400", "NaN", "Infinity", "-0", "99999999999999999999999999999", "0.0000000000000001", "\0", "\u0002", "\uFEFF", "\u202E",
        "\u2028", "\r", "\r\n", "\n\n", ",", ";", "\t", ",,,,,,,,", "null", "true", "[]", "{}", "[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\\ud800", "\\u0000", "<!DOCTYPE x [<!ENTITY a \"a\">]>", "&a;", "<c/>", "</row>",
        "2026-02-30", "31/31/2026", "0001-01-01", "9999-12-31", "٢٠٢٦", "١٬٢٣٤٫٥", "1,234", "1.234", "1'234", "USD ", "usd", "DEM", "XXX", "💧", "شركة", "deu'; DROP TABLE pledge; --",
    ];

    private readonly int _files = Setting("PLEDGETRACKER_MUTATIONS", 200);
    private readonly Random _random = new(Setting("PLEDGETRACKER_MUTATIONS_SEED", 20261127));
    private readonly int _port = ChildProcess.FreePort();
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task Any_twisted_file_ends_in_a_report_and_what_is_refused_leaves_nothing()
    {
        // A process of its own, so that its memory is that of the server alone.
        var server = await _served.StartAsync(_port, "--Database:Seed=coalition");
        using var editor = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        editor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TestKeys.ByCommandAsync(_served.Database.Connection, "editor"));
        var (donor, fund) = ("deu", "undp-ffs");
        (string Query, string MediaType, byte[] File)[] good =
        [
            ("format=contributions", Importing.Csv, Encoding.UTF8.GetBytes(Importing.Sheet(donor, fund, "10", "20.5", "30", "40"))),
            ("format=contributions", Xlsx, Workbook(donor, fund)),
            ("format=fts-json&dataset=mutated:json", "application/json", Encoding.UTF8.GetBytes(Flows)),
            ("format=fts-csv&dataset=mutated:csv", Importing.Csv, Encoding.UTF8.GetBytes(FlowsCsv)),
        ];
        foreach (var (query, mediaType, file) in good)
        {
            Assert.Equal("done", (await editor.OverAsync((await editor.ImportAsync(query, file, mediaType)).Body.Id())).Text("state"));
        }

        var wrong = new List<string>();
        for (var i = 0; i < _files; i++)
        {
            var (query, mediaType, file) = good[i % good.Length];
            var (how, mutated, coding) = Mutated(file, mediaType);
            var before = await VersionAsync(editor);
            var reply = await editor.ImportAsync(query, mutated, mediaType, coding);
            var over = reply.Status == HttpStatusCode.Accepted ? (await editor.OverAsync(reply.Body.Id())).Text("state") : reply.Code;
            if (reply.Status == HttpStatusCode.Accepted)
            {
                await editor.ReadAsync($"/v1/imports/{reply.Body.Id()}/corrections");
                await editor.RowsAsync(reply.Body.Id(), "lang=ar");
            }

            var isClear = reply.Status switch
            {
                HttpStatusCode.Accepted => over is "done" or "refused",
                HttpStatusCode.BadRequest => over is "invalid_file" or "invalid_request",
                HttpStatusCode.RequestEntityTooLarge => over == "too_large",
                _ => false,
            };
            if (!isClear || (over != "done" && await VersionAsync(editor) != before))
            {
                wrong.Add($"{i} {mediaType} {how}: {(int)reply.Status} {over} {reply.Text}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        if (OperatingSystem.IsLinux())
        {
            var peak = (await File.ReadAllLinesAsync($"/proc/{server.Id}/status")).Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            TestContext.Current.TestOutputHelper?.WriteLine(peak);
            Assert.InRange(long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture), 0, Bound);
        }

        await server.TerminateAsync();
        await _served.AssertWholeAsync();
    }

    private static async Task<string> VersionAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/v1/changes?limit=1", UriKind.Relative));
        return response.Headers.GetValues("Dataset-Version").Single();
    }

    private (string How, byte[] File, string? Coding) Mutated(byte[] file, string mediaType)
    {
        if (mediaType == Xlsx && _random.Next(3) > 0)
        {
            // Inside of the archive, so that it can be opened at all.
            return Repacked(file);
        }

        return _random.Next(12) switch
        {
            0 => ("cut", file[.._random.Next(file.Length)], null),
            1 => ("a byte flipped", Flipped(file), null),
            2 => ("many bytes flipped", Enumerable.Range(0, 20).Aggregate(file, (bytes, _) => Flipped(bytes)), null),
            3 => ("a part doubled", Doubled(file), null),
            4 => ("a part gone", [.. file[..(file.Length / 3)], .. file[(file.Length / 2)..]], null),
            5 => ("cut gzip", Importing.Gzipped(file)[..^_random.Next(1, 12)], "gzip"),
            6 => ("flipped gzip", Flipped(Importing.Gzipped(file)), "gzip"),
            7 => ("a gzip bomb", Bomb.Value, "gzip"),
            8 => ("another encoding", Encoding.Convert(Encoding.UTF8, _random.Next(2) == 0 ? Encoding.Unicode : Encoding.BigEndianUnicode, file), null),
            9 => ("bytes of no encoding", [.. file[..(file.Length / 2)], 0xFF, 0xC0, 0x81, .. file[(file.Length / 2)..]], null),
            10 => ("columns swapped", Swapped(file), null),
            _ => Poisoned(file),
        };
    }

    private byte[] Flipped(byte[] file)
    {
        var flipped = (byte[])file.Clone();
        if (flipped.Length > 0)
        {
            flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return flipped;
    }

    private byte[] Doubled(byte[] file)
    {
        var at = _random.Next(file.Length);
        return [.. file[..at], .. file[(at / 2)..]];
    }

    private byte[] Swapped(byte[] file)
    {
        var lines = Encoding.UTF8.GetString(file).Split('\n');
        var (a, b) = (_random.Next(5), _random.Next(5));
        return Encoding.UTF8.GetBytes(string.Join('\n', lines.Select((line, i) =>
        {
            var cells = line.Split(',');
            if (i > 0 && cells.Length > 5)
            {
                (cells[a], cells[b]) = (cells[b], cells[a]);
            }

            return string.Join(',', cells);
        })));
    }

    private (string How, byte[] File, string? Coding) Poisoned(byte[] file)
    {
        var poison = _random.Next(12) == 0 ? new string('x', 40_000) : Poison[_random.Next(Poison.Length)];
        var at = _random.Next(file.Length);
        return ($"poisoned at {at.ToString(CultureInfo.InvariantCulture)} with {poison[..Math.Min(20, poison.Length)]}", [.. file[..at], .. Encoding.UTF8.GetBytes(poison), .. file[at..]], null);
    }

    private (string How, byte[] File, string? Coding) Repacked(byte[] file)
    {
        using var packed = new MemoryStream();
        packed.Write(file);
        var how = "";
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.Entries[_random.Next(zip.Entries.Count)];
            byte[] content;
            using (var reader = entry.Open())
            using (var read = new MemoryStream())
            {
                reader.CopyTo(read);
                content = read.ToArray();
            }

            entry.Delete();
            (how, byte[]? mutated, _) = _random.Next(6) switch
            {
                0 => ("a part of the workbook gone", null, null),
                1 => ("a part of the workbook cut", content[.._random.Next(content.Length)], null),
                2 => ("a part of the workbook flipped", Flipped(content), null),
                3 => ("a part that inflates", new byte[64 << 20], null),
                4 => ("a DTD", [.. "<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>"u8, .. content], (string?)null),
                _ => Poisoned(content),
            };
            if (mutated is not null)
            {
                using var writer = zip.CreateEntry(entry.FullName).Open();
                writer.Write(mutated);
            }

            how += " " + entry.FullName;
        }

        return (how, packed.ToArray(), null);
    }

    private static readonly Lazy<byte[]> Bomb = new(() => Importing.Gzipped(new byte[64 << 20]));

    // What any program for spreadsheets might write: cells with their texts in themselves, a date as its number.
    private static byte[] Workbook(string donor, string fund)
    {
        var rows = new StringBuilder();
        string[] header = ["donorId", "fundId", "stage", "amount", "currency", "date", "externalId"];
        rows.Append("<row r=\"1\">").AppendJoin("", header.Select(Text)).Append("</row>");
        for (var i = 2; i <= 5; i++)
        {
            var row = i.ToString(CultureInfo.InvariantCulture);
            rows.Append(CultureInfo.InvariantCulture, $"<row r=\"{row}\">{Text(donor)}{Text(fund)}{Text("payment")}<c><v>{i * 10}.5</v></c>{Text("USD")}<c s=\"1\"><v>46174</v></c>{Text($"{donor}-x{row}")}</row>");
        }

        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("[Content_Types].xml", """
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>
                """);
            Add("_rels/.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>
                """);
            Add("xl/workbook.xml", """
                <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>
                """);
            Add("xl/_rels/workbook.xml.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>
                """);
            Add("xl/styles.xml", """
                <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>
                """);
            Add("xl/worksheets/sheet1.xml", $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>");

            void Add(string name, string xml)
            {
                using var part = new StreamWriter(zip.CreateEntry(name).Open());
                part.Write(xml);
            }
        }

        return packed.ToArray();

        static string Text(string text) => $"<c t=\"inlineStr\"><is><t>{text}</t></is></c>";
    }

    private const string Flows = """
        { "status": "ok", "data": { "flows": [
          { "id": "900001", "amountUSD": 1000, "date": "2026-05-01T00:00:00Z", "description": "Water", "status": "commitment", "flowType": "Standard", "contributionType": "financial", "newMoney": true,
            "originalAmount": 900, "originalCurrency": "EUR", "boundary": "incoming", "onBoundary": "single",
            "sourceObjects": [{ "type": "Organization", "id": "1", "name": "Norway, Government of", "behavior": "single", "organizationTypes": ["Government"] }, { "type": "UsageYear", "id": "47", "name": "2026", "behavior": "single" }],
            "destinationObjects": [{ "type": "Organization", "id": "2", "name": "Water for all", "behavior": "single", "organizationTypes": ["NGO"] }, { "type": "Location", "id": "114", "name": "Jordan", "behavior": "single" }, { "type": "UsageYear", "id": "47", "name": "2026", "behavior": "single" }] },
          { "id": "900002", "amountUSD": 2000, "date": "2026-05-02T00:00:00Z", "description": "Food", "status": "pledge", "flowType": "Standard", "contributionType": "in kind", "newMoney": false,
            "boundary": "incoming", "onBoundary": "single",
            "sourceObjects": [{ "type": "Organization", "id": "1", "name": "Norway, Government of", "behavior": "single", "organizationTypes": ["Government"] }],
            "destinationObjects": [{ "type": "Location", "id": "114", "name": "Jordan", "behavior": "single" }] }
        ] }, "meta": { "language": "en", "count": 2 } }
        """;

    private const string FlowsCsv = """
        date,budgetYear,description,amountUSD,srcOrganization,srcOrganizationTypes,srcLocations,srcUsageYearStart,srcUsageYearEnd,destPlan,destPlanCode,destPlanId,destOrganization,destOrganizationTypes,destGlobalClusters,destLocations,destProject,destProjectCode,destEmergency,destUsageYearStart,destUsageYearEnd,contributionType,flowType,method,boundary,onBoundary,status,firstReportedDate,decisionDate,keywords,originalAmount,originalCurrency,exchangeRate,id,refCode,createdAt,updatedAt
        2026-05-01,2026,"Water, clean",1000,"Norway, Government of",Governments,NOR,2026,2026,,,,Water for all,NGOs,Water,JOR,,,,2026,2026,financial,Standard,Traditional aid,incoming,single,commitment,2026-05-01,2026-05-01,,900,EUR,0.9,910001,REF-1,2026-05-01,2026-05-01
        2026-05-02,2026,Food,2000,"Norway, Government of",Governments,NOR,2026,2026,,,,,,,JOR,,,,2026,2026,in kind,Standard,Traditional aid,incoming,single,pledge,2026-05-02,2026-05-02,,,,,910002,,2026-05-02,2026-05-02

        """;

    private static int Setting(string name, int standard) => Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
