namespace PledgeTracker.Contributions;

/// <summary>Commitments and payments, filtered, by date. The narrowest filter's index also holds the date: a page is walked, never sorted.</summary>
public sealed class ListContributions : Lists<ListContributions.Request, Contribution<string>>
{
    /// <param name="Stage">Only contributions of these stages.</param>
    /// <param name="Donor">Only contributions of these donors. For example `sau`.</param>
    /// <param name="Fund">Only contributions to these funds. For example `undp-ffs`.</param>
    /// <param name="Recipient">Only contributions to these recipient organizations. For example `undp`.</param>
    /// <param name="Country">Only contributions for these countries, alone or among others. ISO 3166-1 alpha-3. For example `IRQ`.</param>
    /// <param name="Event">Only contributions to pledges announced at these events. For example `kuwait-conference-2018`.</param>
    /// <param name="Instrument">Only contributions of these instruments.</param>
    /// <param name="Pledge">Only contributions under this pledge.</param>
    /// <param name="From">Dated this day or later, or in a month or a year that has a day as late. For example `2018-01-01`.</param>
    /// <param name="To">Dated this day or earlier, or in a month or a year that has a day as early. For example `2023-12-31`.</param>
    /// <param name="Verification">Only contributions that editors found so, or have not looked at.</param>
    /// <param name="ExternalSystem">Only contributions that have a number of these systems, in capitals or not. A value that contains a comma, or begins with a quotation mark, stands between quotation marks, and those inside are doubled: `"a,b"`. For example `fts`.</param>
    /// <param name="ExternalId">Only contributions with these numbers. A value that contains a comma, or begins with a quotation mark, stands between quotation marks, and those inside are doubled: `"a,b"`.</param>
    /// <param name="RecordedBy">Only what these recorded: `recordedBy` as it is shown, the id of an organization for what was recorded in its name, or with your key `me` (a recorder's organization, an editor's key).</param>
    /// <param name="IncludeReversed">Also those that were entered by mistake and reversed.</param>
    /// <param name="Q">Words in its note, in the texts of the pledge or header it stands under, in what its countries are called, or in the names of its donor, fund, recipient or event, in either language. All must occur. For example `stabilization`.</param>
    public sealed record Request(
        IReadOnlyList<string>? Stage = null, IReadOnlyList<string>? Donor = null, IReadOnlyList<string>? Fund = null, IReadOnlyList<string>? Recipient = null,
        IReadOnlyList<string>? Country = null, IReadOnlyList<string>? Event = null, IReadOnlyList<string>? Instrument = null, string? Pledge = null, DateOnly? From = null,
        DateOnly? To = null, IReadOnlyList<string>? Verification = null, [property: Identifier] IReadOnlyList<string>? ExternalSystem = null,
        [property: Identifier] IReadOnlyList<string>? ExternalId = null, IReadOnlyList<string>? RecordedBy = null,
        bool? IncludeReversed = null, string? Q = null) : ChangingListRequest;

    public sealed class Rules : ChangingListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Stage).IsOneOf(Vocabulary.Stages);
            this.ForAnyOf(r => r.Donor).IsSlug("sau");
            this.ForAnyOf(r => r.Fund).IsSlug("undp-ffs");
            this.ForAnyOf(r => r.Recipient).IsSlug("undp");
            this.ForAnyOf(r => r.Country).IsCountry();
            this.ForAnyOf(r => r.Event).IsSlug("kuwait-conference-2018");
            this.ForAnyOf(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
            this.ForAnyOf(r => r.Verification).IsOneOf(Vocabulary.Verifications);
            this.ForAnyOf(r => r.ExternalSystem).IsText(100);
            this.ForAnyOf(r => r.ExternalId).IsText(200);
            this.ForAnyOf(r => r.RecordedBy).IsRecorder();
            RuleFor(r => r.Pledge).IsUuid().Or("invalid_id",
                "Send a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057.", "أرسل معرفا من نوع UUID مثل 01890a5d-ac96-774b-bcce-b302099a8057.");
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
            RuleFor(r => r.Q).IsSearch();
        }
    }

    private static readonly Sorting Sorting = new("-date", ("c.entry_no", typeof(long)), new SortField("date", "c.value_date", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/contributions");
        Metadata(new TakesMe("recordedBy"));
        Tells("Contributions", "Contributions", "Commitments and payments with their releases and refunds, newest first; those that were reversed are left out unless asked for. " +
            "Several values of a filter are joined by commas and mean any of them.", 401);
    }

    protected override async Task<Page<Contribution<string>>> ReadAsync(Request request, View view)
    {
        var engine = view.Engine;
        var (actors, organizations) = Recorders.Of(request.RecordedBy, HttpContext);
        // What a contribution's own row does not have, it is found by in a table of its own.
        (string Name, IReadOnlyList<string>? Values)[] elsewhere =
        [
            ("externalId", request.ExternalId), ("externalSystem", request.ExternalSystem?.Select(system => system.ToLowerInvariant()).Distinct().ToList()), ("recipient", await References.NamesAsync(view, request.Recipient)), ("event", request.Event), ("country", request.Country),
            ("recordedBy", request.RecordedBy is null ? null : [.. actors ?? [], .. await References.NamesAsync(view, organizations) ?? []]), ("instrument", request.Instrument),
        ];
        var isInItsRow = request is { Donor.Count: 1 } or { Fund.Count: 1 } or { Pledge: not null } or { Q: not null } or { ChangedSince: not null };
        var walked = isInItsRow ? null : elsewhere.FirstOrDefault(e => e.Values is { Count: 1 }).Name;
        var sorting = request.ChangedSince is not null ? Sorting.ByVersion("c", ("c.entry_no", typeof(long)))
            : walked is null ? Sorting : new("-date", ("k.entry_no", typeof(long)), new SortField("date", "k.value_date", typeof(DateOnly)));
        var from = walked is null ? "contribution c" : "contribution_key k JOIN contribution c ON c.entry_no = k.entry_no";
        var day = walked is null ? "c.value_date" : "k.value_date";
        var filter = new Filter()
            .Where($"k.filter = '{walked}'", walked is not null)
            .Where("c.version > @since", "since", await SinceAsync(view, request.ChangedSince))
            .Where("c.pledge_no = (SELECT no FROM pledge WHERE id = @pledge)", "pledge", request.Pledge?.ToLowerInvariant())
            // Found first: a planner that does not know which donor it is takes the many of a large one for few, and sorts them.
            .WhereAny(engine, "c.donor_id", "donor", await References.SurvivorsAsync(view, request.Donor))
            .WhereAny(engine, "c.fund_id", "fund", request.Fund)
            .WhereAny(engine, "c.verification", "verification", request.Verification)
            .WhereAny(engine, "c.stage", "stage", request.Stage)
            .WhereOverlaps(day, "e.date_precision", request.From, request.To)
            .Where("c.reversed = FALSE", request.IncludeReversed != true && request.ChangedSince is null);
        foreach (var (name, values) in elsewhere)
        {
            filter.WhereAny(engine, name == walked ? "k.value" : "x.value", name, values, any => name == walked ? any
                : $"EXISTS (SELECT 1 FROM contribution_key x WHERE x.filter = '{name}' AND {any} AND x.value_date = c.value_date AND x.entry_no = c.entry_no)");
        }

        await filter.WhereEachWordAsync(view, request.Q, "c.entry_no", (word, like) =>
        {
            var (donors, funds) = ($"SELECT o.id FROM organization o WHERE {Searched.Called("o", word, like)}", $"SELECT f.id FROM fund f WHERE {Searched.FundCalled("f", word, like)}");
            (string Name, string Called)[] keys =
            [
                ("country", Searched.CountriesCalled(word)), ("event", $"SELECT v.id FROM event v WHERE {Searched.Called("v", word, like)}"),
                ("recipient", $"SELECT r.id FROM organization r JOIN organization o ON o.id = coalesce(r.merged_into, r.id) WHERE {Searched.Called("o", word, like)}"),
            ];
            return ($"SELECT s.entry_no FROM ({engine.PledgesWithWords(word)}) t JOIN contribution s ON s.pledge_no = t.no UNION ALL {engine.EntriesWithWord(word)}", $"""
                SELECT s.entry_no FROM contribution s WHERE s.donor_id IN ({donors})
                UNION ALL SELECT s.entry_no FROM contribution s WHERE s.fund_id IN ({funds})
                {string.Concat(keys.Select(key => $"UNION ALL SELECT s.entry_no FROM contribution_key s WHERE s.filter = '{key.Name}' AND s.value IN ({key.Called})\n"))}
                """, $"""
                c.donor_id IN ({donors}) OR c.fund_id IN ({funds})
                {string.Concat(keys.Select(key => $"OR EXISTS (SELECT 1 FROM contribution_key s WHERE s.filter = '{key.Name}' AND s.value IN ({key.Called}) AND s.value_date = c.value_date AND s.entry_no = c.entry_no)\n"))}
                """);
        });

        var counted = request is { From: null, To: null } ? $"FROM {from}" : $"FROM {from} JOIN ledger_entry e ON e.no = c.entry_no";
        var page = await PageAsync<ContributionRow>(view, request, sorting, ContributionRow.Select(Reader, from), counted, filter,
            (row, field) => (field.Name == "version" ? row.Version : row.ValueDate, row.No));
        return new(await ContributionRow.ShowAsync(view, page.Data, Reader, (en, ar) => LocalizedText.Of(en, ar)?.In(Reader.Language)), page.Next, page.Count);
    }
}
