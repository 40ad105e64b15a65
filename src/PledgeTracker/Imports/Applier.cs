using System.Diagnostics;

namespace PledgeTracker.Imports;

/// <summary>
/// Carries imports out, job by job: each takes some rows and says in the same transaction what came of them, so that whoever goes on after a crash goes on where it ended. Of several servers one
/// does an import, until it is done or has not been heard of for a while. Those that are small are tried out before the first row is applied.
/// </summary>
/// <param name="betweenLooks">How often the server looks for what another process put aside, which rings no bell here.</param>
public sealed class Applier(Db db, ILogger<Applier> log, TimeSpan? betweenLooks = null)
{
    private const int RowsAtOnce = 500;

    // Then other writes get their turn.
    private static readonly TimeSpan TimeAtOnce = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);

    private const string Outcome = """
        UPDATE import_row SET outcome = @Outcome, record_id = @RecordId, faults = @faults, difference = @kind, donor_id = @DonorId, before_status = @BeforeStatus, before_usd = @BeforeUsd,
            after_status = @AfterStatus, after_usd = @AfterUsd
        """;

    private const string OfRow = "WHERE import_no = @import AND no = @No";

    // What was applied is told by the records from then on.
    private const string Applied = $"{Outcome}, content = NULL, cells = CASE WHEN @Outcome = 'refused' THEN cells END {OfRow}";
    private const string TriedOut = $"{Outcome} {OfRow}";

    private readonly string _worker = Guid.NewGuid().ToString("N");
    private readonly Dictionary<long, int> _rowsAtOnce = [];
    private volatile TaskCompletionSource _rung = NewBell();

    public TimeSpan BetweenLooks { get; } = betweenLooks ?? TimeSpan.FromSeconds(2);

    /// <summary>Completes when there is an import to be carried out. Take it before looking for one.</summary>
    public Task Rung => _rung.Task;

    /// <summary>There is one: it is not waited for.</summary>
    public void Ring() => Interlocked.Exchange(ref _rung, NewBell()).SetResult();

    /// <summary>Does one job of each import that waits for it; of one dataset, of the import that was sent first.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> StepAllAsync(CancellationToken cancellation)
    {
        var did = false;
        foreach (var import in await OpenAsync(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            did |= await StepAsync(import);
        }

        return did;
    }

    /// <summary>Leaves nothing of what was put aside by who is not there any more.</summary>
    public async Task ClearAsync(CancellationToken cancellation)
    {
        await using var view = await db.ReadAsync(cancellation);
        foreach (var no in await view.Sql.QueryAsync<long>("SELECT no FROM import WHERE state = 'staging' AND worker_until < @At", new { view.At }))
        {
            await Staging.ForgetAsync(db, no);
        }
    }

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> StepAsync(Import import)
    {
        var no = import.No;
        try
        {
            return await (import.State == "checking" ? CheckAsync(import) : db.WriteAsync(import.By, write => ApplyAsync(write, no)));
        }
        catch (Exception fault) when (fault is Refused { Code: "total_too_large" } || (fault is not (Refused or OperationCanceledException) && db.Engine.Explain(fault) is null))
        {
            log.LogError(fault, "A job of import {Import} failed", no);
            // One of the rows makes the others fail: it is found by itself, and told.
            return _rowsAtOnce.TryAdd(no, 1) || (_rowsAtOnce.Remove(no) && await db.WriteAsync(Caller.Local, write => RefuseNextAsync(write, no)));
        }
    }

    private async Task<List<Import>> OpenAsync(CancellationToken cancellation)
    {
        await using var view = await db.ReadAsync(cancellation);
        return (await view.Sql.QueryAsync<Import>($"""
            SELECT {Import.Columns} FROM import i
            WHERE (i.state = 'checking' OR i.state = 'applying') AND (i.worker IS NULL OR i.worker = @_worker OR i.worker_until < @At)
                AND NOT EXISTS (SELECT 1 FROM import e WHERE e.no < i.no AND e.dataset = i.dataset AND (e.state = 'checking' OR e.state = 'applying'))
            ORDER BY i.no
            """, new { _worker, view.At })).AsList();
    }

    // Private, like what is put aside: without a change.
    private Task<Import?> LeaseAsync(Write write, long no) => write.Sql.QueryFirstOrDefaultAsync<Import>($"""
        UPDATE import AS i SET worker = @_worker, worker_until = @until, begun_at = coalesce(i.begun_at, @At)
        WHERE i.no = @no AND (i.state = 'checking' OR i.state = 'applying') AND (i.worker IS NULL OR i.worker = @_worker OR i.worker_until < @At)
        RETURNING {Import.Returned}
        """, new { _worker, no, write.At, until = write.At + LeaseTime });

    private async Task<bool> ApplyAsync(Write write, long no)
    {
        if (await LeaseAsync(write, no) is not { State: "applying" } import)
        {
            return false;
        }

        var (begun, format) = (Stopwatch.GetTimestamp(), ImportFormat.All[import.Format]);
        var (came, reached) = await RowsAsync(write, import, () => Stopwatch.GetElapsedTime(begun) < TimeAtOnce);
        foreach (var row in came)
        {
            await SayAsync(write, Applied, import, row);
        }

        var isDone = reached == import.LastRow && Stopwatch.GetElapsedTime(begun) < TimeAtOnce
            && await format.FinishAsync(write, import, () => Stopwatch.GetElapsedTime(begun) < TimeAtOnce);
        await CountAsync(write, import, came, reached, isDone ? "done" : "applying");
        return true;
    }

    // What would come of some rows; nothing of it stays but what is said of it.
    private async Task<bool> CheckAsync(Import import)
    {
        var (begun, isWhole) = (Stopwatch.GetTimestamp(), import.LastRow <= Staging.TriedWhole);
        var (came, reached, dropped) = await db.TryOutAsync(import.By, async write =>
        {
            var (rows, last) = await RowsAsync(write, import, () => isWhole || Stopwatch.GetElapsedTime(begun) < TimeAtOnce);
            return (rows, last, last == import.LastRow && import.DryRun ? await DroppedAsync(write, import) : []);
        });
        return await db.WriteAsync(import.By, async write =>
        {
            // Another server may have come to the same.
            if (await LeaseAsync(write, import.No) is not { State: "checking" } now || now.Reached != import.Reached)
            {
                return false;
            }

            foreach (var row in came.Where(row => import.DryRun || row.Outcome == "refused"))
            {
                await SayAsync(write, TriedOut, import, row);
            }

            foreach (var row in dropped)
            {
                await write.Sql.ExecuteAsync("""
                    INSERT INTO import_row (import_no, no, page, line, key, outcome, record_id, difference, donor_id, before_status, before_usd, after_status, after_usd)
                    VALUES (@import, @No, @Page, @Line, @Key, @Outcome, @RecordId, @Difference, @DonorId, @BeforeStatus, @BeforeUsd, @AfterStatus, @AfterUsd)
                    """, new
                {
                    import = import.No, row.No, row.Page, row.Line, row.Key, row.Outcome, row.RecordId, row.Difference, row.DonorId, row.BeforeStatus, row.BeforeUsd, row.AfterStatus, row.AfterUsd,
                });
            }

            var isRefused = now.RowsRefused + came.Count(row => row.Outcome == "refused") > 0 && now.Mode == "all";
            if (reached < now.LastRow || now.DryRun || isRefused)
            {
                await CountAsync(write, now, [.. came.Where(row => import.DryRun || row.Outcome == "refused")], reached, reached < now.LastRow ? "checking" : now.DryRun ? "checked" : "refused");
            }
            else
            {
                // From the first row on, in earnest.
                await CountAsync(write, now, [.. came.Where(row => row.Outcome == "refused")], 0, "applying");
            }

            return true;
        });
    }

    private static async Task<List<ImportedRowStored>> DroppedAsync(Write write, Import import)
    {
        var format = ImportFormat.All[import.Format];
        while (!await format.FinishAsync(write, import, () => true))
        {
        }

        return (await write.Sql.QueryAsync<ImportedRowStored>(
            $"SELECT {ImportedRowStored.Columns} FROM import_row r WHERE r.import_no = @No AND r.no > @LastRow ORDER BY r.no", new { import.No, import.LastRow })).AsList();
    }

    // Applies rows one after the other; a refused one takes back what it wrote, and no other.
    private async Task<(List<RowCame> Came, long Reached)> RowsAsync(Write write, Import import, Func<bool> hasTime)
    {
        var most = _rowsAtOnce.GetValueOrDefault(import.No, RowsAtOnce);
        var rows = (await write.Sql.QueryAsync<StagedRow>("""
            SELECT no, page, line, key, content FROM import_row
            WHERE import_no = @No AND no > @Reached AND no <= @LastRow AND content IS NOT NULL AND outcome IS NULL ORDER BY no LIMIT @most
            """, new { import.No, import.Reached, import.LastRow, most })).AsList();
        if (rows.Count == 0)
        {
            return ([], import.LastRow);
        }

        // Totals that each row changes are written once; those that one row alone would make too large are its own to say.
        var came = most == 1 ? await EachAsync() : await write.GatherAsync(new AddedTotals(), EachAsync);
        if (most == 1 && came[0].Outcome == "refused")
        {
            // That was the one.
            _rowsAtOnce.Remove(import.No);
        }

        return (came, came.Count < rows.Count || rows.Count == most ? came[^1].No : import.LastRow);

        async Task<List<RowCame>> EachAsync()
        {
            var (done, job) = (new List<RowCame>(), await ImportFormat.All[import.Format].BeginAsync(write, import));
            foreach (var row in rows)
            {
                if (done.Count > 0 && !hasTime())
                {
                    break;
                }

                done.Add(await OneAsync(write, job, row));
            }

            return done;
        }
    }

    private static async Task<RowCame> OneAsync(Write write, ImportJob job, StagedRow row)
    {
        try
        {
            var outcome = await write.TryAsync(async () =>
            {
                try
                {
                    return await job.ApplyAsync(row);
                }
                catch (OverflowException)
                {
                    throw Refused.TooLarge();
                }
            });
            return new(row.No, outcome.Outcome, outcome.RecordId, outcome.Difference, []);
        }
        catch (Refused refused)
        {
            return new(row.No, "refused", null, null, FaultsOf(refused, fault => job.Place(row, fault)));
        }
    }

    private async Task<bool> RefuseNextAsync(Write write, long no)
    {
        if (await LeaseAsync(write, no) is not { } import || await write.Sql.QueryFirstOrDefaultAsync<long?>(
            "SELECT no FROM import_row WHERE import_no = @No AND no > @Reached AND outcome IS NULL ORDER BY no LIMIT 1", new { import.No, import.Reached }) is not { } next)
        {
            return false;
        }

        var failed = new RowCame(next, "refused", null, null, [new RowFault("", null, "internal_error", Problems.Known["internal_error"].Title)]);
        await SayAsync(write, Applied, import, failed);
        await CountAsync(write, import, [failed], next, import.State);
        return true;
    }

    private static List<RowFault> FaultsOf(Refused refused, Func<Fault, RowFault> place) => [.. (refused.Faults is { Count: > 0 } faults ? faults : [FaultOf(refused)]).Select(place)];

    // What the ledger refuses as a whole is a row's by one of its members, and what a problem document names beside its text stands in the text.
    private static Fault FaultOf(Refused refused)
    {
        var text = refused.Detail ?? Problems.Known[refused.Code].Title;
        var candidates = (refused.Candidates ?? []).Select(address => address[(address.LastIndexOf('/') + 1)..]).ToList();
        return refused.Code is "not_enough_then" or "total_too_large" ? new("/amount", refused.Code, text)
            : candidates.Count == 0 ? new("", refused.Code, text)
            : new("/pledgeId", refused.Code, new($"{text.En} ({string.Join(", ", candidates)})", $"{text.Ar} ({string.Join("، ", candidates)})"));
    }

    private static Task<int> SayAsync(Write write, string sql, Import import, RowCame row) => write.Sql.ExecuteAsync(sql, new
    {
        import = import.No, row.No, row.Outcome, row.RecordId, faults = Staging.Stored(row.Faults), kind = row.Difference?.Kind, row.Difference?.DonorId, row.Difference?.BeforeStatus,
        row.Difference?.BeforeUsd, row.Difference?.AfterStatus, row.Difference?.AfterUsd,
    });

    private async Task CountAsync(Write write, Import import, List<RowCame> came, long reached, string state)
    {
        var isOver = state is "done" or "checked" or "refused";
        await write.Sql.ExecuteAsync("""
            UPDATE import SET state = @state, reached = @reached, rows_created = rows_created + @created, rows_changed = rows_changed + @changed, rows_unchanged = rows_unchanged + @unchanged,
                rows_refused = rows_refused + @refused, worker = @worker, ended_at = @ended, begun_at = CASE WHEN @again THEN @At ELSE begun_at END
            WHERE no = @No
            """, new
        {
            import.No, state, reached, created = Of("created"), changed = Of("changed"), unchanged = Of("unchanged"), refused = Of("refused"), worker = isOver ? null : _worker,
            ended = isOver ? write.At : (DateTimeOffset?)null, again = state != import.State && !isOver, write.At,
        });
        if (isOver)
        {
            _rowsAtOnce.Remove(import.No);
        }

        int Of(string outcome) => came.Count(row => row.Outcome == outcome);
    }

    /// <summary>What came of a row.</summary>
    private sealed record RowCame(long No, string Outcome, string? RecordId, RowDifference? Difference, IReadOnlyList<RowFault> Faults);
}

/// <summary>The server's own: it carries imports out while it runs, and those that another left.</summary>
internal sealed class ApplyImports(Applier applier, ILogger<ApplyImports> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var rung = applier.Rung;
            try
            {
                if (await applier.StepAllAsync(stoppingToken))
                {
                    continue;
                }

                await applier.ClearAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The database is away, or full, or a newer server's: what is to be done is kept there.
                log.LogWarning(fault, "Imports wait: {Reason}", (fault as Refused)?.Detail?.En ?? fault.Message);
            }

            await Task.WhenAny(rung, Task.Delay(applier.BetweenLooks, stoppingToken));
        }
    }
}
