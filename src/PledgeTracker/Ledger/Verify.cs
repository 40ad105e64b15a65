namespace PledgeTracker.Ledger;

/// <summary>
/// Recomputes everything that is derived from the ledger and says what differs. It adds up header by header from nothing, where <see cref="Posting"/> adds
/// differences: what one of them gets wrong the other finds.
/// </summary>
internal sealed class Verify
{
    /// <summary>Nobody reads on after so many faults: a check that found them looks no further.</summary>
    public const int MostFaults = 1000;

    private const int Page = 1000;

    private readonly List<string> _faults = [];
    private readonly Dictionary<(string Scope, string Id, string Instrument), TotalDay> _totals = [];
    private readonly Dictionary<(string Scope, string Id, string Instrument, string Month), TotalDay> _months = [];
    private readonly Dictionary<(string Fund, int First, int Last, DateOnly Day, string Instrument), FundDay> _days = [];

    private Verify()
    {
    }

    /// <summary>What differs, a line each; it ends where nobody would read on.</summary>
    public static async Task<List<string>> RunAsync(Session session)
    {
        var verify = new Verify();
        long after = 0;
        while (verify._faults.Count < MostFaults)
        {
            var headers = (await session.Sql.QueryAsync<HeaderRow>($"""
                SELECT no, id, origin, fund_id, event_id, instrument, currency, qualifier, announced_on, due_on, instalments, countries, shares, shared, usage_years, counted,
                       amount_minor, status, overdue_from, {Sums.Select("p", Sums.OfLines)}
                FROM pledge p WHERE no > @after ORDER BY no LIMIT {Page}
                """, new { after })).AsList();
            if (headers.Count > 0)
            {
                await verify.CheckAsync(session, headers, new { after, last = headers[^1].No });
                after = headers[^1].No;
            }

            if (headers.Count < Page)
            {
                await verify.CheckTotalsAsync(session);
                await verify.CheckMonthsAsync(session);
                await verify.CheckDaysAsync(session);
                verify._faults.AddRange(await Statements.CheckAsync(session));
                break;
            }
        }

        verify._faults.AddRange(await ContributionKeys.CheckAsync(session));
        await verify.CheckFlowsAsync(session);
        return verify._faults;
    }

    // What comes in stands under a header unless it was dropped, and what a dataset tells was told by a change.
    private async Task CheckFlowsAsync(Session session) => _faults.AddRange((await session.Sql.QueryAsync<(string, string)>($"""
        SELECT f.dataset, f.external_id FROM flow f
        WHERE (f.boundary = 'incoming' AND f.source_state IS NULL AND f.pledge_no IS NULL) OR (f.source_state IS NULL) <> (f.source_state_since IS NULL)
            OR NOT EXISTS (SELECT 1 FROM change c WHERE c.seq = f.version)
        ORDER BY f.dataset, f.external_id LIMIT {MostFaults}
        """)).Select(flow => $"flow {flow.Item2} of {flow.Item1}: it stands under no header, or no change tells of it"));

    /// <param name="range">The numbers of the page's headers: <c>@after</c> and <c>@last</c>.</param>
    private async Task CheckAsync(Session session, List<HeaderRow> headers, object range)
    {
        var entries = (await session.Sql.QueryAsync<long, Entry, (long Pledge, Entry Entry)>($"""
            SELECT e.pledge_no, {Posting.EntryColumns} FROM {Posting.EntryTables} WHERE e.pledge_no > @after AND e.pledge_no <= @last ORDER BY e.pledge_no, e.no
            """, (pledge, entry) => (pledge, entry), range, splitOn: "no")).ToLookup(e => e.Pledge, e => e.Entry);
        var lines = (await session.Sql.QueryAsync<LineState>($"""
            SELECT pledge_no, donor_id, status, has_pledge, amount_minor, outstanding_minor, origin, announced_on, header_pledged_usd, header_outstanding_usd,
                   {Sums.Select("line", Sums.OfLines)}
            FROM line WHERE pledge_no > @after AND pledge_no <= @last
            """, range)).ToLookup(l => l.PledgeNo);
        var days = (await session.Sql.QueryAsync<LineDayState>($"""
            SELECT pledge_no, donor_id, day, {Sums.Select("line_day", Sums.OfTotals)} FROM line_day WHERE pledge_no > @after AND pledge_no <= @last
            """, range)).ToLookup(d => d.PledgeNo);
        var countries = (await session.Sql.QueryAsync<CountryState>(
            "SELECT pledge_no, country, origin, announced_on, pledged_usd, outstanding_usd FROM pledge_country WHERE pledge_no > @after AND pledge_no <= @last", range)).ToLookup(c => c.PledgeNo);
        var contributions = (await session.Sql.QueryAsync<ContributionState>(
            "SELECT entry_no, pledge_no, stage, donor_id, fund_id, value_date, reversed, verification FROM contribution WHERE pledge_no > @after AND pledge_no <= @last",
            range)).ToLookup(c => c.PledgeNo);
        var found = new Dictionary<long, string>();
        foreach (var (entry, state) in await session.Sql.QueryAsync<(long, string)>("""
            SELECT v.entry_no, v.state FROM verification v JOIN ledger_entry e ON e.no = v.entry_no WHERE e.pledge_no > @after AND e.pledge_no <= @last ORDER BY v.no
            """, range))
        {
            found[entry] = state;
        }

        foreach (var header in headers)
        {
            var own = entries[header.No].ToList();
            var now = Figures.Lines(own);
            CheckHeader(header, own, now);
            CheckLines(header, now, [.. lines[header.No]]);
            var ownDays = LineDays.Of(own);
            CheckLineDays(header, ownDays, days[header.No]);
            CheckCountries(header, [.. countries[header.No]]);
            CheckContributions(header, own, contributions[header.No], found);
            if (header.Counted)
            {
                Add(header, own, ownDays);
            }
        }
    }

    private void CheckHeader(HeaderRow header, List<Entry> entries, List<Line> lines)
    {
        var overdueFrom = Figures.OverdueFrom(lines.Sum(l => l.OutstandingMinor), lines.Sum(l => l.PromisedMinor),
            [.. StoredInstalment.Of(header.Instalments).Select(i => (i.DueOn, i.AmountMinor))], header.DueOn);
        if (header.Sums != lines.Sum().OfLine() || header.AmountMinor != (header.Currency is null ? null : lines.Sum(l => l.AmountMinor)) || header.Status != Figures.HeaderStatus(lines)
            || header.OverdueFrom != overdueFrom || header.Qualifier != (Figures.Qualifier(entries) ?? header.Qualifier))
        {
            _faults.Add($"pledge {header.Id}: its figures or status are not what its entries come to");
        }
    }

    private void CheckLines(HeaderRow header, List<Line> lines, List<LineState> stored)
    {
        var sums = lines.Sum();
        if (stored.Count != lines.Count || !stored.TrueForAll(row => lines.Of(row.DonorId) is { } line && row.Shows(line, sums, header)))
        {
            _faults.Add($"pledge {header.Id}: its lines are not what its entries come to");
        }
    }

    private void CheckLineDays(HeaderRow header, List<LineDay> days, IEnumerable<LineDayState> stored)
    {
        if (!days.Where(d => d.IsKept).Select(d => (d.DonorId, d.On, d.Change)).ToHashSet().SetEquals(stored.Select(d => (d.DonorId, d.Day, d.Sums))))
        {
            _faults.Add($"pledge {header.Id}: the days of its lines are not what its entries come to");
        }
    }

    private void CheckCountries(HeaderRow header, List<CountryState> stored)
    {
        if (!stored.Select(c => c.Country).ToHashSet().SetEquals(header.Countries)
            || !stored.TrueForAll(c => (c.Origin, c.AnnouncedOn, c.PledgedUsd, c.OutstandingUsd) == (header.Origin, header.AnnouncedOn, header.PledgedUsd, header.OutstandingUsd)))
        {
            _faults.Add($"pledge {header.Id}: its countries are not listed as it names them");
        }
    }

    private void CheckContributions(HeaderRow header, List<Entry> entries, IEnumerable<ContributionState> stored, Dictionary<long, string> found)
    {
        var rows = stored.ToDictionary(c => c.EntryNo);
        var reversed = entries.Select(e => e.ReversesNo).ToHashSet();
        foreach (var entry in entries.Where(e => e is { Kind: "commitment" or "payment" or "adjustment", ReversesNo: null }))
        {
            var expected = new ContributionState
            {
                EntryNo = entry.No,
                PledgeNo = header.No,
                Stage = Posting.StageOf(entry.Kind, entry.AmountMinor),
                DonorId = entry.DonorId,
                FundId = header.FundId,
                ValueDate = entry.ValueDate,
                Reversed = reversed.Contains(entry.No),
                Verification = found.GetValueOrDefault(entry.No, "reported"),
            };
            if (!rows.Remove(entry.No, out var row) || row != expected)
            {
                _faults.Add($"contribution of entry {entry.No}: not what the ledger says");
            }
        }

        _faults.AddRange(rows.Keys.Select(no => $"contribution of entry {no}: not what the ledger says"));
    }

    private void Add(HeaderRow header, List<Entry> entries, List<LineDay> lineDays)
    {
        foreach (var ((scope, id, on), change) in TotalDays.Of(Scopes.Of(header.FundId, header.EventId, header.AnnouncedOn, header.Countries, header.Shares, header.Shared), lineDays))
        {
            foreach (var instrument in new[] { "all", header.Instrument })
            {
                _totals[(scope, id, instrument)] = _totals.GetValueOrDefault((scope, id, instrument)) + change;
                var month = (scope, id, instrument, Iso.Month(on));
                _months[month] = _months.GetValueOrDefault(month) + change with { Lines = 0 };
            }
        }

        if (header.FundId is { } fund)
        {
            var (first, last) = header.UsageYears is { Length: > 0 } named ? (named.Min(), named.Max()) : (0, 0);
            foreach (var (day, delta) in FundDays.Of(entries))
            {
                var key = (fund, first, last, day, header.Instrument);
                _days[key] = _days.GetValueOrDefault(key) + delta;
            }
        }
    }

    private async Task CheckTotalsAsync(Session session)
    {
        foreach (var row in await session.Sql.QueryAsync<TotalState>(
            $"SELECT scope, id, instrument, pledges, lines, {Sums.Select("total", Sums.OfTotals)} FROM total"))
        {
            _totals.Remove((row.Scope, row.Id, row.Instrument), out var expected);
            if (new TotalDay(row.Sums, row.Pledges, row.Lines) != expected)
            {
                _faults.Add($"total of {Told(row.Scope, row.Id, row.Instrument)}: not the sum of its lines");
            }
        }

        _faults.AddRange(_totals.Where(t => t.Value != default).Select(t => $"total of {Told(t.Key.Scope, t.Key.Id, t.Key.Instrument)}: missing"));
    }

    private async Task CheckMonthsAsync(Session session)
    {
        // They are many, and none is looked at twice.
        await foreach (var row in session.Sql.QueryUnbufferedAsync<MonthState>($"SELECT scope, id, instrument, month, pledges, {Sums.Select("total_month", Sums.OfTotals)} FROM total_month"))
        {
            _months.Remove((row.Scope, row.Id, row.Instrument, row.Month), out var expected);
            if (new TotalDay(row.Sums, row.Pledges, 0) != expected)
            {
                _faults.Add($"total of {Told(row.Scope, row.Id, row.Instrument)} in {row.Month}: not the sum of its days");
            }
        }

        _faults.AddRange(_months.Where(m => m.Value != default).Select(m => $"total of {Told(m.Key.Scope, m.Key.Id, m.Key.Instrument)} in {m.Key.Month}: missing"));
    }

    private static string Told(string scope, string id, string instrument) => scope == "all" ? $"all ({instrument})" : $"{scope} {(id.Length == 0 ? "(none)" : id)} ({instrument})";

    private async Task CheckDaysAsync(Session session)
    {
        foreach (var row in await session.Sql.QueryAsync<DayState>("SELECT fund_id, first_year, last_year, day, instrument, pledged, committed, committed_direct, paid FROM fund_day"))
        {
            _days.Remove((row.FundId, row.FirstYear, row.LastYear, row.Day, row.Instrument), out var expected);
            if (new FundDay(row.Pledged, row.Committed, row.CommittedDirect, row.Paid) != expected)
            {
                _faults.Add($"fund {row.FundId} on {row.Day:yyyy-MM-dd} ({row.Instrument}): not the sum of its entries");
            }
        }

        _faults.AddRange(_days.Where(d => d.Value != default).Select(d => $"fund {d.Key.Fund} on {d.Key.Day:yyyy-MM-dd} ({d.Key.Instrument}): missing"));
    }

    private sealed record HeaderRow : SumsRow
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required string Origin { get; init; }
        public string? FundId { get; init; }
        public string? EventId { get; init; }
        public required string Instrument { get; init; }
        public string? Currency { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly AnnouncedOn { get; init; }
        public DateOnly? DueOn { get; init; }
        public required string Instalments { get; init; }
        public required string[] Countries { get; init; }
        public required int[] Shares { get; init; }
        public required bool Shared { get; init; }
        public required int[] UsageYears { get; init; }
        public required bool Counted { get; init; }
        public long? AmountMinor { get; init; }
        public required string Status { get; init; }
        public DateOnly? OverdueFrom { get; init; }
    }

    private sealed record LineState : SumsRow
    {
        public required long PledgeNo { get; init; }
        public required string DonorId { get; init; }
        public required string Status { get; init; }
        public required bool HasPledge { get; init; }
        public required long AmountMinor { get; init; }
        public required long OutstandingMinor { get; init; }
        public required string Origin { get; init; }
        public required DateOnly AnnouncedOn { get; init; }
        public required long HeaderPledgedUsd { get; init; }
        public required long HeaderOutstandingUsd { get; init; }

        /// <summary>This is what the entries make of the line, with the header's sort keys beside it.</summary>
        public bool Shows(Line line, Sums header, HeaderRow row) => Sums == line.Sums.OfLine() && Status == line.Status && HasPledge == line.HasPledge
            && AmountMinor == line.AmountMinor && OutstandingMinor == line.OutstandingMinor && Origin == row.Origin && AnnouncedOn == row.AnnouncedOn
            && HeaderPledgedUsd == header.Pledged && HeaderOutstandingUsd == header.Outstanding;
    }

    private sealed record CountryState
    {
        public required long PledgeNo { get; init; }
        public required string Country { get; init; }
        public required string Origin { get; init; }
        public required DateOnly AnnouncedOn { get; init; }
        public required long PledgedUsd { get; init; }
        public required long OutstandingUsd { get; init; }
    }

    private sealed record ContributionState
    {
        public required long EntryNo { get; init; }
        public required long PledgeNo { get; init; }
        public required string Stage { get; init; }
        public required string DonorId { get; init; }
        public string? FundId { get; init; }
        public required DateOnly ValueDate { get; init; }
        public required bool Reversed { get; init; }
        public required string Verification { get; init; }
    }

    private sealed record TotalState : TotalsRow
    {
        public required string Scope { get; init; }
        public required string Id { get; init; }
        public required string Instrument { get; init; }
        public required long Pledges { get; init; }
        public required long Lines { get; init; }
    }

    private sealed record MonthState : TotalsRow
    {
        public required string Scope { get; init; }
        public required string Id { get; init; }
        public required string Instrument { get; init; }
        public required string Month { get; init; }
        public required long Pledges { get; init; }
    }

    private sealed record LineDayState : TotalsRow
    {
        public required long PledgeNo { get; init; }
        public required string DonorId { get; init; }
        public required DateOnly Day { get; init; }
    }

    private sealed record DayState
    {
        public required string FundId { get; init; }
        public required int FirstYear { get; init; }
        public required int LastYear { get; init; }
        public required DateOnly Day { get; init; }
        public required string Instrument { get; init; }
        public required long Pledged { get; init; }
        public required long Committed { get; init; }
        public required long CommittedDirect { get; init; }
        public required long Paid { get; init; }
    }
}
