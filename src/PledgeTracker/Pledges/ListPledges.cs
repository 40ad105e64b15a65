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
        IReadOnlyList<string>? RecordedBy = null, string? Q = null) : ChangingListRequest;

    public sealed class Rules : ChangingListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            ForAnyOf(r => r.Donor).IsSlug("usa");
            ForAnyOf(r => r.Fund).IsSlug("ne-syria-stabilization");
            ForAnyOf(r => r.Recipient).IsSlug("irq-mof");
            ForAnyOf(r => r.Country).IsCountry();
            ForAnyOf(r => r.Event).IsSlug("kuwait-conference-2018");
            ForAnyOf(r => r.Status).IsOneOf(Vocabulary.Statuses);
            ForAnyOf(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.GrantsOnly).IsGrantsOnly(r => r.Instrument is null || r.Instrument.All(word => word == "grant") ? null : r.Instrument[0]);
            ForAnyOf(r => r.Currency).IsCurrency();
            ForAnyOf(r => r.Verification).IsOneOf(Vocabulary.Verifications);
            ForAnyOf(r => r.ExternalSystem).IsText(100);
            ForAnyOf(r => r.ExternalId).IsText(200);
            ForAnyOf(r => r.RecordedBy).IsRecorder();
            RuleFor(r => r.Origin).IsOneOf(Vocabulary.Origins, "announced");
            RuleFor(r => r.AnnouncedTo).IsNotBefore("announcedFrom", r => r.AnnouncedFrom);
            RuleFor(r => r.MinAmountUsd).IsUsd();
            RuleFor(r => r.MaxAmountUsd).IsUsd();
            RuleFor(r => r.MaxAmountUsd).IsNotBelow("minAmountUsd", r => r.MinAmountUsd);
            RuleFor(r => r.Q).IsSearch();
        }
    }

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
            "`instrument` is never mixed silently: filter by it, or use `grantsOnly`. Several values of a filter are joined by commas and mean any of them.", 401);
    }

    protected override async Task<Page<PledgeItem>> ReadAsync(Request request, View view)
    {
        var walk = Along(request);
        var filter = await WhereAsync(request, view, walk);
        var page = await PageAsync<PledgeRow>(view, request, walk.Sorting, PledgeRow.Select(walk.From, Reader), $"FROM {walk.From}", filter, (row, field) => (field.Name switch
        {
            "announcedOn" => row.AnnouncedOn,
            "amountUsd" => row.PledgedUsd,
            "version" => row.Version,
            _ => row.OutstandingUsd,
        }, row.No));
        var (donors, movements, citations) = await PledgeRow.PartsAsync(view, page.Data, Reader);
        return page.Of(row => new PledgeItem(row, donors[row.No], movements[row.No], citations[row.No], Reader));
    }

    private static Walk Along(Request request) =>
        request.ChangedSince is not null ? ByVersion
        : request is { Donor.Count: 1, Q: null } ? ByDonor
        : request is { Country.Count: 1, Fund: null, Recipient: null, Event: null, Q: null } ? ByCountry
        : ByPledge;

    private async Task<Filter> WhereAsync(Request request, View view, Walk walk)
    {
        var (byDonor, byCountry, owner) = (walk == ByDonor, walk == ByCountry, walk.Owner);
        var engine = view.Engine;
        var (actors, organizations) = Recorders.Of(request.RecordedBy, HttpContext);
        var filter = new Filter()
            .Where($"{owner}.origin = @origin", "origin", request.Origin ?? "announced")
            .Where("p.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .WhereAny(engine, byDonor ? "l.donor_id" : "d.donor_id", "donor", await References.SurvivorsAsync(view, request.Donor),
                any => byDonor ? any : $"EXISTS (SELECT 1 FROM line d WHERE d.pledge_no = p.no AND {any})")
            .WhereAny(engine, byCountry ? "c.country" : "n.country", "country", request.Country,
                any => byCountry ? any : $"EXISTS (SELECT 1 FROM pledge_country n WHERE {any} AND n.pledge_no = p.no)")
            .WhereAny(engine, "p.fund_id", "fund", request.Fund)
            // A header keeps the recipient it was entered for. Where others were merged into the one asked for, its pledges stand under several ids.
            .WhereAny(engine, "p.recipient_id", "recipient", await References.NamesAsync(view, request.Recipient))
            .WhereAny(engine, "p.event_id", "event", request.Event)
            .WhereAny(engine, "p.status", "status", request.Status)
            .WhereAny(engine, "p.instrument", "instrument", request.Instrument)
            .Where("p.instrument = 'grant'", request.GrantsOnly == true)
            .WhereAny(engine, "p.currency", "currency", request.Currency)
            .WhereAny(engine, "p.external_system", "system", request.ExternalSystem?.Select(system => system.ToLowerInvariant()).Distinct().ToList())
            .WhereAny(engine, "p.external_id", "number", request.ExternalId)
            .WhereAny(engine, "m.verification", "verification", request.Verification,
                any => $"EXISTS (SELECT 1 FROM contribution m WHERE m.pledge_no = p.no AND {any} AND m.reversed = FALSE)")
            .WhereOverlaps($"{owner}.announced_on", "p.date_precision", request.AnnouncedFrom, request.AnnouncedTo)
            .Where("p.pledged_usd >= @least", "least", CodeRules.Cents(request.MinAmountUsd))
            .Where("p.pledged_usd <= @most", "most", CodeRules.Cents(request.MaxAmountUsd));

        // By these actors, or in the name of these organizations: either will do.
        List<string> recorded = [];
        if (actors is not null)
        {
            recorded.Add(filter.AnyOf(engine, "p.recorded_by", "actor", actors));
        }

        if (await References.NamesAsync(view, organizations) is { } names)
        {
            recorded.Add($"""
                p.no IN (SELECT m.pledge_no FROM contribution_key k JOIN contribution m ON m.entry_no = k.entry_no WHERE k.filter = 'recordedBy' AND {filter.AnyOf(engine, "k.value", "organization", names)})
                """);
        }

        filter.Where($"({string.Join(" OR ", recorded)})", recorded.Count > 0);

        if (request.Overdue is { } overdue)
        {
            filter.Where(overdue ? "p.overdue_from < @today" : "(p.overdue_from IS NULL OR p.overdue_from >= @today)", "today", Reader.Today);
        }

        return filter.WhereEachWord(request.Q, (word, like) => $"""
            p.no IN ({engine.PledgesWithWord(word)}
                UNION SELECT s.pledge_no FROM pledge_country s WHERE s.country IN ({Searched.CountriesCalled(word)})
                UNION SELECT s.pledge_no FROM line s WHERE s.donor_id IN (SELECT o.id FROM organization o WHERE {Searched.Called("o", word, like)})
                UNION SELECT s.no FROM pledge s WHERE s.fund_id IN (SELECT f.id FROM fund f WHERE {Searched.FundCalled("f", word, like)})
                UNION SELECT s.no FROM pledge s WHERE s.event_id IN (SELECT v.id FROM event v WHERE {Searched.Called("v", word, like)})
                UNION SELECT s.no FROM pledge s WHERE s.recipient_id IN (
                    SELECT r.id FROM organization r JOIN organization o ON o.id = coalesce(r.merged_into, r.id) WHERE {Searched.Called("o", word, like)}))
            """);
    }

    /// <summary>What the query walks along.</summary>
    /// <param name="From">Where it begins; <c>pledge p</c> is joined.</param>
    /// <param name="Owner">The table in it that repeats what pledges are sorted by.</param>
    private sealed record Walk(string From, string Owner, Sorting Sorting);
}
