using System.Diagnostics;
using System.Threading.Channels;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>
/// A fixed set of read-only connections, handed out one at a time. SQLite has no asynchronous I/O, so a read runs synchronously and
/// is bounded in time instead: past the deadline SQLite's progress handler breaks the statement off.
/// </summary>
/// <remarks>
/// <c>SqliteCommand.Cancel</c> does nothing, and <c>sqlite3_interrupt</c> from another thread could hit the connection's next borrower;
/// the progress handler runs on the borrower's own thread.
/// </remarks>
internal sealed class Readers : IDisposable
{
    private const int StepsBetweenChecks = 20_000;

    private readonly Channel<Reader> _free = Channel.CreateUnbounded<Reader>();
    private readonly List<Reader> _all = [];
    private readonly TimeSpan _deadline;

    public Readers(Database database, int count, TimeSpan deadline)
    {
        _deadline = deadline;
        for (var i = 0; i < count; i++)
        {
            var reader = new Reader(database);
            _all.Add(reader);
            _free.Writer.TryWrite(reader);
        }
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

        reader.EndsAt = Stopwatch.GetTimestamp() + (long)(_deadline.TotalSeconds * Stopwatch.Frequency);
        try
        {
            return new Snapshot(reader, this);
        }
        catch
        {
            _free.Writer.TryWrite(reader);
            throw;
        }
    }

    /// <inheritdoc cref="Session.Observer"/>
    internal void Observe(Action<string>? observer) => _all.ForEach(reader => reader.Observer = observer);

    internal void Return(Reader reader) => _free.Writer.TryWrite(reader);

    public void Dispose()
    {
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

        public Reader(Database database) : base(database.OpenForReading())
        {
            _check = _ => Stopwatch.GetTimestamp() > EndsAt ? 1 : 0;
            raw.sqlite3_progress_handler(Connection.Handle!, StepsBetweenChecks, _check, null);
        }

        public long EndsAt { get; set; } = long.MaxValue;
    }
}

/// <summary>One consistent view of the database, and the dataset version it shows.</summary>
public sealed class Snapshot : IQueries, IDisposable
{
    private readonly Readers.Reader _reader;
    private readonly Readers _home;
    private bool _open = true;

    internal Snapshot(Readers.Reader reader, Readers home)
    {
        _reader = reader;
        _home = home;
        reader.Execute("BEGIN");
        try
        {
            Version = reader.First<long>("SELECT coalesce(max(seq), 0) FROM change");
        }
        catch
        {
            reader.Execute("ROLLBACK");
            throw;
        }
    }

    /// <summary>The sequence of the last change this snapshot contains.</summary>
    public long Version { get; }

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _reader.Query<T>(sql, parameters);

    /// <inheritdoc/>
    public T? First<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _reader.First<T>(sql, parameters);

    public void Dispose()
    {
        if (_open)
        {
            _open = false;
            // Giving back is not broken off, however late it is.
            _reader.EndsAt = long.MaxValue;
            try
            {
                _reader.Execute("ROLLBACK");
            }
            finally
            {
                _home.Return(_reader);
            }
        }
    }
}
