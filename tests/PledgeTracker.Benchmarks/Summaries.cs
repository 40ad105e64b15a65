using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// How long summaries take over databases of several sizes on SQLite: by turns, on one connection, each question asked anew, beside a statement that does nothing but
/// sum up the same rows of the same file. Before that, how many a second are sent again that were kept, and how many only confirmed.
/// </summary>
internal static class Summaries
{
    // Few enough that no answer of a server with two cores waits longer than a read may take.
    private const int Connections = 8;

    private const int MostRounds = 40;
    private const int FewestRounds = 2;

    private static readonly TimeSpan LongestCase = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private static readonly string Sums = string.Join(", ",
        ((string[])["pledged", "revised_down", "withdrawn", "committed", "paid", "outstanding", "promised_only", "excess", "undisbursed", "withdrawn_by_donor", "lapsed", "written_off",
        "direct_committed", "direct_paid", "adjusted_pledged", "adjusted_committed", "adjusted_paid"]).Select(column => $"sum(d.{column}_usd)")
        .Concat(((string[])["approximate", "at_least", "at_most"]).Select(column => $"sum(d.{column})")));

    private const string Day = "2018-07-15";

    private static IEnumerable<(string Path, string Bare)> Cases =>
    [
        .. from rows in (string[])["fund", "donor", "event", "country", "instrument", "year"]
           let scopes = rows switch { "instrument" => "'all'", "year" => "'all', 'announced'", _ => $"'all', '{rows}'" }
           from then in (bool[])[false, true]
           select ($"/v1/summary?groupBy={rows}{(then ? "&asOf=" + Day : "")}",
               $"SELECT {Sums} FROM {(then ? "total_month" : "total")} d WHERE d.scope IN ({scopes}) AND d.instrument <> 'all'{(then ? $" AND d.month < '{Day[..7]}'" : "")}"),
        .. from one in (string[])["fund=fund-1", "fund=fund-100", "donor=donor-1", "donor=donor-100"]
           from then in (bool[])[false, true]
           select ($"/v1/summary?{one}{(then ? "&asOf=" + Day : "")}", OfDays($"{(one[0] == 'f' ? "p.fund_id" : "l.donor_id")} = '{one.Split('=')[1]}'{(then ? $" AND d.day <= '{Day}'" : "")}")),
        .. from rows in (string[])["recipient", "sector", "status", "earmarking", "fund,year"]
           select ($"/v1/summary?groupBy={rows}", OfDays("TRUE")),
        ($"/v1/summary?groupBy=recipient&asOf={Day}", OfDays($"d.day <= '{Day}'")),
        ("/v1/summary?measures=ageing", OfEntries("TRUE")),
        ("/v1/summary?fund=fund-1&measures=ageing", OfEntries("p.fund_id = 'fund-1'")),
        ("/v1/time-series?interval=year", OfEntries("TRUE")),
        ("/v1/time-series?interval=year&fund=fund-1", OfEntries("p.fund_id = 'fund-1'")),
    ];

    // What clients of other systems ask, beside the same entries summed. The number of a fund of ours is that of the change that entered it, which copies do not have.
    private static IEnumerable<(string Path, string Bare)> CasesOfDialects(Database database)
    {
        const string flows = "/compat/fts/v1/fts/flow/custom-search";
        using var file = new SqliteConnection(database.Connection + ";Mode=ReadOnly;Pooling=False");
        file.Open();
        using var entered = file.CreateCommand();
        entered.CommandText = "SELECT min(seq) FROM change WHERE entity = 'fund' AND entity_id = 'fund-100'";
        var number = 1_000_000 + (long)entered.ExecuteScalar()!;
        return
        [
            ($"{flows}?countryISO3=BGD&year=2020", OfEntries("p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE n.country = 'BGD')")),
            ($"{flows}?countryISO3=BGD&groupby=year", OfEntries("p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE n.country = 'BGD')")),
            ($"{flows}?countryISO3=SYR", OfEntries("p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE n.country = 'SYR')")),
            ($"{flows}?planid={number}", OfEntries("p.fund_id = 'fund-100'")),
            ($"{flows}?organizationAbbrev=donor-100", OfEntries("e.donor_id = 'donor-100'")),
            ($"{flows}?year=2020", OfEntries("e.value_date BETWEEN '2020-01-01' AND '2020-12-31'")),
            ($"{flows}?year=2020&groupby=plan", OfEntries("e.value_date BETWEEN '2020-01-01' AND '2020-12-31'")),
            ("/compat/fts/v2/fts/flow/plan/overview/progress/2020?format=json", OfEntries("p.fund_id IN (SELECT r.fund_id FROM requirement r WHERE r.period_start LIKE '2020%')")),
            ("/compat/fts/v2/country/229/summary/trends/2025?format=json", OfEntries("p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE n.country = 'TUR')")),
            ("/compat/hapi/api/v1/coordination-context/funding?limit=10000", OfEntries("p.fund_id IN (SELECT r.fund_id FROM requirement r)")),
            ("/compat/hapi/api/v1/coordination-context/funding?location_code=BGD", OfEntries("p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE n.country = 'BGD')")),
        ];
    }

    /// <param name="databases">As for <see cref="Filling.EnsureAllAsync"/>.</param>
    public static Task RunAsync(IReadOnlyList<(Database Database, int Pledges)> databases) => RunAsync(databases, servers =>
    {
        Count(databases, servers);
        Time(databases, servers, Cases);
    });

    /// <summary>The same of what clients of FTS and HAPI ask.</summary>
    public static Task RunDialectsAsync(IReadOnlyList<(Database Database, int Pledges)> databases) => RunAsync(databases, servers => Time(databases, servers, CasesOfDialects(databases[0].Database)));

    private static async Task RunAsync(IReadOnlyList<(Database Database, int Pledges)> databases, Action<List<Server>> measure)
    {
        var servers = new List<Server>();
        try
        {
            await Filling.EnsureAllAsync(databases, servers);
            measure(servers);
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    private static void Time(IReadOnlyList<(Database Database, int Pledges)> databases, List<Server> servers, IEnumerable<(string Path, string Bare)> cases)
    {
        Say($"| p50 (best) in ms | {string.Join(" | ", databases.Select(d => $"{d.Pledges:N0} | bare | ratio to it"))} | last to first |");
        Say($"| --- |{string.Concat(databases.Select(_ => " ---: | ---: | ---: |"))} ---: |");
        foreach (var (path, bare) in cases)
        {
            var asked = 0;
            var sizes = databases.Zip(servers, (d, server) => new Size(server.Port, d.Database)).ToList();
            try
            {
                foreach (var size in sizes)
                {
                    var begun = Stopwatch.GetTimestamp();
                    do
                    {
                        size.Ask(Load.Get(Load.Anew(path, asked++)));
                    }
                    while (Stopwatch.GetElapsedTime(begun) < LongestWarmUp);

                    size.Forget();
                }

                var start = Stopwatch.GetTimestamp();
                for (var round = 0; round < FewestRounds || (round < MostRounds && Stopwatch.GetElapsedTime(start) < LongestCase); round++)
                {
                    foreach (var size in sizes)
                    {
                        size.Ask(Load.Get(Load.Anew(path, asked++)));
                        size.Scan(bare);
                    }
                }

                Say($"| `{path}` | {string.Join(" | ", sizes.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Asked:F2} ({s.Best:F2}){s.Refusal} | {s.Scanned:F2} | {s.Asked / s.Scanned:F2}")))} | {sizes[^1].Asked / sizes[0].Asked:F2} |");
            }
            finally
            {
                sizes.ForEach(size => size.Dispose());
            }
        }
    }

    private static void Count(IReadOnlyList<(Database Database, int Pledges)> databases, List<Server> servers)
    {
        const string page = "/v1/pledges?limit=50", summary = "/v1/summary?groupBy=fund";
        Say($"| requests a second on {Connections} connections | {string.Join(" | ", databases.Select(d => $"{d.Pledges:N0}"))} |");
        Say($"| --- |{string.Concat(databases.Select(_ => " ---: |"))}");
        foreach (var (name, path, isAnew, isKnown) in ((string, string, bool, bool)[])
            [("plaintext", "/plaintext", false, false), ("pledges, anew", page, true, false), ("pledges, asked for again", page, false, false), ("pledges, 304", page, false, true),
             ("summary by fund, anew", summary, true, false), ("summary by fund, asked for again", summary, false, false), ("summary by fund, 304", summary, false, true)])
        {
            Say($"| {name} | {string.Join(" | ", servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"{PerSecond(server):N0}")))} |");

            double PerSecond(Server server)
            {
                using var first = server.Client.GetAsync(path).GetAwaiter().GetResult();
                var same = Load.Get(path, isKnown ? $"If-None-Match: {first.Headers.ETag}\r\n" : "");
                var asked = 0L;
                return ((double[])[.. Enumerable.Range(0, 4).Select(_ => Load.Run(server.Port, Connections, Turn, n => isAnew ? Load.Get(Load.Anew(path, asked++)) : same, answer =>
                {
                    if (answer.Status != (isKnown ? 304 : 200))
                    {
                        throw new InvalidOperationException($"{path}: {answer.Status}");
                    }
                }).PerSecond)])[1..].Order().ElementAt(1);
            }
        }
    }

    private static string OfDays(string where) => $"SELECT {Sums} FROM pledge p JOIN line l ON l.pledge_no = p.no JOIN line_day d ON d.pledge_no = l.pledge_no AND d.donor_id = l.donor_id WHERE p.counted AND {where}";

    private static string OfEntries(string where) => $"SELECT count(*), sum(e.amount_minor), sum(e.usd_minor) FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no WHERE p.counted AND {where}";

    private static void Say(string line) => Console.WriteLine(line);

    /// <summary>One database under one case: the server's answers, and the bare statement on the same file.</summary>
    private sealed class Size : IDisposable
    {
        private readonly Connection _connection;
        private readonly SqliteConnection _file;
        private readonly List<double> _asked = [];
        private readonly List<double> _scanned = [];

        public Size(int port, Database database)
        {
            _connection = new Connection(port);
            _file = new SqliteConnection(database.Connection + ";Mode=ReadOnly;Pooling=False");
            _file.Open();
        }

        public double Asked => Median(_asked);
        public double Best => _asked.Min();
        public double Scanned => Median(_scanned);

        /// <summary>Where it was no answer.</summary>
        public string Refusal => _connection.Status == 200 ? "" : $" {_connection.Status}";

        public void Ask(byte[] request)
        {
            _connection.Send(request);
            while (!_connection.TryReceive())
            {
                _connection.Socket.Poll(-1, System.Net.Sockets.SelectMode.SelectRead);
            }

            _asked.Add(Stopwatch.GetElapsedTime(_connection.SentAt).TotalMilliseconds);
        }

        public void Scan(string statement)
        {
            var begun = Stopwatch.GetTimestamp();
            using var command = _file.CreateCommand();
            command.CommandText = statement;
            command.ExecuteScalar();
            _scanned.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        public void Forget()
        {
            _asked.Clear();
            _scanned.Clear();
        }

        public void Dispose()
        {
            _connection.Dispose();
            _file.Dispose();
        }

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
