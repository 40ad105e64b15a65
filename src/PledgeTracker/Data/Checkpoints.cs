namespace PledgeTracker.Data;

/// <summary>
/// Copies what was committed from the log into the file, so that the log can start anew. The bulk is copied on a thread and a connection of
/// its own while the writer goes on; the little that came meanwhile the writer copies itself, for only while it stands still does the log
/// come to an end.
/// </summary>
/// <remarks>
/// SQLite before 3.51.3 can corrupt a database when a checkpoint begins, on one connection, while all of the log is copied and another
/// connection starts the log anew. That cannot happen here: a copy beside the writer is only asked for by the writer, right after a commit that
/// wrote to the log. So something is not copied when it begins, the log cannot start anew before it ends, and no two run at once.
/// </remarks>
internal sealed class Checkpoints : IDisposable
{
    // In pages of 4 KiB. A page that changes often is copied into the file once for many writes; and what is copied, no reader looks through.
    private const int PagesToCopy = 16_000;

    // From here on the log is to come to an end.
    private const int PagesInTheLog = 32_000;

    // What the writer stops for. Each copy leaves less than the one before, unless the disk is slower than the writes.
    private const int PagesAtOnce = 500;
    private const int MostCopies = 6;

    // Here writes wait: for the copy, or for those who read.
    private const int MostPagesInTheLog = 64_000;

    private const int PagesBeforeTheNextTry = 1_000;

    private readonly Database _database;
    private readonly Session _writer;
    private readonly ILogger _log;
    private readonly Session _session;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _asked = new(0);
    private readonly ManualResetEventSlim _done = new(initialState: true);
    private volatile bool _ends;

    // Written since the log was last copied whole; of these, not copied as far as is known; and how many of them when a copy was asked for.
    private int _pages;
    private int _uncopied;
    private int _uncopiedBefore;
    private int _copyAt = PagesToCopy;
    private int _copies;

    // What the last checkpoint found in the log.
    private long _there;
    private Copied? _last;

    /// <param name="writer">The writer's session, on whose thread <see cref="AfterCommit"/> is called.</param>
    public Checkpoints(Database database, Session writer, ILogger log)
    {
        (_database, _writer, _log) = (database, writer, log);
        _session = new Session(database.OpenForWriting());
        _thread = new Thread(CopyWhenAsked) { IsBackground = true, Name = "checkpoints" };
        _thread.Start();
    }

    /// <summary>
    /// Right after a commit that changed something, on the writer's thread: nobody waits for it but the next batch.
    /// </summary>
    public void AfterCommit()
    {
        _ = Native.Status(_writer.Connection.Handle!.DangerousGetHandle(), Native.PagesWritten, out var written, out _, reset: 1);
        _pages += written;
        _uncopied += written;
        if (written == 0 || (!_done.IsSet && _there + _pages < MostPagesInTheLog))
        {
            return;
        }

        // Writes that come faster than the disk takes them wait here.
        _done.Wait();
        if (_last is { } copied)
        {
            // What somebody still looks at could not be copied: it is tried again when there is more.
            var left = (int)(copied.Log - copied.Checkpointed);
            (_uncopied, _copyAt, _last) = (_uncopied - _uncopiedBefore + left, Math.Max(PagesToCopy, left + PagesBeforeTheNextTry), null);
        }

        var ends = _pages >= PagesInTheLog;
        if (ends && (_uncopied <= PagesAtOnce || _copies == MostCopies))
        {
            CopyTheRest();
        }
        else if (ends || _uncopied >= _copyAt)
        {
            _copies += ends ? 1 : 0;
            _uncopiedBefore = _uncopied;
            _done.Reset();
            _asked.Release();
        }
    }

    /// <summary>Ends after the copy that is under way. The writer has ended before.</summary>
    public void Dispose()
    {
        _ends = true;
        _asked.Release();
        _thread.Join();
        _session.Dispose();
        _asked.Dispose();
        _done.Dispose();
    }

    private void CopyWhenAsked()
    {
        Niceness.LowerThisThread();
        while (true)
        {
            _asked.Wait();
            if (_ends)
            {
                return;
            }

            try
            {
                // It is copied only as far as the oldest view sees, so those that nobody uses are closed.
                _database.CloseIdleViews();
                _last = Checkpoint(_session, "PASSIVE");
            }
            catch (Exception fault)
            {
                // What is in the log is safe there, and the next checkpoint copies it.
                _log.LogError(fault, "A checkpoint failed");
            }

            _done.Set();
        }
    }

    private void CopyTheRest()
    {
        // Nobody looks at the log while it is copied, or else it is copied only as far as they see; and nobody who came meanwhile goes on
        // looking, or else it could not start anew.
        var whole = false;
        try
        {
            _database.CloseViews();
            // Where reads overlap all the time, somebody always looks: then it is waited for them, no longer than a read may take.
            var waits = _there >= MostPagesInTheLog;
            var done = Checkpoint(_writer, waits ? "RESTART" : "PASSIVE");
            (whole, _there) = (done.Checkpointed == done.Log, waits && !done.Busy ? 0 : done.Log);
            _uncopied = (int)(done.Log - done.Checkpointed);
        }
        catch (Exception fault)
        {
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

        _copies = 0;
        _pages = whole ? 0 : PagesInTheLog - PagesBeforeTheNextTry;
    }

    private static Copied Checkpoint(Session session, string mode) => session.First<Copied>($"PRAGMA wal_checkpoint({mode})")!;

    private sealed record Copied
    {
        public required bool Busy { get; init; }

        public required long Log { get; init; }

        public required long Checkpointed { get; init; }
    }
}
