using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace PledgeTracker.Imports.Fts;

/// <summary>Files of HDX with flows of the Financial Tracking Service, with their row of HXL tags or without it: a column is known by its name. A flow for several countries stands there once for each.</summary>
internal static class FtsCsv
{
    private static readonly string[] Needed = ["id", "amountUSD", "status", "boundary", "onBoundary"];

    public static async IAsyncEnumerable<ReadRow> ReadAsync(IAsyncEnumerable<ImportFile> files, ImportReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var page = 0;
        await foreach (var file in files)
        {
            page++;
            using var csv = new CsvTable(file);
            await csv.ReadHeaderAsync(Needed);
            report.Columns.Clear();
            report.Columns.AddRange(csv.Header);
            while (await csv.ReadAsync(cancellation))
            {
                yield return Flow(page, csv);
            }
        }
    }

    private static ReadRow Flow(int page, CsvTable csv)
    {
        var reading = new FtsReading();
        if (csv.Cells.Length != csv.Header.Length)
        {
            reading.Fault("", "invalid_csv", $"The row has {csv.Cells.Length} cells and the file {csv.Header.Length} columns.", $"في الصف {csv.Cells.Length} خلية وفي الملف {csv.Header.Length} عمودا.");
        }

        var id = reading.Id("id", csv["id"]);
        var flow = new FtsFlow
        {
            Id = id ?? "",
            Status = reading.Word("status", csv["status"], FtsFlow.Statuses),
            Boundary = reading.Word("boundary", csv["boundary"], "incoming", "internal", "outgoing"),
            OnBoundary = reading.Word("onBoundary", csv["onBoundary"], "single", "shared", "overlap"),
            AmountUsd = reading.Usd("amountUSD", reading.Number("amountUSD", csv["amountUSD"])),
            OriginalAmount = reading.Number("originalAmount", csv["originalAmount"]),
            OriginalCurrency = reading.Name("originalCurrency", csv["originalCurrency"])?.ToUpperInvariant(),
            ExchangeRate = reading.Number("exchangeRate", csv["exchangeRate"]),
            Date = reading.Day("date", csv["date"]),
            DecisionDate = reading.Day("decisionDate", csv["decisionDate"]),
            FirstReportedDate = reading.Day("firstReportedDate", csv["firstReportedDate"]),
            BudgetYear = reading.Name("budgetYear", csv["budgetYear"]),
            FlowType = reading.Name("flowType", csv["flowType"]),
            ContributionType = reading.Name("contributionType", csv["contributionType"]),
            Method = reading.Name("method", csv["method"]),
            Keywords = Texts("keywords"),
            Description = reading.Description("description", csv["description"]),
            Reference = reading.Reference("refCode", csv["refCode"]),
            From = Side("src"),
            To = Side("dest"),
        };
        return new(page, csv.Line, id, reading.Faults.Count > 0 ? null : flow.ToJson(), reading.Faults, reading.Notes, csv.PlainCells, new FtsCounted(flow, []));

        // No word of these has a comma.
        List<string>? Texts(string column) => FtsJson.Listed([.. (csv[column] ?? "").Split(',').Select(text => reading.Name(column, text)).OfType<string>()], text => text);

        FtsSide Side(string side)
        {
            var places = Texts(side + "Locations");
            var organization = reading.Name(side + "Organization", csv[side + "Organization"]);
            return new FtsSide
            {
                Organizations = organization is null || FtsWords.IsNobody(organization) ? null
                    : [new(organization, organization == FtsSide.Several ? null : FtsWords.TypeOf(csv[side + "OrganizationTypes"]?.Split(',')[0], null))],
                Plans = Plan(side) is { } plan ? [plan] : null,
                Countries = FtsJson.Listed(places?.Select(FtsWords.CountryOf).OfType<string>().ToList() ?? [], code => code),
                Regions = FtsJson.Listed(places?.FindAll(place => FtsWords.CountryOf(place) is null) ?? [], name => name),
                GlobalClusters = Texts(side + "GlobalClusters"),
                Emergencies = reading.Name(side + "Emergency", csv[side + "Emergency"]) is { } emergency ? [emergency] : null,
                Projects = (reading.Name(side + "ProjectCode", csv[side + "ProjectCode"]), reading.Name(side + "Project", csv[side + "Project"])) is var (code, name) && (code ?? name) is not null ? [new(code, name)] : null,
                FirstYear = reading.Year(side + "UsageYearStart", csv[side + "UsageYearStart"]),
                LastYear = reading.Year(side + "UsageYearEnd", csv[side + "UsageYearEnd"]),
            };
        }

        FtsPlan? Plan(string side)
        {
            var (number, name, code) = (FtsPlan.IdOf(csv[side + "PlanId"]), reading.Name(side + "Plan", csv[side + "Plan"]), reading.Name(side + "PlanCode", csv[side + "PlanCode"]));
            return (number ?? name ?? code) is null ? null : new(number, name, code);
        }
    }
}

/// <summary>A file of HDX, row by row.</summary>
internal sealed class CsvTable : IDisposable
{
    /// <summary>Descriptions have some thousand characters.</summary>
    private const int LongestCell = 100_000;

    private readonly string _name;
    private readonly CsvReader _csv;
    private Dictionary<string, int> _columns = [];

    public CsvTable(ImportFile file)
    {
        _name = file.Name;
        _csv = new CsvReader(new StreamReader(file.Content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = bad => throw Broken(bad.Context.Parser!.Row, "a quote that is not doubled", "علامة اقتباس غير مكررة"),
            MaxFieldSize = LongestCell,
            MissingFieldFound = null,
            HasHeaderRecord = false,
        });
    }

    public string[] Header { get; private set; } = [];

    public string[] Cells { get; private set; } = [];

    /// <summary>The cells as they can be kept and sent again.</summary>
    public string[] PlainCells => [.. Cells.Select(cell => Text.Plain(cell))];

    /// <summary>The row as programs count them: the header is the first.</summary>
    public int Line => _csv.Parser.Row;

    /// <summary>The cell of a column; null where there is none, or nothing in it.</summary>
    public string? this[string column] => _columns.TryGetValue(column, out var at) && at < Cells.Length && Cells[at] is { Length: > 0 } cell ? cell : null;

    /// <exception cref="Refused">It has not the columns that are needed.</exception>
    public async Task ReadHeaderAsync(IEnumerable<string> needed)
    {
        if (!await NextAsync(CancellationToken.None))
        {
            throw new Refused("invalid_file", new($"{_name}: there is nothing in it.", $"{_name}: الملف فارغ."));
        }

        Header = [.. Cells.Select(cell => Text.Plain(cell, isIdentifier: true))];
        var twice = Header.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(name => name.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new Refused("invalid_file", new($"{_name}: the column {twice} stands there twice.", $"{_name}: العمود {twice} مكرر."));
        }

        _columns = Header.Index().Where(column => column.Item.Length > 0).ToDictionary(column => column.Item, column => column.Index);
        if (needed.Where(name => !_columns.ContainsKey(name)).ToList() is [_, ..] missing)
        {
            var all = string.Join(", ", missing);
            throw new Refused("invalid_file", new($"{_name}: these columns are missing in the first row: {all}.", $"{_name}: تنقص في الصف الأول الأعمدة: {all}."));
        }
    }

    /// <summary>Goes on to the next row; the one of HXL tags behind the header is none.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        var next = await NextAsync(cancellation);
        return next && Line == 2 && Cells.Any(cell => cell.StartsWith('#')) && Cells.All(cell => cell.Length == 0 || cell.StartsWith('#')) ? await NextAsync(cancellation) : next;
    }

    public void Dispose() => _csv.Dispose();

    private async Task<bool> NextAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if (!await _csv.ReadAsync())
            {
                return false;
            }
        }
        catch (DecoderFallbackException)
        {
            throw Broken(Line + 1, "a text that is no UTF-8", "نص ليس بترميز UTF-8");
        }
        catch (MaxFieldSizeException)
        {
            throw Broken(Line, "a cell of more than 100,000 characters, or a quote that is not closed", "خلية تزيد على 100,000 حرفا أو علامة اقتباس غير مغلقة");
        }
        catch (InvalidDataException)
        {
            throw new Refused("invalid_file", new($"{_name}: it is compressed, and breaks off or is damaged.", $"{_name}: الملف مضغوط وهو ناقص أو تالف."));
        }

        // An odd one was not closed, and what comes behind it is no part of its cell.
        if (_csv.Parser.RawRecord.AsSpan().Count('"') % 2 == 1)
        {
            throw Broken(Line, "a quote that is not closed", "علامة اقتباس غير مغلقة");
        }

        Cells = _csv.Parser.Record!;
        return Cells.Length <= 1000 ? true : throw Broken(Line, "a row of more than 1000 cells", "صف فيه أكثر من 1000 خلية");
    }

    private Refused Broken(int line, string en, string ar) => new("invalid_file", new($"{_name}, row {line}: here is {en}.", $"{_name}، الصف {line}: هنا {ar}."));
}
