using System.Data.Common;

namespace PledgeTracker.Tests.Db;

/// <summary>A look into the database of a server from outside, past everything that the server does to it.</summary>
internal static class PlainConnection
{
    public static DbConnection Open(TestServer server) => server.OpenDatabaseAsync().GetAwaiter().GetResult();

    /// <summary>The first column of every row.</summary>
    public static List<T> Query<T>(this DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<T>();
        while (reader.Read())
        {
            values.Add(reader.GetFieldValue<T>(0));
        }

        return values;
    }

    public static int Execute(this DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public static List<string> Columns(this DbConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} LIMIT 0";
        using var reader = command.ExecuteReader();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }
}
