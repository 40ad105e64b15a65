using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests.Imports;

/// <summary>Snapshots of flows, one after the other: what the ledger keeps of what the source forgets. Each test has numbers and a dataset of its own.</summary>
public sealed class FlowSnapshotTests(WriteServer server) : IClassFixture<WriteServer>
{
    private static int _last = 700_000;

    private readonly string _dataset = $"fts:TST:{Interlocked.Increment(ref _last)}";

    private static string NewNumber() => Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_flow_becomes_a_header_with_an_entry_and_all_that_it_names()
    {
        var pledge = new ToldFlow(NewNumber(), "pledge", 1_100_000) { Plan = "901", Original = 1_000_000, Currency = "EUR", Reference = "ignored", Years = [2026, 2027], OnBoundary = "shared" };
        var paid = new ToldFlow(NewNumber(), "paid", 500) { Donor = "Not specified", Recipient = null, ContributionType = "in kind", Reference = "A 1\tB" };
        var import = await server.Editor.SnapshotAsync(_dataset, pledge, paid);
        Assert.Equal(2, import.Count("created"));

        var announced = (await server.GetAsync($"/v1/pledges?externalSystem=FTS&externalId={pledge.Id}")).GetProperty("data")[0];
        Assert.Equal((1_000_000m, "EUR", "announced", "2026-03-02"), (announced.Number("amount"), announced.Text("currency"), announced.Text("status"), announced.Text("announcedOn")));
        Assert.Equal(1_100_000m, announced.GetProperty("figures").Number("pledged"));
        Assert.Equal(("norway-government-of", "fts-plan-901", "world-food-programme"), (announced.GetProperty("donors")[0].Id(), announced.GetProperty("fund").Id(), announced.GetProperty("recipient").Id()));
        Assert.Equal(("JOR", true, "2026 2027", null), (announced.Texts("countries").Single(), announced.GetProperty("shared").GetBoolean(), string.Join(' ', announced.GetProperty("usageYears").EnumerateArray()), announced.Text("sourceState")));

        var payment = await ContributionAsync(paid);
        Assert.Equal(("payment", 500m, "unspecified", "in_kind", "A 1 B"), (payment.Text("stage"), payment.Number("amount"), payment.GetProperty("donor").Id(), payment.Text("instrument"), payment.Text("reference")));
        var fund = await server.GetAsync("/v1/funds/fts-plan-901");
        Assert.Equal(("Plan 901", "appeal"), (fund.GetProperty("name").Text("en"), fund.Text("kind")));
        Assert.Equal("غير محدد", (await server.GetAsync("/v1/organizations/unspecified")).GetProperty("name").Text("ar"));
        Assert.Equal(("10", "NOR"), ((await server.GetAsync("/v1/organizations/norway-government-of")).Text("type"), (await server.GetAsync("/v1/organizations/norway-government-of")).Text("country")));
    }

    [Fact]
    public async Task The_same_snapshot_again_changes_nothing()
    {
        ToldFlow[] flows = [Flow("pledge", 10), Flow("commitment", 20), Flow("paid", 30), Flow("paid", -5), Flow("commitment", 0), Flow("paid", 7) with { Boundary = "internal" }];
        await server.Editor.SnapshotAsync(_dataset, flows);
        var before = await server.VersionAsync();
        var again = await server.Editor.SnapshotAsync(_dataset, flows);
        Assert.Equal((0, 0, 6), (again.Count("created"), again.Count("changed"), again.Count("unchanged")));
        Assert.Equal(before, await server.VersionAsync());
        Assert.Empty(await server.Editor.DifferencesAsync(again));
    }

    [Fact]
    public async Task A_pledge_of_another_amount_is_revised_with_the_dollars_that_were_reported()
    {
        var flow = Flow("pledge", 1100) with { Original = 1000, Currency = "EUR" };
        await server.Editor.SnapshotAsync(_dataset, flow);
        var second = await server.Editor.SnapshotAsync(_dataset, flow with { Usd = 900, Original = 800 });
        var pledge = await PledgeAsync(flow);
        Assert.Equal((800m, 900m, 200m), (pledge.Number("amount"), pledge.GetProperty("figures").Number("pledged"), pledge.GetProperty("figures").Number("revisedDown")));
        var revision = (await server.LedgerAsync(pledge.Id()))[^1];
        Assert.Equal(("revision", -200m, -200m, "2026-11-21"), (revision.Text("kind"), revision.Number("amount"), revision.Number("amountUsd"), revision.Text("valueDate")));
        Assert.Equal([$"{flow.Id} amount_changed pledge 1100 pledge 900"], await server.Editor.DifferencesAsync(second));
        await server.Editor.SnapshotAsync(_dataset, flow with { Usd = 2200, Original = 2000 });
        Assert.Equal((2000m, 2200m), ((await PledgeAsync(flow)).Number("amount"), (await PledgeAsync(flow)).GetProperty("figures").Number("pledged")));
    }

    [Theory]
    [InlineData(1000, "EUR", 1200)]
    [InlineData(900, "GBP", 1100)]
    [InlineData(900, "EUR", 1300)]
    public async Task A_pledge_that_no_revision_can_say_is_reversed_and_entered_again(decimal original, string currency, decimal usd)
    {
        var flow = Flow("pledge", 1100) with { Original = 1000, Currency = "EUR" };
        await server.Editor.SnapshotAsync(_dataset, flow);
        var first = await PledgeAsync(flow);
        await server.Editor.SnapshotAsync(_dataset, flow with { Usd = usd, Original = original, Currency = currency });
        var old = await server.GetAsync($"/v1/pledges/{first.Id()}");
        Assert.Equal("void", old.Text("status"));
        Assert.StartsWith("source_changed", (await server.LedgerAsync(first.Id()))[^1].GetProperty("note").GetString(), StringComparison.Ordinal);
        var again = Assert.Single(await LivePledgesAsync(flow));
        Assert.Equal((first.Id(), original, currency, usd), (again.Text("reclassifies"), again.Number("amount"), again.Text("currency"), again.GetProperty("figures").Number("pledged")));
        // And so on, under the new one.
        await server.Editor.SnapshotAsync(_dataset, flow with { Usd = usd * 2, Original = original * 2, Currency = currency });
        Assert.Equal(original * 2, Assert.Single(await LivePledgesAsync(flow)).Number("amount"));
    }

    [Theory]
    [InlineData("commitment")]
    [InlineData("paid")]
    public async Task A_contribution_of_another_amount_is_reversed_and_entered_again(string status)
    {
        var flow = Flow(status, 100) with { Reference = "R-1" };
        await server.Editor.SnapshotAsync(_dataset, flow);
        var first = await ContributionAsync(flow);
        await server.Editor.SnapshotAsync(_dataset, flow with { Usd = 80, Reference = "R-2" });
        var second = await ContributionAsync(flow);
        Assert.Equal((80m, "R-2", first.Text("pledgeId")), (second.Number("amountUsd"), second.Text("reference"), second.Text("pledgeId")));
        var ledger = await server.LedgerAsync(first.Text("pledgeId")!);
        Assert.Equal([100m, -100m, 80m], ledger.Select(entry => entry.Number("amountUsd")));
        Assert.StartsWith("source_changed", ledger[1].GetProperty("note").GetString(), StringComparison.Ordinal);
        var arabic = (await server.GetAsync($"/v1/pledges/{first.Text("pledgeId")}/ledger?lang=ar")).GetProperty("data")[1].GetProperty("note").GetString();
        Assert.Contains("لقطة لاحقة", arabic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_moved_on_is_a_new_entry_under_the_same_header()
    {
        ToldFlow slow = Flow("pledge", 100), fast = Flow("pledge", 100), other = Flow("pledge", 100), direct = Flow("commitment", 50);
        await server.Editor.SnapshotAsync(_dataset, slow, fast, other, direct);
        var second = await server.Editor.SnapshotAsync(_dataset, slow with { Status = "commitment" }, fast with { Status = "paid" }, other with { Status = "paid", Usd = 70 }, direct with { Status = "paid", Usd = 40 });
        Assert.Equal(new[]
        {
            $"{slow.Id} advanced pledge 100 commitment 100", $"{fast.Id} advanced pledge 100 paid 100", $"{other.Id} advanced pledge 100 paid 70", $"{direct.Id} advanced commitment 50 paid 40",
        }.Order(StringComparer.Ordinal), await server.Editor.DifferencesAsync(second));
        Assert.Equal(["pledge 100", "commitment 100"], await EntriesAsync(slow));
        Assert.Equal(["pledge 100", "payment 100"], await EntriesAsync(fast));
        Assert.Equal(["pledge 100", "revision -30", "payment 70"], await EntriesAsync(other));
        Assert.Equal(["commitment 50", "commitment -50", "commitment 40", "payment 40"], await EntriesAsync(direct));
        Assert.Equal(("paid", 0m), ((await PledgeAsync(other)).Text("status"), (await PledgeAsync(other)).GetProperty("figures").Number("outstanding")));
        await server.Editor.SnapshotAsync(_dataset, slow with { Status = "paid" }, fast with { Status = "paid" }, other with { Status = "paid", Usd = 70 }, direct with { Status = "paid", Usd = 40 });
        Assert.Equal(["pledge 100", "commitment 100", "payment 100"], await EntriesAsync(slow));
    }

    [Fact]
    public async Task A_payment_that_became_a_commitment_again_is_reversed_and_the_commitment_entered_unless_it_stands()
    {
        ToldFlow alone = Flow("paid", 100), stands = Flow("commitment", 50);
        await server.Editor.SnapshotAsync(_dataset, alone, stands);
        await server.Editor.SnapshotAsync(_dataset, alone, stands with { Status = "paid" });
        var third = await server.Editor.SnapshotAsync(_dataset, alone with { Status = "commitment" }, stands);
        Assert.Equal(["payment 100", "payment -100", "commitment 100"], await EntriesAsync(alone));
        Assert.Equal(["commitment 50", "payment 50", "payment -50"], await EntriesAsync(stands));
        // What it is no more is not brought to another amount first.
        var less = Flow("paid", 80);
        await server.Editor.SnapshotAsync(_dataset + ":less", less);
        await server.Editor.SnapshotAsync(_dataset + ":less", less with { Status = "commitment", Usd = 70 });
        Assert.Equal(["payment 80", "payment -80", "commitment 70"], await EntriesAsync(less));
        Assert.All(await server.Editor.DifferencesAsync(third), difference => Assert.Contains("went_back paid", difference, StringComparison.Ordinal));
        Assert.StartsWith("source_dropped", (await server.LedgerAsync((await ContributionAsync(stands)).Text("pledgeId")!))[^1].GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contribution_that_became_a_pledge_again_is_reversed_and_the_pledge_stays_flagged_or_is_entered()
    {
        ToldFlow promised = Flow("pledge", 100), direct = Flow("paid", 50);
        await server.Editor.SnapshotAsync(_dataset, promised, direct);
        await server.Editor.SnapshotAsync(_dataset, promised with { Status = "commitment" }, direct);
        await server.Editor.SnapshotAsync(_dataset, promised, direct with { Status = "pledge" });
        Assert.Equal(["pledge 100", "commitment 100", "commitment -100"], await EntriesAsync(promised));
        var pledge = await PledgeAsync(promised);
        Assert.Equal(("announced", "changed", "2026-11-21"), (pledge.Text("status"), pledge.Text("sourceState"), pledge.Text("sourceStateSince")));
        var entered = Assert.Single(await LivePledgesAsync(direct));
        Assert.Equal((50m, 50m, 0m), (entered.Number("amount"), entered.GetProperty("figures").Number("outstanding"), entered.GetProperty("figures").Number("committed")));
        // When it moves on again, nothing is to be said of it.
        await server.Editor.SnapshotAsync(_dataset, promised with { Status = "paid" }, direct with { Status = "pledge" });
        Assert.Null((await PledgeAsync(promised)).Text("sourceState"));
    }

    [Fact]
    public async Task What_a_complete_snapshot_does_not_tell_is_taken_back_but_for_promises_and_what_comes_back_is_entered_again()
    {
        ToldFlow stays = Flow("paid", 1), pledge = Flow("pledge", 100), committed = Flow("pledge", 10), paid = Flow("paid", 30), correction = Flow("paid", -4);
        await server.Editor.SnapshotAsync(_dataset, stays, pledge, committed, paid, correction);
        await server.Editor.SnapshotAsync(_dataset, stays, pledge, committed with { Status = "commitment" }, paid, correction);

        // Of what is not all of it nothing is dropped.
        await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", Flows.Page([stays], count: 5));
        await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", Flows.Page([stays], nextLink: "https://example.org/2"));
        await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}&complete=false", "application/json", Flows.Page([stays]));
        Assert.Null((await PledgeAsync(pledge)).Text("sourceState"));
        var version = await server.VersionAsync();

        var dropping = await server.Editor.SnapshotAsync(_dataset, stays);
        Assert.Equal(new[]
        {
            $"{pledge.Id} dropped pledge 100", $"{committed.Id} dropped commitment 10", $"{paid.Id} dropped paid 30", $"{correction.Id} dropped paid -4",
        }.Order(StringComparer.Ordinal), await server.Editor.DifferencesAsync(dropping));
        Assert.Equal(["pledge 100"], await EntriesAsync(pledge));
        Assert.Equal(("dropped", "2026-11-21"), ((await PledgeAsync(pledge)).Text("sourceState"), (await PledgeAsync(pledge)).Text("sourceStateSince")));
        Assert.Equal(["pledge 10", "commitment 10", "commitment -10"], await EntriesAsync(committed));
        Assert.Equal("dropped", (await PledgeAsync(committed)).Text("sourceState"));
        Assert.Equal("void", (await HeaderAsync(paid)).Text("status"));
        Assert.Empty(await LiveAsync(correction));
        var then = (await server.GetAsync($"/v1/summary?knownAt={version}&externalId={string.Join(',', stays.Id, paid.Id)}&externalSystem=fts&origin=direct")).GetProperty("rows");
        Assert.Equal(JsonValueKind.Array, then.ValueKind);

        var back = await server.Editor.SnapshotAsync(_dataset, stays, pledge, committed with { Status = "commitment" }, paid with { Usd = 31 }, correction);
        Assert.Equal(4, (await server.Editor.DifferencesAsync(back)).Count(difference => difference.Contains("returned", StringComparison.Ordinal)));
        Assert.Null((await PledgeAsync(pledge)).Text("sourceState"));
        Assert.Equal(["pledge 10", "commitment 10", "commitment -10", "commitment 10"], await EntriesAsync(committed));
        Assert.Equal(["payment 30", "payment -30", "payment 31"], await EntriesAsync(paid));
        Assert.Equal(-4m, Assert.Single(await LiveAsync(correction)).Number("amountUsd"));
        var same = await server.VersionAsync();
        await server.Editor.SnapshotAsync(_dataset, stays, pledge, committed with { Status = "commitment" }, paid with { Usd = 31 }, correction);
        Assert.Equal(same, await server.VersionAsync());
    }

    [Fact]
    public async Task Money_that_is_for_somebody_else_now_moves_to_a_header_that_names_the_old_one()
    {
        var flow = Flow("pledge", 100);
        await server.Editor.SnapshotAsync(_dataset, flow);
        await server.Editor.SnapshotAsync(_dataset, flow with { Status = "commitment" });
        var first = await PledgeAsync(flow);
        var moved = flow with { Status = "commitment", Donor = "Sweden, Government of", Recipient = "UNICEF", Plan = "902", Countries = ["Lebanon", "Iraq"], Years = [2025, 2026], OnBoundary = "shared", Usd = 90 };
        await server.Editor.SnapshotAsync(_dataset, moved);
        Assert.Equal("void", (await server.GetAsync($"/v1/pledges/{first.Id()}")).Text("status"));
        var second = Assert.Single(await LivePledgesAsync(flow));
        Assert.Equal((first.Id(), "sweden-government-of", "unicef", "fts-plan-902", true), (second.Text("reclassifies"), second.GetProperty("donors")[0].Id(), second.GetProperty("recipient").Id(), second.GetProperty("fund").Id(), second.GetProperty("shared").GetBoolean()));
        Assert.Equal(["IRQ", "LBN"], second.Texts("countries"));
        Assert.Equal((100m, 90m), (second.GetProperty("figures").Number("pledged"), second.GetProperty("figures").Number("committed")));
    }

    [Fact]
    public async Task A_correction_that_changes_is_reversed_and_entered_again_and_money_may_become_one()
    {
        ToldFlow correction = Flow("paid", -5), money = Flow("commitment", 20);
        await server.Editor.SnapshotAsync(_dataset, correction, money);
        await server.Editor.SnapshotAsync(_dataset, correction with { Usd = -6 }, money with { Usd = 0 });
        Assert.Equal((-6m, "adjustment", "payment"), Of(Assert.Single(await LiveAsync(correction))));
        Assert.Equal((0m, "adjustment", "commitment"), Of(Assert.Single(await LiveAsync(money))));
        await server.Editor.SnapshotAsync(_dataset, correction with { Usd = 8 }, money with { Usd = 0 });
        Assert.Equal((8m, "payment", null), Of(Assert.Single(await LiveAsync(correction))));

        static (decimal, string?, string?) Of(JsonElement entry) => (entry.Number("amountUsd"), entry.Text("stage"), entry.Text("adjusts"));
    }

    [Fact]
    public async Task What_does_not_come_in_is_kept_and_counts_in_nothing()
    {
        var flow = Flow("paid", 40) with { Boundary = "internal" };
        var pledge = Flow("pledge", 15);
        var import = await server.Editor.SnapshotAsync(_dataset, flow, pledge);
        Assert.Equal((2, 0m), (import.Count("created"), import.GetProperty("totals").Number("fundingUsd")));
        Assert.Empty(await LiveAsync(flow));
        await server.Editor.SnapshotAsync(_dataset, flow with { Boundary = "incoming" }, pledge);
        Assert.Equal(40m, Assert.Single(await LiveAsync(flow)).Number("amountUsd"));
        await server.Editor.SnapshotAsync(_dataset, flow with { Boundary = "outgoing" }, pledge with { Boundary = "internal" });
        Assert.Empty(await LiveAsync(flow));
        Assert.Equal("changed", (await PledgeAsync(pledge)).Text("sourceState"));
        await server.Editor.SnapshotAsync(_dataset, flow with { Boundary = "incoming", Usd = 41 }, pledge);
        Assert.Equal(["payment 40", "payment -40", "payment 41"], await EntriesAsync(flow));
        Assert.Null((await PledgeAsync(pledge)).Text("sourceState"));
    }

    [Fact]
    public async Task A_flow_that_two_datasets_tell_stands_once_and_as_long_as_one_of_them_tells_it()
    {
        var flow = Flow("paid", 60) with { Countries = ["Jordan", "Iraq"], OnBoundary = "shared" };
        var other = _dataset + ":other";
        await server.Editor.SnapshotAsync(_dataset, flow, Flow("paid", 1));
        var told = await server.Editor.SnapshotAsync(other, flow with { OnBoundary = "single" }, Flow("paid", 2));
        Assert.Equal((1, 1), (told.Count("created"), told.Count("unchanged")));
        Assert.True((await HeaderAsync(flow)).GetProperty("shared").GetBoolean());
        Assert.Single(await LiveAsync(flow));

        await server.Editor.SnapshotAsync(_dataset, Flow("paid", 1));
        Assert.Equal(60m, Assert.Single(await LiveAsync(flow)).Number("amountUsd"));
        await server.Editor.SnapshotAsync(other, flow with { OnBoundary = "single", Usd = 61 });
        Assert.Equal(61m, Assert.Single(await LiveAsync(flow)).Number("amountUsd"));
        await server.Editor.SnapshotAsync(other, Flow("paid", 3));
        Assert.Empty(await LiveAsync(flow));
    }

    [Fact]
    public async Task What_an_editor_entered_beside_it_is_not_lost_and_the_pledge_is_flagged()
    {
        var flow = Flow("pledge", 100);
        await server.Editor.SnapshotAsync(_dataset, flow);
        var pledge = await PledgeAsync(flow);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge.Id()}/withdrawals", """{ "amount": 40, "date": "2026-11-21" }""");
        await server.Editor.SnapshotAsync(_dataset, flow with { Usd = 30 });
        Assert.Equal(["pledge 100", "withdrawal 40"], await EntriesAsync(flow));
        Assert.Equal("changed", (await PledgeAsync(flow)).Text("sourceState"));
        await server.Editor.SnapshotAsync(_dataset, flow);
        Assert.Null((await PledgeAsync(flow)).Text("sourceState"));
        // What is given counts, whatever became of the promise.
        await server.Editor.SnapshotAsync(_dataset, flow with { Usd = 30, Status = "paid" });
        Assert.Equal(["pledge 100", "withdrawal 40", "payment 30"], await EntriesAsync(flow));
        Assert.Equal("changed", (await PledgeAsync(flow)).Text("sourceState"));
    }

    [Fact]
    public async Task The_history_of_a_pledge_tells_what_its_source_told_otherwise()
    {
        var flow = Flow("pledge", 100);
        await server.Editor.SnapshotAsync(_dataset, flow);
        await server.Editor.SnapshotAsync(_dataset, flow with { Status = "commitment", Usd = 120 });
        var pledge = await PledgeAsync(flow);
        var told = (await server.GetAsync($"/v1/pledges/{pledge.Id()}/history")).GetProperty("data").EnumerateArray().First(change => change.Text("entity") == "flow");
        Assert.Equal(($"{_dataset}/{flow.Id}", "amended"), (told.Text("entityId"), told.Text("action")));
        Assert.Equal($"Flow {flow.Id} of {_dataset} is told otherwise: pledge, 100 USD, now commitment, 120 USD", told.GetProperty("text").Text("en"));
        var whole = await server.WholeAsync(told);
        Assert.Equal(("pledge", "commitment"), (whole.GetProperty("before").GetProperty("flow").Text("status"), whole.GetProperty("after").GetProperty("flow").Text("status")));
        Assert.Contains("تغير ما يُذكر", told.GetProperty("text").Text("ar"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_that_was_recorded_by_hand_is_found_by_its_number()
    {
        var flow = Flow("commitment", 75);
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "commitment", 70, more: $", \"externalSystem\": \"FTS\", \"externalId\": \"{flow.Id}\""));
        await server.Editor.SnapshotAsync(_dataset, flow);
        Assert.Equal(75m, Assert.Single(await LiveAsync(flow)).Number("amountUsd"));
        Assert.Equal(["commitment 70", "commitment -70", "commitment 75"], await EntriesAsync(flow));
    }

    [Fact]
    public async Task What_was_known_before_a_snapshot_can_still_be_read()
    {
        ToldFlow a = Flow("commitment", 100) with { Countries = ["Fiji"] }, b = Flow("paid", 50) with { Countries = ["Fiji"] }, c = Flow("pledge", 25) with { Countries = ["Fiji"] };
        var first = await server.Editor.SnapshotAsync(_dataset, a, b, c);
        Assert.Equal(150m, Country(first, "FJI").Number("fundingUsd"));
        var version = await server.VersionAsync();
        var d = Flow("paid", 5) with { Countries = ["Fiji"] };
        var second = await server.Editor.SnapshotAsync(_dataset, a with { Usd = 110 }, c with { Status = "paid" }, d);
        Assert.Equal(new[] { $"{a.Id} amount_changed commitment 100 commitment 110", $"{b.Id} dropped paid 50", $"{c.Id} advanced pledge 25 paid 25", $"{d.Id} new paid 5" }.Order(StringComparer.Ordinal), await server.Editor.DifferencesAsync(second));
        Assert.Equal(140m, await CommittedAsync("FJI", ""));
        Assert.Equal(Country(second, "FJI").Number("fundingUsd"), await CommittedAsync("FJI", ""));
        Assert.Equal(150m, await CommittedAsync("FJI", $"&knownAt={version}"));
        var sums = (await server.Editor.ReadAsync($"/v1/imports/{second.Id()}/differences")).Body;
        Assert.NotEmpty(sums.ToString());
    }

    [Fact]
    public async Task What_an_admin_blanked_does_not_come_back_with_the_next_snapshot()
    {
        var flow = Flow("commitment", 12) with { Description = "It names Jane Doe", Reference = "JANE-1" };
        await server.Editor.SnapshotAsync(_dataset, flow);
        var contribution = await ContributionAsync(flow);
        await server.Admin.RecordAsync("/v1/redactions", new { entity = "pledge", id = contribution.Text("pledgeId"), reason = new { en = "It named a private person" } });
        var version = await server.VersionAsync();
        var again = await server.Editor.SnapshotAsync(_dataset, flow);
        Assert.Equal((1, version), (again.Count("unchanged"), await server.VersionAsync()));
        await server.Editor.SnapshotAsync(_dataset, flow with { Usd = 13, Countries = ["Iraq"] });
        Assert.DoesNotContain("Jane", (await server.GetAsync($"/v1/changes?after={version}&limit=500")).ToString(), StringComparison.Ordinal);
        var moved = Assert.Single(await LiveAsync(flow));
        Assert.Equal((13m, null), (moved.Number("amountUsd"), (await server.GetAsync($"/v1/pledges/{moved.Text("pledgeId")}")).GetProperty("description").GetRawText() is "null" ? null : "something"));
    }

    [Fact]
    public async Task Numbers_of_more_digits_than_a_number_has_here_are_rounded_and_go_in()
    {
        ToldFlow dollars = Flow("paid", 100.7395678901234567890123456m), small = Flow("paid", 5) with { Original = 0.0000000000000000000000000001m, Currency = "EUR" }, plain = Flow("paid", 1);
        var page = Flows.Page([dollars, small, plain]).Replace("\"exchangeRate\":null", "\"exchangeRate\":0.33333333333333333333333333333333333", StringComparison.Ordinal)
            .Replace("100.7395678901234567890123456", "100.7395678901234567890123456789012345678", StringComparison.Ordinal);
        var import = await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", page);
        Assert.Equal((3, 106.74m), (import.Count("created"), import.GetProperty("totals").Number("fundingUsd")));
        Assert.Equal(100.74m, Assert.Single(await LiveAsync(dollars)).Number("amountUsd"));
        Assert.Equal(3, (await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", page)).Count("unchanged"));

        var tooMany = Flows.Page([plain]).Replace("\"exchangeRate\":null", "\"exchangeRate\":1e28", StringComparison.Ordinal);
        var refused = await server.Editor.OverAsync((await server.Editor.ImportAsync($"format=fts-json&dataset={_dataset}", System.Text.Encoding.UTF8.GetBytes(tooMany), "application/json")).Body.Id());
        Assert.Equal(("exchangeRate", "invalid_amount"), (await server.Editor.RowsAsync(refused.Id())) is [var row] && row.GetProperty("faults")[0] is var fault ? (fault.Text("member"), fault.Text("code")) : default);
    }

    [Fact]
    public async Task Flows_of_no_named_dataset_go_in_and_drop_nothing()
    {
        ToldFlow first = Flow("paid", 10), second = Flow("commitment", 20);
        var import = await server.Editor.FlowsAsync("format=fts-json", "application/json", Flows.Page([first]));
        Assert.Equal((1, "unnamed", false), (import.Count("created"), import.Text("dataset"), import.GetProperty("complete").GetBoolean()));
        var later = await server.Editor.FlowsAsync("format=fts-json", "application/json", Flows.Page([second]));
        Assert.Empty(await server.Editor.DifferencesAsync(later));
        var changed = await server.Editor.FlowsAsync("format=fts-json", "application/json", Flows.Page([second with { Usd = 21 }]));
        Assert.Equal([$"{second.Id} amount_changed commitment 20 commitment 21"], await server.Editor.DifferencesAsync(changed));
        Assert.Equal((10m, 21m), (Assert.Single(await LiveAsync(first)).Number("amountUsd"), Assert.Single(await LiveAsync(second)).Number("amountUsd")));
    }

    [Fact]
    public async Task A_page_that_was_sent_twice_stands_for_no_other()
    {
        ToldFlow[] flows = [Flow("paid", 1), Flow("paid", 2), Flow("paid", 3)];
        string[] pages = [Flows.Page([flows[0]], 3, "https://example.org/2"), Flows.Page([flows[1]], 3, "https://example.org/3"), Flows.Page([flows[2]], 3)];
        Assert.True((await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", pages)).GetProperty("complete").GetBoolean());
        var import = await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", pages[0], pages[0], pages[2]);
        Assert.Equal((false, 1), (import.GetProperty("complete").GetBoolean(), import.Count("repeated")));
        Assert.Single(await LiveAsync(flows[1]));
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_be_dropped_and_changes_nothing()
    {
        ToldFlow stays = Flow("paid", 1), goes = Flow("paid", 2);
        await server.Editor.SnapshotAsync(_dataset, stays, goes);
        var version = await server.VersionAsync();
        var tried = await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}&dryRun=true", "application/json", Flows.Page([stays with { Usd = 3 }]));
        Assert.Equal(("checked", version), (tried.Text("state"), await server.VersionAsync()));
        Assert.Equal(new[] { $"{stays.Id} amount_changed paid 1 paid 3", $"{goes.Id} dropped paid 2" }.Order(StringComparer.Ordinal), await server.Editor.DifferencesAsync(tried));
        Assert.Single(await LiveAsync(goes));
    }

    [Fact]
    public async Task Names_are_found_by_other_names_by_what_was_sent_along_and_are_else_made_with_suggestions()
    {
        var known = await server.OrganizationAsync("40");
        await server.Editor.AmendAsync($"/v1/organizations/{known}", """{ "aliases": ["The Agency of Rivers", "وكالة الأنهار"] }""");
        ToldFlow alias = Flow("paid", 1) with { Recipient = "THE  agency of rivers" }, mapped = Flow("paid", 2) with { Recipient = "Rivers (AoR)" }, near = Flow("paid", 3) with { Recipient = "Agency of River" };
        using var form = Importing.Form($$"""{ "Rivers (AoR)": "{{known}}" }""", ("1.json", System.Text.Encoding.UTF8.GetBytes(Flows.Page([alias, mapped, near]))));
        var import = await server.Editor.OverAsync((await server.Editor.ImportAsync($"format=fts-json&dataset={_dataset}", form)).Body.Id());
        Assert.Equal(3, import.Count("created"));
        Assert.Equal((known, known), ((await HeaderAsync(alias)).GetProperty("recipient").Id(), (await HeaderAsync(mapped)).GetProperty("recipient").Id()));
        Assert.Equal("agency-of-river", (await HeaderAsync(near)).GetProperty("recipient").Id());
        Assert.Contains(import.GetProperty("suggestions").EnumerateArray(), s => s.Text("name") == "Agency of River" && s.Texts("organizations").Contains(known));
        Assert.Contains("Rivers (AoR)", (await server.GetAsync($"/v1/organizations/{known}")).Texts("aliases"));

        using var nobody = Importing.Form("""{ "Norway, Government of": "no-such-organization" }""", ("1.json", System.Text.Encoding.UTF8.GetBytes(Flows.Page([Flow("paid", 1) with { Donor = "Somebody else" }, Flow("paid", 1)]))));
        var taken = await server.Editor.OverAsync((await server.Editor.ImportAsync($"format=fts-json&dataset={_dataset}&complete=false", nobody)).Body.Id());
        Assert.Equal("refused", taken.Text("state"));
        Assert.Contains("no-such-organization", (await server.Editor.RowsAsync(taken.Id(), "outcome=refused")).Single().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_plans_require_is_stated_once_from_the_overview_or_from_a_file_of_HDX()
    {
        const string overview = """
            { "data": { "totals": { "origRequirements": 5 }, "plans": [
              { "id": 7001, "name": "Fiji 2025", "code": "HFJI25", "startDate": "2025-01-01", "endDate": "2025-12-31", "createdAt": "2024-11-27T14:30:29.167Z", "updatedAt": "2025-01-15T05:45:32.642Z",
                "countries": [{ "id": 1, "iso3": "FJI", "name": "Fiji" }, { "id": 2, "iso3": null, "name": "Global" }], "usageYears": [{ "id": 41, "year": "2025" }], "requirements": { "origRequirements": 732600000, "revisedRequirements": 1131050820.5 } },
              { "id": 7002, "name": "Nothing yet", "code": null, "createdAt": "2024-11-27T14:30:29.167Z", "updatedAt": "2025-01-15T05:45:32.642Z", "countries": [], "usageYears": [{ "year": "2025" }, { "year": "2026" }], "requirements": { "origRequirements": 0, "revisedRequirements": null } }
            ] } }
            """;
        await server.Editor.SnapshotAsync(_dataset, Flow("paid", 1) with { Plan = "7001" });
        var stated = await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", overview);
        // It tells no flows, and drops none.
        Assert.Equal((2, 2, false), (stated.Count("read"), stated.Count("created"), stated.GetProperty("complete").GetBoolean()));
        var all = (await server.GetAsync("/v1/requirements?fund=fts-plan-7001")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["revised 1131050820.5 2025-01-15 True", "original 732600000 2024-11-27 False"], all.Select(r => $"{r.Text("kind")} {r.Number("amount")} {r.Text("statedOn")} {r.GetProperty("current").GetBoolean()}"));
        Assert.Equal("UN OCHA Financial Tracking Service", all[0].Text("statedBy"));

        const string hdx = "countryCode,id,name,code,typeId,typeName,startDate,endDate,year,requirements,funding,percentFunded\r\n#country+code,#id,#name,#code,#type,#type,#date,#date,#date,#value,#value,#value\r\n" +
            "FJI,7001,Fiji 2025,HFJI25,4,Humanitarian response plan,2025-01-01,2025-12-31,2025,1131050820.5,1,0\r\nFJI,7003,Islands 2025,OISL25,111,Regional response plan,2025-01-01,2025-12-31,2025,100,1,1\r\n" +
            "FJI,7004,Fiji floods 2025,OFJI25,5,Flash appeal,2025-05-01,2025-12-31,2025,500,1,1\r\nFJI,,Not specified,,,,,,2025,,98392138,\r\n";
        var again = await server.Editor.FlowsAsync("format=requirements", Importing.Csv, hdx);
        Assert.Equal((2, 1, 1), (again.Count("read"), again.Count("created"), again.Count("unchanged")));
        var fund = await server.GetAsync("/v1/funds/fts-plan-7004");
        Assert.Equal(("Fiji floods 2025", "FJI", "OFJI25"), (fund.GetProperty("name").Text("en"), fund.Texts("countries").Single(), fund.Texts("aliases").Single()));
        var version = await server.VersionAsync();
        await server.Editor.FlowsAsync("format=requirements", Importing.Csv, hdx);
        await server.Editor.FlowsAsync($"format=fts-json&dataset={_dataset}", "application/json", overview);
        Assert.Equal(version, await server.VersionAsync());
        var changed = await server.Editor.FlowsAsync("format=requirements", Importing.Csv, hdx.Replace(",500,", ",600,", StringComparison.Ordinal));
        Assert.Equal((1, 1), (changed.Count("changed"), changed.Count("unchanged")));
    }

    private static ToldFlow Flow(string status, decimal usd) => new(NewNumber(), status, usd);

    private static JsonElement Country(JsonElement import, string code) => import.GetProperty("totals").GetProperty("countries").EnumerateArray().First(c => c.Text("country") == code);

    private async Task<decimal> CommittedAsync(string country, string more) =>
        (await server.GetAsync($"/v1/summary?groupBy=country&limit=500&country={country}{more}")).GetProperty("rows").EnumerateArray().First(row => row.Text("key") == country).GetProperty("figures").Number("committed");

    private async Task<JsonElement> PledgeAsync(ToldFlow flow) => (await server.GetAsync($"/v1/pledges?externalSystem=fts&externalId={flow.Id}")).GetProperty("data")[0];

    private async Task<List<JsonElement>> LivePledgesAsync(ToldFlow flow) =>
        [.. (await server.WalkAsync("/v1/pledges?sort=-announcedOn", 500)).Where(p => p.Text("status") != "void" && p.Text("description") == $"Flow {flow.Id}")];

    private async Task<List<JsonElement>> LiveAsync(ToldFlow flow) => [.. (await server.GetAsync($"/v1/contributions?externalSystem=fts&externalId={flow.Id}")).GetProperty("data").EnumerateArray()];

    private async Task<JsonElement> ContributionAsync(ToldFlow flow) => (await LiveAsync(flow))[0];

    private async Task<JsonElement> HeaderAsync(ToldFlow flow) => await server.GetAsync(
        $"/v1/pledges/{(await server.GetAsync($"/v1/contributions?externalSystem=fts&externalId={flow.Id}&includeReversed=true")).GetProperty("data")[0].Text("pledgeId")}");

    private async Task<List<string>> EntriesAsync(ToldFlow flow)
    {
        var pledges = (await server.GetAsync($"/v1/pledges?externalSystem=fts&externalId={flow.Id}")).GetProperty("data");
        var id = pledges.GetArrayLength() > 0 ? pledges[0].Id() : (await HeaderAsync(flow)).Id();
        return [.. (await server.LedgerAsync(id)).Select(entry => $"{entry.Text("kind")} {entry.Number("amountUsd").ToString("0.##", CultureInfo.InvariantCulture)}")];
    }
}
