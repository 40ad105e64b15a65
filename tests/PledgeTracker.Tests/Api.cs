using System.Data.Common;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PledgeTracker.Tests;

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, string? EntityTag, Uri? Location, string? MediaType, bool Replayed)
{
    public JsonElement Body => JsonDocument.Parse(Text).RootElement;

    public string Code => Body.GetProperty("code").GetString()!;

    /// <summary>The places that a problem points at.</summary>
    public List<string> Pointers => Body.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateArray().Select(e => e.GetProperty("pointer").GetString()!)] : [];
}

/// <summary>How tests talk to the API: JSON as it is sent, and what comes back.</summary>
internal static class Api
{
    // What is null is not sent.
    private static readonly JsonSerializerOptions Sent = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static async Task<Reply> SendAsync(this HttpClient client, HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await client.SendAsync(request);
        return await response.ToReplyAsync();
    }

    public static async Task<Reply> ToReplyAsync(this HttpResponseMessage response) => new(
        response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString(), response.Headers.Location,
        response.Content.Headers.ContentType?.MediaType, response.Headers.Contains("Idempotency-Replayed"));

    /// <summary>Sends a POST that is to be carried out; the answer's body.</summary>
    public static async Task<JsonElement> RecordAsync(this HttpClient client, string path, string json, params (string Name, string Value)[] headers)
    {
        var reply = await client.SendAsync(HttpMethod.Post, path, json, headers);
        Assert.True(reply.Status == HttpStatusCode.Created, $"POST {path} {json}: {(int)reply.Status} {reply.Text}");
        return reply.Body;
    }

    /// <inheritdoc cref="RecordAsync(HttpClient, string, string, ValueTuple{string, string}[])"/>
    /// <param name="body">Named as in JSON; what is null is left out.</param>
    public static Task<JsonElement> RecordAsync(this HttpClient client, string path, object body) => client.RecordAsync(path, JsonSerializer.Serialize(body, Sent));

    /// <summary>A direct payment that the documented facts have room for.</summary>
    public static string Payment(decimal amount = 1m, string donor = "deu") => WriteServer.Direct(donor, "undp-ffs", "payment", amount, date: "2026-01-15");

    /// <summary>Sends a POST that is to be refused.</summary>
    /// <param name="pointer">A place that the problem must point at.</param>
    public static async Task<Reply> RefusedAsync(this HttpClient client, string path, string json, int status, string code, string? pointer = null)
    {
        var reply = await client.SendAsync(HttpMethod.Post, path, json);
        Assert.True((int)reply.Status == status, $"POST {path} {json}: {(int)reply.Status} instead of {status}: {reply.Text}");
        Assert.Equal(code, reply.Code);
        if (pointer is not null)
        {
            Assert.Contains(pointer, reply.Pointers);
        }

        return reply;
    }

    /// <summary>Reads a resource with its ETag.</summary>
    public static async Task<Reply> ReadAsync(this HttpClient client, string path)
    {
        var reply = await client.SendAsync(HttpMethod.Get, path);
        Assert.True(reply.Status == HttpStatusCode.OK, $"GET {path}: {(int)reply.Status} {reply.Text}");
        return reply;
    }

    /// <summary>Reads a resource, then amends what was read.</summary>
    public static async Task<Reply> AmendAsync(this HttpClient client, string path, string json) =>
        await client.SendAsync(HttpMethod.Patch, path, json, ("If-Match", (await client.ReadAsync(path)).EntityTag!));

    public static async Task ExecuteAsync(this DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
