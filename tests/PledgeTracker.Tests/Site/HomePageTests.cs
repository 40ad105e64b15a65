namespace PledgeTracker.Tests.Site;

public sealed class HomePageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Who_names_HTML_gets_the_page_and_programs_are_led_to_the_document_as_ever()
    {
        Assert.Equal(200, (await server.AskAsync("/", null, ("Accept", Reading.Browser))).Status);
        foreach (var accept in (string[])["application/json", "*/*", "application/problem+json"])
        {
            var led = await server.AskAsync("/", null, ("Accept", accept));
            Assert.Equal((302, "/swagger"), (led.Status, led.Header("Location")));
        }

        Assert.Equal((302, "/swagger"), ((await server.AskAsync("/")).Status, (await server.AskAsync("/")).Header("Location")));
    }

    [Fact]
    public async Task One_sentence_says_what_stands()
    {
        Assert.Equal("Since February 2018 the donors on record here have promised about $19.0 billion in public. Of that, $100 million is paid. Another $90 million is committed and not yet paid. " +
            "And $230 million was withdrawn. The rest, $18.6 billion, is a promise and nothing more. Without a pledge, $12.3 million was committed, and $59,400 of that is on record as paid.",
            Reading.Lead(await server.HtmlAsync("/")));
        Assert.Equal("منذ شباط 2018 بلغت التعهدات العلنية للمانحين المسجلين هنا نحو 19.0 مليار دولار. دُفع من ذلك مبلغ 100 مليون دولار. والتُزم بمبلغ 90 مليون دولار لم يُدفع بعد. وسُحب مبلغ 230 مليون دولار. " +
            "أما الباقي، وهو 18.6 مليار دولار، فوعد لا غير. ودون تعهد سابق جرى الالتزام بمبلغ 12.3 مليون دولار، سُجل منه مبلغ 59,400 دولار مدفوعا.",
            Reading.Lead(await server.HtmlAsync("/?lang=ar")));
        Assert.Equal("By the end of 1 January 2017 nothing was on record here.", Reading.Lead(await server.HtmlAsync("/?asOf=2017-01-01")));
        Assert.Equal("لم يكن في السجل شيء حتى نهاية 1 كانون الثاني 2017.", Reading.Lead(await server.HtmlAsync("/?asOf=2017-01-01&lang=ar")));
    }

    [Fact]
    public async Task Loans_credit_lines_and_memoranda_are_kept_apart()
    {
        Assert.Contains("How it is given: credit lines up to $6 billion, memoranda of understanding $3 billion, investment $2.5 billion, loans $1 billion. Of about $6.53 billion the sources do not say it. " +
            "No promise here is called a grant.", await server.ReadAsync("/"), StringComparison.Ordinal);
        Assert.Contains("طريقة التمويل: خطوط ائتمان ما يصل إلى 6 مليارات دولار، مذكرات تفاهم 3 مليارات دولار، استثمارات 2.5 مليار دولار، قروض مليار دولار. أما نحو 6.53 مليار دولار فلا تذكر المصادر طريقة تمويله.",
            await server.ReadAsync("/?lang=ar"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_gap_stands_on_its_own_and_no_page_adds_them_up()
    {
        var page = await server.ReadAsync("/");
        Assert.Contains("$575 million missing in 2018", page, StringComparison.Ordinal);
        Assert.Contains("$300 million missing, needed by 12 July 2018", page, StringComparison.Ordinal);
        Assert.DoesNotContain("875", page, StringComparison.Ordinal);
        Assert.DoesNotContain("$775", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_leads_on()
    {
        var page = await server.HtmlAsync("/?asOf=2020-01-01&lang=ar&nu=arab");
        foreach (var to in (string[])["/donors/tur", "/events/kuwait-conference-2018", "/funds/ne-syria-stabilization", "/about"])
        {
            Assert.Contains($"href=\"{to}?lang=ar&amp;asOf=2020-01-01&amp;nu=arab\"", page, StringComparison.Ordinal);
        }

        Assert.Contains("/v1/pledges.csv?lang=ar&amp;asOf=2020-01-01\"", page, StringComparison.Ordinal);
        // Of now alone: what was entered last, and what subscribes.
        Assert.Contains("/v1/changes.atom?lang=ar\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"changes\"", page, StringComparison.Ordinal);
        Assert.Contains("١٧٫٢ مليار دولار", Reading.Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_last_is_told_with_its_day()
    {
        var page = await server.ReadAsync("/");
        var last = (await server.GetAsync("/v1/changes?sort=-sequence&limit=1")).GetProperty("data")[0];
        Assert.Contains(last.GetProperty("text").GetProperty("en").GetString()!, page, StringComparison.Ordinal);
        Assert.Contains(last.GetProperty("text").GetProperty("ar").GetString()!, await server.ReadAsync("/?lang=ar"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_kept_like_any_read_and_names_itself_in_full()
    {
        var first = await server.AskAsync("/", null, ("Accept", Reading.Browser), ("Host", "aid.example"));
        Assert.Equal(304, (await server.AskAsync("/", null, ("Accept", Reading.Browser), ("Host", "aid.example"), ("If-None-Match", first.Header("ETag")!))).Status);
        Assert.Contains($">http://aid.example/?asOf=", first.Text, StringComparison.Ordinal);
        var other = await server.AskAsync("/", null, ("Accept", Reading.Browser), ("Host", "other.example"));
        Assert.NotEqual(first.Header("ETag"), other.Header("ETag"));
        Assert.Contains($">http://other.example/?asOf=", other.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kuwait", "en", "/donors/kwt", "/events/kuwait-conference-2018", "/funds/iraq-reconstruction")]
    [InlineData("الكويت", "ar", "/donors/kwt", "/events/kuwait-conference-2018", "/funds/iraq-reconstruction")]
    [InlineData("kuwait", "ar", "/donors/kwt")]
    [InlineData("السعودية", "en", "/donors/sau")]
    public async Task Search_finds_pages_in_both_languages_without_a_script(string words, string language, params string[] pages)
    {
        var page = await server.HtmlAsync($"/?q={Uri.EscapeDataString(words)}&lang={language}");
        Assert.All(pages, to => Assert.Contains($"href=\"{to}?lang={language}\"", page, StringComparison.Ordinal));
        Assert.Contains("<mark>", await server.HtmlAsync($"/?q=kuwait&lang={language}"), StringComparison.Ordinal);
        Assert.Contains($"<input type=\"hidden\" name=\"lang\" value=\"{language}\" />", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_page_of_its_own_is_found_all_the_same()
    {
        // It received, and never gave.
        var page = await server.HtmlAsync("/?q=ministry");
        Assert.Contains("href=\"/v1/organizations/irq-mof\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/donors/irq-mof", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/about#source-dailysabah-2019-02-04\"", await server.HtmlAsync("/?q=billions"), StringComparison.Ordinal);
        Assert.Contains("id=\"source-dailysabah-2019-02-04\"", await server.HtmlAsync("/about"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_that_finds_nothing_says_so()
    {
        Assert.Contains("Nothing here is called “zzzz”.", await server.ReadAsync("/?q=zzzz"), StringComparison.Ordinal);
        Assert.Contains("لا شيء هنا اسمه «zzzz».", await server.ReadAsync("/?q=zzzz&lang=ar"), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;&quot; onx=", await server.HtmlAsync("/?q=" + Uri.EscapeDataString("<script>\" onx=")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_database_has_a_page()
    {
        await using var empty = new TestServer { Seed = "none" };
        await empty.InitializeAsync();
        Assert.Equal("Nothing is on record here yet.", Reading.Lead(await empty.HtmlAsync("/")));
        Assert.Equal("لا شيء في السجل بعد.", Reading.Lead(await empty.HtmlAsync("/?lang=ar")));
        Assert.Equal(200, (await empty.AskAsync("/about", null, ("Accept", Reading.Browser))).Status);
    }

    [Fact]
    public async Task The_sentence_follows_what_came()
    {
        await using var made = new TestServer { Seed = "none", Clock = new FixedClock(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)) };
        await made.InitializeAsync();
        var pledge = await made.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("deu", "Germany", "ألمانيا");
            return await enter.PledgeAsync("deu", 100_000_000, "2026-01-01");
        });
        async Task IsAsync(string came) => Assert.Equal($"Since January 2026 the donors on record here have promised $100 million in public. {came}", Reading.Lead(await made.HtmlAsync("/")));
        await IsAsync("So far no payment and no signed commitment is on record.");
        await made.EnterAsync(async enter => await enter.ContributionAsync(pledge, "commitment", 40_000_000, "2026-02-01"));
        await IsAsync("Of that, $40 million is committed; no payment is on record. The rest, $60 million, is a promise and nothing more.");
        await made.EnterAsync(async enter => await enter.ContributionAsync(pledge, "payment", 10_000_000, "2026-02-02"));
        await IsAsync("Of that, $10 million is paid. Another $30 million is committed and not yet paid. The rest, $60 million, is a promise and nothing more.");
        await made.EnterAsync(enter => enter.WithdrawAsync(pledge, 60_000_000, "2026-02-03"));
        await IsAsync("Of that, $10 million is paid. Another $30 million is committed and not yet paid. And $60 million was withdrawn.");
        await made.EnterAsync(async enter => await enter.ContributionAsync(pledge, "payment", 30_000_000, "2026-02-04"));
        await IsAsync("Of that, $40 million is paid. And $60 million was withdrawn.");
        // Of a day nothing later counts.
        Assert.DoesNotContain("paid", Reading.Lead(await made.HtmlAsync("/?asOf=2026-01-15")), StringComparison.Ordinal);
        var second = await made.EnterAsync(enter => enter.PledgeAsync("deu", 5, "2026-01-01"));
        await made.EnterAsync(async enter => await enter.ContributionAsync(second, "payment", 8, "2026-01-02"));
        Assert.Contains("Payments exceed what was promised by $3.", Reading.Lead(await made.HtmlAsync("/")), StringComparison.Ordinal);
    }
}
