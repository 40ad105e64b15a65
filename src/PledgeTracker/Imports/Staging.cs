using System.Text.Json;

namespace PledgeTracker.Imports;

/// <summary>An import that is asked for.</summary>
/// <param name="Complete">Whether its files are all of the dataset; null for what they say themselves.</param>
internal sealed record NewImport(string Format, string? Dataset, bool? Complete, string Mode, bool DryRun);

/// <summary>
/// Puts the rows of an import aside, where nothing of them counts, until all of them are read. It is done in small jobs, as the files arrive: what was put aside of one that was not read to its
/// end goes again.
/// </summary>
internal static class Staging
{
    /// <summary>So many rows are tried out together before the first is applied: then what one rests on may stand in front of it.</summary>
    public const int TriedWhole = 500;

    private const int RowsAtOnce = 500;
    private const int CharactersAtOnce = 1 << 20;
    private const int MostSuggestions = 1000;

    // Of one that nobody reads on any more, what was put aside goes: see Applier.
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(5);

    private const string End = """
        UPDATE import SET state = @state, complete = @complete, files = @files, report = @report, last_row = @lastRow, rows_read = @read, rows_repeated = @repeated, rows_refused = @refused,
            worker = NULL, worker_until = NULL, ended_at = @ended
        WHERE no = @No AND state = 'staging'
        """;

    /// <summary>Reads the files to their end, and puts their rows aside.</summary>
    /// <param name="mapping">Which organization a name means, as JSON; asked for with the first row.</param>
    /// <param name="end">Done in the transaction in which the import is there for whoever asks; what it returns is returned.</param>
    /// <param name="tell">Hears how many rows were read.</param>
    /// <exception cref="Refused">A file cannot be read. Nothing of the import is left.</exception>
    public static async Task<T> StageAsync<T>(
        Db db, Caller by, NewImport asked, IAsyncEnumerable<ImportFile> files, Func<string> mapping, ImportLimits limits, Func<Write, string, Task<T>> end, Action<long>? tell, CancellationToken cancellation)
    {
        var (no, id) = await db.WriteAsync(by, write => BeginAsync(write, asked), cancellation);
        try
        {
            var (read, report) = (new Read(), new ImportReport());
            var (format, batch, characters) = (ImportFormat.All[asked.Format], new List<ReadRow>(), 0);
            await foreach (var row in format.ReadAsync(NamedAsync(files, read.Files), limits, report, cancellation))
            {
                batch.Add(row);
                characters += row.Content?.Length ?? 0;
                if (batch.Count == RowsAtOnce || characters >= CharactersAtOnce)
                {
                    await PutAsync();
                }
            }

            await PutAsync();
            ThrowIfNothingToDo(asked, read, report);
            return await db.WriteAsync(by, async write =>
            {
                await EndAsync(write, no, asked, read, report);
                return await end(write, id);
            }, cancellation);

            async Task PutAsync()
            {
                await db.WriteAsync(by, write => AddAsync(write, no, format, batch, read, report, mapping()), cancellation);
                batch.Clear();
                characters = 0;
                tell?.Invoke(read.Rows);
            }
        }
        catch
        {
            await ForgetAsync(db, no);
            throw;
        }
    }

    /// <summary>Leaves nothing of an import whose staging was given up.</summary>
    public static async Task ForgetAsync(Db db, long no)
    {
        while (await db.WriteAsync(Caller.Local, async write =>
        {
            // Many rows take long: others get their turn between.
            var gone = await write.Sql.ExecuteAsync("""
                DELETE FROM import_row WHERE import_no = @no AND no <= (SELECT coalesce(min(r.no), 0) + 4999 FROM import_row r WHERE r.import_no = @no)
                    AND EXISTS (SELECT 1 FROM import i WHERE i.no = @no AND i.state = 'staging')
                """, new { no });
            return gone > 0 || await write.Sql.ExecuteAsync("DELETE FROM import WHERE no = @no AND state = 'staging'", new { no }) < 0;
        }))
        {
        }
    }

    private static async IAsyncEnumerable<ImportFile> NamedAsync(IAsyncEnumerable<ImportFile> files, List<string> names)
    {
        await foreach (var file in files)
        {
            names.Add(file.Name);
            yield return file;
        }
    }

    private static async Task<(long No, string Id)> BeginAsync(Write write, NewImport asked)
    {
        var id = write.NewId();
        var no = await write.Sql.QueryFirstAsync<long>("""
            INSERT INTO import (no, id, format, dataset, complete, mode, dry_run, state, actor, role, organization_id, created_at, worker, worker_until)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM import), @id, @Format, @dataset, FALSE, @Mode, @DryRun, 'staging', @actor, @role, @OrganizationId, @At, 'staging', @until)
            RETURNING no
            """, new
        {
            id, asked.Format, dataset = asked.Dataset ?? (ImportFormat.All[asked.Format].IsOfDataset ? ImportFormat.Unnamed : null), asked.Mode, asked.DryRun, actor = write.By.Id, role = write.By.Role.ToString().ToLowerInvariant(), write.By.OrganizationId, write.At,
            until = write.At + Abandoned,
        });
        return (no, id);
    }

    private static async Task<bool> AddAsync(Write write, long no, ImportFormat format, List<ReadRow> rows, Read read, ImportReport report, string mapping)
    {
        var import = await write.Sql.QueryFirstOrDefaultAsync<Import>(
            $"UPDATE import AS i SET worker_until = @until, mapping = @mapping WHERE i.no = @no AND i.state = 'staging' RETURNING {Import.Returned}", new { no, mapping, until = write.At + Abandoned })
            ?? throw Refused.Conflict("This import was cancelled while it was read.", "أُلغي هذا الاستيراد أثناء قراءته.");
        var job = await format.BeginAsync(write, import);
        foreach (var sent in rows)
        {
            read.Rows++;
            var row = await job.CheckAsync(sent);
            var refused = row.Faults.Count > 0;
            if (await write.Sql.ExecuteAsync("""
                INSERT INTO import_row (import_no, no, page, line, key, content, cells, faults, notes, outcome)
                VALUES (@no, @place, @Page, @Line, @Key, @content, @cells, @faults, @notes, @outcome)
                ON CONFLICT (import_no, key) WHERE key IS NOT NULL DO NOTHING
                """, new
            {
                no, place = read.LastRow + 1, row.Page, row.Line, row.Key, content = refused ? null : row.Content, cells = Stored(row.Cells), faults = Stored(row.Faults), notes = Stored(row.Notes),
                outcome = refused ? "refused" : null,
            }) == 0)
            {
                read.Repeated++;
                continue;
            }

            read.LastRow++;
            if (refused)
            {
                read.Refused++;
            }
            else
            {
                format.Count(row, report);
            }
        }

        // Of a file of another world nobody reads them all.
        report.Suggestions.AddRange(job.Suggestions.Where(made => report.Suggestions.TrueForAll(known => known.Name != made.Name)).Take(MostSuggestions - report.Suggestions.Count));
        return true;
    }

    private static async Task EndAsync(Write write, long no, NewImport asked, Read read, ImportReport report)
    {
        var complete = asked.Complete ?? (asked.Dataset is not null && !report.IsIncomplete);
        if (asked.Dataset is not null && report.IsIncomplete && !complete)
        {
            report.Notes.Add(new RowFault("complete", null, "incomplete", new("The files do not tell all flows of the dataset: nothing of it is dropped.",
                "لا تذكر الملفات كل تدفقات مجموعة البيانات: لا يُسقط منها شيء.")));
        }

        var isRefused = read.Refused > 0 && asked is { Mode: "all", DryRun: false };
        var state = read.LastRow <= TriedWhole || asked.DryRun ? "checking" : isRefused ? "refused" : "applying";
        if (await write.Sql.ExecuteAsync(End, new
        {
            No = no, state, complete, files = read.Files.ToArray(), report = JsonSerializer.Serialize(report, Json.Options), lastRow = read.LastRow, read = read.Rows, repeated = read.Repeated,
            refused = read.Refused, ended = state == "refused" ? write.At : (DateTimeOffset?)null,
        }) == 0)
        {
            throw Refused.Conflict("This import was cancelled while it was read.", "أُلغي هذا الاستيراد أثناء قراءته.");
        }
    }

    private static void ThrowIfNothingToDo(NewImport asked, Read read, ImportReport report)
    {
        if (read.Rows == 0)
        {
            throw new Refused("invalid_file", new("There is no row in it.", "لا يوجد فيه أي صف."));
        }

        if (asked.Complete == true && report.IsIncomplete)
        {
            throw Refused.Invalid(new Fault("?complete", "not_allowed", new("The files do not tell all flows of the dataset: send all of them, in their order, or complete=false.",
                "لا تذكر الملفات كل تدفقات مجموعة البيانات: أرسلها كلها بترتيبها، أو أرسل complete=false.")));
        }
    }

    /// <summary>A list as it is kept; none is nothing.</summary>
    public static string? Stored<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? JsonSerializer.Serialize(list, Json.Options) : null;

    /// <summary>How much was read.</summary>
    private sealed class Read
    {
        public List<string> Files { get; } = [];
        public long Rows { get; set; }
        public long LastRow { get; set; }
        public long Repeated { get; set; }
        public long Refused { get; set; }
    }
}
