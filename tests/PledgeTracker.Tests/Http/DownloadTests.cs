using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Http;

namespace PledgeTracker.Tests.Http;

/// <summary>Tables of many pages: of one moment, and no matter how slowly they are read.</summary>
public sealed class DownloadTests
{
    private const string Rates = "/v1/exchange-rates";

    [Fact]
    public async Task Without_a_limit_a_table_is_the_union_of_its_pages()
    {
        await using var server = await WithRatesAsync(1_203, "");
        foreach (var path in new[] { Rates, $"{Rates}?sort=-date", $"{Rates}?sort=date", "/v1/changes", "/v1/changes?entity=exchange_rate&sort=-sequence" })
        {
            var (list, query) = (path.Split('?')[0], path.Contains('?', StringComparison.Ordinal) ? path[path.IndexOf('?', StringComparison.Ordinal)..] : "");
            foreach (var end in new[] { ".csv", ".ndjson" })
            {
                var whole = await server.AskAsync(list + end + query);
                Assert.Null(whole.Header("Link"));
                var (pages, count) = ("", 0);
                for (var next = Asking.With(list + end + query, "limit=500"); next is not null; count++)
                {
                    var page = await server.AskAsync(next);
                    pages += end == ".csv" && pages.Length > 0 ? page.Text[(page.Text.IndexOf("\r\n", StringComparison.Ordinal) + 2)..] : page.Text;
                    next = page.Header("Link")?.Split('>')[0][1..];
                }

                Assert.Equal(3, count);
                Assert.Equal(pages, whole.Text);
            }

            var (names, rows) = FormatsTests.Read((await server.AskAsync($"{list}.csv{query}")).Text);
            var workbook = Workbook.Read(await server.Client.GetByteArrayAsync($"{list}.xlsx{query}"));
            Assert.Equal([names, .. rows], workbook.Rows.Select(row => row.Select(cell => cell.Shown)));
        }

        // What HEAD answers is not made to be thrown away.
        var head = await server.AskAsync($"{Rates}.csv", HttpMethod.Head);
        Assert.Equal((200, (string?)null), (head.Status, head.Header("Content-Length")));
        Assert.Equal((await server.AskAsync($"{Rates}.csv")).Header("ETag"), head.Header("ETag"));
    }

    [Fact]
    public async Task While_others_write_every_table_is_of_one_moment()
    {
        await using var server = await WithRatesAsync(1_100, "");
        using var enough = new CancellationTokenSource();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            using var editor = server.WithToken(await server.EditorKey);
            while (!enough.IsCancellationRequested)
            {
                await SendRatesAsync(editor, $"P{written++}", 7, "");
            }
        });
        var versions = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            // The log of changes has a row for each version, and this names the last.
            var changes = await server.AskAsync("/v1/changes.csv?fields=sequence");
            var (_, rows) = FormatsTests.Read(changes.Text);
            var version = changes.Header("Dataset-Version")!.Split('-')[0];
            Assert.Equal(version, rows[^1][0]);
            Assert.Equal(Enumerable.Range(1, rows.Count), rows.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture)));
            versions.Add(version);
            // Seven stand in a transaction.
            Assert.Equal(0, ((await server.AskAsync($"{Rates}.ndjson")).Text.Count(c => c == '\n') - 1_100) % 7);
        }

        await enough.CancelAsync();
        await writing;
        Assert.True(written > 3 && versions.Count > 3, $"{written} writes, {versions.Count} versions");
    }

    [Fact]
    public async Task Four_clients_that_do_not_read_hold_nothing_of_the_database_and_the_fifth_is_asked_to_wait()
    {
        // Too much for the buffers between the two.
        await using var server = await WithRatesAsync(6_000, new string('x', 1_500));
        var slow = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            slow.Add(await AskAndNotReadAsync(server, $"{Rates}.csv"));
        }

        var fifth = await server.AskAsync($"{Rates}.ndjson");
        var problem = Asking.AssertProblem(fifth, 503, "busy");
        Assert.Contains("limit", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("10", fifth.Header("Retry-After"));
        // What is a page or less, and pages, go on; so do writes, and the log goes into the file.
        Assert.Equal(200, (await server.AskAsync("/v1/sources.csv")).Status);
        Assert.Equal(200, (await server.AskAsync($"{Rates}.csv?limit=500")).Status);
        Assert.Equal(304, (await server.AskAsync($"{Rates}.csv", null, ("If-None-Match", (await server.AskAsync($"{Rates}.csv", HttpMethod.Head)).Header("ETag")!))).Status);
        await server.EnterAsync(enter => enter.RateAsync("CHF", "2026-01-01", 1.1m));
        await using (var outside = await server.OpenDatabaseAsync())
        {
            await using var command = outside.CreateCommand();
            command.CommandText = TestDatabase.IsPostgres
                ? "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
                : "PRAGMA wal_checkpoint(TRUNCATE)";
            Assert.Equal(0L, Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture));
        }

        // One that goes makes room.
        slow[0].Dispose();
        var status = 503;
        for (var i = 0; i < 100 && status == 503; i++)
        {
            await Task.Delay(100);
            status = (await server.AskAsync($"{Rates}.ndjson")).Status;
        }

        Assert.Equal(200, status);
        slow.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_table_that_is_too_large_or_takes_too_long_is_refused_and_one_that_is_read_too_slowly_is_cut_off()
    {
        await using (var small = await WithRatesAsync(600, "", new Downloads(bytes: 20_000)))
        {
            Assert.Equal("10", (await small.AskAsync($"{Rates}.csv")).Header("Retry-After"));
            Assert.Contains("fields", Asking.AssertProblem(await small.AskAsync($"{Rates}.csv"), 503, "busy").Text("detail"), StringComparison.Ordinal);
            Assert.Equal(200, (await small.AskAsync($"{Rates}.csv?fields=date")).Status);
            // A workbook is measured as it is sent: packed.
            Assert.Equal(200, (await small.AskAsync($"{Rates}.xlsx?fields=date,currency")).Status);
            // Each that was refused gave its place back.
            for (var i = 0; i < 5; i++)
            {
                Assert.True((await small.AskAsync($"{Rates}.csv?lang=ar")).Json.Text("detail").IsArabic());
            }

            Assert.Equal(200, (await small.AskAsync($"{Rates}.csv?fields=date")).Status);
        }

        await using (var quick = await WithRatesAsync(600, "", new Downloads(time: TimeSpan.Zero)))
        {
            Asking.AssertProblem(await quick.AskAsync($"{Rates}.csv"), 503, "busy");
            Asking.AssertProblem(await quick.AskAsync($"{Rates}.xlsx"), 503, "busy");
        }

        await using var server = await WithRatesAsync(6_000, new string('x', 1_500), new Downloads(most: 1, time: TimeSpan.FromSeconds(8)));
        using var slow = await AskAndNotReadAsync(server, $"{Rates}.csv");
        Asking.AssertProblem(await server.AskAsync($"{Rates}.csv"), 503, "busy");
        await Task.Delay(TimeSpan.FromSeconds(9));
        Assert.Equal(200, (await server.AskAsync($"{Rates}.csv")).Status);
    }

    private static async Task<TestServer> WithRatesAsync(int count, string filling, Downloads? downloads = null)
    {
        var server = new TestServer { Seed = "none", Configure = downloads is null ? null : builder => builder.Services.AddSingleton(downloads) };
        await server.InitializeAsync();
        using var editor = server.WithToken(await server.EditorKey);
        for (var sent = 0; sent < count; sent += 600)
        {
            await SendRatesAsync(editor, $"Bank {sent}", Math.Min(600, count - sent), filling);
        }

        return server;
    }

    private static async Task SendRatesAsync(HttpClient editor, string provider, int count, string filling)
    {
        var csv = new StringBuilder("currency,date,usdPerUnit,provider,url\n");
        for (var day = new DateOnly(2024, 1, 1); count > 0; count--, day = day.AddDays(1))
        {
            csv.Append(CultureInfo.InvariantCulture, $"EUR,{day:yyyy-MM-dd},1.1,{provider},https://example.org/{filling}\n");
        }

        using var content = new StringContent(csv.ToString(), Encoding.UTF8, "text/csv");
        using var response = await editor.PostAsync(Rates, content);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A client that takes the beginning of an answer and no more.</summary>
    private static async Task<Socket> AskAndNotReadAsync(TestServer server, string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var beginning = new byte[64];
        Assert.True(await socket.ReceiveAsync(beginning) > 0);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(beginning), StringComparison.Ordinal);
        return socket;
    }
}
