using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// Series, gauges and records a second time: of every day that is asked about, all lines are added up as they stood then. Nothing of it is shared with the code
/// under test.
/// </summary>
internal sealed class NaiveSeries
{
    private static readonly string[] Dimensions = ["donor", "donor-type", "fund", "recipient", "country", "sector", "event", "instrument", "year", "currency"];

    private readonly DbConnection _connection;
    private readonly string _world;
    private readonly List<Recomputation.Header> _headers;
    private readonly Dictionary<string, string> _types;
    private readonly Dictionary<long, string> _verdicts;
    private readonly ILookup<string, (long Sequence, JsonElement Before)> _amended;
    private readonly Dictionary<long, (string? RecipientId, string[] Sectors, bool Shared)> _beside;
    private readonly DateOnly _today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    /// <param name="world">How the ids begin that are asked about.</param>
    public NaiveSeries(DbConnection connection, string world)
    {
        (_connection, _world) = (connection, world);
        _headers = [.. Recomputation.Headers(connection).Where(h => h.Counted && h.Entries.Exists(e => e.DonorId.StartsWith(world, StringComparison.Ordinal)))];
        _types = Recomputation.Rows(connection, "SELECT id, type FROM organization").ToDictionary(r => r[0]!, r => r[1]!);
        _verdicts = Recomputation.Rows(connection, "SELECT entry_no, state FROM verification ORDER BY no").GroupBy(r => Recomputation.Number(r[0])).ToDictionary(g => g.Key, g => g.Last()[1]!);
        _amended = Recomputation.Amended(connection);
        _beside = Recomputation.Rows(connection, "SELECT no, recipient_id, sectors, shared FROM pledge").ToDictionary(r => Recomputation.Number(r[0]),
            r => (r[1], JsonDocument.Parse(r[2]!).RootElement.EnumerateArray().Select(s => s.GetString()!).ToArray(), r[3] == "1"));
    }

    // US cents: pledged, withdrawn, committed, paid, outstanding.
    private sealed record Five(long Pledged, long Withdrawn, long Committed, long Paid, long Outstanding)
    {
        public static readonly Five Nothing = new(0, 0, 0, 0, 0);

        public static Five Of(Naive.Sums s) => new(s.Pledged, s.Withdrawn, s.Committed, s.Paid, s.Outstanding);

        public static Five operator +(Five a, Five b) => new(a.Pledged + b.Pledged, a.Withdrawn + b.Withdrawn, a.Committed + b.Committed, a.Paid + b.Paid, a.Outstanding + b.Outstanding);

        public static Five operator -(Five a, Five b) => new(a.Pledged - b.Pledged, a.Withdrawn - b.Withdrawn, a.Committed - b.Committed, a.Paid - b.Paid, a.Outstanding - b.Outstanding);

        public override string ToString() => Recomputation.Dollars(Pledged, Withdrawn, Committed, Paid, Outstanding);
    }

    /// <summary>What money is asked for.</summary>
    private sealed record Asked(IReadOnlyList<string> Donors, string? Fund, string? Instrument, bool Verified, long? LastEntry, string? Version);

    /// <summary>Asks a question drawn at random, and compares the whole of the answer.</summary>
    /// <param name="moments">Versions of the dataset, each with the last entry that it had.</param>
    /// <returns>The question.</returns>
    public async Task<string> CheckAsync(HttpClient client, Random random, IReadOnlyList<(string Version, long LastEntry)> moments)
    {
        var (asOf, from, to) = (Chance(2) ? Day() : null, Chance(4) ? Day() : null, Chance(4) ? Day() : null);
        from = from > to || from > asOf ? null : from;
        (string Version, long LastEntry)? knownAt = moments.Count > 0 && Chance(3) ? moments[random.Next(moments.Count)] : null;
        var by = Chance(2) ? Dimensions[random.Next(Dimensions.Length)] : null;
        var steps = by is null && Chance(3);
        var interval = new[] { "month", "quarter", "year" }[random.Next(3)];
        var cumulative = steps || Chance(2);
        var limit = Chance(2) ? random.Next(1, 3) : default(int?);
        List<string> donors = [.. (steps ? (string[])["anna"] : ["anna", "bruno", "carla"]).Select(d => _world + d)];
        var asked = new Asked(donors, !steps && Chance(3) ? _world + "water" : null, Chance(5) ? "loan" : null, Chance(6), knownAt?.LastEntry, knownAt?.Version);
        var ofFund = steps && Chance(2);
        asked = ofFund ? asked with { Donors = [.. ((string[])["anna", "bruno", "carla"]).Select(d => _world + d)], Fund = _world + "water" } : asked;
        var question = "/v1/time-series?" + string.Join('&', new (string Name, object? Value)[]
        {
            ("donor", ofFund ? null : string.Join(',', donors)), ("fund", asked.Fund), ("instrument", asked.Instrument), ("verified", asked.Verified ? "true" : null), ("knownAt", knownAt?.Version), ("asOf", Text(asOf)),
            ("from", Text(from)), ("to", Text(to)), ("interval", steps ? null : interval), ("cumulative", cumulative && !steps ? "true" : null), ("groupBy", by), ("limit", by is null ? null : limit),
            ("steps", steps ? "true" : null),
        }.Where(p => p.Value is not null).Select(p => $"{p.Name}={Convert.ToString(p.Value, CultureInfo.InvariantCulture)}"));
        var shown = (await client.ReadAsync(question)).Body;
        var until = asOf ?? _today;
        var last = to < until ? to.Value : until;
        var days = DaysOf(asked).Where(d => d <= until).ToList();
        if (steps)
        {
            CompareSteps(shown, question, asked, knownAt?.Version, days, from ?? DateOnly.MinValue, last);
            return question;
        }

        var months = interval switch { "month" => 1, "quarter" => 3, _ => 12 };
        var periods = new List<(DateOnly Start, DateOnly End)>();
        if (from is not null || days.Count > 0)
        {
            var first = from ?? days.Min();
            for (var start = new DateOnly(first.Year, (first.Month - 1) / months * months + 1, 1); start <= last; start = start.AddMonths(months))
            {
                periods.Add((start, start.AddMonths(months).AddDays(-1)));
            }
        }

        var at = new Dictionary<DateOnly, Dictionary<(string, string?), Five>>();
        CompareRows([("all", null)], shown.GetProperty("rows"));
        List<(string Kind, string? Key)> keys = by is null ? [] : [.. days.SelectMany(d => At(d).Keys).Where(k => k.Item1 != "all").Distinct()];
        var items = keys.Where(k => k.Kind == "item").OrderByDescending(k => At(until).GetValueOrDefault(k, Five.Nothing).Pledged).ThenByDescending(k => At(until).GetValueOrDefault(k, Five.Nothing).Paid).ThenBy(k => k.Key, StringComparer.Ordinal).ToList();
        var most = limit ?? 5;
        var series = shown.GetProperty("series").EnumerateArray().ToList();
        List<(string Kind, string? Key, List<(string, string?)> Of)> expected = [.. items.Take(most).Select(k => (k.Kind, k.Key, new List<(string, string?)> { k }))];
        if (items.Count > most)
        {
            expected.Add(("other", null, [.. items.Skip(most)]));
        }

        expected.AddRange(((string[])["shared", "none"]).Where(kind => keys.Contains((kind, null))).Select(kind => (kind, default(string), new List<(string, string?)> { (kind, null) })));
        Assert.Equal(expected.Select(e => Recomputation.Row(question, e.Kind, e.Key)), series.Select(s => Recomputation.Row(question, s.GetProperty("kind").GetString(), s.GetProperty("key").GetString())));
        for (var i = 0; i < expected.Count; i++)
        {
            CompareRows(expected[i].Of, series[i].GetProperty("rows"));
        }

        return question;

        bool Chance(int of) => random.Next(of) == 0;

        DateOnly? Day()
        {
            var all = _headers.SelectMany(h => h.Entries).Select(e => e.CountsFrom).Distinct().ToList();
            return all.Count == 0 ? null : all[random.Next(all.Count)].AddDays(random.Next(-1, 1));
        }

        void CompareRows(List<(string, string?)> of, JsonElement rows) => Assert.Equal(
            periods.Select(p => Recomputation.Row(question, Name(p.Start), cumulative ? Sum(of, p.End) : Sum(of, p.End) - Sum(of, p.Start.AddDays(-1)))),
            rows.EnumerateArray().Select(r => Recomputation.Row(question, r.GetProperty("period").GetString(), Shown(r))));

        Five Sum(List<(string, string?)> of, DateOnly day) => of.Select(key => At(day < until ? day : until).GetValueOrDefault(key, Five.Nothing)).Aggregate(Five.Nothing, (a, b) => a + b);

        Dictionary<(string, string?), Five> At(DateOnly day) => at.TryGetValue(day, out var known) ? known : at[day] = StandingOn(asked, day, by);

        string Name(DateOnly start) => interval switch
        {
            "month" => start.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            "quarter" => $"{start.Year}-Q{(start.Month / 3) + 1}",
            _ => $"{start.Year}",
        };
    }

    private void CompareSteps(JsonElement shown, string question, Asked asked, string? version, List<DateOnly> days, DateOnly first, DateOnly last)
    {
        var known = version is null ? "1 = 1" : $"version <= {version.Split('-')[0]}";
        var stated = asked.Fund is null ? [] : ((string[])["shortfall", "requirement"]).SelectMany(kind => Recomputation.Statements(_connection, kind, known).Where(s => s.FundId == asked.Fund)
            .Select(s => (On: Recomputation.Day(s.StatedOn), Kind: kind, s.Id, Donor: default(string), s.UsdMinor)));
        var promised = _headers.SelectMany(h => Lines(h, asked).SelectMany(line => line.Where(e => e.Kind is "pledge" or "revision" or "withdrawal").Select(e => (On: e.CountsFrom, e.Kind, h.Id, Donor: (string?)e.DonorId, e.UsdMinor))));
        var statements = stated.Concat(promised).Where(s => s.On >= first && s.On <= last).ToLookup(s => s.On);
        var at = days.Append(DateOnly.MinValue).Distinct().Order().Select(d => (Day: d, Five: StandingOn(asked, d, null).GetValueOrDefault(("all", null), Five.Nothing))).ToList();
        Five On(DateOnly day) => at.Last(d => d.Day <= day).Five;
        Assert.Equal(
            days.Where(d => d >= first && d <= last && On(d) != On(d.AddDays(-1))).Concat(statements.Select(s => s.Key)).Distinct().Order().Select(d => Recomputation.Row(question, d, On(d), statements[d].Count(),
                Told(statements[d].OrderByDescending(s => Math.Abs(s.UsdMinor)).Select(s => Recomputation.Row(s.Kind, s.Id, s.Donor, Recomputation.Dollars(s.UsdMinor)))))),
            shown.GetProperty("steps").EnumerateArray().Select(s => Recomputation.Row(question, s.GetProperty("period").GetString(), Shown(s), s.GetProperty("statementCount").GetInt32(),
                Told(s.GetProperty("statements").EnumerateArray().Select(t => Recomputation.Row(
                    t.GetProperty("kind").GetString(), t.Id(), t.GetProperty("donor") is { ValueKind: JsonValueKind.Object } d ? d.Id() : null, Recomputation.Plainly(t.GetProperty("amountUsd").GetDecimal())))))));

        // In any order: of several of one amount any may come first. There are never more than are shown.
        static string Told(IEnumerable<string> statements) => string.Join(" + ", statements.Order(StringComparer.Ordinal));
    }

    /// <summary>Every shortfall of the world day by day, its funds' gauges as of a day drawn at random, and its donors' records.</summary>
    public async Task CheckStandingAsync(HttpClient client, Random random)
    {
        var entered = _headers.SelectMany(h => h.Entries).Select(e => e.CountsFrom).Append(_today).ToList();
        foreach (var kind in (string[])["shortfall", "requirement"])
        {
            foreach (var fund in Recomputation.Statements(_connection, kind, $"fund_id LIKE '{_world}%'").GroupBy(s => s.FundId))
            {
                List<Recomputation.Header> given = [.. _headers.Where(h => h.FundId == fund.Key)];
                List<DateOnly> days = [.. given.SelectMany(h => h.Entries).Select(e => e.CountsFrom).Concat(fund.Select(s => MadeOn(s.Said))).Distinct().Order()];
                var covered = days.ToDictionary(day => day, day => CoveredOn(kind, fund, given, day));
                foreach (var statement in fund)
                {
                    List<string> expected = [];
                    foreach (var day in days.Where(d => d >= MadeOn(statement.Said)))
                    {
                        var row = covered[day][statement.Id].Text;
                        if (expected.Count == 0 || expected[^1].Split('|')[1] != row)
                        {
                            expected.Add(Recomputation.Row(day, row));
                        }
                    }

                    var shown = (await client.ReadAsync($"/v1/shortfalls/{statement.Id}/coverage")).Body;
                    Assert.Equal(expected, shown.GetProperty("days").EnumerateArray().Select(d => Recomputation.Row(d.GetProperty("date").GetString(), Money(d))));
                    var today = (await client.ReadAsync($"/v1/shortfalls/{statement.Id}")).Body.GetProperty("coverage");
                    Assert.Equal(Money(today), expected[^1].Split('|')[1]);
                    Assert.Equal((today.GetProperty("windowEnd").GetString(), today.GetProperty("windowOpen").GetBoolean()), (shown.GetProperty("windowEnd").GetString(), shown.GetProperty("windowOpen").GetBoolean()));
                }

                if (kind == "shortfall")
                {
                    var day = days[random.Next(days.Count)];
                    var gauge = (await client.ReadAsync($"/v1/funds/{fund.Key}/gauge?asOf={Text(day)}")).Body.GetProperty("readings").EnumerateArray();
                    Assert.Equal(
                        fund.Where(s => MadeOn(s.Said) <= day).OrderBy(s => s.StatedOn, StringComparer.Ordinal).ThenBy(s => s.No)
                            .Select(s => Recomputation.Row(s.Id, covered[day][s.Id].Current, covered[day][s.Id].End, covered[day][s.Id].Text)),
                        gauge.Select(r => Recomputation.Row(r.Id(), r.GetProperty("current").GetBoolean(), r.GetProperty("windowEnd").GetString(), Money(r.GetProperty("coverage")))));
                }
            }
        }

        foreach (var donor in _headers.SelectMany(h => Naive.Standing(h.Entries)).Select(e => e.DonorId).Distinct())
        {
            var day = entered[random.Next(entered.Count)];
            var record = (await client.ReadAsync($"/v1/donors/{donor}/record?asOf={Text(day)}")).Body;
            var lines = _headers.Select(h => (Header: h, All: Naive.Standing(h.Entries).Where(e => e.CountsFrom <= day).Select(e => e.DonorId).Distinct().Select(d => Naive.LineOf(d, h.Entries, day)).ToList()))
                .Where(x => x.All.Exists(l => l.DonorId == donor)).Select(x => (x.Header, Line: x.All.Single(l => l.DonorId == donor),
                    Late: Naive.OverdueFrom(x.All.Sum(l => l.OutstandingMinor), x.All.Sum(l => l.PromisedMinor), x.Header.Instalments, x.Header.DueOn) < day)).ToList();
            Assert.Equal(
                lines.GroupBy(l => l.Header.AnnouncedOn.Year).OrderBy(year => year.Key).Select(year => Recomputation.Row(donor, day, year.Key, Told([.. year]))).Append(Told(lines)),
                record.GetProperty("years").EnumerateArray().Select(y => Recomputation.Row(donor, day, y.GetProperty("year").GetInt32(), Record(y))).Append(Record(record.GetProperty("total"))));
        }

        string Told(List<(Recomputation.Header Header, Naive.Line Line, bool Late)> lines)
        {
            var late = lines.FindAll(l => l.Late && l.Line.OutstandingMinor > 0);
            return Recomputation.Row(lines.Count, Recomputation.ShownTexts(Naive.Sums.Of([.. lines.Select(l => l.Line.Sums)])), late.Count, Recomputation.Dollars(late.Sum(l => l.Line.Sums.Outstanding)),
                string.Join(" + ", lines.GroupBy(l => l.Header.Instrument).OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => $"{i.Key} {Recomputation.ShownTexts(Naive.Sums.Of([.. i.Select(l => l.Line.Sums)]))}")));
        }

        static string Record(JsonElement of) => Recomputation.Row(of.GetProperty("pledges").GetInt32(), Recomputation.ShownTexts(of.GetProperty("figures")), of.GetProperty("overdue").GetProperty("pledges").GetInt32(),
            Recomputation.Plainly(of.GetProperty("overdue").GetProperty("outstanding").GetDecimal()),
            string.Join(" + ", of.GetProperty("byInstrument").EnumerateArray().Select(i => $"{i.GetProperty("instrument").GetString()} {Recomputation.ShownTexts(i.GetProperty("figures"))}")));

        static string Money(JsonElement of) => string.Join(' ', ((string[])["pledgedSince", "committedSince", "paidSince", "covered", "remaining"]).Select(m => Recomputation.Plainly(of.GetProperty(m).GetDecimal())));
    }

    // What is stated for tomorrow is there today.
    private DateOnly MadeOn(NaiveCoverage.Statement statement) => statement.StatedOn < _today ? statement.StatedOn : _today;

    private Dictionary<string, (bool Current, DateOnly? End, string Text)> CoveredOn(string kind, IGrouping<string, Recomputation.Stated> fund, List<Recomputation.Header> given, DateOnly day)
    {
        List<NaiveCoverage.Money> money = [.. Recomputation.MoneyOf([.. given.Select(h => h with { Entries = h.Entries.FindAll(e => e.CountsFrom <= day) })]).Select(m => m.Money)];
        var made = Recomputation.Statements(_connection, kind, $"fund_id = '{fund.Key}' AND (stated_on <= '{Text(day)}' OR '{Text(day)}' = '{Text(_today)}')");
        List<NaiveCoverage.Statement> all = [.. made.Select(s => s.Said)];
        return made.ToDictionary(s => s.Id, s =>
        {
            var said = all.Single(other => other.Id == s.Id);
            var counted = kind == "requirement" ? NaiveCoverage.OfComputed(said, all, money) : NaiveCoverage.OfReported(said, all, money);
            var covered = kind == "requirement" ? counted.Sum(m => m.Of.Committed) : counted.Sum(m => m.Of.Pledged + m.Of.Direct);
            return (said.Current, said.LastDay == DateOnly.MaxValue ? default(DateOnly?) : said.LastDay,
                Recomputation.Dollars(counted.Sum(m => m.Of.Pledged), counted.Sum(m => m.Of.Committed), counted.Sum(m => m.Of.Paid), covered, Math.Max(0, s.UsdMinor - covered)));
        });
    }

    // The entries that stand, of each line that is asked for.
    private IEnumerable<List<Naive.Entry>> Lines(Recomputation.Header header, Asked asked) =>
        (asked.Fund is null || header.FundId == asked.Fund) && (asked.Instrument is null || header.Instrument == asked.Instrument)
            ? Naive.Standing(Known(header, asked)).Where(e => asked.Donors.Contains(e.DonorId)).GroupBy(e => e.DonorId).Select(line => line.ToList())
            : [];

    private List<Naive.Entry> Known(Recomputation.Header header, Asked asked)
    {
        var known = header.Entries.FindAll(e => asked.LastEntry is null || e.No <= asked.LastEntry);
        return asked.Verified ? Naive.Verified(known, no => _verdicts.GetValueOrDefault(no) == "verified") : known;
    }

    private IEnumerable<DateOnly> DaysOf(Asked asked) => _headers.SelectMany(h => Lines(h, asked)).SelectMany(line => line).Select(e => e.CountsFrom).Distinct();

    private Dictionary<(string Kind, string? Key), Five> StandingOn(Asked asked, DateOnly day, string? by)
    {
        var standing = new Dictionary<(string, string?), Five>();
        foreach (var (header, donor) in _headers.SelectMany(h => Lines(h, asked).Where(line => line.Exists(e => e.CountsFrom <= day)).Select(line => (h, line[0].DonorId))))
        {
            var line = Naive.LineOf(donor, Known(header, asked), day);
            var (recipient, lately, shared) = _beside[header.No];
            var (sectors, _) = Recomputation.SaidAt(asked.Version, _amended[header.Id], (lately, null));
            (string, string?) Named(string? key) => key is null ? ("none", null) : ("item", key);
            Add(("all", null), line.Sums);
            if (by == "country" && header.Shares.Length > 0 && !shared)
            {
                foreach (var (country, part) in Naive.PartsOf(line.Sums, header.Shares))
                {
                    Add(Named(country), part);
                }
            }
            else if (by is not null)
            {
                Add(by switch
                {
                    "donor" => Named(donor),
                    "donor-type" => Named(_types[donor]),
                    "fund" => Named(header.FundId),
                    "recipient" => Named(recipient),
                    "country" => shared || header.Countries.Length > 1 ? ("shared", null) : Named(header.Countries.SingleOrDefault()),
                    "sector" => sectors.Length > 1 ? ("shared", null) : Named(sectors.SingleOrDefault()),
                    "event" => Named(header.EventId),
                    "instrument" => Named(header.Instrument),
                    "year" => Named(header.AnnouncedOn.Year.ToString(CultureInfo.InvariantCulture)),
                    _ => Named(header.Currency ?? header.Entries.MinBy(e => e.No)!.Currency),
                }, line.Sums);
            }
        }

        return standing;

        void Add((string, string?) key, Naive.Sums sums) => standing[key] = standing.GetValueOrDefault(key, Five.Nothing) + Five.Of(sums);
    }

    private static string Shown(JsonElement row) => string.Join(' ', ((string[])["pledged", "withdrawn", "committed", "paid", "outstanding"]).Select(m => Recomputation.Plainly(row.GetProperty(m).GetDecimal())));

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
