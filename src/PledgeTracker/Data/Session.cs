using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>
/// One connection with the statements it has prepared. A statement is prepared once per connection and then only bound and
/// stepped: preparing costs more than running most of ours. <see cref="RowParser"/> maps the rows. Not for use by two threads at once.
/// </summary>
public class Session : IQueries, IDisposable
{
    private readonly Dictionary<string, Statement> _prepared = new(ByText.Comparer);

    internal Session(SqliteConnection connection) => Connection = connection;

    internal SqliteConnection Connection { get; }

    internal bool InTransaction => raw.sqlite3_get_autocommit(Connection.Handle!) == 0;

    /// <summary>Told of every statement that is run: what a test explains is then what an endpoint really asks.</summary>
    internal Action<string>? Observer { get; set; }

    /// <inheritdoc/>
    public Rows Read(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => new(Bind(sql, parameters), sql);

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var rows = Read(sql, parameters);
        var list = new List<T>();
        while (rows.Next())
        {
            list.Add(rows.As<T>());
        }

        return list;
    }

    /// <inheritdoc/>
    public T? First<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var rows = Read(sql, parameters);
        return rows.Next() ? rows.As<T>() : default;
    }

    /// <inheritdoc/>
    public virtual T? Remembered<T>(string sql, ReadOnlySpan<char> key)
        where T : class => First<T>(sql, ("@key", key.ToString()));

    /// <summary>Runs a statement; the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var rows = Read(sql, parameters);
        while (rows.Next())
        {
        }

        return raw.sqlite3_changes(Connection.Handle!);
    }

    /// <summary>Inserts a row; its number. (RETURNING would make SQLite open a table in memory for it, each time.)</summary>
    public long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Execute(sql, parameters);
        return raw.sqlite3_last_insert_rowid(Connection.Handle!);
    }

    /// <summary>Runs a statement that is not worth keeping prepared.</summary>
    public void ExecuteOnce(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        Forget(_prepared);
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    private Statement Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Observer?.Invoke(sql);
        if (!_prepared.TryGetValue(sql, out var statement))
        {
            // Filters make statements in many combinations: keep the working set, not every one there ever was.
            if (_prepared.Count >= 500)
            {
                Forget(_prepared.Where(p => !p.Value.IsOpen));
            }

            statement = new Statement(Connection.Handle!, sql, parameters);
            _prepared.Add(sql, statement);
        }

        statement.Bind(parameters);
        return statement;
    }

    private void Forget(IEnumerable<KeyValuePair<string, Statement>> some)
    {
        foreach (var (sql, statement) in some.ToList())
        {
            statement.Dispose();
            _prepared.Remove(sql);
        }
    }

    /// <summary>Statements are long and few, and nearly always the same objects: their length and a few letters tell them apart.</summary>
    internal sealed class ByText : IEqualityComparer<string>
    {
        public static readonly ByText Comparer = new();

        public bool Equals(string? x, string? y) => string.Equals(x, y);

        public int GetHashCode([DisallowNull] string obj)
        {
            var hash = obj.Length;
            for (var i = 0; i < 8; i++)
            {
                hash = (hash * 31) + obj[obj.Length * i / 8];
            }

            return hash;
        }
    }
}
