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

    [Theory]
    [InlineData("donor=sau", "sau", "donors")]
    [InlineData("donor=sau,kwt", "sau,kwt", "donors")]
    [InlineData("fund=ne-syria-stabilization", "ne-syria-stabilization", "fund")]
    [InlineData("fund=undp-ffs,ne-syria-stabilization", "undp-ffs,ne-syria-stabilization", "fund")]
    [InlineData("event=kuwait-conference-2018", "kuwait-conference-2018", "event")]
    [InlineData("event=coalition-nato-2018-07-12,coalition-morocco-2018-06-26", "coalition-nato-2018-07-12,coalition-morocco-2018-06-26", "event")]
    public async Task A_donor_a_fund_and_an_event_find_the_changes_that_are_about_them(string filter, string ids, string member)
    {
        var expected = (await AllAsync("/v1/changes?limit=500")).Where(c => ids.Split(',').Any(id => IsAbout(c, member, id))).Select(Sequence).ToList();
        Assert.InRange(expected.Count, 2, 40);
        Assert.Equal(expected, (await AllAsync($"/v1/changes?{filter}")).ConvertAll(Sequence));
        Assert.Equal(expected, (await AllAsync($"/v1/changes?{filter}&limit=2")).ConvertAll(Sequence));
        Assert.Equal(Enumerable.Reverse(expected), (await AllAsync($"/v1/changes?{filter}&limit=3&sort=-sequence")).ConvertAll(Sequence));
        Assert.Equal(expected.Count, (await server.GetAsync($"/v1/changes?{filter}&count=true&limit=1")).GetProperty("count").GetInt32());
        Assert.Equal(expected.Where(s => s > expected[0]), (await AllAsync($"/v1/changes?{filter}&after={expected[0]}")).ConvertAll(Sequence));
    }

    [Theory]
    [InlineData("donor=sau&fund=ne-syria-stabilization")]
    [InlineData("donor=sau,usa&fund=ne-syria-stabilization&event=coalition-nato-2018-07-12,coalition-ministerial-kuwait-2018-02-13")]
    [InlineData("fund=ne-syria-stabilization&entity=contribution,entry")]
    [InlineData("donor=sau,kwt&actor=seed,nobody&entity=pledge")]
    [InlineData("event=kuwait-conference-2018&from=2026-03-01&to=2026-03-01&entity=pledge,event")]
    public async Task Filters_together_find_what_each_of_them_finds(string query)
    {
        var expected = (await AllAsync("/v1/changes?limit=500")).ConvertAll(Sequence);
        foreach (var filter in query.Split('&').Where(f => !f.StartsWith("from", StringComparison.Ordinal)))
        {
            expected = [.. expected.Intersect((await AllAsync($"/v1/changes?limit=500&{filter}")).Select(Sequence))];
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected, (await AllAsync($"/v1/changes?limit=3&{query}")).ConvertAll(Sequence));
    }

    [Fact]
    public async Task A_pledge_finds_its_history()
    {
        var pledge = (await AllAsync("/v1/changes?entity=entry")).First().Text("pledgeId");
        var history = await AllAsync($"/v1/pledges/{pledge}/history");
        Assert.InRange(history.Count, 2, 20);
        Assert.Equal(history.Select(c => c.GetRawText()), (await AllAsync($"/v1/changes?pledge={pledge}&limit=2")).Select(c => c.GetRawText()));
        Assert.Equal(history.Where(c => c.Text("entity") == "entry").Select(Sequence), (await AllAsync($"/v1/changes?pledge={pledge}&entity=entry")).Select(Sequence));
        await server.RefusesAsync("/v1/changes?pledge=one", "?pledge", "invalid_id");
    }

    [Fact]
    public async Task What_was_said_of_an_organization_is_found_by_the_one_that_it_was_merged_into()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var (old, survivor, fund) = (await own.OrganizationAsync(), await own.OrganizationAsync(), await own.FundAsync());
        var pledge = await own.PledgeAsync(old, fund, 100);
        await own.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 40));
        await own.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(survivor, fund, "payment", 7));
        var merged = await own.Editor.SendAsync(HttpMethod.Post, $"/v1/organizations/{old}/merge-into/{survivor}");
        Assert.True(merged.Status == HttpStatusCode.Created, merged.Text);
        await own.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 5, "date": "2026-06-02" }""");

        // Created and created, pledged, paid, paid, merged, revised.
        var found = await own.AllAsync($"/v1/changes?donor={survivor}");
        Assert.Equal(["created", "created", "created", "created", "created", "merged", "revised"], found.Select(c => c.Text("action")));
        Assert.All(found, c => Assert.Equal(survivor, Assert.Single(c.GetProperty("donors").EnumerateArray()).Id()));
        Assert.Equal(found.Select(Sequence), (await own.AllAsync($"/v1/changes?donor={old}")).Select(Sequence));
        Assert.Equal(found.Select(Sequence), (await own.WalkAsync($"/v1/changes?donor={old},{survivor}", 2)).Select(Sequence));
        Assert.Equal($"{survivor} raised its pledge of 2026-03-01 to {fund} by 5 USD on 2026-06-02", found[^1].GetProperty("text").Text("en"));
    }

    [Fact]
    public async Task An_actor_is_named_and_no_more_is_told_of_its_key()
    {
        await using (var own = new TestServer())
        {
            await own.InitializeAsync();
            using var recorder = await own.ClientAsync("recorder", "deu");
            await recorder.RecordAsync("/v1/contributions", Api.Payment(17.5m));
            var change = (await own.AllAsync("/v1/changes?sort=-sequence"))[0];
            Assert.Equal(("Germany", "deu"), (change.Text("actorName"), change.RefId("actorFor")));
        }

        Assert.Equal("The documented facts", (await AllAsync("/v1/changes?limit=500"))[0].Text("actorName"));
        Assert.Equal(["An editor"], (await AllAsync("/v1/changes?actor=" + server.Actor)).Select(c => c.Text("actorName")).Distinct());
        Assert.Equal("محرر", (await server.GetAsync("/v1/changes?lang=ar&limit=1&actor=" + server.Actor)).GetProperty("data")[0].Text("actorName"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("999999")]
    [InlineData("99999999999999999999")]
    [InlineData("-1")]
    [InlineData("first")]
    public async Task A_change_that_is_not_there_is_not_found(string sequence) =>
        Assert.Equal("not_found", (await server.GetAsync($"/v1/changes/{sequence}", HttpStatusCode.NotFound)).Text("code"));

    [Fact]
    public async Task Days_are_whole_and_in_UTC()
    {
        Assert.Equal(["created"], await ActionsAsync("from=2026-03-02&to=2026-03-02"));
        Assert.Equal(["amended", "created"], await ActionsAsync("from=2026-03-03"));
        Assert.Equal(["created", "amended", "created"], await ActionsAsync("from=2026-03-02&to=2026-03-03"));
        Assert.Empty(await ActionsAsync("from=2026-03-04"));
        var before = await AllAsync("/v1/changes?to=2026-03-01&limit=500");
        Assert.NotEmpty(before);
        Assert.All(before, c => Assert.Equal("seed", c.GetProperty("actor").GetString()));

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

    private static bool IsAbout(JsonElement change, string member, string id) =>
        member == "donors" ? change.GetProperty(member).EnumerateArray().Any(donor => donor.Id() == id) : change.RefId(member) == id;

    private static long Sequence(JsonElement change) => change.GetProperty("sequence").GetInt64();

    private static DateTimeOffset At(JsonElement change) => change.GetProperty("at").GetDateTimeOffset();
}
