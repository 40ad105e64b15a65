namespace PledgeTracker.Organizations;

/// <summary>Organizations that pledged or gave, in the order of any figure. The totals are kept, so the cost does not grow with the pledges.</summary>
public sealed class ListDonors : Lists<ListDonors.Request, DonorItem>
{
    /// <param name="Type">Only donors of these types: IATI OrganisationType codes, `group` and `pooled_fund`.</param>
    /// <param name="Country">Only donors of these countries. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="Q">Words in the id, the name or what its country is called, in either language. All must occur. For example `bank`.</param>
    /// <param name="Instrument">Figures of this instrument alone.</param>
    /// <param name="GrantsOnly">`true` is short for `instrument=grant`: what is `unspecified` is left out, too.</param>
    public sealed record Request(IReadOnlyList<string>? Type = null, IReadOnlyList<string>? Country = null, string? Q = null, string? Instrument = null, bool? GrantsOnly = null) : ListRequest, IPastRequest
    {
        /// <summary>The day at whose end everything stands so, up to today: what counts later is left out, and what was corrected since is right. Today where it is left out. For example `2018-07-01`.</summary>
        public DateOnly? AsOf { get; init; }

        /// <summary>
        /// Only what had been recorded by this instant (RFC 3339, such as `2026-01-31T12:00:00Z`) or by this `Dataset-Version`. Names, aliases, merged organizations, due dates, types,
        /// verifications, citations and the descriptions of donors and funds are those of now.
        /// </summary>
        public string? KnownAt { get; init; }
    }

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
            RuleFor(r => r.KnownAt).IsMoment();
        }
    }

    private static readonly Sorting Sorting = new("-pledged", ("t.id", typeof(string)), [.. Totals.Orders, new("id", "t.id", typeof(string))]);

    public override void Configure()
    {
        Get("/v1/donors");
        Tells("Donors", "Donors", "Organizations that pledged or gave, with their figures, the largest pledges first. With `instrument` or `grantsOnly`, those who gave " +
            "or pledged that instrument, with its figures alone. As of a day, those who had pledged or given by then.");
    }

    protected override async Task<Page<DonorItem>> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        if (past is not null)
        {
            return await ThenAsync(request, view, past) with { Basis = basis };
        }

        // Donors are few: all totals of the instrument are read and sorted. Who they belong to is looked up for those that are shown, unless a
        // filter asks about it.
        var from = request is { Type: null, Country: null, Q: null } ? "FROM total t" : "FROM total t JOIN organization o ON o.id = t.id";
        var filter = Narrowed(new Filter()
            .Where("t.scope = 'donor'")
            .Where("t.instrument = @instrument", "instrument", Totals.InstrumentOf(request.Instrument, request.GrantsOnly))
            .Where("t.lines > 0"), request, view.Engine);
        var page = await PageAsync<TotalRow>(view, request, Sorting, $"SELECT t.id, {Totals.Columns} {from}", from, filter, (row, field) => (row.Key(field), row.Id));
        var list = page.Data.Select(row => row.Id).ToList();
        var donors = list.Count == 0 ? [] : (await view.Sql.QueryAsync<OrganizationItem>($"""
            SELECT o.id, {Reader.Text("o.name")} AS name, o.type, o.country, o.merged_into FROM organization o WHERE {view.Engine.AnyOf("o.id", "@list")}
            """, new { list })).ToDictionary(o => o.Id);
        var totals = await Totals.OfAsync(view, "donor", list);
        return page.Of(row => Shown(donors[row.Id], row.Sums, totals[row.Id].ByInstrument)) with { Basis = basis };
    }

    // As of a day, all that were ever donors and are asked for are summed up and sorted.
    private async Task<Page<DonorItem>> ThenAsync(Request request, View view, Past past)
    {
        var instrument = Totals.InstrumentOf(request.Instrument, request.GrantsOnly);
        var filter = Narrowed(new Filter().Where("EXISTS (SELECT 1 FROM line l WHERE l.donor_id = o.id)"), request, view.Engine);
        var donors = (await view.Sql.QueryAsync<OrganizationItem>(new CommandDefinition(
            $"SELECT o.id, {Reader.Text("o.name")} AS name, o.type, o.country, o.merged_into FROM organization o {filter.Sql}", filter.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache))).AsList();
        var totals = await Totals.ThenAsync(view, past, "donor", request is { Type: null, Country: null, Q: null } ? null : donors.ConvertAll(donor => donor.Id));
        var there = donors.ConvertAll(donor => (Item: donor, Total: totals.GetValueOrDefault(donor.Id, TotalThen.None))).FindAll(donor => donor.Total.Of(instrument).Lines > 0)
            .ConvertAll(donor => new Then(donor.Item, donor.Total, donor.Total.Of(instrument).Sums));
        var page = await PageAsync(request, Sorting, there, (row, field) => (field.Name == "id" ? row.Item.Id : row.Sums.Figure(field.Name), row.Item.Id));
        return page.Of(row => Shown(row.Item, row.Sums, row.Total.ByInstrument));
    }

    private static Filter Narrowed(Filter filter, Request request, Engine engine) => filter
        .WhereAny(engine, "o.type", "type", request.Type)
        .WhereAny(engine, "o.country", "country", request.Country)
        .WhereEachWord(request.Q, (word, like) => Searched.Called("o", word, like));

    private static DonorItem Shown(OrganizationItem donor, Sums sums, InstrumentFigures[] byInstrument) => new()
    {
        Id = donor.Id,
        Name = donor.Name,
        Type = donor.Type,
        Country = donor.Country,
        Figures = TotalSet.Of(sums),
        ByInstrument = byInstrument,
    };

    /// <param name="Sums">Of the instrument that is asked for.</param>
    private sealed record Then(OrganizationItem Item, TotalThen Total, Sums Sums);
}
