using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace PledgeTracker.Tests.Db;

/// <summary>A look into the database of a server from outside, past everything that the server does to it.</summary>
internal static class PlainConnection
{
    public static DbConnection Open(TestServer server, bool toWrite = false)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = server.DatabasePath,
            Mode = toWrite ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        return connection;
    }

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
}
