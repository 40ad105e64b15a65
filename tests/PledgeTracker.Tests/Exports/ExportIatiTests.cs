using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Http;

namespace PledgeTracker.Tests.Exports;

public sealed class ExportIatiTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Path = "/v1/exports/iati.xml";

    [Fact]
    public async Task The_documented_facts_are_valid_by_the_schema_of_IATI()
    {
        Assert.SkipUnless(IatiReader.SchemaFile.Exists, $"There is no {IatiReader.SchemaFile.Path}: PLEDGETRACKER_DATA names the folder of the published files.");
        IatiReader.Validate(XDocument.Parse((await server.AskAsync(Path)).Text));
    }

    [Fact]
    public async Task Whoever_knows_only_IATI_finds_what_each_fund_of_the_documented_facts_was_pledged_committed_and_paid()
    {
        Assert.Equal(8, await IatiReader.CheckFundsAsync(server.Client));
        await IatiReader.CheckAllAsync(server.Client);
        var funds = (await IatiReader.ActivitiesAsync(server.Client)).ToDictionary(IatiReader.Identifier);
        // 200 million, 30 more, and all of it withdrawn; beside it 90, 100 and 50.
        Assert.Equal((240_000_000, 190_000_000, 100_000_000), IatiReader.Sums(funds["PLEDGETRACKER-FUND-ne-syria-stabilization"]));
        // In euros: 59,400 + 10.5 million and 1.5 million at 1.1278.
        Assert.Equal((0, 12_251_100, 59_400), IatiReader.Sums(funds["PLEDGETRACKER-FUND-undp-ffs"]));
    }

    [Fact]
    public async Task Names_are_in_both_languages_whatever_is_asked_for()
    {
        var english = await server.AskAsync(Path);
        var arabic = await server.AskAsync(Path + "?lang=ar");
        Assert.Equal("ar", arabic.Header("Content-Language"));
        Assert.Equal(english.Text, arabic.Text);
        var activity = Assert.Single(await IatiReader.ActivitiesAsync(server.Client, "?fund=undp-ffs"));
        foreach (var element in activity.DescendantsAndSelf().Where(e => e.Element("narrative") is not null && e.Name != "reporting-org"))
        {
            Assert.False(element.Narrative().IsArabic());
            Assert.True(element.Narrative("ar").IsArabic(), element.ToString());
        }
    }

    [Fact]
    public async Task What_a_fund_needs_for_no_period_is_told_in_words()
    {
        var activity = Assert.Single(await IatiReader.ActivitiesAsync(server.Client, "?fund=iraq-reconstruction"));
        Assert.Empty(activity.Elements("budget"));
        var needs = Assert.Single(activity.Elements("description"), d => (string?)d.Attribute("type") == "4");
        Assert.StartsWith("Original requirement, for no period: 88,200,000,000 USD, stated ", needs.Narrative()!.Replace("about ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("الاحتياج الأصلي بلا فترة: ", needs.Narrative("ar"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_asked_for_as_every_read_is()
    {
        var whole = await server.AskAsync(Path);
        Assert.Equal(("application/xml; charset=utf-8", "attachment; filename=iati.xml"), (whole.Header("Content-Type"), whole.Header("Content-Disposition")));
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<iati-activities ", whole.Text, StringComparison.Ordinal);
        Assert.Equal(whole.Text, (await server.AskAsync(Path)).Text);
        Assert.Equal(304, (await server.AskAsync(Path, null, ("If-None-Match", whole.Header("ETag")!))).Status);
        var head = await server.AskAsync(Path, HttpMethod.Head);
        Assert.Equal((200, "", whole.Header("ETag"), "application/xml; charset=utf-8"), (head.Status, head.Text, head.Header("ETag"), head.Header("Content-Type")));
        Asking.AssertProblem(await server.AskAsync(Path, null, ("Accept", "application/json")), 406, "not_acceptable");
        Assert.Equal(200, (await server.AskAsync(Path, null, ("Accept", "application/xml"))).Status);
        Assert.Contains("undp-ffs", Asking.AssertProblem(await server.AskAsync(Path + "?fund=iraq-reconstruction,undp-ffz"), 404, "not_found").Text("detail"), StringComparison.Ordinal);
        await server.RefusesAsync(Path + "?fund=No%20Slug", "?fund", "invalid_id");
        await server.RefusesAsync(Path + "?funds=undp-ffs", "?funds", "unknown_parameter");

        using var request = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { { "Accept-Encoding", "gzip" } } };
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        using var unpacked = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress), Encoding.UTF8);
        Assert.Equal(whole.Text, await unpacked.ReadToEndAsync());
    }

    [Fact]
    public async Task Where_nothing_is_recorded_there_is_nothing_to_export()
    {
        await using var empty = new TestServer { Seed = "none" };
        await empty.InitializeAsync();
        Asking.AssertProblem(await empty.AskAsync(Path), 404, "not_found");
    }

    [Fact]
    public async Task A_fund_of_many_contributions_is_read_page_by_page_and_one_that_is_too_large_is_refused()
    {
        await using var own = new WriteServer { Configure = builder => builder.Services.AddSingleton(new Downloads(bytes: 4 << 20)) };
        await own.InitializeAsync();
        var fund = await own.FundAsync();
        await own.PledgeAsync(await own.OrganizationAsync(), await own.FundAsync(), 5);
        string[] donors = [await own.OrganizationAsync(), await own.OrganizationAsync("group"), await own.OrganizationAsync()];
        var recipient = await own.OrganizationAsync("22");
        for (var batch = 0; batch < 6; batch++)
        {
            await own.Editor.RecordAsync("/v1/contributions/batch", new
            {
                contributions = Enumerable.Range(batch * 200, 200).Select(i => new
                {
                    donorId = donors[i % 3], fundId = i % 4 == 0 ? null : fund, recipientId = i % 4 == 0 ? recipient : null, stage = i % 2 == 0 ? "payment" : "commitment", amount = 1000 + i, currency = "USD",
                    date = $"2026-0{1 + (i % 9)}-15", distinctFrom = "all",
                }),
            });
        }

        for (var i = 0; i < 30; i++)
        {
            await own.PledgeAsync(donors[i % 3], fund, 1000, more: """, "dueOn": "2027-01-01" """);
        }

        Assert.Equal(2, await IatiReader.CheckFundsAsync(own.Client));
        await IatiReader.CheckAllAsync(own.Client);
        var activities = (await IatiReader.ActivitiesAsync(own.Client)).ToDictionary(IatiReader.Identifier);
        Assert.Equal(["1 " + donors[0], "1 " + donors[1], "1 " + donors[2]], activities[$"PLEDGETRACKER-FUND-{fund}"].Elements("participating-org")
            .Select(o => $"{(string?)o.Attribute("role")} {((string?)o.Attribute("ref"))!["PLEDGETRACKER-ORG-".Length..]}"));
        Assert.Equal(30, activities[$"PLEDGETRACKER-FUND-{fund}"].Elements("planned-disbursement").Count());
        // 900 commitments and payments, and a commitment beside each of the 300 payments.
        Assert.Equal(30 + 900 + 300, activities[$"PLEDGETRACKER-FUND-{fund}"].Elements("transaction").Count());
        Assert.Equal(300 + 300, activities[$"PLEDGETRACKER-RECIPIENT-{recipient}"].Elements("transaction").Count());

        await using var small = new TestServer { Configure = builder => builder.Services.AddSingleton(new Downloads(bytes: 10_000)) };
        await small.InitializeAsync();
        Assert.Contains("filters", Asking.AssertProblem(await small.AskAsync(Path), 503, "busy").Text("detail"), StringComparison.Ordinal);
        Assert.Equal(200, (await small.AskAsync(Path + "?fund=coalition-drive-2024")).Status);
    }
}
