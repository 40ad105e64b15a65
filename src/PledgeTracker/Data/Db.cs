using System.Data.Common;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Dapper;

namespace PledgeTracker.Data;

/// <summary>
/// The database: moments to read from, and one write at a time. SQL is sent with Dapper, on <c>Sql</c>; which engine answers, only
/// <see cref="Data.Engine"/> knows. Nothing is remembered here that another process could change.
/// </summary>
public sealed class Db : IAsyncDisposable
{
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMilliseconds(50);

    // A machine that is gone does not refuse: each read would wait for it.
    private static readonly TimeSpan ReplicaRest = TimeSpan.FromSeconds(10);

    private readonly Engine _engine;
    private readonly Engine? _replica;
    private readonly TimeProvider _clock;
    private readonly Ids _ids;
    private readonly ILogger<Db> _log;
    private readonly Channel<Job> _queue;
    private readonly Task _writing;
    private readonly Task _listening;
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _changed = NewSignal();
    private long _replicaRestsUntil;

    /// <param name="replica">Answers reads that anybody may make, as far as it has come; null where the database itself does.</param>
    /// <param name="capacity">How many writes may wait.</param>
    public Db(Engine engine, Engine? replica, TimeProvider clock, Ids ids, ILogger<Db> log, int capacity = 4096)
    {
        (_engine, _replica, _clock, _ids, _log) = (engine, replica, clock, ids, log);
        _queue = Channel.CreateBounded<Job>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _writing = Task.Run(WriteAllAsync);
        _listening = engine.ListenAsync(NoteChange, _stopping.Token);
    }

    internal Engine Engine => _engine;

    /// <summary>Completes with the next change that this process commits or hears of. Take it before looking for changes, so that none falls between.</summary>
    public Task Changed => _changed.Task;

    /// <summary>One moment of the whole database. Dispose it to give its connection back.</summary>
    public async Task<View> ReadAsync(CancellationToken cancellation)
    {
        var view = await View.OpenAsync(_engine, Access.Read, _clock, cancellation);
        Measures.DatasetVersion.Record(view.Head.Sequence);
        return view;
    }

    /// <summary>
    /// Reads from one moment of the database, or of its replica where that has come far enough. Where the connection is lost, or the replica gives the
    /// read up to follow the database, it is read once more, from the database itself.
    /// </summary>
    /// <param name="read">Does nothing but read: it may be run twice.</param>
    /// <param name="least">The sequence that the reader has seen already; <c>long.MaxValue</c> for what only the database itself may answer.</param>
    public async Task<T> ReadAsync<T>(Func<View, Task<T>> read, long least, CancellationToken cancellation)
    {
        var replica = least < long.MaxValue && _clock.GetUtcNow().Ticks >= Interlocked.Read(ref _replicaRestsUntil) ? _replica : null;
        try
        {
            await using var view = await View.OpenAsync(replica ?? _engine, Access.Read, _clock, cancellation);
            if (replica is null)
            {
                Measures.DatasetVersion.Record(view.Head.Sequence);
            }

            if (replica is null || view.Head.Sequence >= least)
            {
                return await read(view);
            }
        }
        catch (Exception fault) when (replica is null ? _engine.IsLost(fault) : fault is not Refused && replica.Explain(fault)?.Code != "query_timeout" && !cancellation.IsCancellationRequested)
        {
            if (replica?.IsLost(fault) == true)
            {
                _log.LogWarning(fault, "The replica does not answer: it is left alone for {Rest}", ReplicaRest);
                Interlocked.Exchange(ref _replicaRestsUntil, (_clock.GetUtcNow() + ReplicaRest).Ticks);
            }
            else
            {
                _log.LogDebug(fault, "A read is made again");
            }
        }

        await using var again = await ReadAsync(cancellation);
        return await read(again);
    }

    /// <summary>
    /// Runs a job in a transaction that no other write runs beside, of this process or another. What it returns is on the disk; where it throws, nothing of it
    /// stays. Jobs that wait together share a transaction, each on a savepoint. A job does nothing but write: it may be rolled back after it ended.
    /// </summary>
    /// <exception cref="Refused">The job refused; or the server is too busy (<c>busy</c>), and nothing was written; or it cannot be told whether it was (<c>outcome_unknown</c>).</exception>
    public Task<T> WriteAsync<T>(Caller by, Func<Write, Task<T>> job, CancellationToken cancellation = default) => RunAsync(new Job<T>(by, job, stays: true, cancellation));

    /// <summary>Runs a job just so, and takes back whatever it wrote: what it returns would have been.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<T> TryOutAsync<T>(Caller by, Func<Write, Task<T>> job, CancellationToken cancellation = default) => RunAsync(new Job<T>(by, job, stays: false, cancellation));

    private async Task<T> RunAsync<T>(Job<T> waiting)
    {
        using var span = waiting.Span = Measures.Spans.StartActivity("write");
        // Counted before it can be taken out.
        Measures.WriteQueue.Add(1);
        if (_queue.Writer.TryWrite(waiting))
        {
            return await waiting.Task;
        }

        Measures.WriteQueue.Add(-1);
        throw new Refused("busy", new("The server has more writes than it can take. Try again.", "لدى الخادم كتابات أكثر مما يحتمل. أعد المحاولة."));
    }

    /// <summary>Takes no more jobs, finishes those it has, and lets the database go.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _stopping.CancelAsync();
        await _listening;
        _stopping.Dispose();
        await _engine.DisposeAsync();
        if (_replica is not null)
        {
            await _replica.DisposeAsync();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes those who wait for <see cref="Changed"/>: something was committed, here or by another process.</summary>
    internal void NoteChange() => Interlocked.Exchange(ref _changed, NewSignal()).SetResult();

    private async Task WriteAllAsync()
    {
        var jobs = _queue.Reader;
        while (await jobs.WaitToReadAsync())
        {
            var batch = new List<Job>();
            var committing = false;
            var begun = Stopwatch.GetTimestamp();
            try
            {
                var sql = await _engine.OpenAsync(Access.Write, CancellationToken.None);
                try
                {
                    await _engine.BeginAsync(sql, Access.Write, CancellationToken.None);
                    await ThrowIfNewerAsync(sql);
                    var before = await Head.OfAsync(sql);
                    await RunBatchAsync(sql, before, batch);
                    var after = await Head.OfAsync(sql);
                    var changed = after.Sequence != before.Sequence;
                    if (changed && _engine.Announcement is { } announcement)
                    {
                        await Engine.RunAsync(sql, announcement);
                    }

                    committing = true;
                    await Engine.RunAsync(sql, "COMMIT");
                    if (changed)
                    {
                        Measures.DatasetVersion.Record(after.Sequence);
                        NoteChange();
                    }
                }
                finally
                {
                    await _engine.CloseAsync(sql, Access.Write);
                    Measures.Note("write", begun);
                    Measures.WriteBatch.Record(batch.Count);
                }

                batch.ForEach(job => job.Answer());
            }
            catch (Exception lost)
            {
                _log.LogError(lost, "A batch of {Jobs} writes was lost", batch.Count);
                var told = committing && _engine.LeavesOpen(lost)
                    ? new Refused("outcome_unknown", new(
                        "The database was lost while this was committed. Send it again with the same Idempotency-Key: it is recorded once.",
                        "انقطعت قاعدة البيانات أثناء الحفظ. أعد الإرسال بمفتاح Idempotency-Key نفسه: يُسجل مرة واحدة."))
                    : lost as Refused ?? _engine.Explain(lost) ?? lost;
                // Where the transaction did not even begin, those who wait would meet the same: they hear it now, and not one after the other.
                while (batch.Count == 0 && jobs.TryRead(out var waiting))
                {
                    Measures.WriteQueue.Add(-1);
                    waiting.Fail(told);
                }

                batch.ForEach(job => job.Fail(told));
            }
        }
    }

    // Where a server of a newer version has come, this one only reads.
    private static async Task ThrowIfNewerAsync(DbConnection sql)
    {
        var (version, rules) = await sql.QueryFirstAsync<(long, long)>("SELECT version, rules FROM schema");
        if (version > Migrations.Known.Version || rules > Migrations.Known.Rules)
        {
            throw new Refused("newer_schema", new("A newer version of the server has changed the database: send writes there.", "غيرت نسخة أحدث من الخادم قاعدة البيانات: أرسل الكتابات إليها."));
        }
    }

    private async Task RunBatchAsync(DbConnection sql, Head head, List<Job> batch)
    {
        var begun = Stopwatch.GetTimestamp();
        var last = head.At;
        while (batch.Count < _engine.JobsInABatch && Stopwatch.GetElapsedTime(begun) < LongestBatch && _queue.Reader.TryRead(out var job))
        {
            Measures.WriteQueue.Add(-1);
            job.Span?.AddEvent(new ActivityEvent("begun"));
            batch.Add(job);
            if (job.IsCancelled)
            {
                continue;
            }

            // Times in the log of changes never run backwards, whatever the clocks of the servers do.
            var now = _clock.GetUtcNow();
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
            last = now > last ? now : last;
            await Engine.RunAsync(sql, "SAVEPOINT job");
            var fault = await job.RunAsync(new Write(_engine, sql, job.By, last, _ids));
            if (fault is not null && _engine.IsLost(fault))
            {
                // With the connection the transaction is gone: all that share it hear of this, not of what fails for want of a connection.
                ExceptionDispatchInfo.Throw(fault);
            }

            if (fault is not null || !job.Stays)
            {
                await Engine.RunAsync(sql, "ROLLBACK TO SAVEPOINT job");
            }

            await Engine.RunAsync(sql, "RELEASE SAVEPOINT job");
        }
    }

    private abstract class Job(Caller by, bool stays, CancellationToken cancellation)
    {
        public Caller By => by;

        /// <summary>What it writes is to stay.</summary>
        public bool Stays => stays;

        /// <summary>What a trace tells of it, where somebody traces.</summary>
        public Activity? Span { get; set; }

        /// <summary>Nobody waits for it any more; one that has begun is finished.</summary>
        public bool IsCancelled => cancellation.IsCancellationRequested;

        /// <summary>What it threw; null where what it wrote may stay.</summary>
        public abstract Task<Exception?> RunAsync(Write write);

        public abstract void Answer();

        public abstract void Fail(Exception fault);
    }

    private sealed class Job<T>(Caller by, Func<Write, Task<T>> work, bool stays, CancellationToken cancellation) : Job(by, stays, cancellation)
    {
        // Who waits goes on elsewhere: the writer only writes.
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;
        private bool _ran;
        private Exception? _fault;

        public Task<T> Task => _completion.Task;

        public override async Task<Exception?> RunAsync(Write write)
        {
            try
            {
                _result = await work(write);
                _ran = true;
            }
            catch (Exception fault)
            {
                _fault = fault;
            }

            return _fault;
        }

        public override void Answer()
        {
            if (_fault is not null)
            {
                _completion.SetException(_fault);
            }
            else if (_ran)
            {
                _completion.SetResult(_result);
            }
            else
            {
                _completion.SetCanceled();
            }
        }

        public override void Fail(Exception fault) => _completion.TrySetException(_fault ?? fault);
    }
}
