using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Contract;

public sealed partial class ConditionalReadTests : IAsyncLifetime
{
    private readonly FixedClock _clock = new(new DateTimeOffset(2026, 3, 15, 23, 59, 58, TimeSpan.Zero));
    private readonly TestServer _server;

    public ConditionalReadTests() => _server = new TestServer { Clock = _clock };

    public async ValueTask InitializeAsync() => await _server.InitializeAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Every_read_has_a_strong_ETag_and_is_revalidated_without_a_body()
    {
        var pledge = (await _server.AllAsync("/v1/pledges"))[0].Id();
        var contribution = (await _server.AllAsync("/v1/contributions"))[0].Id();
        var shortfall = (await _server.AllAsync("/v1/shortfalls"))[0].Id();
        string[] alone =
        [
            $"/v1/pledges/{pledge}", $"/v1/contributions/{contribution}", $"/v1/shortfalls/{shortfall}", "/v1/donors/usa", "/v1/organizations/undp",
            "/v1/funds/undp-ffs", "/v1/events/kuwait-conference-2018", "/v1/sources/state-note-2018-06-26", "/v1/countries/TUR",
        ];
        foreach (var path in (await _server.ListsAsync(pledge)).Select(l => l.Path).Concat(alone))
        {
            var first = await _server.AskAsync(path);
            Assert.Equal(200, first.Status);
            Assert.Matches(Strong(), first.Header("ETag"));
            Assert.Equal("public, no-cache", first.Header("Cache-Control"));
            var vary = first.Header("Vary")!.Split(", ");
            Assert.Contains("Accept", vary);
            Assert.Contains("Accept-Language", vary);
            Assert.Contains("Accept-Encoding", vary);
            var again = await _server.AskAsync(path, null, ("If-None-Match", first.Header("ETag")!));
            Assert.Equal(304, again.Status);
            Assert.Equal("", again.Text);
            foreach (var header in new[] { "ETag", "Cache-Control", "Vary" })
            {
                Assert.Equal(first.Header(header), again.Header(header));
            }
        }
    }

    [Fact]
    public async Task HEAD_answers_what_GET_does_without_the_body()
    {
        var tag = "";
        foreach (var path in new[] { "/v1/pledges?limit=2", "/v1/funds/undp-ffs", "/v1/funds/no-such-fund", "/v1/pledges?limit=0" })
        {
            var get = await _server.AskAsync(path);
            var head = await _server.AskAsync(path, HttpMethod.Head);
            Assert.Equal(get.Status, head.Status);
            Assert.Equal("", head.Text);
            foreach (var header in new[] { "ETag", "Link", "Cache-Control", "Content-Type", "Content-Language", "Vary" })
            {
                Assert.Equal(get.Header(header), head.Header(header));
            }

            tag = get.Header("ETag") ?? tag;
        }

        Assert.Equal(304, (await _server.AskAsync("/v1/funds/undp-ffs", HttpMethod.Head, ("If-None-Match", tag))).Status);
    }

    [Theory]
    [InlineData("W/{0}", 304)]
    [InlineData("\"other\", {0}", 304)]
    [InlineData("{0}, \"other\"", 304)]
    [InlineData("\"other\"", 200)]
    [InlineData("nonsense", 200)]
    public async Task If_None_Match_is_a_list_of_tags_compared_weakly(string header, int status)
    {
        var tag = (await _server.AskAsync("/v1/funds")).Header("ETag")!;
        var answer = await _server.AskAsync("/v1/funds", null, ("If-None-Match", string.Format(null, header, tag)));
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_star_matches_whatever_is_there_and_nothing_that_is_not()
    {
        Assert.Equal(304, (await _server.AskAsync("/v1/funds/undp-ffs", null, ("If-None-Match", "*"))).Status);
        Assert.Equal(404, (await _server.AskAsync("/v1/funds/nowhere", null, ("If-None-Match", "*"))).Status);
    }

    [Fact]
    public async Task A_tag_of_one_address_is_no_tag_of_another()
    {
        var tag = (await _server.AskAsync("/v1/funds")).Header("ETag")!;
        foreach (var path in new[] { "/v1/funds?limit=2", "/v1/donors", "/v1/funds/undp-ffs", "/v1/funds?lang=ar" })
        {
            Assert.Equal(200, (await _server.AskAsync(path, null, ("If-None-Match", tag))).Status);
        }
    }

    [Fact]
    public async Task Different_languages_have_different_tags()
    {
        var english = (await _server.AskAsync("/v1/funds")).Header("ETag")!;
        var arabic = await _server.AskAsync("/v1/funds", null, ("Accept-Language", "ar"), ("If-None-Match", english));
        Assert.Equal(200, arabic.Status);
        Assert.NotEqual(english, arabic.Header("ETag"));
        Assert.Equal(304, (await _server.AskAsync("/v1/funds", null, ("Accept-Language", "ar"), ("If-None-Match", arabic.Header("ETag")!))).Status);
    }

    [Fact]
    public async Task A_write_changes_the_tag_and_shows_in_the_very_next_read()
    {
        var before = await _server.AskAsync("/v1/pledges?donor=usa&count=true");
        var id = await _server.EnterAsync(enter => enter.PledgeAsync("usa", 5_000_000, "2026-03-01", "undp-ffs"));
        var after = await _server.AskAsync("/v1/pledges?donor=usa&count=true", null, ("If-None-Match", before.Header("ETag")!));
        Assert.Equal(200, after.Status);
        Assert.NotEqual(before.Header("ETag"), after.Header("ETag"));
        Assert.Equal(before.Json.GetProperty("count").GetInt32() + 1, after.Json.GetProperty("count").GetInt32());
        Assert.Equal(id, after.Json.GetProperty("data")[0].Id());
    }

    [Fact]
    public async Task The_part_before_the_first_dot_is_the_version_of_the_resource_alone()
    {
        var (first, second) = await _server.EnterAsync(async enter =>
            (await enter.PledgeAsync("usa", 100, "2026-03-01"), await enter.PledgeAsync("usa", 200, "2026-03-01")));
        var before = (await _server.AskAsync($"/v1/pledges/{first}")).Header("ETag")!;
        await _server.EnterAsync(enter => enter.ContributionAsync(second, "payment", 50, "2026-03-02"));
        var elsewhere = (await _server.AskAsync($"/v1/pledges/{first}")).Header("ETag")!;
        Assert.NotEqual(before, elsewhere);
        Assert.Equal(Resource(before), Resource(elsewhere));
        await _server.EnterAsync(enter => enter.ContributionAsync(first, "payment", 50, "2026-03-02"));
        Assert.NotEqual(Resource(before), Resource((await _server.AskAsync($"/v1/pledges/{first}")).Header("ETag")!));
    }

    [Theory]
    [InlineData("br, gzip;q=0.8", "br", "-br")]
    [InlineData("gzip", "gzip", "-gz")]
    public async Task An_answer_is_sent_compressed_to_who_accepts_that_under_a_tag_of_its_own(string accepts, string coding, string end)
    {
        foreach (var path in new[] { "/v1/pledges?limit=7", "/v1/funds/undp-ffs", "/v1/donors" })
        {
            var plain = await _server.AskAsync(path);
            Assert.Null(plain.Header("Content-Encoding"));
            var packed = await RawAsync(path, HttpMethod.Get, accepts);
            Assert.Equal(coding, Assert.Single(packed.Content.Headers.ContentEncoding));
            await using var bytes = await packed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            using var unpacked = new StreamReader(coding == "br" ? new BrotliStream(bytes, CompressionMode.Decompress) : new GZipStream(bytes, CompressionMode.Decompress));
            Assert.Equal(plain.Text, await unpacked.ReadToEndAsync(TestContext.Current.CancellationToken));
            var tag = packed.Headers.ETag!.Tag;
            Assert.Equal(plain.Header("ETag")!.Insert(plain.Header("ETag")!.Length - 1, end), tag);
            Assert.Equal(HttpStatusCode.NotModified, (await RawAsync(path, HttpMethod.Get, accepts, tag)).StatusCode);
            // A cache between may ask with the tag of a body that this client could not read.
            Assert.Equal(HttpStatusCode.OK, (await RawAsync(path, HttpMethod.Get, "identity", tag)).StatusCode);
            Assert.Equal(HttpStatusCode.NotModified, (await RawAsync(path, HttpMethod.Get, accepts, plain.Header("ETag"))).StatusCode);
            Assert.Equal(tag, (await RawAsync(path, HttpMethod.Head, accepts)).Headers.ETag!.Tag);
            foreach (var refused in new[] { "identity", "gzip;q=0", "zstd", "" })
            {
                var answer = await RawAsync(path, HttpMethod.Get, refused);
                Assert.Empty(answer.Content.Headers.ContentEncoding);
                Assert.Equal(plain.Text, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                Assert.Equal(plain.Header("ETag"), answer.Headers.ETag!.Tag);
            }
        }
    }

    [Fact]
    public async Task A_list_that_was_kept_shows_the_next_write()
    {
        for (var i = 1; i <= 3; i++)
        {
            var id = await _server.EnterAsync(enter => enter.PledgeAsync("usa", 100, "2026-03-01"));
            for (var again = 0; again < 3; again++)
            {
                Assert.Contains(id, (await _server.AllAsync("/v1/pledges")).Select(Asking.Id));
            }
        }
    }

    [Fact]
    public async Task A_refused_read_has_no_tag_and_is_not_kept()
    {
        foreach (var path in new[] { "/v1/funds/no-such-fund", "/v1/funds?limit=0" })
        {
            var answer = await _server.AskAsync(path);
            Assert.Null(answer.Header("ETag"));
            Assert.Equal("no-store", answer.Header("Cache-Control"));
        }
    }

    [Fact]
    public async Task The_tag_turns_at_midnight_UTC_although_nothing_was_written()
    {
        var tag = (await _server.AskAsync("/v1/pledges")).Header("ETag")!;
        _clock.Now = _clock.Now.AddSeconds(1);
        Assert.Equal(304, (await _server.AskAsync("/v1/pledges", null, ("If-None-Match", tag))).Status);
        _clock.Now = _clock.Now.AddSeconds(1);
        var tomorrow = await _server.AskAsync("/v1/pledges", null, ("If-None-Match", tag));
        Assert.Equal(200, tomorrow.Status);
        Assert.NotEqual(tag, tomorrow.Header("ETag"));
    }

    [Fact]
    public async Task A_promise_is_overdue_from_the_midnight_after_the_day_it_was_due()
    {
        var id = await _server.EnterAsync(enter => enter.PledgeAsync("usa", 100, "2026-03-01", dueOn: "2026-03-15"));
        Assert.False((await _server.GetAsync($"/v1/pledges/{id}")).GetProperty("overdue").GetBoolean());
        await _server.ShowsNothingAsync("/v1/pledges?overdue=true");
        _clock.Now = _clock.Now.AddSeconds(2);
        Assert.True((await _server.GetAsync($"/v1/pledges/{id}")).GetProperty("overdue").GetBoolean());
        Assert.Equal(id, Assert.Single(await _server.AllAsync("/v1/pledges?overdue=true")).Id());
        Assert.DoesNotContain(id, (await _server.AllAsync("/v1/pledges?overdue=false")).Select(Asking.Id));
        await _server.EnterAsync(enter => enter.ContributionAsync(id, "payment", 100, "2026-03-16"));
        Assert.False((await _server.GetAsync($"/v1/pledges/{id}")).GetProperty("overdue").GetBoolean());
    }

    [Fact]
    public async Task The_window_of_a_shortfall_closes_at_the_midnight_after_its_last_day()
    {
        var id = await _server.EnterAsync(enter => enter.ShortfallAsync("syria-recovery-trust-fund", 100, "2026-03-01", "2026-01-01", "2026-03-15"));
        Assert.True((await _server.GetAsync($"/v1/shortfalls/{id}")).GetProperty("coverage").GetProperty("windowOpen").GetBoolean());
        _clock.Now = _clock.Now.AddSeconds(2);
        Assert.False((await _server.GetAsync($"/v1/shortfalls/{id}")).GetProperty("coverage").GetProperty("windowOpen").GetBoolean());
    }

    private static string Resource(string tag) => tag[..tag.IndexOf('.', StringComparison.Ordinal)];

    private async Task<HttpResponseMessage> RawAsync(string path, HttpMethod method, string acceptEncoding, string? tag = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);
        if (tag is not null)
        {
            request.Headers.Add("If-None-Match", tag);
        }

        return await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("""^"\d+\.\d+-[0-9a-f]{8}\.\d{8}\.[0-9a-f]{16}"$""")]
    private static partial Regex Strong();
}
