using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Imports.Fts;

/// <summary>What plans require, as HDX publishes it for a country (`*_requirements.csv`); what has other columns is somebody else's.</summary>
/// <param name="others">Reads those; null where nobody does.</param>
internal sealed class FtsRequirementsFormat(ImportFormat? others = null) : ImportFormat
{
    // The first row of theirs has some hundred.
    private const int MostPeeked = 4096;

    public override async IAsyncEnumerable<ReadRow> ReadAsync(IAsyncEnumerable<ImportFile> files, ImportLimits limits, ImportReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var each = files.GetAsyncEnumerator(cancellation);
        if (!await each.MoveNextAsync())
        {
            yield break;
        }

        var (first, isTheirs) = await PeekAsync(each.Current, cancellation);
        if (others is not null && !isTheirs)
        {
            await foreach (var row in others.ReadAsync(Again(first, each), limits, report, cancellation))
            {
                yield return row;
            }

            yield break;
        }

        var page = 0;
        await foreach (var file in Again(first, each))
        {
            page++;
            using var csv = new CsvTable(file);
            await csv.ReadHeaderAsync(FtsRequirements.Columns);
            report.Columns.Clear();
            report.Columns.AddRange(csv.Header);
            while (await csv.ReadAsync(cancellation))
            {
                if (FtsRequirements.OfCsv(page, csv) is { } row)
                {
                    yield return row;
                }
            }
        }
    }

    public override void Count(ReadRow row, ImportReport report) => others?.Count(row, report);

    public override async Task<ImportJob> BeginAsync(Write write, Import import) =>
        new Job(new FtsLedger(write, await OrganizationNames.LoadAsync(write)), write, others is null ? null : await others.BeginAsync(write, import));

    private static async IAsyncEnumerable<ImportFile> Again(ImportFile first, IAsyncEnumerator<ImportFile> rest)
    {
        yield return first;
        while (await rest.MoveNextAsync())
        {
            yield return rest.Current;
        }
    }

    private static async Task<(ImportFile File, bool IsTheirs)> PeekAsync(ImportFile file, CancellationToken cancellation)
    {
        var peeked = new byte[MostPeeked];
        var length = await file.Content.ReadAtLeastAsync(peeked, MostPeeked, throwOnEndOfStream: false, cancellation);
        var header = Encoding.UTF8.GetString(peeked, 0, length).TrimStart('\uFEFF').Split('\n')[0];
        return (file with { Content = new Rejoined(peeked.AsMemory(0, length), file.Content) }, FtsRequirements.Columns.All(column => header.Contains(column, StringComparison.Ordinal)));
    }

    private sealed class Job(FtsLedger ledger, Write write, ImportJob? sheet) : ImportJob
    {
        public override Task<ReadRow> CheckAsync(ReadRow row) => IsOurs(row.Key) || sheet is null ? Task.FromResult(row) : sheet.CheckAsync(row);

        public override Task<RowOutcome> ApplyAsync(StagedRow row) =>
            IsOurs(row.Key) || sheet is null ? FtsJob.StateAsync(write, ledger, JsonSerializer.Deserialize<FtsRequirement>(row.Content, Http.Json.Options)!) : sheet.ApplyAsync(row);

        public override RowFault Place(StagedRow row, Fault fault) => IsOurs(row.Key) || sheet is null ? base.Place(row, fault) : sheet.Place(row, fault);

        private static bool IsOurs(string? key) => key?.StartsWith(FtsRequirements.KeyOf, StringComparison.Ordinal) == true;
    }

    /// <summary>What was read already, and then the rest.</summary>
    private sealed class Rejoined(ReadOnlyMemory<byte> first, Stream rest) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _first = first;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default)
        {
            if (_first.IsEmpty)
            {
                return rest.ReadAsync(buffer, cancellation);
            }

            var read = Math.Min(buffer.Length, _first.Length);
            _first[..read].CopyTo(buffer);
            _first = _first[read..];
            return ValueTask.FromResult(read);
        }
    }
}
