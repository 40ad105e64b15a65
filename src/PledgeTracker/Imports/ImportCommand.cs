using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace PledgeTracker.Imports;

/// <summary>The subcommand `import`: files of this machine, without limits, by the same classes as behind the API.</summary>
internal static class ImportCommand
{
    private const int RefusedShown = 20;

    // Another process does it, or the import in front of it.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private static readonly Reader English = new(Language.English, DateOnly.MinValue);

    /// <summary>Stages the files, and applies them; what was begun before goes first.</summary>
    /// <param name="mapping">A file; null where none is sent along.</param>
    /// <returns>The exit code: 0 where no row was refused.</returns>
    public static async Task<int> RunAsync(Db db, StartImport.Request asked, string[] files, string? mapping, CancellationToken cancellation)
    {
        if (new StartImport.Rules().Check(asked) is { Count: > 0 } faults)
        {
            throw Refused.Invalid(faults);
        }

        var names = mapping is null ? "{}" : ImportBody.MappingOf(await File.ReadAllBytesAsync(mapping, cancellation));
        string? id = null;
        Import import;
        try
        {
            import = await Progress.ShowAsync(async tell =>
            {
                id = await Staging.StageAsync(db, Caller.Local, new NewImport(asked.Format!, asked.Dataset, asked.Complete, asked.Mode!, asked.DryRun == true), FilesAsync(files, cancellation), () => names,
                    ImportLimits.None, (_, staged) => Task.FromResult(staged), rows => tell("Rows read", rows, rows), cancellation);
                return await ApplyAsync(db, id, tell, cancellation);
            });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine(id is null ? "Stopped: nothing of it is recorded." : $"Stopped. Import {id} is put aside: a server on this database, or the next `import`, records it to its end.");
            return 1;
        }

        await using var view = await db.ReadAsync(cancellation);
        Show(import, (await view.Sql.QueryAsync<ImportedRowStored>(
            $"SELECT {ImportedRowStored.Columns} FROM import_row r WHERE r.import_no = @No AND r.outcome = 'refused' ORDER BY r.no LIMIT @RefusedShown", new { import.No, RefusedShown })).AsList());
        return import.State is "done" or "checked" && import.RowsRefused == 0 ? 0 : 1;
    }

    private static async Task<Import> ApplyAsync(Db db, string id, Action<string, long, long> tell, CancellationToken cancellation)
    {
        var applier = new Applier(db, NullLogger<Applier>.Instance);
        while (true)
        {
            var did = await applier.StepAllAsync(cancellation);
            await using (var view = await db.ReadAsync(cancellation))
            {
                var import = await GetImport.FindAsync(view, id, Caller.Local);
                tell(import.State == "checking" ? "Rows checked" : "Rows recorded", import.Reached, import.LastRow);
                if (import.EndedAt is not null)
                {
                    return import;
                }
            }

            if (!did)
            {
                await Task.Delay(BetweenLooks, cancellation);
            }
        }
    }

    private static async IAsyncEnumerable<ImportFile> FilesAsync(string[] files, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            await using var content = File.OpenRead(file);
            await using var inflated = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? ImportBody.Inflated(content) : null;
            yield return new ImportFile(Path.GetFileName(file), ImportBody.MediaTypeOf(file), inflated ?? content);
        }
    }

    private static void Show(Import import, List<ImportedRowStored> refused)
    {
        var report = ImportShown.Of(import, English, import.CreatedAt);
        var table = new Table().AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        Add("State", report.State);
        Add("Rows read", Number(report.Rows.Read));
        Add("Recorded", Number(report.Rows.Created));
        Add("Changed", Number(report.Rows.Changed));
        Add("There already", Number(report.Rows.Unchanged));
        Add("Refused", Number(report.Rows.Refused));
        Add("Repeated", Number(report.Rows.Repeated));
        if (report.Totals is { } totals)
        {
            Add("Funding, by the publisher's rules (USD)", Number(totals.FundingUsd));
            Add("Pledges, by the publisher's rules (USD)", Number(totals.PledgedUsd));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Write(table);
        Console.WriteLine($"Import {import.Id}");
        foreach (var note in report.Notes)
        {
            Console.WriteLine($"Note: {note.Text}");
        }

        foreach (var name in report.Suggestions)
        {
            Console.WriteLine($"Not known: {name.Name}. Like it: {string.Join(", ", name.Organizations)}");
        }

        foreach (var row in refused.Select(row => row.Show(English)))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Refused: file {row.Page}, row {row.Row}: {string.Join(' ', row.Faults.Select(f => $"{f.Cell ?? f.Member} {f.Text}"))}"));
        }

        if (report.Rows.Refused > refused.Count)
        {
            Console.WriteLine($"… and {Number(report.Rows.Refused - refused.Count)} more.");
        }

        void Add(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
    }

    private static string Number(decimal number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);
}
