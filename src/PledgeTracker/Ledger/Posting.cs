using System.Runtime.InteropServices;
using System.Text.Json;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>
/// The one place that writes entries. A posting opens a header, adds entries to it, and settles: whatever is derived from the entries
/// (lines, the header's sums and status, the totals of donors, funds and events, the days of funds) is brought up to date by the
/// difference between what the rules say before and after. It never touches more than the one header's rows and their totals.
/// </summary>
internal sealed class Posting
{
    private const string HeaderSql = """
        SELECT p.no, p.id, p.origin, p.fund_id, p.event_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id,
               p.instrument, p.currency, p.announced_on, p.due_on, p.instalments, p.usage_years, p.counted,
               (SELECT l.id FROM pledge l WHERE l.reclassifies_no = p.no ORDER BY l.no DESC LIMIT 1) AS reclassified_as
        FROM pledge p
        """;

    internal const string EntriesSql = """
        SELECT e.no, coalesce(o.merged_into, o.id) AS donor_id, e.kind, e.amount_minor, e.currency, e.usd_minor, e.qualifier, e.value_date, e.reverses_no
        FROM ledger_entry e JOIN organization o ON o.id = e.donor_id
        WHERE e.pledge_no = @no ORDER BY e.no
        """;

    private readonly Write _write;
    private readonly List<Entry> _before;
    private readonly List<Entry> _entries;

    private Posting(Write write, Header header, List<Entry> entries)
    {
        (_write, Header, _before, _entries) = (write, header, [.. entries], entries);
    }

    public Header Header { get; }

    /// <summary>The header's entries, with those added here.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The lines as the entries make them now.</summary>
    public List<Line> Lines => Figures.Lines(_entries);

    /// <summary>Opens the header with this number.</summary>
    public static Posting Open(Write write, long pledgeNo) => Open(write, write.First<Header>($"{HeaderSql} WHERE p.no = @no", ("@no", pledgeNo))!);

    /// <summary>Opens the header with this id; null when there is none.</summary>
    public static Posting? Find(Write write, string id) =>
        write.First<Header>($"{HeaderSql} WHERE p.id = @id", ("@id", id)) is { } header ? Open(write, header) : null;

    /// <summary>Opens a header that was written just now and has no entries.</summary>
    public static Posting Begin(Write write, Header header) => new(write, header, []);

    private static Posting Open(Write write, Header header) => new(write, header, write.Query<Entry>(EntriesSql, ("@no", header.No)));

    /// <summary>Adds an entry. The donor is one of today's organizations, not one that was merged away.</summary>
    public (long No, string Id) Add(Actor actor, NewEntry entry)
    {
        var id = actor.NewId(_write.At).ToString("D");
        var no = _write.Insert("""
            INSERT INTO ledger_entry (id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, rate_no, qualifier, value_date,
                date_precision, recorded_at, recorded_by, recorded_for, paid_by, reverses_no, reference, external_id, note_en, note_ar)
            VALUES (@id, @pledge, @donor, @kind, @amount, @currency, @usd, @basis, @rate, @qualifier, @date,
                @precision, @at, @by, @for, @paidBy, @reverses, @reference, @external, @noteEn, @noteAr)
            """,
            ("@id", id), ("@pledge", Header.No), ("@donor", entry.DonorId), ("@kind", entry.Kind), ("@amount", entry.AmountMinor),
            ("@currency", entry.Currency), ("@usd", entry.Usd.Minor), ("@basis", entry.Usd.Basis), ("@rate", entry.Usd.RateNo),
            ("@qualifier", entry.Qualifier), ("@date", entry.ValueDate), ("@precision", entry.DatePrecision), ("@at", _write.At), ("@by", actor.Id),
            ("@for", entry.RecordedFor ?? actor.OrganizationId), ("@paidBy", entry.PaidBy), ("@reverses", entry.ReversesNo), ("@reference", entry.Reference),
            ("@external", entry.ExternalId), ("@noteEn", entry.Note?.En), ("@noteAr", entry.Note?.Ar));
        _entries.Add(new Entry
        {
            No = no,
            DonorId = entry.Survivor ?? entry.DonorId,
            Kind = entry.Kind,
            AmountMinor = entry.AmountMinor,
            Currency = entry.Currency,
            UsdMinor = entry.Usd.Minor,
            Qualifier = entry.Qualifier,
            ValueDate = entry.ValueDate,
            ReversesNo = entry.ReversesNo,
        });
        if (entry.ReversesNo is { } reversed)
        {
            _write.Execute("UPDATE contribution SET reversed = 1 WHERE entry_no = @no", ("@no", reversed));
        }
        else if (entry.Kind is "commitment" or "payment")
        {
            var stage = (entry.Kind, entry.AmountMinor < 0) switch
            {
                ("commitment", true) => "release",
                ("payment", true) => "refund",
                _ => entry.Kind,
            };
            _write.Execute("""
                INSERT INTO contribution (entry_no, pledge_no, stage, donor_id, fund_id, value_date, reversed)
                VALUES (@no, @pledge, @stage, @donor, @fund, @date, 0)
                """,
                ("@no", no), ("@pledge", Header.No), ("@stage", stage), ("@donor", entry.DonorId), ("@fund", Header.FundId), ("@date", entry.ValueDate));
        }

        return (no, id);
    }

    /// <summary>Brings all that is derived up to date.</summary>
    /// <param name="version">The change that the header now shows.</param>
    public void Settle(long version) => Settle(_before, version);

    /// <summary>Settles a header whose entries stayed and whose donors were merged.</summary>
    /// <param name="before">The entries under the donors' old names.</param>
    public void Settle(IReadOnlyCollection<Entry> before, long version)
    {
        var (was, now) = (Figures.Lines(before), Lines);
        var (wasSums, sums) = (Sum(was), Sum(now));
        SettleHeader(before, was, now, version);
        SettleLines(was, now, wasSums, sums);
        if (wasSums.Pledged != sums.Pledged)
        {
            _write.Execute("UPDATE pledge_country SET pledged_usd = @pledged WHERE pledge_no = @no", ("@pledged", sums.Pledged), ("@no", Header.No));
        }

        if (Header.Counted)
        {
            SettleTotals(was, now);
            if (Header.FundId is not null)
            {
                SettleFundDays(before);
                SettleFundYear(sums - wasSums);
            }
        }
    }

    private static Sums Sum(IEnumerable<Line> lines) => lines.Aggregate(default(Sums), (sum, line) => sum + line.Sums);

    private void SettleHeader(IReadOnlyCollection<Entry> before, List<Line> was, List<Line> now, long version)
    {
        var instalments = Header.Instalments == "[]" ? [] : JsonSerializer.Deserialize<StoredInstalment[]>(Header.Instalments)!;
        var overdueFrom = Figures.OverdueFrom(now.Sum(l => l.OutstandingMinor), now.Sum(l => l.PromisedMinor),
            [.. instalments.Select(i => (i.DueOn, i.AmountMinor))], Header.DueOn);
        // Due dates may have been amended, so what was overdue cannot be told from the entries.
        Update("pledge", "no = @no", [("@no", Header.No), ("@version", version), ("@overdue_from", overdueFrom)], "version = @version, overdue_from = @overdue_from",
            State(was, before, null), State(now, _entries, Figures.Qualifier(before)));

        (string, object?)[] State(List<Line> lines, IReadOnlyCollection<Entry> entries, string? qualifier)
        {
            var sums = Sum(lines);
            return
            [
                // What stands there before the first entry is nothing, not zero; the qualifier stays when no promise is left that has one.
                ("amount_minor", Header.Currency is null || entries.Count == 0 ? null : lines.Sum(l => l.AmountMinor)),
                ("qualifier", Figures.Qualifier(entries) ?? qualifier),
                ("pledged_usd", sums.Pledged), ("withdrawn_usd", sums.Withdrawn), ("committed_usd", sums.Committed), ("paid_usd", sums.Paid),
                ("paid_on_pledged_usd", sums.PaidOnPledged), ("outstanding_usd", sums.Outstanding), ("status", Figures.HeaderStatus(lines)),
                ("sole_donor_id", Figures.SoleDonor(lines, promises: Header.Currency is not null)),
            ];
        }
    }

    private void SettleLines(List<Line> was, List<Line> now, Sums wasSums, Sums sums)
    {
        foreach (var gone in was.Where(w => now.All(n => n.DonorId != w.DonorId)))
        {
            _write.Execute("DELETE FROM line WHERE pledge_no = @no AND donor_id = @donor", ("@no", Header.No), ("@donor", gone.DonorId));
        }

        foreach (var line in now)
        {
            if (was.Find(w => w.DonorId == line.DonorId) is { } old)
            {
                Update("line", "pledge_no = @no AND donor_id = @donor", [("@no", Header.No), ("@donor", line.DonorId)], null, State(old, wasSums), State(line, sums));
                continue;
            }

            _write.Execute("""
                INSERT INTO line (pledge_no, donor_id, origin, announced_on, has_pledge, amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd,
                    paid_on_pledged_usd, outstanding_usd, outstanding_minor, status, header_pledged_usd, header_outstanding_usd)
                VALUES (@no, @donor, @origin, @announcedOn, @has_pledge, @amount_minor, @pledged_usd, @withdrawn_usd, @committed_usd, @paid_usd,
                    @paid_on_pledged_usd, @outstanding_usd, @outstanding_minor, @status, @header_pledged_usd, @header_outstanding_usd)
                """,
                [("@no", Header.No), ("@donor", line.DonorId), ("@origin", Header.Origin), ("@announcedOn", Header.AnnouncedOn),
                    .. State(line, sums).Select(c => ("@" + c.Column, c.Value))]);
        }

        static (string Column, object? Value)[] State(Line line, Sums header) =>
        [
            ("has_pledge", line.HasPledge), ("amount_minor", line.AmountMinor), ("pledged_usd", line.Sums.Pledged), ("withdrawn_usd", line.Sums.Withdrawn),
            ("committed_usd", line.Sums.Committed), ("paid_usd", line.Sums.Paid), ("paid_on_pledged_usd", line.Sums.PaidOnPledged),
            ("outstanding_usd", line.Sums.Outstanding), ("outstanding_minor", line.OutstandingMinor), ("status", line.Status),
            ("header_pledged_usd", header.Pledged), ("header_outstanding_usd", header.Outstanding),
        ];
    }

    /// <summary>
    /// Writes the columns whose value is another: SQLite takes a row out of each index that a column of the SET stands in and puts it back,
    /// even where nothing changes.
    /// </summary>
    /// <param name="always">Set in any case; null where there is nothing to set when nothing differs.</param>
    private void Update(string table, string where, List<(string Name, object? Value)> parameters, string? always,
        (string Column, object? Value)[] was, (string Column, object? Value)[] now)
    {
        var set = new List<string>();
        if (always is not null)
        {
            set.Add(always);
        }

        for (var i = 0; i < now.Length; i++)
        {
            if (!Equals(was[i].Value, now[i].Value))
            {
                set.Add($"{now[i].Column} = @{now[i].Column}");
                parameters.Add(("@" + now[i].Column, now[i].Value));
            }
        }

        if (set.Count > 0)
        {
            _write.Execute($"UPDATE {table} SET {string.Join(", ", set)} WHERE {where}", CollectionsMarshal.AsSpan(parameters));
        }
    }

    private void SettleTotals(List<Line> was, List<Line> now)
    {
        foreach (var donor in was.Concat(now).Select(l => l.DonorId).Distinct())
        {
            Add("donor", donor, was.Where(l => l.DonorId == donor), now.Where(l => l.DonorId == donor));
        }

        Add("fund", Header.FundId, was, now);
        Add("event", Header.EventId, was, now);
    }

    private void SettleFundYear(Sums delta)
    {
        if (delta == default)
        {
            return;
        }

        var years = Header.UsageYears is { Length: > 0 } named ? named : [Header.AnnouncedOn.Year];
        _write.Execute("""
            INSERT INTO fund_year (fund_id, first_year, last_year, pledged, committed, paid) VALUES (@fund, @first, @last, @pledged, @committed, @paid)
            ON CONFLICT (fund_id, first_year, last_year) DO UPDATE SET pledged = pledged + excluded.pledged,
                committed = committed + excluded.committed, paid = paid + excluded.paid
            """,
            ("@fund", Header.FundId), ("@first", years.Min()), ("@last", years.Max()), ("@pledged", delta.Pledged - delta.Withdrawn),
            ("@committed", delta.Committed), ("@paid", delta.Paid));
    }

    private void Add(string scope, string? id, IEnumerable<Line> was, IEnumerable<Line> now)
    {
        var delta = Sum(now) - Sum(was);
        var lines = now.Count(l => l.Status != "void") - was.Count(l => l.Status != "void");
        if (id is null || (delta == default && lines == 0))
        {
            return;
        }

        foreach (var instrument in (ReadOnlySpan<string>)["all", Header.Instrument])
        {
            _write.Execute("""
                INSERT INTO total (scope, instrument, id, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd)
                VALUES (@scope, @instrument, @id, @lines, @pledged, @withdrawn, @committed, @paid, @paidOnPledged, @outstanding)
                ON CONFLICT (scope, instrument, id) DO UPDATE SET lines = lines + excluded.lines, pledged_usd = pledged_usd + excluded.pledged_usd,
                    withdrawn_usd = withdrawn_usd + excluded.withdrawn_usd, committed_usd = committed_usd + excluded.committed_usd,
                    paid_usd = paid_usd + excluded.paid_usd, paid_on_pledged_usd = paid_on_pledged_usd + excluded.paid_on_pledged_usd,
                    outstanding_usd = outstanding_usd + excluded.outstanding_usd
                """,
                ("@scope", scope), ("@instrument", instrument), ("@id", id), ("@lines", lines), ("@pledged", delta.Pledged), ("@withdrawn", delta.Withdrawn),
                ("@committed", delta.Committed), ("@paid", delta.Paid), ("@paidOnPledged", delta.PaidOnPledged), ("@outstanding", delta.Outstanding));
        }
    }

    private void SettleFundDays(IReadOnlyCollection<Entry> before)
    {
        var days = FundDays.Of(_entries);
        foreach (var (day, was) in FundDays.Of(before))
        {
            days[day] = days.GetValueOrDefault(day) - was;
        }

        foreach (var (day, delta) in days.Where(d => d.Value != default))
        {
            _write.Execute("""
                INSERT INTO fund_day (fund_id, day, pledged, committed, committed_direct, paid)
                VALUES (@fund, @day, @pledged, @committed, @committedDirect, @paid)
                ON CONFLICT (fund_id, day) DO UPDATE SET pledged = pledged + excluded.pledged, committed = committed + excluded.committed,
                    committed_direct = committed_direct + excluded.committed_direct, paid = paid + excluded.paid
                """,
                ("@fund", Header.FundId), ("@day", day), ("@pledged", delta.Pledged), ("@committed", delta.Committed),
                ("@committedDirect", delta.CommittedDirect), ("@paid", delta.Paid));
        }
    }
}
