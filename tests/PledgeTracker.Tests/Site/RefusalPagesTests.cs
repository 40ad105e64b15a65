using System.Net;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Site;

public sealed partial class RefusalPagesTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("/events/none", 404, "There is no event none.")]
    [InlineData("/events/none?lang=ar", 404, "لا يوجد شيء هنا")]
    [InlineData("/donors/none", 404, "There is no donor none.")]
    [InlineData("/pledges/none", 404, "There is no pledge none.")]
    [InlineData("/no/such/page?lang=ar", 404, "لا يوجد شيء هنا")]
    [InlineData("/?asOf=2018-13-01", 400, "?asOf Send a date as yyyy-MM-dd")]
    [InlineData("/?asOf=2018-13-01&lang=ar", 400, "الطلب غير صالح")]
    [InlineData("/?asOf=2999-01-01", 400, "?asOf Nothing is known of that day yet")]
    [InlineData("/?knwonAt=1", 400, "knownAt")]
    [InlineData("/donors/usa?nu=roman", 400, "?nu")]
    [InlineData("/pledges/019b76da-a800-8e45-8dfb-36fd1ca58378?asOf=2018-01-01", 404, "the first of it counts from 2018-02-13")]
    public async Task To_people_a_refusal_is_a_page_that_says_what_to_ask_for_and_leads_on(string path, int status, string said)
    {
        var page = await server.HtmlAsync(path, status);
        Assert.Contains(said, Reading.Text(page), StringComparison.Ordinal);
        Assert.Contains("role=\"search\"", page, StringComparison.Ordinal);
        Assert.Contains(path.Contains("lang=ar", StringComparison.Ordinal) ? "<html lang=\"ar\" dir=\"rtl\">" : "<html lang=\"en\" dir=\"ltr\">", page, StringComparison.Ordinal);
        // A way on that is refused is none; the same in the other language is no way on.
        foreach (var way in Way().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Where(way => way.Split('?')[0] is var to && to != path.Split('?')[0] && to != "/record"))
        {
            var led = await server.AskAsync(way.Split('#')[0], null, ("Accept", way.StartsWith("/v1", StringComparison.Ordinal) ? "*/*" : Reading.Browser));
            Assert.True(led.Status is 200 or 301 or 302, $"{path} leads to {way}: {led.Status}");
        }
    }

    [Theory]
    [InlineData("/events/none", "application/json", 406)]
    [InlineData("/no/such/page", "*/*", 404)]
    [InlineData("/no/such/page", "application/json, text/html;q=0.5", 404)]
    [InlineData("/v1/events/none", Reading.Browser, 404)]
    [InlineData("/v1/nothing", Reading.Browser, 404)]
    [InlineData("/v1/pledges?asOf=x", Reading.Browser, 400)]
    public async Task Programs_get_the_problem_document_and_so_does_everybody_of_the_API(string path, string accept, int status)
    {
        var answer = await server.AskAsync(path, null, ("Accept", accept));
        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Header("Content-Type")));
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Too_many_requests_are_told_on_a_page_with_the_time_to_wait()
    {
        await using var limited = new TestServer { Settings = ["--RateLimit:ReadsPerMinute=2"] };
        await limited.InitializeAsync();
        await limited.HtmlAsync("/about");
        await limited.HtmlAsync("/about?lang=ar");
        var refused = await limited.AskAsync("/donors/usa?lang=ar&asOf=2018-07-01", null, ("Accept", Reading.Browser));
        Assert.Equal((429, "text/html; charset=utf-8"), (refused.Status, refused.Header("Content-Type")));
        Assert.Contains($"انتظر {refused.Header("Retry-After")} ثانية.", Reading.Text(refused.Text), StringComparison.Ordinal);
        // The day stays chosen.
        Assert.Contains("href=\"/donors/usa?lang=en&amp;asOf=2018-07-01\"", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_put_into_an_address_stays_text()
    {
        var page = await server.HtmlAsync("/events/%3Cscript%3E?lang=en", 404);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"//", await server.HtmlAsync($"{server.Client.BaseAddress}/evil.example/x", 404), StringComparison.Ordinal);
    }

    [GeneratedRegex("href=\"(/[^\"]*)\"")]
    private static partial Regex Way();
}
