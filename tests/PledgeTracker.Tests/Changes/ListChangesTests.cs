using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Changes;

public sealed class ListChangesTests(ListChangesTests.Amended server) : IClassFixture<ListChangesTests.Amended>
{
    /// <summary>The documented facts of one day, and what an editor did on the next ones.</summary>
    public sealed class Amended : TestServer
    {
        public Amended() => Clock = new FixedClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

        public string Actor { get; private set; } = "";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            var token = await this.TokenAsync("editor");
            Actor = "key:" + token.Split('_')[1];
            using var editor = this.WithToken(token);
            Clock!.Now = new DateTimeOffset(2026, 3, 2, 23, 59, 59, 999, TimeSpan.Zero);
            await editor.RecordAsync("/v1/organizations", """{ "id": "first", "name": { "en": "First" }, "type": "22" }""");
            Clock.Now = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero);
            var amended = await editor.AmendAsync("/v1/organizations/first", """{ "name": { "en": "First, renamed" }, "country": "SYR" }""");
            Assert.True(amended.Status == HttpStatusCode.OK, amended.Text);
            await editor.RecordAsync("/v1/contributions", Api.Payment());
        }
    }

    [Fact]
    public async Task Changes_stand_in_the_order_of_making_without_a_gap()
    {
        var changes = await AllAsync("/v1/changes?limit=500");
        Assert.Equal(Enumerable.Range(1, changes.Count).Select(i => (long)i), changes.Select(Sequence));
        Assert.Equal(changes.Select(At).Order(), changes.Select(At));
        Assert.Equal(changes.Count, (await server.GetAsync("/v1/changes?count=true&limit=1")).GetProperty("count").GetInt32());
        Assert.Equal("seed", changes[0].GetProperty("actor").GetString());
    }

    [Fact]
    public async Task Paging_gives_every_change_once_in_either_order()
    {
        var changes = (await AllAsync("/v1/changes?limit=500")).ConvertAll(Sequence);
        Assert.Equal(changes, (await AllAsync("/v1/changes?limit=7")).ConvertAll(Sequence));
        Assert.Equal(Enumerable.Reverse(changes), (await AllAsync("/v1/changes?limit=7&sort=-sequence")).ConvertAll(Sequence));
    }

    [Fact]
    public async Task After_leaves_out_what_is_known()
    {
        var last = (await AllAsync("/v1/changes?limit=500")).Count;
        Assert.Equal([last - 1, last], (await AllAsync($"/v1/changes?after={last - 2}")).ConvertAll(Sequence));
        Assert.Empty(await AllAsync($"/v1/changes?after={last}"));
    }

    [Fact]
    public Task An_actor_is_a_text_without_control_characters() => server.RefusesAsync("/v1/changes?actor=a%00", "?actor", "invalid_text");

    [Fact]
    public async Task Filters_by_entity_and_actor_leave_just_those()
    {
        var all = await AllAsync("/v1/changes?limit=500");
        foreach (var entity in all.Select(c => c.GetProperty("entity").GetString()).Distinct())
        {
            var only = await AllAsync($"/v1/changes?entity={entity}&limit=3");
            Assert.Equal(all.Where(c => c.GetProperty("entity").GetString() == entity).Select(Sequence), only.Select(Sequence));
        }

        var own = await AllAsync("/v1/changes?actor=" + Uri.EscapeDataString(server.Actor));
        Assert.Equal(["organization", "organization", "contribution"], own.Select(c => c.GetProperty("entity").GetString()));
        Assert.Equal(all.Count - 3, (await AllAsync("/v1/changes?actor=seed&limit=500")).Count);
        Assert.Empty(await AllAsync("/v1/changes?actor=nobody"));
    }

    [Fact]
    public async Task Days_are_whole_and_in_UTC()
    {
        Assert.Equal(["created"], await ActionsAsync("from=2026-03-02&to=2026-03-02"));
        Assert.Equal(["amended", "created"], await ActionsAsync("from=2026-03-03"));
        Assert.Equal(["created", "amended", "created"], await ActionsAsync("from=2026-03-02&to=2026-03-03"));
        Assert.Empty(await ActionsAsync("from=2026-03-04"));
        Assert.All(await AllAsync("/v1/changes?to=2026-03-01&limit=500"), c => Assert.Equal("seed", c.GetProperty("actor").GetString()));

        async Task<IEnumerable<string?>> ActionsAsync(string query) => (await AllAsync("/v1/changes?" + query)).Select(c => c.GetProperty("action").GetString());
    }

    [Fact]
    public async Task An_amendment_shows_what_was_there_before_and_after()
    {
        var amended = await WholeAsync("from=2026-03-03&entity=organization");
        Assert.Equal(("amended", "first"), (amended.GetProperty("action").GetString(), amended.GetProperty("entityId").GetString()));
        Assert.Equal("First", amended.GetProperty("before").GetProperty("name").GetProperty("en").GetString());
        Assert.Equal(JsonValueKind.Null, amended.GetProperty("before").GetProperty("country").ValueKind);
        Assert.Equal("First, renamed", amended.GetProperty("after").GetProperty("name").GetProperty("en").GetString());
        Assert.Equal("SYR", amended.GetProperty("after").GetProperty("country").GetString());
        Assert.Equal(JsonValueKind.Null, (await WholeAsync("from=2026-03-02&to=2026-03-02")).GetProperty("before").ValueKind);

        // The same as in the list, and more.
        async Task<JsonElement> WholeAsync(string query)
        {
            var listed = (await AllAsync("/v1/changes?" + query)).Single();
            var whole = await server.GetAsync($"/v1/changes/{Sequence(listed)}");
            Assert.All(listed.EnumerateObject(), member => Assert.True(JsonElement.DeepEquals(member.Value, whole.GetProperty(member.Name)), member.Name));
            Assert.Equal(["before", "after"], whole.EnumerateObject().Select(m => m.Name).Except(listed.EnumerateObject().Select(m => m.Name)));
            return whole;
        }
    }

    [Theory]
    [InlineData("after=-1")]
    [InlineData("after=x")]
    [InlineData("entity=nothing")]
    [InlineData("actor=")]
    [InlineData("from=2026-02-30")]
    [InlineData("to=yesterday")]
    [InlineData("actors=seed")]
    [InlineData("cursor=abc")]
    public async Task A_filter_that_cannot_be_read_is_refused(string query)
    {
        var problem = await server.GetAsync("/v1/changes?" + query, HttpStatusCode.BadRequest);
        Assert.Equal("?" + query.Split('=')[0], problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    private async Task<List<JsonElement>> AllAsync(string path)
    {
        var all = new List<JsonElement>();
        for (string? next = path; next is not null;)
        {
            var page = await server.GetAsync(next);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        return all;
    }

    private static long Sequence(JsonElement change) => change.GetProperty("sequence").GetInt64();

    private static DateTimeOffset At(JsonElement change) => change.GetProperty("at").GetDateTimeOffset();
}
