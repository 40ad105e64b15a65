using System.Net;

namespace PledgeTracker.Tests.Http;

public sealed class IdempotencyTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_retry_gets_the_first_answer_and_records_nothing()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = WriteServer.Direct(donor, fund, "payment", 100);
        var first = await SendAsync("retry-1", body);
        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.False(first.Replayed);
        var version = await server.VersionAsync();
        // What was recorded is corrected meanwhile; the retry still gets what was answered then.
        await server.Editor.RecordAsync($"/v1/entries/{first.Body.Id()}/reversal", """{ "reason": { "en": "Wrong" } }""");
        var again = await SendAsync("retry-1", body);
        Assert.Equal(first.Status, again.Status);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Location, again.Location);
        Assert.Equal(first.EntityTag, again.EntityTag);
        Assert.True(again.Replayed);
        Assert.Equal(version + 1, await server.VersionAsync());
    }

    [Fact]
    public async Task A_retry_is_the_same_request_however_its_path_is_written()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        const string Withdrawal = """{ "amount": 10, "date": "2026-04-01" }""";
        foreach (var (body, paths) in new (string, string[])[]
        {
            (WriteServer.Direct(donor, fund, "payment", 100), ["/v1/contributions", "/v1/contributions/", "/V1/Contributions"]),
            (Withdrawal, [$"/v1/pledges/{pledge}/withdrawals", $"/v1/pledges/{pledge}/withdrawals/", $"/v1/Pledges/{pledge}/Withdrawals"]),
        })
        {
            var answers = new List<Reply>();
            foreach (var path in paths)
            {
                answers.Add(await server.Editor.SendAsync(HttpMethod.Post, path, body, ("Idempotency-Key", "path-1")));
            }

            Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, answers[0].Text), (answer.Status, answer.Text)));
            Assert.Equal([false, true, true], answers.Select(answer => answer.Replayed));
        }

        Assert.Equal(10, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Withdrawn);
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_payload_is_422()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await SendAsync("payload-1", WriteServer.Direct(donor, fund, "payment", 100));
        var version = await server.VersionAsync();
        var other = await SendAsync("payload-1", WriteServer.Direct(donor, fund, "payment", 101));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal("unprocessable", other.Code);
        Assert.Equal(version, await server.VersionAsync());
    }

    [Fact]
    public async Task The_header_means_the_same_bare_and_quoted()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = WriteServer.Direct(donor, fund, "payment", 100);
        var bare = await SendAsync("8e03978e-40d5-43e8-bc93-6894a57f9324", body);
        var quoted = await SendAsync("\"8e03978e-40d5-43e8-bc93-6894a57f9324\"", body);
        Assert.True(quoted.Replayed);
        Assert.Equal(bare.Text, quoted.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("two words")]
    [InlineData("a\"b")]
    [InlineData("\"open")]
    [InlineData("back\\slash")]
    public async Task A_malformed_header_is_400(string header) => await MalformedAsync(header);

    [Fact]
    public async Task A_key_of_255_characters_is_taken_and_one_more_is_not()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(new string('k', 255), WriteServer.Direct(donor, fund, "payment", 100))).Status);
        await MalformedAsync(new string('k', 256));
    }

    [Fact]
    public async Task Only_successes_are_kept_so_a_refused_request_can_be_corrected_under_the_same_key()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var version = await server.VersionAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("corrected-1", WriteServer.Direct(donor, "no-such-fund", "payment", 100))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync("corrected-1", WriteServer.Direct(donor, fund, "refund", 100))).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", null, ("Idempotency-Key", "corrected-1"))).Status);
        Assert.Equal(version, await server.VersionAsync());
        var corrected = await SendAsync("corrected-1", WriteServer.Direct(donor, fund, "payment", 100));
        Assert.Equal(HttpStatusCode.Created, corrected.Status);
        Assert.False(corrected.Replayed);
    }

    [Fact]
    public async Task The_same_header_from_another_key_or_to_another_route_is_another_request()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var other = await server.PledgeAsync(donor, fund, 1000);
        using var another = await server.ClientAsync("editor");
        const string Body = """{ "amount": 10, "date": "2026-04-01" }""";
        var ids = new HashSet<string>();
        foreach (var (client, path) in new[]
            { (server.Editor, $"/v1/pledges/{pledge}/withdrawals"), (another, $"/v1/pledges/{pledge}/withdrawals"), (server.Editor, $"/v1/pledges/{other}/withdrawals") })
        {
            var reply = await client.SendAsync(HttpMethod.Post, path, Body, ("Idempotency-Key", "scope-1"));
            Assert.Equal(HttpStatusCode.Created, reply.Status);
            Assert.False(reply.Replayed);
            ids.Add(reply.Text);
        }

        Assert.Equal(3, ids.Count);
        Assert.Equal(20, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Withdrawn);
        Assert.Equal(10, (await server.FiguresAsync($"/v1/pledges/{other}")).Withdrawn);
    }

    [Fact]
    public async Task An_answer_is_kept_for_24_hours_and_over_a_restart()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var (donor, fund) = (await own.OrganizationAsync(), await own.FundAsync());
        var token = await own.TokenAsync("editor");
        // What is sent again later would look like its own double.
        var body = WriteServer.Direct(donor, fund, "commitment", 100, more: """, "distinctFrom": "all" """);
        var first = await SendOwnAsync();
        await own.StopAsync();
        await own.StartAsync();
        own.Clock!.Now += TimeSpan.FromHours(24);
        var kept = await SendOwnAsync();
        Assert.True(kept.Replayed);
        Assert.Equal(first.Text, kept.Text);
        own.Clock.Now += TimeSpan.FromSeconds(1);
        var late = await SendOwnAsync();
        Assert.Equal(HttpStatusCode.Created, late.Status);
        Assert.False(late.Replayed);
        Assert.NotEqual(first.Body.Id(), late.Body.Id());
        // What is kept now is the new answer.
        Assert.Equal(late.Text, (await SendOwnAsync()).Text);

        async Task<Reply> SendOwnAsync()
        {
            using var client = own.WithToken(token);
            return await client.SendAsync(HttpMethod.Post, "/v1/contributions", body, ("Idempotency-Key", "kept-1"));
        }
    }

    [Fact]
    public async Task Fifty_concurrent_retries_of_one_request_make_one_record()
    {
        for (var round = 0; round < 10; round++)
        {
            var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
            var key = server.NewId("concurrent");
            var body = WriteServer.Direct(donor, fund, "payment", 100);
            var version = await server.VersionAsync();
            var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync(key, body)));
            Assert.All(replies, r => Assert.True(r.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{(int)r.Status} {r.Text}"));
            Assert.All(replies.Where(r => r.Status == HttpStatusCode.Conflict), r => Assert.Equal("conflict", r.Code));
            var made = replies.Where(r => r.Status == HttpStatusCode.Created).ToList();
            Assert.NotEmpty(made);
            Assert.Single(made, r => !r.Replayed);
            Assert.Single(made.Select(r => r.Text).Distinct());
            Assert.Equal(version + 1, await server.VersionAsync());
            Assert.Equal(100, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        }
    }

    [Fact]
    public async Task Refused_requests_among_good_ones_leave_no_gap_in_the_sequence_of_changes()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var (donor, fund) = (await own.OrganizationAsync(), await own.FundAsync());
        var version = await own.VersionAsync();
        // Every other is refused by a fact that only the writer knows, after the batch has begun.
        var replies = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => own.Editor.SendAsync(HttpMethod.Post, "/v1/contributions",
            WriteServer.Direct(donor, i % 2 == 0 ? fund : "no-such-fund", "payment", i))));
        Assert.Equal(100, replies.Count(r => r.Status == HttpStatusCode.Created));
        Assert.Equal(100, replies.Count(r => r.Status == HttpStatusCode.BadRequest));
        var changes = (await own.GetAsync($"/v1/changes?after={version}&limit=500&sort=sequence")).GetProperty("data").EnumerateArray()
            .Select(c => c.GetProperty("sequence").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, 100).Select(i => version + i), changes);
    }

    private async Task MalformedAsync(string header)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var version = await server.VersionAsync();
        var reply = await SendAsync(header, WriteServer.Direct(donor, fund, "payment", 100));
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("Idempotency-Key", reply.Pointers);
        Assert.Equal(version, await server.VersionAsync());
    }

    private Task<Reply> SendAsync(string key, string body) => server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", body, ("Idempotency-Key", key));
}
