using System.Net;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Site;

public sealed partial class AboutPageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_figure_and_measure_is_explained_in_the_documents_words_and_in_Arabic()
    {
        var document = (await server.GetAsync("/openapi.json")).GetProperty("components").GetProperty("schemas");
        var english = Members(await server.HtmlAsync("/about"));
        var arabic = Members(await server.HtmlAsync("/about?lang=ar"));
        Assert.True(english.Count > 50);
        Assert.Equal(english.Keys, arabic.Keys);
        foreach (var (member, told) in english)
        {
            var (shape, name) = member.Split('.') is [var first, var second] ? (first, second) : throw new InvalidOperationException(member);
            Assert.Equal(document.GetProperty(shape).GetProperty("properties").GetProperty(name).GetProperty("description").GetString()!.Replace("`", "", StringComparison.Ordinal).ReplaceLineEndings(" "), told);
            Assert.Matches(@"\p{IsArabic}{3}", arabic[member]);
        }

        // All that can be measured, and all figures of a total.
        Assert.All((string[])["conversionRate", "undisbursed", "ageing", "timeliness", "schedule", "concentration", "dataQuality"], measure => Assert.Contains($"MeasureSet.{measure}", english.Keys));
        Assert.All(document.GetProperty("Stages").GetProperty("properties").EnumerateObject(), stage => Assert.Contains($"Stages.{stage.Name}", english.Keys));
        Assert.All(document.GetProperty("TotalSet").GetProperty("properties").EnumerateObject().Where(figure => figure.Name is not ("currency" or "stages" or "withdrawnBy")), figure => Assert.Contains($"TotalSet.{figure.Name}", english.Keys));
    }

    [Fact]
    public async Task It_says_where_the_data_comes_from_and_how_to_cite_it()
    {
        var text = await server.ReadAsync("/about");
        var sources = (await server.AllAsync("/v1/sources")).ConvertAll(source => source.GetProperty("title").GetString()!);
        Assert.All(sources, title => Assert.Contains(title, text, StringComparison.Ordinal));
        Assert.Contains("On record here: 22 promises, 5 commitments and payments and 3 statements of shortfalls, resting on 15 documents.", text, StringComparison.Ordinal);
        Assert.Contains("How to cite", text, StringComparison.Ordinal);
        Assert.Contains("المسجل هنا: 22 تعهدا و5 التزامات ودفعات و3 تصريحات عن عجز، تقوم على 15 وثيقة.", await server.ReadAsync("/about?lang=ar"), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Members(string page) => Member().Matches(page).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(Tag().Replace(m.Groups[2].Value, "")).Trim());

    [GeneratedRegex("""<div id="([A-Z]\w+\.\w+)">.*?<dd>(.*?)</dd>""", RegexOptions.Singleline)]
    private static partial Regex Member();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
