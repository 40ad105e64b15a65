using System.Net;

namespace PledgeTracker.Tests.Contract;

/// <summary>The framework of the endpoints keeps much of its state for the whole process: none of it may carry anything from one server to another.</summary>
public sealed class ThreeServersTests
{
    private const int Rounds = 40;

    [Fact]
    public async Task Three_servers_in_one_process_each_show_their_own_data_keys_clock_and_limits_while_all_are_read_and_written_at_once()
    {
        // One on the documented facts; two empty ones, of which one has but a few reads a minute. Each lives in another year.
        await using var seeded = new TestServer { Clock = At(2026) };
        await using var empty = new TestServer { Seed = "none", Clock = At(2027) };
        await using var limited = new TestServer { Seed = "none", Clock = At(2028), Settings = ["--RateLimit:ReadsPerMinute=5"] };
        await Task.WhenAll(new[] { seeded, empty, limited }.Select(server => server.StartAsync()));
        await Task.WhenAll(WorkAsync(seeded, "seeded", 2026), WorkAsync(empty, "empty", 2027), LimitedAsync(limited));

        Assert.Equal(Rounds, await CountAsync(seeded, "/v1/organizations?q=seeded"));
        Assert.Equal(0, await CountAsync(seeded, "/v1/organizations?q=empty"));
        Assert.Equal(Rounds, await CountAsync(empty, "/v1/organizations"));
        Assert.Equal(Rounds, await CountAsync(empty, "/v1/pledges"));
        Assert.Equal(Rounds, await CountAsync(seeded, "/v1/pledges?q=seeded"));
        await seeded.AssertCleanAsync();
        await empty.AssertCleanAsync();
        await limited.AssertCleanAsync();

        // A key of one is nobody's at the others; what a role may do is the key's own.
        using var stranger = empty.WithToken(await seeded.EditorKey);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(HttpMethod.Post, "/v1/organizations", Organization("stranger"))).Status);
        using var editor = empty.WithToken(await empty.EditorKey);
        Assert.Equal(HttpStatusCode.Forbidden, (await editor.SendAsync(HttpMethod.Post, "/v1/keys", """{ "name": "another", "role": "admin" }""")).Status);
    }

    private static FixedClock At(int year) => new(new DateTimeOffset(year, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private static string Organization(string id) => $$"""{ "id": "{{id}}", "name": { "en": "{{id}}", "ar": "جهة {{id}}" }, "type": "10" }""";

    /// <summary>Enters a donor and its pledge again and again, and reads each back: dated and named as this server alone would.</summary>
    private static async Task WorkAsync(TestServer server, string name, int year)
    {
        using var editor = server.WithToken(await server.EditorKey);
        await Parallel.ForEachAsync(Enumerable.Range(0, Rounds), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (round, _) =>
        {
            var donor = $"{name}-{round}";
            await editor.RecordAsync("/v1/organizations", Organization(donor));
            var pledge = await editor.RecordAsync("/v1/pledges", new { donors = new[] { new { donorId = donor, amount = round + 1 } }, currency = "USD", instrument = "grant", announcedOn = $"{year}-02-01" });
            var shown = await server.GetAsync($"/v1/pledges/{pledge.Id()}", language: "ar");
            Assert.StartsWith($"{year}-03-01T08:00:00", shown.Text("recordedAt"), StringComparison.Ordinal);
            Assert.Equal($"جهة {donor}", shown.GetProperty("donors")[0].Text("name"));
            Assert.Equal(round + 1, shown.GetProperty("figures").Number("pledged"));
            // Tomorrow is another day at each of them.
            await editor.RefusedAsync("/v1/pledges", $$"""
                { "donors": [{ "donorId": "{{donor}}", "amount": 1 }], "currency": "USD", "instrument": "grant", "announcedOn": "{{year}}-04-01" }
                """, 400, "invalid_request", "/announcedOn");
        });
    }

    private static async Task LimitedAsync(TestServer server)
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            using var response = await server.Client.GetAsync(new Uri("/v1/organizations", UriKind.Relative));
            answers.Add(response.StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 5), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 3)], answers);
    }

    private static async Task<int> CountAsync(TestServer server, string path) => (await server.GetAsync(Asking.With(path, "limit=1&count=true"))).GetProperty("count").GetInt32();
}
