using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using PledgeTracker.Tests.Contract;

namespace PledgeTracker.Tests.Keys;

public sealed partial class DevelopmentKeyTests
{
    private static readonly (string, string) FromElsewhere = ("X-Forwarded-For", "203.0.113.7");

    [Fact]
    public async Task In_Development_the_key_that_is_printed_tries_every_example_but_an_admins()
    {
        await using var server = new TestServer();
        await server.Database.CreateAsync();
        var port = ChildProcess.FreePort();
        using var child = await ChildProcess.ServeInAsync("Development", server.Connection, port);
        using var client = Client(port, await PrintedAsync(child));
        var me = (await client.ReadAsync("/v1/me")).Body;
        Assert.Equal("editor", me.Text("role"));
        Assert.InRange(DateTimeOffset.Parse(me.Text("expiresAt")!, System.Globalization.CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow().AddHours(23), TimeProvider.System.GetUtcNow().AddHours(24));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(HttpMethod.Get, "/v1/keys")).Status);
        await using var reading = new TestServer();
        await reading.InitializeAsync();
        foreach (var operation in (await Operation.AllAsync(reading)).Operations.Where(o => o.Role is "recorder" or "editor"
            // Of imports there are none but one's own.
            && !o.Path.StartsWith("/v1/imports/", StringComparison.Ordinal)))
        {
            foreach (var (mediaType, example) in operation.Examples)
            {
                using var request = operation.Request(mediaType, example, operation.QueryParameters.Any(p => p.Name == "dryRun") ? $"?dryRun=true{(operation.TakesFile ? "&format=contributions" : "")}" : "");
                if (operation.Method == "patch")
                {
                    request.Headers.TryAddWithoutValidation("If-Match", "*");
                }

                using var response = await client.SendAsync(request);
                Assert.True(response.IsSuccessStatusCode, $"{operation.Id}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
        }
    }

    [Theory]
    [InlineData()]
    [InlineData("--Proxies=127.0.0.1")]
    public async Task It_is_refused_from_anywhere_but_the_servers_own_machine_and_so_is_the_key_that_follows_it(params string[] settings)
    {
        await using var server = new TestServer();
        await server.Database.CreateAsync();
        var port = ChildProcess.FreePort();
        using var child = await ChildProcess.ServeInAsync("Development", server.Connection, port, settings);
        using var client = Client(port, await PrintedAsync(child));
        Assert.Equal("unauthorized", (await client.SendAsync(HttpMethod.Get, "/v1/me", null, FromElsewhere)).Code);
        var renewed = await client.RecordAsync("/v1/me/key", "");
        using var next = Client(port, renewed.Text("token")!);
        Assert.Equal((await client.ReadAsync("/v1/me")).Body.Text("name"), (await next.ReadAsync("/v1/me")).Body.Text("name"));
        var refused = await next.SendAsync(HttpMethod.Get, "/v1/me", null, FromElsewhere, ("Accept-Language", "ar"));
        Assert.Equal("unauthorized", refused.Code);
        Assert.True(refused.Body.Text("detail").IsArabic());
    }

    [Theory]
    [InlineData("Production", "coalition")]
    [InlineData("Development", "none")]
    public async Task None_is_made_elsewhere(string environment, string seed)
    {
        await using var server = new TestServer();
        await server.Database.CreateAsync();
        using var child = await ChildProcess.ServeInAsync(environment, server.Connection, ChildProcess.FreePort(), "--Database:Seed=" + seed);
        await child.TerminateAsync();
        Assert.DoesNotContain("pt_", child.Output, StringComparison.Ordinal);
        Assert.Equal("", (await Subcommand.RunAsync("keys", "list", "--Database:Connection", server.Connection)).Output);
    }

    private static HttpClient Client(int port, string token) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    private static async Task<string> PrintedAsync(ChildProcess child)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            if (Token().Match(child.Output) is { Success: true } token)
            {
                return token.Value;
            }

            await Task.Delay(25);
        }

        throw new InvalidOperationException("No key was printed: " + child.Output);
    }

    [GeneratedRegex("(?m)^pt_[0-9a-f]{12}_[0-9a-f]{48}$")]
    private static partial Regex Token();
}
