using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>
/// A fixed set of read-only connections, handed out one at a time. SQLite has no asynchronous I/O, so a read runs synchronously and
/// is bounded in time instead: past the deadline SQLite's progress handler breaks the statement off.
/// </summary>
/// <remarks>
/// A connection keeps its view of the database open between readers while nothing is written: opening one costs as much as finding a row.
/// It is let go at a checkpoint, which could not start the log anew while anybody still looks at it.
/// <c>SqliteCommand.Cancel</c> does nothing, and <c>sqlite3_interrupt</c> from another thread could hit the connection's next borrower;
/// the progress handler runs on the borrower's own thread.
/// </remarks>
internal sealed class Readers : IDisposable
{
    private const int StepsBetweenChecks = 20_000;

    // The first that is free, always: what it holds of the file is then still in the processor's own cache.
    private readonly Channel<Reader> _free = Channel.CreateUnboundedPrioritized(new UnboundedPrioritizedChannelOptions<Reader>
    {
        Comparer = Comparer<Reader>.Create((one, other) => one.Number.CompareTo(other.Number)),
    });

    private readonly List<Reader> _all = [];
    private readonly TimeSpan _deadline;
    private readonly Database _database;
    private RememberedRows _remembered = new(0);

    public Readers(Database database, int count, TimeSpan deadline)
    {
        (_database, _deadline) = (database, deadline);
        for (var i = 0; i < count; i++)
        {
            var reader = new Reader(this, i);
            _all.Add(reader);
            _free.Writer.TryWrite(reader);
        }

        database.ViewsInTheWay += LetGo;
    }

    /// <summary>A snapshot of the database as it is now. Dispose it to hand the connection back.</summary>
    /// <exception cref="TimeoutException">No connection became free in time.</exception>
    public async ValueTask<Snapshot> OpenAsync(CancellationToken cancellation)
    {
        if (!_free.Reader.TryRead(out var reader))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(_deadline);
            try
            {
                reader = await _free.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException("Every reader was busy.");
            }
        }

        try
        {
            reader.Look(_database.Commits, _deadline);
            return new Snapshot(reader, this);
        }
        catch
        {
            Return(reader);
            throw;
        }
    }

    /// <inheritdoc cref="Session.Observer"/>
    internal void Observe(Action<string>? observer) => _all.ForEach(reader => reader.Observer = observer);

    internal void Return(Reader reader)
    {
        try
        {
            reader.Rest();
        }
        finally
        {
            _free.Writer.TryWrite(reader);
        }
    }

    /// <summary>What is remembered of this edition. The readers of one edition share it; a reader of an older one has its own.</summary>
    private RememberedRows RememberedIn(long edition)
    {
        var remembered = Volatile.Read(ref _remembered);
        if (remembered.Edition == edition && !remembered.IsFull)
        {
            return remembered;
        }

        var anew = new RememberedRows(edition);
        if (remembered.Edition <= edition)
        {
            Volatile.Write(ref _remembered, anew);
        }

        return anew;
    }

    // Those that are out see it when they come back.
    private void LetGo()
    {
        _all.ForEach(reader => reader.Tired = true);
        var idle = new List<Reader>(_all.Count);
        while (_free.Reader.TryRead(out var reader))
        {
            idle.Add(reader);
        }

        // One that cannot let go keeps none of the others from being handed out again.
        Exception? fault = null;
        foreach (var reader in idle)
        {
            try
            {
                Return(reader);
            }
            catch (Exception one)
            {
                fault ??= one;
            }
        }

        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    public void Dispose()
    {
        _database.ViewsInTheWay -= LetGo;
        foreach (var reader in _all)
        {
            reader.Dispose();
        }
    }

    /// <summary>A connection of the set.</summary>
    internal sealed class Reader : Session
    {
        // Kept in a field: SQLite holds the only other reference, and the collector does not see it.
        private readonly delegate_progress _check;

        private readonly Readers _home;

        // Null while nobody reads with it: it may rest for hours, and what it remembers may be of an old edition by then.
        private RememberedRows? _remembered;

        public Reader(Readers home, int number) : base(home._database.OpenForReading())
        {
            (_home, Number) = (home, number);
            _check = _ => Stopwatch.GetTimestamp() > EndsAt ? 1 : 0;
            raw.sqlite3_progress_handler(Connection.Handle!, StepsBetweenChecks, _check, null);
        }

        /// <summary>Its place in the set.</summary>
        public int Number { get; }

        /// <summary>It has looked at the same view for long enough.</summary>
        public volatile bool Tired;

        /// <summary>The sequence of the last change that the open view contains.</summary>
        public long Version { get; private set; }

        /// <summary>The edition of the reference data that the open view contains.</summary>
        private long Edition { get; set; }

        private long EndsAt { get; set; } = long.MaxValue;

        /// <summary><see cref="Database.Commits"/> when the view was opened; null while none is open.</summary>
        private long? Seen { get; set; }

        /// <summary>Opens a view of the database as it is now, unless the open one is just that.</summary>
        /// <param name="commits"><see cref="Database.Commits"/> now.</param>
        public void Look(long commits, TimeSpan deadline)
        {
            EndsAt = Stopwatch.GetTimestamp() + (long)(deadline.TotalSeconds * Stopwatch.Frequency);
            if (Seen == commits && long.IsEvenInteger(commits) && InTransaction)
            {
                _remembered = _home.RememberedIn(Edition);
                return;
            }

            Close();
            Execute("BEGIN");
            try
            {
                var shown = First<Shown>("SELECT (SELECT coalesce(max(seq), 0) FROM change) AS version, edition FROM reference_data")!;
                (Version, Edition, Seen) = (shown.Version, shown.Edition, commits);
                _remembered = _home.RememberedIn(Edition);
            }
            catch
            {
                Close();
                throw;
            }
        }

        /// <summary>Nobody reads with it now.</summary>
        public void Rest()
        {
            // Letting go is not broken off, however late it is.
            EndsAt = long.MaxValue;
            _remembered = null;
            if (Tired || _home._database.ClosesViews)
            {
                Tired = false;
                Close();
            }
        }

        /// <inheritdoc/>
        public override T? Remembered<T>(string sql, ReadOnlySpan<char> key)
            where T : class
        {
            if (_remembered is not { } remembered)
            {
                return base.Remembered<T>(sql, key);
            }

            if (!remembered.TryFind(sql, key, out var row))
            {
                row = base.Remembered<T>(sql, key);
                remembered.Keep(sql, key, row);
            }

            return (T?)row;
        }

        private void Close()
        {
            Seen = null;
            // After a fault of the disk or of memory SQLite has ended the transaction itself.
            if (InTransaction)
            {
                Execute("ROLLBACK");
            }
        }

        private sealed record Shown
        {
            public required long Version { get; init; }

            public required long Edition { get; init; }
        }
    }
}
