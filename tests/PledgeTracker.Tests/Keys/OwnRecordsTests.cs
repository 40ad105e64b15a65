using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PledgeTracker.Tests.Contract;

namespace PledgeTracker.Tests.Keys;

/// <summary>`recordedBy=me`: what the holder of a key recorded, wherever money is listed or added up, and nobody else's to keep.</summary>
public sealed partial class OwnRecordsTests(GeneratedServer server) : IClassFixture<GeneratedServer>
{
    [Fact]
    public async Task Whoever_holds_a_key_is_shown_their_own_records_in_every_format_and_others_theirs()
    {
        using var editor = server.WithToken(await server.EditorKey);
        using var recorder = await server.ClientAsync("recorder", "ngo-one");
        using var newcomer = await server.ClientAsync("recorder", "ngo-two");
        var operations = (await Operation.AllAsync(server)).Operations.Where(o => o.Method == "get" && o.QueryParameters.Any(p => p.Name == "recordedBy")).ToList();
        Assert.True(operations.Count >= 4);
        foreach (var operation in operations)
        {
            foreach (var end in new[] { "", ".csv", ".ndjson", ".xlsx" })
            {
                var address = $"{operation.Path}{end}?recordedBy=me";
                // Twice, and in turns: nothing of one is kept for another.
                for (var i = 0; i < 2; i++)
                {
                    Assert.Equal(Shown(end, await server.Client.GetByteArrayAsync(address.Replace("=me", "=" + server.Recorder, StringComparison.Ordinal))), Shown(end, await OwnAsync(editor, address)));
                    Assert.Equal(Shown(end, await server.Client.GetByteArrayAsync(address.Replace("=me", "=ngo-one", StringComparison.Ordinal))), Shown(end, await OwnAsync(recorder, address)));
                    Assert.Equal(Shown(end, await server.Client.GetByteArrayAsync(address.Replace("=me", "=ngo-two", StringComparison.Ordinal))), Shown(end, await OwnAsync(newcomer, address)));
                    Asking.AssertProblem(await server.AskAsync(address), 401, "unauthorized");
                    Asking.AssertProblem(await server.AskAsync(address, null, ("Authorization", "Bearer pt_nobody_secret")), 401, "unauthorized");
                    // However it is spelled, and beside others.
                    foreach (var me in new[] { "%20me", "me%E2%80%8B", "ngo-two,me", "ngo-two,%20me" })
                    {
                        Asking.AssertProblem(await server.AskAsync(address.Replace("=me", "=" + me, StringComparison.Ordinal)), 401, "unauthorized");
                        Assert.NotEmpty(await OwnAsync(editor, address.Replace("=me", "=" + me, StringComparison.Ordinal)));
                    }
                }
            }
        }

        Assert.Equal("60000", Assert.Single((await PaidAsync(recorder)).EnumerateArray()).GetProperty("amount").GetRawText());
        Assert.Empty((await PaidAsync(newcomer)).EnumerateArray());
    }

    // The way to the next page names who is meant.
    private static string Shown(string end, byte[] body) => end == ".xlsx" ? Workbook.SheetOf(body) : Next().Replace(Encoding.UTF8.GetString(body), "");

    private static async Task<byte[]> OwnAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {await answer.Content.ReadAsStringAsync()}");
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Null(answer.Headers.ETag);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task<JsonElement> PaidAsync(HttpClient client) => JsonDocument.Parse(await client.GetStringAsync("/v1/contributions?recordedBy=me")).RootElement.GetProperty("data");

    [GeneratedRegex("(recordedBy|cursor)=[^&\"]*", RegexOptions.NonBacktracking)]
    private static partial Regex Next();
}
