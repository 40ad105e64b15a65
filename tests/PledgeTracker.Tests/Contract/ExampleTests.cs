using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Tests.Contract;

/// <summary>The examples of the document: what is sent succeeds, what is answered is what a server says.</summary>
public sealed class ExampleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Every_example_is_carried_out_by_a_server_with_the_documented_facts_for_the_role_that_it_names()
    {
        var sent = new List<string>();
        await using var reading = new TestServer();
        await reading.InitializeAsync();
        foreach (var operation in (await Operation.AllAsync(reading)).Operations.Where(o => o.Method is "post" or "patch"))
        {
            foreach (var (mediaType, example) in operation.Examples)
            {
                await using var server = new TestServer();
                await server.InitializeAsync();
                var role = example?.GetProperty("x-role").GetString() ?? operation.Role!;
                var organization = example is { } named && named.TryGetProperty("x-organization", out var of) ? of.GetString() : role == "recorder" ? "undp" : null;
                Assert.Contains($"`{role}`", example?.Text("description") ?? operation.Definition.Text("description"), StringComparison.Ordinal);
                using var client = await server.ClientAsync(role, organization);
                using var request = operation.Request(mediaType, example, operation.TakesFile ? "?format=contributions" : "");
                if (operation.Method == "patch")
                {
                    var read = await server.AskAsync(operation.Address());
                    request.Headers.TryAddWithoutValidation("If-Match", read.Header("ETag"));
                }

                using var response = await client.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                Assert.True(operation.Statuses.Contains((int)response.StatusCode) && response.IsSuccessStatusCode, $"{operation.Id}, {mediaType}: {(int)response.StatusCode} {text}");
                sent.Add(operation.Id);
            }
        }

        Assert.True(sent.Count >= 30, string.Join(", ", sent));
    }

    [Fact]
    public async Task Every_body_has_an_example_and_every_read_an_answer()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        var (document, operations) = await Operation.AllAsync(server);
        foreach (var operation in operations)
        {
            if (operation.Definition.TryGetProperty("requestBody", out var body))
            {
                // A file of bytes is none that could stand here.
                Assert.All(body.GetProperty("content").EnumerateObject().Where(media => !media.Value.GetRawText().Contains("\"binary\"", StringComparison.Ordinal)), media => Assert.True(media.Value.TryGetProperty("examples", out _), $"{operation.Id} {media.Name}"));
            }

            // Among the facts there is no import.
            if (operation.Method == "get" && !operation.Path.StartsWith("/v1/imports/", StringComparison.Ordinal))
            {
                Assert.All(operation.Definition.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Where(media => media.Name != Workbook.MediaType),
                    media => Assert.True(media.Value.TryGetProperty("examples", out _), $"{operation.Id} {media.Name}"));
            }

            foreach (var response in operation.Definition.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5'))
            {
                var example = response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples").EnumerateObject().Single();
                var problem = document.GetProperty("components").GetProperty("examples").GetProperty(example.Name).GetProperty("value");
                Assert.Equal(response.Name, problem.GetProperty("status").GetRawText());
                Assert.Equal(example.Name, problem.Text("code"));
            }
        }
    }

    /// <summary>With PLEDGETRACKER_UPDATE=1 in the environment the answers are taken anew; the document has them after the next build.</summary>
    [Fact]
    public async Task The_answers_of_the_document_are_those_of_a_server_with_the_documented_facts()
    {
        await using var server = new TestServer { Clock = new FixedClock(Noon) };
        await server.InitializeAsync();
        var token = await server.FirstKey;
        await using (var outside = await server.OpenDatabaseAsync())
        {
            // The subcommand goes by the machine's clock, and its ids are random.
            await outside.ExecuteAsync($"UPDATE api_key SET id = '0123456789ab', name = 'Office', created_at = '{Noon:yyyy-MM-ddTHH:mm:ss.fffZ}', last_used_at = '{Noon:yyyy-MM-ddTHH:mm:ss.fffZ}'");
        }

        using var admin = server.WithToken($"pt_0123456789ab_{token.Split('_')[2]}");
        var answers = new JsonObject();
        foreach (var operation in (await Operation.AllAsync(server)).Operations.Where(o => o.Method == "get" && !o.Path.StartsWith("/v1/imports/", StringComparison.Ordinal)).OrderBy(o => o.Id, StringComparer.Ordinal))
        {
            var isText = operation.AnswerSchema is null;
            var asked = operation.Address() + (operation.Id == "Search" ? "?q=kuwait" : operation.QueryParameters.Any(p => p.Name == "limit") ? "?limit=1"
                : operation.Id is "GetCalendar" or "GetChangeFeed" or "ExportIati" ? "?fund=coalition-drive-2024" : "");
            var answer = new JsonObject
            {
                ["asked"] = asked,
                // A text may hold addresses in full.
                ["answer"] = operation.Id == "StreamChanges" ? await FirstEventAsync(server)
                    // The other format is no text.
                    : operation.Id == "GetTemplate" ? (await admin.SendAsync(HttpMethod.Get, asked, null, ("Accept", "text/csv"))).Text
                    // Of all that there is, the beginning.
                    : operation.Id == "ExportBundle" ? string.Concat((await admin.GetStringAsync(asked)).Split('\n').Take(3).Select(line => line + '\n'))
                    : isText ? (await admin.SendAsync(HttpMethod.Get, asked, null, ("Host", "pledges.example"))).Text : Shortened(JsonNode.Parse(await admin.GetStringAsync(asked))!),
            };
            if (!isText && operation.MediaTypes.Where(type => type is "text/csv" or "application/x-ndjson").ToList() is { Count: > 0 } others)
            {
                var texts = new JsonObject();
                foreach (var type in others)
                {
                    texts.Add(type, (await admin.SendAsync(HttpMethod.Get, asked, null, ("Accept", type))).Text);
                }

                answer.Add("texts", texts);
            }

            answers.Add(operation.Id, answer);
        }

        await Repository.MatchesAsync("src/PledgeTracker/answers.json", answers.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n");
    }

    // Of lists that nobody reads to their end, the beginnings.
    private static JsonNode Shortened(JsonNode answer)
    {
        switch (answer)
        {
            case JsonArray { Count: > 50 } list:
                list.RemoveRange(3, list.Count - 3);
                break;
            case JsonObject record:
                foreach (var member in record.Select(member => member.Value).OfType<JsonNode>())
                {
                    Shortened(member);
                }

                break;
        }

        return answer;
    }

    private static async Task<string> FirstEventAsync(TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes/stream") { Headers = { { "Last-Event-ID", "0" } } };
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var events = new StringBuilder();
        // The heartbeat that opens the stream, and the first change.
        for (var ended = 0; ended < 2;)
        {
            var line = await lines.ReadLineAsync();
            events.Append(line).Append('\n');
            ended += line == "" ? 1 : 0;
        }

        return events.ToString();
    }
}
