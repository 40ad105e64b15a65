using System.Text.Json;
using PledgeTracker.Tests;
using PledgeTracker.Tests.Contract;

namespace PledgeTracker.UnitTests.Data;

/// <summary>What a read costs in round trips, whatever is in what it shows: the head of the dataset, which begins every read, counts as one.</summary>
public sealed class StatementCountTests(WatchedServer watched) : IClassFixture<WatchedServer>
{
    private const int One = 5;

    // Its figures, what it needs, what it lacks and what has come in against each, by windows and by years: all of one page of a dashboard.
    private const int Fund = 8;

    // The donor, which may have gone by other names (twice), its headers, their entries, and what it paid for groups.
    private const int Record = 10;

    // What it paid for groups is read from their lines.
    private const int Donor = 9;

    // What changed since a version is looked for where that version was.
    private const int Page = 6, Changed = 7;

    private readonly GeneratedServer _server = watched.Server;

    [Fact]
    public async Task A_page_of_any_list_takes_six_statements_at_most_counted_or_not_under_any_filter()
    {
        using var admin = _server.WithToken(await _server.FirstKey);
        var tooMany = new List<string>();
        foreach (var list in await _server.ListsAsync(_server.BusyPledge))
        {
            foreach (var filter in list.Filters.Select(f => f.Name).Prepend(""))
            {
                var queries = await watched.QueriesAsync($"{list.Path}?count=true{(filter == "" ? "" : $"&{filter}={Filters.Value(filter, _server)}")}", admin);
                Assert.True(queries.Count >= 3, $"{list.Path} {filter}: {string.Join("\n", queries)}");
                // The index of words looks up its own settings once.
                if (queries.Count(sql => !sql.Contains("_text_config", StringComparison.Ordinal)) > (filter == "changedSince" ? Changed : Page))
                {
                    tooMany.Add($"{list.Path} {filter}: {queries.Count}\n{string.Join("\n", queries)}");
                }
            }
        }

        Assert.True(tooMany.Count == 0, string.Join("\n\n", tooMany));
    }

    [Fact]
    public async Task One_of_anything_takes_five_statements_at_most_a_fund_with_all_it_shows_eight_and_a_donor_nine()
    {
        using var admin = _server.WithToken(await _server.FirstKey);
        var tooMany = new List<string>();
        foreach (var operation in (await Operation.AllAsync(_server)).Operations.Where(o => o.Method == "get" && o.Role is null && o.Path.EndsWith("{id}", StringComparison.Ordinal)))
        {
            var all = (await _server.GetAsync(operation.Path.Replace("/{id}", "?limit=500", StringComparison.Ordinal))).GetProperty("data").EnumerateArray();
            foreach (var id in all.Select(Asking.Id).Append(operation.Path.Contains("pledges", StringComparison.Ordinal) ? _server.BusyPledge : null).OfType<string>())
            {
                var queries = await watched.QueriesAsync(operation.Path.Replace("{id}", id, StringComparison.Ordinal), admin);
                Assert.True(queries.Count >= 2, operation.Path);
                if (queries.Count > operation.Path switch { "/v1/funds/{id}" => Fund, "/v1/donors/{id}" => Donor, _ => One })
                {
                    tooMany.Add($"{operation.Path} {id}: {queries.Count}\n{string.Join("\n", queries)}");
                }
            }
        }

        Assert.True(tooMany.Count == 0, string.Join("\n\n", tooMany.DistinctBy(t => t.Split(' ')[0])));
    }

    [Fact]
    public async Task A_donors_record_takes_ten_statements_at_most_and_reads_its_lines_once_and_those_of_its_groups_once()
    {
        using var admin = _server.WithToken(await _server.FirstKey);
        foreach (var donor in (await _server.AllAsync("/v1/donors")).Select(Asking.Id))
        {
            var queries = await watched.QueriesAsync($"/v1/donors/{donor}/record", admin);
            Assert.True(queries.Count <= Record, $"{donor}: {queries.Count}\n{string.Join("\n", queries)}");
            Assert.Distinct(queries.Where(sql => sql.Contains("ORDER BY e.pledge_no, e.no", StringComparison.Ordinal)));
            Assert.InRange(queries.Count(sql => sql.Contains("ORDER BY e.pledge_no, e.no", StringComparison.Ordinal)), 1, 2);
        }
    }
}
