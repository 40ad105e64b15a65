using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PledgeTracker.Benchmarks;

/// <summary>How an empty database was filled, and how fast.</summary>
internal sealed record Filled(int Requests, TimeSpan Took)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"filled over HTTP with {Requests:N0} requests from {Filling.Clients} clients in {Took.TotalSeconds:F0} s, {Requests / Took.TotalSeconds:N0} a second");
}

/// <summary>Fills a database as anybody would: with a request for each record, from many clients.</summary>
internal sealed class Filling
{
    public const int Clients = 64;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient _client;
    private int _requests;

    private Filling(HttpClient client, string key)
    {
        _client = client;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Serves several databases: the first is filled over HTTP where it is empty, and the others are made out of it where their files are not there.</summary>
    /// <param name="databases">With how many pledges each.</param>
    /// <param name="servers">Of each, in this order; the caller's, also where one cannot be served.</param>
    public static async Task EnsureAllAsync(IReadOnlyList<(Database Database, int Pledges)> databases, List<Server> servers)
    {
        foreach (var (database, pledges) in databases)
        {
            if (servers.Count > 0 && !File.Exists(database.File))
            {
                Copies.Make(databases[0].Database.File, database.File, pledges / databases[0].Pledges);
            }

            servers.Add(Server.Over(database));
            Console.WriteLine($"{pledges:N0} pledges: {(await EnsureAsync(servers[^1], Server.MakeKey(database), pledges))?.ToString() ?? "filled already"}");
        }
    }

    /// <summary>Null where the database holds so many pledges already.</summary>
    public static async Task<Filled?> EnsureAsync(Server server, string key, int pledges)
    {
        using var counted = JsonDocument.Parse(await server.Client.GetStringAsync("/v1/pledges?limit=1&count=true"));
        var there = counted.RootElement.GetProperty("count").GetInt64();
        if (there == pledges)
        {
            return null;
        }

        if (there != 0)
        {
            throw new InvalidOperationException($"The database holds {there} pledges where {pledges} were asked for.");
        }

        var filling = new Filling(server.Client, key);
        var mix = new Mix(pledges);
        var watch = Stopwatch.StartNew();
        foreach (var (path, bodies) in mix.Before)
        {
            await AllAsync(bodies, body => filling.PostAsync(path, body));
        }

        await AllAsync(mix.Pledges(), filling.RecordAsync);
        return new Filled(filling._requests, watch.Elapsed);
    }

    // One reads from the mix at a time, so the facts are the same each time; the order in which they arrive is the clients'.
    private static Task AllAsync<T>(IEnumerable<T> items, Func<T, Task> record) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (item, _) => await record(item));

    private async Task RecordAsync(PledgeFacts facts)
    {
        var id = await PostAsync("/v1/pledges", facts.Pledge);
        if (facts.Revision is not null)
        {
            await PostAsync($"/v1/pledges/{id}/revisions", facts.Revision);
        }

        foreach (var contribution in facts.Contributions)
        {
            await PostAsync("/v1/contributions", contribution with { PledgeId = id });
        }

        if (facts.Withdrawal is not null)
        {
            await PostAsync($"/v1/pledges/{id}/withdrawals", facts.Withdrawal);
        }

        if (facts.Direct is not null)
        {
            await PostAsync("/v1/contributions", facts.Direct);
        }
    }

    private async Task<string> PostAsync(string path, object body)
    {
        Interlocked.Increment(ref _requests);
        using var answer = await _client.PostAsJsonAsync(path, body, Json);
        var said = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"{path} {JsonSerializer.Serialize(body, Json)}: {answer.StatusCode} {said}");
        }

        using var made = JsonDocument.Parse(said);
        return made.RootElement.GetProperty("id").GetString()!;
    }
}
