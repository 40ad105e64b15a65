namespace PledgeTracker.Tests.Site;

public sealed class PledgePageTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_promises_ledger_is_told_as_a_story()
    {
        await using var facts = new TestServer();
        await facts.InitializeAsync();
        const string Path = "/pledges/019b76da-a800-8e45-8dfb-36fd1ca58378";
        var page = await facts.HtmlAsync(Path);
        Assert.Equal("13 February 2018: United States of America promised about $230 million to Stabilization and early recovery in north-east Syria. All of it was withdrawn.", Reading.Lead(page));
        var text = Reading.Text(page);
        Assert.Contains("13 February 2018 United States of America promised $200 million.", text, StringComparison.Ordinal);
        Assert.Contains("about 17 August 2018 United States of America raised the promise by about $30 million.", text, StringComparison.Ordinal);
        Assert.Contains("Of the promise of United States of America, about $230 million was withdrawn; no reason is on record.", text, StringComparison.Ordinal);
        Assert.Contains("US outsources Syria aid to Gulf", text, StringComparison.Ordinal);
        var arabic = await facts.HtmlAsync(Path + "?lang=ar");
        Assert.Equal("13 شباط 2018: تعهد من الولايات المتحدة الأمريكية إلى إرساء الاستقرار والإنعاش المبكر في شمال شرق سوريا تبلغ قيمته نحو 230 مليون دولار. سُحب ذلك كله.", Reading.Lead(arabic));
        Assert.Contains("الولايات المتحدة الأمريكية: زيادة التعهد، مقدارها نحو 30 مليون دولار.", Reading.Text(arabic), StringComparison.Ordinal);
        // As of a day, what came later is not told.
        var then = Reading.Text(await facts.HtmlAsync(Path + "?asOf=2018-07-01"));
        Assert.Contains("promised $200 million to", then, StringComparison.Ordinal);
        Assert.DoesNotContain("raised the promise", then, StringComparison.Ordinal);
        Assert.Contains("this is how it stood at the end of 1 July 2018", then, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_wrong_stays_struck_out_with_who_says_so_and_what_stands_in_its_place()
    {
        var (pledge, payment) = await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("story", "Story");
            var pledge = await enter.PledgeAsync("story", 1_000_000, "2026-01-01");
            return (pledge, await enter.ContributionAsync(pledge, "payment", 300_000, "2026-02-01"));
        });
        var before = await server.ReadAsync($"/pledges/{pledge}");
        var known = (await server.AskAsync("/v1/meta")).Header("Dataset-Version")!;
        await server.Editor.RecordAsync($"/v1/entries/{payment}/replacement", new { changes = new { amount = 200_000 }, reason = new { en = "The note says 200,000", ar = "تقول المذكرة 200,000" } });
        var page = await server.HtmlAsync($"/pledges/{pledge}");
        Assert.Matches(@"<s>\s*<a[^>]*><bdi>Story</bdi></a> paid <data value=""300000[^>]*>", page);
        var text = Reading.Text(page);
        Assert.Contains("Reversed on 21 November 2026 by An editor: The note says 200,000 In its place stands entry 4.", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("It stands in the place of entry 2.", text, StringComparison.Ordinal);
        Assert.Contains("Story paid $200,000.", text, StringComparison.Ordinal);
        Assert.Contains("Of that, $200,000 is paid.", text, StringComparison.Ordinal);
        Assert.Contains("السبب: تقول المذكرة 200,000 حل محله القيد 4.", await server.ReadAsync($"/pledges/{pledge}?lang=ar"), StringComparison.Ordinal);
        // By what was known before, it stands.
        var believed = await server.HtmlAsync($"/pledges/{pledge}?knownAt={known}");
        Assert.DoesNotContain("<s>", believed, StringComparison.Ordinal);
        Assert.Contains("Story paid $300,000.", Reading.Text(believed), StringComparison.Ordinal);
        Assert.Contains("Story paid $300,000.", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promise_that_was_a_mistake_is_called_one_and_promises_nothing()
    {
        var pledge = await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("mistaken", "Mistaken");
            return await enter.PledgeAsync("mistaken", 1_000_000, "2026-01-01");
        });
        var entry = (await server.GetAsync($"/v1/pledges/{pledge}/ledger")).GetProperty("data")[0].Text("id")!;
        await server.EnterAsync(enter => enter.ReverseAsync(entry));
        Assert.Equal("1 January 2026: a promise of Mistaken was entered here by mistake. All of it was reversed, and it counts nowhere.", Reading.Lead(await server.HtmlAsync($"/pledges/{pledge}")));
        Assert.Equal("1 كانون الثاني 2026: أُدرج هنا تعهد من Mistaken خطأ. عُكست قيوده كلها، ولا يُحتسب في أي مجموع.", Reading.Lead(await server.HtmlAsync($"/pledges/{pledge}?lang=ar")));
    }

    [Fact]
    public async Task What_rounds_to_no_cent_is_told_in_its_own_currency()
    {
        var pledge = await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("little", "Little");
            await enter.RateAsync("IQD", "2026-01-01", 0.0007m);
            return await enter.PledgeAsync(new { donors = new[] { new { donorId = "little", amount = 5 } }, currency = "IQD", announcedOn = "2026-01-01", instrument = "grant" });
        });
        var page = await server.HtmlAsync($"/pledges/{pledge}");
        Assert.StartsWith("1 January 2026: Little promised IQD 5.", Reading.Lead(page), StringComparison.Ordinal);
        Assert.DoesNotContain("$0", Reading.Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_without_a_promise_is_called_one()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync("/v1/adjustments", new { donorId = donor, fundId = fund, adjusts = "payment", amount = -2_000_000, currency = "USD", date = "2026-06-01" });
        Assert.EndsWith("that nobody had pledged. It is a correction that a source gave without saying of what.", Reading.Lead(await server.HtmlAsync($"/pledges/{made.Text("pledgeId")}")), StringComparison.Ordinal);
        Assert.EndsWith("لم يسبقها تعهد. وهي تصحيح أورده مصدر دون أن يذكر ما يصححه.", Reading.Lead(await server.HtmlAsync($"/pledges/{made.Text("pledgeId")}?lang=ar")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_kind_of_entry_has_its_sentence()
    {
        var pledge = await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("every", "Every");
            await enter.RateAsync("EUR", "2026-01-01", 1.1m);
            var pledge = await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "every", amount = 1000 } },
                currency = "EUR",
                announcedOn = "2026-01-01",
                instrument = "loan",
                dueOn = "2026-12-31",
                countries = new[] { "IRQ" },
                usageYears = new[] { 2026, 2027 },
            });
            await enter.ReviseAsync(pledge, -100, "2026-01-02");
            await enter.ContributionAsync(new { pledgeId = pledge, stage = "commitment", amount = 500, currency = "EUR", date = "2026-01-03" });
            await enter.ContributionAsync(new { pledgeId = pledge, stage = "release", amount = 100, currency = "EUR", date = "2026-01-04" });
            await enter.ContributionAsync(new { pledgeId = pledge, stage = "payment", amount = 300, currency = "EUR", date = "2026-01-05", reference = "B-17" });
            await enter.ContributionAsync(new { pledgeId = pledge, stage = "refund", amount = 50, currency = "EUR", date = "2026-01-06" });
            await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", new { amount = 10, date = "2026-01-07", reason = "withdrawn_by_donor" });
            await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", new { amount = 20, date = "2026-01-08", reason = "written_off" });
            return pledge;
        });
        var text = await server.ReadAsync($"/pledges/{pledge}");
        foreach (var told in (string[])["Every promised €1,000 ($1,100).", "Every lowered the promise by €100 ($110).", "Every committed €500 ($550).", "Of what Every had committed, €100 ($110) was released.",
            "Every paid €300 ($330).", "Reference: B-17.", "Every was paid back €50 ($55).", "Every withdrew €10 ($11) of the promise.", "Of the promise of Every, €20 ($22) was written off.",
            "Due 31 December 2026", "How it is given loan", "Countries Iraq", "For the years 2026, 2027", "In its own currency €900"])
        {
            Assert.Contains(told, text, StringComparison.Ordinal);
        }

        Assert.Contains("تحرير التزام تبلغ قيمته 100 يورو (110 دولارات).", await server.ReadAsync($"/pledges/{pledge}?lang=ar"), StringComparison.Ordinal);
        Assert.Contains("مبلغ مسترد قدره ٥٠ يورو (٥٥ دولار)", await server.ReadAsync($"/pledges/{pledge}?lang=ar&nu=arab"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_pledged_and_what_says_an_old_promise_again_are_called_so()
    {
        var (direct, old, again) = await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("twice", "Twice");
            await enter.FundAsync("twice-fund", "A fund");
            await enter.ContributionAsync(new { donorId = "twice", fundId = "twice-fund", stage = "payment", amount = 70_000, currency = "USD", date = "2026-03-01" });
            var old = await enter.PledgeAsync("twice", 100_000, "2025-01-01");
            var again = await enter.PledgeAsync(new { donors = new[] { new { donorId = "twice", amount = 100_000 } }, currency = "USD", announcedOn = "2026-01-01", instrument = "grant", restates = old });
            return ((await server.AllAsync("/v1/pledges?origin=direct&donor=twice"))[0].Id(), old, again);
        });
        Assert.Equal("1 March 2026: money from Twice to A fund that nobody had pledged. Of that, $70,000 is on record as paid.", Reading.Lead(await server.HtmlAsync($"/pledges/{direct}")));
        var page = await server.HtmlAsync($"/pledges/{again}");
        Assert.Contains("This promise says again what another pledge (1 January 2025) had promised; it is counted there.", Reading.Text(page), StringComparison.Ordinal);
        Assert.Contains($"href=\"/pledges/{old}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blanked_text_says_so_and_amendments_are_told()
    {
        var pledge = await server.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("blanked", "Blanked");
            return await enter.PledgeAsync(new { donors = new[] { new { donorId = "blanked", amount = 1000 } }, currency = "USD", announcedOn = "2026-01-01", instrument = "grant", note = new { en = "A name that should not be here" } });
        });
        await server.Admin.RecordAsync("/v1/redactions", new { entity = "pledge", id = pledge, reason = new { en = "Names a person", ar = "يذكر شخصا" } });
        var text = await server.ReadAsync($"/pledges/{pledge}");
        Assert.DoesNotContain("should not be here", text, StringComparison.Ordinal);
        Assert.Contains("An administrator removed text here on 21 November 2026: Names a person", text, StringComparison.Ordinal);
        Assert.Contains("What was amended", text, StringComparison.Ordinal);
        Assert.Contains("أزال مشرف نصا من هنا في 21 تشرين الثاني 2026: يذكر شخصا", await server.ReadAsync($"/pledges/{pledge}?lang=ar"), StringComparison.Ordinal);
    }
}
