using System.Data.Common;

namespace PledgeTracker.Data;

/// <summary>What a connection is opened for.</summary>
internal enum Access
{
    Read,

    /// <summary>To read for as long as it takes.</summary>
    ReadLong,

    Write,
}

/// <summary>Everything in which the engines differ. Their tables are in <c>db/{Name}/</c>; all other SQL is the same for both.</summary>
public abstract class Engine : IAsyncDisposable
{
    /// <summary>No read is worth more than this.</summary>
    protected static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    static Engine() => Columns.Register();

    /// <summary>`sqlite` or `postgres`.</summary>
    public abstract string Name { get; }

    /// <summary>Where the database is, as may be told: without passwords.</summary>
    public abstract string Where { get; }

    /// <summary>SQL that tells other processes of a change, in the transaction that makes it; null where nobody can be told.</summary>
    internal abstract string? Announcement { get; }

    /// <summary>Rings for each change that another process tells of, and when some may have been missed; until it is cancelled.</summary>
    internal abstract Task ListenAsync(Action ring, CancellationToken cancellation);

    /// <summary>How many jobs may share a transaction.</summary>
    internal abstract int JobsInABatch { get; }

    /// <summary>The engine that a connection string is written for.</summary>
    /// <exception cref="ArgumentException">It is written for neither.</exception>
    public static Engine Of(string connection)
    {
        try
        {
            return Postgres.Speaks(connection) ? new Postgres(connection) : new Sqlite(connection);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            // Not what was given: it may hold a password.
            throw new ArgumentException("A database is named as a SQLite file (Data Source=pledgetracker.db) or as a PostgreSQL "
                + $"(Host=…;Database=…;Username=…;Password=…, or postgres://…), and this is neither: {fault.Message}", fault);
        }
    }

    /// <summary>SQL for "this column is one of this list", a parameter of Dapper's that is a <c>List</c> (arrays are columns of their own).</summary>
    public abstract string AnyOf(string column, string list);

    /// <summary>SQL that selects the numbers of the pledges whose texts have words that begin so, all of them.</summary>
    /// <param name="words">Parameters that hold words which <see cref="SearchText"/> folded.</param>
    public abstract string PledgesWithWords(params IReadOnlyList<string> words);

    /// <summary>SQL that makes the folded texts of a pledge findable, in place of those before: parameters <c>@no</c> and <c>@text</c>.</summary>
    public abstract string IndexText { get; }

    /// <summary>Leaves nothing of words that are not findable any more, where <see cref="IndexText"/> and <see cref="IndexNote"/> leave something.</summary>
    public virtual Task ForgetWordsAsync(DbConnection sql) => Task.CompletedTask;

    /// <summary>SQL that selects the numbers of the entries whose notes have a word that begins so.</summary>
    /// <param name="word">As for <see cref="PledgesWithWords"/>.</param>
    public abstract string EntriesWithWord(string word);

    /// <summary>SQL that makes the folded note of an entry findable: parameters <c>@no</c> and <c>@text</c>.</summary>
    public abstract string IndexNote { get; }

    /// <summary>A connection, to be given back by <see cref="CloseAsync"/>.</summary>
    internal abstract ValueTask<DbConnection> OpenAsync(Access access, CancellationToken cancellation);

    /// <summary>To read: a transaction that sees one moment, for a limited time unless it is to read for long. To write: one that no other write runs beside, of this process or another.</summary>
    internal abstract Task BeginAsync(DbConnection sql, Access access, CancellationToken cancellation);

    /// <summary>Gives a transaction that reads the time of a read anew, where that is counted for all of it and not for each statement.</summary>
    internal virtual void GiveTime(DbConnection sql)
    {
    }

    /// <summary>Lets a write take as long as it takes: one that goes through all that is there.</summary>
    internal virtual Task WithoutLimitAsync(DbConnection sql) => Task.CompletedTask;

    /// <summary>Leaves nothing, in the files and the statistics of the database, of what was overwritten; as far as that can be done while others read.</summary>
    internal abstract Task ForgetAsync();

    /// <summary>Takes a connection back; what its transaction has not committed is gone.</summary>
    internal abstract ValueTask CloseAsync(DbConnection sql, Access access);

    /// <summary>Whether there is a database, and tables of ours in it.</summary>
    internal abstract Task<bool> IsMadeAsync(CancellationToken cancellation);

    /// <summary>Refuses where the engine has a tool of its own for copies: the message says which.</summary>
    /// <exception cref="InvalidOperationException">It has one.</exception>
    internal virtual void ThrowIfNoCopies(string file)
    {
    }

    /// <summary>Copies all of the database as it is at one moment, while others go on writing. The file is there under its name when it is whole and on the disk, and for its owner's eyes only.</summary>
    /// <param name="file">A name that nothing has.</param>
    /// <param name="checkAsync">Looks at the copy before it gets its name; what it throws leaves nothing behind.</param>
    /// <exception cref="InvalidOperationException">It cannot be there; or the engine has a tool of its own for this, and the message names it.</exception>
    internal abstract Task CopyToAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation);

    /// <summary>Makes this database, which is not there yet, from such a file.</summary>
    /// <inheritdoc cref="CopyToAsync"/>
    internal abstract Task CopyFromAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation);

    /// <summary>What the engine finds wrong with its own tables and with the references between them, a line each.</summary>
    internal abstract Task<List<string>> IntegrityAsync(DbConnection sql);

    /// <summary>What a failure of the database means for whoever asked; null where it means a fault of ours.</summary>
    internal abstract Refused? Explain(Exception fault);

    /// <summary>Whether the connection was lost: what was only read may be read again.</summary>
    internal abstract bool IsLost(Exception fault);

    /// <summary>Whether nobody can tell what became of a COMMIT that failed so.</summary>
    internal abstract bool LeavesOpen(Exception fault);

    /// <summary>No room is left to write.</summary>
    protected static Refused Full => new("storage_full", new(
        "There is no room left on the disk: nothing of this was recorded. Send it again when there is.", "لا مساحة متبقية على القرص: لم يُسجل شيء من هذا. أعد الإرسال حين تتوفر مساحة."));

    public abstract ValueTask DisposeAsync();

    internal static async Task RunAsync(DbConnection sql, string statement, CancellationToken cancellation = default)
    {
        await using var command = sql.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
