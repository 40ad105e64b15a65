using System.Globalization;
using System.Text.RegularExpressions;

namespace PledgeTracker.Backups;

/// <summary>
/// Takes a backup every so often (`Backup:Directory`, `Backup:Every`, `Backup:Keep`) and keeps the newest. It goes by the names of the files that are there, so
/// that a server which starts again takes none too early, and it touches no file that has another kind of name.
/// </summary>
/// <param name="folder">Null where none are to be taken.</param>
public sealed partial class BackupSchedule(string? folder, TimeSpan every, int keep, Engine engine, TimeProvider clock, ILogger<BackupSchedule> log) : BackgroundService
{
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    // After a failure it is tried again after so long, or when the next is due.
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    // Nobody is still writing at what is as old as this.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private volatile bool _failing;

    /// <summary>How backups are; null where none are asked for.</summary>
    public BackupState? State => folder is not null ? new BackupState(Taken().FirstOrDefault().At, _failing) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            while (true)
            {
                var now = clock.GetUtcNow();
                var due = _failing ? now + (every < Again ? every : Again) : Taken().FirstOrDefault().At + every ?? now;
                if (due > now)
                {
                    await Task.Delay(due - now, clock, stoppingToken);
                }

                await TakeAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TakeAsync(CancellationToken cancellation)
    {
        try
        {
            Clear();
            var file = Path.Combine(folder!, $"pledgetracker-{clock.GetUtcNow().ToString(Stamp, CultureInfo.InvariantCulture)}.db");
            var changes = await Backup.TakeAsync(engine, file, cancellation);
            log.LogInformation("A backup was taken: {File}, {Changes} changes", file, changes);
            _failing = false;
            foreach (var old in Taken().Skip(keep))
            {
                File.Delete(old.File);
            }
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            _failing = true;
            log.LogError(fault, "No backup could be taken in {Folder}; those that are there stay. {Reason}", folder, engine.Explain(fault)?.Detail?.En ?? fault.Message);
        }
    }

    // What a server left that was killed while it copied.
    private void Clear()
    {
        foreach (var file in Directory.GetFiles(folder!).Where(f => Unfinished().IsMatch(Path.GetFileName(f)) && File.GetLastWriteTimeUtc(f) < clock.GetUtcNow() - Abandoned))
        {
            File.Delete(file);
        }
    }

    private List<(string File, DateTimeOffset? At)> Taken() =>
    [
        .. from file in Directory.Exists(folder) ? Directory.GetFiles(folder) : []
           let name = Finished().Match(Path.GetFileName(file))
           where name.Success
           let at = DateTimeOffset.TryParseExact(name.Groups["at"].Value, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : (DateTimeOffset?)null
           where at is not null
           orderby at descending
           select (file, at),
    ];

    [GeneratedRegex(@"\Apledgetracker-(?<at>[0-9]{8}T[0-9]{6}Z)\.db\z", RegexOptions.NonBacktracking)]
    private static partial Regex Finished();

    [GeneratedRegex(@"\Apledgetracker-[0-9]{8}T[0-9]{6}Z\.db\.part(-journal)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Unfinished();
}

/// <summary>How the backups are that the server takes.</summary>
/// <param name="LastTakenAt">When the newest was taken; null where there is none yet.</param>
/// <param name="Failing">The last that was due could not be taken; the log says why.</param>
public sealed record BackupState(DateTimeOffset? LastTakenAt, bool Failing);
