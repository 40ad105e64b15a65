namespace PledgeTracker.Funds;

/// <summary>What funds said they need.</summary>
public sealed class ListRequirements : Lists<ListRequirements.Request, Requirement<string>>
{
    /// <param name="Fund">Only requirements of these funds. For example `iraq-reconstruction`.</param>
    /// <param name="Current">Only those that no later statement supersedes, or only those that one does.</param>
    public sealed record Request(IReadOnlyList<string>? Fund = null, bool? Current = null) : ChangingListRequest;

    public sealed class Rules : ChangingListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Fund).IsSlug("iraq-reconstruction");
        }
    }

    private static readonly Sorting Sorting = new("-statedOn", ("t.id", typeof(string)), new SortField("statedOn", "t.stated_on", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/requirements");
        Tells("Funds", "Requirements", "What funds said they need, latest statement first. A later statement about the same period supersedes the earlier; both stay.");
    }

    protected override async Task<Page<Requirement<string>>> ReadAsync(Request request, View view)
    {
        var changing = request.ChangedSince is not null;
        var filter = new Filter()
            .Where("t.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(view.Engine, "t.fund_id", "fund", request.Fund)
            .Where("x.no IS NULL", request.Current == true)
            .Where("x.no IS NOT NULL", request.Current == false);
        var page = await PageAsync<RequirementRow>(view, request, changing ? Sorting.ByVersion("t", ("t.id", typeof(string))) : Sorting, RequirementRow.Select(Reader, changing),
            StatementRow.From("requirement", changing), filter, (row, _) => (changing ? row.Version : row.StatedOn, row.Id));
        var shown = await RequirementRow.ShowAsync(view, page.Data, Reader, (en, ar) => LocalizedText.Of(en, ar)?.In(Reader.Language));
        return new Page<Requirement<string>>(shown, page.Next, page.Count);
    }
}
