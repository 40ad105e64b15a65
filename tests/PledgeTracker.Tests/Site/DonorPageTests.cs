namespace PledgeTracker.Tests.Site;

public sealed class DonorPageTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_donors_page_says_what_it_promised_and_what_became_of_it()
    {
        await using var facts = new TestServer();
        await facts.InitializeAsync();
        var page = await facts.HtmlAsync("/donors/usa");
        Assert.StartsWith("Since 2018, United States of America has promised about $1.08 billion in 4 promises. ", Reading.Lead(page), StringComparison.Ordinal);
        Assert.EndsWith(" And $230 million was withdrawn. The rest, $851 million, is a promise and nothing more.", Reading.Lead(page), StringComparison.Ordinal);
        var text = Reading.Text(page);
        Assert.Contains("The sources do not say whether these are grants, loans or something else.", text, StringComparison.Ordinal);
        Assert.Contains("Promises of $230 million were withdrawn; no reason is on record.", text, StringComparison.Ordinal);
        Assert.Contains("535 مليون دولار كمساعدات إنسانية إضافية للشعب السوري", text, StringComparison.Ordinal);
        Assert.Contains("Withdrawn · 17 August 2018", text, StringComparison.OrdinalIgnoreCase);
        var arabic = await facts.HtmlAsync("/donors/usa?lang=ar&nu=arab");
        Assert.StartsWith("منذ ٢٠١٨ بلغ مجموع تعهدات الولايات المتحدة الأمريكية نحو ١٫٠٨ مليار دولار في ٤ تعهدات. ", Reading.Lead(arabic), StringComparison.Ordinal);
        Assert.EndsWith(" وسُحب مبلغ ٢٣٠ مليون دولار. أما الباقي، وهو ٨٥١ مليون دولار، فوعد لا غير.", Reading.Lead(arabic), StringComparison.Ordinal);
        Assert.Contains("كل التعهدات", Reading.Text(arabic), StringComparison.Ordinal);
        Assert.StartsWith("In 2018, United States of America promised $200 million in one promise. ", Reading.Lead(await facts.HtmlAsync("/donors/usa?asOf=2018-07-01")), StringComparison.Ordinal);
        Assert.Equal("By the end of 1 January 2018 no pledge of United States of America was on record.", Reading.Lead(await facts.HtmlAsync("/donors/usa?asOf=2018-01-01")));
        // Gave without a pledge.
        Assert.Equal("No pledge of Finland is on record. Without a pledge, $1.69 million was committed; none of it is on record as paid.", Reading.Lead(await facts.HtmlAsync("/donors/fin")));
        // In its own currency as well.
        Assert.Contains("€500 million", Reading.Text(await facts.HtmlAsync("/donors/deu")), StringComparison.Ordinal);
        // What is the same of all is said once.
        Assert.Contains("All of these: Promised only.", Reading.Text(await facts.HtmlAsync("/donors/kwt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_record_is_told_in_words()
    {
        await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("recorded", "Recorded");
            await enter.OrganizationAsync("a-group", "A group", type: "group");
            var due = await enter.PledgeAsync("recorded", 1_000_000, "2025-01-01", dueOn: "2025-06-01");
            await enter.ContributionAsync(due, "payment", 250_000, "2025-02-01");
            var lapsed = await enter.PledgeAsync("recorded", 400, "2025-01-01");
            await server.Editor.RecordAsync($"/v1/pledges/{lapsed}/withdrawals", new { amount = 100, date = "2025-03-01", reason = "lapsed" });
            await enter.ReviseAsync(lapsed, -50, "2025-03-02");
            var groups = await enter.PledgeAsync("a-group", 900, "2025-01-01");
            await enter.ContributionAsync(new { pledgeId = groups, stage = "payment", amount = 70, currency = "USD", date = "2025-02-01", paidBy = "recorded" });
        });
        var text = await server.ReadAsync("/donors/recorded");
        Assert.Contains("One promise is overdue; $750,000 of it is outstanding.", text, StringComparison.Ordinal);
        Assert.Contains("25% of what it promised and did not withdraw is on record as paid.", text, StringComparison.Ordinal);
        Assert.Contains("Promises of $100 lapsed.", text, StringComparison.Ordinal);
        Assert.Contains("Revisions took $50 off its promises", text, StringComparison.Ordinal);
        Assert.Contains("it paid $70 on promises of groups that it belongs to", text, StringComparison.Ordinal);
        Assert.Contains("due 1 June 2025", text, StringComparison.Ordinal);
        Assert.Contains("overdue", text, StringComparison.Ordinal);
        Assert.Contains("تعهد واحد متأخر عن موعده، ولم يُدفع منه 750,000 دولار.", await server.ReadAsync("/donors/recorded?lang=ar"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_merged_into_another_has_that_ones_page()
    {
        await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("once", "Once");
            await enter.OrganizationAsync("now", "Now");
            await enter.PledgeAsync("once", 100, "2026-01-01");
        });
        await server.Editor.SendAsync(HttpMethod.Post, "/v1/organizations/once/merge-into/now");
        var moved = await server.AskAsync("/donors/once?lang=ar&asOf=2026-02-01", null, ("Accept", Reading.Browser));
        Assert.Equal((308, "/donors/now?lang=ar&asOf=2026-02-01"), (moved.Status, moved.Header("Location")));
        Assert.Contains("Now promised $100", Reading.Lead(await server.HtmlAsync("/donors/now?lang=en")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_typed_stays_text()
    {
        const string Bad = "<script>alert(1)</script>\" onx=\"1";
        await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("bad", Bad, Bad);
            await enter.FundAsync("bad-fund", Bad, Bad);
            await enter.EventAsync("bad-event", "2026-01-01", Bad, Bad);
        });
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", new
        {
            donors = new[] { new { donorId = "bad", amount = 1_000_000 } },
            currency = "USD",
            instrument = "grant",
            announcedOn = "2026-01-01",
            fundId = "bad-fund",
            eventId = "bad-event",
            description = new { en = Bad, ar = Bad },
            note = new { en = Bad },
            citations = new[] { new { sourceId = WriteServer.Source, quote = Bad, note = new { en = Bad } } },
        })).Id();
        await server.Editor.RecordAsync("/v1/contributions", new { pledgeId = pledge, stage = "payment", amount = 5, currency = "USD", date = "2026-02-01", reference = "<b>&", note = new { en = Bad } });
        foreach (var path in (string[])["/", $"/donors/bad", $"/pledges/{pledge}", "/?q=alert", "/about"])
        {
            foreach (var language in (string[])["en", "ar"])
            {
                var page = await server.HtmlAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={language}");
                Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
                Assert.DoesNotContain("\" onx=\"1", page, StringComparison.Ordinal);
                Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
                Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
                Assert.True(path == "/about" || Reading.Text(page).Contains("<script>alert(1)", StringComparison.Ordinal), path);
            }
        }
    }
}
