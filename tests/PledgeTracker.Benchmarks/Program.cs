using System.Globalization;
using Microsoft.Data.Sqlite;
using PledgeTracker.Benchmarks;

// The servers under test are this executable, too: real processes of their own, with nothing of the load generator in them.
switch (args.FirstOrDefault())
{
    case "--serve":
        return await Server.ServeAsync(args[1..]);
    case "--empty":
        return await Server.ServeNothingAsync(args[1..]);
    case "--import":
        return await Importing.OneAsync(args[1..]);
    case "--command":
        return await PledgeTracker.Program.Main(args[1..]);
    case "--soak" when args is [_, var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var requests):
        using (var soaked = new Database(null))
        {
            await Soak.RunAsync(soaked, requests);
        }

        return 0;
    case "--summaries" or "--dialects" when args is [var what, var sizes, .. var connections]:
        var summed = Database.Several(sizes, connections);
        try
        {
            await (what == "--dialects" ? Summaries.RunDialectsAsync(summed) : Summaries.RunAsync(summed));
        }
        finally
        {
            summed.ForEach(one => one.Database.Dispose());
        }

        return 0;
    case "--pages" when args is [_, var sizes, .. var connections]:
        var shown = Database.Several(sizes, connections);
        try
        {
            await SitePages.RunAsync(shown);
        }
        finally
        {
            shown.ForEach(one => one.Database.Dispose());
        }

        return 0;
    case "--questions" when args is [_, var number, var sizes, .. var rest] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var questions):
        var seed = rest is ["--seed", var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        var searched = Database.Several(sizes, rest is ["--seed", _, .. var after] ? after : rest);
        try
        {
            return await Questions.RunAsync(searched, questions, seed) ? 0 : 1;
        }
        finally
        {
            searched.ForEach(one => one.Database.Dispose());
        }

    case "--imports" when args is [_, var number, .. var rest] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows >= 1000:
        await Importing.RunAsync(rows, rest is ["--seed", var chosen] ? int.Parse(chosen, CultureInfo.InvariantCulture) : Random.Shared.Next());
        return 0;
    case "--tables" when args is [_, var number, .. var where] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pledges):
        using (var written = new Database(where.FirstOrDefault()))
        {
            await Tables.RunAsync(written, pledges);
        }

        return 0;
}

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project tests/PledgeTracker.Benchmarks -- --pledges 10000
          --pledges N[,N…]    how many pledges a database holds; several sizes are measured one after the other
          --connection TEXT   the database of the first size, of the second and so on (default: a temporary SQLite file, removed at the end);
                              one that is empty is filled, another must hold so many pledges already; contributions are recorded in it
          --rounds N          how many rounds of plaintext and case alternate (default 5)
          --seconds N         how long each half of a round takes (default 3)
          --only TEXT         only the cases whose name contains the text
          --out FILE          where to write the report as Markdown (default: standard output)
        Or: -- --soak 1000000
          so many requests of every kind, most of them changed at random, and what the server's memory comes to
        Or: -- --tables 10000 ["Data Source=…"]
          how many rows a second come as CSV, NDJSON and XLSX of so many pledges on SQLite, beside a bare loop that writes the same columns
        Or: -- --summaries 10000,1000000 ["Data Source=…" "Data Source=…"]
          how long summaries take over databases of so many pledges on SQLite, beside statements that only sum up the same rows; the second and those after it are made out of
          the first where their files are not there
        Or: -- --dialects 10000,1000000 ["Data Source=…" "Data Source=…"]
          the same of what clients of FTS and HAPI ask
        Or: -- --pages 10000,1000000 ["Data Source=…" "Data Source=…"]
          what pages cost beside the API's answers that they show, over databases that are made as for --summaries
        Or: -- --questions 100000 10000,1000000 [--seed 1] ["Data Source=…" "Data Source=…"]
          so many random texts to every operation that searches, over the last of these databases, which are made as for --summaries; it ends with 1 where an answer was a fault
          of the server's (a 503 is one) or took longer than a second
        Or: -- --imports 1000000 [--seed 1]
          how many rows a second of a CSV of so many contributions (1,000 at least) are put aside and applied, beside the same recorded without a file and inserted without rules, how much memory that
          takes, and what a server on the same database answers meanwhile; on PostgreSQL where PLEDGETRACKER_TEST_POSTGRES names a server (tests/postgres), else on SQLite
        """);
    return 2;
}

var report = new Report(options);
for (var i = 0; i < options.Pledges.Count; i++)
{
    using var database = new Database(options.Connections.ElementAtOrDefault(i));
    Console.WriteLine($"{options.Pledges[i]:N0} pledges on {database.Engine}");
    report.Add(await Measurement.OfAsync(database, options.Pledges[i], options));
}

Console.WriteLine(report);
if (options.Out is { } file)
{
    File.WriteAllText(file, report.ToString());
}

return 0;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Options
{
    public IReadOnlyList<int> Pledges { get; private init; } = [10_000];

    public IReadOnlyList<string> Connections { get; private init; } = [];

    public int Rounds { get; private init; } = 5;

    public TimeSpan Half { get; private init; } = TimeSpan.FromSeconds(3);

    public string Only { get; private init; } = "";

    public string? Out { get; private init; }

    /// <summary>Null when it cannot be understood.</summary>
    public static Options? Parse(string[] args)
    {
        var options = new Options();
        foreach (var pair in args.Chunk(2))
        {
            options = pair switch
            {
                ["--pledges", var sizes] => options with { Pledges = [.. sizes.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))] },
                ["--connection", var connection] => options with { Connections = [.. options.Connections, connection] },
                ["--rounds", var rounds] => options with { Rounds = int.Parse(rounds, CultureInfo.InvariantCulture) },
                ["--seconds", var seconds] => options with { Half = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)) },
                ["--only", var text] => options with { Only = text },
                ["--out", var file] => options with { Out = file },
                _ => null,
            };
            if (options is null)
            {
                return null;
            }
        }

        return options.Connections.Count <= options.Pledges.Count ? options : null;
    }
}

/// <summary>The database under test: one that was named, or a SQLite file in a temporary folder of its own that goes with it.</summary>
internal sealed class Database : IDisposable
{
    private readonly DirectoryInfo? _folder;

    public Database(string? connection)
    {
        _folder = connection is null ? Directory.CreateTempSubdirectory("pledgetracker-benchmark-") : null;
        Connection = connection ?? $"Data Source={Path.Combine(_folder!.FullName, "pledges.db")}";
    }

    /// <summary>Of several sizes, as they are given on the command line.</summary>
    public static List<(Database Database, int Pledges)> Several(string sizes, IReadOnlyList<string> connections) =>
        [.. sizes.Split(',').Select((size, i) => (new Database(connections.ElementAtOrDefault(i)), int.Parse(size, CultureInfo.InvariantCulture)))];

    public string Connection { get; }

    /// <summary>Where SQLite has it.</summary>
    public string File => new SqliteConnectionStringBuilder(Connection).DataSource;

    public string Engine => Connection.Contains("Host=", StringComparison.OrdinalIgnoreCase) || Connection.Contains("://", StringComparison.Ordinal) ? "PostgreSQL" : "SQLite";

    public void Dispose() => _folder?.Delete(recursive: true);
}
