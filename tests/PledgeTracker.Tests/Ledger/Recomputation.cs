using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// Everything that is derived in a database, computed again from what is not (`pledge`, `ledger_entry`, the statements, the change log)
/// and compared row by row. Nothing of it is shared with the code that maintains the derived rows, and its SQL is what every engine
/// understands: flags, days and instants are taken as they come.
/// </summary>
internal static class Recomputation
{
    public static void Check(DbConnection connection) => Assert.Empty(Differences(connection));

    /// <summary>Every derived row that should be there and is not, or is there and should not be.</summary>
    public static List<string> Differences(DbConnection connection)
    {
        var differences = new List<string>();
        void Same(string table, string sql, IEnumerable<string> expected)
        {
            var there = Rows(connection, sql).Select(r => Row([.. r])).ToHashSet();
            var wanted = expected.ToHashSet();
            differences.AddRange(wanted.Except(there).Select(row => $"{table} is missing {row}"));
            differences.AddRange(there.Except(wanted).Select(row => $"{table} has {row}"));
        }

        var headers = Headers(connection);
        var all = headers.SelectMany(h => Naive.Lines(h.Entries).Select(line => (Header: h, Line: line))).ToList();

        Same("line", """
            SELECT pledge_no, donor_id, has_pledge, amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd,
                   outstanding_minor, status, origin, announced_on, header_pledged_usd, header_outstanding_usd FROM line
            """,
            all.Select(x => Row(x.Header.No, x.Line.DonorId, x.Line.HasPledge, x.Line.AmountMinor, Texts(x.Line.Sums), x.Line.OutstandingMinor, x.Line.Status,
                x.Header.Origin, x.Header.AnnouncedOn, x.Header.Sums.Pledged, x.Header.Sums.Outstanding)));

        Same("pledge", """
            SELECT no, amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd, status, overdue_from, version
            FROM pledge
            """,
            headers.Select(h => Row(h.No, h.Currency is null ? null : h.Lines.Sum(l => l.AmountMinor), Texts(h.Sums), Naive.HeaderStatus(h.Lines),
                Naive.OverdueFrom(h.Lines.Sum(l => l.OutstandingMinor), h.Lines.Sum(l => l.PromisedMinor), h.Instalments, h.DueOn), h.Version)));

        foreach (var header in headers)
        {
            var words = Naive.Standing(header.Entries).Where(e => e.Kind is "pledge" or "revision").Select(e => e.Qualifier).Distinct().ToList();
            if (words.Count > 0 && header.Qualifier != (words.Count == 1 ? words[0] : "approximate"))
            {
                differences.Add($"pledge {header.No} has the qualifier {header.Qualifier}");
            }
        }

        Same("pledge_country", "SELECT country, pledge_no, origin, announced_on, pledged_usd, outstanding_usd FROM pledge_country",
            headers.SelectMany(h => h.Countries.Select(c => Row(c, h.No, h.Origin, h.AnnouncedOn, h.Sums.Pledged, h.Sums.Outstanding))));

        var verdicts = Rows(connection, "SELECT entry_no, state FROM verification ORDER BY no").GroupBy(r => Number(r[0])).ToDictionary(g => g.Key, g => g.Last()[1]!);
        Same("contribution", "SELECT entry_no, pledge_no, stage, donor_id, fund_id, value_date, reversed, verification FROM contribution",
            from h in headers
            from e in h.Entries
            where e.ReversesNo is null && e.Kind is "commitment" or "payment"
            let stage = e.AmountMinor >= 0 ? e.Kind : e.Kind == "payment" ? "refund" : "release"
            select Row(e.No, h.No, stage, e.DonorId, h.FundId, e.ValueDate, h.Entries.Any(r => r.ReversesNo == e.No),
                verdicts.GetValueOrDefault(e.No, "reported")));

        var counted = all.Where(x => x.Header.Counted).ToList();
        var totals =
            from x in counted
            from scope in (IEnumerable<(string Name, string? Id)>)[("donor", x.Line.DonorId), ("fund", x.Header.FundId), ("event", x.Header.EventId)]
            where scope.Id is not null
            from instrument in (string[])["all", x.Header.Instrument]
            group x.Line by (scope.Name, scope.Id, instrument) into g
            select (g.Key, Lines: g.Count(l => l.Status != "void"), Sums: Naive.Sums.Of(g.Select(l => l.Sums)));
        // A row that has come back to nothing may stay.
        Same("total", """
            SELECT scope, id, instrument, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd FROM total
            WHERE (lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd) <> (0, 0, 0, 0, 0, 0, 0)
            """,
            totals.Where(t => t.Lines != 0 || t.Sums != default).Select(t => Row(t.Key.Name, t.Key.Id, t.Key.instrument, t.Lines, Texts(t.Sums))));

        var funds = headers.Where(h => h.Counted && h.FundId is not null).ToList();
        Same("fund_day", """
            SELECT fund_id, day, pledged, committed, committed_direct, paid FROM fund_day WHERE (pledged, committed, committed_direct, paid) <> (0, 0, 0, 0)
            """,
            from h in funds
            from day in h.Entries.Select(e => e.ValueDate).Distinct()
            group Naive.FundDay(day, h.Entries) by (h.FundId, day) into g
            let sum = (Pledged: g.Sum(d => d.Pledged), Committed: g.Sum(d => d.Committed), Direct: g.Sum(d => d.Direct), Paid: g.Sum(d => d.Paid))
            where sum != default
            select Row(g.Key.FundId, g.Key.day, sum.Pledged, sum.Committed, sum.Direct, sum.Paid));

        Same("fund_year", "SELECT fund_id, first_year, last_year, pledged, committed, paid FROM fund_year WHERE (pledged, committed, paid) <> (0, 0, 0)",
            from h in funds
            let years = h.UsageYears.Length == 0 ? [h.AnnouncedOn.Year] : h.UsageYears
            group h by (h.FundId, First: years.Min(), Last: years.Max()) into g
            let sum = (Pledged: g.Sum(h => h.Sums.Pledged - h.Sums.Withdrawn), Committed: g.Sum(h => h.Sums.Committed), Paid: g.Sum(h => h.Sums.Paid))
            where sum != default
            select Row(g.Key.FundId, g.Key.First, g.Key.Last, sum.Pledged, sum.Committed, sum.Paid));

        Same("superseded", "SELECT kind, no, by_no FROM superseded", Superseded(connection, "shortfall").Concat(Superseded(connection, "requirement")));
        Chain.Check(connection);
        return differences;
    }

    /// <summary>A pledge is shown with its donors as its entries make them: those who promised most first, each with its own figures.</summary>
    /// <param name="donors">How the ids of the donors begin whose pledges are looked at.</param>
    public static async Task CheckShownAsync(DbConnection connection, HttpClient client, string donors = "")
    {
        foreach (var header in Headers(connection).Where(h => h.Lines.Any(l => l.DonorId.StartsWith(donors, StringComparison.Ordinal))))
        {
            var shown = (await client.ReadAsync($"/v1/pledges/{header.Id}")).Body.GetProperty("donors").EnumerateArray();
            var largestFirst = header.Lines.OrderByDescending(l => l.AmountMinor).ThenBy(l => l.DonorId, StringComparer.Ordinal);
            Assert.Equal(
                largestFirst.Select(l => (l.DonorId, Amount: l.HasPledge ? MinorUnits.ToMajor(l.AmountMinor, header.Currency!) : (decimal?)null, l.Status,
                    Paid: MinorUnits.ToMajor(l.Sums.Paid, "USD"), Outstanding: MinorUnits.ToMajor(l.Sums.Outstanding, "USD"))),
                shown.Select(d => (d.GetProperty("id").GetString()!, Amount: d.GetProperty("amount") is { ValueKind: JsonValueKind.Number } amount ? amount.GetDecimal() : (decimal?)null,
                    d.GetProperty("status").GetString()!, Paid: d.GetProperty("figures").GetProperty("paid").GetDecimal(),
                    Outstanding: d.GetProperty("figures").GetProperty("outstanding").GetDecimal())));
        }
    }

    private sealed record Header(
        long No, string Id, string Origin, string? FundId, string? EventId, string Instrument, string? Currency, string Qualifier, DateOnly AnnouncedOn, DateOnly? DueOn,
        (DateOnly On, long Amount)[] Instalments, string[] Countries, int[] UsageYears, bool Counted, long Version, List<Naive.Entry> Entries)
    {
        public List<Naive.Line> Lines { get; } = Naive.Lines(Entries);

        public Naive.Sums Sums => Naive.Sums.Of(Lines.Select(l => l.Sums));
    }

    private static List<Header> Headers(DbConnection connection)
    {
        var survivors = Rows(connection, "SELECT id, coalesce(merged_into, id) FROM organization").ToDictionary(r => r[0]!, r => r[1]!);
        var entries = Rows(connection, """
            SELECT pledge_no, no, donor_id, kind, amount_minor, currency, usd_minor, qualifier, value_date, reverses_no FROM ledger_entry
            """).ToLookup(r => Number(r[0]), r => new Naive.Entry(Number(r[1]), survivors[r[2]!], r[3]!, Number(r[4]), r[5]!, Number(r[6]), r[7]!, Day(r[8]!),
                r[9] is null ? null : Number(r[9])));
        var merges = Merges(connection);
        return [.. Rows(connection, """
            SELECT no, origin, fund_id, event_id, instrument, currency, qualifier, announced_on, due_on, instalments, countries, usage_years,
                   coalesce(restates_no, passed_on_from_no), (SELECT max(seq) FROM change c WHERE c.pledge_id = p.id), id FROM pledge p
            """).Select(r => new Header(Number(r[0]), r[14]!, r[1]!, r[2], r[3], r[4]!, r[5], r[6]!, Day(r[7]!), r[8] is null ? null : Day(r[8]!),
                [.. JsonDocument.Parse(r[9]!).RootElement.EnumerateArray().Select(i => (Day(i.GetProperty("DueOn").GetString()!), i.GetProperty("AmountMinor").GetInt64()))],
                [.. JsonDocument.Parse(r[10]!).RootElement.EnumerateArray().Select(c => c.GetString()!)],
                [.. JsonDocument.Parse(r[11]!).RootElement.EnumerateArray().Select(y => y.GetInt32())],
                r[12] is null, Math.Max(Number(r[13]), merges.GetValueOrDefault(Number(r[0]))), [.. entries[Number(r[0])]]))];
    }

    // The last merge that each header was touched by: one of an organization that its entries named, or had come to be counted under.
    private static Dictionary<long, long> Merges(DbConnection connection)
    {
        var touched = new Dictionary<long, long>();
        var donors = Rows(connection, "SELECT DISTINCT pledge_no, donor_id FROM ledger_entry").ConvertAll(r => (PledgeNo: Number(r[0]), Now: r[1]!));
        foreach (var change in Rows(connection, "SELECT seq, entity_id, body FROM change WHERE entity = 'organization' ORDER BY seq"))
        {
            var body = JsonDocument.Parse(change[2]!).RootElement;
            if (body.GetProperty("action").GetString() == "merged")
            {
                foreach (var i in Enumerable.Range(0, donors.Count).Where(i => donors[i].Now == change[1]))
                {
                    donors[i] = (donors[i].PledgeNo, body.GetProperty("after").GetProperty("into").GetString()!);
                    touched[donors[i].PledgeNo] = Number(change[0]);
                }
            }
        }

        return touched;
    }

    // Two statements of one fund whose periods overlap, or where one has none: the next later one takes over.
    private static IEnumerable<string> Superseded(DbConnection connection, string kind)
    {
        var statements = Rows(connection, $"SELECT no, fund_id, stated_on, period_start, period_end FROM {kind}")
            .ConvertAll(r => new[] { r[0], r[1], r[2], r[3] ?? "0000-00-00", r[4] ?? "9999-99-99" });
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

    private static string Texts(Naive.Sums s) => Row(s.Pledged, s.Withdrawn, s.Committed, s.Paid, s.PaidOnPledged, s.Outstanding);

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Row(params object?[] values) => string.Join('|', values.Select(value => Text(value) ?? "-"));

    // A flag may come as a number, a day as a text: here both come alike.
    private static string? Text(object? value) => value switch
    {
        null or DBNull => null,
        bool yes => yes ? "1" : "0",
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static List<string?[]> Rows(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))]);
        }

        return rows;
    }
}
