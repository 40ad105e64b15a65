using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// Summaries a second time: read from the ledger line by line and added up in the plainest way, for questions that are drawn at random. Nothing of it is shared
/// with the code under test.
/// </summary>
internal sealed class NaiveSummary
{
    private static readonly string[] Dimensions =
        ["donor", "donor-type", "fund", "recipient", "recipient-type", "country", "sector", "event", "instrument", "earmarking", "status", "year", "currency"];

    private static readonly string[] Orders = ["pledged", "withdrawn", "committed", "paid", "outstanding", "key"];

    private readonly List<(Recomputation.Header Header, Beside Beside)> _headers;
    private readonly Dictionary<string, string> _survivors;
    private readonly Dictionary<string, string> _types;
    private readonly Dictionary<long, string> _verdicts;
    private readonly Dictionary<long, string> _payers;
    private readonly ILookup<string, (long Sequence, JsonElement Before)> _amended;
    private readonly List<(string Currency, DateOnly Date, long Pico)> _rates;

    // What the headers of the recomputation do not have.
    private sealed record Beside(string? RecipientId, string? Earmarking, string[] Sectors, bool Shared, string? FirstCurrency);

    // A moment of a line.
    private sealed record Standing(Recomputation.Header Header, Beside Beside, Naive.Line Line)
    {
        /// <summary>The country that it is the part of.</summary>
        public string? Country { get; init; }

        /// <summary>The items that it stands in, where they are taken together.</summary>
        public string Items { get; init; } = "";

        /// <summary>What a member paid for its group, in US cents: it is of the member, and no money of its rows.</summary>
        public long? PaidForGroup { get; init; }
    }

    public NaiveSummary(DbConnection connection)
    {
        _survivors = Recomputation.Rows(connection, "SELECT id, coalesce(merged_into, id) FROM organization").ToDictionary(r => r[0]!, r => r[1]!);
        _types = Recomputation.Rows(connection, "SELECT id, type FROM organization").ToDictionary(r => r[0]!, r => r[1]!);
        _verdicts = Recomputation.Rows(connection, "SELECT entry_no, state FROM verification ORDER BY no").GroupBy(r => Recomputation.Number(r[0])).ToDictionary(g => g.Key, g => g.Last()[1]!);
        _payers = Recomputation.Rows(connection, "SELECT no, paid_by FROM ledger_entry WHERE paid_by IS NOT NULL").ToDictionary(r => Recomputation.Number(r[0]), r => _survivors[r[1]!]);
        _amended = Recomputation.Amended(connection);
        _rates = Recomputation.Rows(connection, "SELECT currency, date, usd_pico FROM exchange_rate").ConvertAll(r => (r[0]!, Recomputation.Day(r[1]!), Recomputation.Number(r[2])));
        var beside = Recomputation.Rows(connection, "SELECT no, recipient_id, earmarking, sectors, shared FROM pledge").ToDictionary(r => Recomputation.Number(r[0]),
            r => new Beside(r[1] is { } id ? _survivors[id] : null, r[2], [.. JsonDocument.Parse(r[3]!).RootElement.EnumerateArray().Select(s => s.GetString()!)], r[4] == "1", null));
        _headers = [.. Recomputation.Headers(connection).Where(h => h.Counted).Select(h => (h, beside[h.No] with { FirstCurrency = h.Entries.MinBy(e => e.No)?.Currency }))];
    }

    /// <summary>Asks a question drawn at random, and compares the whole of the answer.</summary>
    /// <param name="moments">Versions of the dataset, each with the last entry that it had.</param>
    /// <param name="world">How the ids of the donors, funds and events begin that filters name.</param>
    /// <returns>The question.</returns>
    public async Task<string> CheckAsync(HttpClient client, Random random, IReadOnlyList<(string Version, long LastEntry)> moments, string world)
    {
        var by = Enumerable.Range(0, random.Next(3)).Select(_ => Dimensions[random.Next(Dimensions.Length)]).Distinct().ToList();
        by = by.Contains("country") ? [.. by.Where(d => d != "sector")] : by;
        var days = _headers.SelectMany(h => h.Header.Entries).Select(e => e.CountsFrom).Distinct().ToList();
        DateOnly? Day() => days.Count == 0 ? null : days[random.Next(days.Count)].AddDays(random.Next(-1, 1));
        var (asOf, compareTo) = (Chance(2) ? Day() : null, Chance(3) ? Day() : null);
        (string Version, long LastEntry)? knownAt = moments.Count > 0 && Chance(3) ? moments[random.Next(moments.Count)] : null;
        var verified = Chance(6);
        var (limit, sort) = (Chance(3) ? random.Next(1, 4) : default(int?), Chance(3) ? (Chance(2) ? "-" : "") + Orders[random.Next(Orders.Length)] : null);
        var (donor, fund, summit) = (Chance(5) ? world + "anna" : null, Chance(5) ? world + "water" : null, Chance(7) ? world + "summit" : null);
        var (country, instrument, status) = (Chance(7) ? "IRQ" : null, Chance(7) ? "loan" : null, Chance(6) ? new[] { "announced", "partially_paid", "paid" }[random.Next(3)] : null);
        var (usage, origin, grants) = (Chance(7) ? 2022 : default(int?), Chance(6) ? Chance(2) ? "direct" : "announced" : null, instrument is null && Chance(9));
        var (verification, measured) = (Chance(6) ? new[] { "reported", "verified", "disputed" }[random.Next(3)] : null, !by.Contains("country") && Chance(5));
        var yearStart = by.Contains("year") && Chance(3) ? "12-01" : null;
        var (currency, ratesOn) = _rates.Count > 0 && Chance(4) && _rates[random.Next(_rates.Count)] is var r ? (r.Currency, (DateOnly?)r.Date.AddDays(random.Next(30))) : (null, null);
        var rate = currency is null ? 0 : _rates.Where(x => x.Currency == currency && x.Date <= ratesOn).MaxBy(x => x.Date).Pico;
        var asked = "/v1/summary?" + string.Join('&', new (string Name, object? Value)[]
        {
            ("groupBy", by.Count == 0 ? null : string.Join(',', by)), ("asOf", asOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("compareTo", compareTo?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("knownAt", knownAt?.Version), ("verified", verified ? "true" : null), ("limit", limit), ("sort", sort), ("donor", donor), ("fund", fund), ("event", summit), ("country", country),
            ("instrument", instrument), ("status", status), ("usageYear", usage), ("origin", origin), ("grantsOnly", grants ? "true" : null), ("yearStart", yearStart),
            ("verification", verification), ("measures", measured ? "dataQuality" : null),
            ("currency", currency), ("ratesOn", ratesOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        }.Where(p => p.Value is not null).Select(p => $"{p.Name}={Convert.ToString(p.Value, CultureInfo.InvariantCulture)}"));

        var until = asOf ?? DateOnly.MaxValue;
        var chosen = _headers.Select(h => (h.Header, Beside: Said(h.Header.Id, h.Beside))).Where(h =>
            (fund is null || h.Header.FundId == fund) && (summit is null || h.Header.EventId == summit) && (country is null || h.Header.Countries.Contains(country))
            && (instrument is null || h.Header.Instrument == instrument) && (!grants || h.Header.Instrument == "grant") && (origin is null || h.Header.Origin == origin)
            && (usage is null || h.Header.UsageYears.Contains(usage.Value)) && (verification is null || Given(h.Header).Exists(e => _verdicts.GetValueOrDefault(e.No, "reported") == verification))).ToList();
        var now = Lines(until);
        var outstanding = now.FindAll(l => l.PaidForGroup is null && l.Line.HasPledge);
        bool IsVerified(Standing of) => Given(of.Header).Exists(e => e.DonorId == of.Line.DonorId && _verdicts.GetValueOrDefault(e.No) == "verified");
        var before = compareTo is { } earlier ? Lines(earlier) : null;
        var shown = (await client.ReadAsync(asked)).Body;
        Assert.Equal(Told(now, before), Shown(shown.GetProperty("total"), compareTo is not null));
        if (measured)
        {
            var quality = shown.GetProperty("total").GetProperty("measures").GetProperty("dataQuality").GetProperty("verification");
            Assert.Equal(Recomputation.Row(asked, Recomputation.Dollars(SumsOf(outstanding.FindAll(IsVerified)).Outstanding, SumsOf(outstanding).Outstanding)),
                Recomputation.Row(asked, $"{Recomputation.Plainly(quality.GetProperty("numerator").GetDecimal())} {Recomputation.Plainly(quality.GetProperty("denominator").GetDecimal())}"));
        }

        if (by.Count > 0)
        {
            Compare(now, before, shown.GetProperty("rows"), 0, limit ?? 100);
        }

        return asked;

        bool Chance(int of) => random.Next(of) == 0;

        Beside Said(string id, Beside now) =>
            Recomputation.SaidAt(knownAt?.Version, _amended[id], (now.Sectors, now.Earmarking)) is var (sectors, earmarking) ? now with { Sectors = sectors, Earmarking = earmarking } : now;

        // Contributions that stood by the day, as far as was known.
        List<Naive.Entry> Given(Recomputation.Header header) => Naive.Standing(header.Entries.FindAll(e => knownAt is null || e.No <= knownAt.Value.LastEntry))
            .FindAll(e => e.Kind is "commitment" or "payment" or "adjustment" && e.CountsFrom <= until);

        // The lines as of a day, and on the first of the two what members paid on them; which headers are asked for by what they stand at is settled on the first of the two days.
        List<Standing> Lines(DateOnly day) => [.. chosen.SelectMany(h =>
        {
            var whole = h.Header.Entries.FindAll(e => knownAt is null || e.No <= knownAt.Value.LastEntry);
            var known = verified ? Naive.Verified(whole, no => _verdicts.GetValueOrDefault(no) == "verified") : whole;
            List<Naive.Line> At(DateOnly then, List<Naive.Entry> of) =>
                [.. Naive.Standing(of).Where(e => e.CountsFrom <= then).Select(e => e.DonorId).Distinct().Select(d => Naive.LineOf(d, of, then) with { Status = Naive.LineOf(d, whole, then).Status })];
            if (status is not null && (At(until, whole) is not { Count: > 0 } lines || Naive.HeaderStatus(lines) != status))
            {
                return [];
            }

            var all = At(day, known).ConvertAll(line => new Standing(h.Header, h.Beside, line));
            var payments = day != until || !by.Contains("donor") ? [] : from line in all
                from payment in Naive.Standing(known)
                where payment.DonorId == line.Line.DonorId && payment.CountsFrom <= day && _payers.ContainsKey(payment.No)
                group payment by (Line: line, Member: _payers[payment.No]) into paid
                select paid.Key.Line with { Line = paid.Key.Line.Line with { DonorId = paid.Key.Member, Sums = default }, PaidForGroup = paid.Sum(p => p.UsdMinor) };
            return all.Concat(payments).Where(standing => donor is null || standing.Line.DonorId == _survivors[donor]);
        })];

        void Compare(List<Standing> lines, List<Standing>? linesBefore, JsonElement rows, int depth, int most)
        {
            var dimension = by[depth];
            var parts = Parted(lines, dimension);
            var partsBefore = linesBefore is null ? null : Parted(linesBefore, dimension);
            var items = parts.Keys.Concat(partsBefore?.Keys ?? Enumerable.Empty<(string, string?)>()).Distinct().ToList();
            List<Standing> Of((string, string?) key) => parts.GetValueOrDefault(key, []);
            IEnumerable<Standing> Together((string, string?) key, List<Standing> own) => own.Select(l => l with { Items = $"{l.Items}/{key.Item2}" });
            List<Standing>? OfBefore((string, string?) key) => partsBefore?.GetValueOrDefault(key, []);
            var order = sort ?? (dimension == "year" ? "key" : "-pledged");
            var sorted = items.Where(k => k.Item1 == "item").OrderBy(k => k.Item2, StringComparer.Ordinal).ToList();
            if (order == "-key")
            {
                sorted.Reverse();
            }
            else if (order != "key")
            {
                var sign = order[0] == '-' ? -1 : 1;
                sorted = [.. sorted.OrderBy(k => sign * (decimal)Figure(InCurrency(Of(k)), order.TrimStart('-'))).ThenBy(k => sign * (decimal)InCurrency(Of(k)).Paid)];
            }

            List<(string Kind, string? Key, List<Standing> Now, List<Standing>? Before, int? Folded)> expected =
                [.. sorted.Take(most).Select(k => ("item", k.Item2, Of(k), OfBefore(k), default(int?)))];
            if (sorted.Count > most)
            {
                var rest = sorted.Skip(most).ToList();
                expected.Add(("other", null, [.. rest.SelectMany(k => Together(k, Of(k)))], partsBefore is null ? null : [.. rest.SelectMany(k => Together(k, OfBefore(k)!))], rest.Count));
            }

            expected.AddRange(((string[])["shared", "none"]).Select(kind => (kind, default(string))).Where(items.Contains).Select(k => (k.kind, k.Item2, Of(k), OfBefore(k), default(int?))));
            var all = rows.EnumerateArray().ToList();
            Assert.Equal(
                expected.Select(e => Recomputation.Row(asked, e.Kind, e.Key, e.Folded, Dollars(by.Take(depth + 1).Contains("donor") ? PaidForGroups(e.Now) : 0), Told(e.Now, e.Before))),
                all.Select(r => Recomputation.Row(asked, r.GetProperty("kind").GetString(), r.GetProperty("key").GetString(),
                    r.GetProperty("items") is { ValueKind: JsonValueKind.Number } folded ? folded.GetInt32() : null, Recomputation.Plainly(r.GetProperty("paidForGroups").GetDecimal()), Shown(r, compareTo is not null))));
            if (depth + 1 < by.Count)
            {
                for (var i = 0; i < expected.Count; i++)
                {
                    Compare(expected[i].Now, expected[i].Before, all[i].GetProperty("rows"), depth + 1, 50);
                }
            }
        }

        string Told(List<Standing> now, List<Standing>? before)
        {
            var (lines, linesBefore) = (now.FindAll(l => l.PaidForGroup is null), before?.FindAll(l => l.PaidForGroup is null));
            var sums = InCurrency(lines);
            return Recomputation.Row(Pledges(lines), Recomputation.ShownTexts(sums, currency ?? "USD"), Besides(sums),
                string.Join(" + ", lines.GroupBy(l => l.Header.Instrument).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {Recomputation.ShownTexts(InCurrency([.. g]), currency ?? "USD")}")),
                linesBefore is null ? null : Difference(sums, InCurrency(linesBefore), Pledges(lines) - Pledges(linesBefore)));
        }

        // The parts of each instrument in the innermost rows are turned into the currency, and added up.
        Naive.Sums InCurrency(List<Standing> lines)
        {
            var sums = SumsOf(lines);
            if (currency is null)
            {
                return sums;
            }

            var parts = Innermost(lines).SelectMany(row => row.GroupBy(l => l.Header.Instrument)).Select(part => Naive.Parted(SumsOf([.. part]), Converted)).ToList();
            return Naive.Sums.Of(parts) with { Approximate = sums.Approximate, AtLeast = sums.AtLeast, AtMost = sums.AtMost };
        }

        long PaidForGroups(List<Standing> lines) => currency is null ? lines.Sum(l => l.PaidForGroup ?? 0) : Innermost(lines).Sum(row => Converted(row.Sum(l => l.PaidForGroup ?? 0)));

        long Converted(long cents) => Naive.Times(cents, (long)(1 / MinorUnits.ToMajor(1, currency!)) * 10_000_000_000, rate);

        List<List<Standing>> Innermost(List<Standing> lines)
        {
            List<List<Standing>> innermost = [lines];
            foreach (var dimension in by)
            {
                innermost = [.. innermost.SelectMany(row => Parted(row, dimension).Values)];
            }

            return innermost;
        }

        string Besides(Naive.Sums s) => Dollars(s.WithdrawnByDonor, s.Lapsed, s.WrittenOff, s.Withdrawn - s.WithdrawnByDonor - s.Lapsed - s.WrittenOff,
            s.DirectCommitted, s.DirectPaid, s.AdjustedPledged, s.AdjustedCommitted, s.AdjustedPaid);

        string Difference(Naive.Sums s, Naive.Sums earlier, int pledges) => $"{pledges} {Dollars(
            s.Pledged - earlier.Pledged, s.RevisedDown - earlier.RevisedDown, s.Withdrawn - earlier.Withdrawn, s.Committed - earlier.Committed, s.Paid - earlier.Paid,
            s.Outstanding - earlier.Outstanding, s.Excess - earlier.Excess, s.Stages.PromisedOnly - earlier.Stages.PromisedOnly,
            s.Stages.CommittedUnpaid - earlier.Stages.CommittedUnpaid, s.Stages.Paid - earlier.Stages.Paid, s.Stages.Withdrawn - earlier.Stages.Withdrawn)}";

        string Dollars(params long[] minor) => string.Join(' ', minor.Select(m => Recomputation.Plainly(MinorUnits.ToMajor(m, currency ?? "USD"))));

        Dictionary<(string Kind, string? Key), List<Standing>> Parted(List<Standing> lines, string dimension)
        {
            var rows = new Dictionary<(string, string?), List<Standing>>();
            foreach (var standing in lines)
            {
                foreach (var (key, part) in PartsOf(standing, dimension))
                {
                    (rows.TryGetValue(key, out var row) ? row : rows[key] = []).Add(part);
                }
            }

            return rows;
        }

        IEnumerable<((string Kind, string? Key) Key, Standing Part)> PartsOf(Standing standing, string dimension)
        {
            var (header, beside, line) = standing;
            (string, string?) Named(string? key) => key is null ? ("none", null) : ("item", key);
            if (dimension == "country" && standing.Country is not null)
            {
                yield return (Named(standing.Country), standing);
                yield break;
            }

            if (dimension == "country" && header.Shares.Length > 0 && !beside.Shared)
            {
                foreach (var (country, part) in Naive.PartsOf(line.Sums, header.Shares))
                {
                    yield return (Named(country), standing with
                    {
                        Line = line with { Sums = part },
                        Country = country,
                        PaidForGroup = standing.PaidForGroup is { } paid ? Naive.Parts(paid, header.Shares)[country] : null,
                    });
                }

                yield break;
            }

            yield return (dimension switch
            {
                "donor" => Named(line.DonorId),
                "donor-type" => Named(_types[line.DonorId]),
                "fund" => Named(header.FundId),
                "recipient" => Named(beside.RecipientId),
                "recipient-type" => Named(beside.RecipientId is null ? null : _types[beside.RecipientId]),
                "country" => header.Countries.Length > 1 || (beside.Shared && header.Countries.Length > 0) ? ("shared", null) : Named(header.Countries.SingleOrDefault()),
                "sector" => beside.Sectors.Length > 1 ? ("shared", null) : Named(beside.Sectors.SingleOrDefault()),
                "event" => Named(header.EventId),
                "instrument" => Named(header.Instrument),
                "earmarking" => Named(beside.Earmarking),
                "status" => Named(line.Status),
                "year" => Named((header.AnnouncedOn.Year + (yearStart is not null && header.AnnouncedOn.Month == 12 ? 1 : 0)).ToString(CultureInfo.InvariantCulture)),
                _ => Named(header.Currency ?? beside.FirstCurrency),
            }, standing);
        }
    }

    private static long Figure(Naive.Sums sums, string figure) => figure switch
    {
        "pledged" => sums.Pledged,
        "withdrawn" => sums.Withdrawn,
        "committed" => sums.Committed,
        "paid" => sums.Paid,
        _ => sums.Outstanding,
    };

    private static int Pledges(List<Standing> lines) => lines.Select(l => (l.Items, l.Header.No)).Distinct().Count();

    private static Naive.Sums SumsOf(List<Standing> lines) => Naive.Sums.Of([.. lines.Select(l => l.Line.Sums)]);

    private static string Shown(JsonElement row, bool isCompared)
    {
        var figures = row.GetProperty("figures");
        return Recomputation.Row(row.GetProperty("pledges").GetInt32(), Recomputation.ShownTexts(figures),
            string.Join(' ', ((string[])["withdrawnBy", "direct", "adjustments"]).SelectMany(block => figures.GetProperty(block).EnumerateObject()).Select(p => Recomputation.Plainly(p.Value.GetDecimal()))),
            string.Join(" + ", row.GetProperty("byInstrument").EnumerateArray().Select(i => $"{i.GetProperty("instrument").GetString()} {Recomputation.ShownTexts(i.GetProperty("figures"))}")),
            !isCompared ? null : row.GetProperty("change") is var change ? $"{change.GetProperty("pledges").GetInt32()} {string.Join(' ',
                ((string[])["pledged", "revisedDown", "withdrawn", "committed", "paid", "outstanding", "excess"]).Select(m => change.GetProperty(m).GetDecimal())
                .Concat(change.GetProperty("stages").EnumerateObject().Select(p => p.Value.GetDecimal())).Select(Recomputation.Plainly))}" : null);
    }
}
