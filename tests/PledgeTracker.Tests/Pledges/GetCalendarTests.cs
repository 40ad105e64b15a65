using System.Globalization;
using System.Text;
using System.Text.Json;
using Ical.Net.CalendarComponents;
using Calendar = Ical.Net.Calendar;

namespace PledgeTracker.Tests.Pledges;

public sealed class GetCalendarTests(GetCalendarTests.Due server) : IClassFixture<GetCalendarTests.Due>
{
    private const string Path = "/v1/calendar.ics";

    /// <summary>Pledges of which something has been paid, is overdue or falls due later, on 2026-03-15.</summary>
    public sealed class Due : TestServer
    {
        public Due()
        {
            Seed = "none";
            Clock = new FixedClock(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero));
        }

        /// <summary>10 million euros in two instalments of 4 and a rest, of which 5 are paid.</summary>
        public string Instalments { get; private set; } = "";

        /// <summary>In dinars, overdue since 2026-01-31.</summary>
        public string Overdue { get; private set; } = "";

        /// <summary>3 million dollars of two donors, of which one withdrew 500,000.</summary>
        public string Joint { get; private set; } = "";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await this.EnterAsync(FillAsync);
        }

        private async Task FillAsync(Entering enter)
        {
            await enter.OrganizationAsync("deu", "Germany", "ألمانيا");
            await enter.OrganizationAsync("kwt", "Kuwait; its fund, and \\ others", "الكويت");
            await enter.OrganizationAsync("undp", "UNDP", "برنامج الأمم المتحدة الإنمائي", "40");
            await enter.FundAsync("ffs", "Funding Facility for Stabilization", "مرفق تمويل الاستقرار");
            await enter.FundAsync("schools", "Schools", "المدارس");
            await enter.EventAsync("kuwait", "2025-02-14", "Kuwait Conference", "مؤتمر الكويت");
            Instalments = await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "deu", amount = 10_000_000, amountUsd = 11_000_000 } },
                currency = "EUR",
                qualifier = "approximate",
                announcedOn = "2025-02-14",
                fundId = "ffs",
                recipientId = "undp",
                eventId = "kuwait",
                instrument = "loan",
                instalments = new[] { new { dueOn = "2025-12-31", amount = 4_000_000 }, new { dueOn = "2026-12-31", amount = 4_000_000 } },
                dueOn = "2027-06-30",
            });
            await enter.ContributionAsync(new { pledgeId = Instalments, stage = "payment", amount = 5_000_000, amountUsd = 5_600_000, currency = "EUR", date = "2025-12-30" });
            Overdue = await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "kwt", amount = 500_000.5m, amountUsd = 1_600_000 } },
                currency = "KWD",
                announcedOn = "2025-01-01",
                datePrecision = "year",
                fundId = "schools",
                instrument = "grant",
                dueOn = "2026-01-31",
            });
            Joint = await enter.PledgeAsync(new
            {
                donors = new[] { new { donorId = "deu", amount = 2_000_000 }, new { donorId = "kwt", amount = 1_000_000 } },
                currency = "USD",
                announcedOn = "2025-06-01",
                fundId = "ffs",
                instrument = "grant",
                dueOn = "2026-03-15",
            });
            await enter.ContributionAsync(new { pledgeId = Joint, donorId = "deu", stage = "payment", amount = 2_000_000, currency = "USD", date = "2025-07-01" });
            using var editor = this.WithToken(await EditorKey);
            await editor.RecordAsync($"/v1/pledges/{Joint}/withdrawals", new { donorId = "kwt", amount = 500_000, date = "2025-08-01" });
            // Paid in full; without a day; withdrawn; told again.
            await enter.ContributionAsync(await enter.PledgeAsync("deu", 100, "2025-01-01", "ffs", dueOn: "2026-05-01"), "payment", 100, "2025-02-01");
            await enter.PledgeAsync("deu", 200, "2025-01-01", "ffs");
            await enter.WithdrawAsync(await enter.PledgeAsync("deu", 300, "2025-01-01", "ffs", dueOn: "2026-05-01"), 300, "2025-02-01");
            await enter.PledgeAsync(new { donors = new[] { new { donorId = "deu", amount = 1_000_000 } }, currency = "USD", announcedOn = "2025-09-01", fundId = "ffs", instrument = "loan", dueOn = "2026-08-01", restates = Instalments });
        }
    }

    [Fact]
    public async Task Each_day_on_which_something_outstanding_falls_due_is_an_event_of_a_whole_day()
    {
        var calendar = await CalendarAsync(Path);
        Assert.Equal("PledgeTracker: Due dates", Name(calendar));
        Assert.Equal("-//PledgeTracker//PledgeTracker//EN", calendar.ProductId);
        Assert.Equal("2.0", calendar.Version);
        Assert.Equal(
            [
                (server.Overdue, "2026-01-31", "Overdue: Kuwait; its fund, and \\ others, 500,000.500 KWD to Schools"),
                (server.Joint, "2026-03-15", "Germany and Kuwait; its fund, and \\ others, 500,000 USD to Funding Facility for Stabilization"),
                (server.Instalments, "2026-12-31", "Germany, about 3,000,000 EUR to UNDP for Funding Facility for Stabilization"),
                (server.Instalments, "2027-06-30", "Germany, about 2,000,000 EUR to UNDP for Funding Facility for Stabilization"),
            ],
            calendar.Events.Select(e => (e.Uid![..36], Day(e), e.Summary)));
        Assert.All(calendar.Events, e =>
        {
            Assert.True(e.IsAllDay);
            Assert.Equal($"{e.Uid![..36]}-{Day(e).Replace("-", "", StringComparison.Ordinal)}", e.Uid);
            Assert.Equal("TRANSPARENT", e.Transparency);
            Assert.Equal(new Uri(server.Client.BaseAddress!, $"/v1/pledges/{e.Uid[..36]}"), e.Url);
            Assert.Equal(e.Start!.Value < new DateTime(2026, 3, 15) ? "Overdue" : "Upcoming", e.Categories[0]);
        });
        Assert.Equal(["grant", "grant", "loan", "loan"], calendar.Events.Select(e => e.Categories[1]));
        Assert.Equal($"""
            Outstanding: about 3,000,000 EUR of 4,000,000 EUR due on 2026-12-31.
            Pledge of about 10,000,000 EUR, announced on 2025-02-14 at Kuwait Conference.
            Instrument: loan. Status: partially paid.
            {server.Client.BaseAddress}v1/pledges/{server.Instalments}
            """, calendar.Events.ElementAt(2).Description);
        Assert.Contains("announced in 2025.", calendar.Events.ElementAt(0).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Arabic_reader_gets_Arabic_by_header_or_by_parameter()
    {
        foreach (var answer in new[] { await server.AskAsync(Path, null, ("Accept-Language", "ar")), await server.AskAsync(Path + "?lang=ar") })
        {
            Assert.Equal("ar", answer.Header("Content-Language"));
            var calendar = Calendar.Load(answer.Text)!;
            Assert.Equal("PledgeTracker: مواعيد الاستحقاق", Name(calendar));
            Assert.Equal(["متأخر: الكويت، 500,000.500 KWD إلى المدارس", "ألمانيا والكويت، 500,000 USD إلى مرفق تمويل الاستقرار"], calendar.Events.Take(2).Select(e => e.Summary));
            Assert.Equal($"""
                المتبقي: نحو 3,000,000 EUR من 4,000,000 EUR تستحق في 2026-12-31.
                تعهد بقيمة نحو 10,000,000 EUR، أُعلن في 2025-02-14 خلال مؤتمر الكويت.
                نوع التمويل: قرض. الحالة: مدفوع جزئيا.
                {server.Client.BaseAddress}v1/pledges/{server.Instalments}
                """, calendar.Events.ElementAt(2).Description);
            Assert.Equal(["قادم", "قرض"], calendar.Events.ElementAt(2).Categories);
        }
    }

    [Fact]
    public async Task Lines_are_folded_at_75_bytes_and_end_as_the_standard_says()
    {
        var text = (await server.AskAsync(Path + "?lang=ar")).Text;
        Assert.EndsWith("END:VCALENDAR\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(text.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
    }

    [Theory]
    [InlineData("donor=deu", 3, "Germany")]
    [InlineData("donor=deu,kwt", 4, "Germany and Kuwait; its fund, and \\ others")]
    [InlineData("donor=kwt", 2, "Kuwait; its fund, and \\ others")]
    [InlineData("fund=schools", 1, "Schools")]
    [InlineData("fund=schools&donor=deu", 0, "Germany · Schools")]
    [InlineData("event=kuwait", 2, "Kuwait Conference")]
    [InlineData("event=kuwait&fund=ffs,schools", 2, "Funding Facility for Stabilization and Schools · Kuwait Conference")]
    [InlineData("donor=nobody", 0, "nobody")]
    public async Task Filters_are_those_of_the_list_of_pledges_and_stand_in_the_name(string filter, int days, string name)
    {
        var calendar = await CalendarAsync($"{Path}?{filter}");
        Assert.Equal($"PledgeTracker: Due dates · {name}", Name(calendar));
        Assert.Equal(days, calendar.Events.Count);
        var listed = (await server.AllAsync($"/v1/pledges?{filter}")).ConvertAll(Asking.Id);
        Assert.Equal((await CalendarAsync(Path)).Events.Where(e => listed.Contains(e.Uid![..36])).Select(e => e.Uid), calendar.Events.Select(e => e.Uid));
    }

    [Fact]
    public async Task It_has_the_days_of_the_list_of_pledges_and_no_other()
    {
        await using var generated = new GeneratedServer();
        await generated.InitializeAsync();
        foreach (var filter in new[] { "", "?donor=alpha", "?fund=facility,drive", "?event=conference-b" })
        {
            var due = (await generated.AllAsync("/v1/pledges" + filter)).FindAll(p => p.Text("dueOn") is not null && p.GetProperty("figures").Number("outstanding") > 0);
            var calendar = Calendar.Load((await generated.AskAsync(Path + filter)).Text)!;
            Assert.NotEmpty(due);
            Assert.Equal(due.Select(p => $"{p.Id()}-{p.Text("dueOn")!.Replace("-", "", StringComparison.Ordinal)}").Order(StringComparer.Ordinal), calendar.Events.Select(e => e.Uid).Order(StringComparer.Ordinal));
            foreach (var pledge in due)
            {
                var shown = calendar.Events.Single(e => e.Uid!.StartsWith(pledge.Id(), StringComparison.Ordinal));
                Assert.Equal(pledge.GetProperty("overdue").GetBoolean() ? "Overdue" : "Upcoming", shown.Categories[0]);
                Assert.All(pledge.GetProperty("donors").EnumerateArray(), donor => Assert.Contains(donor.Text("name")!, shown.Summary, StringComparison.Ordinal));
                if (pledge.Text("currency") == "USD")
                {
                    Assert.Contains($"{pledge.GetProperty("figures").Number("outstanding").ToString("#,0", CultureInfo.InvariantCulture)} USD", shown.Summary, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task An_event_has_the_time_of_its_pledges_last_change_and_is_another_when_that_is_paid()
    {
        await using var own = new Due();
        await own.InitializeAsync();
        own.Clock!.Now += TimeSpan.FromHours(1);
        var before = await own.AskAsync(Path);
        var known = await own.AskAsync(Path, null, ("If-None-Match", before.Header("ETag")!));
        Assert.Equal((304, ""), (known.Status, known.Text));
        Assert.Equal(before.Text, (await own.AskAsync(Path)).Text);
        Assert.All(Calendar.Load(before.Text)!.Events, e =>
        {
            Assert.Equal(new DateTime(2026, 3, 15, 12, 0, 0), e.DtStamp!.Value);
            Assert.True(e.DtStamp.IsUtc);
            Assert.Equal(e.DtStamp, e.LastModified);
        });
        await own.EnterAsync(enter => enter.ContributionAsync(new { pledgeId = own.Instalments, stage = "payment", amount = 3_000_000, amountUsd = 3_300_000, currency = "EUR", date = "2026-03-15" }));
        var after = await own.AskAsync(Path, null, ("If-None-Match", before.Header("ETag")!));
        Assert.Equal(200, after.Status);
        var events = Calendar.Load(after.Text)!.Events.ToList();
        Assert.Equal(["2026-01-31", "2026-03-15", "2027-06-30"], events.Select(Day));
        Assert.Equal([12, 12, 13], events.Select(e => e.DtStamp!.Hour));
        // What is due today is overdue tomorrow.
        own.Clock.Now += TimeSpan.FromDays(1);
        var tomorrow = await own.AskAsync(Path, null, ("If-None-Match", after.Header("ETag")!));
        Assert.Equal(200, tomorrow.Status);
        Assert.Equal(["Overdue", "Overdue", "Upcoming"], Calendar.Load(tomorrow.Text)!.Events.Select(e => e.Categories[0]));
    }

    [Fact]
    public async Task Each_host_has_its_own_answer()
    {
        var here = await server.AskAsync(Path);
        var there = await server.AskAsync(Path, null, ("Host", "pledges.example"));
        Assert.Equal(200, (await server.AskAsync(Path, null, ("Host", "pledges.example"), ("If-None-Match", here.Header("ETag")!))).Status);
        Assert.All(Calendar.Load(there.Text)!.Events, e => Assert.Equal("pledges.example", e.Url!.Host));
        Assert.Equal(here.Text, (await server.AskAsync(Path)).Text);
        var odd = await server.AskAsync(Path, null, ("Host", "a$b%41_"));
        Assert.True(odd.Status is 200 or 400, odd.Text);
    }

    [Theory]
    [InlineData("text/calendar", 200)]
    [InlineData("text/*", 200)]
    [InlineData("*/*", 200)]
    [InlineData("text/html, */*;q=0.1", 200)]
    [InlineData("application/json", 406)]
    [InlineData("text/csv", 406)]
    [InlineData("text/calendar;q=0", 406)]
    public async Task It_is_a_calendar_or_nothing(string accept, int status)
    {
        var answer = await server.AskAsync(Path, null, ("Accept", accept));
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? "text/calendar; charset=utf-8" : "application/problem+json", answer.Header("Content-Type"));
        if (status == 406)
        {
            Assert.Contains("text/calendar", Asking.AssertProblem(answer, 406, "not_acceptable").Text("detail"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("donor=D E U", "?donor", "invalid_id")]
    [InlineData("fund=", "?fund", "invalid_id")]
    [InlineData("doner=deu", "?doner", "unknown_parameter")]
    [InlineData("lang=fr", "?lang", "not_one_of")]
    [InlineData("limit=10", "?limit", "unknown_parameter")]
    public async Task A_filter_that_cannot_be_meant_is_refused(string query, string pointer, string code)
    {
        var answer = await server.AskAsync($"{Path}?{query}");
        var error = Assert.Single(Asking.AssertProblem(answer, 400, "invalid_request").GetProperty("errors").EnumerateArray());
        Assert.Equal((pointer, code), (error.Text("pointer"), error.Text("code")));
    }

    [Fact]
    public async Task Of_too_many_days_those_of_the_pledges_announced_last_are_shown_and_it_says_so()
    {
        await using var own = new TestServer { Seed = "none", Clock = new FixedClock(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero)) };
        await own.InitializeAsync();
        await own.EnterAsync(async enter =>
        {
            await enter.OrganizationAsync("deu");
            for (var i = 0; i < 51; i++)
            {
                await enter.PledgeAsync(new
                {
                    donors = new[] { new { donorId = "deu", amount = 100 + i } },
                    currency = "USD",
                    announcedOn = new DateOnly(2025, 1, 1).AddDays(i),
                    instrument = "grant",
                    instalments = Enumerable.Range(0, 100).Select(day => new { dueOn = new DateOnly(2026, 1, 1).AddDays(day), amount = 1 }),
                });
            }
        });
        var calendar = Calendar.Load((await own.AskAsync(Path)).Text)!;
        Assert.Equal(5000, calendar.Events.Count);
        Assert.Contains("announced last, 5,000:", calendar.Properties["X-WR-CALDESC"]!.Value!.ToString(), StringComparison.Ordinal);
        var oldest = (await own.GetAsync("/v1/pledges?sort=announcedOn&limit=1")).GetProperty("data")[0].Id();
        Assert.DoesNotContain(calendar.Events, e => e.Uid!.StartsWith(oldest, StringComparison.Ordinal));
        Assert.Null(Calendar.Load((await own.AskAsync(Path + "?donor=nobody")).Text)!.Properties["X-WR-CALDESC"]);
    }

    private async Task<Calendar> CalendarAsync(string path)
    {
        var answer = await server.AskAsync(path);
        Assert.True(answer.Status == 200, answer.Text);
        return Calendar.Load(answer.Text)!;
    }

    private static string Name(Calendar calendar) => calendar.Properties["X-WR-CALNAME"]!.Value!.ToString()!;

    private static string Day(CalendarEvent e) => e.Start!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
