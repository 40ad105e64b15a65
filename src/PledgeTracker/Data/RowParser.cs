using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>
/// Makes rows into values: a column's name without underscores is the property's name. What SQLite keeps as text becomes dates,
/// instants and lists here.
/// </summary>
/// <remarks>
/// Compiled once for each query, and reads SQLite's columns without the provider's reader between: with that, and Dapper's boxes and
/// conversions, mapping a pledge cost four times as much as finding it.
/// </remarks>
internal static class RowParser
{
    private static readonly ConcurrentDictionary<(string Sql, Type Row), Delegate> Known = new();

    private static readonly Dictionary<Type, MethodInfo> Columns =
        typeof(Column).GetMethods(BindingFlags.Public | BindingFlags.Static).ToDictionary(m => m.ReturnType);

    public static Func<sqlite3_stmt, T> Of<T>(string sql, SqliteDataReader reader)
    {
        // Filters make statements in many combinations: keep the working set, not every one there ever was.
        if (Known.Count >= 1000)
        {
            Known.Clear();
        }

        return (Func<sqlite3_stmt, T>)Known.GetOrAdd((sql, typeof(T)), static (_, r) => Compile<T>(r), reader);
    }

    private static Func<sqlite3_stmt, T> Compile<T>(SqliteDataReader reader)
    {
        var statement = Expression.Parameter(typeof(sqlite3_stmt));
        if (Columns.TryGetValue(typeof(T), out var single))
        {
            return Expression.Lambda<Func<sqlite3_stmt, T>>(Expression.Call(single, statement, Expression.Constant(0)), statement).Compile();
        }

        var properties = typeof(T).GetProperties().Where(p => p.CanWrite).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var bindings = new List<MemberBinding>();
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (properties.Remove(reader.GetName(i).Replace("_", "", StringComparison.Ordinal), out var property))
            {
                bindings.Add(Expression.Bind(property, Expression.Call(Columns[property.PropertyType], statement, Expression.Constant(i))));
            }
        }

        return Expression.Lambda<Func<sqlite3_stmt, T>>(Expression.MemberInit(Expression.New(typeof(T)), bindings), statement).Compile();
    }

    /// <summary>One for each type that a row can hold, found by what it returns.</summary>
    private static class Column
    {
        public static long Whole(sqlite3_stmt s, int i) => raw.sqlite3_column_int64(s, i);

        public static long? WholeOrNull(sqlite3_stmt s, int i) => IsNull(s, i) ? null : raw.sqlite3_column_int64(s, i);

        public static int Small(sqlite3_stmt s, int i) => checked((int)raw.sqlite3_column_int64(s, i));

        public static int? SmallOrNull(sqlite3_stmt s, int i) => IsNull(s, i) ? null : Small(s, i);

        public static bool Flag(sqlite3_stmt s, int i) => raw.sqlite3_column_int64(s, i) != 0;

        public static string? Text(sqlite3_stmt s, int i) => raw.sqlite3_column_text(s, i).utf8_to_string();

        public static byte[] Bytes(sqlite3_stmt s, int i) => raw.sqlite3_column_blob(s, i).ToArray();

        public static DateOnly Date(sqlite3_stmt s, int i) => Iso.ParseDate(Text(s, i)!);

        public static DateOnly? DateOrNull(sqlite3_stmt s, int i) => Text(s, i) is { } text ? Iso.ParseDate(text) : null;

        public static DateTimeOffset Instant(sqlite3_stmt s, int i) => Iso.ParseInstant(Text(s, i)!);

        public static DateTimeOffset? InstantOrNull(sqlite3_stmt s, int i) => Text(s, i) is { } text ? Iso.ParseInstant(text) : null;

        public static string[] Texts(sqlite3_stmt s, int i) => Text(s, i) is not "[]" and { } text ? JsonSerializer.Deserialize<string[]>(text)! : [];

        public static int[] Numbers(sqlite3_stmt s, int i) => Text(s, i) is not "[]" and { } text ? JsonSerializer.Deserialize<int[]>(text)! : [];

        // A key that is a number in some tables and a text in others.
        public static object? Key(sqlite3_stmt s, int i) => raw.sqlite3_column_type(s, i) == raw.SQLITE_INTEGER ? raw.sqlite3_column_int64(s, i) : Text(s, i);
    }

    private static bool IsNull(sqlite3_stmt s, int i) => raw.sqlite3_column_type(s, i) == raw.SQLITE_NULL;
}
