using System.Text.Json;
using PledgeTracker.Data;

namespace PledgeTracker.Ledger;

/// <summary>Recomputes everything that is derived from the ledger, header by header, and reports what differs.</summary>
internal static class DerivedCheck
{
    private const int MostFaults = 1000;

    public static List<string> Run(Session session)
    {
        var faults = new List<string>();
        var totals = new Dictionary<(string Scope, string Id, string Instrument), (Sums Sums, long Lines)>();
        var days = new Dictionary<(string Fund, DateOnly Day), FundDays>();
        var years = new Dictionary<(string Fund, int First, int Last), FundYear>();
        long after = 0;
        while (faults.Count < MostFaults)
        {
            var headers = session.Query<HeaderRow>("""
                SELECT no, id, origin, fund_id, event_id, recipient_id, instrument, currency, announced_on, due_on, instalments, usage_years, counted,
                       amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd, status, overdue_from, sole_donor_id
                FROM pledge WHERE no > @after ORDER BY no LIMIT 1000
                """, ("@after", after));
            foreach (var header in headers)
            {
                Check(session, header, faults, totals, days, years);
            }

            if (headers.Count < 1000)
            {
                CheckTotals(session, faults, totals);
                CheckDays(session, faults, days);
                CheckYears(session, faults, years);
                CheckContributions(session, faults);
                CheckCountries(session, faults);
                break;
            }

            after = headers[^1].No;
        }

        return faults;
    }

    private static void Check(Session session, HeaderRow header, List<string> faults,
        Dictionary<(string, string, string), (Sums Sums, long Lines)> totals, Dictionary<(string, DateOnly), FundDays> days,
        Dictionary<(string, int, int), FundYear> years)
    {
        var entries = session.Query<Entry>(Posting.EntriesSql, ("@no", header.No));
        var lines = Figures.Lines(entries);
        var sums = lines.Aggregate(default(Sums), (sum, line) => sum + line.Sums);
        var instalments = JsonSerializer.Deserialize<StoredInstalment[]>(header.Instalments)!;
        var overdueFrom = Figures.OverdueFrom(lines.Sum(l => l.OutstandingMinor), lines.Sum(l => l.PromisedMinor), [.. instalments.Select(i => (i.DueOn, i.AmountMinor))], header.DueOn);
        if (header.Sums != sums || header.AmountMinor != (header.Currency is null ? null : lines.Sum(l => l.AmountMinor)) || header.Status != Figures.HeaderStatus(lines) || header.OverdueFrom != overdueFrom
            || header.SoleDonorId != Figures.SoleDonor(lines, promises: header.Currency is not null))
        {
            faults.Add($"pledge {header.Id}: its figures, status or donor are not what its entries come to");
        }

        var stored = session.Query<LineState>("""
            SELECT donor_id, status, has_pledge, amount_minor, outstanding_minor, origin, announced_on, header_pledged_usd, header_outstanding_usd,
                   pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd
            FROM line WHERE pledge_no = @no
            """, ("@no", header.No)).ToDictionary(l => l.DonorId);
        if (stored.Count != lines.Count || lines.Any(l => !stored.TryGetValue(l.DonorId, out var s) || !s.Shows(l, sums, header)))
        {
            faults.Add($"pledge {header.Id}: its lines are not what its entries come to");
        }

        if (!header.Counted)
        {
            return;
        }

        foreach (var line in lines)
        {
            foreach (var (scope, id) in new[] { ("donor", line.DonorId), ("fund", header.FundId), ("event", header.EventId) })
            {
                foreach (var instrument in new[] { "all", header.Instrument })
                {
                    if (id is not null)
                    {
                        var so = totals.GetValueOrDefault((scope, id, instrument));
                        totals[(scope, id, instrument)] = (so.Sums + line.Sums, so.Lines + (line.Status == "void" ? 0 : 1));
                    }
                }
            }
        }

        if (header.FundId is { } fund)
        {
            foreach (var (day, delta) in FundDays.Of(entries))
            {
                days[(fund, day)] = days.GetValueOrDefault((fund, day)) + delta;
            }

            var named = header.UsageYears is { Length: > 0 } said ? said : [header.AnnouncedOn.Year];
            var so = years.GetValueOrDefault((fund, named.Min(), named.Max()));
            years[(fund, named.Min(), named.Max())] = new(so.Pledged + sums.Pledged - sums.Withdrawn, so.Committed + sums.Committed, so.Paid + sums.Paid);
        }
    }

    private static void CheckTotals(Session session, List<string> faults, Dictionary<(string Scope, string Id, string Instrument), (Sums Sums, long Lines)> totals)
    {
        foreach (var row in session.Query<TotalState>("""
            SELECT scope, id, instrument, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd FROM total
            """))
        {
            totals.Remove((row.Scope, row.Id, row.Instrument), out var expected);
            if (row.Sums != expected.Sums || row.Lines != expected.Lines)
            {
                faults.Add($"total of {row.Scope} {row.Id} ({row.Instrument}): not the sum of its lines");
            }
        }

        faults.AddRange(totals.Where(t => t.Value != default).Select(t => $"total of {t.Key.Scope} {t.Key.Id} ({t.Key.Instrument}): missing"));
    }

    private static void CheckDays(Session session, List<string> faults, Dictionary<(string Fund, DateOnly Day), FundDays> days)
    {
        foreach (var row in session.Query<DayState>("SELECT fund_id, day, pledged, committed, committed_direct, paid FROM fund_day"))
        {
            days.Remove((row.FundId, row.Day), out var expected);
            if (new FundDays(row.Pledged, row.Committed, row.CommittedDirect, row.Paid) != expected)
            {
                faults.Add($"fund {row.FundId} on {row.Day:yyyy-MM-dd}: not the sum of its entries");
            }
        }

        faults.AddRange(days.Where(d => d.Value != default).Select(d => $"fund {d.Key.Fund} on {d.Key.Day:yyyy-MM-dd}: missing"));
    }

    private static void CheckYears(Session session, List<string> faults, Dictionary<(string Fund, int First, int Last), FundYear> years)
    {
        foreach (var row in session.Query<YearState>("SELECT fund_id, first_year, last_year, pledged, committed, paid FROM fund_year"))
        {
            years.Remove((row.FundId, (int)row.FirstYear, (int)row.LastYear), out var expected);
            if (new FundYear(row.Pledged, row.Committed, row.Paid) != expected)
            {
                faults.Add($"fund {row.FundId} in {row.FirstYear}-{row.LastYear}: not the sum of its pledges");
            }
        }

        faults.AddRange(years.Where(y => y.Value != default).Select(y => $"fund {y.Key.Fund} in {y.Key.First}-{y.Key.Last}: missing"));
    }

    // What an editor found is left out: a reclassified entry keeps it from the one it replaces.
    private static void CheckContributions(Session session, List<string> faults) => faults.AddRange(session.Query<long>($"""
        SELECT e.no FROM ledger_entry e CROSS JOIN pledge p ON p.no = e.pledge_no CROSS JOIN organization o ON o.id = e.donor_id
        LEFT JOIN contribution c ON c.entry_no = e.no
        WHERE e.kind IN ('commitment', 'payment') AND e.reverses_no IS NULL
          AND (c.pledge_no, c.stage, c.donor_id, c.fund_id, c.value_date, c.reversed, c.verification)
           IS NOT (e.pledge_no, CASE WHEN e.amount_minor >= 0 THEN e.kind WHEN e.kind = 'payment' THEN 'refund' ELSE 'release' END,
                   coalesce(o.merged_into, o.id), p.fund_id, e.value_date, EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_no = e.no),
                   coalesce((SELECT v.state FROM verification v WHERE v.entry_no = e.no ORDER BY v.no DESC LIMIT 1), 'reported'))
        UNION ALL
        SELECT c.entry_no FROM contribution c LEFT JOIN ledger_entry e ON e.no = c.entry_no
        WHERE e.no IS NULL OR e.kind NOT IN ('commitment', 'payment') OR e.reverses_no IS NOT NULL
        LIMIT {MostFaults}
        """).Select(no => $"contribution of entry {no}: not what the ledger says"));

    private static void CheckCountries(Session session, List<string> faults) => faults.AddRange(session.Query<string>($"""
        SELECT p.id FROM pledge_country c JOIN pledge p ON p.no = c.pledge_no
        WHERE (c.origin, c.announced_on, c.pledged_usd) IS NOT (p.origin, p.announced_on, p.pledged_usd)
           OR NOT EXISTS (SELECT 1 FROM json_each(p.countries) n WHERE n.value = c.country)
        UNION
        SELECT p.id FROM pledge p, json_each(p.countries) n
        WHERE NOT EXISTS (SELECT 1 FROM pledge_country c WHERE c.country = n.value AND c.pledge_no = p.no)
        LIMIT {MostFaults}
        """).Select(id => $"pledge {id}: its countries are not listed as it names them"));

    private readonly record struct FundYear(long Pledged, long Committed, long Paid);

    private abstract record State : SumsRow
    {
        public Sums Sums => new(PledgedUsd, WithdrawnUsd, CommittedUsd, PaidUsd, PaidOnPledgedUsd, OutstandingUsd);
    }

    private sealed record HeaderRow : State
    {
        public required long No { get; init; }

        public required string Id { get; init; }

        public string? FundId { get; init; }

        public string? EventId { get; init; }

        public required string Instrument { get; init; }

        public required string Origin { get; init; }

        public string? Currency { get; init; }

        public required DateOnly AnnouncedOn { get; init; }

        public required int[] UsageYears { get; init; }

        public long? AmountMinor { get; init; }

        public DateOnly? DueOn { get; init; }

        public required string Instalments { get; init; }

        public required bool Counted { get; init; }

        public required string Status { get; init; }

        public DateOnly? OverdueFrom { get; init; }

        public string? SoleDonorId { get; init; }
    }

    private sealed record LineState : State
    {
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
        public bool Shows(Line line, Sums header, HeaderRow row) => Sums == line.Sums && Status == line.Status && HasPledge == line.HasPledge
            && AmountMinor == line.AmountMinor && OutstandingMinor == line.OutstandingMinor && Origin == row.Origin && AnnouncedOn == row.AnnouncedOn
            && HeaderPledgedUsd == header.Pledged && HeaderOutstandingUsd == header.Outstanding;
    }

    private sealed record TotalState : State
    {
        public required string Scope { get; init; }

        public required string Id { get; init; }

        public required string Instrument { get; init; }

        public required long Lines { get; init; }
    }

    private sealed record DayState
    {
        public required string FundId { get; init; }

        public required DateOnly Day { get; init; }

        public required long Pledged { get; init; }

        public required long Committed { get; init; }

        public required long CommittedDirect { get; init; }

        public required long Paid { get; init; }
    }

    private sealed record YearState
    {
        public required string FundId { get; init; }

        public required long FirstYear { get; init; }

        public required long LastYear { get; init; }

        public required long Pledged { get; init; }

        public required long Committed { get; init; }

        public required long Paid { get; init; }
    }
}
