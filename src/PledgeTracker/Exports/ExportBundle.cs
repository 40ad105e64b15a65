namespace PledgeTracker.Exports;

/// <summary>The whole dataset, for an empty database of either engine. See <see cref="Bundle"/>.</summary>
public sealed class ExportBundle : Reads<ExportBundle.Request, string>
{
    /// <summary>There is nothing to choose: it is all of it.</summary>
    public sealed record Request : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    private protected override Format Own => Format.Ndjson;

    private protected override bool IsFile(Format format) => true;

    public override void Configure()
    {
        Get("/v1/exports/bundle");
        Tells("Exports", "Everything, to take elsewhere",
            "The whole dataset of one moment as JSON Lines, with ids, numbers, times of recording and the chain of changes: the manifest, then a line for each row. `import --format bundle FILE` fills an empty database of " +
            "either engine from it, which then answers as this server does. Keys and kept answers are not in it. Each line has a check over itself and those above it, so that a file that is not whole is refused. " +
            "What is too large to be sent at once (503) is taken on the server's machine: `export --format bundle --to FILE`. docs/bundle.md tells what stands in it.");
    }

    protected override Task<string> ReadAsync(Request request, View view) => throw new NotSupportedException("It is read in parts.");

    private protected override async IAsyncEnumerable<string> PartsAsync(Request request, View view)
    {
        await foreach (var line in Bundle.LinesAsync(view))
        {
            yield return line;
            if (Pipeline.IsHead(HttpContext))
            {
                break;
            }
        }
    }
}
