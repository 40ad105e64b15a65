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
    private readonly List<Entry> _entries;
    private readonly int _entriesBefore;

    private Posting(Write write, Header header, List<Entry> entries)
    {
        (_write, Header, _entries, _entriesBefore) = (write, header, entries, entries.Count);
    }

    public Header Header { get; }

    /// <summary>The header's entries, with those added here.</summary>
    public List<Entry> Entries => _entries;

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
    public void Settle(long version) => Settle(_entries[.._entriesBefore], version);

    /// <summary>Settles a header whose entries stayed and whose donors were merged.</summary>
    /// <param name="before">The entries under the donors' old names.</param>
    public void Settle(List<Entry> before, long version)
    {
        var (was, now) = (Figures.Lines(before), Lines);
        var (wasSums, sums) = (was.Sum(), now.Sum());
        SettleHeader(before, was, now, version);
        SettleLines(was, now);
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

    private void SettleHeader(List<Entry> before, List<Line> was, List<Line> now, long version)
    {
        var instalments = Header.Instalments == "[]" ? [] : JsonSerializer.Deserialize<StoredInstalment[]>(Header.Instalments)!;
        var promises = Header.Currency is not null;
        var qualifier = Figures.Qualifier(before);
        var row = new ChangedRow("pledge");
        row.Set("@version", version);
        // Due dates may have been amended, so what was overdue cannot be told from the entries.
        row.Set("@overdue_from", Figures.OverdueFrom(now.Sum(l => l.OutstandingMinor), now.Sum(l => l.PromisedMinor),
            [.. instalments.Select(i => (i.DueOn, i.AmountMinor))], Header.DueOn));
        // What stands there before the first entry is nothing, not zero; the qualifier stays when no promise is left that has one.
        row.Set("@amount_minor", Amount(before, was), Amount(_entries, now));
        row.Set("@qualifier", qualifier, Figures.Qualifier(_entries) ?? qualifier);
        row.Set(was.Sum(), now.Sum());
        row.Set("@status", Figures.HeaderStatus(was), Figures.HeaderStatus(now));
        row.Set("@sole_donor_id", Figures.SoleDonor(was, promises), Figures.SoleDonor(now, promises));
        row.Write(_write, ("@no", Header.No));

        long? Amount(List<Entry> entries, List<Line> lines) => promises && entries.Count > 0 ? lines.Sum(l => l.AmountMinor) : null;
    }

    private void SettleLines(List<Line> was, List<Line> now)
    {
        foreach (var gone in was)
        {
            if (now.Of(gone.DonorId) is null)
            {
                _write.Execute("DELETE FROM line WHERE pledge_no = @no AND donor_id = @donor", ("@no", Header.No), ("@donor", gone.DonorId));
            }
        }

        var (wasSums, sums) = (was.Sum(), now.Sum());
        foreach (var line in now)
        {
            if (was.Of(line.DonorId) is not { } old)
            {
                Insert(line, sums);
                continue;
            }

            var row = new ChangedRow("line");
            row.Set("@has_pledge", old.HasPledge, line.HasPledge);
            row.Set("@amount_minor", old.AmountMinor, line.AmountMinor);
            row.Set(old.Sums, line.Sums);
            row.Set("@outstanding_minor", old.OutstandingMinor, line.OutstandingMinor);
            row.Set("@status", old.Status, line.Status);
            row.Set("@header_pledged_usd", wasSums.Pledged, sums.Pledged);
            row.Set("@header_outstanding_usd", wasSums.Outstanding, sums.Outstanding);
            row.Write(_write, ("@pledge_no", Header.No), ("@donor_id", line.DonorId));
        }
    }

    private void Insert(Line line, Sums header) => _write.Execute("""
        INSERT INTO line (pledge_no, donor_id, origin, announced_on, has_pledge, amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd,
            paid_on_pledged_usd, outstanding_usd, outstanding_minor, status, header_pledged_usd, header_outstanding_usd)
        VALUES (@no, @donor, @origin, @announcedOn, @hasPledge, @amount, @pledged, @withdrawn, @committed, @paid,
            @paidOnPledged, @outstanding, @outstandingMinor, @status, @headerPledged, @headerOutstanding)
        """,
        ("@no", Header.No), ("@donor", line.DonorId), ("@origin", Header.Origin), ("@announcedOn", Header.AnnouncedOn), ("@hasPledge", line.HasPledge),
        ("@amount", line.AmountMinor), ("@pledged", line.Sums.Pledged), ("@withdrawn", line.Sums.Withdrawn), ("@committed", line.Sums.Committed),
        ("@paid", line.Sums.Paid), ("@paidOnPledged", line.Sums.PaidOnPledged), ("@outstanding", line.Sums.Outstanding),
        ("@outstandingMinor", line.OutstandingMinor), ("@status", line.Status), ("@headerPledged", header.Pledged), ("@headerOutstanding", header.Outstanding));

    private void SettleTotals(List<Line> was, List<Line> now)
    {
        foreach (var old in was)
        {
            var line = now.Of(old.DonorId);
            Add("donor", old.DonorId, (line?.Sums ?? default) - old.Sums, Count(line) - Count(old));
        }

        foreach (var line in now)
        {
            if (was.Of(line.DonorId) is null)
            {
                Add("donor", line.DonorId, line.Sums, Count(line));
            }
        }

        var (delta, lines) = (now.Sum() - was.Sum(), now.Sum(Count) - was.Sum(Count));
        Add("fund", Header.FundId, delta, lines);
        Add("event", Header.EventId, delta, lines);

        static int Count(Line? line) => line is null or { Status: "void" } ? 0 : 1;
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

    private void Add(string scope, string? id, Sums delta, int lines)
    {
        if (id is null || (delta == default && lines == 0))
        {
            return;
        }

        Span<(string Name, object? Value)> parameters =
        [
            ("@scope", scope), ("@instrument", null), ("@id", id), ("@lines", lines), ("@pledged", delta.Pledged), ("@withdrawn", delta.Withdrawn),
            ("@committed", delta.Committed), ("@paid", delta.Paid), ("@paidOnPledged", delta.PaidOnPledged), ("@outstanding", delta.Outstanding),
        ];
        foreach (var instrument in (ReadOnlySpan<string>)["all", Header.Instrument])
        {
            parameters[1].Value = instrument;
            _write.Execute("""
                INSERT INTO total (scope, instrument, id, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd)
                VALUES (@scope, @instrument, @id, @lines, @pledged, @withdrawn, @committed, @paid, @paidOnPledged, @outstanding)
                ON CONFLICT (scope, instrument, id) DO UPDATE SET lines = lines + excluded.lines, pledged_usd = pledged_usd + excluded.pledged_usd,
                    withdrawn_usd = withdrawn_usd + excluded.withdrawn_usd, committed_usd = committed_usd + excluded.committed_usd,
                    paid_usd = paid_usd + excluded.paid_usd, paid_on_pledged_usd = paid_on_pledged_usd + excluded.paid_on_pledged_usd,
                    outstanding_usd = outstanding_usd + excluded.outstanding_usd
                """, parameters);
        }
    }

    private void SettleFundDays(List<Entry> before)
    {
        var days = FundDays.Of(_entries);
        foreach (var (day, was) in FundDays.Of(before))
        {
            days[day] = days.GetValueOrDefault(day) - was;
        }

        foreach (var (day, delta) in days)
        {
            if (delta == default)
            {
                continue;
            }

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
