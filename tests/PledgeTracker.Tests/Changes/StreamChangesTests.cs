using System.Diagnostics;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace PledgeTracker.Tests.Changes;

public sealed class StreamChangesTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_heartbeat_comes_at_once()
    {
        using var response = await OpenAsync(server, "0");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var first = await FirstAsync(response, _ => true);
        Assert.Equal("heartbeat", first.EventType);
        Assert.Equal("{}", first.Data);
        Assert.Null(first.EventId);
    }

    [Fact]
    public async Task Last_Event_ID_replays_what_came_after_it_as_the_list_shows_it()
    {
        var (changes, raw) = await ListAsync(server, 0);
        Assert.True(changes.Count > 3);
        var after = changes.Count / 2;
        using var response = await OpenAsync(server, after.ToString());
        var events = await TakeAsync(response, changes.Count - after);
        Assert.Equal(changes.Skip(after), events.Select(e => long.Parse(e.EventId!)));
        Assert.All(events, e => Assert.Equal("change", e.EventType));
        Assert.Equal(raw.Skip(after), events.Select(e => Canonical(e.Data)));
    }

    [Fact]
    public async Task Without_Last_Event_ID_the_stream_begins_with_the_next_change()
    {
        using var editor = await server.ClientAsync("editor");
        using var response = await OpenAsync(server, null);
        var made = await editor.RecordAsync("/v1/contributions", Api.Payment(3.01m));
        var first = await FirstAsync(response, e => e.EventType == "change");
        Assert.Equal(made.GetProperty("id").GetString(), JsonDocument.Parse(first.Data).RootElement.GetProperty("entityId").GetString());
    }

    [Fact]
    public async Task A_change_that_another_process_commits_is_sent_too()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        var last = await LastAsync(own);
        using var response = await OpenAsync(own, null);
        await using (var outside = await own.OpenDatabaseAsync())
        {
            await outside.ExecuteAsync("""
                INSERT INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash)
                SELECT seq + 1, at, 'local', entity, entity_id, pledge_id, body, hash FROM change ORDER BY seq DESC LIMIT 1
                """);
        }

        var sent = await FirstAsync(response, e => e.EventType == "change");
        Assert.Equal(last + 1, long.Parse(sent.EventId!));
    }

    [Fact]
    public async Task A_Last_Event_ID_beyond_the_last_change_is_refused_and_the_last_change_named()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        var last = await LastAsync(own);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            var refused = await own.AskAsync("/v1/changes/stream", method, ("Last-Event-ID", (last + 1).ToString()));
            Assert.Equal(400, refused.Status);
            if (method == HttpMethod.Get)
            {
                var fault = Assert.Single(Asking.AssertProblem(refused, 400, "invalid_request").GetProperty("errors").EnumerateArray());
                Assert.Equal("Last-Event-ID", fault.Text("pointer"));
                Assert.Contains(last.ToString(), fault.Text("detail"), StringComparison.Ordinal);
            }
        }

        using var response = await OpenAsync(own, last.ToString());
    }

    [Theory]
    [InlineData("application/json", 406)]
    [InlineData("text/html, application/*", 406)]
    [InlineData("text/event-stream;q=0, */*", 406)]
    [InlineData("text/event-stream", 200)]
    [InlineData("Text/Event-Stream;charset=utf-8", 200)]
    [InlineData("text/*", 200)]
    [InlineData("application/json, */*;q=0.1", 200)]
    public async Task Only_an_event_stream_is_sent(string accept, int status)
    {
        using var request = Request(null);
        request.Headers.Accept.ParseAdd(accept);
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 406)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Contains("text/event-stream", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Last_Event_ID_stands_in_the_document()
    {
        var operation = (await server.GetAsync("/openapi.json")).GetProperty("paths").GetProperty("/v1/changes/stream").GetProperty("get");
        var parameter = Assert.Single(operation.GetProperty("parameters").EnumerateArray());
        Assert.Equal(("Last-Event-ID", "header"), (parameter.Text("name"), parameter.Text("in")));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData(" ")]
    [InlineData("99999999999999999999")]
    public async Task A_malformed_Last_Event_ID_is_refused(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes/stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", id);
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("Last-Event-ID", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Writes_that_are_refused_or_fail_never_show()
    {
        // It would tell of each fault.
        await using var own = new TestServer { Settings = ["--Logging:LogLevel:Default=None"] };
        await own.InitializeAsync();
        using var editor = await own.ClientAsync("editor");
        var start = await LastAsync(own);
        using var response = await OpenAsync(own, start.ToString());
        await using (var outside = await own.OpenDatabaseAsync())
        {
            // From here on an indicator cannot be recorded, and the server learns so in the middle of its write.
            await outside.ExecuteAsync("ALTER TABLE indicator RENAME TO gone");
        }

        // The writer is kept waiting while these are sent, so that good and bad ones share a transaction.
        var sending = new List<Task<Reply>>();
        await using (await own.HoldWritesAsync())
        {
            for (var i = 0; i < 60; i++)
            {
                sending.Add((i % 3) switch
                {
                    0 => editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(5 + (i / 100m))),
                    1 => editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(donor: "nobody")),
                    _ => editor.SendAsync(HttpMethod.Post, "/v1/indicators", """{ "measure": "m", "name": { "en": "M" }, "value": 1, "unit": "people", "date": "2026-01-15" }"""),
                });
            }

            await own.VersionAsync();
        }

        var replies = await Task.WhenAll(sending);
        foreach (var (status, kind) in new[] { (HttpStatusCode.Created, 0), (HttpStatusCode.BadRequest, 1), (HttpStatusCode.InternalServerError, 2) })
        {
            Assert.All(replies.Where((_, i) => i % 3 == kind), reply => Assert.True(reply.Status == status, $"{(int)reply.Status} {reply.Text}"));
        }

        var kept = replies.Where(r => r.Status == HttpStatusCode.Created).Select(r => r.Body.Id()).ToList();
        kept.Add((await editor.RecordAsync("/v1/contributions", Api.Payment(6.01m))).Id());

        var events = await TakeAsync(response, kept.Count);
        Assert.Equal(kept.Order(), events.Select(e => JsonDocument.Parse(e.Data).RootElement.Text("entityId")!).Order());
        Assert.Equal(kept[^1], JsonDocument.Parse(events[^1].Data).RootElement.Text("entityId"));
        Assert.Equal(Enumerable.Range(1, kept.Count).Select(i => start + i), events.Select(e => long.Parse(e.EventId!)));
    }

    [Fact]
    public async Task Open_streams_end_cleanly_and_do_not_hold_up_a_shutdown()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        // The server's own client goes when it stops; these are others', who would stay.
        using var outside = new HttpClient { BaseAddress = own.Client.BaseAddress };
        var open = new List<HttpResponseMessage>();
        var reading = new List<Task<List<SseItem<string>>>>();
        for (var i = 0; i < 20; i++)
        {
            using var request = Request("0");
            var response = await outside.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            open.Add(response);
            reading.Add(ToEndAsync(response));
        }

        var stopping = Stopwatch.StartNew();
        await own.StopAsync();
        Assert.True(stopping.Elapsed < TimeSpan.FromSeconds(5), $"The shutdown took {stopping.Elapsed}.");
        // To the end of a whole answer: a stream that was torn down would throw here.
        var all = await Task.WhenAll(reading);
        Assert.All(all, events => Assert.Equal("heartbeat", events[0].EventType));
        open.ForEach(response => response.Dispose());
        await own.StartAsync();
    }

    [Fact]
    public async Task A_thousand_reconnects_give_the_exact_sequence_of_changes()
    {
        await using var own = new TestServer();
        await own.InitializeAsync();
        using var editor = await own.ClientAsync("editor");
        using var enough = new CancellationTokenSource();
        var writing = Enumerable.Range(0, 4).Select(no => Task.Run(async () =>
        {
            for (var i = 1; !enough.IsCancellationRequested; i++)
            {
                await editor.RecordAsync("/v1/contributions", Api.Payment((100 * no) + (i / 100m)));
            }
        })).ToArray();

        // Several subscribers, each with a life of its own; a connection lasts for some events, and is left in the middle of whatever follows.
        var followers = Enumerable.Range(0, 5).Select(no => Task.Run(async () =>
        {
            var random = new Random(no);
            var seen = new List<long>();
            for (var reconnects = 0; reconnects < 200; reconnects++)
            {
                using var response = await OpenAsync(own, seen.Count == 0 ? "0" : seen[^1].ToString());
                var take = random.Next(0, 7);
                using var patience = new CancellationTokenSource(Patience);
                await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(patience.Token))
                {
                    if (item.EventType == "change" && take-- > 0)
                    {
                        seen.Add(long.Parse(item.EventId!));
                    }

                    if (take <= 0)
                    {
                        break;
                    }
                }
            }

            return seen;
        })).ToArray();
        var all = await Task.WhenAll(followers);
        await enough.CancelAsync();
        await Task.WhenAll(writing);

        var (changes, _) = await ListAsync(own, 0);
        Assert.All(all, seen =>
        {
            Assert.True(seen.Count > 300, $"Only {seen.Count} events were seen.");
            Assert.Equal(changes.Take(seen.Count), seen);
        });
    }

    private static HttpRequestMessage Request(string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes/stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return request;
    }

    private static async Task<HttpResponseMessage> OpenAsync(TestServer server, string? lastEventId)
    {
        while (true)
        {
            using var request = Request(lastEventId);
            var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter?.Delta is { } wait)
            {
                // Streams that were left count until the server has noticed: where a thousand are left at once it may ask to wait, and a client does.
                Assert.Contains("\"code\":\"busy\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
                response.Dispose();
                await Task.Delay(wait, TestContext.Current.CancellationToken);
                continue;
            }

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return response;
        }
    }

    private static async Task<SseItem<string>> FirstAsync(HttpResponseMessage response, Func<SseItem<string>, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(patience.Token))
        {
            if (wanted(item))
            {
                return item;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static async Task<List<SseItem<string>>> TakeAsync(HttpResponseMessage response, int count)
    {
        var taken = new List<SseItem<string>>();
        await FirstAsync(response, item =>
        {
            if (item.EventType == "change")
            {
                taken.Add(item);
            }

            return taken.Count == count;
        });
        return taken;
    }

    private static async Task<List<SseItem<string>>> ToEndAsync(HttpResponseMessage response)
    {
        using var patience = new CancellationTokenSource(Patience);
        var taken = new List<SseItem<string>>();
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(patience.Token))
        {
            taken.Add(item);
        }

        return taken;
    }

    private static async Task<long> LastAsync(TestServer server) =>
        (await server.GetAsync("/v1/changes?sort=-sequence&limit=1")).GetProperty("data")[0].GetProperty("sequence").GetInt64();

    private static async Task<(List<long> Sequences, List<string> Raw)> ListAsync(TestServer server, long after)
    {
        var (sequences, raw) = (new List<long>(), new List<string>());
        for (var path = $"/v1/changes?after={after}&limit=500"; path is not null;)
        {
            var page = await server.GetAsync(path);
            foreach (var change in page.GetProperty("data").EnumerateArray())
            {
                sequences.Add(change.GetProperty("sequence").GetInt64());
                raw.Add(change.GetRawText());
            }

            path = page.GetProperty("next").GetString();
        }

        return (sequences, raw);
    }

    private static string Canonical(string json) => JsonDocument.Parse(json).RootElement.GetRawText();
}
