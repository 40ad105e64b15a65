using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PledgeTracker.Tests.Db;

namespace PledgeTracker.Tests.Contract;

/// <summary>Pledges, donors, funds, events and shortfalls as of a day, and by what was known: a page of the past can be drawn.</summary>
public sealed class AsOfTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Lists = ["pledges", "donors", "funds", "events", "shortfalls"];

    private static string Today => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task On_1_July_2018_the_pledge_of_the_US_for_Syria_still_stands_and_Saudi_Arabia_has_not_made_its_100_million()
    {
        var list = await server.AllAsync("/v1/pledges?fund=ne-syria-stabilization&asOf=2018-07-01");
        Assert.Equal(["coalition-partners", "usa"], list.Select(p => Assert.Single(p.GetProperty("donors").EnumerateArray()).Id()));
        // The 30 million beyond the 200 that had been pledged were told with the withdrawal, in August.
        Assert.Equal(("announced", 200_000_000, 200_000_000, 0), Standing(list[1]));
        Assert.Equal("pledge", list[1].GetProperty("lastMovement").Text("kind"));
        var fund = await server.GetAsync("/v1/funds/ne-syria-stabilization?asOf=2018-07-01");
        Assert.Equal((290_000_000, 0), (fund.GetProperty("figures").Number("outstanding"), fund.GetProperty("figures").Number("paid")));
        var saudi = (await server.AllAsync("/v1/pledges?fund=ne-syria-stabilization&donor=sau"))[0].Id();
        Assert.Contains("counts from 2018-07-12", (await server.GetAsync($"/v1/pledges/{saudi}?asOf=2018-07-01", System.Net.HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
        Assert.Contains("2018-07-12", (await server.GetAsync($"/v1/pledges/{saudi}?asOf=2018-07-11", System.Net.HttpStatusCode.NotFound, "ar")).Text("detail"), StringComparison.Ordinal);
        Assert.Equal(("announced", 100_000_000, 100_000_000, 0), Standing(await server.GetAsync($"/v1/pledges/{saudi}?asOf=2018-07-12")));
    }

    [Fact]
    public async Task On_20_August_2018_it_is_withdrawn_and_Saudi_Arabia_has_paid()
    {
        var list = (await server.AllAsync("/v1/pledges?fund=ne-syria-stabilization&asOf=2018-08-20")).ToDictionary(p => p.GetProperty("donors")[0].Id());
        Assert.Equal(("withdrawn", 230_000_000, 0, 0), Standing(list["usa"]));
        Assert.Equal(230_000_000, list["usa"].GetProperty("figures").Number("withdrawn"));
        Assert.Equal(("paid", 100_000_000, 0, 100_000_000), Standing(list["sau"]));
        Assert.Equal(("payment", "2018-08-16"), (list["sau"].GetProperty("lastMovement").Text("kind"), list["sau"].GetProperty("lastMovement").Text("date")));
        Assert.Equal(["usa"], (await server.AllAsync("/v1/pledges?status=withdrawn&asOf=2018-08-20")).Select(p => p.GetProperty("donors")[0].Id()));
        Assert.Empty(await server.AllAsync("/v1/pledges?status=withdrawn&asOf=2018-08-16"));
    }

    [Fact]
    public async Task On_31_January_2018_the_300_million_that_the_facility_lacked_are_current()
    {
        var shortfall = Assert.Single(await server.AllAsync("/v1/shortfalls?fund=undp-ffs&current=true&asOf=2018-01-31"));
        Assert.Equal((300_000_000, true, (string?)null, true), (shortfall.Number("amount"), shortfall.GetProperty("current").GetBoolean(), shortfall.Text("supersededBy"),
            shortfall.GetProperty("coverage").GetProperty("windowOpen").GetBoolean()));
        var fund = await server.GetAsync("/v1/funds/undp-ffs?asOf=2018-01-31");
        Assert.Equal(shortfall.Id(), Assert.Single(fund.GetProperty("currentShortfalls").EnumerateArray()).Id());
        Assert.Equal(0, fund.GetProperty("figures").Number("pledged"));
        var later = (await server.AllAsync("/v1/shortfalls?fund=undp-ffs&current=true")).Select(s => s.Id()).Single(id => id != shortfall.Id());
        Assert.Contains("2018-06-26", (await server.GetAsync($"/v1/shortfalls/{later}?asOf=2018-06-25", System.Net.HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
        Assert.Equal(later, (await server.GetAsync($"/v1/shortfalls/{shortfall.Id()}?asOf=2018-06-26")).Text("supersededBy"));
    }

    [Fact]
    public async Task As_of_today_and_by_all_that_is_known_everything_is_as_it_is_but_for_the_basis()
    {
        var version = (await server.AskAsync("/v1/sources?limit=1")).Header("Dataset-Version");
        foreach (var list in Lists)
        {
            var paths = (await server.AllAsync($"/v1/{list}")).Select(item => $"/v1/{list}/{item.Id()}").Append($"/v1/{list}?limit=500").Append($"/v1/{list}?sort={Sort(list)}&limit=500").ToList();
            foreach (var path in paths)
            {
                var now = await server.AskAsync(path);
                foreach (var asked in new[] { $"asOf={Today}", $"knownAt={version}", $"asOf={Today}&knownAt={version!.Split('-')[0]}" })
                {
                    var then = JsonNode.Parse((await server.AskAsync($"{path}{(path.Contains('?') ? '&' : '?')}{asked}")).Text)!.AsObject();
                    var basis = list == "shortfalls" && !path.Contains('?') ? "asOfBasis" : "basis";
                    Assert.Equal(Today, then[basis]!["asOf"]!.GetValue<string>());
                    Assert.Equal(asked.Contains("knownAt", StringComparison.Ordinal), then[basis]!["knownAt"] is not null);
                    then.Remove(basis);
                    Assert.True(JsonNode.DeepEquals(JsonNode.Parse(now.Text), then), $"{path} {asked}\n{now.Text}\n{then.ToJsonString()}");
                }
            }
        }

        static string Sort(string list) => list switch { "pledges" => "announcedOn", "shortfalls" => "statedOn", "events" => "startsOn", _ => "-paid" };
    }

    [Fact]
    public async Task What_was_known_is_what_had_been_recorded_and_what_was_corrected_since_is_right_as_of_its_day()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var (pledge, mistake, known, shortfall, later, afterwards) = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("alpha");
            await enter.FundAsync("well");
            await enter.EventAsync("summit", "2025-01-01");
            var pledge = await enter.PledgeAsync("alpha", 100, "2025-01-10", "well", dueOn: "2025-02-01");
            var mistake = await enter.ContributionAsync(pledge, "payment", 60, "2025-01-20");
            var shortfall = await enter.ShortfallAsync("well", 500, "2025-01-15");
            var known = (await own.AskAsync("/v1/funds")).Header("Dataset-Version")!;
            await enter.ReverseAsync(mistake);
            await enter.ContributionAsync(pledge, "payment", 25, "2025-01-25");
            var later = await enter.ShortfallAsync("well", 300, "2025-01-18");
            return (pledge, mistake, known, shortfall, later, await enter.PledgeAsync("alpha", 7, "2025-01-12", "well"));
        });

        Assert.Equal(("partially_paid", 100, 75, 25), Standing(await own.GetAsync($"/v1/pledges/{pledge}?asOf=2025-01-31")));
        Assert.Equal(("announced", 100, 100, 0), Standing(await own.GetAsync($"/v1/pledges/{pledge}?asOf=2025-01-20")));
        var believed = await own.GetAsync($"/v1/pledges/{pledge}?asOf=2025-01-31&knownAt={known}");
        Assert.Equal(("partially_paid", 100, 40, 60), Standing(believed));
        Assert.False(believed.GetProperty("overdue").GetBoolean());
        Assert.True((await own.GetAsync($"/v1/pledges/{pledge}?asOf=2025-02-02")).GetProperty("overdue").GetBoolean());
        Assert.Equal(long.Parse(known.Split('-')[0], CultureInfo.InvariantCulture), believed.GetProperty("basis").GetProperty("knownAt").GetProperty("sequence").GetInt64());
        Assert.Contains("recorded at", (await own.GetAsync($"/v1/pledges/{afterwards}?asOf=2025-01-31&knownAt={known}", System.Net.HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
        Assert.Equal([afterwards, pledge], (await own.AllAsync("/v1/pledges?asOf=2025-01-12")).Select(p => p.Id()));
        Assert.Equal([pledge], (await own.AllAsync($"/v1/pledges?asOf=2025-01-12&knownAt={known}")).Select(p => p.Id()));

        foreach (var path in new[] { "/v1/donors", "/v1/funds", "/v1/events" })
        {
            Assert.Equal(path == "/v1/donors" ? 0 : 1, (await own.AllAsync($"{path}?asOf=2025-01-09")).Count);
        }

        Assert.Equal(0, (await own.GetAsync("/v1/donors/alpha?asOf=2025-01-09")).GetProperty("figures").Number("pledged"));
        Assert.Equal(60, (await own.AllAsync($"/v1/donors?sort=-paid&knownAt={known}"))[0].GetProperty("figures").Number("paid"));
        Assert.Equal(25, (await own.AllAsync("/v1/funds?sort=-paid&asOf=2025-01-31"))[0].GetProperty("figures").Number("paid"));

        Assert.Equal(later, (await own.GetAsync($"/v1/shortfalls/{shortfall}?asOf=2025-01-18")).Text("supersededBy"));
        Assert.Null((await own.GetAsync($"/v1/shortfalls/{shortfall}?asOf=2025-01-17")).Text("supersededBy"));
        Assert.Null((await own.GetAsync($"/v1/shortfalls/{shortfall}?knownAt={known}")).Text("supersededBy"));
        Assert.Equal([shortfall], (await own.AllAsync($"/v1/shortfalls?knownAt={known}")).Select(s => s.Id()));
        Assert.Contains("recorded at", (await own.GetAsync($"/v1/shortfalls/{later}?knownAt={known}", System.Net.HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
        // By an instant: that of the last change that was known.
        var at = believed.GetProperty("basis").GetProperty("knownAt").Text("at");
        Assert.Equal(Standing(believed), Standing(await own.GetAsync($"/v1/pledges/{pledge}?asOf=2025-01-31&knownAt={Uri.EscapeDataString(at!)}")));
        Assert.NotNull(mistake);
    }

    [Fact]
    public async Task A_donor_that_was_merged_answers_elsewhere_as_of_the_same_day()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("alpha");
            await enter.OrganizationAsync("beta");
            await enter.PledgeAsync("beta", 100, "2025-01-10");
        });
        using var editor = own.WithToken(await own.EditorKey);
        Assert.Equal(201, (int)(await editor.SendAsync(HttpMethod.Post, "/v1/organizations/beta/merge-into/alpha")).Status);
        var moved = await own.AskAsync("/v1/donors/beta?asOf=2025-01-09&lang=ar");
        Assert.Equal((308, "/v1/donors/alpha?asOf=2025-01-09&lang=ar"), (moved.Status, moved.Header("Location")));
        Assert.Equal("/v1/organizations/alpha?lang=ar", (await own.AskAsync("/v1/organizations/beta?lang=ar")).Header("Location"));
        Assert.Equal(0, (await own.GetAsync(moved.Header("Location")!)).GetProperty("figures").Number("pledged"));
    }

    [Fact]
    public async Task Walking_by_date_under_filters_of_what_money_stood_at_is_one_big_page()
    {
        foreach (var filter in new[] { "", "&status=announced", "&minAmountUsd=400000000", "&overdue=false", "&donor=sau", "&country=SYR" })
        {
            foreach (var sort in new[] { "announcedOn", "-announcedOn" })
            {
                var path = $"/v1/pledges?asOf=2018-08-01&sort={sort}{filter}";
                var whole = (await server.AllAsync(path)).ConvertAll(Asking.Id);
                Assert.NotEmpty(whole);
                Assert.Equal(whole, (await server.WalkAsync(path, 1)).ConvertAll(Asking.Id));
                Assert.Equal(whole, (await server.WalkAsync(path, 3)).ConvertAll(Asking.Id));
            }
        }

        foreach (var path in new[] { "/v1/donors?asOf=2018-08-01", "/v1/donors?asOf=2018-08-01&sort=paid", "/v1/donors?asOf=2018-08-01&sort=-id", "/v1/funds?asOf=2018-08-01", "/v1/funds?asOf=2018-08-01&sort=-outstanding",
            "/v1/events?asOf=2018-08-01", "/v1/shortfalls?asOf=2018-08-01", "/v1/shortfalls?asOf=2018-08-01&sort=statedOn&statedFrom=2018-01-01" })
        {
            var whole = (await server.AllAsync(path)).ConvertAll(Asking.Id);
            Assert.True(whole.Count > 1, path);
            Assert.Equal(whole, (await server.WalkAsync(path, 1)).ConvertAll(Asking.Id));
            Assert.Equal(whole.Count, (await server.GetAsync($"{path}&count=true")).GetProperty("count").GetInt32());
        }
    }

    [Fact]
    public async Task As_of_a_day_CSV_and_NDJSON_have_every_row()
    {
        foreach (var list in Lists)
        {
            var whole = (await server.AllAsync($"/v1/{list}?asOf=2018-08-01")).ConvertAll(item => item.GetRawText());
            Assert.True(whole.Count > 1, list);
            Assert.Equal(whole, Lines((await server.AskAsync($"/v1/{list}.ndjson?asOf=2018-08-01")).Text));
            var first = await server.AskAsync($"/v1/{list}.ndjson?asOf=2018-08-01&limit=1");
            Assert.Equal(whole[..1], Lines(first.Text));
            Assert.Equal(whole[1..2], Lines((await server.AskAsync(first.Header("Link")!.Split('>')[0][1..])).Text));
            var names = Lines((await server.AskAsync($"/v1/{list}.csv?asOf=2018-08-01")).Text)[0].Trim();
            Assert.Equal(names, Lines((await server.AskAsync($"/v1/{list}.csv")).Text)[0].Trim());
            Assert.DoesNotContain("asOf", names, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_looks_through_two_thousand_pledges_and_goes_on_where_few_of_them_are_wanted()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        var paid = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("alpha");
            await enter.PledgeAsync("alpha", 100, "2025-02-01");
            var paid = await enter.PledgeAsync("alpha", 50, "2025-01-10");
            await enter.ContributionAsync(paid, "payment", 50, "2025-01-20");
            return paid;
        });
        using (var database = PlainConnection.Open(own))
        {
            foreach (var (table, owner) in new[] { ("pledge", "no"), ("ledger_entry", "pledge_no") })
            {
                var columns = database.Columns(table).FindAll(column => column != "counted");
                database.Execute($"""
                    INSERT INTO {table} ({string.Join(", ", columns)})
                    WITH RECURSIVE made (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM made WHERE i < 3100)
                    SELECT {string.Join(", ", columns.Select(c => c is "no" or "pledge_no" ? $"t.{c} + made.i" : c == "id" ? "substr(t.id, 1, 30) || (100000 + made.i)" : $"t.{c}"))}
                    FROM {table} t JOIN made ON TRUE WHERE t.{owner} = 1
                    """);
            }
        }

        var first = await own.GetAsync("/v1/pledges?status=paid&asOf=2025-03-01");
        Assert.Empty(first.GetProperty("data").EnumerateArray());
        var second = await own.GetAsync(first.Text("next")!);
        Assert.Equal(paid, Assert.Single(second.GetProperty("data").EnumerateArray()).Id());
        Assert.Null(second.Text("next"));
        Assert.Equal([paid], (await own.WalkAsync("/v1/pledges?status=paid&sort=announcedOn&asOf=2025-03-01", 1)).Select(p => p.Id()));
        Assert.Equal(paid, Assert.Single(Lines((await own.AskAsync("/v1/pledges.ndjson?status=paid&asOf=2025-03-01&fields=id")).Text).Select(line => JsonDocument.Parse(line).RootElement.Id())));
        Assert.Equal(2_102, Lines((await own.AskAsync("/v1/pledges.ndjson?status=announced&asOf=2025-03-01&fields=id")).Text).Distinct().Count());
        Assert.Equal(500, (await own.GetAsync("/v1/pledges?status=announced&limit=500&asOf=2025-03-01")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_day_or_a_moment_that_cannot_be_is_refused_everywhere()
    {
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var list in Lists)
        {
            foreach (var path in new[] { $"/v1/{list}", $"/v1/{list}/{(await server.AllAsync($"/v1/{list}"))[0].Id()}" })
            {
                await server.RefusesAsync($"{path}?asOf={tomorrow}", "?asOf", "date_out_of_range");
                await server.RefusesAsync($"{path}?asOf=2018-02-30", "?asOf", "invalid_date");
                await server.RefusesAsync($"{path}?knownAt=yesterday", "?knownAt", "invalid_instant");
                await server.RefusesAsync($"{path}?knownAt=2118-01-01T00:00:00Z", "?knownAt", "date_out_of_range");
                await server.RefusesAsync($"{path}?knownAt=999999", "?knownAt", "unknown_version");
            }

            if (list != "donors")
            {
                await server.RefusesAsync($"/v1/{list}?changedSince=3&asOf=2018-07-01", "?changedSince", "not_allowed");
            }
        }

        await server.RefusesAsync("/v1/pledges?sort=amountUsd&asOf=2018-07-01", "?sort", "not_allowed");
        await server.RefusesAsync("/v1/pledges?sort=-outstanding&knownAt=3", "?sort", "not_allowed");
        await server.RefusesAsync("/v1/pledges?count=true&asOf=2018-07-01", "?count", "not_allowed");
        Assert.Empty(await server.AllAsync("/v1/pledges?asOf=2018-07-01&knownAt=0"));
    }

    [Fact]
    public async Task Without_either_no_answer_says_how_it_was_read()
    {
        foreach (var list in Lists)
        {
            var page = await server.GetAsync($"/v1/{list}");
            Assert.False(page.TryGetProperty("basis", out _));
            var alone = await server.GetAsync($"/v1/{list}/{page.GetProperty("data")[0].Id()}");
            Assert.False(alone.TryGetProperty("asOfBasis", out _));
            Assert.Equal(list == "shortfalls", alone.TryGetProperty("basis", out _));
        }
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    private static (string? Status, decimal Amount, decimal Outstanding, decimal Paid) Standing(JsonElement pledge) =>
        (pledge.Text("status"), pledge.Number("amount"), pledge.GetProperty("figures").Number("outstanding"), pledge.GetProperty("figures").Number("paid"));
}
