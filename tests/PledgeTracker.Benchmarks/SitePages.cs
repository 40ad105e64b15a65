using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// What pages cost beside the answers of the API that they show, over databases of several sizes: by turns, on one connection, the page and each address that it names as where its figures come from
/// (`data-api`), all asked anew; then how many a second of a page that is kept are sent again, and what a browser is sent.
/// </summary>
internal sealed partial class SitePages(Server server)
{
    private const int Connections = 8;
    private const int MostRounds = 30;
    private const int FewestRounds = 3;

    private static readonly TimeSpan LongestCase = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private long _asked;

    /// <param name="databases">As for <see cref="Filling.EnsureAllAsync"/>.</param>
    public static async Task RunAsync(IReadOnlyList<(Database Database, int Pledges)> databases)
    {
        var servers = new List<Server>();
        try
        {
            await Filling.EnsureAllAsync(databases, servers);
            Console.WriteLine("| page | pledges | anew, p50 in ms | the API's answers anew, p50 in ms | how many | ratio | kept, of /plaintext a second | bytes as Brotli |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var (size, server) in databases.Zip(servers))
            {
                var pages = new SitePages(server);
                foreach (var path in (string[])["/", "/events/conference-1", "/funds/fund-1", "/donors/donor-1", "/about"])
                {
                    await pages.MeasureAsync(path, size.Pledges);
                }
            }
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    private async Task MeasureAsync(string path, int pledges)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = server.Client.BaseAddress };
        using var first = await AskAsync(client, path);
        if (first.StatusCode != HttpStatusCode.OK)
        {
            Console.WriteLine($"| `{path}` | {pledges:N0} | {(int)first.StatusCode} | | | | | |");
            return;
        }

        // One shortfall or pledge by itself is a part of a list that was asked for all of them.
        var answers = Named().Matches(await first.Content.ReadAsStringAsync()).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))
            .Where(address => !address.StartsWith("/v1/shortfalls/", StringComparison.Ordinal) && !address.StartsWith("/v1/pledges/", StringComparison.Ordinal)).Distinct().ToList();
        var (page, api) = (new List<double>(), new List<double>());
        var start = Stopwatch.GetTimestamp();
        for (var round = -1; round < FewestRounds || (round < MostRounds && Stopwatch.GetElapsedTime(start) < LongestCase); round++)
        {
            var tookPage = await TimeAsync(client, path);
            var tookApi = 0d;
            foreach (var answer in answers)
            {
                tookApi += await TimeAsync(client, answer);
            }

            // What is first asked of each is compiled, and not measured.
            if (round >= 0)
            {
                page.Add(tookPage);
                api.Add(tookApi);
            }
        }

        using var coded = await AskAsync(client, path, "br");
        var bytes = (await coded.Content.ReadAsByteArrayAsync()).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| `{path}` | {pledges:N0} | {Median(page):F1} | {Median(api):F1} | {answers.Count} | {(answers.Count == 0 ? "" : $"{Median(page) / Median(api):F2}")} | {PerSecond(path) / PerSecond("/plaintext"):P0} | {bytes:N0} |"));
    }

    private double PerSecond(string path)
    {
        var same = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n");
        return ((double[])[.. Enumerable.Range(0, 4).Select(_ => Load.Run(server.Port, Connections, Turn, _ => same, answer =>
        {
            if (answer.Status != 200)
            {
                throw new InvalidOperationException($"{path}: {answer.Status}");
            }
        }).PerSecond)])[1..].Order().ElementAt(1);
    }

    private async Task<double> TimeAsync(HttpClient client, string path)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await AskAsync(client, Load.Anew(path, _asked++));
        _ = await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == HttpStatusCode.OK ? Stopwatch.GetElapsedTime(begun).TotalMilliseconds : throw new InvalidOperationException($"{path}: {answer.StatusCode}");
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string path, string? coding = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", path.StartsWith("/v1/", StringComparison.Ordinal) ? "application/json" : "text/html" } } };
        // A page holds its own address: that of another host is another page.
        request.Headers.Host = "localhost";
        if (coding is not null)
        {
            request.Headers.AcceptEncoding.ParseAdd(coding);
        }

        return client.SendAsync(request);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex("data-api=\"([^\"]+)\"")]
    private static partial Regex Named();
}
