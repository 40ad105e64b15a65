using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Db;

/// <summary>
/// The statistics that an empty SQLite database comes with make its planner choose, without being told by the statements, the index that each
/// list's order is walked along: with every filter that stands alone, in both directions, on the first page and on the ones behind a cursor.
/// </summary>
public sealed partial class StatisticsTests : IAsyncLifetime
{
    private const string Survivor = "(SELECT coalesce(s.merged_into, s.id) FROM organization s WHERE s.id = @donor)";

    // What grows with what is recorded: no statement may read it whole, unless along an index or, for the changes, along its key.
    private static readonly string[] Growing = ["pledge", "ledger_entry", "line", "pledge_country", "contribution", "citation", "change", "change_about", "fund_day", "exchange_rate", "requirement", "shortfall", "indicator"];

    // sort=announcedOn, amountUsd, outstanding: the column, what indexes call it, and how a line calls it.
    private static readonly (string Column, string Index, string OfLine)[] Orders =
    [
        ("announced_on", "announced", "announced_on"), ("pledged_usd", "amount", "header_pledged_usd"), ("outstanding_usd", "outstanding", "header_outstanding_usd"),
    ];

    // A filter of /v1/pledges, and the index that is walked where it stands alone; {0} is the order.
    private static readonly (string Filter, string Where, string Index)[] PledgeFilters =
    [
        ("none", "", "pledge_by_{0}"),
        ("fund", "p.fund_id = @fund", "pledge_by_fund_{0}"),
        ("recipient", "p.recipient_id = @recipient", "pledge_by_recipient_{0}"),
        ("event", "p.event_id = @event", "pledge_by_event_{0}"),
        ("status", "p.status = @status", "pledge_by_status_{0}"),
        ("instrument", "p.instrument = @instrument", "pledge_by_instrument_{0}"),
        ("grantsOnly", "p.instrument = 'grant'", "pledge_by_instrument_{0}"),
        ("currency", "p.currency = @currency", "pledge_by_currency_{0}"),
        ("overdue", "p.overdue_from < @today", "pledge_by_overdue_{0}"),
        ("not overdue", "(p.overdue_from IS NULL OR p.overdue_from >= @today)", "pledge_by_{0}"),
        ("announcedFrom", $"p.announced_on >= @fromYear AND (p.announced_on >= @from OR {Imprecise("p.date_precision", "p.announced_on >= @fromMonth")})", "pledge_by_{0}"),
        ("announcedTo", $"p.announced_on <= @toYear AND (p.announced_on <= @to OR {Imprecise("p.date_precision", "p.announced_on <= @toMonth")})", "pledge_by_{0}"),
        ("minAmountUsd", "p.pledged_usd >= @least", "pledge_by_{0}"),
        ("maxAmountUsd", "p.pledged_usd <= @most", "pledge_by_{0}"),
    ];

    // What is known to the year overlaps what its year does; what is known to the month, what its month does.
    private static string Imprecise(string precision, string month) => $"{precision} = 'year' OR ({precision} = 'month' AND {month})";

    private SchemaDatabase? _database;

    private SchemaDatabase Database => _database!;

    public async ValueTask InitializeAsync() => _database = await SchemaDatabase.CreateAsync(SqlEngine.Sqlite);

    public async ValueTask DisposeAsync() => await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Fact]
    public async Task Pledges_are_walked_along_the_index_of_their_filter_and_order()
    {
        foreach (var (column, order, ofLine) in Orders)
        {
            foreach (var (filter, where, index) in PledgeFilters)
            {
                await WalksAsync($"pledges by {order}, {filter}", string.Format(null, index, order), "pledge p", "p." + column, "p.no", And("p.origin = @origin", where));
            }

            await WalksAsync($"pledges by {order}, donor", $"line_by_donor_{order}", "line l JOIN pledge p ON p.no = l.pledge_no", "l." + ofLine, "l.pledge_no",
                $"l.origin = @origin AND l.donor_id = {Survivor}");
            await WalksAsync($"pledges by {order}, country", $"pledge_country_by_{order}", "pledge_country c JOIN pledge p ON p.no = c.pledge_no", "c." + column, "c.pledge_no",
                "c.origin = @origin AND c.country = @country");
        }
    }

    [Fact]
    public async Task Pledges_found_by_words_are_looked_up_and_nothing_is_read_whole()
    {
        // Who has the name comes first, by IN: joined, the planner may well read all lines and look at the name of each.
        await ScansNothingAsync("pledges, q", """
            SELECT p.id FROM pledge p
            WHERE p.origin = @origin AND p.no IN (
                SELECT rowid FROM pledge_text WHERE pledge_text MATCH @match
                UNION SELECT l.pledge_no FROM line l WHERE l.donor_id IN (SELECT o.id FROM organization o WHERE o.search LIKE @like)
                UNION SELECT s.no FROM pledge s WHERE s.fund_id IN (SELECT f.id FROM fund f WHERE f.search LIKE @like)
                UNION SELECT s.no FROM pledge s WHERE s.event_id IN (SELECT v.id FROM event v WHERE v.search LIKE @like)
                UNION SELECT s.no FROM pledge s WHERE s.recipient_id IN (SELECT o.id FROM organization o WHERE o.search LIKE @like))
            ORDER BY p.announced_on DESC, p.no DESC LIMIT @take
            """);
    }

    [Fact]
    public async Task Contributions_are_walked_along_the_index_of_their_filter()
    {
        const string from = """
            contribution c JOIN ledger_entry e ON e.no = c.entry_no JOIN pledge p ON p.no = c.pledge_no LEFT JOIN exchange_rate x ON x.no = e.rate_no
            """;
        (string Filter, string Where, string Index)[] filters =
        [
            ("none", "", "date"),
            ("stage", "c.stage = @stage", "stage"),
            ("donor", $"c.donor_id = {Survivor}", "donor"),
            ("fund", "c.fund_id = @fund", "fund"),
            ("pledge", "c.pledge_no = (SELECT no FROM pledge WHERE id = @pledge)", "pledge"),
            ("from", $"c.value_date >= @fromYear AND (c.value_date >= @from OR {Imprecise("e.date_precision", "c.value_date >= @fromMonth")})", "date"),
            ("to", $"c.value_date <= @toYear AND (c.value_date <= @to OR {Imprecise("e.date_precision", "c.value_date <= @toMonth")})", "date"),
            ("verification", "c.verification = @verification", "verification"),
        ];
        foreach (var (filter, where, index) in filters)
        {
            await WalksAsync($"contributions, {filter}", $"contribution_by_{index}", from, "c.value_date", "c.entry_no", And("NOT c.reversed", where));
        }

        await WalksAsync("contributions, includeReversed", "contribution_by_date", from, "c.value_date", "c.entry_no", "");
    }

    [Fact]
    public async Task Statements_of_funds_are_walked_along_their_day()
    {
        foreach (var kind in new[] { "requirement", "shortfall" })
        {
            var from = $"{kind} t LEFT JOIN superseded x ON x.kind = '{kind}' AND x.no = t.no LEFT JOIN {kind} n ON n.no = x.by_no";
            foreach (var (filter, where, index) in new[]
            {
                ("none", "", "stated"), ("fund", "t.fund_id = @fund", "fund"), ("current", "x.no IS NULL", "stated"),
                ("statedFrom", $"t.stated_on >= @fromYear AND (t.stated_on >= @from OR {Imprecise("t.date_precision", "t.stated_on >= @fromMonth")})", "stated"),
                ("statedTo", $"t.stated_on <= @toYear AND (t.stated_on <= @to OR {Imprecise("t.date_precision", "t.stated_on <= @toMonth")})", "stated"),
            })
            {
                await WalksAsync($"{kind}s, {filter}", $"{kind}_by_{index}", from, "t.stated_on", "t.id", where);
            }
        }

        // Reported and computed shortfalls as one list: each is walked, and the two are merged.
        await ExpectsAsync("shortfalls of both kinds", ["shortfall_by_stated", "requirement_by_stated"], """
            SELECT 'reported' AS basis, t.id AS id, t.stated_on AS stated_on FROM shortfall t
            LEFT JOIN superseded x ON x.kind = 'shortfall' AND x.no = t.no LEFT JOIN shortfall n ON n.no = x.by_no
            UNION ALL
            SELECT 'computed' AS basis, t.id AS id, t.stated_on AS stated_on FROM requirement t
            LEFT JOIN superseded x ON x.kind = 'requirement' AND x.no = t.no LEFT JOIN requirement n ON n.no = x.by_no
            ORDER BY stated_on DESC, id DESC LIMIT @take
            """);
    }

    [Fact]
    public async Task The_smaller_lists_are_walked_along_their_order()
    {
        (string List, string Index, string From, string Order, string Tie, string Where)[] lists =
        [
            ("events", "event_by_start", "event v", "v.starts_on", "v.id", ""),
            ("events, country", "event_by_start", "event v", "v.starts_on", "v.id", "v.country = @country"),
            ("events, from", "event_by_start", "event v", "v.starts_on", "v.id", "v.starts_on >= @from"),
            ("events, q", "event_by_start", "event v", "v.starts_on", "v.id", "v.search LIKE @like"),
            ("sources", "source_by_date", "source s", "s.published_on", "s.id", ""),
            ("sources, reliability", "source_by_date", "source s", "s.published_on", "s.id", "s.reliability = @reliability"),
            ("indicators", "indicator_by_date", "indicator i LEFT JOIN fund f ON f.id = i.fund_id", "i.date", "i.id", ""),
            ("indicators, measure", "indicator_by_measure", "indicator i", "i.date", "i.id", "i.measure = @measure"),
            ("indicators, fund", "indicator_by_fund", "indicator i", "i.date", "i.id", "i.fund_id = @fund"),
            ("indicators, from", "indicator_by_date", "indicator i", "i.date", "i.id", "i.date >= @from"),
            ("exchange rates", "exchange_rate_by_date", "exchange_rate x", "x.date", "x.no", ""),
            ("exchange rates, currency", "exchange_rate_by_currency", "exchange_rate x", "x.date", "x.no", "x.currency = @currency"),
            ("exchange rates, to", "exchange_rate_by_date", "exchange_rate x", "x.date", "x.no", "x.date <= @to"),
            ("organizations, type", "organization_by_type", "organization o", "o.id", "o.id", "o.merged_into IS NULL AND o.type = @type"),
            ("organizations, country", "organization_by_country", "organization o", "o.id", "o.id", "o.merged_into IS NULL AND o.country = @country"),
            ("funds, parent", "fund_by_parent", "fund f LEFT JOIN total t ON t.scope = 'fund' AND t.instrument = @instrument AND t.id = f.id", "f.id", "f.id", "f.parent_id = @parent"),
            ("changes, entity", "change_by_entity", "change c", "c.seq", "c.seq", "c.entity = @entity"),
            ("changes, actor", "change_by_actor", "change c", "c.seq", "c.seq", "c.actor = @actor"),
            ("a pledge's history", "change_by_pledge", "change c", "c.seq", "c.seq", "c.pledge_id = @pledge"),
            ("a pledge's ledger", "ledger_entry_by_pledge", "ledger_entry e JOIN organization o ON o.id = e.donor_id", "e.no", "e.no", "e.pledge_no = @no"),
        ];
        foreach (var (list, index, from, order, tie, where) in lists)
        {
            await WalksAsync(list, index, from, order, tie, where);
        }
    }

    [Fact]
    public async Task Lists_in_the_order_of_a_key_need_no_index_beside_it()
    {
        (string List, string Sql)[] lists =
        [
            ("organizations", "SELECT o.id FROM organization o WHERE o.merged_into IS NULL AND o.id > @after ORDER BY o.id LIMIT @take"),
            ("funds", "SELECT f.id FROM fund f LEFT JOIN total t ON t.scope = 'fund' AND t.instrument = @instrument AND t.id = f.id WHERE f.id > @after ORDER BY f.id LIMIT @take"),
            ("donors by id", "SELECT t.id FROM total t WHERE t.scope = 'donor' AND t.instrument = @instrument AND t.lines > 0 AND t.id > @after ORDER BY t.id LIMIT @take"),
            ("changes of a fund", "SELECT c.seq FROM change_about a JOIN change c ON c.seq = a.seq WHERE a.kind = 'fund' AND a.id = @fund AND a.seq > @after ORDER BY a.seq LIMIT @take"),
            ("changes", "SELECT c.seq FROM change c WHERE c.seq > @after ORDER BY c.seq LIMIT @take"),
            ("changes of days", """
                SELECT c.seq FROM change c
                WHERE c.seq >= (SELECT f.seq FROM change f WHERE f.at >= @from ORDER BY f.at, f.seq LIMIT 1)
                  AND c.seq <= (SELECT l.seq FROM change l WHERE l.at < @to ORDER BY l.at DESC, l.seq DESC LIMIT 1)
                ORDER BY c.seq LIMIT @take
                """),
        ];
        foreach (var (list, sql) in lists)
        {
            await ExpectsAsync(list, [], sql);
        }
    }

    [Fact]
    public async Task Donors_and_funds_by_a_figure_read_the_totals_of_one_instrument()
    {
        foreach (var scope in new[] { "donor", "fund" })
        {
            var plan = await ScansNothingAsync($"{scope}s by paid", $"""
                SELECT t.id FROM total t WHERE t.scope = '{scope}' AND t.instrument = @instrument AND t.lines > 0 ORDER BY t.paid_usd DESC, t.id DESC LIMIT @take
                """);
            Assert.Contains(plan, step => step.StartsWith("SEARCH t USING PRIMARY KEY (scope=? AND instrument=?", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_belongs_to_one_thing_is_looked_up()
    {
        (string What, string Index, string Sql)[] lookups =
        [
            ("lines of a pledge", "PRIMARY KEY", "SELECT donor_id FROM line WHERE pledge_no = @no"),
            ("citations of a page", "citation_by_pledge", "SELECT source_id FROM citation WHERE pledge_no IN (@a, @b, @c) ORDER BY pledge_no, no"),
            ("citations of entries", "citation_by_entry", "SELECT source_id FROM citation WHERE entry_no IN (@a, @b, @c) ORDER BY entry_no, no"),
            ("what was reclassified", "pledge_by_reclassified", "SELECT id FROM pledge WHERE reclassifies_no = @no ORDER BY no DESC LIMIT 1"),
            ("a pledge of another system", "pledge_by_external", "SELECT id FROM pledge WHERE external_system = @system AND external_id = @id"),
            ("an entry of another system", "ledger_entry_by_external", "SELECT e.id FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no WHERE e.external_id = @id AND NOT c.reversed"),
            ("the reversal of an entry", "sqlite_autoindex_ledger_entry_2", "SELECT id FROM ledger_entry WHERE reverses_no = @no"),
            ("what a change is about", "change_about_by_change", "SELECT kind, id FROM change_about WHERE seq IN (@a, @b, @c) ORDER BY seq, kind, id"),
            ("the last verification", "verification_by_entry", "SELECT state FROM verification WHERE entry_no = @no ORDER BY no DESC LIMIT 1"),
            ("the countries of a pledge", "pledge_country_by_pledge", "SELECT country FROM pledge_country WHERE pledge_no = @no"),
            ("who was merged into it", "organization_by_merge", "SELECT id FROM organization WHERE merged_into = @id"),
            ("kept answers that are old", "idempotency_by_age", "SELECT caller FROM idempotency WHERE recorded_at < @at"),
            ("a rate of the day or before", "exchange_rate_by_currency", "SELECT no FROM exchange_rate WHERE currency = @currency AND date <= @date AND date >= @oldest ORDER BY date DESC, no DESC LIMIT 1"),
            ("the same payment by another party", "ledger_entry_by_donor", """
                SELECT e.id FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no JOIN pledge p ON p.no = e.pledge_no
                WHERE e.donor_id IN (SELECT id FROM organization WHERE id = @donor OR merged_into = @donor) AND e.amount_minor = @amount
                  AND e.value_date BETWEEN @from AND @to AND e.currency = @currency AND c.stage = 'payment' AND NOT c.reversed
                """),
        ];
        foreach (var (what, index, sql) in lookups)
        {
            var plan = await ScansNothingAsync(what, sql);
            Assert.True(plan.Any(step => step.Contains(index, StringComparison.Ordinal)), $"{what} does not use {index}:\n{string.Join('\n', plan)}");
        }
    }

    [Fact]
    public async Task Every_index_has_figures_and_every_figure_has_its_index()
    {
        var indexes = await Database.AskAsync("""
            SELECT t.name, l.name FROM pragma_table_list t JOIN pragma_index_list(t.name) l
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND NOT (t.wr AND l.origin = 'pk')
            UNION ALL SELECT t.name, t.name FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' AND t.wr
            """);
        Assert.Equal(indexes.Order(StringComparer.Ordinal), (await Database.AskAsync("SELECT tbl, idx FROM sqlite_stat1")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_sorts_or_scans_is_recognized()
    {
        Assert.Contains(await PlanAsync("SELECT p.id FROM pledge p WHERE NOT p.shared ORDER BY p.recorded_at LIMIT @take"), Sorts);
        Assert.NotEmpty(Scans("SELECT p.id FROM pledge p WHERE NOT p.shared", await PlanAsync("SELECT p.id FROM pledge p WHERE NOT p.shared")));
    }

    [Fact]
    public async Task Every_table_is_strict() => Assert.Empty(await Database.AskAsync("""
        SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
        """));

    private static string And(params string[] conditions) => string.Join(" AND ", conditions.Where(c => c != ""));

    /// <summary>A list: both directions, the first page and one behind a cursor.</summary>
    private async Task WalksAsync(string list, string index, string from, string order, string tie, string where)
    {
        foreach (var (direction, beyond) in new[] { ("", ">"), (" DESC", "<") })
        {
            var (by, after) = order == tie
                ? ($"{order}{direction}", $"{order} {beyond} @afterKey")
                : ($"{order}{direction}, {tie}{direction}", $"({order}, {tie}) {beyond} (@afterKey, @afterTie)");
            foreach (var condition in new[] { where, And(where, after) })
            {
                await ExpectsAsync(list, [index], $"SELECT {tie}, {order} FROM {from}{(condition == "" ? "" : $" WHERE {condition}")} ORDER BY {by} LIMIT @take");
            }
        }
    }

    private async Task ExpectsAsync(string list, string[] indexes, string sql)
    {
        var plan = await ScansNothingAsync(list, sql);
        Assert.False(plan.Any(Sorts), $"{list} sorts:\n{sql}\n{string.Join('\n', plan)}");
        foreach (var index in indexes)
        {
            Assert.True(plan.Any(step => step.Contains($"INDEX {index}", StringComparison.Ordinal) && !step.Contains($"INDEX {index}_", StringComparison.Ordinal)),
                $"{list} does not walk {index}:\n{sql}\n{string.Join('\n', plan)}");
        }
    }

    private async Task<List<string>> ScansNothingAsync(string what, string sql)
    {
        var plan = await PlanAsync(sql);
        Assert.True(Scans(sql, plan).Count == 0, $"{what} reads a table whole:\n{sql}\n{string.Join('\n', plan)}");
        return plan;
    }

    private async Task<List<string>> PlanAsync(string sql)
    {
        var parameters = Parameter().Matches(sql).Select(m => m.Value).Distinct().Select(name => (name, (object?)null)).ToArray();
        var steps = await Database.AskAsync("EXPLAIN QUERY PLAN " + sql, parameters);
        return steps.ConvertAll(step => step.Split('|', 4)[3]);
    }

    private static bool Sorts(string step) => step.Contains("TEMP B-TREE", StringComparison.Ordinal) && step.Contains("ORDER BY", StringComparison.Ordinal);

    /// <summary>The steps that read a whole table of those that grow, without even an index to go by. The changes are listed in the order of their key.</summary>
    private static List<string> Scans(string sql, List<string> plan)
    {
        var names = Growing.SelectMany(table => Regex.Matches(sql, $@"\b(?:FROM|JOIN)\s+{table}\b(?:\s+(?<alias>(?!WHERE|ORDER|JOIN|LEFT)[a-z]\w*))?").Select(m => m.Groups["alias"])
            .Select(alias => alias.Success ? alias.Value : table)).ToHashSet();
        return [.. plan.Where(step => Scan().Match(step) is { Success: true } scan && names.Contains(scan.Groups["table"].Value) && !step.Contains(" INDEX ", StringComparison.Ordinal))];
    }

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^SCAN (?<table>\w+)")]
    private static partial Regex Scan();
}
