using System.Collections.Concurrent;
using System.Diagnostics;
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
/// </remarks>
internal sealed class Writer : IDisposable
{
    private const int JobsInABatch = 256;

    // Of SQLite's machine: a contribution takes some 1,200.
    private const int StepsBetweenYields = 300;

    // Where reads take all there is, the writer yields to them until the oldest write of its batch has been there for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Database _database;
    private readonly Channel<Job> _queue;
    private readonly Session _session;
    private readonly Checkpoints _checkpoints;
    private readonly TimeProvider _clock;
    private readonly ILogger<Writer> _log;
    private readonly Thread _thread;

    // The pool makes a new thread on the one that asks for it, as nice as that is, and the writer's gives way to all others: so who waits is
    // answered from a thread between.
    private readonly BlockingCollection<(Job[] Jobs, Exception? Fault)> _finished = [];
    private readonly Thread _answers;

    // Kept in a field: SQLite holds the only other reference, and the collector does not see it.
    private readonly delegate_progress _yield;
    private long _yieldsUntil;
    private DateTimeOffset _last;
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
        _yield = _ => Yield();
        raw.sqlite3_progress_handler(_session.Connection.Handle!, StepsBetweenYields, _yield, null);
        _checkpoints = new Checkpoints(database, _session, log);
        _thread = new Thread(Run) { IsBackground = true, Name = "writer" };
        _thread.Start();
        _answers = new Thread(AnswerAll) { IsBackground = true, Name = "answers" };
        _answers.Start();
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
        _finished.CompleteAdding();
        _answers.Join();
        _checkpoints.Dispose();
        // Readers may outlive the writer, and they cannot: what is only in the log goes into the file, so that the file alone is a copy.
        _database.CloseViews();
        _session.ExecuteOnce("PRAGMA wal_checkpoint(TRUNCATE)");
        _session.Dispose();
    }

    private void Run()
    {
        Scheduling.GiveWay();
        var batch = new List<Job>(JobsInABatch);
        var jobs = _queue.Reader;
        while (jobs.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < JobsInABatch && jobs.TryRead(out var job))
            {
                batch.Add(job);
            }

            RunBatch(batch);
            _checkpoints.AfterCommit();
            batch.Clear();
        }
    }

    private void RunBatch(List<Job> batch)
    {
        var jobs = batch.ToArray();
        Exception? fault = null;
        try
        {
            _yieldsUntil = jobs[0].Queued + (long)(Patience.TotalSeconds * Stopwatch.Frequency);
            if (!TryRunTogether(batch))
            {
                RunApart(batch);
            }

            Commit();
        }
        catch (Exception lost)
        {
            // The transaction as a whole is lost (a full disk, say): so is every job in it, and each caller hears so.
            _log.LogError(lost, "A batch of {Jobs} writes was rolled back", batch.Count);
            RollBack(batch);
            fault = lost;
        }

        _finished.Add((jobs, fault));
    }

    /// <summary>
    /// Lets the threads that wait for this processor go first, between the steps of a statement. To be nice (<see cref="Scheduling.GiveWay"/>) is not
    /// enough: one that wakes up while this thread runs may have to wait for the system's next look at them all, which is some ms away.
    /// </summary>
    private int Yield()
    {
        if (Stopwatch.GetTimestamp() < _yieldsUntil)
        {
            Thread.Yield();
        }

        return 0;
    }

    private void AnswerAll()
    {
        foreach (var (jobs, fault) in _finished.GetConsumingEnumerable())
        {
            if (fault is not null)
            {
                Array.ForEach(jobs, job => job.Fail(fault));
                continue;
            }

            foreach (var job in jobs)
            {
                try
                {
                    job.Write?.Announce();
                }
                catch (Exception one)
                {
                    // What was written stays written, and its caller hears so.
                    _log.LogError(one, "A committed write could not be announced");
                }
            }

            Array.ForEach(jobs, job => job.Answer());
        }
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

    private int Changes => raw.sqlite3_total_changes(_session.Connection.Handle!);

    private bool InTransaction => _session.InTransaction;

    // Times in the change log never run backwards, whatever the clock does.
    private DateTimeOffset Now()
    {
        var now = _clock.GetUtcNow();
        now = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        return _last = now > _last ? now : _last;
    }

    private abstract class Job(CancellationToken cancellation)
    {
        /// <summary>What it wrote with; null while it has not run.</summary>
        public Write? Write { get; protected set; }

        public Exception? Fault { get; protected set; }

        /// <summary>When it was asked for, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
        public long Queued { get; } = Stopwatch.GetTimestamp();

        public bool Cancelled => cancellation.IsCancellationRequested;

        public abstract void Run(Write write);

        /// <summary>As if it had not run.</summary>
        public void Forget() => (Write, Fault) = (null, null);

        public abstract void Answer();

        public abstract void Fail(Exception fault);
    }

    private sealed class Job<T>(Func<Write, T> work, CancellationToken cancellation) : Job(cancellation)
    {
        // Continuations run elsewhere: the thread that answers only answers.
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
