using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Data;

/// <summary>
/// What a page costs must follow from what it shows, not from how much there is: every order is walked along an index. The plans are SQLite's, of the statements
/// that are really sent, on the statistics that an empty database comes with; the table in db/README.md is compared with them.
/// </summary>
public sealed partial class QueryPlanTests(WatchedServer watched) : IClassFixture<WatchedServer>, IAsyncLifetime
{
    private const string Begin = "<!-- indexes: begin -->";
    private const string End = "<!-- indexes: end -->";

    // Tables of few rows, however many pledges there are: lists of them are walked, and q is tried on each.
    private static readonly string[] Few = ["organization", "fund", "event", "source", "country", "total", "api_key", "redaction"];

    // Ordered by a figure, these sort the totals of all donors or funds: few, and changed by every write. See docs/decisions/0009.
    private static readonly string[] OverTotals = ["ListDonors", "ListFunds"];

    // What so few match that the matches are sorted. Statements are few, and when one last changed follows from the one that superseded it.
    private static readonly (string List, string Filter)[] Matches =
        [("ListPledges", "q"), ("ListPledges", "externalId"), ("ListContributions", "q"), ("ListShortfalls", "changedSince"), ("ListRequirements", "changedSince")];

    private readonly GeneratedServer _server = watched.Server;
    private readonly Dictionary<string, List<string>> _plans = [];
    private readonly List<string> _tables = [];
    private DbConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, "The plans are SQLite's.");
        _connection = await _server.OpenDatabaseAsync();
        await using var command = _connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table'";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            _tables.Add(reader.GetString(0));
        }
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task No_filter_and_order_makes_the_database_sort_or_scan()
    {
        foreach (var list in await _server.ListsAsync(_server.BusyPledge))
        {
            foreach (var filter in FiltersOf(list))
            {
                await WalksAnIndexAsync(list, filter);
            }
        }
    }

    [Fact]
    public async Task The_table_of_indexes_is_the_plans_of_all_filters_and_orders_that_the_lists_declare()
    {
        var table = new StringBuilder();
        foreach (var list in await _server.ListsAsync(_server.BusyPledge))
        {
            var fields = list.Sorts.Where(s => s[0] != '-').ToList();
            table.Append(CultureInfo.InvariantCulture, $"\n### {list.Name}: `{Uuid().Replace(list.Path, "{id}")}`\n\n");
            table.Append(CultureInfo.InvariantCulture, $"| filter | {string.Join(" | ", fields.Select(f => $"`sort={f}`"))} |\n");
            table.Append("|---|").Insert(table.Length, "---|", fields.Count).Append('\n');
            // What changed has an order of its own: that of changing.
            foreach (var filter in FiltersOf(list).Where(f => f != "changedSince"))
            {
                var cells = new List<string>();
                foreach (var field in fields)
                {
                    var (up, down) = (await IndexesAsync(list, filter, field), await IndexesAsync(list, filter, "-" + field));
                    Assert.Equal(up, down);
                    Assert.True(up != "" || filter == "q" || Matches.Contains((list.Name, filter)) || OverTotals.Contains(list.Name), $"{list.Name} sorts for {filter} and {field}");
                    cells.Add(up != "" ? up : OverTotals.Contains(list.Name) ? "its totals are sorted" : "the matches are sorted");
                }

                table.Append(CultureInfo.InvariantCulture, $"| {(filter == "" ? "none" : $"`{filter}`")} | {string.Join(" | ", cells)} |\n");
            }
        }

        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "README.md"), TestContext.Current.CancellationToken);
        var (start, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        await Repository.MatchesAsync("db/README.md", $"{readme[..start]}\n{table}\n{readme[end..]}");
    }

    [Fact]
    public async Task The_statements_that_fetch_one_thing_scan_nothing_that_grows()
    {
        var contribution = await FirstAsync("/v1/contributions");
        var shortfall = await FirstAsync("/v1/shortfalls");
        string[] paths =
        [
            $"/v1/pledges/{_server.BusyPledge}", $"/v1/contributions/{contribution}", $"/v1/shortfalls/{shortfall}", "/v1/donors/alpha", "/v1/organizations/alpha",
            "/v1/funds/facility", "/v1/events/conference-a", "/v1/sources/source-1", "/v1/countries/TUR",
        ];
        foreach (var path in paths)
        {
            foreach (var sql in await watched.QueriesAsync(path))
            {
                Assert.True(Scans(sql).Count == 0, $"{path} scans: {string.Join('\n', Plan(sql))}\n{sql}");
            }
        }

        async Task<string> FirstAsync(string list) => (await _server.GetAsync(list)).GetProperty("data")[0].GetProperty("id").GetString()!;
    }

    [Theory]
    [InlineData("/v1/calendar.ics")]
    [InlineData("/v1/changes.atom")]
    public async Task The_calendar_and_the_feed_walk_an_index_under_any_filter(string path)
    {
        foreach (var filter in new[] { "", "donor=alpha", "donor=alpha,beta", "fund=facility", "fund=facility,drive", "event=conference-a", "donor=alpha&fund=facility&event=conference-a" })
        {
            foreach (var sql in await watched.QueriesAsync($"{path}?{filter}"))
            {
                Assert.True(Scans(sql).Count == 0, $"{filter} scans: {string.Join('\n', Plan(sql))}\n{sql}");
                Assert.False(IsPage(sql) && !filter.Contains(',') && Sorts(sql), $"{filter} sorts: {string.Join('\n', Plan(sql))}\n{sql}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?fund=facility")]
    [InlineData("?fund=facility,drive")]
    public async Task The_export_to_IATI_walks_an_index_for_each_activity(string filter)
    {
        foreach (var sql in await watched.QueriesAsync($"/v1/exports/iati.xml{filter}"))
        {
            Assert.True(Scans(sql).Count == 0, $"{filter} scans: {string.Join('\n', Plan(sql))}\n{sql}");
            Assert.False(IsPage(sql) && filter == "?fund=facility" && Sorts(sql), $"{filter} sorts: {string.Join('\n', Plan(sql))}\n{sql}");
        }
    }

    [Fact]
    public void A_plan_that_sorts_or_scans_is_recognized()
    {
        Assert.True(Sorts("SELECT p.id FROM pledge p WHERE p.shared = 0 ORDER BY p.recorded_at LIMIT 9"));
        Assert.NotEmpty(Scans("SELECT p.id FROM pledge p WHERE p.shared = 0"));
        Assert.NotEmpty(Scans("SELECT f.id FROM fund f WHERE f.id IN (SELECT p.recorded_by FROM pledge p WHERE p.shared)"));
        Assert.Empty(Scans("SELECT f.id FROM fund f"));
    }

    private static IEnumerable<string> FiltersOf(ListRoute list) => list.Filters.Select(f => f.Name).Prepend("");

    private string Address(ListRoute list, string filter, string sort) => $"{list.Path}?{(filter == "" ? "" : $"{filter}={Filters.Value(filter, _server)}&")}{(sort == "" ? "" : $"sort={sort}")}".TrimEnd('&');

    private async Task WalksAnIndexAsync(ListRoute list, string filter)
    {
        foreach (var sort in filter == "changedSince" ? [""] : list.Sorts)
        {
            var path = Address(list, filter, sort);
            // The second page has the cursor's condition, too.
            var second = (await _server.GetAsync(path + "&limit=1")).GetProperty("next").GetString();
            Assert.True(second is not null || list.Name is not ("ListPledges" or "ListContributions"), $"{path} has no second page");
            foreach (var page in second is null ? [path] : new[] { path, second })
            {
                foreach (var sql in await watched.QueriesAsync(page))
                {
                    if (filter != "q")
                    {
                        Assert.True(Scans(sql).Count == 0, $"{page} scans: {string.Join('\n', Plan(sql))}\n{sql}");
                    }

                    if (IsPage(sql) && !Matches.Contains((list.Name, filter)) && !OverTotals.Contains(list.Name))
                    {
                        Assert.False(Sorts(sql), $"{page} sorts: {string.Join('\n', Plan(sql))}\n{sql}");
                    }
                }
            }
        }
    }

    private async Task<string> IndexesAsync(ListRoute list, string filter, string sort)
    {
        var sql = (await watched.QueriesAsync(Address(list, filter, sort))).Single(IsPage);
        var plan = Plan(sql);
        if (Sorts(sql))
        {
            return "";
        }

        // One row that is looked up first, such as the pledge whose contributions are listed, is not what is walked.
        var walks = plan.Where((step, i) => !step.EndsWith("(rowid=?)", StringComparison.Ordinal) && (i == 0 || !plan[i - 1].StartsWith("SCALAR", StringComparison.Ordinal)))
            .Select(step => Walk().Match(step)).Where(m => m.Success).ToList();
        var growing = Growing(sql);
        // Of two lists shown as one, each is walked along its own index. What is joined to them is looked up by key.
        return plan.Any(step => step.Contains("UNION ALL", StringComparison.Ordinal))
            ? string.Join(" and ", walks.Where(w => w.Groups["index"].Success).Select(w => $"`{w.Groups["index"].Value}`").Distinct())
            : (walks.Find(w => growing.Contains(w.Groups["table"].Value)) ?? walks[0]) is var walk && walk.Groups["index"] is { Success: true } index ? $"`{index.Value}`"
            : $"the key of `{TableOf(sql, walk.Groups["table"].Value)}`";
    }

    /// <summary>What the statement calls the tables that grow.</summary>
    private HashSet<string> Growing(string sql) => [.. _tables.Except(Few).SelectMany(table =>
        Regex.Matches(sql, $@"\b(?:FROM|JOIN)\s+{table}\b(?:\s+(?<alias>[a-z]\w*))?").Select(m => m.Groups["alias"]).Select(alias => alias.Success ? alias.Value : table))];

    private static string TableOf(string sql, string alias) => Regex.Match(sql, $@"\b(?:FROM|JOIN)\s+(\w+)\s+{alias}\b").Groups[1].Value;

    private static bool IsPage(string sql) => Limit().Match(sql) is { Success: true } limit && limit.Groups["rows"].Value != "1";

    /// <summary>Whether it sorts anything but what a part of it has already cut to a page.</summary>
    private bool Sorts(string sql)
    {
        var plan = Plan(sql);
        return plan.Where((step, i) => step.Contains("TEMP B-TREE", StringComparison.Ordinal) && step.Contains("ORDER BY", StringComparison.Ordinal)
            && !(Scan().Match(plan[i - 1]) is { Success: true } scan && plan.Contains($"CO-ROUTINE {scan.Groups["table"].Value}")
                && Regex.IsMatch(sql, $@"LIMIT \d+\) {scan.Groups["table"].Value}\b"))).Any();
    }

    private List<string> Plan(string sql)
    {
        if (!_plans.TryGetValue(sql, out var steps))
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + sql;
            using var reader = command.ExecuteReader();
            _plans[sql] = steps = [];
            while (reader.Read())
            {
                steps.Add(reader.GetString(3));
            }
        }

        return steps;
    }

    /// <summary>
    /// The steps that read all of a table that grows. A page, which has a LIMIT, may begin with one: in its order, which is seen from what sorts.
    /// </summary>
    private List<string> Scans(string sql)
    {
        var growing = Growing(sql);
        var scans = new List<string>();
        var before = "";
        foreach (var step in Plan(sql))
        {
            var walksThePage = Limit().IsMatch(sql) && (before == "" || Part().IsMatch(before)) && !step.Contains("AUTOMATIC", StringComparison.Ordinal);
            if (Scan().Match(step) is { Success: true } scan && growing.Contains(scan.Groups["table"].Value) && !walksThePage)
            {
                scans.Add(step);
            }

            before = step;
        }

        return scans;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"LIMIT (?<rows>\d+)\s*$")]
    private static partial Regex Limit();

    // Where nothing is there to go by, SQLite makes an index for the one statement.
    [GeneratedRegex(@"^(?:SCAN (?<table>\w+)|SEARCH (?<table>\w+) USING AUTOMATIC)")]
    private static partial Regex Scan();

    // What a part of a union begins with.
    [GeneratedRegex(@"^(?:CO-ROUTINE|COMPOUND QUERY|LEFT-MOST SUBQUERY|UNION ALL|MATERIALIZE|MERGE|LEFT|RIGHT)\b")]
    private static partial Regex Part();

    [GeneratedRegex(@"^(?:SEARCH|SCAN) (?<table>\w+)(?: USING (?:(?:COVERING )?INDEX (?<index>\w+)|(?:INTEGER )?PRIMARY KEY))?")]
    private static partial Regex Walk();
}
