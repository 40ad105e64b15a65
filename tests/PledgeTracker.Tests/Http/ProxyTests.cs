using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using PledgeTracker.Tests.Durability;

namespace PledgeTracker.Tests.Http;

/// <summary>Behind a proxy, and without one over TLS.</summary>
public sealed class ProxyTests
{
    private const string Prefix = "X-Forwarded-Prefix";

    [Fact]
    public async Task What_a_proxy_took_off_the_path_stands_in_every_address_that_is_answered()
    {
        await using var server = new TestServer { Settings = ["--Proxies=127.0.0.0/8"] };
        await server.InitializeAsync();
        var plain = await server.AskAsync("/v1/funds?limit=1");
        var behind = await server.AskAsync("/v1/funds?limit=1", null, (Prefix, "/aid/pledges/"));
        var next = behind.Json.Text("next")!;
        Assert.StartsWith("/aid/pledges/v1/funds?limit=1&cursor=", next, StringComparison.Ordinal);
        Assert.Equal($"<{next}>; rel=\"next\"", behind.Header("Link"));
        Assert.NotEqual(plain.Header("ETag"), behind.Header("ETag"));
        // The proxy takes it off again.
        Assert.Equal(200, (await server.AskAsync(next["/aid/pledges".Length..], null, (Prefix, "/aid/pledges"))).Status);
        Assert.Equal("/aid/pledges/swagger", (await server.AskAsync("/", null, (Prefix, "/aid/pledges"))).Header("Location"));

        using var editor = await server.ClientAsync("editor");
        editor.DefaultRequestHeaders.Add(Prefix, "/aid");
        var made = await editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(41m), ("Idempotency-Key", "behind"));
        Assert.Equal($"/aid/v1/contributions/{made.Body.Id()}", made.Location?.OriginalString);
        editor.DefaultRequestHeaders.Remove(Prefix);
        var again = await editor.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment(41m), ("Idempotency-Key", "behind"));
        Assert.Equal((made.Text, $"/v1/contributions/{made.Body.Id()}"), (again.Text, again.Location?.OriginalString));
        editor.DefaultRequestHeaders.Add(Prefix, "/aid");
        var source = """{ "id": "a-note", "title": { "en": "A note" }, "language": "en", "publishedOn": "2026-01-02", "reliability": "primary" }""";
        await editor.RecordAsync("/v1/sources", source);
        Assert.Equal("/aid/v1/sources/a-note", (await editor.SendAsync(HttpMethod.Post, "/v1/sources", source.Replace("A note", "Another", StringComparison.Ordinal))).Body.Text("existing"));
        await editor.RecordAsync("/v1/organizations/irq/merge-into/undp", "");
        Assert.Equal("/aid/v1/organizations/undp", (await server.AskAsync("/v1/organizations/irq", null, (Prefix, "/aid"))).Header("Location"));
    }

    [Fact]
    public async Task What_is_tried_in_Swagger_UI_goes_through_the_proxy()
    {
        await using var server = new TestServer { Settings = ["--Proxies=127.0.0.0/8"] };
        await server.InitializeAsync();
        foreach (var prefix in (string[])["", "/aid/pledges"])
        {
            // As a browser does: from the page to the document that it names, and from there to the server that this one names.
            var page = new Uri($"https://proxy.example{prefix}/swagger/index.html");
            var script = (await server.AskAsync("/swagger/index.js", null, (Prefix, prefix))).Text;
            var document = new Uri(page, Regex.Match(script, @"""url"":""([^""]+)""").Groups[1].Value);
            Assert.Equal($"{prefix}/openapi.json", document.AbsolutePath);
            var told = (await server.AskAsync("/openapi.json", null, (Prefix, prefix))).Json;
            var called = new Uri(document, told.GetProperty("servers").EnumerateArray().Single().Text("url"));
            Assert.Equal($"https://proxy.example{prefix}/", called.ToString());
        }
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/a/../b")]
    [InlineData("/a b")]
    [InlineData("/a?b")]
    [InlineData("/a>; rel=x")]
    [InlineData("/")]
    public async Task What_is_no_plain_path_is_no_prefix(string prefix)
    {
        await using var server = new TestServer { Settings = ["--Proxies=127.0.0.1"] };
        await server.InitializeAsync();
        Assert.StartsWith("/v1/funds?", (await server.AskAsync("/v1/funds?limit=1", null, (Prefix, prefix))).Json.Text("next"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_that_no_configured_proxy_sent_is_not_believed()
    {
        await using var server = new TestServer { Settings = ["--Proxies=192.0.2.0/24"] };
        await server.InitializeAsync();
        Assert.StartsWith("/v1/funds?", (await server.AskAsync("/v1/funds?limit=1", null, (Prefix, "/aid"))).Json.Text("next"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_Kestrels_settings_it_is_served_over_TLS()
    {
        await using var served = new Served();
        await served.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(150));
        var file = Path.Combine(folder, "own.pfx");
        await File.WriteAllBytesAsync(file, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Default, "own"), TestContext.Current.CancellationToken);
        var (port, secure) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        await served.StartAsync(port, $"--Kestrel:Endpoints:Plain:Url=http://127.0.0.1:{port}", $"--Kestrel:Endpoints:Https:Url=https://127.0.0.1:{secure}",
            $"--Kestrel:Endpoints:Https:Certificate:Path={file}", "--Kestrel:Endpoints:Https:Certificate:Password=own");
        using var client = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{secure}"),
            DefaultRequestVersion = HttpVersion.Version20,
        };
        using var answer = await client.GetAsync("/v1/funds?limit=1");
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        // On HTTP/2 no connection is ended for what is refused.
        using var refused = await client.PostAsync("/v1/contributions", new ByteArrayContent(new byte[200_000]));
        Assert.Equal((HttpStatusCode.Unauthorized, null), (refused.StatusCode, refused.Headers.ConnectionClose));
        Directory.Delete(folder, recursive: true);
    }
}
