using System.Globalization;
using System.IO.Compression;
using System.Text;
using AngleSharp.Dom;
using PledgeTracker.Tests.Imports;

namespace PledgeTracker.Tests.Site;

/// <summary>An event of 2,000 promises by 300 donors, of each in another place, with long quotes.</summary>
public sealed class LargeEvent : TestServer
{
    public const int Donors = 300, Promises = 2000;

    public LargeEvent()
    {
        Seed = "none";
        Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var editor = this.WithToken(await EditorKey);
        var enter = new Entering(editor);
        for (var i = 0; i < Donors; i++)
        {
            await enter.OrganizationAsync($"donor-{i}", $"Donor of promises number {i}", $"الجهة المانحة رقم {i}");
        }

        await enter.FundAsync("fund", "The fund", "الصندوق");
        await enter.EventAsync("conference", "2024-01-10", "A conference of many", "مؤتمر كثيرين");
        await enter.SourceAsync("list", "2024-02-01", "The list of promises", "قائمة التعهدات");
        // Fixed, so that a failure can be repeated.
        var random = new Random(20240110);
        var sheet = new StringBuilder("donorId,amount,currency,announcedOn,instrument,fundId,eventId,externalId,description,source,quote\n");
        for (var i = 0; i < Promises; i++)
        {
            var (donor, day) = (i % Donors, new DateOnly(2024, 1, 10).AddDays(i % 900));
            sheet.AppendLine(CultureInfo.InvariantCulture, $"donor-{donor},{random.Next(1, 500) * 10_000 + i},USD,{day:yyyy-MM-dd},{(i % 3 == 0 ? "loan" : "grant")},fund,conference,{i},{Words(random, 30)},list,{Words(random, 120)}");
        }

        var import = await editor.ImportedAsync("format=pledges", sheet.ToString());
        Assert.True(import.Text("state") == "done", import.GetRawText());
    }

    private static string Words(Random random, int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => $"word{random.Next(3000)}"));
}

public sealed class LargeEventTests(LargeEvent server) : IClassFixture<LargeEvent>
{
    [Theory]
    [InlineData("gzip", "en")]
    [InlineData("br", "ar")]
    public async Task An_event_of_two_thousand_promises_weighs_less_than_150_kB(string coding, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/events/conference?lang={language}");
        request.Headers.Add("Accept-Encoding", coding);
        request.Headers.Add("Accept", "text/html");
        using var response = await server.Client.SendAsync(request);
        Assert.Equal([coding], response.Content.Headers.ContentEncoding);
        var sent = await response.Content.ReadAsByteArrayAsync();
        Assert.True(sent.Length < 150_000, $"It weighs {sent.Length} bytes.");
        await using Stream plain = coding == "br" ? new BrotliStream(new MemoryStream(sent), CompressionMode.Decompress) : new GZipStream(new MemoryStream(sent), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.EndsWith("</html>\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_tail_is_folded_and_a_file_away_and_its_figures_are_of_all()
    {
        var page = await server.PageAsync("/events/conference");
        var figures = (await server.GetAsync("/v1/events/conference")).GetProperty("figures");
        Assert.Equal(25, page.QuerySelectorAll(".donors .who").Length);
        Assert.StartsWith("and 275 donors more", page.Said(".more-row"), StringComparison.Ordinal);
        var all = page.QuerySelector(".more-row a")!.GetAttribute("href")!;
        Assert.Equal(LargeEvent.Donors + 1, (await server.AskAsync(all)).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("in 2,000 promises.", page.Said(".lead"), StringComparison.Ordinal);
        Assert.Equal(figures.Number("pledged"), decimal.Parse(page.QuerySelector(".lead data")!.GetAttribute("value")!, CultureInfo.InvariantCulture));
        Assert.All(page.QuerySelectorAll(".donors .src"), opened => Assert.InRange(opened.QuerySelectorAll(".promises > li").Length, 1, 8));
        Assert.All(page.QuerySelectorAll(".promises blockquote"), quote => Assert.EndsWith("…", quote.Said(), StringComparison.Ordinal));
        // 900 days are drawn where they can be told apart, and each is there for the slider.
        Assert.InRange(page.QuerySelectorAll(".plot line").Length, 100, 900);
        Assert.Equal(900, page.QuerySelector(".steps")!.GetAttribute("data-series")!.Count(c => c == '[') - 1);
        Assert.InRange(page.QuerySelectorAll(".steps tbody tr").Length, 12, 40);
        Assert.InRange(page.QuerySelectorAll(".pins li").Length, 5, 9);
    }

    [Fact]
    public async Task Of_more_days_than_are_told_one_by_one_quarters_are_drawn()
    {
        await server.EnterAsync(async enter =>
        {
            await enter.EventAsync("long", "2015-01-10", "A long one");
            await enter.OrganizationAsync("patient", "Patient");
        });
        var sheet = new StringBuilder("donorId,amount,currency,announcedOn,instrument,fundId,eventId,externalId\n");
        for (var i = 0; i < 1250; i++)
        {
            sheet.AppendLine(CultureInfo.InvariantCulture, $"patient,1000,USD,{new DateOnly(2015, 1, 10).AddDays(i * 3):yyyy-MM-dd},grant,fund,long,long-{i}");
        }

        using var editor = server.WithToken(await server.EditorKey);
        Assert.Equal("done", (await editor.ImportedAsync("format=pledges", sheet.ToString())).Text("state"));
        foreach (var path in (string[])["/events/long", "/embed/steps?event=long"])
        {
            var page = await server.PageAsync(path);
            Assert.Contains("interval=quarter", page.QuerySelector(".steps")!.GetAttribute("data-api"), StringComparison.Ordinal);
            Assert.NotEmpty(page.QuerySelectorAll(".plot .l-net"));
        }
    }
}
