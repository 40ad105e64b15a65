using System.Globalization;

namespace PledgeTracker.Summaries;

/// <summary>
/// Sums of what every write keeps up to date: totals and their months where nothing but an instrument is asked for, and what each day changed of
/// each line for all else. What needs a look at single entries is read from the ledger instead.
/// </summary>
internal sealed class StoredSums
{
    // One header may have lines in several of their rows.
    private static readonly string[] OfLines = ["donor", "donor-type", "status"];

    private static readonly string Added = string.Join(", ", Sums.OfTotals.Select(column => $"CAST(coalesce(sum(d.{column}), 0) AS bigint) AS {column}"));

    private readonly GetSummary.Request _request;
    private readonly Selection _selection;
    private readonly Grouping _grouping;
    private readonly IReadOnlyList<string> _by;
    private readonly Group _total = new();

    private StoredSums(GetSummary.Request request, Selection selection, Grouping grouping) =>
        (_request, _selection, _grouping, _by) = (request, selection, grouping, grouping.Dimensions);

    /// <summary>Null where these do not tell: what was believed, what was verified, what pledges stood at on an earlier day, and what is measured line by line.</summary>
    public static async Task<Group?> GroupAsync(GetSummary.Request request, Selection selection, Grouping grouping)
    {
        if (selection.LastEntry is not null || request.Verified == true || !Measures.AreOfSums(request.Measures)
            || (!selection.IsOfNow && request is not { Status: null, MinAmountUsd: null, MaxAmountUsd: null, Overdue: null })
            || (grouping.Dimensions.Contains("status") && (!selection.IsOfNow || request.CompareTo is not null)))
        {
            return null;
        }

        var sums = new StoredSums(request, selection, grouping);
        await sums.AddAsync(selection.Day, group => group.Now);
        if (request.CompareTo is { } before)
        {
            await sums.AddAsync(before, group => group.Before);
        }

        return sums._total;
    }

    private Task AddAsync(DateOnly day, Func<Group, Pile> pileOf) => ScopeOf() is { } scope ? AddTotalsAsync(scope, day, pileOf) : AddDaysAsync(null, day, pileOf);

    /// <summary>The scope of the totals that have these rows; null where there are none, or filters leave only a part of them.</summary>
    private string? ScopeOf() =>
        _request is not
        {
            Donor: null, Fund: null, Recipient: null, Country: null, Event: null, Status: null, Origin: null, PledgedIn: null, AnnouncedFrom: null, AnnouncedTo: null, MinAmountUsd: null,
            MaxAmountUsd: null, Overdue: null, Verification: null, ExternalSystem: null, ExternalId: null, RecordedBy: null, Q: null, UsageYear: null,
        }
            ? null
            : _by.Where(dimension => dimension != "instrument").ToList() switch
            {
                [] => "all",
                [("donor" or "fund" or "event" or "country") and var scope] => scope,
                ["year"] when _grouping.YearStart.Day == 1 => "announced",
                _ => null,
            };

    /// <summary>The months before the day's, and the days of its own.</summary>
    private async Task AddTotalsAsync(string scope, DateOnly day, Func<Group, Pile> pileOf)
    {
        var isToday = day == _selection.Today;
        foreach (var level in scope == "all" ? [scope] : (string[])["all", scope])
        {
            var totals = new Filter()
                .Where("d.scope = @level").With("level", level)
                .WhereAny(_selection.View.Engine, "d.instrument", "instrument", _request.GrantsOnly == true ? ["grant"] : _request.Instrument ?? Vocabulary.Instruments)
                .Where("d.month < @month", "month", isToday ? null : Iso.Month(day));
            foreach (var row in await _selection.View.Sql.QueryAsync<Row>($"""
                SELECT d.id AS first, CAST(NULL AS text) AS second, d.instrument, CAST(sum(d.pledges) AS bigint) AS pledges, {Added} FROM {(isToday ? "total" : "total_month")} d {totals.Sql} GROUP BY d.id, d.instrument
                """, totals.Parameters))
            {
                RowKey[] path = [.. _by.Select(dimension => dimension == "instrument" ? RowKey.Of(row.Instrument) : KeyOf(dimension, row.First))];
                // Those of all have no key but the instrument's.
                foreach (var depth in Enumerable.Range(0, path.Length + 1).Where(depth => _by.Take(depth).All(dimension => dimension == "instrument") == (level == "all")))
                {
                    Put(row, path[..depth], pileOf);
                }
            }
        }

        if (!isToday)
        {
            await AddDaysAsync(new DateOnly(day.Year, day.Month, 1), day, pileOf);
        }
    }

    /// <summary>What the days of lines changed.</summary>
    /// <param name="first">The first of the days; null for all up to the last.</param>
    private async Task AddDaysAsync(DateOnly? first, DateOnly last, Func<Group, Pile> pileOf)
    {
        var (isSplit, isOfLines) = (_by.Contains("country"), _by.Any(OfLines.Contains));
        var days = _selection.Headers.Copy()
            .WhereAny(_selection.View.Engine, "d.donor_id", "ofDonor", _selection.Donors)
            .Where("(p.shares = '[]' OR p.shared)", isSplit)
            .Where("d.day >= @first", "first", first)
            .Where("d.day <= @last", "last", last == _selection.Today ? null : last);
        // Where a header stands in one row of each depth, rows are sums of the rows inside of them.
        for (var depth = isOfLines ? 0 : _by.Count; depth <= _by.Count; depth++)
        {
            List<string> dimensions = [.. _by.Take(depth)];
            List<string> keys = [.. dimensions.Select(KeySql)];
            var pledges = first is null ? "d.pledge_no" : $"""
                CASE WHEN NOT EXISTS (SELECT 1 FROM line_day b WHERE b.pledge_no = d.pledge_no AND b.day < @first {(dimensions.Contains("donor") ? "AND b.donor_id = d.donor_id" : "")}) THEN d.pledge_no END
                """;
            foreach (var row in await _selection.View.Sql.QueryAsync<Row>(new CommandDefinition($"""
                SELECT {keys.ElementAtOrDefault(0) ?? "CAST(NULL AS text)"} AS first, {keys.ElementAtOrDefault(1) ?? "CAST(NULL AS text)"} AS second, p.instrument, count(DISTINCT {pledges}) AS pledges, {Added}
                FROM line_day d JOIN pledge p ON p.no = d.pledge_no {string.Concat(dimensions.Select(JoinSql).Distinct())} {days.Sql}
                GROUP BY {string.Join(", ", keys.Append("p.instrument"))}
                """, days.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache)))
            {
                RowKey[] path = [.. dimensions.Zip((string?[])[row.First, row.Second], KeyOf)];
                for (var at = isOfLines ? depth : 0; at <= depth; at++)
                {
                    Put(row, path[..at], pileOf);
                }
            }
        }

        if (isSplit)
        {
            await AddSplitAsync(first, last, pileOf);
        }
    }

    /// <summary>Money that is split between countries, line by line: the parts of what lines come to are not what the parts of their days come to.</summary>
    private async Task AddSplitAsync(DateOnly? first, DateOnly last, Func<Group, Pile> pileOf)
    {
        const string earlier = "EXISTS (SELECT 1 FROM line_day b WHERE b.pledge_no = p.no AND b.day < @first)";
        var split = _selection.Headers.Copy().Where("p.shares <> '[]'").Where("NOT p.shared")
            .Where("p.no IN (SELECT b.pledge_no FROM line_day b WHERE b.day >= @first AND b.day <= @last)", first is not null);
        if (first is not null)
        {
            split.With("first", first).With("last", last);
        }

        await foreach (var line in _selection.LinesAsync(split.Copy().Where("NOT " + earlier, first is not null)))
        {
            if (line.AsOf(last) is { } state)
            {
                pileOf(_total).Add(line.Header, state.Sums);
                _grouping.RowsOf(line.Header, line.DonorId, state).ForEach(row => pileOf(_total.At(row.Path)).Add(line.Header, row.Part));
            }
        }

        if (first is not { } from)
        {
            return;
        }

        // These were counted in the months before.
        await foreach (var line in _selection.LinesAsync(split.Copy().Where(earlier)))
        {
            if (line.AsOf(last) is { } state)
            {
                Change(state, 1);
            }

            if (line.AsOf(from.AddDays(-1)) is { } before)
            {
                Change(before, -1);
            }

            void Change(Line state, int times)
            {
                pileOf(_total).Add(line.Header.Instrument, state.Sums.Times(times), 0);
                _grouping.RowsOf(line.Header, line.DonorId, state).ForEach(row => pileOf(_total.At(row.Path)).Add(line.Header.Instrument, row.Part.Times(times), 0));
            }
        }
    }

    private void Put(Row row, RowKey[] path, Func<Group, Pile> pileOf)
    {
        // What has come to nothing may have left a row.
        if (row.Pledges != 0 || row.Sums != default)
        {
            pileOf(_total.At(path)).Add(row.Instrument, row.Sums, (int)row.Pledges);
        }
    }

    private static string KeySql(string dimension) => dimension switch
    {
        "donor" => "d.donor_id",
        "donor-type" => "od.type",
        "fund" => "p.fund_id",
        "recipient" => "coalesce(r.merged_into, r.id)",
        "recipient-type" => "rt.type",
        // Kept as ["IRQ","SYR"].
        "country" => "CASE WHEN p.countries = '[]' THEN NULL WHEN p.shared OR p.countries LIKE '%,%' THEN '*' ELSE substr(p.countries, 3, 3) END",
        "sector" => "CASE WHEN p.sectors = '[]' THEN NULL WHEN p.sectors LIKE '%,%' THEN '*' ELSE substr(p.sectors, 3, 5) END",
        "event" => "p.event_id",
        "instrument" => "p.instrument",
        "earmarking" => "p.earmarking",
        "status" => "l.status",
        "year" => "CAST(p.announced_on AS text)",
        _ => "coalesce(p.currency, (SELECT e.currency FROM ledger_entry e WHERE e.pledge_no = p.no ORDER BY e.no LIMIT 1))",
    };

    private static string JoinSql(string dimension) => dimension switch
    {
        "donor-type" => " JOIN organization od ON od.id = d.donor_id",
        "recipient" => " LEFT JOIN organization r ON r.id = p.recipient_id",
        "recipient-type" => " LEFT JOIN organization rm ON rm.id = p.recipient_id LEFT JOIN organization rt ON rt.id = coalesce(rm.merged_into, rm.id)",
        "status" => " JOIN line l ON l.pledge_no = d.pledge_no AND l.donor_id = d.donor_id",
        _ => "",
    };

    private RowKey KeyOf(string dimension, string? key) => (dimension, key) switch
    {
        (_, null or "") => RowKey.None,
        ("country", Scopes.SharedId) or ("country" or "sector", "*") => RowKey.Shared,
        // A day, or the month of one that begins no year.
        ("year", _) => RowKey.Of(_grouping.YearOf(Iso.ParseDate(key.Length == 7 ? key + "-01" : key)).ToString(CultureInfo.InvariantCulture)),
        _ => RowKey.Of(key),
    };

    private sealed record Row : TotalsRow
    {
        public string? First { get; init; }
        public string? Second { get; init; }
        public required string Instrument { get; init; }
        public required long Pledges { get; init; }
    }
}
