using Microsoft.Data.Sqlite;
using PledgeTracker.Data;

namespace PledgeTracker.Tests.Db;

public sealed class SchemaTests : IDisposable
{
    private const string Opening = """
        -- The whole current schema: what db/migrations make of an empty file, each table with its indexes and triggers.
        -- Written by the tests (PLEDGETRACKER_UPDATE=1 dotnet test) and compared by them. To change the schema, add a migration.

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_schema_file_is_what_the_migrations_make()
    {
        using var connection = Migrated();
        await Repository.MatchesAsync("db/schema.sql", Schema(connection));
    }

    [Fact]
    public void The_schema_as_it_is_written_makes_the_same_database()
    {
        using var migrated = Migrated();
        using var made = new Database(Path.Combine(_folder, "made.db")).OpenForWriting();
        using (var command = made.CreateCommand())
        {
            command.CommandText = Schema(migrated);
            command.ExecuteNonQuery();
        }

        Assert.Equal(Schema(migrated), Schema(made));
    }

    [Fact]
    public void Every_table_is_strict()
    {
        using var connection = Migrated();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'";
        Assert.Equal(DBNull.Value, command.ExecuteScalar());
    }

    private SqliteConnection Migrated()
    {
        var connection = new Database(Path.Combine(_folder, "migrated.db")).OpenForWriting();
        Migrations.Apply(connection, TimeProvider.System);
        return connection;
    }

    // Tables in the order in which they were made, each followed by its indexes and triggers. SQLite makes its own tables, and those
    // inside a full-text index, itself.
    private static string Schema(SqliteConnection connection)
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
