using System.Text;
using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

public sealed class PagingTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    private static readonly Dictionary<string, Func<JsonElement, object>> Keys = new()
    {
        ["announcedOn"] = item => item.Text("announcedOn")!,
        ["amountUsd"] = item => item.GetProperty("figures").Number("pledged"),
        ["pledged"] = item => item.GetProperty("figures").Number("pledged"),
        ["withdrawn"] = item => item.GetProperty("figures").Number("withdrawn"),
        ["committed"] = item => item.GetProperty("figures").Number("committed"),
        ["paid"] = item => item.GetProperty("figures").Number("paid"),
        ["outstanding"] = item => item.GetProperty("figures").Number("outstanding"),
        ["date"] = item => item.Text("date")!,
        ["statedOn"] = item => item.Text("statedOn")!,
        ["startsOn"] = item => item.Text("startsOn")!,
        ["publishedOn"] = item => item.Text("publishedOn")!,
        ["entered"] = item => item.Text("recordedAt")!,
        ["sequence"] = item => item.Number("sequence"),
        ["id"] = item => item.Id(),
        ["code"] = item => item.Text("code")!,
    };

    [Fact]
    public async Task Every_order_of_every_list_is_the_order_of_its_field_and_its_reverse_is_the_other_direction()
    {
        foreach (var list in await server.ListsAsync(server.BusyPledge))
        {
            foreach (var sort in list.Sorts.Where(s => s[0] != '-'))
            {
                var up = await server.AllAsync($"{list.Path}?sort={sort}");
                Assert.True(up.Count > 1, $"{list.Path} has too little to order");
                Assert.Equal(up.Select(Keys[sort]).Order(OrdinalKeys.Instance), up.Select(Keys[sort]));
                var down = await server.AllAsync($"{list.Path}?sort=-{sort}");
                Assert.Equal(up.Select(Asking.Id).Reverse(), down.Select(Asking.Id));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Walking_any_list_in_any_order_visits_every_item_once_in_the_order_of_one_big_page(int limit)
    {
        foreach (var list in await server.ListsAsync(server.BusyPledge))
        {
            foreach (var sort in list.Sorts)
            {
                var path = $"{list.Path}?sort={sort}";
                var whole = (await server.AllAsync(path)).ConvertAll(Asking.Id);
                Assert.Equal(whole.Distinct().Count(), whole.Count);
                Assert.Equal(whole, (await server.WalkAsync(path, limit)).ConvertAll(Asking.Id));
            }
        }
    }

    [Theory]
    [InlineData("/v1/pledges?donor=alpha")]
    [InlineData("/v1/pledges?country=IRQ")]
    [InlineData("/v1/pledges?country=IRQ&donor=alpha")]
    [InlineData("/v1/pledges?fund=facility&country=SYR")]
    [InlineData("/v1/pledges?recipient=ngo-one")]
    [InlineData("/v1/pledges?event=conference-a")]
    [InlineData("/v1/pledges?status=announced")]
    [InlineData("/v1/pledges?instrument=loan")]
    [InlineData("/v1/pledges?grantsOnly=true&overdue=true")]
    [InlineData("/v1/pledges?currency=KWD")]
    [InlineData("/v1/pledges?overdue=true")]
    [InlineData("/v1/pledges?overdue=false&announcedFrom=2025-01-01")]
    [InlineData("/v1/pledges?origin=direct")]
    [InlineData("/v1/pledges?minAmountUsd=200000&maxAmountUsd=300000")]
    [InlineData("/v1/pledges?q=alpha")]
    [InlineData("/v1/contributions?donor=alpha")]
    [InlineData("/v1/contributions?stage=payment&includeReversed=true")]
    [InlineData("/v1/donors?instrument=grant")]
    [InlineData("/v1/donors?type=10")]
    [InlineData("/v1/funds?country=IRQ")]
    [InlineData("/v1/shortfalls?basis=reported")]
    [InlineData("/v1/shortfalls?fund=umbrella&current=true")]
    [InlineData("/v1/indicators?measure=schools-open")]
    public async Task Walking_a_filtered_list_in_any_order_is_no_different(string path)
    {
        var list = (await server.ListsAsync(server.BusyPledge)).Single(l => l.Path == path[..path.IndexOf('?', StringComparison.Ordinal)]);
        foreach (var sort in list.Sorts)
        {
            var whole = (await server.AllAsync($"{path}&sort={sort}")).ConvertAll(Asking.Id);
            Assert.True(whole.Count > 1, $"{path} has too little to walk");
            Assert.Equal(whole, (await server.WalkAsync($"{path}&sort={sort}", 2)).ConvertAll(Asking.Id));
        }
    }

    [Fact]
    public async Task A_page_holds_fifty_unless_asked_otherwise()
    {
        var page = await server.GetAsync("/v1/pledges");
        Assert.Equal(50, page.GetProperty("data").GetArrayLength());
        Assert.NotNull(page.Text("next"));
    }

    [Fact]
    public async Task The_next_page_stands_in_the_body_and_in_the_Link_header_and_the_last_page_has_neither()
    {
        var first = await server.AskAsync("/v1/pledges?limit=40");
        Assert.Equal($"<{first.Json.Text("next")}>; rel=\"next\"", first.Header("Link"));
        var last = await server.AskAsync(first.Json.Text("next")!);
        Assert.Equal(JsonValueKind.Null, last.Json.GetProperty("next").ValueKind);
        Assert.Null(last.Header("Link"));
    }

    [Fact]
    public async Task A_page_that_ends_with_the_list_is_the_last()
    {
        var all = await server.AllAsync("/v1/pledges");
        var exact = await server.GetAsync($"/v1/pledges?limit={all.Count}");
        Assert.Null(exact.Text("next"));
        var short1 = await server.GetAsync($"/v1/pledges?limit={all.Count - 1}");
        var rest = await server.GetAsync(short1.Text("next")!);
        Assert.Equal(all[^1].Id(), Assert.Single(rest.GetProperty("data").EnumerateArray()).Id());
    }

    [Fact]
    public async Task The_count_is_of_all_that_matches_on_every_page_and_only_when_asked_for()
    {
        foreach (var list in await server.ListsAsync(server.BusyPledge))
        {
            var all = await server.AllAsync(list.Path);
            var page = await server.GetAsync(list.Path + "?limit=1&count=true");
            Assert.Equal(all.Count, page.GetProperty("count").GetInt32());
            var next = page.Text("next")!;
            Assert.False((await server.GetAsync(next)).TryGetProperty("count", out _));
            Assert.Equal(all.Count, (await server.GetAsync(next + "&count=true")).GetProperty("count").GetInt32());
            Assert.False((await server.GetAsync(list.Path + "?count=false")).TryGetProperty("count", out _));
        }
    }

    [Fact]
    public async Task The_next_page_keeps_filters_sort_limit_and_language()
    {
        var next = (await server.GetAsync("/v1/pledges?limit=3&sort=-amountUsd&country=IRQ&q=%D9%84%D9%84%D9%85%D9%8A%D8%A7%D9%87&lang=ar")).Text("next")!;
        foreach (var kept in new[] { "limit=3", "sort=-amountUsd", "country=IRQ", "q=%D9%84%D9%84%D9%85%D9%8A%D8%A7%D9%87", "lang=ar" })
        {
            Assert.Contains(kept, next, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cursor_may_be_used_with_another_limit_and_language()
    {
        var all = (await server.AllAsync("/v1/pledges")).ConvertAll(Asking.Id);
        var cursor = Cursor((await server.GetAsync("/v1/pledges?limit=3")).Text("next")!);
        var page = await server.GetAsync($"/v1/pledges?limit=5&lang=ar&cursor={cursor}");
        Assert.Equal(all[3..8], page.GetProperty("data").EnumerateArray().Select(Asking.Id));
    }

    [Theory]
    [InlineData("/v1/pledges?country=IRQ")]
    [InlineData("/v1/pledges?sort=announcedOn")]
    [InlineData("/v1/pledges?sort=-amountUsd")]
    [InlineData("/v1/pledges?overdue=false")]
    [InlineData("/v1/contributions?count=false")]
    public async Task A_cursor_of_another_question_is_refused(string path)
    {
        var cursor = Cursor((await server.GetAsync("/v1/pledges?limit=3")).Text("next")!);
        await server.RefusesAsync($"{path}&cursor={cursor}", "?cursor", "invalid_cursor");
    }

    [Fact]
    public async Task A_cursor_that_was_tampered_with_never_breaks_the_server()
    {
        var cursor = Cursor((await server.GetAsync("/v1/pledges?limit=3&sort=amountUsd")).Text("next")!);
        var parts = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)).Split('\n');
        string[][] forged =
        [
            [parts[0], "x", parts[2], "n"], [parts[0], parts[1], "x", "n"], [parts[0], parts[1], parts[2], "z"], [parts[0], parts[1]], [parts[0]],
            ["0000000000000000", .. parts[1..]], [parts[0], "99999999999999999999999", parts[2], "n"], [.. parts, "more"], [parts[0], "", "", "n"],
        ];
        foreach (var forgery in forged)
        {
            var text = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('\n', forgery)));
            await server.RefusesAsync($"/v1/pledges?sort=amountUsd&cursor={text}", "?cursor", "invalid_cursor");
        }
    }

    [Fact]
    public async Task A_cursor_with_control_characters_reaches_no_database()
    {
        var parts = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(Cursor((await server.GetAsync("/v1/donors?limit=1")).Text("next")!))).Split('\n');
        var text = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{parts[0]}\n{parts[1]}\n\0"));
        await server.RefusesAsync($"/v1/donors?limit=1&cursor={text}", "?cursor", "invalid_cursor");
    }

    [Theory]
    [InlineData("-announcedOn")]
    [InlineData("announcedOn")]
    [InlineData("amountUsd")]
    public async Task Writes_between_pages_neither_repeat_nor_drop_what_was_there(string sort)
    {
        await using var own = new TestServer { Seed = "none" };
        await own.InitializeAsync();
        await own.EnterAsync(enter => enter.OrganizationAsync("alpha"));
        for (var i = 0; i < 12; i++)
        {
            await own.EnterAsync(enter => enter.PledgeAsync("alpha", 100 * (1 + (i % 3)), $"2025-01-{10 + (i % 4)}"));
        }

        var old = (await own.AllAsync($"/v1/pledges?sort={sort}")).ConvertAll(Asking.Id);
        var seen = new List<string>();
        string? next = $"/v1/pledges?sort={sort}&limit=2";
        var round = 0;
        while (next is not null && round < 15)
        {
            var page = await own.GetAsync(next);
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(Asking.Id));
            next = page.Text("next");
            // Before, within and behind the place where the walk stands.
            await own.EnterAsync(enter => enter.PledgeAsync("alpha", 100 * (1 + (round % 3)), $"2025-01-{9 + (round % 6):00}"));
            round++;
        }

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Equal(next is null ? old : old.TakeWhile(seen.Contains), seen.Where(old.Contains));
        Assert.True(seen.Count(old.Contains) >= 10);
    }

    private static string Cursor(string next) => next[(next.IndexOf("cursor=", StringComparison.Ordinal) + 7)..];

    private sealed class OrdinalKeys : IComparer<object>
    {
        public static readonly OrdinalKeys Instance = new();

        public int Compare(object? x, object? y) => x is string a && y is string b ? string.CompareOrdinal(a, b) : Comparer<object>.Default.Compare(x, y);
    }
}
