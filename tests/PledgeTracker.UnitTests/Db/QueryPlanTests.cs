using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Db;

/// <summary>
/// What a page costs must follow from what it shows, not from how much there is: every order is walked along an index. The plans are
/// those of the statements that the endpoints really run, and the table in db/README.md is compared with them.
/// </summary>
public sealed partial class QueryPlanTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    private const string Begin = "<!-- indexes: begin -->";
    private const string End = "<!-- indexes: end -->";

    // What the tables that grow are called in SQL.
    private static readonly string[] Growing = ["pledge", "ledger_entry", "contribution", "line"];

    // Ordered by a figure, these sort the totals of all donors or funds: few, and changed by every write. See docs/decisions/0009.
    private static readonly string[] OverTotals = ["ListDonors", "ListFunds"];

    private static readonly Dictionary<string, string> Values = new()
    {
        ["donor"] = "alpha",
        ["fund"] = "facility",
        ["recipient"] = "ngo-one",
        ["country"] = "IRQ",
        ["event"] = "conference-a",
        ["status"] = "announced",
        ["instrument"] = "grant",
        ["grantsOnly"] = "true",
        ["origin"] = "direct",
        ["currency"] = "USD",
        ["announcedFrom"] = "2024-01-01",
        ["announcedTo"] = "2026-12-31",
        ["minAmountUsd"] = "1",
        ["maxAmountUsd"] = "1000000000",
        ["overdue"] = "true",
        ["q"] = "alpha",
        ["stage"] = "payment",
        ["from"] = "2022-01-01",
        ["to"] = "2026-12-31",
        ["includeReversed"] = "true",
        ["type"] = "10",
        ["kind"] = "programme",
        ["parent"] = "umbrella",
        ["basis"] = "reported",
        ["current"] = "true",
        ["statedFrom"] = "2022-01-01",
        ["statedTo"] = "2026-12-31",
        ["reliability"] = "primary",
        ["after"] = "1",
        ["entity"] = "pledge",
        ["actor"] = "test",
        ["verification"] = "disputed",
        ["measure"] = "schools-open",
    };

    private readonly ConcurrentDictionary<string, List<string>> _plans = [];

    [Fact]
    public async Task No_filter_and_order_makes_the_database_sort_or_scan()
    {
        foreach (var list in server.Lists(server.BusyPledge))
        {
            foreach (var filter in Filters(list))
            {
                await WalksAnIndexAsync(list, [filter]);
            }
        }
    }

    [Theory]
    [InlineData("ListPledges")]
    [InlineData("ListContributions")]
    public async Task No_two_filters_and_order_make_the_database_sort_or_scan(string operation)
    {
        var list = server.Lists(server.BusyPledge).Single(l => l.Name == operation);
        foreach (var one in list.Filters.Select(f => f.Name).Where(f => f != "q"))
        {
            foreach (var other in list.Filters.Select(f => f.Name).Where(f => f != "q" && string.CompareOrdinal(f, one) > 0))
            {
                await WalksAnIndexAsync(list, [one, other]);
            }
        }
    }

    [Fact]
    public async Task The_table_of_indexes_is_the_plans_of_all_filters_and_orders_that_the_lists_declare()
    {
        var table = new StringBuilder();
        foreach (var list in server.Lists(server.BusyPledge))
        {
            var fields = list.Sorts.Where(s => s[0] != '-').ToList();
            table.Append(CultureInfo.InvariantCulture, $"\n### {list.Name}: `{list.Path.Replace(server.BusyPledge, "{id}", StringComparison.Ordinal)}`\n\n");
            table.Append(CultureInfo.InvariantCulture, $"| filter | {string.Join(" | ", fields.Select(f => $"`sort={f}`"))} |\n");
            table.Append("|---|").Insert(table.Length, "---|", fields.Count).Append('\n');
            foreach (var filter in Filters(list))
            {
                var cells = new List<string>();
                foreach (var field in fields)
                {
                    var (up, down) = (await IndexesAsync(list, filter, field), await IndexesAsync(list, filter, "-" + field));
                    Assert.Equal(up, down);
                    Assert.True(up != "" || filter == "q" || OverTotals.Contains(list.Name), $"{list.Name} sorts for {filter} and {field}");
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
            $"/v1/pledges/{server.BusyPledge}", $"/v1/contributions/{contribution}", $"/v1/shortfalls/{shortfall}", "/v1/donors/alpha", "/v1/organizations/alpha",
            "/v1/funds/facility", "/v1/events/conference-a", "/v1/sources/source-1",
        ];
        foreach (var path in paths)
        {
            var statements = await StatementsAsync(path);
            Assert.NotEmpty(statements);
            foreach (var sql in statements)
            {
                Assert.Empty(Scans(sql));
            }
        }

        async Task<string> FirstAsync(string list) => (await server.GetAsync(list)).GetProperty("data")[0].GetProperty("id").GetString()!;
    }

    [Fact]
    public async Task Rows_are_remembered_only_from_tables_that_count_their_changes()
    {
        var remembered = new HashSet<string>();
        var writer = server.Services.GetRequiredService<Writer>();
        await writer.WriteAsync(write => write.Execute(
            "INSERT INTO citation (source_id, pledge_no, recorded_at) SELECT 'source-1', no, recorded_at FROM pledge WHERE id = @id", ("@id", server.BusyPledge)));
        foreach (var path in new[] { $"/v1/pledges/{server.BusyPledge}", "/v1/donors?sort=-paid&limit=9", "/v1/pledges?event=conference-a&limit=9" })
        {
            // What it names may be remembered already, but not in the next edition.
            await writer.WriteAsync(write => write.Execute("UPDATE reference_data SET edition = edition + 1"));
            remembered.UnionWith((await StatementsAsync(path)).Where(sql => sql.Contains("@key", StringComparison.Ordinal)));
        }

        var tables = remembered.SelectMany(sql => Regex.Matches(sql, @"\b(?:FROM|JOIN)\s+(\w+)").Select(m => m.Groups[1].Value)).Distinct().Order();
        Assert.Equal(["event", "fund", "organization", "source"], tables);
        using var session = new Session(server.Services.GetRequiredService<Database>().OpenForReading());
        foreach (var table in tables)
        {
            var triggers = session.Query<string>("SELECT upper(sql) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = @table", ("@table", table));
            foreach (var happening in new[] { "INSERT", "UPDATE" })
            {
                Assert.Single(triggers, sql => sql.Contains($"AFTER {happening} ON", StringComparison.Ordinal) && sql.Contains("EDITION + 1", StringComparison.Ordinal));
            }

            Assert.Single(triggers, sql => sql.Contains("BEFORE DELETE ON", StringComparison.Ordinal) && sql.Contains("RAISE(ABORT", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_plan_that_sorts_or_scans_is_recognized()
    {
        Assert.Contains(Plan("SELECT p.id FROM pledge p WHERE p.shared = 0 ORDER BY p.recorded_at LIMIT @take"), Sorts);
        Assert.NotEmpty(Scans("SELECT p.id FROM pledge p WHERE p.shared = 0"));
        Assert.Empty(Scans("SELECT f.id FROM fund f"));
    }

    private static IEnumerable<string> Filters(ListRoute list) => list.Filters.Select(f => f.Name).Prepend("");

    private string Address(ListRoute list, IEnumerable<string> filters, string sort) =>
        $"{list.Path}?{string.Join('&', filters.Where(f => f != "").Select(f => $"{f}={Value(f)}").Append($"sort={sort}"))}";

    private string Value(string filter) => filter == "pledge" ? server.BusyPledge
        : Values.TryGetValue(filter, out var value) ? value
        : throw new InvalidOperationException($"Give the filter {filter} a value that has matches.");

    private async Task WalksAnIndexAsync(ListRoute list, string[] filters)
    {
        // Of two filters one direction will do: the other walks the same index backwards, as every filter alone shows.
        foreach (var sort in list.Sorts.Where(s => filters.Length == 1 || s[0] != '-'))
        {
            var path = Address(list, filters, sort);
            // The second page has the cursor's condition, too.
            var second = (await server.GetAsync(path + "&limit=1")).GetProperty("next").GetString();
            Assert.True(second is not null || filters.Length > 1 || list.Name is not ("ListPledges" or "ListContributions"), $"{path} has no second page");
            foreach (var page in second is null ? [path] : new[] { path, second })
            {
                foreach (var sql in await StatementsAsync(page))
                {
                    if (!filters.Contains("q"))
                    {
                        Assert.True(Scans(sql).Count == 0, $"{page} scans: {string.Join('\n', Plan(sql))}\n{sql}");
                    }

                    if (IsPage(sql) && !(filters.Contains("q") && list.Name == "ListPledges") && !OverTotals.Contains(list.Name))
                    {
                        Assert.False(Plan(sql).Any(Sorts), $"{page} sorts: {string.Join('\n', Plan(sql))}\n{sql}");
                    }
                }
            }
        }
    }

    private async Task<string> IndexesAsync(ListRoute list, string filter, string sort)
    {
        // A limit of its own: a page that another test asked for is sent from memory, without a statement.
        var sql = (await StatementsAsync(Address(list, [filter], sort) + "&limit=7")).Single(IsPage);
        var plan = Plan(sql);
        if (plan.Any(Sorts))
        {
            return "";
        }

        var walks = plan.Select(step => Walk().Match(step)).Where(m => m.Success).ToList();
        // Of two lists shown as one, each is walked along its own index. What is joined to them is looked up by key.
        return plan.Any(step => step.Contains("UNION ALL", StringComparison.Ordinal))
            ? string.Join(" and ", walks.Where(w => w.Groups["index"].Success).Select(w => $"`{w.Groups["index"].Value}`"))
            : walks[0].Groups["index"] is { Success: true } index ? $"`{index.Value}`" : $"the key of `{Table(sql, walks[0].Groups["table"].Value)}`";
    }

    private static string Table(string sql, string alias) => Regex.Match(sql, $@"\b(?:FROM|JOIN)\s+(\w+)\s+{alias}\b").Groups[1].Value;

    private static bool IsPage(string sql) => sql.Contains("LIMIT @take", StringComparison.Ordinal);

    private static bool Sorts(string step) => step.Contains("TEMP B-TREE", StringComparison.Ordinal) && step.Contains("ORDER BY", StringComparison.Ordinal);

    private async Task<List<string>> StatementsAsync(string path)
    {
        var readers = server.Services.GetRequiredService<Readers>();
        var statements = new ConcurrentQueue<string>();
        readers.Observe(statements.Enqueue);
        try
        {
            await server.GetAsync(path);
        }
        finally
        {
            readers.Observe(null);
        }

        return [.. statements.Where(sql => sql.StartsWith("SELECT", StringComparison.Ordinal) || sql.StartsWith("WITH", StringComparison.Ordinal)).Distinct()];
    }

    private List<string> Plan(string sql) => _plans.GetOrAdd(sql, Explain);

    private List<string> Explain(string sql)
    {
        using var connection = server.Services.GetRequiredService<Database>().OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        foreach (var name in Parameter().Matches(sql).Select(m => m.Value).Distinct())
        {
            command.Parameters.Add(new SqliteParameter(name, DBNull.Value));
        }

        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    }

    /// <summary>The steps that read a whole table of those that grow, without even an index to go by.</summary>
    private List<string> Scans(string sql)
    {
        var names = Growing.SelectMany(table => Regex.Matches(sql, $@"\b(?:FROM|JOIN)\s+{table}(?:\s+(?<alias>[a-z]\w*))?").Select(m => m.Groups["alias"])
            .Select(alias => alias.Success ? alias.Value : table)).ToHashSet();
        return [.. Plan(sql).Where(step => Scan().Match(step) is { Success: true } scan && names.Contains(scan.Groups["table"].Value) &&
            !step.Contains(" INDEX ", StringComparison.Ordinal))];
    }

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^SCAN (?<table>\w+)")]
    private static partial Regex Scan();

    [GeneratedRegex(@"^(?:SEARCH|SCAN) (?<table>\w+)(?: USING (?:(?:COVERING )?INDEX (?<index>\w+)|(?:INTEGER )?PRIMARY KEY))?")]
    private static partial Regex Walk();
}
