using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Dapper;

namespace PledgeTracker.Tests.Db;

/// <summary>
/// Dapper leaves a member null, `required` or not, where a statement has no column for it. Under test it refuses: every statement that any test has a server
/// send, on either engine, has a column for each member of what its rows are read into.
/// </summary>
internal static class Shapes
{
    // Read beside others that have them: a list says which instrument it asked for.
    private static readonly HashSet<string> NotInEveryStatement = ["Row.First", "Row.Second", "TotalRow.Instrument"];

    private static readonly ConcurrentDictionary<Type, bool> Read = [];

    /// <summary>What rows have been read into since the process started.</summary>
    public static IEnumerable<Type> Seen => Read.Keys;

    [ModuleInitializer]
    internal static void Watch()
    {
        var standard = SqlMapper.TypeMapProvider;
        SqlMapper.TypeMapProvider = type => type.Assembly == typeof(Program).Assembly ? new Whole(type, standard(type)) : standard(type);
    }

    /// <summary>How a type is read, once it was seen that all of it is.</summary>
    private sealed class Whole(Type type, SqlMapper.ITypeMap standard) : SqlMapper.ITypeMap
    {
        public ConstructorInfo? FindConstructor(string[] names, Type[] types)
        {
            var columns = names.Select(name => name.Replace("_", "", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var missing = type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(member => member.SetMethod is not null && !columns.Contains(member.Name) && !NotInEveryStatement.Contains($"{type.Name}.{member.Name}"))
                .Select(member => member.Name).ToList();
            Read[type.IsGenericType ? type.GetGenericTypeDefinition() : type] = true;
            return missing.Count == 0
                ? standard.FindConstructor(names, types)
                : throw new InvalidOperationException($"A statement with the columns {string.Join(", ", names)} is read into {type}, and has none for {string.Join(", ", missing)}.");
        }

        public ConstructorInfo? FindExplicitConstructor() => standard.FindExplicitConstructor();

        public SqlMapper.IMemberMap? GetConstructorParameter(ConstructorInfo constructor, string columnName) => standard.GetConstructorParameter(constructor, columnName);

        public SqlMapper.IMemberMap? GetMember(string columnName) => standard.GetMember(columnName);
    }
}
