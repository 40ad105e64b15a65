namespace PledgeTracker.Imports;

/// <summary>Imports, those that were sent last first.</summary>
public sealed class ListImports : Lists<ListImports.Request, ImportShown>
{
    /// <param name="State">Only those in one of these states.</param>
    /// <param name="Format">Only files of these formats.</param>
    /// <param name="Dataset">Only snapshots of these datasets. For example `fts:JOR:2020`.</param>
    public sealed record Request(IReadOnlyList<string>? State = null, IReadOnlyList<string>? Format = null, IReadOnlyList<string>? Dataset = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.State).IsOneOf(Vocabulary.ImportStates);
            this.ForAnyOf(r => r.Format).IsOneOf(Vocabulary.ImportFormats);
            this.ForAnyOf(r => r.Dataset).IsNoLongerThan(100);
        }
    }

    private static readonly Sorting Sorting = new("-createdAt", ("i.no", typeof(long)), new SortField("createdAt", "i.no", typeof(long)));

    public override void Configure()
    {
        Get("/v1/imports");
        Needs(Role.Recorder);
        Tells("Imports", "Imports", "The files that were sent to be recorded, latest first. To recorders there are only those of their own organization. Needs a key of any role.", 401);
    }

    protected override async Task<Page<ImportShown>> ReadAsync(Request request, View view)
    {
        var (engine, caller) = (view.Engine, Caller.Of(HttpContext));
        var filter = new Filter()
            .WhereAny(engine, "i.state", "state", request.State)
            .WhereAny(engine, "i.format", "format", request.Format)
            .WhereAny(engine, "i.dataset", "dataset", request.Dataset);
        if (caller.Role < Role.Editor)
        {
            filter.Where("(i.actor = @actor OR (i.role = 'recorder' AND i.organization_id = @organization))", "actor", caller.Id).With("organization", caller.OrganizationId);
        }

        var page = await PageAsync<Import>(view, request, Sorting, $"SELECT {Import.Columns} FROM import i", "FROM import i", filter, (row, _) => (row.No, row.No));
        return page.Of(row => ImportShown.Of(row, Reader, view.At));
    }
}
