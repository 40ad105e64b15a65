using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Tests;

/// <summary>Keys for tests, made as an operator makes them: over the local socket.</summary>
internal static class TestKeys
{
    /// <summary>A client on the socket beside a database, where every caller is an admin.</summary>
    public static HttpClient SocketClient(string databasePath)
    {
        var path = LocalSocket.PathFor(new Database(databasePath));
        return new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost") };
    }

    /// <summary>The token of a new key.</summary>
    public static Task<string> KeyAsync(this TestServer server, string role, string? organization = null) =>
        MakeKeyAsync(server.DatabasePath, role, organization);

    /// <inheritdoc cref="KeyAsync"/>
    public static async Task<string> MakeKeyAsync(string databasePath, string role, string? organization = null)
    {
        using var api = SocketClient(databasePath);
        using var response = await api.PostAsJsonAsync("/v1/keys", new { name = "test", role, organizationId = organization });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("token").GetString()!;
    }

    /// <summary>A request with a key and, where there is one, a JSON body.</summary>
    public static HttpRequestMessage Request(HttpMethod method, string path, string? token = null, object? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        return request;
    }

    /// <summary>Sends and expects this status; the answer's body is in the message where it differs.</summary>
    public static async Task<JsonElement> SendAsync(this TestServer server, HttpMethod method, string path, string token, object? body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var request = Request(method, path, token, body);
        using var response = await server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{method} {path}: {(int)response.StatusCode} instead of {(int)expected}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A direct payment that the documented facts have room for.</summary>
    public static object Payment(decimal amount = 1m, string donor = "deu", string fund = "undp-ffs", string date = "2026-01-15") =>
        new { donorId = donor, fundId = fund, stage = "payment", amount, currency = "USD", date };
}
