using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PledgeTracker.Data;

/// <summary>
/// Copies what was committed from the log into the file, so that the log can start anew. The bulk is copied on a thread and a connection of
/// its own while the writer goes on; the little that came meanwhile the writer copies itself, for only while it stands still does the log
/// come to an end.
/// </summary>
/// <remarks>
/// SQLite before 3.51.3 can corrupt a database when a checkpoint begins, on one connection, while all of the log is copied and another
/// connection starts the log anew. That cannot happen here. A copy beside the writer is only asked for by the writer, right after a commit that
/// wrote to the log and began when no copy was under way: so something is not copied when it begins, and the log cannot start anew
/// before it has copied all of it. No two run at once.
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

    // What the log held after the commit that this thread made just now, as SQLite says; 0 once it is taken.
    [ThreadStatic]
    private static int _committed;

    // What the log holds, and how much of it from its beginning is copied as far as is known.
    private int _length;
    private int _copied;

    // A copy was asked for and has not been noted; whether the log has started anew since; and, written before Set and read after, what it came to.
    private bool _underWay;
    private bool _anew;
    private Copied? _last;

    // When to copy next, when to end, and how many copies there were on the way to this end.
    private int _copyAt = PagesToCopy;
    private int _endAt = PagesInTheLog;
    private int _copies;

    /// <param name="writer">The writer's session, on whose thread <see cref="AfterCommit"/> is called.</param>
    public Checkpoints(Database database, Session writer, ILogger log)
    {
        (_database, _writer, _log) = (database, writer, log);
        unsafe
        {
            Native.OnCommit(writer.Connection.Handle!.DangerousGetHandle(), &Committed, 0);
        }

        _session = new Session(database.OpenForWriting());
        _thread = new Thread(CopyWhenAsked) { IsBackground = true, Name = "checkpoints" };
        _thread.Start();
    }

    /// <summary>
    /// Right after a batch, on the writer's thread: nobody waits for it but the next one.
    /// </summary>
    public void AfterCommit()
    {
        var length = _committed;
        _committed = 0;
        if (length == 0)
        {
            // Nothing was committed, or nothing new.
            return;
        }

        if (length <= _length)
        {
            // The log has started anew. (A transaction that alone is longer than the log was goes unnoticed: then the next copy comes late, or is
            // the writer's.)
            (_anew, _copied, _copies, _copyAt, _endAt) = (true, 0, 0, PagesToCopy, PagesInTheLog);
        }

        _length = length;
        if (!_done.IsSet)
        {
            if (_length < MostPagesInTheLog)
            {
                return;
            }

            // Writes that come faster than the disk takes them wait here.
            _done.Wait();
        }

        // This commit may have been copied already by a copy that ended just now: the next one is not.
        var mayAsk = !_underWay;
        if (_underWay)
        {
            Note();
        }

        var ends = _length >= _endAt;
        if (ends && (Uncopied <= PagesAtOnce || _copies == MostCopies || _length >= MostPagesInTheLog))
        {
            CopyTheRest();
        }
        else if (mayAsk && (ends || Uncopied >= _copyAt))
        {
            _copies += ends ? 1 : 0;
            (_underWay, _anew, _last) = (true, false, null);
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
        Scheduling.GiveWay();
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
                // SQLite leaves that to whoever copies the end of the log, which would be the writer.
                Native.Sync(_session.Connection.Handle!.DangerousGetHandle());
            }
            catch (Exception fault)
            {
                // What is in the log is safe there, and the next checkpoint copies it.
                _log.LogError(fault, "A checkpoint failed");
            }

            _done.Set();
        }
    }

    private int Uncopied => _length - _copied;

    private void Note()
    {
        _underWay = false;
        if (_last is { Log: >= 0 } copied && !_anew)
        {
            _copied = (int)copied.Checkpointed;
        }

        // What somebody still looks at could not be copied, or the disk was full: it is tried again when there is more.
        _copyAt = Math.Max(PagesToCopy, Uncopied + PagesBeforeTheNextTry);
    }

    private void CopyTheRest()
    {
        // Nobody looks at the log while it is copied, or else it is copied only as far as they see; and nobody who came meanwhile goes on
        // looking, or else it could not start anew.
        try
        {
            _database.CloseViews();
            // Where reads overlap all the time, somebody always looks: then it is waited for them, no longer than a read may take.
            var waits = _length >= MostPagesInTheLog;
            var done = Checkpoint(_writer, waits ? "RESTART" : "PASSIVE");
            if (done.Log >= 0)
            {
                _copied = (int)done.Checkpointed;
            }
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

        // Once it is copied whole the next write starts it anew, unless somebody looks just then.
        _endAt = _length + (Uncopied == 0 ? PagesToCopy : PagesBeforeTheNextTry);
        (_copies, _copyAt) = (0, PagesToCopy);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Committed(nint argument, nint database, byte* name, int pagesInTheLog)
    {
        _committed = pagesInTheLog;
        return 0;
    }

    private static Copied Checkpoint(Session session, string mode) => session.First<Copied>($"PRAGMA wal_checkpoint({mode})")!;

    // Log is -1 where somebody else holds the lock of checkpoints.
    private sealed record Copied
    {
        public required long Log { get; init; }

        public required long Checkpointed { get; init; }
    }
}
