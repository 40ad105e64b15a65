using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using PledgeTracker.Data;

namespace PledgeTracker.Ledger;

/// <summary>
/// The columns of a row whose value is another: SQLite takes a row out of each index that a column of the SET stands in and puts it back,
/// even where nothing changes. Columns are named as parameters are, with an @.
/// </summary>
internal sealed class ChangedRow(string table)
{
    // A statement for each set of columns that ever changed together. They are few, and each write would put together the same again.
    private static readonly ConcurrentDictionary<(string Table, int Columns), string> Statements = new();

    private readonly List<(string Column, object? Value)> _parameters = new(16);
    private int _columns;
    private int _column = 1;

    /// <summary>A column that is written in any case.</summary>
    public void Set(string column, object? value)
    {
        _parameters.Add((column, value));
        _columns |= _column;
        _column <<= 1;
    }

    public void Set<T>(string column, T was, T now)
    {
        if (EqualityComparer<T>.Default.Equals(was, now))
        {
            _column <<= 1;
        }
        else
        {
            Set(column, now);
        }
    }

    public void Set(Sums was, Sums now)
    {
        Set("@pledged_usd", was.Pledged, now.Pledged);
        Set("@withdrawn_usd", was.Withdrawn, now.Withdrawn);
        Set("@committed_usd", was.Committed, now.Committed);
        Set("@paid_usd", was.Paid, now.Paid);
        Set("@paid_on_pledged_usd", was.PaidOnPledged, now.PaidOnPledged);
        Set("@outstanding_usd", was.Outstanding, now.Outstanding);
    }

    /// <summary>Writes what changed, if anything did. All writes to a table name the same columns in the same order, and the same key.</summary>
    public void Write(Write write, params ReadOnlySpan<(string Column, object? Value)> key)
    {
        if (_columns == 0)
        {
            return;
        }

        _parameters.AddRange(key);
        var sql = Statements.GetOrAdd((table, _columns), static (_, row) => row.Statement(), this);
        write.Execute(sql, CollectionsMarshal.AsSpan(_parameters));
    }

    private string Statement()
    {
        var changed = BitOperations.PopCount((uint)_columns);
        var columns = _parameters.ConvertAll(p => $"{p.Column[1..]} = {p.Column}");
        return $"UPDATE {table} SET {string.Join(", ", columns[..changed])} WHERE {string.Join(" AND ", columns[changed..])}";
    }
}
