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

        Same("line", $"""
            SELECT pledge_no, donor_id, has_pledge, amount_minor, {Figures}, outstanding_minor, status, origin, announced_on, header_pledged_usd, header_outstanding_usd
            FROM line
            """,
            all.Select(x => Row(x.Header.No, x.Line.DonorId, x.Line.HasPledge, x.Line.AmountMinor, Texts(x.Line.Sums), x.Line.OutstandingMinor, x.Line.Status,
                x.Header.Origin, x.Header.AnnouncedOn, x.Header.Sums.Pledged, x.Header.Sums.Outstanding)));

        Same("pledge", $"SELECT no, amount_minor, {Figures}, status, overdue_from, version FROM pledge",
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

        differences.AddRange(Misrecorded(connection, headers));

        Same("pledge_country", "SELECT country, pledge_no, origin, announced_on, pledged_usd, outstanding_usd FROM pledge_country",
            headers.SelectMany(h => h.Countries.Select(c => Row(c, h.No, h.Origin, h.AnnouncedOn, h.Sums.Pledged, h.Sums.Outstanding))));

        var verdicts = Rows(connection, "SELECT entry_no, state FROM verification ORDER BY no").GroupBy(r => Number(r[0])).ToDictionary(g => g.Key, g => g.Last()[1]!);
        Same("contribution", "SELECT entry_no, pledge_no, stage, donor_id, fund_id, value_date, reversed, verification FROM contribution",
            from h in headers
            from e in h.Entries
            where e.ReversesNo is null && e.Kind is "commitment" or "payment" or "adjustment"
            let stage = e.Kind == "adjustment" || e.AmountMinor >= 0 ? e.Kind : e.Kind == "payment" ? "refund" : "release"
            select Row(e.No, h.No, stage, e.DonorId, h.FundId, e.ValueDate, h.Entries.Any(r => r.ReversesNo == e.No),
                verdicts.GetValueOrDefault(e.No, "reported")));

        // A day that changed nothing has no row, but for a line's first.
        Same("line_day", $"SELECT pledge_no, donor_id, day, {Figures}, {Besides} FROM line_day",
            from h in headers
            from d in DaysOf(h)
            where d.Change.Any(n => n != 0) || Naive.Standing(h.Entries).Where(e => e.DonorId == d.DonorId).Select(e => (DateOnly?)e.CountsFrom).Min() == d.On
            select Row(h.No, d.DonorId, d.On, Numbers(d.Change)));

        var moves = headers.Where(h => h.Counted).SelectMany(MovesOf).ToList();
        // A row that has come back to nothing may stay.
        Same("total", $"SELECT scope, id, instrument, lines, pledges, {Figures}, {Besides} FROM total WHERE {AnyOf($"lines, pledges, {Figures}, {Besides}")}",
            from m in moves
            group m by (m.Scope, m.Id, m.Instrument) into g
            let sum = Sum(g.Select(m => m.Change))
            let counts = (Lines: g.Sum(m => m.Lines), Pledges: g.Sum(m => m.Pledges))
            where counts != default || sum.Any(n => n != 0)
            select Row(g.Key.Scope, g.Key.Id, g.Key.Instrument, counts.Lines, counts.Pledges, Numbers(sum)));
        Same("total_month", $"SELECT scope, id, instrument, month, pledges, {Figures}, {Besides} FROM total_month WHERE {AnyOf($"pledges, {Figures}, {Besides}")}",
            from m in moves
            group m by (m.Scope, m.Id, m.Instrument, m.Month) into g
            let sum = Sum(g.Select(m => m.Change))
            let pledges = g.Sum(m => m.Pledges)
            where pledges != 0 || sum.Any(n => n != 0)
            select Row(g.Key.Scope, g.Key.Id, g.Key.Instrument, g.Key.Month, pledges, Numbers(sum)));

        Same("fund_day", """
            SELECT fund_id, first_year, last_year, day, instrument, pledged, committed, committed_direct, paid FROM fund_day
            WHERE pledged <> 0 OR committed <> 0 OR committed_direct <> 0 OR paid <> 0
            """,
            from m in MoneyOf(headers)
            group m.Money.Of by (m.FundId, m.Money.Years, m.Money.On, m.Money.Instrument) into g
            let sum = (Pledged: g.Sum(d => d.Pledged), Committed: g.Sum(d => d.Committed), Direct: g.Sum(d => d.Direct), Paid: g.Sum(d => d.Paid))
            where sum != default
            select Row(g.Key.FundId, g.Key.Years?.First ?? 0, g.Key.Years?.Last ?? 0, g.Key.On, g.Key.Instrument, sum.Pledged, sum.Committed, sum.Direct, sum.Paid));

        Same("superseded", "SELECT kind, no, by_no FROM superseded",
            ((string[])["shortfall", "requirement"]).SelectMany(kind => Statements(connection, kind).Where(s => s.NextNo is not null).Select(s => Row(kind, s.No, s.NextNo))));
        Chain.Check(connection);
        return differences;
    }

    /// <summary>A pledge is shown with its donors as its entries make them: those who promised most first, each with its own figures.</summary>
    /// <param name="donors">How the ids of the donors begin whose pledges are looked at.</param>
    public static async Task CheckShownAsync(DbConnection connection, HttpClient client, string donors = "")
    {
        foreach (var header in Headers(connection).Where(h => h.Lines.Any(l => l.DonorId.StartsWith(donors, StringComparison.Ordinal))))
        {
            var pledge = (await client.ReadAsync($"/v1/pledges/{header.Id}")).Body;
            var shown = pledge.GetProperty("donors").EnumerateArray();
            var largestFirst = header.Lines.OrderByDescending(l => l.AmountMinor).ThenBy(l => l.DonorId, StringComparer.Ordinal);
            Assert.Equal(
                largestFirst.Select(l => Row(l.DonorId, l.HasPledge ? MinorUnits.ToMajor(l.AmountMinor, header.Currency!) : null, l.Status, ShownTexts(l.Sums))),
                shown.Select(d => Row(d.GetProperty("id").GetString(), d.GetProperty("amount") is { ValueKind: JsonValueKind.Number } amount ? amount.GetDecimal() : null,
                    d.GetProperty("status").GetString(), ShownTexts(d.GetProperty("figures")))));
            Assert.Equal(ShownTexts(header.Sums), ShownTexts(pledge.GetProperty("figures")));
            var parts = header.Lines.ConvertAll(l => Naive.PartsOf(l.Sums, header.Shares));
            Assert.Equal(
                header.Shares.Select(s => Row(s.Country, Plainly(s.Share / 10_000m), ShownTexts(Naive.Sums.Of(parts.ConvertAll(line => line[s.Country]))))),
                pledge.GetProperty("byCountry").EnumerateArray().Select(c => Row(c.GetProperty("country").GetString(), Plainly(c.GetProperty("share").GetDecimal()), ShownTexts(c.GetProperty("figures")))));
        }
    }

    /// <summary>Every shortfall is shown with the coverage that the entries and the statements of its fund give it.</summary>
    /// <param name="funds">How the ids of the funds begin whose shortfalls are looked at.</param>
    public static async Task CheckCoverageAsync(DbConnection connection, HttpClient client, string funds = "")
    {
        var money = MoneyOf(Headers(connection)).ToLookup(m => m.FundId, m => m.Money);
        foreach (var kind in (string[])["shortfall", "requirement"])
        {
            foreach (var fund in Statements(connection, kind).Where(s => s.FundId.StartsWith(funds, StringComparison.Ordinal)).GroupBy(s => s.FundId))
            {
                List<NaiveCoverage.Statement> all = [.. fund.Select(s => s.Said)];
                List<NaiveCoverage.Money> own = [.. money[fund.Key]];
                foreach (var (statement, said) in fund.Select(s => (s, s.Said)))
                {
                    var computed = kind == "requirement";
                    var counted = computed ? NaiveCoverage.OfComputed(said, all, own) : NaiveCoverage.OfReported(said, all, own);
                    var shown = (await client.ReadAsync($"/v1/shortfalls/{said.Id}")).Body.GetProperty("coverage");
                    Assert.Equal(CoverageOf(computed, counted, computed ? NaiveCoverage.Across(all, own) : [], statement.UsdMinor), ShownCoverage(shown));
                }
            }
        }
    }

    /// <summary>What a shortfall's coverage has to show, in all and by instrument.</summary>
    internal static string CoverageOf(bool computed, List<NaiveCoverage.Money> counted, List<NaiveCoverage.Money> across, long usdMinor)
    {
        long[] FiguresOf(Func<NaiveCoverage.Money, bool> which)
        {
            var of = counted.Where(which).ToList();
            var (pledged, committed) = (of.Sum(m => m.Of.Pledged), of.Sum(m => m.Of.Committed));
            return [pledged, committed, of.Sum(m => m.Of.Paid), computed ? committed : pledged + of.Sum(m => m.Of.Direct), across.Where(which).Sum(m => m.Of.Committed)];
        }

        var figures = FiguresOf(_ => true);
        var byInstrument = counted.Concat(across).Select(m => m.Instrument).Distinct().Order(StringComparer.Ordinal)
            .Select(instrument => (instrument, Of: FiguresOf(m => m.Instrument == instrument))).Where(i => i.Of.Any(cents => cents != 0));
        return Row(Dollars([.. figures, Math.Max(0, usdMinor - figures[3])]), string.Join(" + ", byInstrument.Select(i => Row(i.instrument, Dollars(i.Of)))));
    }

    /// <summary>What it shows.</summary>
    internal static string ShownCoverage(JsonElement coverage) => Row(Amounts(coverage, [.. Coverage, "remaining"]),
        string.Join(" + ", coverage.GetProperty("byInstrument").EnumerateArray().Select(i => Row(i.GetProperty("instrument").GetString(), Amounts(i.GetProperty("figures"), Coverage)))));

    // What of a coverage adds up over instruments.
    private static readonly string[] Coverage = ["pledgedSince", "committedSince", "paidSince", "covered", "acrossPeriods"];

    internal sealed record Header(
        long No, string Id, string Origin, string? FundId, string? EventId, string Instrument, string? Currency, string Qualifier, DateOnly AnnouncedOn, DateOnly? DueOn,
        (DateOnly On, long Amount)[] Instalments, string[] Countries, (string Country, int Share)[] Shares, bool Shared, int[] UsageYears, bool Counted, bool AsEntered, long Version, List<Naive.Entry> Entries)
    {
        public bool Restates { get; init; }

        public List<Naive.Line> Lines { get; } = Naive.Lines(Entries);

        public Naive.Sums Sums => Naive.Sums.Of([.. Lines.Select(l => l.Sums)]);
    }

    internal sealed record Stated(long No, string Id, string FundId, long UsdMinor, string StatedOn, string? Start, string? End)
    {
        public long? NextNo { get; set; }

        public string? NextStatedOn { get; set; }

        public NaiveCoverage.Statement Said => new(Id, Day(StatedOn), Start is null ? null : Day(Start), End is null ? null : Day(End), NextStatedOn is null ? null : Day(NextStatedOn));

        public bool Overlaps(Stated other) =>
            string.CompareOrdinal(Start ?? "0000-00-00", other.End ?? "9999-99-99") <= 0 && string.CompareOrdinal(End ?? "9999-99-99", other.Start ?? "0000-00-00") >= 0;
    }

    internal static List<Header> Headers(DbConnection connection)
    {
        var survivors = Rows(connection, "SELECT id, coalesce(merged_into, id) FROM organization").ToDictionary(r => r[0]!, r => r[1]!);
        var entries = Rows(connection, """
            SELECT pledge_no, no, donor_id, kind, amount_minor, currency, usd_minor, qualifier, value_date, coalesce(counts_from, value_date), reverses_no, settles_minor, reason, adjusts, usd_qualifier
            FROM ledger_entry
            """).ToLookup(r => Number(r[0]), r => new Naive.Entry(Number(r[1]), survivors[r[2]!], r[3]!, Number(r[4]), r[5]!, Number(r[6]), r[7]!, Day(r[8]!), Day(r[9]!),
                r[10] is null ? null : Number(r[10]), r[11] is null ? null : Number(r[11]), r[12], r[13], r[14]));
        var merges = Merges(connection);
        return [.. Rows(connection, """
            SELECT no, origin, fund_id, event_id, instrument, currency, qualifier, announced_on, due_on, instalments, countries, usage_years,
                   coalesce(restates_no, passed_on_from_no), (SELECT max(seq) FROM change c WHERE c.pledge_id = p.id AND c.body NOT LIKE '%"action":"verified"%' AND c.body NOT LIKE '%"action":"disputed"%'), id, reclassifies_no, shares, shared, restates_no FROM pledge p
            """).Select(r => new Header(Number(r[0]), r[14]!, r[1]!, r[2], r[3], r[4]!, r[5], r[6]!, Day(r[7]!), r[8] is null ? null : Day(r[8]!),
                [.. JsonDocument.Parse(r[9]!).RootElement.EnumerateArray().Select(i => (Day(i.GetProperty("DueOn").GetString()!), i.GetProperty("AmountMinor").GetInt64()))],
                [.. JsonDocument.Parse(r[10]!).RootElement.EnumerateArray().Select(c => c.GetString()!)],
                [.. JsonDocument.Parse(r[10]!).RootElement.EnumerateArray().Zip(JsonDocument.Parse(r[16]!).RootElement.EnumerateArray(), (country, share) => (country.GetString()!, share.GetInt32()))],
                r[17] == "1", [.. JsonDocument.Parse(r[11]!).RootElement.EnumerateArray().Select(y => y.GetInt32())],
                r[12] is null, r[15] is null && !merges.ContainsKey(Number(r[0])), Math.Max(Number(r[13]), merges.GetValueOrDefault(Number(r[0]))), [.. entries[Number(r[0])]]) { Restates = r[18] is not null })];
    }

    /// <summary>Of every amendment of a pledge, the pledge, its sequence and what was there before.</summary>
    internal static ILookup<string, (long Sequence, JsonElement Before)> Amended(DbConnection connection) =>
        Rows(connection, "SELECT seq, entity_id, body FROM change WHERE entity = 'pledge' ORDER BY seq").Select(r => (Id: r[1]!, Sequence: Number(r[0]), Body: JsonDocument.Parse(r[2]!).RootElement))
            .Where(c => c.Body.GetProperty("action").GetString() == "amended").ToLookup(c => c.Id, c => (c.Sequence, c.Body.GetProperty("before")));

    /// <summary>The sectors and the earmarking of a pledge by a version of the dataset: those before the first amendment after it.</summary>
    internal static (string[] Sectors, string? Earmarking) SaidAt(string? version, IEnumerable<(long Sequence, JsonElement Before)> amended, (string[] Sectors, string? Earmarking) now) =>
        version is not null && amended.Where(a => a.Sequence > Number(version.Split('-')[0])).Select(a => (JsonElement?)a.Before).FirstOrDefault() is { } then
            ? ([.. then.Texts("sectors")], then.Text("earmarking"))
            : now;

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
    internal static List<Stated> Statements(DbConnection connection, string kind, string where = "1 = 1")
    {
        var statements = Rows(connection, $"SELECT no, id, fund_id, usd_minor, stated_on, period_start, period_end FROM {kind} WHERE {where}")
            .ConvertAll(r => new Stated(Number(r[0]), r[1]!, r[2]!, Number(r[3]), r[4]!, r[5], r[6]));
        foreach (var earlier in statements)
        {
            var next = statements
                .Where(s => s.FundId == earlier.FundId && s.Overlaps(earlier))
                .Where(s => string.CompareOrdinal(s.StatedOn, earlier.StatedOn) is var order && (order > 0 || (order == 0 && s.No > earlier.No)))
                .OrderBy(s => s.StatedOn, StringComparer.Ordinal).ThenBy(s => s.No).FirstOrDefault();
            (earlier.NextNo, earlier.NextStatedOn) = (next?.No, next?.StatedOn);
        }

        return statements;
    }

    // What is fixed when an entry is recorded: what it settles where nobody said it, and the dollars of what takes a promise down. Entries that were
    // entered again elsewhere, and those of donors that were merged since, stood otherwise then.
    private static IEnumerable<string> Misrecorded(DbConnection connection, List<Header> headers)
    {
        var said = Rows(connection, """
            SELECT e.no, c.body FROM ledger_entry e JOIN change c ON c.entity_id = e.id WHERE c.entity IN ('contribution', 'entry')
            """).ConvertAll(r => (No: Number(r[0]), After: JsonDocument.Parse(r[1]!).RootElement.GetProperty("after")))
            .Where(c => c.After.ValueKind == JsonValueKind.Object
                && ((string[])["settles", "changeUsd"]).Any(member => c.After.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null))
            .Select(c => c.No).ToHashSet();
        foreach (var entry in headers.Where(h => h.AsEntered).SelectMany(h => h.Entries, (h, e) => (Header: h, Of: e)).Where(e => e.Of.ReversesNo is null && !said.Contains(e.Of.No)))
        {
            var (header, of) = entry;
            List<Naive.Entry> before = [.. header.Entries.Where(e => e.No < of.No)];
            var promised = Naive.Standing(before).Exists(e => e.Kind == "pledge" && e.DonorId == of.DonorId);
            if (promised && of.Kind is "commitment" or "payment" && of.Currency != header.Currency && Naive.Settles(of, before) is var settles && of.SettlesMinor != settles)
            {
                yield return $"ledger_entry {of.No} settles {of.SettlesMinor} and not {settles}";
            }
            else if (of.Kind == "withdrawal" && Naive.TakenDown(of.AmountMinor, of.DonorId, of.CountsFrom, before) is var taken && of.UsdMinor != taken)
            {
                yield return $"ledger_entry {of.No} takes {of.UsdMinor} cents and not {taken}";
            }
            else if (of is { Kind: "revision", AmountMinor: < 0 } && -Naive.TakenDown(-of.AmountMinor, of.DonorId, of.CountsFrom, before) is var lowered && of.UsdMinor != lowered)
            {
                yield return $"ledger_entry {of.No} lowers by {of.UsdMinor} cents and not by {lowered}";
            }
        }
    }

    // What each day changed of each line: as it stood at its end, less as it stood at the end of the day before.
    private static IEnumerable<(string DonorId, DateOnly On, Naive.Sums Before, Naive.Sums After, long[] Change)> DaysOf(Header header) =>
        from donor in header.Lines.Select(l => l.DonorId)
        from day in header.Entries.Select(e => e.CountsFrom).Distinct()
        let before = Naive.LineOf(donor, header.Entries, day.AddDays(-1)).Sums
        let after = Naive.LineOf(donor, header.Entries, day).Sums
        select (donor, day, before, after, Difference(after, before));

    // What a header does to totals: of each day what it changes, and where it and its lines are counted.
    private static IEnumerable<(string Scope, string Id, string Instrument, string Month, long Lines, long Pledges, long[] Change)> MovesOf(Header header)
    {
        string[] split = header.Shared ? [] : [.. header.Shares.Select(s => s.Country)];
        (string Scope, string Id)[] whole =
        [
            ("all", ""), ("fund", header.FundId ?? ""), ("event", header.EventId ?? ""), ("announced", Month(header.AnnouncedOn)),
            .. split.Length > 0 ? split.Select(country => ("country", country))
                : header.Countries.Length == 0 ? [("country", "")]
                : header.Countries.Length == 1 && !header.Shared ? [("country", header.Countries[0])]
                : (IEnumerable<(string, string)>)[("country", "shared")],
        ];
        var standing = Naive.Standing(header.Entries);
        foreach (var instrument in (string[])["all", header.Instrument])
        {
            foreach (var (donor, day, before, after, change) in DaysOf(header))
            {
                yield return ("donor", donor, instrument, Month(day), 0, 0, change);
                foreach (var (scope, id) in whole)
                {
                    yield return (scope, id, instrument, Month(day), 0, 0, scope == "country" && split.Length > 0
                        ? Difference(Naive.PartsOf(after, header.Shares)[id], Naive.PartsOf(before, header.Shares)[id])
                        : change);
                }
            }

            foreach (var line in standing.GroupBy(e => e.DonorId))
            {
                var first = Month(line.Min(e => e.CountsFrom));
                yield return ("donor", line.Key, instrument, first, 1, 1, []);
                foreach (var (scope, id) in whole)
                {
                    yield return (scope, id, instrument, first, 1, 0, []);
                }
            }

            if (standing.Count > 0)
            {
                foreach (var (scope, id) in whole)
                {
                    yield return (scope, id, instrument, Month(standing.Min(e => e.CountsFrom)), 0, 1, []);
                }
            }
        }
    }

    // What the headers that count hold of their funds' money, day by day.
    internal static IEnumerable<(string FundId, NaiveCoverage.Money Money)> MoneyOf(List<Header> headers) =>
        from h in headers
        where h.Counted && h.FundId is not null
        let years = h.UsageYears.Length == 0 ? default((int, int)?) : (h.UsageYears.Min(), h.UsageYears.Max())
        from day in Naive.FundDays(h.Entries)
        select (h.FundId, new NaiveCoverage.Money(day.Key, years, h.Instrument, day.Value));

    private const string Figures =
        "pledged_usd, revised_down_usd, withdrawn_usd, committed_usd, paid_usd, outstanding_usd, promised_only_usd, excess_usd, undisbursed_usd, approximate, at_least, at_most";

    private const string Besides =
        "withdrawn_by_donor_usd, lapsed_usd, written_off_usd, direct_committed_usd, direct_paid_usd, adjusted_pledged_usd, adjusted_committed_usd, adjusted_paid_usd";

    private static string AnyOf(string columns) => string.Join(" OR ", columns.Split(", ").Select(column => $"{column} <> 0"));

    private static string Texts(Naive.Sums s) => Numbers(FiguresOf(s));

    private static long[] FiguresOf(Naive.Sums s) =>
        [s.Pledged, s.RevisedDown, s.Withdrawn, s.Committed, s.Paid, s.Outstanding, s.PromisedOnly, s.Excess, s.Undisbursed, s.Approximate, s.AtLeast, s.AtMost];

    private static long[] AllOf(Naive.Sums s) =>
        [.. FiguresOf(s), s.WithdrawnByDonor, s.Lapsed, s.WrittenOff, s.DirectCommitted, s.DirectPaid, s.AdjustedPledged, s.AdjustedCommitted, s.AdjustedPaid];

    private static long[] Difference(Naive.Sums later, Naive.Sums earlier) => [.. AllOf(later).Zip(AllOf(earlier), (a, b) => a - b)];

    // What only counts changes none of them.
    private static long[] Sum(IEnumerable<long[]> changes) => changes.Aggregate(AllOf(default), (sum, change) => change.Length == 0 ? sum : [.. sum.Zip(change, (a, b) => a + b)]);

    private static string Numbers(long[] numbers) => Row([.. numbers.Cast<object>()]);

    // A block of figures as it is shown.
    internal static string ShownTexts(Naive.Sums s, string currency = "USD")
    {
        string Dollars(params long[] minor) => string.Join(' ', minor.Select(m => Plainly(MinorUnits.ToMajor(m, currency))));
        var (promisedOnly, committedUnpaid, paid, withdrawn) = s.Stages;
        var left = s.Pledged - s.Withdrawn;
        var share = left == 0 ? default(decimal?) : Math.Round((decimal)paid / left, 6, MidpointRounding.AwayFromZero);
        return Row(currency, s.Qualifier, s.Approximate + s.AtLeast + s.AtMost,
            Dollars(s.Pledged, s.RevisedDown, s.Withdrawn, s.Committed, s.Paid, s.Outstanding, s.Excess), share is null ? null : Plainly(share.Value),
            Dollars(promisedOnly, committedUnpaid, paid, withdrawn));
    }

    internal static string ShownTexts(JsonElement figures)
    {
        return Row(figures.GetProperty("currency").GetString(), figures.GetProperty("qualifier").GetString(), figures.GetProperty("inexact").GetInt64(),
            Amounts(figures, "pledged", "revisedDown", "withdrawn", "committed", "paid", "outstanding", "excess"),
            figures.GetProperty("paidShare") is { ValueKind: JsonValueKind.Number } share ? Plainly(share.GetDecimal()) : null,
            Amounts(figures.GetProperty("stages"), "promisedOnly", "committedUnpaid", "paid", "withdrawn"));
    }

    private static string Amounts(JsonElement of, params string[] members) => string.Join(' ', members.Select(m => Plainly(of.GetProperty(m).GetDecimal())));

    internal static string Dollars(params long[] cents) => string.Join(' ', cents.Select(c => Plainly(MinorUnits.ToMajor(c, "USD"))));

    internal static string Plainly(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    internal static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);

    internal static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Month(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    internal static string Row(params object?[] values) => string.Join('|', values.Select(value => Text(value) ?? "-"));

    // A flag may come as a number, a day as a text: here both come alike.
    private static string? Text(object? value) => value switch
    {
        null or DBNull => null,
        bool yes => yes ? "1" : "0",
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    internal static List<string?[]> Rows(DbConnection connection, string sql)
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
