using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>A prepared statement of one connection: bound, stepped and reset, and prepared only once.</summary>
internal sealed unsafe class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _handle;
    private readonly int[] _places;

    // The bound texts stay here, where nothing moves them, until the statement is bound anew.
    private readonly byte[] _texts;
    private Delegate? _parser;

    public Statement(sqlite3 database, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _handle));
        Pointer = _handle.DangerousGetHandle();
        _places = new int[parameters.Length];
        _texts = parameters.IsEmpty ? [] : GC.AllocateUninitializedArray<byte>(2048, pinned: true);
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i] = raw.sqlite3_bind_parameter_index(_handle, parameters[i].Name);
        }

        if (_places.Contains(0) || _places.Distinct().Count() != raw.sqlite3_bind_parameter_count(_handle))
        {
            _handle.Dispose();
            throw new InvalidOperationException($"The parameters are not those of the statement: {sql}");
        }
    }

    /// <summary>SQLite's own handle, from which <see cref="RowParser"/> reads the current row.</summary>
    public nint Pointer { get; }

    /// <summary>Whether it is bound, and its rows are being read or about to be.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Binds the values, in the order in which the names were given when the statement was prepared.</summary>
    /// <exception cref="InvalidOperationException">Its rows are still being read.</exception>
    public void Bind(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (IsOpen)
        {
            throw new InvalidOperationException("A statement was run again while its rows were read.");
        }

        if (parameters.Length != _places.Length)
        {
            throw new InvalidOperationException($"The statement takes {_places.Length} parameters, not {parameters.Length}.");
        }

        var rest = _texts.AsSpan();
        Span<char> letters = stackalloc char[Iso.Longest];
        for (var i = 0; i < parameters.Length; i++)
        {
            var place = _places[i];
            Check(parameters[i].Value switch
            {
                null => Native.BindNull(Pointer, place),
                string text => BindText(place, text, ref rest),
                long whole => Native.BindWhole(Pointer, place, whole),
                int whole => Native.BindWhole(Pointer, place, whole),
                bool flag => Native.BindWhole(Pointer, place, flag ? 1 : 0),
                DateOnly date => BindText(place, Iso.Date(date, letters), ref rest),
                DateTimeOffset instant => BindText(place, Iso.Instant(instant, letters), ref rest),
                byte[] bytes => BindBytes(place, bytes),
                var other => throw new InvalidOperationException($"{parameters[i].Name} is a {other.GetType()}, which no column holds."),
            });
        }

        IsOpen = true;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    /// <exception cref="SqliteException">What the database had against it.</exception>
    public bool Step()
    {
        var result = Native.Step(Pointer);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(result);
        }

        return result == raw.SQLITE_ROW;
    }

    /// <summary>Ready to be bound again. What went wrong was said by the step.</summary>
    public void Reset()
    {
        IsOpen = false;
        _ = Native.Reset(Pointer);
    }

    /// <summary>Makes the current row into a value.</summary>
    public Func<nint, T> Parser<T>(string sql) => _parser as Func<nint, T> ?? Compiled<T>(sql);

    public void Dispose() => _handle.Dispose();

    private Func<nint, T> Compiled<T>(string sql)
    {
        var parser = RowParser.Of<T>(sql, _handle);
        _parser = parser;
        return parser;
    }

    private int BindText(int place, scoped ReadOnlySpan<char> text, ref Span<byte> rest)
    {
        if (rest.Length > text.Length && Encoding.UTF8.TryGetBytes(text, rest, out var written))
        {
            fixed (byte* start = rest)
            {
                rest = rest[written..];
                return Native.BindText(Pointer, place, start, written, Native.Static);
            }
        }

        var copy = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        fixed (byte* start = copy)
        {
            return Native.BindText(Pointer, place, start, Encoding.UTF8.GetBytes(text, copy), Native.Transient);
        }
    }

    private int BindBytes(int place, byte[] bytes)
    {
        // No bytes at all would be the null pointer, and that is NULL.
        fixed (byte* start = bytes is [] ? [0] : bytes)
        {
            return Native.BindBlob(Pointer, place, start, bytes.Length, Native.Transient);
        }
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
