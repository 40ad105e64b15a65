using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace PledgeTracker.Tests.Site;

/// <summary>A page says what the API says: every figure names the answer that it comes from, and where in it it stands.</summary>
public sealed partial class FigureTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>The pages with figures, each in the states that change them.</summary>
    public static TheoryData<string> Pages =>
    [
        "/",
        "/?lang=ar&nu=arab",
        "/?asOf=2018-07-12",
        .. Of("/events/", "kuwait-conference-2018", "coalition-ministerial-kuwait-2018-02-13", "coalition-morocco-2018-06-26", "coalition-nato-2018-07-12", "coalition-ministerial-washington-2024-09-30"),
        "/events/kuwait-conference-2018?instrument=loan",
        "/events/kuwait-conference-2018?instrument=loan,credit_line&sort=outstanding&view=table",
        "/events/kuwait-conference-2018?sort=-key&lang=ar&nu=arab",
        "/events/coalition-nato-2018-07-12?sort=-paid&view=table",
        .. Of("/funds/", "undp-ffs", "ne-syria-stabilization", "iraq-reconstruction"),
        "/funds/ne-syria-stabilization?instrument=unspecified&view=table",
        .. Of("/donors/", "usa", "sau", "deu", "fin", "coalition-partners"),
        "/pledges/019b76da-a800-8e45-8dfb-36fd1ca58378",
        "/pledges/019b76da-a800-8e45-8dfb-36fd1ca58378?asOf=2018-07-12&knownAt=80&lang=ar",
        "/pledges/019b76da-a800-8202-b592-5a22937ed0f7",
        "/pledges/019b76da-a800-814c-ae5d-ce49af36c50f?lang=ar&nu=arab",
        .. Embeds("event", "kuwait-conference-2018", "stages", "donors", "steps", "ageing", "gap"),
        .. Embeds("event", "coalition-nato-2018-07-12", "stages", "donors", "steps", "ageing", "gap"),
        .. Embeds("fund", "ne-syria-stabilization", "stages", "donors", "steps", "ageing", "gap"),
        .. Embeds("donor", "usa", "stages", "steps", "ageing"),
        "/embed/donors?event=kuwait-conference-2018&instrument=investment&sort=pledged",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_figure_of_a_page_is_what_the_API_says(string path)
    {
        var page = await server.PageAsync(path);
        var answers = new Dictionary<string, JsonElement>();
        foreach (var api in page.QuerySelectorAll("[data-api]").Select(element => element.GetAttribute("data-api")!).Distinct())
        {
            var answer = await server.AskAsync(api, null, ("Accept", "application/json"));
            Assert.True(answer.Status == 200, $"{path} names {api}: {answer.Status} {answer.Text}");
            answers.Add(api, answer.Json);
        }

        foreach (var (value, at, api) in page.Figures())
        {
            Assert.True(value == Value(answers[api], at), $"{path}: {value} is not {at} of {api}.");
        }
    }

    [Fact]
    public async Task Every_figure_of_every_promise_is_what_the_API_says()
    {
        foreach (var pledge in (await server.AllAsync("/v1/pledges")).Concat(await server.AllAsync("/v1/pledges?origin=direct")))
        {
            await Every_figure_of_a_page_is_what_the_API_says($"/pledges/{pledge.Id()}");
            await No_page_shows_an_amount_of_dollars_but_as_a_figure_or_in_the_words_of_a_source($"/pledges/{pledge.Id()}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task No_page_shows_an_amount_of_dollars_but_as_a_figure_or_in_the_words_of_a_source(string path)
    {
        var page = await server.PageAsync(path.Replace("lang=ar", "lang=en", StringComparison.Ordinal));
        foreach (var text in page.QuerySelector("main")!.Descendants<IText>().Where(text => Dollars().IsMatch(text.Text)))
        {
            Assert.True(text.ParentElement!.Closest("data, svg, blockquote, cite, [dir=auto], a[rel~=external], .s-title") is not null, $"{path}: {text.ParentElement.OuterHtml}");
        }
    }

    /// <summary>What the pointers name: the first, less those with a hyphen in front.</summary>
    private static decimal Value(JsonElement answer, string at) => at.Split(' ').Sum(pointer => pointer[0] == '-' ? -One(answer, pointer[1..]) : One(answer, pointer));

    private static decimal One(JsonElement answer, string pointer) => pointer.Split('/').Skip(1).Aggregate(answer, (element, step) =>
        element.ValueKind == JsonValueKind.Array ? element[int.Parse(step, CultureInfo.InvariantCulture)] : element.GetProperty(step)).GetDecimal();

    private static IEnumerable<TheoryDataRow<string>> Of(string kind, params IEnumerable<string> ids) =>
        from id in ids from state in (string[])["", "?asOf=2018-08-01", "?asOf=2018-01-01", "?asOf=2018-07-12&knownAt=40", "?knownAt=60&lang=ar"] select new TheoryDataRow<string>(kind + id + state);

    private static IEnumerable<TheoryDataRow<string>> Embeds(string kind, string id, params IEnumerable<string> blocks) =>
        from block in blocks from state in (string[])["", "&asOf=2018-07-12&lang=ar", "&view=table"] select new TheoryDataRow<string>($"/embed/{block}?{kind}={id}{state}");

    [GeneratedRegex(@"\$\s?\d")]
    private static partial Regex Dollars();
}
