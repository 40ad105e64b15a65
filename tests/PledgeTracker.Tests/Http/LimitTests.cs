using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PledgeTracker.Tests.Http;

public sealed class LimitTests(LimitTests.Impatient server) : IClassFixture<LimitTests.Impatient>
{
    private const int MiB = 1 << 20;

    /// <summary>Gives a slow body two seconds instead of five: the rule is Kestrel's, and so is the rest of its handling.</summary>
    public sealed class Impatient : TestServer
    {
        public Impatient() => Configure = builder => builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_more_than_a_MiB_is_413_whether_or_not_its_length_was_told(bool told)
    {
        using var editor = await server.ClientAsync("editor");
        // Whoever tells the length waits to be asked for the body: the server refuses without reading it, and a body on its way would find the connection closed.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/contributions") { Content = Body(Padded(31m, MiB + 1), told), Headers = { ExpectContinue = told } };
        using var response = await editor.SendAsync(request);
        await IsProblemAsync(response, 413, "payload_too_large");
    }

    [Theory]
    [InlineData(true, MiB)]
    // Kestrel counts the frames of the chunks, too.
    [InlineData(false, MiB - 4096)]
    public async Task A_body_of_a_MiB_is_taken(bool told, int length)
    {
        using var editor = await server.ClientAsync("editor");
        using var response = await editor.PostAsync("/v1/contributions", Body(Padded(told ? 32.01m : 32.02m, length), told));
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_that_arrives_too_slowly_is_408_and_records_nothing()
    {
        var token = await server.TokenAsync("editor");
        var before = await ChangesAsync();
        var body = Api.Payment(33m);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/contributions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body[..10]}"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(patience.Token);
        Assert.StartsWith("HTTP/1.1 408 ", answer);
        Assert.Contains("Content-Type: application/problem+json", answer);
        Assert.Contains("\"code\":\"request_timeout\"", answer);
        Assert.Equal(before, await ChangesAsync());
    }

    [Theory]
    [InlineData("POST /v1/contributions", "Content-Length: 900000", "401", true)]
    [InlineData("POST /v1/contributions", "Transfer-Encoding: chunked", "401", true)]
    [InlineData("POST /no/such/address", "Content-Length: 900000", "404", true)]
    [InlineData("PUT /v1/funds", "Content-Length: 900000", "405", true)]
    [InlineData("POST /v1/contributions", "Content-Length: 2", "401", false)]
    [InlineData("GET /no/such/address", "Accept: */*", "404", false)]
    public async Task What_is_refused_before_its_large_body_was_read_ends_the_connection(string line, string header, string status, bool closes)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n{(header.EndsWith(": 2", StringComparison.Ordinal) ? "{}" : "")}"));
        using var reader = new StreamReader(stream);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } read)
        {
            head.Append(read).Append('\n');
        }

        Assert.StartsWith($"HTTP/1.1 {status} ", head.ToString(), StringComparison.Ordinal);
        Assert.Equal(closes, head.ToString().Contains("\nConnection: close\n", StringComparison.Ordinal));
        if (closes)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            // It ends, one way or the other: the body that was announced never comes.
            var end = await Record.ExceptionAsync(() => reader.ReadToEndAsync(patience.Token));
            Assert.True(end is null or IOException, end?.ToString());
        }
    }

    [Theory]
    [InlineData("get", "/v1/funds", 405)]
    [InlineData("Post", "/v1/contributions", 405)]
    [InlineData("head", "/health/live", 405)]
    [InlineData("get", "/no/such/address", 404)]
    public async Task Methods_are_told_apart_by_case(string method, string path, int status)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 405, answer.Contains("\r\nAllow: ", StringComparison.Ordinal));
        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_nothing_can_be_written_the_answer_is_503_and_the_same_key_works_later()
    {
        using var editor = await server.ClientAsync("editor");
        var before = await ChangesAsync();
        await using (await server.HoldWritesAsync())
        {
            using var refused = Pay();
            using var response = await editor.SendAsync(refused);
            await IsProblemAsync(response, 503, "busy");
            Assert.Equal("1", response.Headers.RetryAfter?.ToString());
            // Reads need no writer.
            Assert.Equal(before, await ChangesAsync());
        }

        using var retry = Pay();
        using var made = await editor.SendAsync(retry);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.False(made.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(before + 1, await ChangesAsync());
    }

    private static HttpRequestMessage Pay()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/contributions") { Content = new StringContent(Api.Payment(34m), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "while-busy");
        return request;
    }

    private static byte[] Padded(decimal amount, int length)
    {
        var json = Encoding.UTF8.GetBytes(Api.Payment(amount));
        var body = new byte[length];
        body.AsSpan().Fill((byte)' ');
        json.CopyTo(body.AsSpan());
        return body;
    }

    private static HttpContent Body(byte[] bytes, bool told)
    {
        HttpContent content = told ? new ByteArrayContent(bytes) : new StreamContent(new Untold(bytes));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private async Task<long> ChangesAsync() => (await server.GetAsync("/v1/changes?count=true&limit=1")).GetProperty("count").GetInt64();

    private static async Task IsProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Untold(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
