using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests.Ledger;

/// <summary>
/// What pledges, donors, funds, events and shortfalls were as of a day, by what was known at a version of the dataset, a second time: the ledger and the statements without what came later, read
/// in the plainest way. Nothing of it is shared with the code under test.
/// </summary>
internal sealed class NaivePast
{
    private static readonly string[] Statuses = ["announced", "partially_paid", "paid", "partially_withdrawn", "void"];

    private readonly string _world;
    private readonly List<Recomputation.Header> _headers;
    private readonly List<Said> _said;
    private readonly Dictionary<long, string> _verdicts;
    private readonly ILookup<string, (long Sequence, JsonElement Before)> _amended;
    private readonly Dictionary<string, (string[] Sectors, string? Earmarking)> _beside;

    private sealed record Said(string Kind, long No, string Id, string FundId, long UsdMinor, DateOnly StatedOn, DateOnly? Start, DateOnly? End, DateOnly RecordedOn, long Version);

    // A header at the moment: the entries that counted, and the lines that they make.
    private sealed record Then(Recomputation.Header Header, List<Naive.Entry> Entries, List<Naive.Line> Lines);

    /// <param name="world">How the ids of its donors, its funds and its events begin.</param>
    public NaivePast(DbConnection connection, string world)
    {
        _world = world;
        _amended = Recomputation.Amended(connection);
        _beside = Recomputation.Rows(connection, "SELECT id, sectors, earmarking FROM pledge").ToDictionary(r => r[0]!, r => (JsonDocument.Parse(r[1]!).RootElement.EnumerateArray().Select(s => s.GetString()!).ToArray(), r[2]));
        _verdicts = Recomputation.Rows(connection, "SELECT entry_no, state FROM verification ORDER BY no").GroupBy(r => Recomputation.Number(r[0])).ToDictionary(g => g.Key, g => g.Last()[1]!);
        _headers = [.. Recomputation.Headers(connection).Where(h => h.Entries.Exists(e => e.DonorId.StartsWith(world, StringComparison.Ordinal)))];
        _said = [.. ((string[])["shortfall", "requirement"]).SelectMany(kind => Recomputation.Rows(connection,
                $"SELECT no, id, fund_id, usd_minor, stated_on, period_start, period_end, recorded_at, version FROM {kind} WHERE fund_id LIKE '{world}%'")
            .Select(r => new Said(kind, Recomputation.Number(r[0]), r[1]!, r[2]!, Recomputation.Number(r[3]), Recomputation.Day(r[4]!), r[5] is null ? null : Recomputation.Day(r[5]!),
                r[6] is null ? null : Recomputation.Day(r[6]!), Recomputation.Day(r[7]![..10]), Recomputation.Number(r[8]))))];
    }

    /// <summary>Reads everything of the world as of a day and a version drawn at random, and compares it.</summary>
    /// <param name="moments">Versions of the dataset, each with the last entry that it had.</param>
    /// <returns>How it was asked.</returns>
    public async Task<string> CheckAsync(HttpClient client, Random random, IReadOnlyList<(string Version, long LastEntry)> moments)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        List<DateOnly> days = [.. _headers.SelectMany(h => h.Entries).Select(e => e.CountsFrom).Concat(_said.Select(s => s.StatedOn)).Where(day => day <= today).Distinct().Order()];
        DateOnly? asOf = days.Count == 0 || random.Next(5) == 0 ? null : days[random.Next(days.Count)].AddDays(random.Next(-1, 1));
        // Mostly one of those at which something of this world had been entered.
        (string Version, long LastEntry)? known = asOf is null || random.Next(3) == 0 ? moments[Math.Max(0, moments.Count - 1 - random.Next(25))] : null;
        var (day, last) = (asOf ?? today, known?.LastEntry ?? long.MaxValue);
        var version = known is null ? long.MaxValue : Recomputation.Number(known.Value.Version.Split('-')[0]);
        var asked = string.Join('&', new[] { asOf is null ? null : $"asOf={asOf:yyyy-MM-dd}", known is null ? null : $"knownAt={known.Value.Version}" }.OfType<string>());

        var made = _said.FindAll(s => s.Version <= version && (s.StatedOn <= day || s.RecordedOn <= day));
        Said? NextOf(Said s) => made.Where(later => later.Kind == s.Kind && later.FundId == s.FundId && Of(later).Overlaps(Of(s)) && (later.StatedOn, later.No).CompareTo((s.StatedOn, s.No)) > 0)
            .OrderBy(later => later.StatedOn).ThenBy(later => later.No).FirstOrDefault();
        List<Then> headers = [.. _headers.Select(h => (Header: h, Entries: h.Entries.FindAll(e => e.No <= last && e.CountsFrom <= day))).Where(h => h.Entries.Count > 0)
            .Select(h => new Then(h.Header, h.Entries, Naive.Lines(h.Entries, day)))];
        await CheckPledgesAsync();
        await CheckTotalsAsync();
        await CheckShortfallsAsync();
        return asked;

        async Task CheckPledgesAsync()
        {
            foreach (var header in _headers.OrderBy(_ => random.Next()).Take(4))
            {
                var then = headers.Find(h => h.Header.No == header.No);
                var answer = await client.SendAsync(HttpMethod.Get, $"/v1/pledges/{header.Id}?{asked}");
                Assert.Equal((header.Id, then is null ? 404 : 200), (header.Id, (int)answer.Status));
                if (then is not null)
                {
                    Assert.Equal(Told(then), Shown(answer.Body));
                    Assert.Equal(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), answer.Body.GetProperty("basis").GetProperty("asOf").GetString());
                }
            }

            var (origin, status, overdue, ascending) = (random.Next(2) == 0 ? "direct" : "announced", random.Next(2) == 0 ? Statuses[random.Next(Statuses.Length)] : null,
                random.Next(3) == 0 ? random.Next(2) == 0 : default(bool?), random.Next(2) == 0);
            var least = random.Next(3) == 0 ? 100 : default(int?);
            var verification = random.Next(4) == 0 ? new[] { "reported", "verified", "disputed" }[random.Next(3)] : null;
            var list = headers.FindAll(h => h.Header.Origin == origin && (verification is null || Naive.Standing(h.Entries).Exists(e =>
                    e.Kind is "commitment" or "payment" or "adjustment" && _verdicts.GetValueOrDefault(e.No, "reported") == verification)) && (status is null || Naive.HeaderStatus(h.Lines) == status) && (overdue is null || IsOverdue(h) == overdue)
                && (least is null || Naive.Sums.Of([.. h.Lines.Select(l => l.Sums)]).Pledged >= least * 100)).OrderBy(h => h.Header.AnnouncedOn).ThenBy(h => h.Header.No).ToList();
            if (!ascending)
            {
                list.Reverse();
            }

            var shown = await WalkAsync($"/v1/pledges?donor={_world}anna,{_world}bruno,{_world}carla&origin={origin}&sort={(ascending ? "" : "-")}announcedOn&limit={random.Next(1, 5)}"
                + $"{(status is null ? "" : $"&status={status}")}{(overdue is null ? "" : overdue.Value ? "&overdue=true" : "&overdue=false")}{(least is null ? "" : $"&minAmountUsd={least}")}{(verification is null ? "" : $"&verification={verification}")}");
            Assert.Equal(list.Select(Told), shown.Select(Shown));
        }

        async Task CheckTotalsAsync()
        {
            List<(string Scope, string Id, Recomputation.Header Header, Naive.Line Line)> lines = [.. from h in headers
                where h.Header.Counted
                from line in h.Lines
                where line.Status != "void"
                from of in (IEnumerable<(string Scope, string? Id)>)[("donors", line.DonorId), ("funds", h.Header.FundId), ("events", h.Header.EventId)]
                where of.Id is not null
                select (of.Scope, of.Id!, h.Header, line)];
            foreach (var (scope, names) in ((string, string[])[])[("donors", ["anna", "bruno", "carla"]), ("funds", ["roads", "water"]), ("events", ["summit", "eve"])])
            {
                var listed = (await WalkAsync($"/v1/{scope}?{(scope == "events" ? "" : "sort=id&")}limit=500")).Where(item => item.Id().StartsWith(_world, StringComparison.Ordinal)).ToList();
                var there = names.Select(name => _world + name).Where(id => scope != "donors" || lines.Exists(l => l.Scope == scope && l.Id == id)).ToList();
                Assert.Equal(there, listed.ConvertAll(item => item.Id()));
                foreach (var id in names.Select(name => _world + name))
                {
                    var own = lines.FindAll(l => l.Scope == scope && l.Id == id);
                    var told = Recomputation.Row(id, FiguresOf(own.Select(l => l.Line)), string.Join(" + ", own.GroupBy(l => l.Header.Instrument).OrderBy(g => g.Key, StringComparer.Ordinal)
                        .Select(g => $"{g.Key} {FiguresOf(g.Select(l => l.Line))}")));
                    var answer = await client.SendAsync(HttpMethod.Get, $"/v1/{scope}/{id}?{asked}");
                    // A donor is one from its first line on.
                    Assert.True(answer.Status == System.Net.HttpStatusCode.OK || (scope == "donors" && _headers.TrueForAll(h => h.Entries.TrueForAll(e => e.DonorId != id))), $"{id}: {answer.Text}");
                    if (answer.Status == System.Net.HttpStatusCode.OK)
                    {
                        Assert.Equal(told, TotalOf(answer.Body));
                        Assert.All(listed.Where(item => item.Id() == id), item => Assert.Equal(told, TotalOf(item)));
                        CheckMeasures(scope, id, Naive.Sums.Of([.. own.Select(l => l.Line.Sums)]), answer.Body, listed.Find(item => item.Id() == id));
                    }
                }
            }

            var figure = ((string[])["pledged", "withdrawn", "committed", "paid", "outstanding"])[random.Next(5)];
            var byFigure = lines.Where(l => l.Scope == "donors" && l.Header.Instrument == "grant").GroupBy(l => l.Id).Select(g => (Id: g.Key, Sums: Naive.Sums.Of([.. g.Select(l => l.Line.Sums)])))
                .OrderByDescending(d => figure switch { "pledged" => d.Sums.Pledged, "withdrawn" => d.Sums.Withdrawn, "committed" => d.Sums.Committed, "paid" => d.Sums.Paid, _ => d.Sums.Outstanding })
                .ThenByDescending(d => d.Id, StringComparer.Ordinal).Select(d => d.Id);
            Assert.Equal(byFigure, (await WalkAsync($"/v1/donors?grantsOnly=true&sort=-{figure}&limit=100")).Select(item => item.Id()).Where(id => id.StartsWith(_world, StringComparison.Ordinal)));
        }

        void CheckMeasures(string scope, string id, Naive.Sums sums, JsonElement alone, JsonElement listed)
        {
            if (scope == "funds")
            {
                var current = made.FindAll(s => s.Kind == "requirement" && s.FundId == id && NextOf(s) is null);
                string? pace = null;
                if (current is [{ Start: { } start, End: { } end }])
                {
                    var (days, gone) = (end.DayNumber - start.DayNumber + 1, Math.Clamp(day.DayNumber - start.DayNumber + 1, 0, end.DayNumber - start.DayNumber + 1));
                    var (paid, promised) = (sums.Pledged - sums.Withdrawn - sums.Outstanding, sums.Pledged - sums.Withdrawn);
                    pace = Recomputation.Row(Share(paid, promised), gone, days, Recomputation.Plainly(ShareOf(gone, days)!.Value), ShareOf(paid, promised) - ShareOf(gone, days) is { } gap ? Recomputation.Plainly(gap) : null);
                }

                Assert.Equal((pace, pace), (ShownPace(alone), ShownPace(listed)));
            }

            if (scope == "events")
            {
                Assert.Equal((sums.Pledged / 100m, sums.Pledged / 100m), (alone.GetProperty("itemisedShare").Number("numerator"), listed.GetProperty("itemisedShare").Number("numerator")));
                var restating = headers.Where(h => h.Header.Restates && h.Header.EventId == id).SelectMany(h => h.Lines).Where(l => l.Status != "void").Sum(l => l.Sums.Pledged);
                Assert.Equal(Share(sums.Pledged, sums.Pledged + restating), ShownShare(alone.GetProperty("newMoneyShare")));
                var change = alone.GetProperty("changeOnRound");
                Assert.Equal(id == _world + "eve" ? null : RoundsOf(Round("summit"), Round("eve")), change.ValueKind == JsonValueKind.Null ? null : string.Join(" + ", change.EnumerateArray().Select(c =>
                    Recomputation.Row(c.RefId("donor"), ShownRound(c.GetProperty("promised")), ShownRound(c.GetProperty("earlier")), Plainly(c.GetProperty("change"))))));
            }
        }

        ILookup<string, (string Currency, long Minor)> Round(string name) => headers.Where(h => h.Header.Counted && h.Header.EventId == _world + name)
            .SelectMany(h => h.Lines.Where(l => l.HasPledge).Select(l => (l.DonorId, h.Header.Currency, l.PromisedMinor))).ToLookup(l => l.DonorId, l => (l.Currency!, l.PromisedMinor));

        async Task CheckShortfallsAsync()
        {
            var expected = new List<(Said Said, string? By, string Row)>();
            foreach (var gauge in made.GroupBy(s => (s.Kind, s.FundId)))
            {
                var next = gauge.ToDictionary(s => s.Id, NextOf);
                List<NaiveCoverage.Statement> all = [.. gauge.OrderBy(s => s.No).Select(s => Of(s) with { NextStatedOn = next[s.Id]?.StatedOn })];
                List<NaiveCoverage.Money> money = [.. Recomputation.MoneyOf([.. headers.Where(h => h.Header.FundId == gauge.Key.FundId).Select(h => h.Header with { Entries = h.Entries })]).Select(m => m.Money)];
                foreach (var said in gauge)
                {
                    var own = all.Find(s => s.Id == said.Id)!;
                    var computed = said.Kind == "requirement";
                    var counted = computed ? NaiveCoverage.OfComputed(own, all, money) : NaiveCoverage.OfReported(own, all, money);
                    var left = next[said.Id] is null && said.End?.DayNumber - day.DayNumber + 1 is { } days and > 0 ? days : 0;
                    var remaining = Math.Max(0, said.UsdMinor - counted.Sum(m => computed ? m.Of.Committed : m.Of.Pledged + m.Of.Direct));
                    var urgency = left == 0 ? null : Recomputation.Row(Recomputation.Dollars(remaining), left, Recomputation.Plainly(decimal.Round((decimal)remaining / left, MidpointRounding.AwayFromZero) / 100));
                    expected.Add((said, next[said.Id]?.Id, Recomputation.Row(said.Id, next[said.Id] is null, next[said.Id]?.Id, own.LastDay >= day, urgency,
                        Recomputation.CoverageOf(computed, counted, computed ? NaiveCoverage.Across(all, money) : [], said.UsdMinor))));
                }
            }

            foreach (var said in _said.OrderBy(_ => random.Next()).Take(3))
            {
                var answer = await client.SendAsync(HttpMethod.Get, $"/v1/shortfalls/{said.Id}?{asked}");
                var row = expected.Find(e => e.Said.Id == said.Id).Row;
                Assert.Equal(row ?? "404", answer.Status == System.Net.HttpStatusCode.OK ? ShownShortfall(answer.Body) : ((int)answer.Status).ToString(CultureInfo.InvariantCulture));
            }

            var current = random.Next(2) == 0 ? random.Next(2) == 0 : default(bool?);
            Assert.Equal(expected.Where(e => current is null || current == (e.By is null)).OrderByDescending(e => e.Said.StatedOn).ThenByDescending(e => e.Said.Id, StringComparer.Ordinal).Select(e => e.Row),
                (await WalkAsync($"/v1/shortfalls?fund={_world}water,{_world}roads&limit=3{(current is null ? "" : current.Value ? "&current=true" : "&current=false")}")).Select(ShownShortfall));
            var fund = await client.ReadAsync($"/v1/funds/{_world}water?{asked}");
            Assert.Equal(expected.Where(e => e.Said.FundId == _world + "water" && e.By is null).OrderBy(e => e.Said.Kind == "shortfall" ? 0 : 1).ThenByDescending(e => e.Said.StatedOn)
                .ThenByDescending(e => e.Said.Id, StringComparer.Ordinal).Select(e => e.Row).Take(50), fund.Body.GetProperty("currentShortfalls").EnumerateArray().Select(ShownShortfall));
            Assert.Equal(expected.Where(e => e.Said.FundId == _world + "water" && e.Said.Kind == "requirement").OrderByDescending(e => e.Said.StatedOn).ThenByDescending(e => e.Said.Id, StringComparer.Ordinal)
                .Select(e => (e.Said.Id, e.By)).Take(50), fund.Body.GetProperty("requirements").EnumerateArray().Select(r => (r.Id(), r.Text("supersededBy"))));
        }

        bool IsOverdue(Then then) =>
            Naive.OverdueFrom(then.Lines.Sum(l => l.OutstandingMinor), then.Lines.Sum(l => l.PromisedMinor), then.Header.Instalments, then.Header.DueOn) < day;

        string Told(Then then)
        {
            var (header, entries, lines) = then;
            var words = Naive.Standing(entries).Where(e => e.Kind is "pledge" or "revision").Select(e => e.Qualifier).Distinct().ToList();
            var moved = Naive.Standing(entries).OrderBy(e => e.ValueDate).ThenBy(e => e.No).LastOrDefault();
            var kind = moved is { AmountMinor: < 0, Kind: "payment" } ? "refund" : moved is { AmountMinor: < 0, Kind: "commitment" } ? "release" : moved?.Kind;
            var parts = lines.ConvertAll(l => Naive.PartsOf(l.Sums, header.Shares));
            var (sectors, earmarking) = Recomputation.SaidAt(known?.Version, _amended[header.Id], _beside[header.Id]);
            return Recomputation.Row(header.Id, string.Join(' ', sectors), earmarking, header.Currency is null ? null : Recomputation.Plainly(MinorUnits.ToMajor(lines.Sum(l => l.AmountMinor), header.Currency)),
                words.Count == 0 ? header.Qualifier : words.Count == 1 ? words[0] : "approximate", Naive.HeaderStatus(lines), IsOverdue(then), kind, moved?.ValueDate,
                Recomputation.ShownTexts(Naive.Sums.Of([.. lines.Select(l => l.Sums)])),
                string.Join(" + ", lines.OrderByDescending(l => l.AmountMinor).ThenBy(l => l.DonorId, StringComparer.Ordinal).Select(l => Recomputation.Row(
                    l.DonorId, l.HasPledge ? Recomputation.Plainly(MinorUnits.ToMajor(l.AmountMinor, header.Currency!)) : null, l.Status, Recomputation.ShownTexts(l.Sums)))),
                string.Join(" + ", header.Shares.Select(s => Recomputation.Row(s.Country, Recomputation.ShownTexts(Naive.Sums.Of(parts.ConvertAll(line => line[s.Country])))))));
        }

        async Task<List<JsonElement>> WalkAsync(string path)
        {
            var items = new List<JsonElement>();
            for (string? next = $"{path}&{asked}"; next is not null;)
            {
                var page = (await client.ReadAsync(next)).Body;
                Assert.Equal(JsonValueKind.Object, page.GetProperty("basis").ValueKind);
                items.AddRange(page.GetProperty("data").EnumerateArray());
                next = page.GetProperty("next").GetString();
            }

            return items;
        }
    }

    private static NaiveCoverage.Statement Of(Said said) => new(said.Id, said.StatedOn, said.Start, said.End, null);

    private static string Shown(JsonElement pledge)
    {
        var moved = pledge.GetProperty("lastMovement");
        string? Amount(JsonElement of) => of.GetProperty("amount") is { ValueKind: JsonValueKind.Number } amount ? Recomputation.Plainly(amount.GetDecimal()) : null;
        string? Of(string member) => moved.ValueKind == JsonValueKind.Object ? moved.GetProperty(member).GetString() : null;
        return Recomputation.Row(pledge.Id(), string.Join(' ', pledge.Texts("sectors")), pledge.Text("earmarking"), Amount(pledge), pledge.Text("qualifier"), pledge.Text("status"), pledge.GetProperty("overdue").GetBoolean(), Of("kind"), Of("date"),
            Recomputation.ShownTexts(pledge.GetProperty("figures")),
            string.Join(" + ", pledge.GetProperty("donors").EnumerateArray().Select(d => Recomputation.Row(d.Id(), Amount(d), d.Text("status"), Recomputation.ShownTexts(d.GetProperty("figures"))))),
            string.Join(" + ", pledge.GetProperty("byCountry").EnumerateArray().Select(c => Recomputation.Row(c.Text("country"), Recomputation.ShownTexts(c.GetProperty("figures"))))));
    }

    private static string FiguresOf(IEnumerable<Naive.Line> lines)
    {
        var s = Naive.Sums.Of([.. lines.Select(l => l.Sums)]);
        return Recomputation.Row(Recomputation.ShownTexts(s), Recomputation.Dollars(s.WithdrawnByDonor, s.Lapsed, s.WrittenOff, s.Withdrawn - s.WithdrawnByDonor - s.Lapsed - s.WrittenOff,
            s.DirectCommitted, s.DirectPaid, s.AdjustedPledged, s.AdjustedCommitted, s.AdjustedPaid));
    }

    private static string FiguresOf(JsonElement figures) => Recomputation.Row(Recomputation.ShownTexts(figures),
        string.Join(' ', ((string[])["withdrawnBy", "direct", "adjustments"]).SelectMany(block => figures.GetProperty(block).EnumerateObject()).Select(p => Recomputation.Plainly(p.Value.GetDecimal()))));

    private static string TotalOf(JsonElement item) => Recomputation.Row(item.Id(), FiguresOf(item.GetProperty("figures")),
        string.Join(" + ", item.GetProperty("byInstrument").EnumerateArray().Select(i => $"{i.Text("instrument")} {FiguresOf(i.GetProperty("figures"))}")));

    private static string ShownShortfall(JsonElement shortfall)
    {
        var coverage = shortfall.GetProperty("coverage");
        return Recomputation.Row(shortfall.Id(), shortfall.GetProperty("current").GetBoolean(), shortfall.Text("supersededBy"), coverage.GetProperty("windowOpen").GetBoolean(),
            coverage.GetProperty("urgency") is { ValueKind: JsonValueKind.Object } urgency ? Recomputation.Row(Plainly(urgency.GetProperty("remaining")), urgency.Number("daysLeft"), Plainly(urgency.GetProperty("perDay"))) : null,
            Recomputation.ShownCoverage(coverage));
    }

    // Of donors that promised in several currencies, nothing is told of that round.
    private static string RoundsOf(ILookup<string, (string Currency, long Minor)> round, ILookup<string, (string Currency, long Minor)> before) =>
        string.Join(" + ", round.Concat(before).Select(of => of.Key).Distinct().Order(StringComparer.Ordinal).Select(donor =>
        {
            var (now, then) = (One(round[donor]), One(before[donor]));
            var change = now is { } a && then is { } b && a.Currency == b.Currency ? ShareOf(a.Minor - b.Minor, b.Minor) : null;
            return Recomputation.Row(donor, Told(now), Told(then), change is null ? null : Recomputation.Plainly(change.Value));
        }));

    private static (string Currency, long Minor)? One(IEnumerable<(string Currency, long Minor)> promises) =>
        promises.Select(p => p.Currency).Distinct().ToList() is [var currency] ? (currency, promises.Sum(p => p.Minor)) : null;

    private static string? Told((string Currency, long Minor)? round) => round is { } one ? $"{Recomputation.Plainly(MinorUnits.ToMajor(one.Minor, one.Currency))} {one.Currency}" : null;

    private static string? ShownRound(JsonElement round) => round.ValueKind == JsonValueKind.Null ? null : $"{Plainly(round.GetProperty("amount"))} {round.Text("currency")}";

    private static string? ShownPace(JsonElement fund) => fund.GetProperty("paceGap") is { ValueKind: JsonValueKind.Object } pace
        ? Recomputation.Row(ShownShare(pace.GetProperty("conversionRate")), pace.Number("daysElapsed"), pace.Number("days"), Plainly(pace.GetProperty("elapsed")), Plainly(pace.GetProperty("gap"))) : null;

    private static string ShownShare(JsonElement ratio) => Recomputation.Row(Plainly(ratio.GetProperty("numerator")), Plainly(ratio.GetProperty("denominator")), Plainly(ratio.GetProperty("share")));

    private static string Share(long part, long whole) =>
        Recomputation.Row(Recomputation.Dollars(part), Recomputation.Dollars(whole), ShareOf(part, whole) is { } share ? Recomputation.Plainly(share) : null);

    private static decimal? ShareOf(long part, long whole) => whole == 0 ? null : decimal.Round((decimal)part / whole, 6, MidpointRounding.AwayFromZero);

    private static string? Plainly(JsonElement number) => number.ValueKind == JsonValueKind.Null ? null : Recomputation.Plainly(number.GetDecimal());
}
