using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using System.Text.Json;
using SQLitePCL;

namespace PledgeTracker.Data;

/// <summary>
/// Makes rows into values: a column's name without underscores is the property's name. What SQLite keeps as text becomes dates,
/// instants and lists here.
/// </summary>
/// <remarks>
/// Compiled once for each query, and reads SQLite's columns without the provider's reader between: with that, and Dapper's boxes and
/// conversions, mapping a pledge cost four times as much as finding it. See docs/decisions/0004.
/// </remarks>
internal static unsafe class RowParser
{
    private static readonly ConcurrentDictionary<(string Sql, Type Row), Delegate> Known = new();

    private static readonly Dictionary<Type, MethodInfo> Columns =
        typeof(Column).GetMethods(BindingFlags.Public | BindingFlags.Static).ToDictionary(m => m.ReturnType);

    public static Func<nint, T> Of<T>(string sql, sqlite3_stmt statement)
    {
        // Filters make statements in many combinations: keep the working set, not every one there ever was.
        if (Known.Count >= 1000)
        {
            Known.Clear();
        }

        return (Func<nint, T>)Known.GetOrAdd((sql, typeof(T)), static (_, s) => Compile<T>(s), statement);
    }

    private static Func<nint, T> Compile<T>(sqlite3_stmt prepared)
    {
        var statement = Expression.Parameter(typeof(nint));
        if (Columns.TryGetValue(typeof(T), out var single))
        {
            return Expression.Lambda<Func<nint, T>>(Expression.Call(single, statement, Expression.Constant(0)), statement).Compile();
        }

        var properties = typeof(T).GetProperties().Where(p => p.CanWrite).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var bindings = new List<MemberBinding>();
        for (var i = 0; i < raw.sqlite3_column_count(prepared); i++)
        {
            if (properties.Remove(raw.sqlite3_column_name(prepared, i).utf8_to_string().Replace("_", "", StringComparison.Ordinal), out var property))
            {
                bindings.Add(Expression.Bind(property, Expression.Call(Columns[property.PropertyType], statement, Expression.Constant(i))));
            }
        }

        return Expression.Lambda<Func<nint, T>>(Expression.MemberInit(Expression.New(typeof(T)), bindings), statement).Compile();
    }

    /// <summary>One for each type that a row can hold, found by what it returns.</summary>
    private static class Column
    {
        public static long Whole(nint s, int i) => Native.ColumnWhole(s, i);

        public static long? WholeOrNull(nint s, int i) => IsNull(s, i) ? null : Native.ColumnWhole(s, i);

        public static int Small(nint s, int i) => checked((int)Native.ColumnWhole(s, i));

        public static int? SmallOrNull(nint s, int i) => IsNull(s, i) ? null : Small(s, i);

        public static bool Flag(nint s, int i) => Native.ColumnWhole(s, i) != 0;

        public static string? Text(nint s, int i) => Native.ColumnText(s, i) is var text && text is not null ? Encoding.UTF8.GetString(text, Native.ColumnBytes(s, i)) : null;

        public static byte[] Bytes(nint s, int i) => new ReadOnlySpan<byte>(Native.ColumnBlob(s, i), Native.ColumnBytes(s, i)).ToArray();

        public static DateOnly Date(nint s, int i) => Iso.ParseDate(Text(s, i)!);

        public static DateOnly? DateOrNull(nint s, int i) => Text(s, i) is { } text ? Iso.ParseDate(text) : null;

        public static DateTimeOffset Instant(nint s, int i) => Iso.ParseInstant(Text(s, i)!);

        public static DateTimeOffset? InstantOrNull(nint s, int i) => Text(s, i) is { } text ? Iso.ParseInstant(text) : null;

        // Lists of codes and of years, as they are stored; what has escapes in it goes the long way.
        public static string[] Texts(nint s, int i) => Text(s, i) switch
        {
            null or "[]" => [],
            ['[', '"', .. var codes, '"', ']'] when !codes.Contains('\\', StringComparison.Ordinal) => codes.Split("\",\""),
            var text => JsonSerializer.Deserialize<string[]>(text)!,
        };

        public static int[] Numbers(nint s, int i) => Text(s, i) is not "[]" and { } text ? JsonSerializer.Deserialize<int[]>(text)! : [];

        // A key that is a number in some tables and a text in others.
        public static object? Key(nint s, int i) => Native.ColumnType(s, i) == raw.SQLITE_INTEGER ? Native.ColumnWhole(s, i) : Text(s, i);
    }

    private static bool IsNull(nint s, int i) => Native.ColumnType(s, i) == raw.SQLITE_NULL;
}
