namespace PledgeTracker.Pledges;

/// <summary>Pledges, filtered and in order. Each order is walked along an index that begins with a filter; see db/README.md.</summary>
public sealed class ListPledges : Lists<ListPledges.Request, PledgeItem>
{
    /// <param name="Donor">Only pledges of this donor. For example `usa`.</param>
    /// <param name="Fund">Only pledges to this fund. For example `ne-syria-stabilization`.</param>
    /// <param name="Recipient">Only pledges to this recipient organization. For example `irq-mof`.</param>
    /// <param name="Country">Only pledges for this country, alone or among others. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="Event">Only pledges announced at this event. For example `kuwait-conference-2018`.</param>
    /// <param name="Status">Only pledges of this status.</param>
    /// <param name="Instrument">Only pledges of this instrument.</param>
    /// <param name="GrantsOnly">`true` is short for `instrument=grant`.</param>
    /// <param name="Origin">Announced pledges, or the headers of contributions that nobody had pledged.</param>
    /// <param name="Currency">Only pledges made in this currency. ISO 4217. For example `EUR`.</param>
    /// <param name="AnnouncedFrom">Announced on this day or later. For example `2018-01-01`.</param>
    /// <param name="AnnouncedTo">Announced on this day or earlier. For example `2018-12-31`.</param>
    /// <param name="MinAmountUsd">At least so many US dollars pledged.</param>
    /// <param name="MaxAmountUsd">At most so many US dollars pledged.</param>
    /// <param name="Overdue">Whether a due date has been missed.</param>
    /// <param name="Q">Words in the pledge's texts, or in the names of its donor, fund, recipient or event, in either language. All must occur. For example `stabilization`.</param>
    public sealed record Request(
        string? Donor = null, string? Fund = null, string? Recipient = null, string? Country = null, string? Event = null, string? Status = null, string? Instrument = null,
        bool? GrantsOnly = null, string? Origin = null, string? Currency = null, DateOnly? AnnouncedFrom = null, DateOnly? AnnouncedTo = null, decimal? MinAmountUsd = null,
        decimal? MaxAmountUsd = null, bool? Overdue = null, string? Q = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            RuleFor(r => r.Donor).IsSlug("usa");
            RuleFor(r => r.Fund).IsSlug("ne-syria-stabilization");
            RuleFor(r => r.Recipient).IsSlug("irq-mof");
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.Event).IsSlug("kuwait-conference-2018");
            RuleFor(r => r.Status).IsOneOf(Vocabulary.Statuses);
            RuleFor(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            RuleFor(r => r.Origin).IsOneOf(Vocabulary.Origins, "announced");
            RuleFor(r => r.Currency).IsCurrency();
            RuleFor(r => r.AnnouncedTo).IsNotBefore("announcedFrom", r => r.AnnouncedFrom);
            RuleFor(r => r.MinAmountUsd).IsUsd();
            RuleFor(r => r.MaxAmountUsd).IsUsd();
            RuleFor(r => r.MaxAmountUsd).IsNotBelow("minAmountUsd", r => r.MinAmountUsd);
            RuleFor(r => r.Q).IsSearch();
        }
    }

    private static readonly Sorting Sorting = new("-announcedOn", ("p.no", typeof(long)),
        new("announcedOn", "p.announced_on", typeof(DateOnly)), new("amountUsd", "p.pledged_usd", typeof(long)), new("outstanding", "p.outstanding_usd", typeof(long)));

    public override void Configure()
    {
        Get("/v1/pledges");
        Tells("Pledges", "Pledges", "Announced pledges, newest first; `origin=direct` shows the headers of contributions that nobody had pledged. " +
            "`instrument` is never mixed silently: filter by it, or use `grantsOnly`.");
    }

    protected override async Task<Page<PledgeItem>> ReadAsync(Request request, View view)
    {
        var (from, sorting) = Along(request);
        var filter = await WhereAsync(request, view, from);
        var page = await PageAsync<PledgeRow>(view, request, sorting, PledgeRow.Select(from, Reader), $"FROM {from}", filter, (row, field) => (field.Name switch
        {
            "announcedOn" => row.AnnouncedOn,
            "amountUsd" => row.PledgedUsd,
            _ => row.OutstandingUsd,
        }, row.No));
        var (donors, movements, citations) = await PledgeRow.PartsAsync(view, page.Data, Reader);
        return page.Of(row => new PledgeItem(row, donors[row.No], movements[row.No], citations[row.No], Reader));
    }

    /// <summary>
    /// What the query walks along: a donor's lines and a country's pledges repeat what pledges are sorted by, so that there is an index of each order that
    /// begins with the donor or the country.
    /// </summary>
    private static (string From, Sorting Sorting) Along(Request request) =>
        request is { Donor: not null, Q: null } ? ("line l JOIN pledge p ON p.no = l.pledge_no", new("-announcedOn", ("l.pledge_no", typeof(long)),
            new("announcedOn", "l.announced_on", typeof(DateOnly)), new("amountUsd", "l.header_pledged_usd", typeof(long)), new("outstanding", "l.header_outstanding_usd", typeof(long))))
        : request is { Country: not null, Fund: null, Recipient: null, Event: null, Q: null } ? ("pledge_country c JOIN pledge p ON p.no = c.pledge_no", new("-announcedOn", ("c.pledge_no", typeof(long)),
            new("announcedOn", "c.announced_on", typeof(DateOnly)), new("amountUsd", "c.pledged_usd", typeof(long)), new("outstanding", "c.outstanding_usd", typeof(long))))
        : ("pledge p", Sorting);

    private async Task<Filter> WhereAsync(Request request, View view, string from)
    {
        var (byDonor, byCountry) = (from.StartsWith("line", StringComparison.Ordinal), from.StartsWith("pledge_country", StringComparison.Ordinal));
        var owner = byDonor ? "l" : byCountry ? "c" : "p";
        var donor = await References.SurvivorAsync(view, request.Donor) ?? request.Donor;
        var filter = new Filter()
            .Where($"{owner}.origin = @origin", "origin", request.Origin ?? "announced")
            .Where(byDonor ? "l.donor_id = @donor" : "EXISTS (SELECT 1 FROM line d WHERE d.pledge_no = p.no AND d.donor_id = @donor)", "donor", donor)
            .Where(byCountry ? "c.country = @country" : "EXISTS (SELECT 1 FROM pledge_country n WHERE n.country = @country AND n.pledge_no = p.no)", "country", request.Country)
            .Where("p.fund_id = @fund", "fund", request.Fund)
            .Where(await ToRecipientAsync(request, view), "recipient", request.Recipient)
            .Where("p.event_id = @event", "event", request.Event)
            .Where("p.status = @status", "status", request.Status)
            .Where("p.instrument = @instrument", "instrument", request.Instrument)
            .Where("p.instrument = 'grant'", request.GrantsOnly == true)
            .Where("p.currency = @currency", "currency", request.Currency)
            .Where($"{owner}.announced_on >= @from", "from", request.AnnouncedFrom)
            .Where($"{owner}.announced_on <= @to", "to", request.AnnouncedTo)
            .Where("p.pledged_usd >= @least", "least", CodeRules.Cents(request.MinAmountUsd))
            .Where("p.pledged_usd <= @most", "most", CodeRules.Cents(request.MaxAmountUsd));
        if (request.Overdue is { } overdue)
        {
            filter.Where(overdue ? "p.overdue_from < @today" : "(p.overdue_from IS NULL OR p.overdue_from >= @today)", "today", Reader.Today);
        }

        var words = SearchText.Words(request.Q ?? "");
        for (var i = 0; i < words.Length; i++)
        {
            filter.Where($"""
                p.no IN ({view.Engine.PledgesWithWord($"@word{i}")}
                    UNION SELECT s.pledge_no FROM line s WHERE s.donor_id IN (SELECT id FROM organization WHERE search LIKE @like{i})
                    UNION SELECT s.no FROM pledge s WHERE s.fund_id IN (SELECT id FROM fund WHERE search LIKE @like{i})
                    UNION SELECT s.no FROM pledge s WHERE s.event_id IN (SELECT id FROM event WHERE search LIKE @like{i})
                    UNION SELECT s.no FROM pledge s WHERE s.recipient_id IN (SELECT id FROM organization WHERE search LIKE @like{i}))
                """, $"word{i}", words[i]).With($"like{i}", $"%{words[i]}%");
        }

        return filter;
    }

    /// <summary>
    /// A header keeps the recipient it was entered for. Where others were merged into the one asked for, its pledges stand under several ids and have
    /// to be sorted; where none was, they are walked in order.
    /// </summary>
    private static async Task<string> ToRecipientAsync(Request request, View view)
    {
        const string survivor = "(SELECT coalesce(merged_into, id) FROM organization WHERE id = @recipient)";
        return request.Recipient is { } recipient
            && await view.Sql.QueryFirstOrDefaultAsync<string>($"SELECT id FROM organization WHERE merged_into = {survivor}", new { recipient }) is not null
            ? $"p.recipient_id IN (SELECT {survivor} UNION ALL SELECT id FROM organization WHERE merged_into = {survivor})"
            : "p.recipient_id = @recipient";
    }
}
