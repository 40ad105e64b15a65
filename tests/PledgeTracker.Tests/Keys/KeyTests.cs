using System.Net;
using System.Text;

namespace PledgeTracker.Tests.Keys;

public sealed class KeyTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_key_is_shown_once_and_only_its_hash_is_kept()
    {
        var made = await server.Admin.RecordAsync("/v1/keys", """{ "name": "Field office of the test", "role": "editor" }""");
        var token = made.Text("token")!;
        Assert.Matches("^pt_[0-9a-f]{12}_[0-9a-f]{48}$", token);
        using (var client = server.WithToken(token))
        {
            await client.RecordAsync("/v1/funds", $$"""{ "id": "{{server.NewId("fund")}}", "name": { "en": "With the key" }, "kind": "programme" }""");
        }

        var listed = (await server.Admin.ReadAsync("/v1/keys")).Text;
        Assert.Contains(token.Split('_')[1], listed, StringComparison.Ordinal);
        var secret = token.Split('_')[2];
        Assert.DoesNotContain(secret, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await server.Admin.ReadAsync("/v1/changes?limit=500")).Text, StringComparison.Ordinal);
        // What PostgreSQL has on its disk is not this test's to read.
        var files = TestDatabase.IsPostgres ? [] : Directory.GetFiles(server.Folder, "test.db*").ToList();
        Assert.True(TestDatabase.IsPostgres || files.Exists(f => Bytes(f).AsSpan().IndexOf("Field office of the test"u8) >= 0));
        foreach (var file in files)
        {
            var bytes = Bytes(file).AsSpan();
            Assert.True(bytes.IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, file);
            Assert.True(bytes.IndexOf(Convert.FromHexString(secret)) < 0, file);
        }

        static byte[] Bytes(string file)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    [Fact]
    public async Task A_revoked_key_is_refused_on_the_very_next_request()
    {
        for (var round = 0; round < 20; round++)
        {
            var token = await server.TokenAsync("admin");
            using var client = server.WithToken(token);
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "/v1/keys")).Status);
            var revoked = await server.Admin.SendAsync(HttpMethod.Delete, $"/v1/keys/{token.Split('_')[1]}");
            Assert.Equal(HttpStatusCode.OK, revoked.Status);
            Assert.NotNull(revoked.Body.Text("revokedAt"));
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(HttpMethod.Get, "/v1/keys")).Status);
        }
    }

    [Fact]
    public async Task Revoking_a_key_again_changes_nothing()
    {
        var id = (await server.TokenAsync("editor")).Split('_')[1];
        var first = await server.Admin.SendAsync(HttpMethod.Delete, $"/v1/keys/{id}");
        server.Clock!.Now += TimeSpan.FromHours(1);
        var second = await server.Admin.SendAsync(HttpMethod.Delete, $"/v1/keys/{id}");
        Assert.Equal(first.Body.Text("revokedAt"), second.Body.Text("revokedAt"));
    }

    [Fact]
    public async Task A_key_can_revoke_itself_and_is_gone_after_a_restart_too()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var token = await own.TokenAsync("admin");
        var kept = await own.TokenAsync("editor");
        using (var client = own.WithToken(token))
        {
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Delete, $"/v1/keys/{token.Split('_')[1]}")).Status);
        }

        await own.StopAsync();
        await own.StartAsync();
        using var after = own.WithToken(token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await after.SendAsync(HttpMethod.Get, "/v1/keys")).Status);
        using var editor = own.WithToken(kept);
        await editor.RecordAsync("/v1/funds", """{ "id": "after", "name": { "en": "After" }, "kind": "programme" }""");
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_noted_to_the_hour_and_survives_a_restart()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var token = await own.TokenAsync("admin");
        Assert.Null(await LastUsedAsync(own, token));
        using (var client = own.WithToken(token))
        {
            await client.ReadAsync("/v1/keys");
            Assert.Equal("2026-11-21T12:00:00.000Z", await LastUsedAsync(own, token));
            own.Clock!.Now += TimeSpan.FromMinutes(59);
            await client.ReadAsync("/v1/keys");
            Assert.Equal("2026-11-21T12:00:00.000Z", await LastUsedAsync(own, token));
            own.Clock.Now += TimeSpan.FromMinutes(1);
            await client.ReadAsync("/v1/keys");
            Assert.Equal("2026-11-21T13:00:00.000Z", await LastUsedAsync(own, token));
        }

        await own.StopAsync();
        await own.StartAsync();
        Assert.Equal("2026-11-21T13:00:00.000Z", await LastUsedAsync(own, token));
    }

    [Fact]
    public async Task No_request_waits_until_the_use_of_its_key_is_noted()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var token = await own.TokenAsync("admin");
        var before = await own.VersionAsync();
        await using (await own.HoldWritesAsync())
        {
            using var client = own.WithToken(token);
            await client.ReadAsync("/v1/keys");
        }

        Assert.Equal("2026-11-21T12:00:00.000Z", await LastUsedAsync(own, token));
        Assert.Equal(before, await own.VersionAsync());
    }

    [Fact]
    public async Task A_recorder_needs_an_organization_that_exists_and_no_other_role_takes_one()
    {
        await server.Admin.RefusedAsync("/v1/keys", """{ "name": "x", "role": "recorder" }""", 400, "invalid_request", "/organizationId");
        await server.Admin.RefusedAsync("/v1/keys", """{ "name": "x", "role": "recorder", "organizationId": "nobody" }""", 400, "invalid_request", "/organizationId");
        var organization = await server.OrganizationAsync();
        await server.Admin.RefusedAsync("/v1/keys", $$"""{ "name": "x", "role": "editor", "organizationId": "{{organization}}" }""", 400, "invalid_request", "/organizationId");
        var made = await server.Admin.RecordAsync("/v1/keys", $$"""{ "name": "x", "role": "recorder", "organizationId": "{{organization}}" }""");
        Assert.Equal(organization, made.GetProperty("key").Text("organizationId"));
    }

    [Fact]
    public async Task A_key_ends_in_the_future_and_takes_no_Idempotency_Key()
    {
        await server.Admin.RefusedAsync("/v1/keys", """{ "name": "x", "role": "editor", "expiresAt": "2026-11-21T11:59:59Z" }""", 400, "invalid_request", "/expiresAt");
        var reply = await server.Admin.SendAsync(HttpMethod.Post, "/v1/keys", """{ "name": "x", "role": "editor" }""", ("Idempotency-Key", "a"));
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("Idempotency-Key", reply.Pointers);
    }

    [Fact]
    public async Task Keys_are_no_part_of_the_public_record()
    {
        var before = await server.VersionAsync();
        var id = (await server.TokenAsync("editor")).Split('_')[1];
        await server.Admin.SendAsync(HttpMethod.Delete, $"/v1/keys/{id}");
        Assert.Equal(before, await server.VersionAsync());
    }

    private static async Task<string?> LastUsedAsync(WriteServer server, string token)
    {
        using var admin = server.WithToken(await server.FirstKey);
        // One write waits for another: behind this one, what was to be noted is noted.
        Assert.Equal(HttpStatusCode.NotFound, (await admin.SendAsync(HttpMethod.Delete, "/v1/keys/000000000000")).Status);
        var keys = await admin.ReadAsync("/v1/keys");
        return keys.Body.GetProperty("data").EnumerateArray().Single(k => k.Id() == token.Split('_')[1]).Text("lastUsedAt");
    }
}
