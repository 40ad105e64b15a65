using Microsoft.Data.Sqlite;

namespace PledgeTracker.Data;

/// <summary>
/// One connection with the statements it has prepared. A statement is prepared once per connection and then only bound and
/// stepped: preparing costs more than running most of ours. <see cref="RowParser"/> maps the rows. Not for use by two threads at once.
/// </summary>
public class Session : IQueries, IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    internal Session(SqliteConnection connection) => Connection = connection;

    internal SqliteConnection Connection { get; }

    /// <summary>Told of every statement that is run: what a test explains is then what an endpoint really asks.</summary>
    internal Action<string>? Observer { get; set; }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Bind(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        if (!reader.Read())
        {
            return rows;
        }

        var parse = RowParser.Of<T>(sql, reader);
        var statement = reader.Handle!;
        do
        {
            rows.Add(parse(statement));
        }
        while (reader.Read());
        return rows;
    }

    /// <summary>The first row of a query, or the default value where there is none.</summary>
    public T? First<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Bind(sql, parameters).ExecuteReader();
        return reader.Read() ? RowParser.Of<T>(sql, reader)(reader.Handle!) : default;
    }

    /// <summary>Runs a statement; the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Bind(sql, parameters).ExecuteNonQuery();

    /// <summary>Inserts a row; its number. (RETURNING would make SQLite open a table in memory for it, each time.)</summary>
    public long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Execute(sql, parameters);
        return SQLitePCL.raw.sqlite3_last_insert_rowid(Connection.Handle!);
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
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Observer?.Invoke(sql);
        if (!_prepared.TryGetValue(sql, out var command))
        {
            // Filters make statements in many combinations: keep the working set, not every one there ever was.
            if (_prepared.Count >= 500)
            {
                foreach (var old in _prepared.Values)
                {
                    old.Dispose();
                }

                _prepared.Clear();
            }

            command = Connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value switch
            {
                null => DBNull.Value,
                DateOnly date => Iso.Date(date),
                DateTimeOffset instant => Iso.Instant(instant),
                var value => value,
            };
        }

        return command;
    }
}
