using System.Globalization;
using PledgeTracker.Http;
using PledgeTracker.Tests;
using PledgeTracker.Tests.Contract;
using PledgeTracker.UnitTests.Data;

namespace PledgeTracker.UnitTests.Http;

public sealed class KeptAnswersTests(KeptAnswersTests.KeepingServer watched) : IClassFixture<KeptAnswersTests.KeepingServer>
{
    public sealed class KeepingServer() : WatchedServer(new KeptAnswers());

    private readonly GeneratedServer _server = watched.Server;

    [Fact]
    public async Task An_answer_that_nothing_has_overtaken_costs_the_head_of_the_dataset_and_is_the_same()
    {
        string[] alone = [$"/v1/pledges/{_server.BusyPledge}", "/v1/summary?groupBy=donor&measures=ageing", "/v1/time-series?interval=year"];
        foreach (var path in (await _server.ListsAsync(_server.BusyPledge)).Where(l => l.Path != "/v1/keys").Select(l => $"{l.Path}?count=true&limit=1").Concat(alone))
        {
            var first = await _server.AskAsync(path);
            Tests.Answer? second = null;
            var queries = await watched.DuringAsync(async () => second = await _server.AskAsync(path));
            Assert.Single(queries);
            Assert.Equal((200, first.Text), (second!.Status, second.Text));
            Assert.All(["ETag", "Content-Type", "Content-Language", "Link", "Dataset-Version", "Vary", "Cache-Control"], header => Assert.Equal(first.Header(header), second.Header(header)));
        }
    }

    [Theory]
    [InlineData("/v1/summary?groupBy=donor&lang=ar", null)]
    [InlineData("/v1/summary?groupBy=donor", "ar")]
    [InlineData("/v1/summary?groupBy=donor&", null)]
    public async Task Another_question_is_answered_anew(string path, string? language)
    {
        await _server.AskAsync("/v1/summary?groupBy=donor");
        Assert.True((await watched.DuringAsync(() => _server.AskAsync(path, null, [.. language is null ? [] : new[] { ("Accept-Language", language) }]))).Count > 1);
    }

    [Fact]
    public async Task A_write_is_seen_by_the_next_read_of_every_answer_that_was_kept()
    {
        string[] paths = ["/v1/summary", "/v1/summary?groupBy=event", "/v1/pledges?count=true&limit=1", "/v1/time-series?interval=year"];
        foreach (var path in paths)
        {
            await _server.AskAsync(path);
        }

        var donor = (await _server.AskAsync("/v1/donors?limit=1")).Json.GetProperty("data")[0].Id();
        var before = (await _server.AskAsync(paths[0])).Header("Dataset-Version");
        await _server.EnterAsync(enter => enter.PledgeAsync(donor, 5_000_000, "2026-03-01"));
        foreach (var path in paths)
        {
            Tests.Answer? after = null;
            Assert.True((await watched.DuringAsync(async () => after = await _server.AskAsync(path))).Count > 1);
            Assert.NotEqual(before, after!.Header("Dataset-Version"));
        }
    }

    [Fact]
    public async Task What_is_asked_with_a_key_is_neither_kept_nor_found()
    {
        const string Path = "/v1/keys";
        using var admin = _server.WithToken(await _server.FirstKey);
        await admin.ReadAsync(Path);
        Assert.True((await watched.QueriesAsync(Path, admin)).Count > 1);
        Assert.Equal(401, (await _server.AskAsync(Path)).Status);
    }

    [Fact]
    public void All_together_they_take_no_more_than_they_may()
    {
        const int Most = 1 << 22;
        using var kept = new KeptAnswers(Most);
        kept.Keep("long", new(1, null, new byte[KeptAnswers.LongestBody + 1]));
        Assert.Null(kept.Find("long"));
        foreach (var (questions, length, of) in new[] { (20, 900_000, 10), (10_000, 10, 2_000) })
        {
            for (var i = 0; i < questions; i++)
            {
                kept.Keep(Question(i, of), new(i, null, new byte[length]));
            }

            var found = Enumerable.Range(0, questions).Count(i => kept.Find(Question(i, of)) is not null);
            Assert.InRange(found * (long)(length + (of * sizeof(char))), 1, Most);
        }

        static string Question(int i, int length) => i.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0');
    }
}
