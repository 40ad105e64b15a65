using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PledgeTracker.Tests.Site;

/// <summary>Recording by hand, in a browser: by the keyboard alone wherever that is what the test is about.</summary>
[Collection<InABrowser>]
public sealed class RecordPageTests(TestServer server, Browser browser) : IClassFixture<TestServer>
{
    private static int _made;

    [Fact]
    public async Task The_page_is_kept_by_nobody_framed_by_nobody_and_tells_nobody_whence_it_is_left()
    {
        foreach (var language in (string[])["en", "ar"])
        {
            var answer = await server.AskAsync($"/record?lang={language}", null, ("Accept", "text/html"));
            Assert.Equal(200, answer.Status);
            Assert.Equal("no-store", answer.Header("Cache-Control"));
            Assert.Null(answer.Header("ETag"));
            Assert.Equal(language, answer.Header("Content-Language"));
            Assert.Equal("Accept, Accept-Encoding, Accept-Language", answer.Header("Vary"));
            Assert.Null(answer.Header("Set-Cookie"));
            Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
            Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy")!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_contribution_is_recorded_by_the_keyboard_alone()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        var keys = page.Keyboard;
        // The first field has the focus; a name is searched, and chosen with the arrows.
        Assert.Equal("c-donorId", await FocusAsync(page));
        await keys.TypeAsync("Germ");
        await Expect(page.Locator("#c-donorId-list [role=option]").First).ToBeVisibleAsync();
        await keys.PressAsync("ArrowDown");
        Assert.Equal("c-donorId-list-0", await page.Locator("#c-donorId").GetAttributeAsync("aria-activedescendant"));
        await keys.PressAsync("Enter");
        await Expect(page.Locator("#c-donorId")).ToHaveValueAsync("Germany");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        Assert.Equal("c-fundId", await FocusAsync(page));
        await keys.TypeAsync("funding facility stab");
        await Expect(page.Locator("#c-fundId-list [data-id=undp-ffs]")).ToBeVisibleAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await page.Locator("#c-date").FillAsync("2026-01-15");
        await page.Locator("#c-amount").FocusAsync();
        await keys.TypeAsync("25000.50");
        await page.Locator("#c-note").FocusAsync();
        await keys.TypeAsync("دفعة <script>alert(1)</script>");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(page.Locator("#contribution .done a")).ToHaveTextAsync("25,000.50 USD · 15 January 2026");
        var recorded = (await server.GetAsync("/v1/contributions?donor=deu&fund=undp-ffs&from=2026-01-15&to=2026-01-15", language: "ar")).GetProperty("data")[0];
        Assert.Equal((25000.50m, "payment", "دفعة <script>alert(1)</script>"), (recorded.Number("amount"), recorded.Text("stage"), recorded.Text("note")));
        await Expect(page.Locator("#contribution .done a")).ToHaveAttributeAsync("href", $"/pledges/{recorded.Text("pledgeId")}?lang=en");
        await Expect(page.Locator("#mine tbody tr")).ToHaveCountAsync(1);
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task A_double_click_records_once_and_what_is_changed_after_it_is_another()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        var amount = await FillAsync(page);
        await page.Locator("#contribution > .act button").DblClickAsync();
        await Expect(page.Locator("#contribution .done")).ToBeVisibleAsync();
        await page.Locator("#contribution > .act button").ClickAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Equal(1, await CountAsync(amount));
        await page.Locator("#c-amount").FillAsync($"{amount + 1}");
        await Expect(page.Locator("#contribution .done")).ToBeHiddenAsync();
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator("#contribution .done")).ToBeVisibleAsync();
        Assert.Equal((1, 1), (await CountAsync(amount), await CountAsync(amount + 1)));
    }

    [Fact]
    public async Task What_is_wrong_stands_at_its_field_and_the_first_has_the_focus()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        var form = page.Locator("#contribution");
        await form.Locator("> .act button").ClickAsync();
        await Expect(page.Locator("#c-donorId-fault")).ToContainTextAsync("Fill this in.");
        await Expect(page.Locator("#c-fundId-fault")).ToContainTextAsync("Choose a fund or a recipient.");
        await Expect(page.Locator("#c-date-fault")).ToContainTextAsync("Fill this in.");
        Assert.Equal("c-donorId", await FocusAsync(page));
        await Expect(page.Locator("#c-donorId")).ToHaveAttributeAsync("aria-invalid", "true");
        await FillAsync(page);
        foreach (var (written, currency, said) in ((string, string, string)[])[("1,234", "USD", "two ways"), ("10.123", "USD", "USD has 2 decimals"), ("1.5", "JPY", "JPY has 0 decimals"), ("0", "USD", "greater than zero")])
        {
            await page.Locator("#c-amount").FillAsync(written);
            await page.Locator("#c-currency").SelectOptionAsync(currency);
            await form.Locator("> .act button").ClickAsync();
            await Expect(page.Locator("#c-amount-fault")).ToContainTextAsync(said);
            Assert.Equal("c-amount", await FocusAsync(page));
        }

        await page.Locator("#c-amount").FillAsync("5");
        await page.Locator("#c-currency").SelectOptionAsync("JPY");
        await form.Locator("> .act button").ClickAsync();
        await Expect(page.Locator("#c-amountUsd-fault")).ToContainTextAsync("No exchange rate of that time is known here: give the amount in US dollars as well");
        await page.Locator("#c-recipientId").FillAsync("nobody is called so");
        await Expect(page.Locator("#c-recipientId-list")).ToContainTextAsync("Nothing is called so.");
        await form.Locator("> .act button").ClickAsync();
        await Expect(page.Locator("#c-recipientId-fault")).ToContainTextAsync("Choose one of the list.");
    }

    [Fact]
    public async Task What_seems_to_be_there_already_is_shown_before_it_is_sent_and_recorded_where_it_is_another()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        var amount = await FillAsync(page);
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator("#contribution .done")).ToBeVisibleAsync();
        await page.Locator("#c-reference").FillAsync("the second");
        await page.Locator("#c-note").FocusAsync();
        await Expect(page.Locator(".twins a")).ToHaveTextAsync($"{amount:#,0} USD · 15 January 2026");
        Assert.Equal(1, await CountAsync(amount));
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator(".twins button")).ToBeFocusedAsync();
        Assert.Equal(1, await CountAsync(amount));
        await EveryPageTests.ShootAsync(page, "record-twins-en-1280");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#contribution .done")).ToBeVisibleAsync();
        Assert.Equal(2, await CountAsync(amount));
    }

    [Fact]
    public async Task A_payment_of_a_pledge_shows_on_an_open_page_within_two_seconds()
    {
        await using var visitor = await browser.VisitAsync(server);
        var open = await visitor.OpenAsync("/events/kuwait-conference-2018?lang=en");
        var before = await open.Locator("main").TextContentAsync();
        var (page, _) = await EnteredAsync(visitor);
        await ChooseAsync(page, "pledgeId", "turkiye");
        await Expect(page.Locator("#c-donorId")).ToHaveValueAsync("Türkiye");
        await Expect(page.Locator("#c-fundId")).ToBeDisabledAsync();
        await page.Locator("#c-date").FillAsync("2026-02-01");
        await page.Locator("#c-amount").FillAsync("٧٬٠٠٠٬٠٠٠");
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator("#contribution .done")).ToBeVisibleAsync();
        await open.WaitForFunctionAsync("before => document.querySelector('main').textContent !== before", before, new() { Timeout = 2000 });
    }

    [Fact]
    public async Task The_key_is_in_no_address_and_is_gone_when_it_is_forgotten_refused_or_an_administrators()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, token) = await EnteredAsync(visitor);
        Assert.Equal(token, await StoredAsync(page));
        // It stays while the tab is there, and no other tab sees it.
        await page.ReloadAsync();
        await Expect(page.Locator("#desk")).ToBeVisibleAsync();
        Assert.Null(await StoredAsync(await visitor.OpenAsync("/record?lang=en")));
        await page.Locator("#forget").ClickAsync();
        await Expect(page.Locator("#desk")).ToBeHiddenAsync();
        await Expect(page.Locator("#said")).ToHaveTextAsync("The key is forgotten.");
        Assert.Null(await StoredAsync(page));
        // Revoked while it is in use.
        await EnterAsync(page, token);
        await Expect(page.Locator("#desk")).ToBeVisibleAsync();
        using var admin = server.WithToken(await server.FirstKey);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await admin.SendAsync(HttpMethod.Delete, $"/v1/keys/{token.Split('_')[1]}")).Status);
        await FillAsync(page);
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator("#desk")).ToBeHiddenAsync();
        await Expect(page.Locator("#key-fault")).ToHaveTextAsync("A valid API key is needed");
        Assert.Null(await StoredAsync(page));
        await EnterAsync(page, await server.FirstKey);
        await Expect(page.Locator("#key-fault")).ToContainTextAsync("The key of an administrator");
        await Expect(page.Locator("#desk")).ToBeHiddenAsync();
        Assert.Null(await StoredAsync(page));
        Assert.DoesNotContain(visitor.Asked, address => address.Contains("pt_", StringComparison.Ordinal));
        Assert.Empty(await visitor.Context.CookiesAsync());
    }

    [Fact]
    public async Task A_spreadsheet_is_tried_out_its_wrong_cells_are_named_and_then_it_is_recorded()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        var amount = Amount();
        async Task TryAsync(string second)
        {
            var file = $"Donor,Fund,Stage,Amount,Currency,Date\nGermany,undp-ffs,payment,{amount},USD,2026-01-15\nGermany,undp-ffs,payment,{second},USD,2026-01-16\n";
            await page.Locator("#s-file").SetInputFilesAsync(new FilePayload { Name = "payments.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(file) });
            await page.Locator("#sheet > .act button").ClickAsync();
        }

        await TryAsync("much");
        await Expect(page.Locator("#import tbody th")).ToHaveTextAsync("3");
        await Expect(page.Locator("#import tbody td").First).ToHaveTextAsync("D3");
        await Expect(page.Locator("#import tbody td").Last).ToContainTextAsync("much");
        await Expect(page.Locator("[data-apply]")).ToBeHiddenAsync();
        Assert.Empty(await EveryPageTests.FaultsAsync(page, 1280));
        await EveryPageTests.ShootAsync(page, "record-sheet-en-1280");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("[data-corrections]").ClickAsync());
        Assert.Contains("much", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
        await TryAsync($"{amount + 1}");
        await Expect(page.Locator("[data-apply]")).ToBeVisibleAsync();
        Assert.Equal(0, await CountAsync(amount));
        await page.Locator("[data-apply]").ClickAsync();
        await Expect(page.Locator("[data-state=done]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-outcome=created] bdi")).ToHaveTextAsync("2");
        Assert.Equal((1, 1), (await CountAsync(amount), await CountAsync(amount + 1)));
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task My_records_are_replaced_and_reversed_with_a_reason()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        var amount = await FillAsync(page);
        await page.Locator("#contribution > .act button").ClickAsync();
        await page.Locator("#mine tbody [data-replace]").ClickAsync();
        await page.Locator("#r-amount").FillAsync($"{amount + 1}");
        await page.Locator("#correct .act [data-replace]").ClickAsync();
        await Expect(page.Locator("#r-reason-fault")).Not.ToBeEmptyAsync();
        await Expect(page.Locator("#r-reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("A digit was wrong");
        await page.Locator("#correct .act [data-replace]").ClickAsync();
        await Expect(page.Locator("#correct")).ToBeHiddenAsync();
        Assert.Equal((0, 1), (await CountAsync(amount), await CountAsync(amount + 1)));
        var row = page.Locator("#mine tbody tr").Filter(new() { HasText = $"{amount + 1:#,0} USD" });
        await row.Locator("button[data-reverse]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#r-reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("أُدخل مرتين");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#correct")).ToBeHiddenAsync();
        await Expect(row.Locator("[data-reversed]")).ToBeVisibleAsync();
        await Expect(row.Locator("[data-reverse]")).ToBeHiddenAsync();
        Assert.Equal(0, await CountAsync(amount + 1));
        Assert.DoesNotContain(visitor.Faults, fault => !fault.StartsWith("Failed to load resource", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_was_forgotten_takes_what_it_saw_along_and_its_late_refusal_touches_no_other()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        var other = await server.TokenAsync("recorder", "undp");
        await FillAsync(page);
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator("#contribution .done")).ToBeVisibleAsync();
        var refusal = new TaskCompletionSource();
        var isAsked = new TaskCompletionSource();
        await page.RouteAsync("**/v1/organizations?*", async route =>
        {
            isAsked.TrySetResult();
            await refusal.Task;
            await route.FulfillAsync(new() { Status = 401, ContentType = "application/problem+json", Body = "{\"title\":\"No\"}" });
        });
        await page.Locator("#c-donorId").PressAsync("ArrowDown");
        await isAsked.Task;
        await page.Locator("#forget").ClickAsync();
        await EnterAsync(page, other);
        await Expect(page.Locator("#desk")).ToBeVisibleAsync();
        await Expect(page.Locator("#contribution .done")).ToBeHiddenAsync();
        var late = page.WaitForResponseAsync("**/v1/organizations?*");
        refusal.SetResult();
        await late;
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Expect(page.Locator("#desk")).ToBeVisibleAsync();
        Assert.Equal(other, await StoredAsync(page));
    }

    [Fact]
    public async Task Every_refused_row_beyond_those_shown_is_told_of()
    {
        await using var visitor = await browser.VisitAsync(server, 390);
        var (page, _) = await EnteredAsync(visitor);
        await page.Locator("#sheet > .act button").ClickAsync();
        await Expect(page.Locator("#s-file-fault")).ToHaveTextAsync("Fill this in.");
        var rows = string.Concat(Enumerable.Range(1, 101).Select(i => $"Germany,undp-ffs,payment,much{i},USD,2026-01-15\n"));
        await page.Locator("#s-file").SetInputFilesAsync(new FilePayload { Name = "p.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("Donor,Fund,Stage,Amount,Currency,Date\n" + rows) });
        await page.Locator("#sheet > .act button").DblClickAsync();
        await Expect(page.Locator("#import tbody tr")).ToHaveCountAsync(100);
        await Expect(page.Locator("[data-rest]")).ToBeVisibleAsync();
        Assert.Equal(1, visitor.CountOf("/v1/imports"));
    }

    [Fact]
    public async Task A_spreadsheet_that_is_gone_while_it_is_watched_is_not_shown_any_more()
    {
        await using var visitor = await browser.VisitAsync(server);
        // It goes on when it is first told of, and is not there when it is asked after.
        await visitor.Context.RouteAsync("**/v1/imports?*", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = Regex.Replace(await answer.TextAsync(), "\"endedAt\":\"[^\"]*\"", "\"endedAt\":null") });
        });
        await visitor.Context.RouteAsync("**/v1/imports/*", route => route.ContinueAsync(new() { Url = new Uri(new Uri(route.Request.Url), $"/v1/imports/{Guid.CreateVersion7()}").AbsoluteUri }));
        var (page, _) = await EnteredAsync(visitor);
        await page.Locator("#s-file").SetInputFilesAsync(new FilePayload { Name = "p.csv", MimeType = "text/csv", Buffer = "Donor,Fund,Stage,Amount,Currency,Date\nGermany,undp-ffs,payment,5,USD,2026-01-15\n"u8.ToArray() });
        await page.Locator("#sheet > .act button").ClickAsync();
        await Expect(page.Locator("#sheet .fault-box")).ToContainTextAsync("There is no import");
        await Expect(page.Locator("#import")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_says_so()
    {
        await using var visitor = await browser.VisitAsync(server);
        await visitor.Context.RouteAsync("**/v1/contributions?*", route => route.AbortAsync());
        var (page, _) = await EnteredAsync(visitor);
        await Expect(page.Locator("#mine .fault-box")).ToHaveTextAsync("The server did not answer. Try again.");
        await Expect(page.Locator("[data-nothing]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_name_that_looks_like_markup_stays_a_name()
    {
        const string Name = "<img src=x onerror=self.ran=1> \" onx=\"";
        await server.EnterAsync(enter => enter.OrganizationAsync("markup-org", Name));
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor);
        await page.Locator("#c-donorId").FillAsync("markup");
        await Expect(page.Locator("#c-donorId-list bdi").First).ToHaveTextAsync(Name);
        await page.Locator("#c-donorId-list [data-id]").First.ClickAsync();
        await Expect(page.Locator("#c-donorId")).ToHaveValueAsync(Name);
        Assert.Equal(0, await page.Locator("main img").CountAsync());
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Recorders_record_in_the_name_of_their_own_and_in_arabic()
    {
        await using var visitor = await browser.VisitAsync(server);
        var (page, _) = await EnteredAsync(visitor, "ar", "undp");
        await Expect(page.Locator("#holder-one")).ToContainTextAsync("تسجل باسم");
        await Expect(page.Locator("#s-format option[value=pledges]")).ToBeDisabledAsync();
        var amount = Amount();
        await ChooseAsync(page, "donorId", "الماني");
        await ChooseAsync(page, "fundId", "undp-ffs");
        await page.Locator("#c-date").FillAsync("2026-01-15");
        await page.Locator("#c-amount").FillAsync($"{amount}.٥٠");
        await page.Locator("#contribution > .act button").ClickAsync();
        // It neither gave nor received it.
        await Expect(page.Locator("#contribution .fault-box")).ToContainTextAsync("undp");
        await ChooseAsync(page, "recipientId", "undp");
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator("#contribution .done")).ToContainTextAsync("سُجلت");
        await Expect(page.Locator("#mine tbody tr").First).ToContainTextAsync("دفعة");
        await Expect(page.Locator("#mine tbody tr").First).ToContainTextAsync("15 كانون الثاني 2026");
        await page.Locator("#c-amount").FillAsync("1.234");
        await page.Locator("#contribution > .act button").ClickAsync();
        await Expect(page.Locator("#c-amount-fault")).ToContainTextAsync("المنازل العشرية لعملة USD هو 2");
    }

    [Fact]
    public async Task The_form_is_accessible_on_a_phone_and_on_a_desk_with_what_is_wrong_in_it()
    {
        foreach (var language in (string[])["en", "ar"])
        {
            await using var visitor = await browser.VisitAsync(server, 390);
            var (page, _) = await EnteredAsync(visitor, language);
            await FillAsync(page);
            await page.Locator("#contribution > .act button").ClickAsync();
            await Expect(page.Locator("#contribution .done")).ToBeVisibleAsync();
            await page.Locator("#c-amount").FillAsync("1,234");
            await page.Locator("#contribution > .act button").ClickAsync();
            await page.Locator("#c-fundId").PressAsync("ArrowDown");
            await Expect(page.Locator("#c-fundId-list")).ToBeVisibleAsync();
            foreach (var width in (int[])[390, 1280])
            {
                await page.SetViewportSizeAsync(width, 900);
                Assert.Empty(await EveryPageTests.FaultsAsync(page, width));
                await EveryPageTests.ShootAsync(page, $"record-open-{language}-{width}");
            }

            await page.Locator("#mine tbody [data-replace]").First.ClickAsync();
            Assert.Empty(await EveryPageTests.FaultsAsync(page, 1280));
            await EveryPageTests.ShootAsync(page, $"record-correct-{language}-1280");
        }
    }

    // An amount that no other test has.
    private static int Amount() => 100_000 + (10 * Interlocked.Increment(ref _made));

    private async Task<(IPage Page, string Token)> EnteredAsync(Visitor visitor, string language = "en", string? organization = null)
    {
        var token = await server.TokenAsync(organization is null ? "editor" : "recorder", organization);
        var page = await visitor.OpenAsync($"/record?lang={language}");
        await EnterAsync(page, token);
        await Expect(page.Locator("#desk")).ToBeVisibleAsync();
        return (page, token);
    }

    private static async Task EnterAsync(IPage page, string token)
    {
        await page.Locator("#key-key").FillAsync(token);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task ChooseAsync(IPage page, string member, string name)
    {
        await page.Locator($"#c-{member}").FillAsync(name);
        await page.Locator($"#c-{member}-list [data-id]").First.ClickAsync();
    }

    // A payment that nobody had pledged; its amount.
    private static async Task<int> FillAsync(IPage page)
    {
        var amount = Amount();
        await ChooseAsync(page, "donorId", "deu");
        await ChooseAsync(page, "fundId", "undp-ffs");
        await page.Locator("#c-date").FillAsync("2026-01-15");
        await page.Locator("#c-amount").FillAsync($"{amount}");
        return amount;
    }

    private async Task<int> CountAsync(int amount) =>
        (await server.GetAsync("/v1/contributions?donor=deu&fund=undp-ffs&limit=500")).GetProperty("data").EnumerateArray().Count(of => of.Number("amount") == amount);

    private static Task<string> FocusAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.id");

    private static Task<string?> StoredAsync(IPage page) => page.EvaluateAsync<string?>("sessionStorage.getItem('pledgetracker.key')");
}
