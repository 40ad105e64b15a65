using System.Threading.Channels;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>
/// The one writer: a single connection on a thread of its own. Jobs that wait together share a transaction and so an fsync; one that
/// fails or refuses harms no other, unless it is the disk that fails: then the transaction is lost, and each of them hears so. A caller is
/// answered after COMMIT, never before.
/// </summary>
/// <remarks>
/// A job may be run twice: when one of a batch fails, the batch is rolled back and its jobs are run again, each on a savepoint. What a job
/// does beside writing belongs into <see cref="Write.OnCommit"/>.
/// One writing connection also steps around a fault of SQLite before 3.51.3, in which two connections that write or checkpoint a
/// write-ahead log at once can corrupt it.
/// </remarks>
internal sealed class Writer : IDisposable
{
    private const int JobsInABatch = 256;

    // 64 MiB of log: a page that changes often is copied into the file once for many writes.
    private const int PagesInTheLog = 16_000;
    private const int PagesBeforeTheNextTry = 1_000;

    private readonly Database _database;
    private readonly Channel<Job> _queue;
    private readonly Session _session;
    private readonly TimeProvider _clock;
    private readonly ILogger<Writer> _log;
    private readonly Thread _thread;
    private DateTimeOffset _last;
    // Written since the log was last copied whole, and all that it held at the last try.
    private int _pages;
    private long _pagesThere;
    private int _changesBefore;

    public Writer(Database database, TimeProvider clock, ILogger<Writer> log, int capacity = 4096)
    {
        (_database, _clock, _log) = (database, clock, log);
        _queue = Channel.CreateBounded<Job>(new BoundedChannelOptions(capacity)
        {
            SingleReader = true,
            // What goes on is this class's own thread waking up: no need to wait for one of the pool's.
            AllowSynchronousContinuations = true,
        });
        _session = new Session(database.OpenForWriting());
        _thread = new Thread(Run) { IsBackground = true, Name = "writer" };
        _thread.Start();
    }

    /// <summary>Runs a job in the writer's transaction; completes once what it wrote is on the disk.</summary>
    /// <exception cref="WriterBusyException">The queue is full, or the server is shutting down. Nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<Write, T> work, CancellationToken cancellation = default)
    {
        var job = new Job<T>(work, cancellation);
        return _queue.Writer.TryWrite(job) ? job.Task : throw new WriterBusyException();
    }

    /// <summary>Takes no more jobs, finishes those it has, and closes the database.</summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        _thread.Join();
        // Readers may outlive the writer, and they cannot: what is only in the log goes into the file, so that the file alone is a copy.
        _database.CloseViews();
        _session.ExecuteOnce("PRAGMA wal_checkpoint(TRUNCATE)");
        _session.Dispose();
    }

    private void Run()
    {
        var batch = new List<Job>(JobsInABatch);
        var jobs = _queue.Reader;
        while (jobs.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < JobsInABatch && jobs.TryRead(out var job))
            {
                batch.Add(job);
            }

            RunBatch(batch);
            batch.Clear();
            CheckpointWhenDue();
        }
    }

    private void RunBatch(List<Job> batch)
    {
        try
        {
            if (!TryRunTogether(batch))
            {
                RunApart(batch);
            }

            Commit();
        }
        catch (Exception fault)
        {
            // The transaction as a whole is lost (a full disk, say): so is every job in it, and each caller hears so.
            _log.LogError(fault, "A batch of {Jobs} writes was rolled back", batch.Count);
            RollBack(batch);
            batch.ForEach(job => job.Fail(fault));
            return;
        }

        foreach (var job in batch)
        {
            try
            {
                job.Write?.Announce();
            }
            catch (Exception fault)
            {
                // What was written stays written, and its caller hears so.
                _log.LogError(fault, "A committed write could not be announced");
            }
        }

        batch.ForEach(job => job.Answer());
    }

    /// <summary>
    /// Without savepoints: for each of them SQLite keeps a copy of every page that is changed, which is a good part of what a write costs. False,
    /// and nothing done, when a job left something behind that must not stay.
    /// </summary>
    private bool TryRunTogether(List<Job> batch)
    {
        Begin();
        foreach (var job in batch)
        {
            var changes = Changes;
            Run(job);
            if (job.Fault is not null || (job.Write is { Refused: true } && Changes != changes))
            {
                RollBack(batch);
                batch.ForEach(j => j.Forget());
                return false;
            }

            if (job.Write is { Refused: true } refused)
            {
                refused.Undo();
            }
        }

        return true;
    }

    /// <summary>Each on its own savepoint: the jobs are run anew, and one that fails or refuses harms no other.</summary>
    private void RunApart(List<Job> batch)
    {
        Begin();
        foreach (var job in batch)
        {
            _session.Execute("SAVEPOINT job");
            Run(job);
            if (job.Fault is not null || job.Write is { Refused: true })
            {
                _session.Execute("ROLLBACK TO job");
                job.Write!.Undo();
            }

            _session.Execute("RELEASE job");
        }
    }

    private void Begin()
    {
        _session.Execute("BEGIN IMMEDIATE");
        _changesBefore = Changes;
    }

    private void Commit()
    {
        if (Changes == _changesBefore)
        {
            // All were refused or only looked: every view that is open stays the latest. (Rows are counted; no job changes the schema.)
            _session.Execute("COMMIT");
            return;
        }

        _database.NoteCommitBegins();
        try
        {
            _session.Execute("COMMIT");
        }
        finally
        {
            _database.NoteCommitEnds();
        }
    }

    private void Run(Job job)
    {
        if (!job.Cancelled)
        {
            job.Run(new Write(_session, Now()));
        }

        if (!InTransaction)
        {
            throw job.Fault ?? new InvalidOperationException("A job ended the writer's transaction.");
        }
    }

    private void RollBack(List<Job> batch)
    {
        if (InTransaction)
        {
            _session.Execute("ROLLBACK");
        }

        for (var i = batch.Count - 1; i >= 0; i--)
        {
            batch[i].Write?.Undo();
        }
    }

    // Here and not in a COMMIT: nobody waits for it but the next batch.
    private void CheckpointWhenDue()
    {
        _ = Native.Status(_session.Connection.Handle!.DangerousGetHandle(), Native.PagesWritten, out var pages, out _, reset: 1);
        if ((_pages += pages) < PagesInTheLog)
        {
            return;
        }

        // Nobody looks at the log while it is copied, or else it is copied only as far as they see; and nobody who came meanwhile goes on
        // looking, or else it could not start anew.
        var copied = false;
        try
        {
            _database.CloseViews();
            // Where reads overlap all the time, somebody always looks: then it is waited for them, no longer than a read may take.
            var waits = _pagesThere >= 4 * PagesInTheLog;
            var done = _session.First<Copied>(waits ? "PRAGMA wal_checkpoint(RESTART)" : "PRAGMA wal_checkpoint(PASSIVE)")!;
            (copied, _pagesThere) = (done.Checkpointed == done.Log, waits && !done.Busy ? 0 : done.Log);
        }
        catch (Exception fault)
        {
            // What is in the log is safe there, and the next checkpoint copies it.
            _log.LogError(fault, "A checkpoint failed");
        }

        try
        {
            _database.KeepViews();
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "A view could not be closed");
        }

        _pages = copied ? 0 : PagesInTheLog - PagesBeforeTheNextTry;
    }

    private int Changes => raw.sqlite3_total_changes(_session.Connection.Handle!);

    private bool InTransaction => _session.InTransaction;

    // Times in the change log never run backwards, whatever the clock does.
    private DateTimeOffset Now()
    {
        var now = _clock.GetUtcNow();
        now = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        return _last = now > _last ? now : _last;
    }

    private sealed record Copied
    {
        public required bool Busy { get; init; }

        public required long Log { get; init; }

        public required long Checkpointed { get; init; }
    }

    private abstract class Job(CancellationToken cancellation)
    {
        /// <summary>What it wrote with; null while it has not run.</summary>
        public Write? Write { get; protected set; }

        public Exception? Fault { get; protected set; }

        public bool Cancelled => cancellation.IsCancellationRequested;

        public abstract void Run(Write write);

        /// <summary>As if it had not run.</summary>
        public void Forget() => (Write, Fault) = (null, null);

        public abstract void Answer();

        public abstract void Fail(Exception fault);
    }

    private sealed class Job<T>(Func<Write, T> work, CancellationToken cancellation) : Job(cancellation)
    {
        // Continuations run elsewhere: the writer's thread only writes.
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _completion.Task;

        public override void Run(Write write)
        {
            Write = write;
            try
            {
                _result = work(write);
            }
            catch (Exception fault)
            {
                Fault = fault;
            }
        }

        public override void Answer()
        {
            if (Fault is not null)
            {
                _completion.SetException(Fault);
            }
            else if (Write is null)
            {
                _completion.SetCanceled();
            }
            else
            {
                _completion.SetResult(_result);
            }
        }

        public override void Fail(Exception fault) => _completion.TrySetException(Fault ?? fault);
    }
}

/// <summary>The writer's queue is full or closed.</summary>
internal sealed class WriterBusyException() : Exception("The server has more writes than it can take. Try again.");
