namespace PledgeTracker.Indicators;

/// <summary>What the money is for, and what has come of it.</summary>
public sealed class ListIndicators : Lists<ListIndicators.Request, Indicator>
{
    /// <param name="Measure">Only values of these measures. For example `coalition-partners`.</param>
    /// <param name="Fund">Only indicators of these funds. For example `undp-ffs`.</param>
    /// <param name="From">Of this day or later, or of a month or a year that has a day as late. For example `2017-01-01`.</param>
    /// <param name="To">Of this day or earlier, or of a month or a year that has a day as early. For example `2024-12-31`.</param>
    public sealed record Request(IReadOnlyList<string>? Measure = null, IReadOnlyList<string>? Fund = null, DateOnly? From = null, DateOnly? To = null) : ChangingListRequest;

    public sealed class Rules : ChangingListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Measure).IsSlug("coalition-partners");
            this.ForAnyOf(r => r.Fund).IsSlug("undp-ffs");
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
        }
    }

    private static readonly Sorting Sorting = new("-date", ("i.id", typeof(string)), new SortField("date", "i.date", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/indicators");
        Tells("Indicators", "Indicators", "Values of what the money is for, latest first; the values of one `measure` form a series.");
    }

    protected override async Task<Page<Indicator>> ReadAsync(Request request, View view)
    {
        var filter = new Filter()
            .Where("i.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(view.Engine, "i.measure", "measure", request.Measure)
            .WhereAny(view.Engine, "i.fund_id", "fund", request.Fund)
            .WhereOverlaps("i.date", "i.date_precision", request.From, request.To);
        var page = await PageAsync<IndicatorRow>(view, request, request.ChangedSince is null ? Sorting : Sorting.ByVersion("i", ("i.id", typeof(string))), IndicatorRow.Select(Reader),
            "FROM indicator i", filter, (row, field) => (field.Name == "version" ? row.Version : row.Date, row.Id));
        return new(await IndicatorRow.ShowAsync(view, page.Data, Reader), page.Next, page.Count);
    }
}
