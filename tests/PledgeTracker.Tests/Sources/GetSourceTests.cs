namespace PledgeTracker.Tests.Sources;

public sealed class GetSourceTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_source_names_everything_that_rests_on_it_and_each_can_be_visited()
    {
        var kinds = new HashSet<string>();
        foreach (var item in await server.AllAsync("/v1/sources"))
        {
            var source = await server.GetAsync($"/v1/sources/{item.Id()}");
            Assert.NotEmpty(source.GetProperty("citedBy").EnumerateArray());
            foreach (var citing in source.GetProperty("citedBy").EnumerateArray())
            {
                kinds.Add(citing.Text("kind")!);
                var shown = await server.AskAsync(citing.Text("url")!);
                Assert.Equal(200, shown.Status);
                Assert.Contains(citing.Id(), shown.Text, StringComparison.Ordinal);
                Assert.Contains(item.Id(), shown.Text, StringComparison.Ordinal);
            }
        }

        Assert.Equal(["entry", "event", "indicator", "pledge", "requirement", "shortfall"], kinds.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_note_of_June_2018_carries_the_words_of_the_575_million()
    {
        var source = await server.GetAsync("/v1/sources/state-note-2018-06-26");
        Assert.Equal("ar", source.Text("language"));
        Assert.Equal("primary", source.Text("reliability"));
        Assert.Contains("إذ يواجه المشروع عجزا قدره 575 مليون دولار هذا العام",
            source.GetProperty("citedBy").EnumerateArray().Where(c => c.Text("kind") == "shortfall").Select(c => c.Text("quote")));
    }
}
