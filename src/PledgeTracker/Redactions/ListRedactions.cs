namespace PledgeTracker.Redactions;

/// <summary>What was redacted, and why.</summary>
public sealed class ListRedactions : Lists<ListRedactions.Request, Redaction>
{
    /// <param name="Record">Only redactions of the record with this id. For example `undp-ffs`.</param>
    public sealed record Request(string? Record = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting) => RuleFor(r => r.Record).IsSlug("undp-ffs");
    }

    private static readonly Sorting Sorting = new("-sequence", ("r.seq", typeof(long)), new SortField("sequence", "r.seq", typeof(long)));

    public override void Configure()
    {
        Get("/v1/redactions");
        Tells("Redactions", "Redactions", "Which free text admins blanked, when and why, latest first; not what it said.");
    }

    protected override async Task<Page<Redaction>> ReadAsync(Request request, View view)
    {
        var filter = new Filter().Where("r.entity_id = @record", "record", request.Record);
        var page = await PageAsync<RedactionRow>(view, request, Sorting, RedactionRow.Select, "FROM redaction r", filter, (row, _) => (row.Seq, row.Seq));
        return page.Of(row => row.ToRedaction(Reader));
    }
}
