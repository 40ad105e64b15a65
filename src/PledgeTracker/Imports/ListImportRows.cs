namespace PledgeTracker.Imports;

/// <summary>The rows of an import, in the order of its files.</summary>
public sealed class ListImportRows : Lists<ListImportRows.Request, ImportedRow>
{
    /// <param name="Id">The id of the import.</param>
    /// <param name="Outcome">Only those of which this came.</param>
    /// <param name="Difference">Only those that tell this otherwise than the dataset's last snapshot.</param>
    public sealed record Request(string Id, IReadOnlyList<string>? Outcome = null, IReadOnlyList<string>? Difference = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Outcome).IsOneOf(Vocabulary.RowOutcomes);
            this.ForAnyOf(r => r.Difference).IsOneOf(Vocabulary.Differences);
        }
    }

    private static readonly Sorting Sorting = new("row", ("r.no", typeof(long)), new SortField("row", "r.no", typeof(long)));

    public override void Configure()
    {
        Get("/v1/imports/{id}/rows");
        Needs(Role.Recorder);
        Tells("Imports", "The rows of an import",
            "What came of each row, and of those that are refused which member and cell, and why. `/v1/imports/{id}/corrections` has the refused ones as they were sent, to be corrected and sent again. Needs a key of any role.", 401, 404);
    }

    protected override async Task<Page<ImportedRow>> ReadAsync(Request request, View view)
    {
        var import = await GetImport.FindAsync(view, request.Id, Caller.Of(HttpContext));
        var filter = new Filter().Where("r.import_no = @import", "import", import.No)
            .WhereAny(view.Engine, "r.outcome", "outcome", request.Outcome)
            .WhereAny(view.Engine, "r.difference", "difference", request.Difference);
        var page = await PageAsync<ImportedRowStored>(view, request, Sorting, $"SELECT {ImportedRowStored.Columns} FROM import_row r", "FROM import_row r", filter, (row, _) => (row.No, row.No));
        return page.Of(row => row.Show(Reader));
    }
}
