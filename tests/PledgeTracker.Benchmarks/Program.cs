using System.Globalization;
using PledgeTracker.Benchmarks;
using PledgeTracker.Data;

// The servers under test are this executable, too: real processes of their own, with nothing of the load generator in them.
switch (args.FirstOrDefault())
{
    case "--serve":
        return await Child.ServeAsync(args[1..]);
    case "--empty":
        return await Child.ServeNothingAsync(args[1..]);
}

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project tests/PledgeTracker.Benchmarks -- --pledges 1000000
          --pledges N[,N…]   how many pledges the generated database holds; several sizes are measured one after the other
          --database PATH    where the generated database stands and is found again (default: in the temporary folder)
          --rounds N         how many rounds of plaintext and case alternate (default 5)
          --seconds N        how long each half of a round takes (default 3)
          --only TEXT        only the cases whose name contains the text
          --out FILE         where to write the report as Markdown (default: standard output)
        """);
    return 2;
}

var report = new Report(options);
foreach (var pledges in options.Pledges)
{
    var database = new Database(options.Database ?? Path.Combine(Path.GetTempPath(), "pledgetracker-benchmarks", $"pledges-{pledges}.db"));
    Directory.CreateDirectory(Path.GetDirectoryName(database.Path)!);
    Console.WriteLine($"{pledges:N0} pledges");
    var generated = Generator.Ensure(database, pledges);
    Console.WriteLine(generated is null ? "  the database is there already" : $"  {generated}");
    report.Add(Measurement.Of(database, pledges, generated, options));
}

var markdown = report.ToString();
Console.WriteLine(markdown);
if (options.Out is { } file)
{
    File.WriteAllText(file, markdown);
}

return 0;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Options
{
    public IReadOnlyList<int> Pledges { get; private init; } = [1_000_000];

    public string? Database { get; private init; }

    public int Rounds { get; private init; } = 5;

    public TimeSpan Half { get; private init; } = TimeSpan.FromSeconds(3);

    public string Only { get; private init; } = "";

    public string? Out { get; private init; }

    /// <summary>Null when it cannot be understood.</summary>
    public static Options? Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                return null;
            }

            var value = args[i + 1];
            switch (args[i])
            {
                case "--pledges":
                    options = options with { Pledges = [.. value.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))] };
                    break;
                case "--database":
                    options = options with { Database = value };
                    break;
                case "--rounds":
                    options = options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--seconds":
                    options = options with { Half = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)) };
                    break;
                case "--only":
                    options = options with { Only = value };
                    break;
                case "--out":
                    options = options with { Out = value };
                    break;
                default:
                    return null;
            }
        }

        return options.Database is not null && options.Pledges.Count > 1 ? null : options;
    }
}
