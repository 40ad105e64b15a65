using System.Text;
using Microsoft.Data.Sqlite;
using PledgeTracker.Data;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Data;

public sealed class MigrationsTests : IDisposable
{
    private static readonly FixedClock Clock = new(new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));

    private static readonly (string, byte[]) First = Sql("0001_first.sql", "CREATE TABLE first (a TEXT); INSERT INTO first VALUES ('kept');");
    private static readonly (string, byte[]) Second = Sql("0002_second.sql", "CREATE TABLE second (b TEXT);");
    private static readonly (string, byte[]) Third = Sql("0003_third.sql", "CREATE TABLE third (c TEXT);");

    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private readonly SqliteConnection _connection;

    public MigrationsTests() => _connection = new Database(Path.Combine(_folder, "test.db")).OpenForWriting();

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Migrations_are_applied_in_order_and_recorded()
    {
        Migrations.Apply(_connection, Clock, [First, Sql("0002_more.sql", "INSERT INTO first VALUES ('more');")]);
        Assert.Equal("kept,more", Text("SELECT group_concat(a) FROM first"));
        Assert.Equal("0001_first.sql 2024-05-01T12:00:00.000Z,0002_more.sql 2024-05-01T12:00:00.000Z",
            Text("SELECT group_concat(name || ' ' || applied_at) FROM schema_migration WHERE length(sha256) = 64"));
    }

    [Fact]
    public void Applying_twice_is_harmless_and_brings_only_what_is_new()
    {
        Migrations.Apply(_connection, Clock, [First]);
        Migrations.Apply(_connection, Clock, [First]);
        Migrations.Apply(_connection, Clock, [First, Second]);
        Assert.Equal("first,schema_migration,second", Tables());
        Assert.Equal("kept", Text("SELECT group_concat(a) FROM first"));
    }

    [Fact]
    public void The_programs_own_migrations_can_be_applied_twice()
    {
        Migrations.Apply(_connection, Clock);
        var tables = Tables();
        Migrations.Apply(_connection, Clock);
        Assert.Contains("ledger_entry", tables, StringComparison.Ordinal);
        Assert.Equal(tables, Tables());
    }

    [Fact]
    public void Totals_that_were_kept_under_the_second_migration_are_the_same_under_the_third()
    {
        var own = Directory.GetFiles(Path.Combine(Repository.Root, "db", "migrations")).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))).ToArray();
        Migrations.Apply(_connection, Clock, own[..2]);
        Text("INSERT INTO total (scope, id, instrument, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd) " +
             "VALUES ('donor', 'usa', 'grant', 1, 2, 3, 4, 5, 6, 7), ('fund', 'undp-ffs', 'all', 8, 9, 10, 11, 12, 13, 14)");
        Migrations.Apply(_connection, Clock, own);
        Assert.Equal("donor usa grant 1 2 3 4 5 6 7,fund undp-ffs all 8 9 10 11 12 13 14", Text("""
            SELECT group_concat(concat_ws(' ', scope, id, instrument, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd))
            FROM total
            """));
    }

    [Fact]
    public void The_fourth_migration_names_the_donor_of_headers_whose_only_line_says_what_they_say()
    {
        var own = Directory.GetFiles(Path.Combine(Repository.Root, "db", "migrations")).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))).ToArray();
        Migrations.Apply(_connection, Clock, own[..3]);
        Text("""
            INSERT INTO organization (id, name_en, type, search, version) VALUES ('usa', 'USA', '10', 'usa', 1), ('deu', 'Germany', '10', 'germany', 1);
            INSERT INTO pledge (no, id, origin, instrument, currency, qualifier, announced_on, date_precision, recorded_at, recorded_by, version, amount_minor) VALUES
                (1, 'alone', 'announced', 'grant', 'USD', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'local', 1, 100),
                (2, 'joint', 'announced', 'grant', 'USD', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'local', 1, 200),
                (3, 'direct', 'direct', 'grant', NULL, 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'local', 1, NULL),
                (4, 'reversed', 'announced', 'grant', 'USD', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'local', 1, 0),
                (5, 'empty', 'announced', 'grant', 'USD', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'local', 1, NULL);
            INSERT INTO line (pledge_no, donor_id, has_pledge, amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd,
                outstanding_usd, outstanding_minor, status, origin, announced_on, header_pledged_usd, header_outstanding_usd) VALUES
                (1, 'usa', 1, 100, 100, 0, 0, 0, 0, 100, 100, 'announced', 'announced', '2024-01-01', 100, 100),
                (2, 'usa', 1, 100, 100, 0, 0, 0, 0, 100, 100, 'announced', 'announced', '2024-01-01', 200, 200),
                (2, 'deu', 1, 100, 100, 0, 0, 0, 0, 100, 100, 'announced', 'announced', '2024-01-01', 200, 200),
                (3, 'deu', 0, 0, 0, 0, 10, 10, 0, 0, 0, 'paid', 'direct', '2024-01-01', 0, 0),
                (4, 'usa', 0, 0, 0, 0, 10, 10, 0, 0, 0, 'paid', 'announced', '2024-01-01', 0, 0);
            """);
        Migrations.Apply(_connection, Clock, own);
        Assert.Equal("alone usa,joint -,direct deu,reversed -,empty -",
            Text("SELECT group_concat(id || ' ' || coalesce(sole_donor_id, '-') ORDER BY no) FROM pledge"));
    }

    [Fact]
    public void An_edited_migration_is_refused_and_nothing_is_applied()
    {
        Migrations.Apply(_connection, Clock, [First, Second]);
        var edited = Sql("0002_second.sql", "CREATE TABLE second (b INTEGER);");
        var fault = Assert.Throws<InvalidOperationException>(() => Migrations.Apply(_connection, Clock, [First, edited, Third]));
        Assert.Contains("0002_second.sql was edited", fault.Message, StringComparison.Ordinal);
        Assert.Equal("first,schema_migration,second", Tables());
    }

    [Fact]
    public void A_newer_database_is_refused_and_left_as_it_is()
    {
        Migrations.Apply(_connection, Clock, [First, Third]);
        var fault = Assert.Throws<InvalidOperationException>(() => Migrations.Apply(_connection, Clock, [First, Second]));
        Assert.Contains("0003_third.sql", fault.Message, StringComparison.Ordinal);
        Assert.Equal("first,schema_migration,third", Tables());
    }

    [Fact]
    public void A_migration_that_fails_leaves_nothing_of_itself()
    {
        var broken = Sql("0002_broken.sql", "CREATE TABLE second (b TEXT); INSERT INTO nowhere VALUES (1);");
        Assert.Throws<SqliteException>(() => Migrations.Apply(_connection, Clock, [First, broken]));
        Assert.Equal("first,schema_migration", Tables());
        Migrations.Apply(_connection, Clock, [First, Second]);
        Assert.Equal("first,schema_migration,second", Tables());
    }

    private static (string, byte[]) Sql(string name, string sql) => (name, Encoding.UTF8.GetBytes(sql));

    private string Tables() => Text("SELECT group_concat(name ORDER BY name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");

    private string Text(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
