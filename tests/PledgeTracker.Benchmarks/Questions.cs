using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// Random texts, sent to every operation of the document that searches (a parameter `q`): letters of any script, signs that mean something to LIKE, FTS5 and to_tsquery, words that occur and
/// their beginnings, pictures, marks, and bytes that are no text. None may be answered with a fault of the server's, a 503 included, and none may take longer than a second.
/// </summary>
internal sealed class Questions(Server server)
{
    private const int Clients = 2;
    private const int Longest = 200;
    private const int SlowestShown = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What means something in a pattern, in a query of words, in SQL, in an address or in JSON; how texts run, what joins and what marks; what is nothing to see.
    private static readonly string[] Signs =
    [
        "%", "_", "\\", "\"", "'", "''", "*", "(", ")", ":", "|", "||", "&", "!", "!!", "<->", "<2>", "->", "-", "--", "+", "^", "~", "{", "}", "[", "]", ",", ";", ".", "..", "/", "?", "#", "=", "@", "@word0", "$1",
        "NEAR(", "NEAR/2", " AND ", " OR ", " NOT ", "text:", ":*", ":A", "OR 1=1 --", "'; DROP TABLE pledge; --", "\t", "\n", "\r\n", " ", "  ", "\u00A0", "\u200B", "\u200C", "\u200D", "\u200F", "\u202A", "\u202B", "\u202C",
        "\u202E", "\u2066", "\u2067", "\u2069", "\uFEFF", "\u00AD", "\u0640", "\u0300", "\u064B", "\u064F", "\u0651", "\u0670", "\u20DD", "\uFE0F", "👩‍👩‍👧", "🏳️", "🇸🇾", "💧", "ﷺ", "ﬁ", "ǆ", "№", "²", "½", "Ⅷ", "㈱", "‏«»",
    ];

    // As they may stand in an address: text that is cut short, that cannot be, that means nothing, that ends texts elsewhere.
    private static readonly string[] Bytes = ["%", "%2", "%zz", "%00", "%FF", "%C3", "%E2%82", "%F0%9F%92", "%ED%A0%80", "%C0%AF", "%25", "%2525", "+", "%0A", "%7F", "%EF%BF%BF", "%D8"];

    // Members in which words stand.
    private static readonly string[] Told = ["name", "title", "description", "note", "place", "publisher", "text", "id"];

    // First and last letters of scripts.
    private static readonly (int First, int Last)[] Scripts =
    [
        ('a', 'z'), ('A', 'Z'), ('0', '9'), ('ء', 'ي'), ('ء', 'ي'), ('٠', '٩'), ('۰', '۹'), ('ٱ', 'ۓ'), (0xFE70, 0xFEFC), (0x00C0, 0x024F), ('Α', 'ω'), ('А', 'я'), ('א', 'ת'), ('ऄ', 'ह'),
        (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x1D400, 0x1D7FF), (0x0300, 0x036F), (0x1F300, 0x1FAFF), (0x20, 0x7E), (0x01, 0xD7FF), (0xE000, 0x10FFFF),
    ];

    private readonly List<string> _operations = [];
    private readonly List<string> _words = [];
    private readonly SortedDictionary<int, long> _statuses = [];
    private readonly Dictionary<string, List<double>> _taken = [];
    private readonly PriorityQueue<Answer, double> _slowest = new();
    private readonly List<Answer> _faults = [];
    private long _asked;

    /// <param name="databases">With how many pledges each; the last one is asked. Filled or made as for <see cref="Summaries"/>.</param>
    /// <returns>Whether all was as it has to be.</returns>
    public static async Task<bool> RunAsync(IReadOnlyList<(Database Database, int Pledges)> databases, long questions, int seed)
    {
        var servers = new List<Server>();
        try
        {
            await Filling.EnsureAllAsync(databases, servers);
            var asking = new Questions(servers[^1]);
            await asking.LearnAsync();
            Console.WriteLine($"{questions:N0} questions, seed {seed}, {Clients} at a time, to {asking._operations.Count} operations: {string.Join(' ', asking._operations)}");
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => asking.Ask(new Random(seed + client), questions))));
            return asking.Tell();
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    private async Task LearnAsync()
    {
        var document = JsonNode.Parse(await server.Client.GetStringAsync("/openapi.json"))!;
        _operations.AddRange(document["paths"]!.AsObject().Where(path => (path.Value!["get"]?["parameters"]?.AsArray() ?? []).Any(parameter => (string?)parameter!["name"] == "q")).Select(path => path.Key));
        foreach (var (operation, language) in _operations.SelectMany(operation => ((string[])["en", "ar"]).Select(language => (operation, language))))
        {
            // What is first asked of each is compiled, and not measured; a refusal has words, too.
            using var answer = await server.Client.GetAsync($"{operation}?q={(language == "ar" ? Uri.EscapeDataString("الموصل") : "mosul")}&lang={language}");
            AddWords(JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
        }
    }

    private void AddWords(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            items.ToList().ForEach(AddWords);
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                AddWords(value);
                if (Told.Contains(name) && value?.GetValueKind() == JsonValueKind.String)
                {
                    _words.AddRange(value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(_words));
                }
            }
        }
    }

    private void Ask(Random random, long questions)
    {
        Connection? connection = null;
        try
        {
            while (Interlocked.Increment(ref _asked) <= questions)
            {
                var operation = _operations[random.Next(_operations.Count)];
                var (text, address) = Any(random);
                var path = $"{operation}?q={address}";
                connection ??= new Connection(server.Port);
                var status = 0;
                var begun = Stopwatch.GetTimestamp();
                try
                {
                    connection.Send(Load.Get(path));
                    while (!connection.TryReceive())
                    {
                        connection.Socket.Poll(-1, SelectMode.SelectRead);
                    }

                    status = connection.Status;
                }
                catch (IOException)
                {
                    // Counted as no answer.
                }

                Keep(new Answer(operation, text, path, status, Stopwatch.GetElapsedTime(begun)));
                // The server may leave after what is no HTTP.
                if (status is 0 or 400)
                {
                    connection.Dispose();
                    connection = null;
                }
            }
        }
        finally
        {
            connection?.Dispose();
        }
    }

    private void Keep(Answer answer)
    {
        lock (_statuses)
        {
            _statuses[answer.Status] = _statuses.GetValueOrDefault(answer.Status) + 1;
            (_taken.TryGetValue(answer.Operation, out var taken) ? taken : _taken[answer.Operation] = []).Add(answer.Took.TotalMilliseconds);
            _slowest.Enqueue(answer, answer.Took.TotalMilliseconds);
            if (_slowest.Count > SlowestShown)
            {
                _slowest.Dequeue();
            }

            if (answer.Status is 0 or >= 500 || answer.Took > Patience)
            {
                _faults.Add(answer);
            }
        }
    }

    private bool Tell()
    {
        Console.WriteLine(string.Join(", ", _statuses.Select(status => $"{(status.Key == 0 ? "no answer" : status.Key)}: {status.Value:N0}")));
        Console.WriteLine("| ms | asked | p50 | p99 | slowest |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (operation, taken) in _taken.OrderBy(operation => operation.Key, StringComparer.Ordinal))
        {
            taken.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| `{operation}` | {taken.Count:N0} | {taken[taken.Count / 2]:F1} | {taken[(int)(taken.Count * 0.99)]:F1} | {taken[^1]:F0} |"));
        }

        Console.WriteLine("The slowest:");
        foreach (var answer in _slowest.UnorderedItems.Select(item => item.Element).OrderByDescending(answer => answer.Took))
        {
            Console.WriteLine(answer);
        }

        if (_faults.Count > 0)
        {
            Console.WriteLine($"{_faults.Count:N0} that may not be:");
            _faults.Take(SlowestShown).ToList().ForEach(Console.WriteLine);
        }

        return _faults.Count == 0;
    }

    /// <summary>A text, and the same as it stands in an address; now and then with bytes in it that are no text.</summary>
    private (string Text, string Address) Any(Random random)
    {
        var text = new StringBuilder();
        var most = random.Next(4) == 0 ? random.Next(1, Longest + 1) : random.Next(1, 40);
        var (first, last) = Scripts[random.Next(Scripts.Length)];
        var kind = random.Next(6);
        while (text.Length < most)
        {
            text.Append((kind == 5 ? random.Next(5) : kind) switch
            {
                0 => Letter(random, first, last),
                1 => Word(random),
                2 => Beginning(random, Word(random)),
                3 => Signs[random.Next(Signs.Length)],
                _ => Letter(random, Scripts[random.Next(Scripts.Length)]),
            });
            if (kind is 1 or 2 || random.Next(8) == 0)
            {
                text.Append(' ');
            }
        }

        var (whole, address) = (text.ToString(), Uri.EscapeDataString(text.ToString()));
        return random.Next(20) == 0 ? (whole, address.Insert(random.Next(address.Length + 1), Bytes[random.Next(Bytes.Length)])) : (whole, address);
    }

    private static string Letter(Random random, (int First, int Last) script) => Letter(random, script.First, script.Last);

    private static string Letter(Random random, int first, int last) => char.ConvertFromUtf32(random.Next(first, last + 1));

    private string Word(Random random) => _words[random.Next(_words.Count)];

    private static string Beginning(Random random, string word) => word[..random.Next(1, word.Length + 1)];

    private sealed record Answer(string Operation, string Text, string Path, int Status, TimeSpan Took)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Status} after {Took.TotalMilliseconds:N0} ms: {JsonSerializer.Serialize(Text, Legible)} at {Path}");
    }
}
