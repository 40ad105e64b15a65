using PledgeTracker.Changes;

namespace PledgeTracker.Backups;

/// <summary>
/// Copies of the database that are whole: each is looked at before it gets its name. The chain of changes, the file and its references are checked there;
/// derived figures are not, which would take as long as computing them: `verify` does, and `rebuild` makes them anew.
/// </summary>
internal static class Backup
{
    /// <summary>Copies the database, which may be served meanwhile, into a new file; how many changes are in it.</summary>
    /// <exception cref="InvalidOperationException">It cannot be: the message says why.</exception>
    public static async Task<long> TakeAsync(Engine engine, string file, CancellationToken cancellation)
    {
        long changes = 0;
        await engine.CopyToAsync(file, async copy => changes = await CheckAsync(copy, cancellation), cancellation);
        return changes;
    }

    /// <summary>Makes a database that is not there from a backup; how many changes are in it.</summary>
    /// <inheritdoc cref="TakeAsync"/>
    public static async Task<long> RestoreAsync(Engine engine, string file, CancellationToken cancellation)
    {
        long changes = 0;
        await engine.CopyFromAsync(file, async copy =>
        {
            changes = await CheckAsync(copy, cancellation);
            if (changes == 0)
            {
                throw new InvalidOperationException($"{file} is an empty ledger: there is nothing in it to restore. The file of a database that was copied by itself, without its -wal, may look so.");
            }
        }, cancellation);
        return changes;
    }

    private static async Task<long> CheckAsync(Engine copy, CancellationToken cancellation)
    {
        if (!await copy.IsMadeAsync(cancellation))
        {
            throw new InvalidOperationException("There are no tables of ours in it. The file of a database that was copied by itself, without its -wal, may look so.");
        }

        await using var view = await View.OpenAsync(copy, Access.ReadLong, TimeProvider.System, cancellation);
        // One of an older version is brought up to date when it is served; of a newer one nobody here knows what is right.
        await Migrations.FirstMissingAsync(copy, view.Sql);
        var (faults, changes, _) = await ChainCheck.RunAsync(view, 1, long.MaxValue);
        faults.AddRange(await ChainCheck.MissingAtEndAsync(view, view.Head.Sequence));
        faults.AddRange(await copy.IntegrityAsync(view.Sql));
        return faults.Count == 0 ? changes : throw new InvalidOperationException($"It is not whole, and nothing was made of it ({faults.Count} faults, the first: {faults[0]}).");
    }
}
