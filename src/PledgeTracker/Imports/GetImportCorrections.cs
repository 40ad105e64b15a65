using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace PledgeTracker.Imports;

/// <summary>The refused rows of an import, as they were sent and with what is wrong: to be corrected and sent again.</summary>
public sealed class GetImportCorrections : Reads<GetImportCorrections.Request, string>
{
    /// <param name="Id">The id of the import.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    private const int Page = 1000;

    /// <summary>What stands behind the columns of the file. An import leaves these aside.</summary>
    public static readonly IReadOnlyList<string> Added = ["row", "member", "code", "text"];

    private protected override Format Own => Format.Csv;

    private protected override bool IsFile(Format format) => true;

    public override void Configure()
    {
        Get("/v1/imports/{id}/corrections");
        Needs(Role.Recorder);
        Tells("Imports", "The refused rows, to be corrected",
            "As CSV with the columns of the file, and behind them `row`, `member`, `code` and `text`: what is wrong with each. Correct the cells and send it as it is: the columns behind are left aside. " +
            "Of a format that has no cells it has only those. Needs a key of any role.", 401, 404);
    }

    protected override Task<string> ReadAsync(Request request, View view) => throw new NotSupportedException("It is read in parts.");

    private protected override async IAsyncEnumerable<string> PartsAsync(Request request, View view)
    {
        var import = await GetImport.FindAsync(view, request.Id, Caller.Of(HttpContext));
        var columns = import.Reported.Columns;
        yield return Lines(csv => Write(csv, [.. columns, .. Added]));
        var after = 0L;
        while (!Pipeline.IsHead(HttpContext))
        {
            view.GiveTime();
            var rows = (await view.Sql.QueryAsync<Row>("SELECT no, line, cells, faults FROM import_row WHERE import_no = @No AND outcome = 'refused' AND no > @after ORDER BY no LIMIT @Page",
                new { import.No, after, Page })).AsList();
            if (rows.Count == 0)
            {
                break;
            }

            after = rows[^1].No;
            yield return Lines(csv => rows.ForEach(row =>
            {
                var cells = row.Cells is null ? [] : JsonSerializer.Deserialize<List<string>>(row.Cells, Json.Options)!;
                var faults = RowFaultShown.Of(row.Faults, Reader);
                Write(csv,
                [
                    .. columns.Select((_, i) => Column.Safe(cells.ElementAtOrDefault(i))), row.Line.ToString(CultureInfo.InvariantCulture), string.Join(';', faults.Select(f => f.Cell ?? f.Member)),
                    string.Join(';', faults.Select(f => f.Code)), Column.Safe(string.Join(' ', faults.Select(f => f.Text))),
                ]);
            }));
        }
    }

    private static string Lines(Action<CsvWriter> write)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        write(csv);
        csv.Flush();
        return text.ToString();
    }

    private static void Write(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }

        csv.NextRecord();
    }

    private sealed record Row
    {
        public required long No { get; init; }
        public required long Line { get; init; }
        public string? Cells { get; init; }
        public string? Faults { get; init; }
    }
}
