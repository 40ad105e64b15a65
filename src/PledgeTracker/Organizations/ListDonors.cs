namespace PledgeTracker.Organizations;

/// <summary>Organizations that pledged or gave, in the order of any figure. The totals are kept, so the cost does not grow with the pledges.</summary>
public sealed class ListDonors : Lists<ListDonors.Request, DonorItem>
{
    /// <param name="Type">Only donors of these types: IATI OrganisationType codes, `group` and `pooled_fund`.</param>
    /// <param name="Country">Only donors of these countries. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="Q">Words in the id, the name or what its country is called, in either language. All must occur. For example `bank`.</param>
    /// <param name="Instrument">Figures of this instrument alone.</param>
    /// <param name="GrantsOnly">`true` is short for `instrument=grant`: what is `unspecified` is left out, too.</param>
    public sealed record Request(IReadOnlyList<string>? Type = null, IReadOnlyList<string>? Country = null, string? Q = null, string? Instrument = null, bool? GrantsOnly = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Type).IsOneOf(Vocabulary.OrganizationTypes);
            this.ForAnyOf(r => r.Country).IsCountry();
            RuleFor(r => r.Q).IsSearch();
            RuleFor(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.GrantsOnly).IsGrantsOnly(r => r.Instrument);
        }
    }

    private static readonly Sorting Sorting = new("-pledged", ("t.id", typeof(string)), [.. Totals.Orders, new("id", "t.id", typeof(string))]);

    public override void Configure()
    {
        Get("/v1/donors");
        Tells("Donors", "Donors", "Organizations that pledged or gave, with their figures, the largest pledges first. With `instrument` or `grantsOnly`, those who gave " +
            "or pledged that instrument, with its figures alone.");
    }

    protected override async Task<Page<DonorItem>> ReadAsync(Request request, View view)
    {
        // Donors are few: all totals of the instrument are read and sorted. Who they belong to is looked up for those that are shown, unless a
        // filter asks about it.
        var from = request is { Type: null, Country: null, Q: null } ? "FROM total t" : "FROM total t JOIN organization o ON o.id = t.id";
        var filter = new Filter()
            .Where("t.scope = 'donor'")
            .Where("t.instrument = @instrument", "instrument", Totals.InstrumentOf(request.Instrument, request.GrantsOnly))
            .Where("t.lines > 0")
            .WhereAny(view.Engine, "o.type", "type", request.Type)
            .WhereAny(view.Engine, "o.country", "country", request.Country)
            .WhereEachWord(request.Q, (word, like) => Searched.Called("o", word, like));
        var page = await PageAsync<TotalRow>(view, request, Sorting, $"SELECT t.id, {Totals.Columns} {from}", from, filter, (row, field) => (row.Key(field), row.Id));
        var list = page.Data.Select(row => row.Id).ToList();
        var donors = list.Count == 0 ? [] : (await view.Sql.QueryAsync<OrganizationItem>($"""
            SELECT o.id, {Reader.Text("o.name")} AS name, o.type, o.country, o.merged_into FROM organization o WHERE {view.Engine.AnyOf("o.id", "@list")}
            """, new { list })).ToDictionary(o => o.Id);
        var totals = await Totals.OfAsync(view, "donor", list);
        return page.Of(row => new DonorItem
        {
            Id = row.Id,
            Name = donors[row.Id].Name,
            Type = donors[row.Id].Type,
            Country = donors[row.Id].Country,
            Figures = TotalSet.Of(row.Sums),
            ByInstrument = totals[row.Id].ByInstrument,
        });
    }
}
