using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Changes;

public sealed class VerifyChangesTests(VerifyChangesTests.Recorded server) : IClassFixture<VerifyChangesTests.Recorded>
{
    /// <summary>The documented facts, and a payment by a key.</summary>
    public sealed class Recorded : TestServer
    {
        public long Last { get; private set; }

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            using var editor = await this.ClientAsync("editor");
            await editor.RecordAsync("/v1/contributions", Api.Payment(12.05m));
            Last = (await GetAsync("/v1/changes?sort=-sequence&limit=1")).GetProperty("data")[0].GetProperty("sequence").GetInt64();
        }

        /// <summary>A copy of the database as it is now, changed by somebody who has it and does not mind the triggers.</summary>
        public async Task<TestServer> TamperedAsync(string sql)
        {
            var copy = await CopyAsync();
            await using var connection = await copy.OpenDatabaseAsync(unguarded: true);
            await connection.ExecuteAsync(sql);
            return copy;
        }
    }

    [Fact]
    public async Task A_range_that_ends_before_it_begins_is_refused_and_not_called_clean()
    {
        using var admin = await server.ClientAsync("admin");
        var refused = await admin.SendAsync(HttpMethod.Get, "/v1/changes/verify?from=5&to=3");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (refused.Status, refused.Code));
        Assert.Equal("?to", Assert.Single(refused.Pointers));
        Assert.Equal(1, (await admin.ReadAsync("/v1/changes/verify?from=3&to=3")).Body.GetProperty("checked").GetInt32());
    }

    [Fact]
    public async Task What_nobody_touched_is_clean()
    {
        var found = await VerifyAsync(server, "");
        Assert.True(found.GetProperty("clean").GetBoolean());
        Assert.Equal((1, server.Last, server.Last), (found.GetProperty("from").GetInt64(), found.GetProperty("to").GetInt64(), found.GetProperty("checked").GetInt64()));
        Assert.Empty(found.GetProperty("faults").EnumerateArray());
        using var command = await ChildProcess.RunAsync("verify", "--Database:Connection", server.Connection);
        Assert.Equal((0, $"Clean: {server.Last} changes.\n", ""), (command.ExitCode, command.Output, command.Error));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 9)]
    [InlineData(20, 20)]
    public async Task A_range_is_checked_on_its_own(int from, int to)
    {
        var found = await VerifyAsync(server, $"?from={from}&to={to}");
        Assert.True(found.GetProperty("clean").GetBoolean());
        Assert.Equal((from, to, to - from + 1), (found.GetProperty("from").GetInt32(), found.GetProperty("to").GetInt32(), found.GetProperty("checked").GetInt32()));
    }

    [Fact]
    public async Task A_fault_is_found_by_the_ranges_that_hold_it_and_by_no_other()
    {
        await using var tampered = await server.TamperedAsync("UPDATE change SET actor = 'somebody' WHERE seq = 10");
        await tampered.StartAsync();
        Assert.Equal(["change 10: its hash does not follow from what it says and the change before it"], await FaultsAsync(tampered, ""));
        Assert.Single(await FaultsAsync(tampered, "?from=10&to=10"));
        Assert.Single(await FaultsAsync(tampered, "?from=1&to=10"));
        Assert.Empty(await FaultsAsync(tampered, "?from=1&to=9"));
        Assert.Empty(await FaultsAsync(tampered, "?from=11"));
    }

    [Theory]
    [InlineData("UPDATE change SET body = replace(body, '\"action\":\"created\"', '\"action\":\"amended\"') WHERE seq = 7", "change 7: its hash")]
    [InlineData("UPDATE change SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 7", "change 7: its hash")]
    [InlineData("UPDATE change SET actor = 'local' WHERE seq = 7", "change 7: its hash")]
    [InlineData("UPDATE change SET hash = (SELECT hash FROM change WHERE seq = 5) WHERE seq = 7", "change 7: its hash", "change 8: its hash")]
    [InlineData("UPDATE change SET entity_id = 'other' WHERE seq = 7", "change 7: its columns")]
    [InlineData("UPDATE change SET pledge_id = 'other' WHERE seq = 7", "change 7: its columns")]
    [InlineData("UPDATE change SET body = '{}' WHERE seq = 7", "change 7: its hash", "change 7: its columns")]
    [InlineData("UPDATE change SET body = 'no json' WHERE seq = 7", "change 7: its hash", "change 7: its columns")]
    [InlineData("DELETE FROM change WHERE seq = 7", "change 7: missing", "change 8: its hash")]
    [InlineData("DELETE FROM change WHERE seq IN (7, 8)", "changes 7 to 8: missing", "change 9: its hash")]
    [InlineData("DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)", "change LAST: missing")]
    public async Task Tampering_with_the_log_is_found(string sql, params string[] expected) => await FindsAsync(sql, expected);

    [Theory]
    [InlineData("UPDATE total SET paid_usd = paid_usd + 1 WHERE scope = 'donor' AND id = 'deu' AND instrument = 'all'", "total of donor deu (all)")]
    [InlineData("DELETE FROM total WHERE scope = 'fund' AND id = 'undp-ffs' AND instrument = 'all'", "total of fund undp-ffs (all): missing")]
    [InlineData("INSERT INTO total (scope, instrument, id, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, outstanding_usd) SELECT 'donor', 'all', 'nobody', 0, 1, 0, 0, 0, 0", "total of donor nobody (all)")]
    [InlineData("UPDATE total SET pledges = pledges + 1 WHERE scope = 'all' AND instrument = 'all'", "total of all (all)")]
    [InlineData("DELETE FROM total WHERE scope = 'country' AND id = 'IRQ' AND instrument = 'all'", "total of country IRQ (all): missing")]
    [InlineData("UPDATE total_month SET undisbursed_usd = undisbursed_usd + 1 WHERE scope = 'announced' AND id = '2018-08' AND month = '2018-08' AND instrument = 'all'", "total of announced 2018-08 (all) in 2018-08: not")]
    [InlineData("UPDATE total_month SET pledges = pledges - 1 WHERE scope = 'event' AND id = '' AND instrument = 'all' AND month = (SELECT min(month) FROM total_month WHERE scope = 'event' AND id = '' AND instrument = 'all')", "total of event (none) (all) in ")]
    [InlineData("DELETE FROM total_month WHERE scope = 'donor' AND id = 'sau' AND instrument = 'all' AND month = '2018-08'", "total of donor sau (all) in 2018-08: missing")]
    [InlineData("INSERT INTO total_month SELECT 'donor', instrument, 'nobody', month, pledges, " +
        "1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM total_month WHERE scope = 'all' AND instrument = 'all' LIMIT 1", "total of donor nobody (all) in ")]
    [InlineData("UPDATE line_day SET approximate = approximate + 1 WHERE (pledge_no, donor_id, day) = (SELECT pledge_no, donor_id, day FROM line_day LIMIT 1)", "pledge")]
    [InlineData("DELETE FROM line_day WHERE pledge_no = 1", "pledge")]
    [InlineData("UPDATE line_day SET day = '1999-01-01' WHERE (pledge_no, donor_id, day) = (SELECT pledge_no, donor_id, day FROM line_day LIMIT 1)", "pledge")]
    [InlineData("UPDATE line SET undisbursed_usd = undisbursed_usd + 1 WHERE pledge_no = 1", "pledge")]
    [InlineData("UPDATE line SET outstanding_usd = outstanding_usd + 1 WHERE pledge_no = 1", "pledge")]
    [InlineData("UPDATE line SET outstanding_minor = outstanding_minor + 1 WHERE pledge_no = 1", "pledge")]
    [InlineData("UPDATE line SET header_pledged_usd = 1 WHERE pledge_no = 1", "pledge")]
    [InlineData("DELETE FROM line WHERE pledge_no = 1", "pledge")]
    [InlineData("UPDATE pledge SET pledged_usd = pledged_usd + 1 WHERE no = 1", "pledge")]
    [InlineData("UPDATE pledge SET amount_minor = amount_minor + 1 WHERE no = 1", "pledge")]
    [InlineData("UPDATE pledge SET status = 'void' WHERE no = 1", "pledge")]
    [InlineData("UPDATE fund_day SET paid = paid + 1 WHERE (fund_id, day) = (SELECT fund_id, day FROM fund_day LIMIT 1)", "fund")]
    [InlineData("DELETE FROM fund_day WHERE fund_id = 'undp-ffs'", "fund undp-ffs on", "fund undp-ffs on")]
    [InlineData("UPDATE fund_day SET first_year = 1999, last_year = 1999 WHERE fund_id = 'undp-ffs'", "fund undp-ffs", "fund undp-ffs")]
    [InlineData("UPDATE contribution SET reversed = TRUE WHERE entry_no = (SELECT min(entry_no) FROM contribution)", "contribution")]
    [InlineData("DELETE FROM contribution WHERE entry_no = (SELECT min(entry_no) FROM contribution)", "contribution")]
    [InlineData("UPDATE pledge_country SET pledged_usd = pledged_usd + 1 WHERE pledge_no = (SELECT min(pledge_no) FROM pledge_country) AND country = (SELECT min(country) FROM pledge_country WHERE pledge_no = (SELECT min(pledge_no) FROM pledge_country))", "pledge")]
    [InlineData("UPDATE contribution SET fund_id = NULL WHERE entry_no = (SELECT min(entry_no) FROM contribution WHERE fund_id IS NOT NULL)", "contribution")]
    [InlineData("INSERT INTO contribution (entry_no, pledge_no, stage, donor_id, value_date, reversed) SELECT no, pledge_no, 'payment', donor_id, value_date, FALSE FROM ledger_entry WHERE kind = 'pledge' LIMIT 1", "contribution")]
    [InlineData("DELETE FROM pledge_country WHERE pledge_no = (SELECT min(pledge_no) FROM pledge_country)", "pledge")]
    [InlineData("INSERT INTO pledge_country (country, pledge_no, origin, announced_on, pledged_usd, outstanding_usd) SELECT 'ZZZ', no, origin, announced_on, pledged_usd, outstanding_usd FROM pledge WHERE no = 1", "pledge")]
    public async Task Tampering_with_what_is_derived_is_found(string sql, params string[] expected) => await FindsAsync(sql, expected);

    [Fact]
    public async Task However_many_changes_are_missing_one_line_says_so()
    {
        await using var tampered = await server.TamperedAsync("UPDATE pledge SET version = 1000000000000000 WHERE no = 1");
        Assert.Contains($"changes {server.Last + 1} to 1000000000000000: missing", (await tampered.VerifyAsync()).Output.Split('\n'));
    }

    [Fact]
    public async Task Where_thousands_do_not_hold_the_check_ends_early()
    {
        await using var tampered = await server.TamperedAsync($"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash)
            SELECT {server.Last} + n.i, c.at, c.actor, c.entity, c.entity_id, c.pledge_id, c.body, c.hash FROM n, change c WHERE c.seq = 1;
            INSERT INTO contribution_key (filter, value, value_date, entry_no) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            SELECT k.filter, k.value, k.value_date, 100000 + n.i FROM n, (SELECT filter, value, value_date FROM contribution_key LIMIT 1) k;
            """);
        await tampered.StartAsync();
        var faults = await FaultsAsync(tampered, "");
        Assert.InRange(faults.Count, 1000, 2000);
        Assert.InRange((await VerifyAsync(tampered, "")).GetProperty("checked").GetInt64(), 1000, 2000);
        Assert.Equal(1000, (await tampered.VerifyAsync()).Output.Split('\n').Count(fault => fault.StartsWith("contribution of entry", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_reference_to_nothing_is_found() =>
        await FindsAsync("UPDATE fund SET parent_id = 'gone' WHERE id = 'undp-ffs'", ["foreign key: fund"]);

    [Theory]
    [InlineData("UPDATE change SET body = 'no json' WHERE seq = 7", 2)]
    [InlineData("DELETE FROM change WHERE seq = 7", 2)]
    [InlineData("UPDATE total SET paid_usd = paid_usd + 1 WHERE scope = 'donor' AND id = 'deu' AND instrument = 'all'", 1)]
    public async Task The_subcommand_ends_with_1_and_a_line_per_fault(string sql, int faults)
    {
        await using var tampered = await server.TamperedAsync(sql);
        using var command = await ChildProcess.RunAsync("verify", "--Database:Connection", tampered.Connection);
        var lines = command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((1, faults + 1, ""), (command.ExitCode, lines.Length, command.Error));
        Assert.Equal(faults == 1 ? "1 fault." : $"{faults} faults.", lines[^1]);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_so_without_a_stack_trace()
    {
        var path = Path.Combine(server.Folder, "text.db");
        await File.WriteAllTextAsync(path, new string('x', 8192));
        using var command = await ChildProcess.RunAsync("verify", "--Database:Connection", $"Data Source={path}");
        Assert.Equal(1, command.ExitCode);
        Assert.Contains("text.db", command.Error);
        Assert.DoesNotContain("   at ", command.Output + command.Error);
        using var none = await ChildProcess.RunAsync("verify", "--Database:Connection", $"Data Source={path}.missing");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("There is no database", none.Error);
        Assert.False(File.Exists(path + ".missing"));
    }

    [Fact]
    public async Task Only_an_admin_verifies()
    {
        using var nobody = await server.Client.GetAsync("/v1/changes/verify");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        using var editor = await server.ClientAsync("editor");
        Assert.Equal(HttpStatusCode.Forbidden, (await editor.SendAsync(HttpMethod.Get, "/v1/changes/verify")).Status);
    }

    private async Task FindsAsync(string sql, string[] expected)
    {
        await using var tampered = await server.TamperedAsync(sql);
        var verified = await tampered.VerifyAsync();
        Assert.Equal(1, verified.ExitCode);
        var faults = verified.Output.Split('\n');
        foreach (var start in expected.Select(e => e.Replace("LAST", server.Last.ToString(), StringComparison.Ordinal)))
        {
            Assert.Contains(faults, fault => fault.StartsWith(start, StringComparison.Ordinal));
        }
    }

    private static async Task<JsonElement> VerifyAsync(TestServer server, string query)
    {
        using var admin = await server.ClientAsync("admin");
        return (await admin.ReadAsync("/v1/changes/verify" + query)).Body;
    }

    private static async Task<List<string>> FaultsAsync(TestServer server, string query)
    {
        var found = await VerifyAsync(server, query);
        var faults = found.GetProperty("faults").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.Equal(faults.Count == 0, found.GetProperty("clean").GetBoolean());
        return faults;
    }
}
