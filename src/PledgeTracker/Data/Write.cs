namespace PledgeTracker.Data;

/// <summary>What a job writes with. Only valid while the job runs.</summary>
public sealed class Write : IQueries
{
    private readonly Session _session;
    private List<Action>? _onCommit;
    private List<Action>? _onUndo;

    internal Write(Session session, DateTimeOffset at)
    {
        _session = session;
        At = at;
    }

    /// <summary>When this write happens; never earlier than the write before it.</summary>
    public DateTimeOffset At { get; }

    internal bool Refused { get; private set; }

    /// <summary>Nothing this job wrote will stay, whatever it returns. For refusals: an expected outcome is a value, not an exception.</summary>
    public void Refuse() => Refused = true;

    /// <summary>Runs after COMMIT and before the caller is answered, in the order of the writes.</summary>
    public void OnCommit(Action action) => (_onCommit ??= []).Add(action);

    /// <summary>Runs when what this job wrote is rolled back.</summary>
    public void OnUndo(Action action) => (_onUndo ??= []).Add(action);

    /// <inheritdoc/>
    public Rows Read(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _session.Read(sql, parameters);

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _session.Query<T>(sql, parameters);

    /// <inheritdoc/>
    public T? First<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _session.First<T>(sql, parameters);

    /// <inheritdoc/>
    public T? Remembered<T>(string sql, ReadOnlySpan<char> key)
        where T : class => _session.Remembered<T>(sql, key);

    /// <inheritdoc cref="Session.Execute"/>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _session.Execute(sql, parameters);

    /// <inheritdoc cref="Session.Insert"/>
    public long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _session.Insert(sql, parameters);

    internal void Announce()
    {
        if (_onUndo is null && _onCommit is null)
        {
            return;
        }

        _onCommit?.ForEach(action => action());
        _onCommit = null;
        _onUndo = null;
    }

    internal void Undo()
    {
        for (var i = (_onUndo?.Count ?? 0) - 1; i >= 0; i--)
        {
            _onUndo![i]();
        }

        _onUndo = null;
        _onCommit = null;
    }
}
