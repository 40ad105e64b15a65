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
    private readonly byte[] _arena = GC.AllocateUninitializedArray<byte>(16 << 10, pinned: true);

    internal Session(SqliteConnection connection) => Connection = connection;

    internal SqliteConnection Connection { get; }

    internal bool InTransaction => raw.sqlite3_get_autocommit(Connection.Handle!) == 0;

    /// <summary>Told of every statement that is run: what a test explains is then what an endpoint really asks.</summary>
    internal Action<string>? Observer { get; set; }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            var rows = new List<T>();
            if (statement.Step())
            {
                var parse = statement.Parser<T>(sql);
                do
                {
                    rows.Add(parse(statement.Pointer));
                }
                while (statement.Step());
            }

            return rows;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The first row of a query, or the default value where there is none.</summary>
    public T? First<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            return statement.Step() ? statement.Parser<T>(sql)(statement.Pointer) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <inheritdoc/>
    public virtual T? Remembered<T>(string sql, string key)
        where T : class => First<T>(sql, ("@key", key));

    /// <summary>Runs a statement; the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            while (statement.Step())
            {
            }

            return raw.sqlite3_changes(Connection.Handle!);
        }
        finally
        {
            statement.Reset();
        }
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
        Forget();
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
                Forget();
            }

            statement = new Statement(Connection.Handle!, sql, parameters);
            _prepared.Add(sql, statement);
        }

        statement.Bind(parameters, _arena);
        return statement;
    }

    private void Forget()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        _prepared.Clear();
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
