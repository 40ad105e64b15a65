using System.Data;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace PledgeTracker.Data;

/// <summary>How Dapper reads and writes what the engines keep differently: SQLite has text where PostgreSQL has days and instants.</summary>
internal static class Columns
{
    private static readonly Lock Registering = new();
    private static bool _registered;

    /// <summary>Dapper keeps this for the whole process.</summary>
    public static void Register()
    {
        lock (Registering)
        {
            if (_registered)
            {
                return;
            }

            _registered = true;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            Map(value => value is string text ? Iso.ParseDate(text) : value is DateTime at ? DateOnly.FromDateTime(at) : (DateOnly)value,
                (_, day) => day);
            Map(value => value is string text ? Iso.ParseInstant(text) : new DateTimeOffset((DateTime)value),
                (parameter, at) => parameter is NpgsqlParameter ? at.UtcDateTime : Iso.Instant(at));
            Map(value => JsonSerializer.Deserialize<string[]>((string)value)!, (_, list) => JsonSerializer.Serialize(list));
            Map(value => JsonSerializer.Deserialize<int[]>((string)value)!, (_, list) => JsonSerializer.Serialize(list));
            // For Engine.AnyOf: one parameter and one text, however long the list.
            Map<List<long>>(value => throw new NotSupportedException(), (parameter, list) => parameter is NpgsqlParameter ? list : JsonSerializer.Serialize(list));
            Map<List<string>>(value => throw new NotSupportedException(), (parameter, list) => parameter is NpgsqlParameter ? list : JsonSerializer.Serialize(list));
        }
    }

    private static void Map<T>(Func<object, T> read, Func<IDbDataParameter, T, object> write)
    {
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.AddTypeHandler(new Column<T>(read, write));
    }

    private sealed class Column<T>(Func<object, T> read, Func<IDbDataParameter, T, object> write) : SqlMapper.TypeHandler<T>
    {
        public override T Parse(object value) => read(value);

        public override void SetValue(IDbDataParameter parameter, T? value) => parameter.Value = value is null ? DBNull.Value : write(parameter, value);
    }
}
