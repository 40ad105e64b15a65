namespace PledgeTracker.Organizations;

/// <summary>All organizations, donors or not, without those that were merged into others.</summary>
public sealed class ListOrganizations : Lists<ListOrganizations.Request, OrganizationItem>
{
    /// <param name="Type">Only organizations of these types: IATI OrganisationType codes, `group` and `pooled_fund`.</param>
    /// <param name="Country">Only organizations of these countries. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="Q">Words in the id, the name or what its country is called, in either language. All must occur. For example `bank`.</param>
    public sealed record Request(IReadOnlyList<string>? Type = null, IReadOnlyList<string>? Country = null, string? Q = null) : ChangingListRequest;

    public sealed class Rules : ChangingListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Type).IsOneOf(Vocabulary.OrganizationTypes);
            this.ForAnyOf(r => r.Country).IsCountry();
            RuleFor(r => r.Q).IsSearch();
        }
    }

    private static readonly Sorting Sorting = new("id", ("o.id", typeof(string)), new SortField("id", "o.id", typeof(string)));

    public override void Configure()
    {
        Get("/v1/organizations");
        Tells("Organizations", "Organizations", "Everyone who gives, receives or runs a fund, by id.");
    }

    protected override async Task<Page<OrganizationItem>> ReadAsync(Request request, View view)
    {
        var filter = new Filter()
            .Where("o.merged_into IS NULL", request.ChangedSince is null)
            .Where("o.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(view.Engine, "o.type", "type", request.Type)
            .WhereAny(view.Engine, "o.country", "country", request.Country)
            .WhereEachWord(request.Q, (word, like) => Searched.Called("o", word, like));
        var sorting = request.ChangedSince is null ? Sorting : Sorting.ByVersion("o", ("o.id", typeof(string)));
        var page = await PageAsync<ItemRow>(view, request, sorting, $"SELECT o.id, {Reader.Text("o.name")} AS name, o.type, o.country, o.merged_into, o.version FROM organization o",
            "FROM organization o", filter, (row, field) => (field.Name == "version" ? row.Version : row.Id, row.Id));
        return page.Of(row => new OrganizationItem { Id = row.Id, Name = row.Name, Type = row.Type, Country = row.Country, MergedInto = row.MergedInto });
    }

    private sealed record ItemRow
    {
        public required string Id { get; init; }
        public string? Name { get; init; }
        public required string Type { get; init; }
        public string? Country { get; init; }
        public string? MergedInto { get; init; }
        public required long Version { get; init; }
    }
}
