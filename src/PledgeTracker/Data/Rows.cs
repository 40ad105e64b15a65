namespace PledgeTracker.Data;

/// <summary>
/// The rows of a query, one after the other, read where SQLite holds them. Dispose it when they are read. Other queries may be run
/// meanwhile; the same one may not.
/// </summary>
public readonly unsafe ref struct Rows
{
    private readonly Statement _statement;
    private readonly string _sql;

    internal Rows(Statement statement, string sql) => (_statement, _sql) = (statement, sql);

    /// <summary>Goes to the first row, or from one to the next; false when there is none.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">What the database had against it.</exception>
    public bool Next() => _statement.Step();

    /// <summary>The whole row as a value: a column's name without underscores is the property's name.</summary>
    public T As<T>() => _statement.Parser<T>(_sql)(_statement.Pointer);

    public bool IsNull(int column) => Native.ColumnType(_statement.Pointer, column) == SQLitePCL.raw.SQLITE_NULL;

    /// <summary>A column's whole number; 0 for NULL.</summary>
    public long Whole(int column) => Native.ColumnWhole(_statement.Pointer, column);

    /// <summary>A column's text in UTF-8, valid until the next row or the end; false for NULL.</summary>
    public bool TryText(int column, out ReadOnlySpan<byte> text)
    {
        var start = Native.ColumnText(_statement.Pointer, column);
        text = new ReadOnlySpan<byte>(start, start is null ? 0 : Native.ColumnBytes(_statement.Pointer, column));
        return start is not null;
    }

    /// <summary>A column's text in UTF-8, valid until the next row or the end; empty for NULL.</summary>
    public ReadOnlySpan<byte> Text(int column) => TryText(column, out var text) ? text : [];

    public void Dispose() => _statement.Reset();
}
