using System.Data.Common;

namespace PledgeTracker.Tests.Db;

/// <summary>db/sqlite and db/postgres are one schema. Both engines are asked what they made of it; nobody reads their SQL.</summary>
public sealed class TwoSchemasTests : IAsyncLifetime
{
    // What stands for a type of PostgreSQL on SQLite, which has four of them.
    private static readonly Dictionary<string, string> Types = new()
    {
        ["text"] = "TEXT",
        ["date"] = "TEXT",
        ["timestamp with time zone"] = "TEXT",
        ["bigint"] = "INTEGER",
        ["boolean"] = "INTEGER",
        ["bytea"] = "BLOB",
    };

    // Words to search: FTS5 on SQLite, a vector with an index of its own on PostgreSQL.
    private const string Words = "('pledge_text', 'contribution_text')";

    private SchemaDatabase? _sqlite, _postgres;

    private SchemaDatabase Sqlite => _sqlite!;

    private SchemaDatabase Postgres => _postgres!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await SchemaDatabase.CreateAsync(SqlEngine.Postgres);
        _sqlite = await SchemaDatabase.CreateAsync(SqlEngine.Sqlite);
    }

    public async ValueTask DisposeAsync()
    {
        await (_sqlite?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task They_have_the_same_tables_with_the_same_columns_in_the_same_order()
    {
        // The table, the column, its type, whether it may be null, whether it is computed, and what it is where nothing is said.
        var postgres = await Postgres.AskAsync($"""
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '',
                   CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN {Words} AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY c.relname, a.attnum
            """);
        var sqlite = await Sqlite.AskAsync("""
            SELECT t.name, x.name, x.type, CASE WHEN x."notnull" OR x.pk THEN 'True' ELSE 'False' END, CASE WHEN x.hidden THEN 'True' ELSE 'False' END, x.dflt_value
            FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) x
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
            ORDER BY t.name, x.cid
            """);
        Assert.Equal(sqlite, postgres.ConvertAll(row =>
        {
            var parts = row.Split('|');
            var value = parts[5].Replace("::text", "", StringComparison.Ordinal).Replace("false", "0", StringComparison.Ordinal);
            return string.Join('|', parts[0], parts[1], Types[parts[2]], parts[3], parts[4], value);
        }));
        Assert.NotEmpty(sqlite);
    }

    [Fact]
    public async Task They_have_the_same_keys()
    {
        var postgres = await Postgres.AskAsync($"""
            SELECT c.relname, k.contype, string_agg(a.attname, ',' ORDER BY n.place)
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            CROSS JOIN unnest(k.conkey) WITH ORDINALITY n (attnum, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = n.attnum
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT IN {Words} AND k.contype IN ('p', 'u')
            GROUP BY c.relname, k.oid, k.contype
            """);
        var sqlite = await Sqlite.AskAsync("""
            SELECT t.name, 'p', (SELECT group_concat(x.name, ',' ORDER BY x.pk) FROM pragma_table_info(t.name) x WHERE x.pk > 0)
            FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
            UNION ALL
            SELECT t.name, 'u', (SELECT group_concat(x.name, ',' ORDER BY x.seqno) FROM pragma_index_info(l.name) x)
            FROM pragma_table_list t JOIN pragma_index_list(t.name) l
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND l.origin = 'u'
            """);
        Assert.Equal(sqlite.Order(StringComparer.Ordinal), postgres.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task They_point_at_each_other_by_the_same_foreign_keys()
    {
        var postgres = await Postgres.AskAsync($"""
            SELECT c.relname, a.attname, o.relname, b.attname
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class o ON o.oid = k.confrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1] JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = k.confkey[1]
            WHERE k.contype = 'f' AND c.relname NOT IN {Words}
            """);
        var sqlite = await Sqlite.AskAsync("""
            SELECT t.name, k."from", k."table", k."to" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) k WHERE t.schema = 'main' AND t.type = 'table'
            """);
        Assert.Equal(sqlite.Order(StringComparer.Ordinal), postgres.Order(StringComparer.Ordinal));
        Assert.NotEmpty(sqlite);
    }

    [Fact]
    public async Task They_have_the_same_indexes()
    {
        // The table, the index, whether it is unique, whether it leaves rows out, and its columns.
        var postgres = await Postgres.AskAsync($"""
            SELECT c.relname, i.relname, x.indisunique, x.indpred IS NOT NULL, string_agg(a.attname, ',' ORDER BY n.place)
            FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
            CROSS JOIN unnest(x.indkey::int2[]) WITH ORDINALITY n (attnum, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = n.attnum
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT IN {Words}
              AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u'))
            GROUP BY c.relname, i.relname, x.indisunique, x.indpred IS NOT NULL
            """);
        // SQLite ends an index in the row number by itself. PostgreSQL has to be told, unless the id is there to break ties.
        var sqlite = await Sqlite.AskAsync("""
            SELECT t.name, l.name, CASE WHEN l."unique" THEN 'True' ELSE 'False' END, CASE WHEN l.partial THEN 'True' ELSE 'False' END,
                (SELECT group_concat(CASE x.cid WHEN -1 THEN (SELECT k.name FROM pragma_table_info(t.name) k WHERE k.pk > 0) ELSE x.name END, ',' ORDER BY x.seqno)
                    FROM pragma_index_xinfo(l.name) x
                    WHERE x.key OR (x.cid = -1 AND NOT l."unique" AND NOT EXISTS (SELECT 1 FROM pragma_index_info(l.name) d WHERE d.name = 'id')))
            FROM pragma_table_list t JOIN pragma_index_list(t.name) l
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND l.origin = 'c'
            """);
        Assert.Equal(sqlite.Order(StringComparer.Ordinal), postgres.Order(StringComparer.Ordinal));
        Assert.NotEmpty(sqlite);
    }

    [Fact]
    public async Task They_have_the_same_triggers_and_truncation_is_refused_where_deletion_is()
    {
        const string truncation = "_is_never_truncated";
        var sqlite = await Sqlite.AskAsync("SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger' ORDER BY tbl_name, name");
        var postgres = await Postgres.AskAsync("""
            SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY c.relname, t.tgname
            """);
        var kept = sqlite.Where(row => row.EndsWith("_is_never_deleted", StringComparison.Ordinal) || row.EndsWith("_is_kept", StringComparison.Ordinal))
            .Select(row => row.Split('|')[0]).ToList();
        Assert.NotEmpty(kept);
        Assert.Equal(sqlite.Concat(kept.Select(table => $"{table}|{table}{truncation}")).Order(StringComparer.Ordinal), postgres.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_text_of_PostgreSQL_is_compared_byte_by_byte()
    {
        Assert.Empty(await Postgres.AskAsync("""
            SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_collation l ON l.oid = a.attcollation
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND l.collname <> 'C'
            """));
        await Postgres.ExecuteAsync("""
            INSERT INTO organization (id, name_en, type, search, version) VALUES ('a-b', 'B', '10', 'b', 1), ('a', 'a', '10', 'a', 1), ('ab', 'C', '10', 'c', 1), ('a1', 'A', '10', 'a', 1)
            """);
        Assert.Equal(["a", "a-b", "a1", "ab"], await Postgres.AskAsync("SELECT id FROM organization ORDER BY id"));
        Assert.Equal(["A", "B", "C", "a"], await Postgres.AskAsync("SELECT name_en FROM organization ORDER BY name_en"));
    }

    [Fact]
    public async Task Neither_gives_numbers_by_itself()
    {
        Assert.Empty(await Postgres.AskAsync("SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"));
        Assert.Empty(await Sqlite.AskAsync("SELECT name FROM sqlite_schema WHERE name = 'sqlite_sequence'"));
    }

    [Fact]
    public async Task Both_say_which_schema_and_rules_they_are_of_and_have_one_row_for_it()
    {
        foreach (var database in new[] { Sqlite, Postgres })
        {
            // Rules of 0: what is derived is computed by the server's own when it starts.
            Assert.Equal(["1|3|0"], await database.AskAsync("SELECT no, version, rules FROM schema"));
            await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("INSERT INTO schema (no, version, rules) VALUES (2, 1, 1)"));
        }
    }

    [Fact]
    public async Task An_instant_keeps_its_milliseconds_on_PostgreSQL()
    {
        var at = new DateTime(2024, 2, 29, 23, 59, 59, 999, DateTimeKind.Utc);
        await Postgres.ExecuteAsync("INSERT INTO change (seq, at, actor, entity, entity_id, body, hash) VALUES (1, @at, 'test', 'fund', 'f', '{}', @hash)",
            ("@at", at), ("@hash", new byte[32]));
        await using var command = Postgres.Connection.CreateCommand();
        command.CommandText = "SELECT at FROM change";
        Assert.Equal(at, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Words_are_found_by_their_beginnings_in_both()
    {
        foreach (var database in new[] { Sqlite, Postgres })
        {
            await database.ExecuteAsync("INSERT INTO pledge (no, id, origin, instrument, qualifier, announced_on, date_precision, recorded_at, recorded_by, version) " +
                "VALUES (7, 'seven', 'direct', 'grant', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'test', 1)");
        }

        await Sqlite.ExecuteAsync("INSERT INTO pledge_text (rowid, text) VALUES (7, @text)", ("@text", "stabilization of mosul الموصل"));
        await Postgres.ExecuteAsync("INSERT INTO pledge_text (pledge_no, words) VALUES (7, to_tsvector('simple', @text))", ("@text", "stabilization of mosul الموصل"));
        foreach (var (word, found) in new[] { ("stab", true), ("of", true), ("المو", true), ("bil", false) })
        {
            string[] expected = found ? ["7"] : [];
            Assert.Equal(expected, await Sqlite.AskAsync("SELECT rowid FROM pledge_text WHERE pledge_text MATCH @word", ("@word", $"\"{word}\"*")));
            Assert.Equal(expected, await Postgres.AskAsync("SELECT pledge_no FROM pledge_text WHERE words @@ to_tsquery('simple', @word)", ("@word", $"'{word}':*")));
        }
    }
}
