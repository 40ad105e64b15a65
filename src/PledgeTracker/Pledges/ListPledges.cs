namespace PledgeTracker.Pledges;

/// <summary>Pledges, filtered and in order. Each order is walked along an index that begins with a filter; see db/README.md.</summary>
public sealed class ListPledges : Lists<ListPledges.Request, PledgeItem>
{
    /// <param name="Donor">Only pledges of these donors. For example `usa`.</param>
    /// <param name="Fund">Only pledges to these funds. For example `ne-syria-stabilization`.</param>
    /// <param name="Recipient">Only pledges to these recipient organizations. For example `irq-mof`.</param>
    /// <param name="Country">Only pledges for these countries, alone or among others. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="Event">Only pledges announced at these events. For example `kuwait-conference-2018`.</param>
    /// <param name="Status">Only pledges of these statuses.</param>
    /// <param name="Instrument">Only pledges of these instruments.</param>
    /// <param name="GrantsOnly">`true` is short for `instrument=grant`: what is `unspecified` is left out, too.</param>
    /// <param name="Origin">Announced pledges, or the headers of contributions that nobody had pledged.</param>
    /// <param name="Currency">Only pledges made in these currencies. ISO 4217. For example `EUR`.</param>
    /// <param name="AnnouncedFrom">Announced on this day or later, or in a month or a year that has a day as late. For example `2018-01-01`.</param>
    /// <param name="AnnouncedTo">Announced on this day or earlier, or in a month or a year that has a day as early. For example `2018-12-31`.</param>
    /// <param name="MinAmountUsd">At least so many US dollars pledged.</param>
    /// <param name="MaxAmountUsd">At most so many US dollars pledged.</param>
    /// <param name="Overdue">Whether a due date has been missed.</param>
    /// <param name="Verification">Only pledges with a contribution that editors found so, or have not looked at.</param>
    /// <param name="ExternalSystem">Only pledges with a number of these systems, in capitals or not. A value that contains a comma, or begins with a quotation mark, stands between quotation marks, and those inside are doubled: `"a,b"`.</param>
    /// <param name="ExternalId">Only pledges with these numbers, in whatever system. A value that contains a comma, or begins with a quotation mark, stands between quotation marks, and those inside are doubled: `"a,b"`.</param>
    /// <param name="RecordedBy">Only what these recorded: `recordedBy` as it is shown, the id of an organization for what stands under the pledge in its name, or with your key `me` (a recorder's organization, an editor's key).</param>
    /// <param name="Q">Words in the pledge's texts, in what its countries are called, or in the names of its donor, fund, recipient or event, in either language. All must occur. For example `stabilization`.</param>
    public sealed record Request(
        IReadOnlyList<string>? Donor = null, IReadOnlyList<string>? Fund = null, IReadOnlyList<string>? Recipient = null, IReadOnlyList<string>? Country = null,
        IReadOnlyList<string>? Event = null, IReadOnlyList<string>? Status = null, IReadOnlyList<string>? Instrument = null, bool? GrantsOnly = null, string? Origin = null,
        IReadOnlyList<string>? Currency = null, DateOnly? AnnouncedFrom = null, DateOnly? AnnouncedTo = null, decimal? MinAmountUsd = null, decimal? MaxAmountUsd = null,
        bool? Overdue = null, IReadOnlyList<string>? Verification = null, [property: Identifier] IReadOnlyList<string>? ExternalSystem = null, [property: Identifier] IReadOnlyList<string>? ExternalId = null,
        IReadOnlyList<string>? RecordedBy = null, string? Q = null) : PastListRequest, IPledgeFilters;

    public sealed class Rules : PastListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.AddPledgeFilters();
            this.ForAnyOf(r => r.Currency).IsCurrency();
            RuleFor(r => r.Origin).IsOneOf(Vocabulary.Origins, "announced");
            RuleFor(r => r.Sort).Must((r, sort) => sort is null or "announcedOn" or "-announcedOn" || r is { AsOf: null, KnownAt: null }).Or("not_allowed",
                "Send announcedOn or -announcedOn: with asOf or knownAt pledges go by date.", "أرسل announcedOn أو -announcedOn: مع asOf أو knownAt ترتب التعهدات بحسب التاريخ.");
            RuleFor(r => r.Count).Must((r, count) => count != true || r is { AsOf: null, KnownAt: null }).Or("not_allowed",
                "Leave this out: with asOf or knownAt pledges are read page by page, and not counted. `/v1/summary` counts them.",
                "لا ترسل هذه المعلمة: مع asOf أو knownAt تُقرأ التعهدات صفحة صفحة ولا تُعد. تجد عددها في ‎/v1/summary.");
        }
    }

    // As of a day, so many are read for one page: what they came to then only their entries say.
    private const int MostRead = 2000;

    private static readonly Sorting Sorting = new("-announcedOn", ("p.no", typeof(long)),
        new("announcedOn", "p.announced_on", typeof(DateOnly)), new("amountUsd", "p.pledged_usd", typeof(long)), new("outstanding", "p.outstanding_usd", typeof(long)));

    private static readonly Walk ByPledge = new("pledge p", "p", Sorting);
    private static readonly Walk ByVersion = new("pledge p", "p", Sorting.ByVersion("p", ("p.no", typeof(long))));

    // A donor's lines and a country's pledges repeat what pledges are sorted by, so that there is an index of each order that begins with the donor or the country.
    private static readonly Walk ByDonor = new("line l JOIN pledge p ON p.no = l.pledge_no", "l", new("-announcedOn", ("l.pledge_no", typeof(long)),
        new("announcedOn", "l.announced_on", typeof(DateOnly)), new("amountUsd", "l.header_pledged_usd", typeof(long)), new("outstanding", "l.header_outstanding_usd", typeof(long))));

    private static readonly Walk ByCountry = new("pledge_country c JOIN pledge p ON p.no = c.pledge_no", "c", new("-announcedOn", ("c.pledge_no", typeof(long)),
        new("announcedOn", "c.announced_on", typeof(DateOnly)), new("amountUsd", "c.pledged_usd", typeof(long)), new("outstanding", "c.outstanding_usd", typeof(long))));

    public override void Configure()
    {
        Get("/v1/pledges");
        Metadata(new TakesMe("recordedBy"));
        Tells("Pledges", "Pledges", "Announced pledges, newest first; `origin=direct` shows the headers of contributions that nobody had pledged. " +
            "`instrument` is never mixed silently: filter by it, or use `grantsOnly`. Several values of a filter are joined by commas and mean any of them. " +
            "As of a day pledges go by date and are not counted; `status`, `minAmountUsd`, `maxAmountUsd` and `overdue` ask for what they stood at then, `verification` for contributions that counted then. For one page at most " +
            $"{MostRead:#,0} are looked through: one that shows fewer than `limit`, even none, still has a `next` while there are more.", 401);
    }

    protected override async Task<Page<PledgeItem>> ReadAsync(Request request, View view)
    {
        var (past, basis) = await Past.WithBasisAsync(request, view, Reader);
        var walk = Along(request);
        var filter = await WhereAsync(request, view, walk, past);
        if (past is not null)
        {
            return await ThenAsync(request, view, past, walk, filter) with { Basis = basis };
        }

        filter.WhereStanding(request, view.Engine, Reader.Today);
        var page = await PageAsync<PledgeRow>(view, request, walk.Sorting, PledgeRow.Select(walk.From, Reader), $"FROM {walk.From}", filter, (row, field) => (field.Name switch
        {
            "announcedOn" => row.AnnouncedOn,
            "amountUsd" => row.PledgedUsd,
            "version" => row.Version,
            _ => row.OutstandingUsd,
        }, row.No));
        var (donors, movements, citations) = await PledgeRow.PartsAsync(view, page.Data, Reader);
        return page.Of(row => new PledgeItem(row, donors[row.No], movements[row.No], citations[row.No], Reader)) with { Basis = basis };
    }

    // As of a day they are walked by date, and looked at one by one.
    private async Task<Page<PledgeItem>> ThenAsync(Request request, View view, Past past, Walk walk, Filter filter)
    {
        var donors = await References.SurvivorsAsync(view, request.Donor);
        var page = await PageAsync<PledgeRow, PledgeThen>(view, request, walk.Sorting, PledgeRow.Select(walk.From, Reader), filter, MostRead, async rows =>
        {
            var entries = await past.EntriesAsync(view, rows.ConvertAll(row => row.No));
            return [.. rows.Where(row => entries.Contains(row.No)).Select(row => row.Then([.. entries[row.No]])).Where(pledge =>
                request.Stands(pledge.Row.Status, pledge.Row.Sums.Pledged, pledge.Row.OverdueFrom, past.Day) && (donors is null || pledge.Lines.Exists(line => donors.Contains(line.DonorId))))];
        }, (row, _) => (row.AnnouncedOn, row.No), (pledge, _) => (pledge.Row.AnnouncedOn, pledge.Row.No));
        var (lines, movements, citations) = await PledgeRow.PartsAsync(view, page.Data, Reader);
        var said = await past.SaidAsync(view, "pledge", [.. page.Data.Select(pledge => pledge.Row.Id)]);
        return page.Of(pledge => new PledgeItem(said.TryGetValue(pledge.Row.Id, out var then) ? pledge.Row.Said(then) : pledge.Row, lines[pledge.Row.No], movements[pledge.Row.No], citations[pledge.Row.No], past.Seen(Reader)));
    }

    private static Walk Along(Request request) =>
        request.ChangedSince is not null ? ByVersion
        : request is { Donor.Count: 1, Q: null } ? ByDonor
        : request is { Country.Count: 1, Fund: null, Recipient: null, Event: null, Q: null } ? ByCountry
        : ByPledge;

    private async Task<Filter> WhereAsync(Request request, View view, Walk walk, Past? past) => await new Filter()
        .Where($"{walk.Owner}.origin = @origin", "origin", request.Origin ?? "announced")
        .Where("p.version > @since", "since", await SinceAsync(view, request.ChangedSince))
        .WhereAsync(request, view, HttpContext, walk == ByDonor ? ("l.donor_id", any => any) : null, walk == ByCountry ? ("c.country", any => any) : null, $"{walk.Owner}.announced_on", past);

    /// <summary>What the query walks along.</summary>
    /// <param name="From">Where it begins; <c>pledge p</c> is joined.</param>
    /// <param name="Owner">The table in it that repeats what pledges are sorted by.</param>
    private sealed record Walk(string From, string Owner, Sorting Sorting);
}
