using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Pledges;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// Everything that is derived in a database, computed again from what is not (`pledge`, `ledger_entry`, the statements, the change log)
/// and compared row by row. Nothing of it is shared with the code that maintains the derived rows.
/// </summary>
internal static class Recomputation
{
    public static void Check(Database database)
    {
        using var connection = database.OpenForReading();
        var headers = Headers(connection);
        var all = headers.SelectMany(h => Naive.Lines(h.Entries).Select(line => (Header: h, Line: line))).ToList();

        Same("line", connection, """
            SELECT pledge_no, donor_id, has_pledge, amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd,
                   outstanding_minor, status, origin, announced_on, header_pledged_usd, header_outstanding_usd FROM line
            """,
            all.Select(x => Row(x.Header.No, x.Line.DonorId, x.Line.HasPledge, x.Line.AmountMinor, Texts(x.Line.Sums), x.Line.OutstandingMinor, x.Line.Status,
                x.Header.Origin, x.Header.AnnouncedOn, Sum(x.Header, s => s.Pledged), Sum(x.Header, s => s.Outstanding))));

        Same("pledge", connection, """
            SELECT no, amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd, status, overdue_from, version, sole_donor_id
            FROM pledge
            """,
            headers.Select(h => Row(h.No, h.Currency is null ? null : h.Lines.Sum(l => l.AmountMinor), Sum(h, s => s.Pledged), Sum(h, s => s.Withdrawn),
                Sum(h, s => s.Committed), Sum(h, s => s.Paid), Sum(h, s => s.PaidOnPledged), Sum(h, s => s.Outstanding), Naive.HeaderStatus(h.Lines),
                Naive.OverdueFrom(h.Lines.Sum(l => l.OutstandingMinor), h.Lines.Sum(l => l.PromisedMinor), h.Instalments, h.DueOn), h.Version,
                h.Lines.Count == 1 && h.Lines[0].HasPledge == h.Currency is not null ? h.Lines[0].DonorId : null)));

        using var session = new Session(database.OpenForReading());
        foreach (var header in headers)
        {
            CheckShown(session, header);
            var words = Naive.Standing(header.Entries).Where(e => e.Kind is "pledge" or "revision").Select(e => e.Qualifier).Distinct().ToList();
            Assert.True(words.Count == 0 || header.Qualifier == (words.Count == 1 ? words[0] : "approximate"),
                $"Qualifier of pledge {header.No}: {header.Qualifier}");
        }

        Same("pledge_country", connection, "SELECT country, pledge_no, origin, announced_on, pledged_usd FROM pledge_country",
            headers.SelectMany(h => h.Countries.Select(c => Row(c, h.No, h.Origin, h.AnnouncedOn, Sum(h, s => s.Pledged)))));

        var verdicts = Rows(connection, "SELECT entry_no, state FROM verification ORDER BY no").ConvertAll(r => (EntryNo: Number(r[0]), State: r[1]!));
        Same("contribution", connection, "SELECT entry_no, pledge_no, stage, donor_id, fund_id, value_date, reversed, verification FROM contribution",
            from h in headers
            from e in h.Entries
            where e.ReversesNo is null && e.Kind is "commitment" or "payment"
            let stage = e.AmountMinor >= 0 ? e.Kind : e.Kind == "payment" ? "refund" : "release"
            select Row(e.No, h.No, stage, e.DonorId, h.FundId, e.ValueDate, h.Entries.Any(r => r.ReversesNo == e.No),
                verdicts.Where(v => v.EntryNo == e.No).Select(v => v.State).LastOrDefault("reported")));

        var counted = all.Where(x => x.Header.Counted).ToList();
        var totals =
            from x in counted
            from scope in (IEnumerable<(string Name, string? Id)>)[("donor", x.Line.DonorId), ("fund", x.Header.FundId), ("event", x.Header.EventId)]
            where scope.Id is not null
            from instrument in (string[])["all", x.Header.Instrument]
            group x.Line by (scope.Name, scope.Id, instrument) into g
            select (g.Key, Lines: g.Count(l => l.Status != "void"), Sums: g.Aggregate(default(Sums), (sum, l) => sum + l.Sums));
        // A row that has come back to nothing may stay.
        Same("total", connection, """
            SELECT scope, id, instrument, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd FROM total
            WHERE (lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd) <> (0, 0, 0, 0, 0, 0, 0)
            """,
            totals.Where(t => t.Lines != 0 || t.Sums != default).Select(t => Row(t.Key.Name, t.Key.Id, t.Key.instrument, t.Lines, Texts(t.Sums))));

        var funds = headers.Where(h => h.Counted && h.FundId is not null).ToList();
        Same("fund_day", connection, """
            SELECT fund_id, day, pledged, committed, committed_direct, paid FROM fund_day WHERE (pledged, committed, committed_direct, paid) <> (0, 0, 0, 0)
            """,
            from h in funds
            from day in h.Entries.Select(e => e.ValueDate).Distinct()
            group Naive.FundDay(day, h.Entries) by (h.FundId, day) into g
            let sum = (Pledged: g.Sum(d => d.Pledged), Committed: g.Sum(d => d.Committed), Direct: g.Sum(d => d.CommittedDirect), Paid: g.Sum(d => d.Paid))
            where sum != default
            select Row(g.Key.FundId, g.Key.day, sum.Pledged, sum.Committed, sum.Direct, sum.Paid));

        Same("fund_year", connection, "SELECT fund_id, first_year, last_year, pledged, committed, paid FROM fund_year WHERE (pledged, committed, paid) <> (0, 0, 0)",
            from h in funds
            let years = h.UsageYears.Length == 0 ? [h.AnnouncedOn.Year] : h.UsageYears
            group h by (h.FundId, First: years.Min(), Last: years.Max()) into g
            let sum = (Pledged: g.Sum(h => Sum(h, s => s.Pledged) - Sum(h, s => s.Withdrawn)), Committed: g.Sum(h => Sum(h, s => s.Committed)),
                Paid: g.Sum(h => Sum(h, s => s.Paid)))
            where sum != default
            select Row(g.Key.FundId, g.Key.First, g.Key.Last, sum.Pledged, sum.Committed, sum.Paid));

        Same("superseded", connection, "SELECT kind, no, by_no FROM superseded", Superseded(connection, "shortfall").Concat(Superseded(connection, "requirement")));
        CheckChain(connection);
        Assert.Empty(Rows(connection, "PRAGMA foreign_key_check"));
    }

    /// <summary>
    /// A pledge is shown with its donors as its entries make them, wherever they are read from; and what is written member by member is what
    /// the shape that is documented would be serialized to, byte for byte.
    /// </summary>
    private static void CheckShown(Session session, Header header)
    {
        var json = GetPledge.Load(session, header.Id, new View(Language.Arabic, new DateOnly(2026, 1, 1)))!.Json;
        var pledge = JsonSerializer.Deserialize<Pledge>(json, Json.Options)!;
        Assert.Equal(JsonSerializer.Serialize(pledge, Json.Options), Encoding.UTF8.GetString(json));
        var largestFirst = header.Lines.OrderByDescending(l => l.AmountMinor).ThenBy(l => l.DonorId, StringComparer.Ordinal).ToList();
        Assert.Equal(largestFirst.Select(l => (l.DonorId, Amount: l.HasPledge ? Currency.Major(l.AmountMinor, header.Currency!) : (decimal?)null, l.Status, l.Sums.Paid, l.Sums.Outstanding)),
            pledge.Donors.Select(d => (d.Id, d.Amount, d.Status, (long)(d.Figures.Paid * 100), (long)(d.Figures.Outstanding * 100))));
    }

    /// <summary>Walks the change log: no gap, no time that runs backwards, each hash made of the one before.</summary>
    public static void CheckChain(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT seq, at, actor, body, hash FROM change ORDER BY seq";
        using var reader = command.ExecuteReader();
        var (sequence, at, hash) = (0L, "", new byte[32]);
        while (reader.Read())
        {
            Assert.Equal(++sequence, reader.GetInt64(0));
            Assert.True(string.CompareOrdinal(at, reader.GetString(1)) <= 0, $"Change {sequence} is older than the one before it.");
            at = reader.GetString(1);
            hash = ChangeLog.Hash(hash, sequence, at, reader.GetString(2), reader.GetString(3));
            Assert.Equal(hash, reader.GetFieldValue<byte[]>(4));
        }
    }

    private sealed record Header(
        long No, string Id, string Origin, string? FundId, string? EventId, string Instrument, string? Currency, string Qualifier, DateOnly AnnouncedOn, DateOnly? DueOn,
        (DateOnly On, long Amount)[] Instalments, string[] Countries, int[] UsageYears, bool Counted, long Version, List<Entry> Entries)
    {
        public List<Line> Lines { get; } = Naive.Lines(Entries);
    }

    private static List<Header> Headers(SqliteConnection connection)
    {
        var survivors = Rows(connection, "SELECT id, coalesce(merged_into, id) FROM organization").ToDictionary(r => r[0]!, r => r[1]!);
        var entries = Rows(connection, """
            SELECT pledge_no, no, donor_id, kind, amount_minor, currency, usd_minor, qualifier, value_date, reverses_no FROM ledger_entry
            """).ToLookup(r => Number(r[0]), r => new Entry
        {
            No = Number(r[1]),
            DonorId = survivors[r[2]!],
            Kind = r[3]!,
            AmountMinor = Number(r[4]),
            Currency = r[5]!,
            UsdMinor = Number(r[6]),
            Qualifier = r[7]!,
            ValueDate = DateOnly.Parse(r[8]!, CultureInfo.InvariantCulture),
            ReversesNo = r[9] is null ? null : Number(r[9]),
        });
        return [.. Rows(connection, """
            SELECT no, origin, fund_id, event_id, instrument, currency, qualifier, announced_on, due_on, instalments, countries, usage_years,
                   coalesce(restates_no, passed_on_from_no), (SELECT max(seq) FROM change c WHERE c.pledge_id = p.id), id FROM pledge p
            """).Select(r => new Header(Number(r[0]), r[14]!, r[1]!, r[2], r[3], r[4]!, r[5], r[6]!, DateOnly.Parse(r[7]!, CultureInfo.InvariantCulture),
                r[8] is null ? null : DateOnly.Parse(r[8]!, CultureInfo.InvariantCulture),
                [.. JsonDocument.Parse(r[9]!).RootElement.EnumerateArray().Select(i =>
                    (DateOnly.Parse(i.GetProperty("DueOn").GetString()!, CultureInfo.InvariantCulture), i.GetProperty("AmountMinor").GetInt64()))],
                [.. JsonDocument.Parse(r[10]!).RootElement.EnumerateArray().Select(c => c.GetString()!)],
                [.. JsonDocument.Parse(r[11]!).RootElement.EnumerateArray().Select(y => y.GetInt32())],
                r[12] is null, Number(r[13]), [.. entries[Number(r[0])]]))];
    }

    // Two statements of one fund whose periods overlap, or where one has none: the next later one takes over.
    private static IEnumerable<string> Superseded(SqliteConnection connection, string kind)
    {
        var statements = Rows(connection, $"SELECT no, fund_id, stated_on, coalesce(period_start, '0000-00-00'), coalesce(period_end, '9999-99-99') FROM {kind}");
        foreach (var earlier in statements)
        {
            var next = statements
                .Where(s => s[1] == earlier[1] && string.CompareOrdinal(s[3], earlier[4]) <= 0 && string.CompareOrdinal(s[4], earlier[3]) >= 0)
                .Where(s => string.CompareOrdinal(s[2], earlier[2]) is var order && (order > 0 || (order == 0 && Number(s[0]) > Number(earlier[0]))))
                .OrderBy(s => s[2], StringComparer.Ordinal).ThenBy(s => Number(s[0])).FirstOrDefault();
            if (next is not null)
            {
                yield return Row(kind, earlier[0], next[0]);
            }
        }
    }

    private static long Sum(Header header, Func<Sums, long> figure) => header.Lines.Sum(l => figure(l.Sums));

    private static string Texts(Sums s) => Row(s.Pledged, s.Withdrawn, s.Committed, s.Paid, s.PaidOnPledged, s.Outstanding);

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);

    private static void Same(string table, SqliteConnection connection, string sql, IEnumerable<string> expected)
    {
        var there = Rows(connection, sql).Select(r => Row([.. r])).ToHashSet();
        var wanted = expected.ToHashSet();
        Assert.True(wanted.SetEquals(there), $"{table}\n  is missing  {string.Join("\n              ", wanted.Except(there))}\n" +
                                             $"  and has     {string.Join("\n              ", there.Except(wanted))}");
    }

    private static string Row(params object?[] values) => string.Join('|', values.Select(value => value switch
    {
        null => "-",
        bool yes => yes ? "1" : "0",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    }));

    private static List<string?[]> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))]);
        }

        return rows;
    }
}
