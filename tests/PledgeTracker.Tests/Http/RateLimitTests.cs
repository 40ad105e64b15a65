using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests.Http;

public sealed class RateLimitTests
{
    private const string Reads = "--RateLimit:ReadsPerMinute=3";
    private const string Writes = "--RateLimit:WritesPerMinute=3";

    [Fact]
    public async Task One_read_too_many_is_429_and_says_when_to_come_back()
    {
        await using var server = await StartAsync(Reads);
        for (var left = 2; left >= 0; left--)
        {
            using var served = await server.Client.GetAsync("/v1/funds");
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.Equal("\"reads\";q=3;w=60", Header(served, "RateLimit-Policy"));
            Assert.Equal($"\"reads\";r={left}", Header(served, "RateLimit"));
        }

        using var refused = await server.Client.GetAsync("/v1/pledges");
        var wait = await IsTooManyAsync(refused);
        Assert.Equal("\"reads\";q=3;w=60", Header(refused, "RateLimit-Policy"));
        Assert.Equal($"\"reads\";r=0;t={wait}", Header(refused, "RateLimit"));
    }

    [Fact]
    public async Task When_the_minute_is_over_all_may_ask_again()
    {
        var clock = new FixedClock(new DateTimeOffset(2028, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var server = new TestServer { Settings = [Reads], Clock = clock };
        await server.InitializeAsync();
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(server.Client, 4));
        clock.Now += TimeSpan.FromSeconds(58.5);
        using (var refused = await server.Client.GetAsync("/v1/funds"))
        {
            Assert.Equal(2, await IsTooManyAsync(refused));
        }

        clock.Now += TimeSpan.FromSeconds(1.5);
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(server.Client, 4));
    }

    [Fact]
    public async Task What_has_not_changed_is_free()
    {
        await using var server = await StartAsync(Reads);
        using var first = await server.Client.GetAsync("/v1/funds");
        for (var i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/funds");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var same = await server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        }

        Assert.Equal([200, 200, 429], await StatusesAsync(server.Client, 3));
    }

    [Fact]
    public async Task Each_address_has_its_own_reads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there is all of 127.0.0.0/8 this machine's without more ado.");
        await using var server = await StartAsync(Reads);
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(server.Client, 4));
        using var other = From(server, IPAddress.Parse("127.0.0.2"));
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(other, 4));
    }

    [Fact]
    public async Task Each_key_has_its_own_writes()
    {
        await using var server = await StartAsync(Reads, Writes);
        using var one = await server.ClientAsync("editor");
        using var two = await server.ClientAsync("editor");
        for (var i = 0; i < 3; i++)
        {
            await one.RecordAsync("/v1/contributions", Api.Payment(20 + (i / 100m)));
        }

        using (var refused = await one.PostAsync("/v1/contributions", new StringContent(Api.Payment(21m), Encoding.UTF8, "application/json")))
        {
            var wait = await IsTooManyAsync(refused);
            Assert.Equal("\"writes\";q=3;w=60", Header(refused, "RateLimit-Policy"));
            Assert.Equal($"\"writes\";r=0;t={wait}", Header(refused, "RateLimit"));
        }

        await two.RecordAsync("/v1/contributions", Api.Payment(22m));
        // Writes took nothing from the address's reads, and what was refused was not recorded.
        var found = await server.GetAsync("/v1/changes?entity=contribution&sort=-sequence&limit=4");
        Assert.Equal(["22 USD", "20.02 USD", "20.01 USD", "20 USD"],
            found.GetProperty("data").EnumerateArray().Select(c => Regex.Match(c.GetProperty("text").Text("en")!, @"[\d.]+ USD").Value));
    }

    [Fact]
    public async Task Attempts_with_bad_keys_are_counted_by_address()
    {
        await using var server = await StartAsync(Reads);
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var stranger = server.WithToken($"pt_000000000000_{i}");
            statuses.Add((int)(await stranger.SendAsync(HttpMethod.Post, "/v1/contributions", Api.Payment())).Status);
        }

        Assert.Equal([401, 401, 401, 429, 429], statuses);
    }

    [Fact]
    public async Task A_clients_own_word_for_its_address_is_worth_nothing()
    {
        await using var server = await StartAsync(Reads);
        Assert.Equal([200, 200, 200, 429, 429], await ForwardedAsync(server.Client, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5"));
    }

    [Fact]
    public async Task A_configured_proxys_word_decides()
    {
        await using var server = await StartAsync(Reads, "--Proxies:0=127.0.0.1");
        Assert.Equal([200, 200, 200, 429], await ForwardedAsync(server.Client, "203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.1"));
        Assert.Equal([200, 200, 200, 429], await ForwardedAsync(server.Client, "203.0.113.2", "203.0.113.2", "203.0.113.2", "203.0.113.2"));
        // Only what the proxy itself added, at the end: what stands before it is the client's own word.
        Assert.Equal([429, 429], await ForwardedAsync(server.Client, "198.51.100.7, 203.0.113.1", "198.51.100.8, 203.0.113.2"));
    }

    [Fact]
    public async Task Addresses_of_one_network_of_IPv6_share_its_reads()
    {
        await using var server = await StartAsync(Reads, "--Proxies=127.0.0.1");
        Assert.Equal([200, 200, 200, 429], await ForwardedAsync(server.Client, "2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:2::1"));
        Assert.Equal([200], await ForwardedAsync(server.Client, "2001:db8:1:3::1"));
        // IPv4 as IPv6 writes it is that address of IPv4.
        Assert.Equal([200, 200, 200, 429], await ForwardedAsync(server.Client, "203.0.113.1", "::ffff:203.0.113.1", "203.0.113.1", "::ffff:203.0.113.1"));
        Assert.Equal([200], await ForwardedAsync(server.Client, "::ffff:203.0.113.2"));
    }

    [Fact]
    public async Task A_configured_networks_word_decides()
    {
        await using var server = await StartAsync(Reads, "--Proxies=10.0.0.0/8, 127.0.0.0/8");
        Assert.Equal([200, 200, 200, 429], await ForwardedAsync(server.Client, "203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.1"));
        Assert.Equal([200], await ForwardedAsync(server.Client, "203.0.113.2"));
    }

    [Fact]
    public async Task Another_proxy_than_the_configured_one_is_not_believed()
    {
        await using var server = await StartAsync(Reads, "--Proxies:0=192.0.2.1");
        Assert.Equal([200, 200, 200, 429], await ForwardedAsync(server.Client, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"));
    }

    private static async Task<TestServer> StartAsync(params string[] settings)
    {
        var server = new TestServer { Settings = settings };
        await server.InitializeAsync();
        return server;
    }

    private static HttpClient From(TestServer server, IPAddress address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = server.Client.BaseAddress };

    private static async Task<List<int>> StatusesAsync(HttpClient client, int times)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            using var response = await client.GetAsync("/v1/funds");
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }

    private static async Task<List<int>> ForwardedAsync(HttpClient client, params string[] addresses)
    {
        var statuses = new List<int>();
        foreach (var address in addresses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/funds");
            request.Headers.Add("X-Forwarded-For", address);
            using var response = await client.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }

    private static async Task<int> IsTooManyAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("too_many_requests", 429), (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()));
        var wait = int.Parse(Header(response, "Retry-After")!, CultureInfo.InvariantCulture);
        Assert.InRange(wait, 1, 60);
        return wait;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        ((HttpHeaders)response.Headers).TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
