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
        long after = 0;
        while (faults.Count < MostFaults)
        {
            var headers = session.Query<HeaderRow>("""
                SELECT no, id, origin, fund_id, event_id, recipient_id, instrument, currency, announced_on, due_on, instalments, usage_years, counted,
                       pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd, status, overdue_from
                FROM pledge WHERE no > @after ORDER BY no LIMIT 1000
                """, ("@after", after));
            foreach (var header in headers)
            {
                Check(session, header, faults, totals, days);
            }

            if (headers.Count < 1000)
            {
                CheckTotals(session, faults, totals);
                CheckDays(session, faults, days);
                break;
            }

            after = headers[^1].No;
        }

        return faults;
    }

    private static void Check(Session session, HeaderRow header, List<string> faults,
        Dictionary<(string, string, string), (Sums Sums, long Lines)> totals, Dictionary<(string, DateOnly), FundDays> days)
    {
        var entries = session.Query<Entry>(Posting.EntriesSql, ("@no", header.No));
        var lines = Figures.Lines(entries);
        var sums = lines.Aggregate(default(Sums), (sum, line) => sum + line.Sums);
        var instalments = JsonSerializer.Deserialize<StoredInstalment[]>(header.Instalments)!;
        var overdueFrom = Figures.OverdueFrom(lines.Sum(l => l.OutstandingMinor), lines.Sum(l => l.PromisedMinor), [.. instalments.Select(i => (i.DueOn, i.AmountMinor))], header.DueOn);
        if (header.Sums != sums || header.Status != Figures.HeaderStatus(lines) || header.OverdueFrom != overdueFrom)
        {
            faults.Add($"pledge {header.Id}: its figures or status are not what its entries come to");
        }

        var stored = session.Query<LineState>("""
            SELECT donor_id, status, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd FROM line WHERE pledge_no = @no
            """, ("@no", header.No)).ToDictionary(l => l.DonorId);
        if (stored.Count != lines.Count || lines.Any(l => !stored.TryGetValue(l.DonorId, out var s) || s.Sums != l.Sums || s.Status != l.Status))
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

        public DateOnly? DueOn { get; init; }

        public required string Instalments { get; init; }

        public required bool Counted { get; init; }

        public required string Status { get; init; }

        public DateOnly? OverdueFrom { get; init; }
    }

    private sealed record LineState : State
    {
        public required string DonorId { get; init; }

        public required string Status { get; init; }
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
}
