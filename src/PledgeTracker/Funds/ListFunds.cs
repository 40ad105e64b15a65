using PledgeTracker.Summaries;

namespace PledgeTracker.Funds;

/// <summary>Funds with their figures.</summary>
public sealed class ListFunds : Lists<ListFunds.Request, FundItem>
{
    /// <param name="Kind">Only funds of these kinds.</param>
    /// <param name="Country">Only funds that work in any of these countries. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="Parent">Only funds under these umbrellas. For example `iraq-stabilization`.</param>
    /// <param name="Q">Words in the id, the name or what its countries are called, in either language. All must occur. For example `stabilization`.</param>
    /// <param name="Instrument">Figures of this instrument alone.</param>
    /// <param name="GrantsOnly">`true` is short for `instrument=grant`: what is `unspecified` is left out, too.</param>
    public sealed record Request(
        IReadOnlyList<string>? Kind = null, IReadOnlyList<string>? Country = null, IReadOnlyList<string>? Parent = null, string? Q = null, string? Instrument = null, bool? GrantsOnly = null) : PastListRequest;

    public sealed class Rules : PastListRules<Request>
    {
        public Rules()
            : base(ById)
        {
            this.ForAnyOf(r => r.Kind).IsOneOf(Vocabulary.FundKinds);
            this.ForAnyOf(r => r.Country).IsCountry();
            this.ForAnyOf(r => r.Parent).IsSlug("iraq-stabilization");
            RuleFor(r => r.Q).IsSearch();
            RuleFor(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.GrantsOnly).IsGrantsOnly(r => r.Instrument);
        }
    }

    private static readonly Sorting ById = new("id", ("f.id", typeof(string)), [new("id", "f.id", typeof(string)), .. Totals.Orders]);
    private static readonly Sorting ByFigure = new("id", ("t.id", typeof(string)), Totals.Orders);

    public override void Configure()
    {
        Get("/v1/funds");
        Tells("Funds", "Funds", "Facilities, trust funds, appeals, programmes and pledge drives with their own figures, by id. Sorted by a figure, or with `instrument` or " +
            "`grantsOnly`, the list holds the funds that have such figures. `changedSince` goes by what is said of a fund: figures follow the money. As of a day funds that have nothing yet stay, with figures of 0, in the order of their ids.");
    }

    protected override async Task<Page<FundItem>> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        var instrument = Totals.InstrumentOf(request.Instrument, request.GrantsOnly);
        var filter = new Filter().With("instrument", instrument)
            .Where("f.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(view.Engine, "f.kind", "kind", request.Kind)
            .WhereAny(view.Engine, "f.parent_id", "parent", request.Parent)
            .WhereEachWord(request.Q, (word, like) => Searched.FundCalled("f", word, like));
        // A list of codes in JSON: a code between quotation marks is one of them.
        var countries = request.Country ?? [];
        filter.Where($"({string.Join(" OR ", countries.Select((_, i) => $"f.countries LIKE @country{i}"))})", countries.Count > 0);
        foreach (var (i, country) in countries.Index())
        {
            filter.With($"country{i}", $"%\"{country}\"%");
        }

        if (past is not null)
        {
            return await ThenAsync(request, view, past, instrument, filter) with { Basis = basis };
        }

        const string totals = "t.scope = 'fund' AND t.instrument = @instrument AND t.lines > 0";
        // By id, funds without money are listed too. By a figure, the totals are sorted, and the funds are looked up for those that are shown, unless
        // a filter asks about them.
        string from;
        var sorting = request.ChangedSince is null ? ById : Sorting.ByVersion("f", ("f.id", typeof(string)));
        if (request.Sort is null or "id" or "-id")
        {
            from = $"FROM fund f {(instrument == "all" ? "LEFT" : "")} JOIN total t ON t.id = f.id AND {totals}";
        }
        else
        {
            from = request is { Kind: null, Country: null, Parent: null, Q: null } ? "FROM total t" : "FROM total t JOIN fund f ON f.id = t.id";
            sorting = ByFigure;
            // Money outside any fund has a total, too.
            filter.Where(totals).Where("t.id <> ''");
        }

        var page = await PageAsync<Row>(view, request, sorting, $"SELECT {sorting.Tie.Column}, {(request.ChangedSince is null ? "0 AS version" : "f.version")}, {Totals.Columns} {from}", from, filter,
            (row, field) => (row.Key(field), row.Id));
        var list = page.Data.Select(row => row.Id).ToList();
        var funds = list.Count == 0 ? [] : (await view.Sql.QueryAsync<ItemRow>($"{ItemRow.Select(Reader)} WHERE {view.Engine.AnyOf("f.id", "@list")}", new { list })).ToDictionary(f => f.Id);
        var shown = await Totals.OfAsync(view, "fund", list);
        return page.Of(row => funds[row.Id].ToItem(row.Sums, shown[row.Id].ByInstrument, funds[row.Id].OnlyPeriod, Reader.Today)) with { Basis = basis };
    }

    // As of a day, all funds that are asked for are summed up and sorted.
    private async Task<Page<FundItem>> ThenAsync(Request request, View view, Past past, string instrument, Filter filter)
    {
        var funds = (await view.Sql.QueryAsync<ItemRow>(new CommandDefinition($"{ItemRow.Select(Reader)} {filter.Sql}", filter.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache))).AsList();
        var totals = await Totals.ThenAsync(view, past, "fund", request is { Kind: null, Country: null, Parent: null, Q: null } ? null : funds.ConvertAll(fund => fund.Id));
        var byId = instrument == "all" && (request.Sort is null or "id" or "-id");
        var there = funds.ConvertAll(fund => (Item: fund, Total: totals.GetValueOrDefault(fund.Id, TotalThen.None))).FindAll(fund => byId || fund.Total.Of(instrument).Lines > 0)
            .ConvertAll(fund => new Then(fund.Item, fund.Total, fund.Total.Of(instrument).Sums));
        var page = await PageAsync(request, ById, there, (row, field) => (field.Name == "id" ? row.Item.Id : row.Sums.Figure(field.Name), row.Item.Id));
        var stated = (await Statements.ThenAsync(view, "requirement", past, [.. page.Data.Select(row => row.Item.Id)])).ToLookup(s => s.Statement.FundId);
        return page.Of(row => row.Item.ToItem(row.Sums, row.Total.ByInstrument, RequirementRow.OnlyPeriodOf(stated[row.Item.Id]), past.Day));
    }

    /// <param name="Sums">Of the instrument that is asked for.</param>
    private sealed record Then(ItemRow Item, TotalThen Total, Sums Sums);

    private sealed record Row : TotalsRow
    {
        public required string Id { get; init; }
        public required long Version { get; init; }

        public object Key(SortField field) => field.Name switch
        {
            "id" => Id,
            "version" => Version,
            _ => Figure(field.Name),
        };
    }

    private sealed record ItemRow
    {
        public required string Id { get; init; }
        public string? Name { get; init; }
        public required string Kind { get; init; }
        public required string[] Countries { get; init; }
        public string? ParentId { get; init; }
        public string? ParentName { get; init; }
        public DateOnly? OnlyStart { get; init; }
        public DateOnly? OnlyEnd { get; init; }

        /// <inheritdoc cref="FundRow.OnlyPeriod"/>
        public Period? OnlyPeriod => OnlyStart is { } start && OnlyEnd is { } end ? new(start, end) : null;

        /// <summary>What is selected, and from what, in front of the WHERE that finds <c>fund f</c>.</summary>
        public static string Select(Reader reader) => $"""
            SELECT f.id, {reader.Text("f.name")} AS name, f.kind, f.countries, p.id AS parent_id, {reader.Text("p.name")} AS parent_name, {RequirementRow.OnlyPeriod} FROM fund f LEFT JOIN fund p ON p.id = f.parent_id
            """;

        public FundItem ToItem(Sums sums, IReadOnlyList<InstrumentFigures> byInstrument, Period? onlyPeriod, DateOnly day) => new()
        {
            Id = Id,
            Name = Name,
            Kind = Kind,
            Parent = Ref.Of(ParentId, ParentName),
            Countries = Countries,
            Figures = TotalSet.Of(sums),
            ByInstrument = byInstrument,
            PaceGap = PaceGap.Of(sums, onlyPeriod, day),
        };
    }
}
