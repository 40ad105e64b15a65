namespace PledgeTracker.Data;

/// <summary>What can be queried: a snapshot, or the transaction of a write. What shows a record serves reads and the answers of writes alike.</summary>
public interface IQueries
{
    /// <summary>The rows of a query, to be read in place.</summary>
    Rows Read(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>All rows of a query.</summary>
    List<T> Query<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>The first row of a query, or the default value where there is none.</summary>
    T? First<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>
    /// The row that a query finds by `@key`, or null. Few rows are named by many others, so they are remembered while the reference data
    /// stays the same. The query may read nothing but tables whose triggers count in `reference_data`.
    /// </summary>
    T? Remembered<T>(string sql, ReadOnlySpan<char> key)
        where T : class;
}
