using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Tests.Imports;

/// <summary>How tests import.</summary>
internal static class Importing
{
    public const string Csv = "text/csv";

    /// <summary>Sends a file.</summary>
    /// <param name="query">Such as <c>format=contributions</c>.</param>
    public static async Task<Reply> ImportAsync(this HttpClient client, string query, byte[] file, string mediaType = Csv, string? coding = null, params (string Name, string Value)[] headers)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        if (coding is not null)
        {
            content.Headers.ContentEncoding.Add(coding);
        }

        return await client.ImportAsync(query, content, headers);
    }

    /// <inheritdoc cref="ImportAsync(HttpClient, string, byte[], string, string, ValueTuple{string, string}[])"/>
    public static async Task<Reply> ImportAsync(this HttpClient client, string query, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imports?" + query) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await client.SendAsync(request);
        return await response.ToReplyAsync();
    }

    /// <summary>Sends a file that is to be taken, and waits until it is over; the import as it is then.</summary>
    public static async Task<JsonElement> ImportedAsync(this HttpClient client, string query, string file)
    {
        var reply = await client.ImportAsync(query, Encoding.UTF8.GetBytes(file));
        Assert.True(reply.Status == HttpStatusCode.Accepted, $"{(int)reply.Status} {reply.Text}");
        return await client.OverAsync(reply.Body.Id());
    }

    /// <summary>An import, when it is over.</summary>
    public static async Task<JsonElement> OverAsync(this HttpClient client, string id)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var import = (await client.ReadAsync($"/v1/imports/{id}")).Body;
            if (import.Text("state") is not ("staging" or "checking" or "applying"))
            {
                return import;
            }

            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(10), $"It does not end: {import}");
            await Task.Delay(20);
        }
    }

    /// <summary>Several files, as the parts of a form.</summary>
    public static MultipartFormDataContent Form(string? mapping, params (string Name, byte[] File)[] files)
    {
        var form = new MultipartFormDataContent();
        if (mapping is not null)
        {
            form.Add(new StringContent(mapping, Encoding.UTF8, "application/json"), "mapping");
        }

        foreach (var (name, file) in files)
        {
            form.Add(new ByteArrayContent(file), "file", name);
        }

        return form;
    }

    public static byte[] Gzipped(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    /// <summary>Payments by one donor to a fund, in a sheet.</summary>
    public static string Sheet(string donor, string fund, params ReadOnlySpan<string> amounts)
    {
        var sheet = new StringBuilder("donorId,fundId,stage,amount,currency,date,externalId\r\n");
        foreach (var (i, amount) in amounts.ToArray().Index())
        {
            sheet.Append(CultureInfo.InvariantCulture, $"{donor},{fund},payment,{amount},USD,2026-06-01,{donor}-{i}\r\n");
        }

        return sheet.ToString();
    }

    public static int Count(this JsonElement import, string outcome) => import.GetProperty("rows").GetProperty(outcome).GetInt32();

    public static async Task<List<JsonElement>> RowsAsync(this HttpClient client, string id, string query = "limit=500") =>
        [.. (await client.ReadAsync($"/v1/imports/{id}/rows?{query}")).Body.GetProperty("data").EnumerateArray()];
}
