using System.Collections.Concurrent;

namespace PledgeTracker.Data;

/// <summary>
/// Rows that queries found by key in one edition of the reference data: exact, because each change makes another edition. When there are
/// too many, the next reader begins again.
/// </summary>
internal sealed class RememberedRows(long edition)
{
    private const int Most = 16_384;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, object?>> _bySql = new(Session.ByText.Comparer);
    private int _count;

    public long Edition => edition;

    public bool IsFull => _count >= Most;

    public bool TryFind(string sql, ReadOnlySpan<char> key, out object? row)
    {
        row = null;
        return _bySql.TryGetValue(sql, out var rows) && rows.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out row);
    }

    public void Keep(string sql, ReadOnlySpan<char> key, object? row)
    {
        if (!IsFull && _bySql.GetOrAdd(sql, static _ => new()).TryAdd(key.ToString(), row))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
