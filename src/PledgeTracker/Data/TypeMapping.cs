using System.Data;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;

namespace PledgeTracker.Data;

/// <summary>How Dapper reads what SQLite keeps as text.</summary>
internal static class TypeMapping
{
    // A module initializer, so that no path into the database can forget it.
    [ModuleInitializer]
    internal static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new DateHandler());
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new JsonHandler<string[]>());
        SqlMapper.AddTypeHandler(new JsonHandler<int[]>());
    }

    private sealed class DateHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => Iso.ParseDate((string)value);

        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = Iso.Date(value);
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => Iso.ParseInstant((string)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = Iso.Instant(value);
    }

    private sealed class JsonHandler<T> : SqlMapper.TypeHandler<T>
    {
        // Most lists are empty; those cost no parser.
        private static readonly T Empty = JsonSerializer.Deserialize<T>("[]")!;

        public override T Parse(object value) => value is "[]" ? Empty : JsonSerializer.Deserialize<T>((string)value)!;

        public override void SetValue(IDbDataParameter parameter, T? value) => parameter.Value = JsonSerializer.Serialize(value);
    }
}
