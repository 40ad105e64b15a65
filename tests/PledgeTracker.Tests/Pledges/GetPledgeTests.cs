using System.Text.Json;

namespace PledgeTracker.Tests.Pledges;

public sealed class GetPledgeTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_US_pledge_for_Syria_reads_pledged_230_million_and_withdrawn_230_million()
    {
        var pledge = await server.GetAsync($"/v1/pledges/{(await server.AllAsync("/v1/pledges?status=withdrawn"))[0].Id()}");
        Assert.Equal("withdrawn", pledge.Text("status"));
        Assert.Equal(230_000_000, pledge.Number("amount"));
        var figures = pledge.GetProperty("figures");
        Assert.Equal(230_000_000, figures.Number("pledged"));
        Assert.Equal(230_000_000, figures.Number("withdrawn"));
        Assert.Equal(0, figures.Number("outstanding"));
        Assert.Equal(0, figures.Number("paid"));
        Assert.Equal(JsonValueKind.Null, figures.GetProperty("paidShare").ValueKind);
        Assert.Equal("usa", Assert.Single(pledge.GetProperty("donors").EnumerateArray()).Id());
        Assert.Equal("coalition-ministerial-kuwait-2018-02-13", pledge.RefId("event"));
    }

    [Fact]
    public async Task A_pledge_alone_is_the_pledge_of_the_list_with_its_texts_in_both_languages()
    {
        foreach (var item in await server.AllAsync("/v1/pledges"))
        {
            var alone = await server.GetAsync($"/v1/pledges/{item.Id()}");
            foreach (var member in item.EnumerateObject().Where(m => m.Name != "description"))
            {
                Assert.True(JsonElement.DeepEquals(member.Value, alone.GetProperty(member.Name)), member.Name);
            }

            Assert.Equal(item.Text("description"), alone.GetProperty("description").Text("en"));
        }
    }

    [Fact]
    public async Task What_was_amended_since_is_as_it_was_said_at_the_moment_alone_in_lists_and_in_sums()
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        using var editor = await own.ClientAsync("editor");
        var pledge = await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("anna");
            return await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "anna", amount = 100 } }, currency = "USD", announcedOn = "2024-01-01", recipientId = "anna", instrument = "grant",
                sectors = new[] { "14030" }, earmarking = "earmarked", description = new { en = "For wells", ar = "للآبار" }, dueOn = "2025-01-01",
            });
        });
        var before = await own.VersionAsync();
        await AmendAsync("""{ "sectors": ["15220"], "earmarking": "unearmarked", "description": { "en": "For schools" }, "note": { "en": "As printed" }, "dueOn": "2026-01-01" }""");
        var between = await own.VersionAsync();
        await AmendAsync("""{ "sectors": [], "earmarking": null, "description": null }""");
        Assert.Equal("14030 earmarked For wells للآبار - 2026-01-01", await ToldAsync($"?knownAt={before}"));
        Assert.Equal("15220 unearmarked For schools للآبار As printed 2026-01-01", await ToldAsync($"?knownAt={between}"));
        Assert.Equal("- - - - As printed 2026-01-01", await ToldAsync($"?knownAt={await own.VersionAsync()}"));
        Assert.Equal("- - - - As printed 2026-01-01", await ToldAsync(""));
        foreach (var (version, sector, earmarking) in ((long, string?, string?)[])[(before, "14030", "earmarked"), (between, "15220", "unearmarked"), (await own.VersionAsync(), null, null)])
        {
            Assert.Equal([sector], await KeysAsync($"/v1/summary?groupBy=sector&knownAt={version}", "rows"));
            Assert.Equal([earmarking], await KeysAsync($"/v1/summary?groupBy=earmarking&knownAt={version}", "rows"));
            Assert.Equal([sector], await KeysAsync($"/v1/time-series?groupBy=sector&knownAt={version}", "series"));
        }

        async Task AmendAsync(string json) => Assert.Equal(System.Net.HttpStatusCode.OK, (await editor.AmendAsync($"/v1/pledges/{pledge}", json)).Status);
        async Task<string?[]> KeysAsync(string path, string rows) => [.. (await own.GetAsync(path)).GetProperty(rows).EnumerateArray().Select(row => row.Text("key"))];
        async Task<string> ToldAsync(string query)
        {
            var alone = await own.GetAsync($"/v1/pledges/{pledge}{query}");
            var listed = Assert.Single(await own.AllAsync("/v1/pledges" + query));
            Assert.Equal(alone.Texts("sectors"), listed.Texts("sectors"));
            Assert.Equal((alone.Text("earmarking"), Text(alone, "description", "en")), (listed.Text("earmarking"), listed.Text("description")));
            return string.Join(' ', new[] { alone.Texts("sectors").FirstOrDefault(), alone.Text("earmarking"), Text(alone, "description", "en"), Text(alone, "description", "ar"), Text(alone, "note", "en"), alone.Text("dueOn") }
                .Select(text => text ?? "-"));
        }

        static string? Text(JsonElement of, string member, string language) => of.GetProperty(member) is { ValueKind: JsonValueKind.Object } text ? text.Text(language) : null;
    }

    [Fact]
    public async Task A_shared_pledge_names_its_countries_and_no_split()
    {
        var pledge = await server.GetAsync($"/v1/pledges/{(await server.AllAsync("/v1/pledges?fund=coalition-drive-2024"))[0].Id()}");
        Assert.True(pledge.GetProperty("shared").GetBoolean());
        Assert.Equal(["IRQ", "SYR"], pledge.Texts("countries"));
        Assert.Equal(168_000_000, pledge.Number("amount"));
    }

    [Fact]
    public async Task What_was_due_and_from_whom_money_was_passed_on_stands_in_the_pledge()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        var (first, second) = await own.EnterAsync(async enter =>
        {
            var origin = await enter.PledgeAsync("usa", 300, "2025-01-01", "undp-ffs", dueOn: "2025-06-01");
            return (origin, await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "undp", amount = 100.5m } },
                currency = "USD",
                announcedOn = "2025-02-01",
                instrument = "grant",
                passedOnFrom = origin,
                instalments = new[] { new { dueOn = "2025-03-01", amount = 50m }, new { dueOn = "2025-04-01", amount = 50.5m } },
                sectors = new[] { "15220" },
                usageYears = new[] { 2025, 2026 },
                earmarking = "earmarked",
            }));
        });
        Assert.Equal("2025-06-01", (await own.GetAsync($"/v1/pledges/{first}")).Text("dueOn"));
        var passedOn = await own.GetAsync($"/v1/pledges/{second}");
        Assert.Equal(first, passedOn.Text("passedOnFrom"));
        Assert.Equal(100.5m, passedOn.Number("amount"));
        Assert.Equal("2025-04-01", passedOn.GetProperty("instalments")[1].Text("dueOn"));
        Assert.Equal(50.5m, passedOn.GetProperty("instalments")[1].Number("amount"));
        Assert.Equal(["15220"], passedOn.Texts("sectors"));
        Assert.Equal(2026, passedOn.GetProperty("usageYears")[1].GetInt32());
        Assert.Equal("earmarked", passedOn.Text("earmarking"));
        // Passed on, it stays out of totals: nothing was given twice.
        Assert.DoesNotContain("undp", (await own.AllAsync("/v1/donors")).Select(Asking.Id));
    }
}
