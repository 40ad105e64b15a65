namespace PledgeTracker.Tests.Site;

public sealed class EmbedTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Blocks = ["stages", "donors", "steps", "ageing", "gap"];

    [Fact]
    public async Task A_block_alone_may_be_framed_by_anybody_and_nothing_else_may()
    {
        foreach (var block in Blocks)
        {
            var answer = await server.AskAsync($"/embed/{block}?event=kuwait-conference-2018", null, Browsing.Html);
            Assert.EndsWith("frame-ancestors *", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Null(answer.Header("X-Frame-Options"));
            Assert.Null(answer.Header("Set-Cookie"));
        }

        Assert.Equal("DENY", (await server.AskAsync("/events/kuwait-conference-2018", null, Browsing.Html)).Header("X-Frame-Options"));
    }

    [Fact]
    public async Task A_block_alone_has_its_name_its_content_and_a_way_to_its_page_and_nothing_of_the_page_around_it()
    {
        foreach (var (block, content, title) in new[]
        {
            ("stages", ".stages .key", "What became of it"), ("donors", ".donors .who", "Who promised, and what came"), ("steps", ".steps .plot", "Over time"), ("ageing", ".ageing .bars", "How long it has been open"),
            ("gap", ".gauge .g-amount", "What is still missing"),
        })
        {
            var page = await server.PageAsync($"/embed/{block}?event=kuwait-conference-2018&asOf=2020-01-31&lang=en");
            Assert.True(page.Body!.ClassList.Contains("embed"));
            Assert.Equal(("Kuwait International Conference for the Reconstruction of Iraq", title), (page.Said("h1"), page.Said("h2")));
            Assert.NotNull(page.QuerySelector(content));
            Assert.Empty(page.QuerySelectorAll("header, footer, nav, form:not(.asof)"));
            var foot = page.QuerySelector(".emb-foot a")!;
            Assert.Equal(("/events/kuwait-conference-2018?lang=en&asOf=2020-01-31", "_blank", "noopener"), (foot.GetAttribute("href"), foot.GetAttribute("target"), foot.GetAttribute("rel")));
            Assert.Contains("as of 31 January 2020", page.Said(".emb-foot"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_block_of_a_page_leads_to_itself_alone_to_its_table_and_to_the_answer_and_all_of_them_are_there()
    {
        foreach (var path in (string[])["/events/coalition-nato-2018-07-12?lang=ar&asOf=2018-09-01", "/funds/ne-syria-stabilization"])
        {
            var links = (await server.PageAsync(path)).QuerySelectorAll(".tools a").Select(a => a.GetAttribute("href")!).Where(href => href[0] == '/').Distinct().ToList();
            Assert.True(links.Count > 10);
            foreach (var link in links)
            {
                Assert.True((await server.AskAsync(link.Split('#')[0])).Status == 200, link);
            }

            Assert.Contains(links, link => link.StartsWith("/embed/steps?", StringComparison.Ordinal) && (link.Contains("asOf", StringComparison.Ordinal) == path.Contains("asOf", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("/embed/gap", "?event", "not_allowed")]
    [InlineData("/embed/stages?event=kuwait-conference-2018&fund=undp-ffs", "?event", "not_allowed")]
    [InlineData("/embed/donors?donor=usa", "?donor", "not_allowed")]
    [InlineData("/embed/stages?evnt=kuwait-conference-2018", "?evnt", "unknown_parameter")]
    public async Task What_a_block_cannot_show_is_refused_by_name(string path, string pointer, string code)
    {
        var problem = Asking.AssertProblem(await server.AskAsync(path), 400, "invalid_request");
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => (error.Text("pointer"), error.Text("code")) == (pointer, code));
    }

    [Fact]
    public async Task There_is_no_other_block_and_none_of_what_is_not_there()
    {
        Asking.AssertProblem(await server.AskAsync("/embed/pledges?event=kuwait-conference-2018"), 404, "not_found");
        Asking.AssertProblem(await server.AskAsync("/embed/stages?event=nowhere"), 404, "not_found");
    }

    [Theory]
    [InlineData("/embed/pledges?event=kuwait-conference-2018", 404)]
    [InlineData("/embed/stages?event=nowhere", 404)]
    [InlineData("/embed/gap?donor=usa", 400)]
    public async Task A_refused_block_is_a_block_in_its_frame_and_not_a_page(string path, int status)
    {
        var answer = await server.AskAsync(path, null, Browsing.Html);
        Assert.Equal(status, answer.Status);
        Assert.Contains("<body class=\"embed\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<header", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<footer", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<base target=\"_blank\"", answer.Text, StringComparison.Ordinal);
    }
}
