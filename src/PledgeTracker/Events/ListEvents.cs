namespace PledgeTracker.Events;

/// <summary>Pledging events, latest first.</summary>
public sealed class ListEvents : Lists<ListEvents.Request, Event<string>>
{
    /// <param name="Country">Only events held in these countries. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="From">Begun on this day or later. For example `2018-01-01`.</param>
    /// <param name="To">Begun on this day or earlier. For example `2024-12-31`.</param>
    /// <param name="Q">Words in the id, the name, the place or what its country is called, in either language. All must occur. For example `kuwait`.</param>
    public sealed record Request(IReadOnlyList<string>? Country = null, DateOnly? From = null, DateOnly? To = null, string? Q = null) : PastListRequest;

    public sealed class Rules : PastListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Country).IsCountry();
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
            RuleFor(r => r.Q).IsSearch();
        }
    }

    private static readonly Sorting Sorting = new("-startsOn", ("v.id", typeof(string)), new SortField("startsOn", "v.starts_on", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/events");
        Tells("Events", "Pledging events", "Conferences and meetings where pledges were announced, latest first. As of a day all of them stay, with the figures of that day.");
    }

    protected override async Task<Page<Event<string>>> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        var sorting = request.ChangedSince is null ? Sorting : Sorting.ByVersion("v", ("v.id", typeof(string)));
        var filter = new Filter()
            .Where("v.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(view.Engine, "v.country", "country", request.Country)
            .Where("v.starts_on >= @from", "from", request.From)
            .Where("v.starts_on <= @to", "to", request.To)
            .WhereEachWord(request.Q, (word, like) => Searched.Called("v", word, like));
        var page = await PageAsync<EventRow>(view, request, sorting, EventRow.Select(Reader), "FROM event v", filter, (row, field) => (field.Name == "version" ? row.Version : row.StartsOn, row.Id));
        var shown = await EventRow.ShowAsync(view, page.Data, Reader, (en, ar) => LocalizedText.Of(en, ar)?.In(Reader.Language), past);
        return new(shown, page.Next, page.Count, basis);
    }
}
