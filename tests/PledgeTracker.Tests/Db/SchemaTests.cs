using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace PledgeTracker.Tests.Db;

public sealed class SchemaTests(SchemaTests.EmptyServer server) : IClassFixture<SchemaTests.EmptyServer>
{
    private const string Opening = """
        -- The whole current schema: what db/migrations make of an empty file, each table with its indexes and triggers.
        -- Written by the tests (PLEDGETRACKER_UPDATE=1 dotnet test) and compared by them. To change the schema, add a migration.

        """;

    public sealed class EmptyServer : TestServer
    {
        public EmptyServer() => Seed = "none";
    }

    [Fact]
    public async Task The_schema_file_is_what_the_migrations_make()
    {
        using var migrated = PlainConnection.Open(server);
        await Repository.MatchesAsync("db/schema.sql", Schema(migrated));
    }

    [Fact]
    public void The_schema_as_it_is_written_makes_the_same_database()
    {
        using var migrated = PlainConnection.Open(server);
        using var made = new SqliteConnection("Data Source=:memory:");
        made.Open();
        made.Execute(Schema(migrated));
        Assert.Equal(Schema(migrated), Schema(made));
    }

    [Fact]
    public void Every_table_is_strict()
    {
        using var migrated = PlainConnection.Open(server);
        Assert.Empty(migrated.Query<string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'"));
    }

    // Tables in the order in which they were made, each followed by its indexes and triggers. SQLite makes its own tables, and those
    // inside a full-text index, itself.
    private static string Schema(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT o.sql, o.type
            FROM sqlite_schema o
            JOIN sqlite_schema t ON t.name = o.tbl_name AND t.type IN ('table', 'view')
            JOIN pragma_table_list l ON l.name = t.name AND l.schema = 'main' AND l.type <> 'shadow'
            WHERE o.sql IS NOT NULL AND o.name NOT LIKE 'sqlite\_%' ESCAPE '\'
            ORDER BY t.rowid, o.type NOT IN ('table', 'view'), o.type, o.rowid
            """;
        using var reader = command.ExecuteReader();
        var schema = new System.Text.StringBuilder(Opening);
        while (reader.Read())
        {
            schema.Append(reader.GetString(1) is "table" or "view" ? "\n" : "").Append(reader.GetString(0)).Append(";\n");
        }

        return schema.ToString();
    }
}
