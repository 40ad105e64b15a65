using System.Net.Http.Headers;

namespace PledgeTracker.Tests;

/// <summary>Keys for tests: a server's first is made as an operator makes it, by the subcommand, and that one makes the others over HTTP.</summary>
internal static class TestKeys
{
    /// <summary>The token of a key made by the subcommand, on a database that is served or not.</summary>
    public static async Task<string> ByCommandAsync(string connection, string role)
    {
        var made = await Subcommand.RunAsync("keys", "create", "--name", "test", "--role", role, "--Database:Connection", connection);
        Assert.True(made.ExitCode == 0, made.Output + made.Error);
        return made.Output.TrimEnd().Split('\n')[^1];
    }

    /// <summary>The token of a new key.</summary>
    /// <param name="organization">Whom it speaks for; a recorder needs one.</param>
    public static async Task<string> TokenAsync(this TestServer server, string role, string? organization = null, DateTimeOffset? expiresAt = null)
    {
        using var admin = server.WithToken(await server.FirstKey);
        var made = await admin.RecordAsync("/v1/keys", new { name = "test", role, organizationId = organization, expiresAt });
        return made.Text("token")!;
    }

    /// <summary>A client with a key of its own.</summary>
    /// <param name="organization">Whom it speaks for; a recorder needs one.</param>
    public static async Task<HttpClient> ClientAsync(this TestServer server, string role, string? organization = null) =>
        server.WithToken(await server.TokenAsync(role, organization));

    /// <summary>A client with this token.</summary>
    public static HttpClient WithToken(this TestServer server, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
