namespace PledgeTracker.Data;

/// <summary>One consistent view of the database, and the dataset version it shows.</summary>
public sealed class Snapshot : IQueries, IDisposable
{
    private readonly Readers.Reader _reader;
    private readonly Readers _home;
    private bool _open = true;

    internal Snapshot(Readers.Reader reader, Readers home) => (_reader, _home, Version) = (reader, home, reader.Version);

    /// <summary>The sequence of the last change this snapshot contains.</summary>
    public long Version { get; }

    /// <inheritdoc/>
    public Rows Read(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _reader.Read(sql, parameters);

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _reader.Query<T>(sql, parameters);

    /// <inheritdoc/>
    public T? First<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _reader.First<T>(sql, parameters);

    /// <inheritdoc/>
    public T? Remembered<T>(string sql, ReadOnlySpan<char> key)
        where T : class => _reader.Remembered<T>(sql, key);

    public void Dispose()
    {
        if (_open)
        {
            _open = false;
            _home.Return(_reader);
        }
    }
}
