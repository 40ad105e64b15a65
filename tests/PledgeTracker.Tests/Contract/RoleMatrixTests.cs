using System.Net;
using System.Text;
using System.Text.Json;
using PledgeTracker.Tests.Imports;

namespace PledgeTracker.Tests.Contract;

/// <summary>Every operation of the OpenAPI document, asked by every sort of caller: the answer is the documented one.</summary>
public sealed class RoleMatrixTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_read_without_a_role_is_open_to_all_even_with_a_bad_key()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        foreach (var operation in (await Operation.AllAsync(server)).Operations.Where(o => o.Role is null))
        {
            Assert.Equal("get", operation.Method);
            foreach (var authorization in new string?[] { null, "Bearer pt_0123456789ab_wrong" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, operation.Address());
                if (authorization is not null)
                {
                    request.Headers.TryAddWithoutValidation("Authorization", authorization);
                }

                // The stream of changes never ends; its head is enough.
                using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.True(response.StatusCode == HttpStatusCode.OK, $"{operation.Id}: {(int)response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task An_operation_with_a_role_answers_401_to_everyone_without_a_good_key_and_does_nothing()
    {
        var clock = new FixedClock(Noon);
        await using var server = new TestServer { Clock = clock };
        await server.InitializeAsync();
        var good = await server.TokenAsync("admin");
        var revoked = await server.TokenAsync("admin");
        var expired = await server.TokenAsync("admin", expiresAt: Noon.AddHours(1));
        using (var admin = server.WithToken(good))
        {
            Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync(HttpMethod.Delete, $"/v1/keys/{revoked.Split('_')[1]}")).Status);
        }

        using (var early = server.WithToken(expired))
        {
            Assert.Equal(HttpStatusCode.OK, (await early.SendAsync(HttpMethod.Get, "/v1/keys")).Status);
        }

        clock.Now = Noon.AddHours(1);
        var before = await server.VersionAsync();
        var id = good.Split('_')[1];
        var callers = new (string Name, string? Authorization)[]
        {
            ("no key", null),
            ("an empty header", "Bearer "),
            ("another scheme", $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(good))}"),
            ("the key without a scheme", good),
            ("no key of ours", "Bearer sk-12345"),
            ("a key without a secret", $"Bearer pt_{id}_"),
            ("a key with more parts", $"Bearer {good}_more"),
            ("an unknown id", $"Bearer pt_0123456789ab_{good.Split('_')[2]}"),
            ("a wrong secret", $"Bearer pt_{id}_{new string('0', 48)}"),
            ("a secret in capitals", $"Bearer pt_{id}_{good.Split('_')[2].ToUpperInvariant()}"),
            ("a revoked key", $"Bearer {revoked}"),
            ("an expired key", $"Bearer {expired}"),
        };
        foreach (var operation in (await Operation.AllAsync(server)).Operations.Where(o => o.Role is not null))
        {
            foreach (var (name, authorization) in callers)
            {
                using var request = new HttpRequestMessage(operation.Verb, operation.Address());
                if (authorization is not null)
                {
                    request.Headers.TryAddWithoutValidation("Authorization", authorization);
                }

                if (operation.BodyExample is { } body)
                {
                    request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                }

                using var response = await server.Client.SendAsync(request);
                var reply = await response.ToReplyAsync();
                Assert.True(reply.Status == HttpStatusCode.Unauthorized, $"{operation.Id}, {name}: {(int)reply.Status} {reply.Text}");
                Assert.Equal("application/problem+json", reply.MediaType);
                Assert.Equal("unauthorized", reply.Code);
                Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
                Assert.Contains(401, operation.Statuses);
            }
        }

        Assert.Equal(before, await server.VersionAsync());
    }

    [Fact]
    public async Task Every_operation_answers_every_role_as_documented()
    {
        var wrong = new List<string>();
        await using var reading = new TestServer();
        await reading.InitializeAsync();
        foreach (var operation in (await Operation.AllAsync(reading)).Operations.Where(o => o.Role is not null))
        {
            // The operation's example leads to the same record each time: each caller finds the documented facts untouched.
            await using var server = new TestServer { Clock = new FixedClock(Noon) };
            await server.InitializeAsync();
            var concerned = operation.Id == "ConfirmContribution" ? "sau" : "grc";
            using var recorder = await server.ClientAsync("recorder", concerned);
            var parameters = await RecordOfAsync(server, recorder, operation);
            foreach (var (name, role, organization) in new[]
                { ("a recorder of another organization", 0, "fin"), ("the recorder concerned", 0, concerned), ("an editor", 1, null), ("an admin", 2, null) })
            {
                using var client = name == "the recorder concerned" ? recorder : await server.ClientAsync(((string[])["recorder", "editor", "admin"])[role], organization);
                var before = await server.VersionAsync();
                var reply = await client.SendAsync(operation.Verb, operation.Address(parameters), operation.BodyExample?.ToJsonString() ?? (operation.Method == "patch" ? "{}" : null),
                    operation.Method == "patch" ? [("If-Match", "*")] : []);
                var needed = Array.IndexOf(["recorder", "editor", "admin"], operation.Role);
                // What is nobody's but the caller's own, or everybody's.
                var anyones = operation.Id is "GetMe" or "RenewKey" or "CreateSource" or "StartImport" or "ListImports";
                var allowed = role >= needed && (needed > 0 || anyones || name != "a recorder of another organization");
                var refusal = operation.Statuses.Contains(403) ? 403 : 404;
                if (!operation.Statuses.Contains((int)reply.Status)
                    || (allowed ? reply.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.BadRequest : (int)reply.Status != refusal)
                    || (!allowed && await server.VersionAsync() != before))
                {
                    wrong.Add($"{operation.Id}, {name}: {(int)reply.Status} {reply.Text}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_recorder_of_another_organization_gets_403_for_public_records_and_404_for_keys_whether_they_exist_or_not()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        var token = await server.TokenAsync("recorder", "grc");
        using var other = await server.ClientAsync("recorder", "fin");
        using var editor = await server.ClientAsync("editor");
        foreach (var client in new[] { other, editor })
        {
            var answers = new List<string>();
            foreach (var id in new[] { token.Split('_')[1], "0123456789ab", token, "fin", "%20", "..%2Fkeys" })
            {
                var reply = await client.SendAsync(HttpMethod.Delete, $"/v1/keys/{id}");
                Assert.True(reply.Status == HttpStatusCode.NotFound, $"{id}: {(int)reply.Status} {reply.Text}");
                answers.Add($"{reply.Code} {reply.Body.Text("title")} {reply.Body.Text("detail")}");
            }

            Assert.Single(answers.Distinct());
            Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(HttpMethod.Get, "/v1/keys")).Status);
            await client.RefusedAsync("/v1/keys", """{ "name": "mine", "role": "admin" }""", 403, "forbidden");
        }

        using var stillGood = server.WithToken(token);
        await stillGood.RecordAsync("/v1/contributions", WriteServer.Direct("grc", "undp-ffs", "payment", 7));
    }

    private static Task<JsonElement> ImportAsync(HttpClient recorder) => recorder.ImportedAsync("format=contributions", Importing.Sheet("grc", "undp-ffs", "7"));

    private static async Task<JsonElement> WaitingAsync(TestServer server, HttpClient recorder)
    {
        var import = await ImportAsync(recorder);
        await using var database = await server.Database.OpenAsync();
        await database.ExecuteAsync($"UPDATE import SET state = 'cancelled' WHERE id = '{import.Id()}'");
        return import;
    }

    // For entries, one that the recorder concerned made itself; for keys, one that exists.
    private static async Task<(string, string)[]> RecordOfAsync(TestServer server, HttpClient recorder, Operation operation) => operation.Id switch
    {
        "ReverseEntry" or "ReplaceEntry" or "AddCitations" => [("id", (await recorder.RecordAsync("/v1/contributions", WriteServer.Direct("grc", "undp-ffs", "payment", 7))).Id())],
        "GetImport" or "ListImportRows" or "GetImportDifferences" or "GetImportCorrections" => [("id", (await ImportAsync(recorder)).Id())],
        // Nobody carries it out any more, so that it can be cancelled by everybody who may.
        "CancelImport" => [("id", (await WaitingAsync(server, recorder)).Id())],
        "RevokeKey" => [("id", (await server.TokenAsync("editor")).Split('_')[1])],
        _ => [],
    };
}
