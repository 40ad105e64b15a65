namespace PledgeTracker.Countries;

/// <summary>All countries, by code.</summary>
public sealed class ListCountries : Lists<ListCountries.Request, CountryItem>
{
    /// <param name="Q">The code, or words in what the country is called, in either language. All must occur. For example `turkey`.</param>
    public sealed record Request(string? Q = null) : ChangingListRequest;

    public sealed class Rules : ChangingListRules<Request>
    {
        public Rules()
            : base(Sorting) => RuleFor(r => r.Q).IsSearch();
    }

    private static readonly Sorting Sorting = new("code", ("k.code", typeof(string)), new SortField("code", "k.code", typeof(string)));

    public override void Configure()
    {
        Get("/v1/countries");
        Tells("Countries", "Countries", "ISO 3166-1 alpha-3, the codes that were withdrawn (ISO 3166-3) and XKX for Kosovo, by code. `changedSince` goes by what was amended; with `0` it sends all.");
    }

    protected override async Task<Page<CountryItem>> ReadAsync(Request request, View view)
    {
        var sorting = request.ChangedSince is null ? Sorting : Sorting.ByVersion("k", ("k.code", typeof(string)));
        var since = await SinceAsync(view, request.ChangedSince);
        var filter = new Filter()
            // What was never amended has version 0.
            .Where("k.version > @since", "since", since == 0 ? -1 : since)
            .WhereEachWord(request.Q, (word, _) => $"({Searched.CountryCalled("k", word)} OR lower(k.code) = {word})");
        var page = await PageAsync<CountryRow>(view, request, sorting, CountryRow.Select, "FROM country k", filter, (row, field) => (field.Name == "version" ? row.Version : row.Code, row.Code));
        return page.Of(row => new CountryItem { Code = row.Code, Name = Country.NameOf(row.Code)!.In(Reader.Language)!, Withdrawn = Country.IsWithdrawn(row.Code) });
    }
}
