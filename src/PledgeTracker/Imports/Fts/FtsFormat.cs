namespace PledgeTracker.Imports.Fts;

/// <summary>Flows of the Financial Tracking Service: as its API gives them, and as HDX publishes them.</summary>
internal sealed class FtsFormat(bool isCsv) : ImportFormat
{
    public override bool IsOfDataset => true;

    public override IAsyncEnumerable<ReadRow> ReadAsync(IAsyncEnumerable<ImportFile> files, ImportLimits limits, ImportReport report, CancellationToken cancellation) =>
        isCsv ? FtsCsv.ReadAsync(files, report, cancellation) : FtsJson.ReadAsync(files, report, cancellation);

    public override void Count(ReadRow row, ImportReport report)
    {
        if (row.Counted is not FtsCounted counted)
        {
            return;
        }

        FtsTotals.Add(report.Totals ??= new(), counted.Flow);
        foreach (var name in counted.Suggestions)
        {
            if (report.Suggestions.Count < MostSuggestions && !report.Suggestions.Exists(known => known.Name == name.Name))
            {
                report.Suggestions.Add(name);
            }
        }
    }

    public override async Task<ImportJob> BeginAsync(Write write, Import import) => await FtsJob.BeginAsync(write, import, isCsv);

    public override async Task<bool> FinishAsync(Write write, Import import, Func<bool> hasTime) =>
        !import.Complete || import.Reported.IsIncomplete || await (await FtsJob.BeginAsync(write, import, isCsv)).DropAsync(hasTime);

    // More are read by nobody.
    private const int MostSuggestions = 500;
}

/// <summary>A flow that is counted.</summary>
/// <param name="Suggestions">Names of it that are not known here.</param>
internal sealed record FtsCounted(FtsFlow Flow, IReadOnlyList<NameSuggestion> Suggestions);
