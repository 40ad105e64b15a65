namespace PledgeTracker.Sources;

/// <summary>The documents that figures rest on, latest first.</summary>
public sealed class ListSources : Lists<ListSources.Request, SourceItem>
{
    /// <param name="Reliability">Only sources of these kinds.</param>
    /// <param name="Q">Words in the id, the title or the publisher, in either language. All must occur. For example `coalition`.</param>
    public sealed record Request(IReadOnlyList<string>? Reliability = null, string? Q = null) : ChangingListRequest;

    public sealed class Rules : ChangingListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Reliability).IsOneOf(Vocabulary.Reliabilities);
            RuleFor(r => r.Q).IsSearch();
        }
    }

    private static readonly Sorting Sorting = new("-publishedOn", ("s.id", typeof(string)), new SortField("publishedOn", "s.published_on", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/sources");
        Tells("Sources", "Sources", "The documents that figures rest on, latest first.");
    }

    protected override async Task<Page<SourceItem>> ReadAsync(Request request, View view)
    {
        var sorting = request.ChangedSince is null ? Sorting : Sorting.ByVersion("s", ("s.id", typeof(string)));
        var filter = new Filter()
            .Where("s.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(view.Engine, "s.reliability", "reliability", request.Reliability)
            .WhereWords("s.search", request.Q);
        var page = await PageAsync<SourceRow>(view, request, sorting, SourceRow.Select, "FROM source s", filter, (row, field) => (field.Name == "version" ? row.Version : row.PublishedOn, row.Id));
        return page.Of(row => new SourceItem
        {
            Id = row.Id,
            Title = LocalizedText.Of(row.TitleEn, row.TitleAr)?.In(Reader.Language),
            Publisher = LocalizedText.Of(row.PublisherEn, row.PublisherAr)?.In(Reader.Language),
            Url = row.Url,
            Language = row.Language,
            PublishedOn = row.PublishedOn,
            DateQualifier = row.DateQualifier,
            Reliability = row.Reliability,
        });
    }
}
