using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Data;

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
        var token = await server.KeyAsync("editor");
        using var request = TestKeys.Request(HttpMethod.Post, "/v1/contributions", token);
        request.Content = Body(Padded(31m, MiB + 1), told);
        using var response = await server.Client.SendAsync(request);
        await IsProblemAsync(response, 413, "payload_too_large");
    }

    [Theory]
    [InlineData(true, MiB)]
    // Kestrel counts the frames of the chunks, too.
    [InlineData(false, MiB - 4096)]
    public async Task A_body_of_a_MiB_is_taken(bool told, int length)
    {
        var token = await server.KeyAsync("editor");
        using var request = TestKeys.Request(HttpMethod.Post, "/v1/contributions", token);
        request.Content = Body(Padded(told ? 32.01m : 32.02m, length), told);
        using var response = await server.Client.SendAsync(request);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_that_arrives_too_slowly_is_408_and_records_nothing()
    {
        var token = await server.KeyAsync("editor");
        var before = await ChangesAsync();
        var body = JsonSerializer.Serialize(TestKeys.Payment(33m));
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

    [Fact]
    public async Task When_the_writer_has_more_than_it_can_take_the_answer_is_503_and_the_same_key_works_later()
    {
        var token = await server.KeyAsync("editor");
        var before = await ChangesAsync();
        var writer = server.Services.GetRequiredService<Writer>();
        using var gate = new ManualResetEventSlim();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = new List<Task>
        {
            writer.WriteAsync(_ =>
            {
                held.SetResult();
                gate.Wait();
                return 0;
            }),
        };
        try
        {
            // From here on the writer takes nothing, so the queue fills and stays full.
            await held.Task;
            var full = false;
            while (!full)
            {
                Assert.True(queued.Count < 100_000, "The writer's queue has no bound.");
                try
                {
                    queued.Add(writer.WriteAsync(_ => 0));
                }
                catch (WriterBusyException)
                {
                    full = true;
                }
            }

            using var request = Pay(token);
            using var response = await server.Client.SendAsync(request);
            await IsProblemAsync(response, 503, "busy");
            Assert.Equal("1", response.Headers.RetryAfter?.ToString());
            // Reads need no writer.
            Assert.Equal(before, await ChangesAsync());
        }
        finally
        {
            gate.Set();
        }

        await Task.WhenAll(queued);
        using var retry = Pay(token);
        using var made = await server.Client.SendAsync(retry);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.False(made.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(before + 1, await ChangesAsync());
    }

    private static HttpRequestMessage Pay(string token)
    {
        var request = TestKeys.Request(HttpMethod.Post, "/v1/contributions", token, TestKeys.Payment(34m));
        request.Headers.Add("Idempotency-Key", "while-busy");
        return request;
    }

    private static byte[] Padded(decimal amount, int length)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(TestKeys.Payment(amount));
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
