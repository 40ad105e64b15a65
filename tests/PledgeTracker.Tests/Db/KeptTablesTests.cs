using System.Data.Common;

namespace PledgeTracker.Tests.Db;

/// <summary>What was said and done stays: the tables themselves refuse to change it, on both engines, whoever asks.</summary>
public sealed class KeptTablesTests
{
    // A pledge of 100 dollars by `one` (7) with its entry (1), a payment of 40 (2), its reversal (3), and a header without entries (8).
    private const string Rows = """
        INSERT INTO organization (id, name_en, type, search, version) VALUES ('one', 'One', '10', 'one', 1), ('two', 'Two', '40', 'two', 1);
        INSERT INTO fund (id, name_en, kind, search, version) VALUES ('facility', 'Facility', 'facility', 'facility', 1), ('other', 'Other', 'appeal', 'other', 1);
        INSERT INTO event (id, name_en, starts_on, search, version) VALUES ('conference', 'Conference', '2024-01-01', 'conference', 1);
        INSERT INTO source (id, title_en, language, published_on, reliability, search, version) VALUES ('note', 'Note', 'en', '2024-01-01', 'primary', 'note', 1);
        INSERT INTO country (code, search, version) VALUES ('TUR', 'turkiye', 0);
        INSERT INTO pledge (no, id, origin, fund_id, instrument, currency, qualifier, announced_on, date_precision, recorded_at, recorded_by, version) VALUES
            (7, 'seven', 'announced', 'facility', 'grant', 'USD', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'test', 1),
            (8, 'eight', 'direct', 'facility', 'grant', NULL, 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'test', 1);
        INSERT INTO ledger_entry (no, id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, qualifier, value_date, date_precision,
            recorded_at, recorded_by) VALUES
            (1, 'first', 7, 'one', 'pledge', 10000, 'USD', 10000, 'reported', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'test'),
            (2, 'second', 7, 'one', 'payment', 4000, 'USD', 4000, 'reported', 'exact', '2024-02-01', 'day', '2024-02-01T00:00:00.000Z', 'test');
        INSERT INTO ledger_entry (no, id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, qualifier, value_date, date_precision,
            recorded_at, recorded_by, reverses_no, note_en) VALUES
            (3, 'third', 7, 'one', 'payment', -4000, 'USD', -4000, 'reported', 'exact', '2024-02-01', 'day', '2024-03-01T00:00:00.000Z', 'test', 2, 'Noted');
        INSERT INTO requirement (no, id, fund_id, kind, amount_minor, currency, usd_minor, usd_basis, qualifier, stated_on, recorded_at, recorded_by, version, note_en)
            VALUES (1, 'need', 'facility', 'original', 1, 'USD', 1, 'reported', 'exact', '2024-01-01', '2024-01-01T00:00:00.000Z', 'test', 1, 'Noted');
        INSERT INTO shortfall (no, id, fund_id, amount_minor, currency, usd_minor, usd_basis, qualifier, stated_on, date_precision, recorded_at, recorded_by, version, note_en)
            VALUES (1, 'lack', 'facility', 1, 'USD', 1, 'reported', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'test', 1, 'Noted');
        INSERT INTO verification (no, entry_no, state, recorded_at, recorded_by, note_en) VALUES (1, 2, 'verified', '2024-01-01T00:00:00.000Z', 'test', 'Noted');
        INSERT INTO confirmation (no, entry_no, organization_id, recorded_at, recorded_by, note_en) VALUES (1, 2, 'two', '2024-01-01T00:00:00.000Z', 'test', 'Noted');
        INSERT INTO change (seq, at, actor, entity, entity_id, body, hash) VALUES (1, '2024-01-01T00:00:00.000Z', 'test', 'fund', 'facility', '{}', @hash);
        INSERT INTO redaction (seq, id, entity, entity_id, reason_en, recorded_at, recorded_by) VALUES (1, 'gone', 'fund', 'facility', 'Personal', '2024-01-01T00:00:00.000Z', 'test');
        """;

    private const string Entry = """
        INSERT INTO ledger_entry (no, id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, qualifier, value_date, date_precision,
            recorded_at, recorded_by, reverses_no)
        VALUES (4, 'fourth', @pledge, @donor, @kind, @amount, @currency, @usd, 'reported', 'exact', @date, 'day', '2024-03-01T00:00:00.000Z', 'test', @reverses)
        """;

    // The tables that only grow, each with its key and a column.
    private static readonly (string Table, string Key, string Column)[] AppendOnly =
    [
        ("ledger_entry", "no", "note_en"), ("requirement", "no", "note_en"), ("shortfall", "no", "note_en"), ("verification", "no", "note_en"),
        ("confirmation", "no", "note_en"), ("change", "seq", "actor"), ("redaction", "seq", "reason_en"),
    ];

    // The tables of which no row goes, though what is said of it may change.
    private static readonly (string Table, string Key, string Column)[] Kept =
        [("organization", "id", "website"), ("fund", "id", "website"), ("event", "id", "place_en"), ("source", "id", "url"), ("country", "code", "search"), ("pledge", "no", "note_en")];

    public static TheoryData<SqlEngine> Engines => [SqlEngine.Sqlite, SqlEngine.Postgres];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_table_that_only_grows_refuses_to_change_or_lose_a_row(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        foreach (var (table, key, column) in AppendOnly)
        {
            const string refusal = "append-only";
            var before = await AllAsync(database, table, key);
            Assert.NotEmpty(before);
            await RefusesAsync(database, refusal, $"UPDATE {table} SET {column} = {column}");
            await RefusesAsync(database, refusal, $"UPDATE {table} SET {key} = 99 WHERE {key} = 1");
            await RefusesToLoseAsync(database, refusal, table, key);
            var columns = await ColumnsAsync(database, table);
            await RefusesAsync(database, refusal,
                $"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {key} = 1 ON CONFLICT ({key}) DO UPDATE SET {column} = 'x'");
            if (engine == SqlEngine.Sqlite)
            {
                await RefusesAsync(database, refusal, $"UPDATE OR REPLACE {table} SET {column} = 'x'");
            }

            Assert.Equal(before, await AllAsync(database, table, key));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_table_that_is_kept_changes_and_refuses_to_lose_a_row(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        foreach (var (table, key, column) in Kept)
        {
            await database.ExecuteAsync($"UPDATE {table} SET {column} = 'x'");
            var before = await AllAsync(database, table, key);
            Assert.Contains("|x", before[0], StringComparison.Ordinal);
            await RefusesToLoseAsync(database, "never deleted", table, key);
            Assert.Equal(before, await AllAsync(database, table, key));
        }
    }

    // A redaction whose change is still to come: it is appended last, in the same transaction.
    private const string Redaction = "INSERT INTO redaction (seq, id, entity, entity_id, reason_en, recorded_at, recorded_by) VALUES (2, 'going', 'entry', 'third', 'Personal', '2024-01-01T00:00:00.000Z', 'test')";
    private const string ItsChange = "INSERT INTO change (seq, at, actor, entity, entity_id, body, hash) SELECT 2, at, actor, 'entry', 'third', '{}', hash FROM change WHERE seq = 1";

    // The free text of the tables that only grow.
    private static readonly (string Table, string[] Texts)[] Blanked =
    [
        ("ledger_entry", ["reference", "note_en", "note_ar"]), ("requirement", ["stated_by_en", "stated_by_ar", "note_en", "note_ar"]),
        ("shortfall", ["stated_by_en", "stated_by_ar", "note_en", "note_ar"]), ("verification", ["note_en", "note_ar"]), ("confirmation", ["note_en", "note_ar"]),
    ];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Text_goes_under_a_redaction_of_the_same_transaction_and_nothing_else_does(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        foreach (var (table, texts) in Blanked)
        {
            var row = $"WHERE no = (SELECT max(no) FROM {table})";
            var blank = string.Join(", ", texts.Select(text => $"{text} = NULL"));
            await RefusesAsync(database, "append-only", $"UPDATE {table} SET note_en = NULL {row}");
            // One that was committed lets nothing through any more, and one that is not there never does.
            await RefusesAsync(database, "append-only", $"UPDATE {table} SET note_en = NULL, redacted_by = 1 {row}");
            await RefusesAsync(database, "append-only", $"UPDATE {table} SET note_en = NULL, redacted_by = 2 {row}");
            await database.ExecuteAsync("BEGIN");
            await database.ExecuteAsync(Redaction);
            await RefusesWithinAsync(database, $"UPDATE {table} SET note_en = NULL {row}");
            await RefusesWithinAsync(database, $"UPDATE {table} SET note_en = 'Other', redacted_by = 2 {row}");
            foreach (var (column, value) in (await OthersAsync(database, table)).Where(other => !texts.Contains(other.Column) && other.Column != "redacted_by"))
            {
                await RefusesWithinAsync(database, $"UPDATE {table} SET {column} = {value}, {blank}, redacted_by = 2 {row}");
            }

            await database.ExecuteAsync($"UPDATE {table} SET {blank}, redacted_by = 2 {row}");
            Assert.Equal(["|2"], await database.AskAsync($"SELECT note_en, redacted_by FROM {table} {row}"));
            await RefusesWithinAsync(database, $"UPDATE {table} SET note_en = 'Noted', redacted_by = 2 {row}");
            await database.ExecuteAsync(ItsChange);
            await RefusesWithinAsync(database, $"UPDATE {table} SET {blank}, redacted_by = 2 {row}");
            await database.ExecuteAsync("ROLLBACK");
            Assert.Equal(["Noted|"], await database.AskAsync($"SELECT note_en, redacted_by FROM {table} {row}"));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_change_loses_text_under_a_redaction_and_keeps_all_that_is_chained(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        // SHA-256 of {}, which is its body.
        var kept = engine == SqlEngine.Sqlite ? "x'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'" : @"'\x44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'";
        await RefusesAsync(database, "append-only", $"UPDATE change SET body = '[]', body_hash = {kept}, redacted_by = 1 WHERE seq = 1");
        await database.ExecuteAsync("BEGIN");
        await database.ExecuteAsync(Redaction);
        await RefusesWithinAsync(database, "UPDATE change SET body = '[]', redacted_by = 2 WHERE seq = 1");
        foreach (var (column, value) in (await OthersAsync(database, "change")).Where(other => other.Column is not ("body" or "body_hash" or "redacted_by")))
        {
            await RefusesWithinAsync(database, $"UPDATE change SET {column} = {value}, body = '[]', body_hash = {kept}, redacted_by = 2 WHERE seq = 1");
        }

        await database.ExecuteAsync($"UPDATE change SET body = '[]', body_hash = {kept}, redacted_by = 2 WHERE seq = 1");
        await RefusesWithinAsync(database, "UPDATE change SET body_hash = NULL, redacted_by = 2 WHERE seq = 1");
        await RefusesWithinAsync(database, $"UPDATE change SET body_hash = hash, redacted_by = 2 WHERE seq = 1");
        await database.ExecuteAsync(ItsChange);
        await RefusesWithinAsync(database, "UPDATE change SET body = '{}', redacted_by = 2 WHERE seq = 1");
        await database.ExecuteAsync("COMMIT");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_redaction_without_its_change_cannot_be_committed(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        await database.ExecuteAsync("BEGIN");
        await database.ExecuteAsync(Redaction);
        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("COMMIT"));
        await database.ExecuteAsync("ROLLBACK");
        Assert.Equal(["1"], await database.AskAsync("SELECT seq FROM redaction"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Nothing_that_is_kept_is_missing_here(SqlEngine engine)
    {
        await using var database = await SchemaDatabase.CreateAsync(engine);
        var triggers = engine == SqlEngine.Sqlite
            ? await database.AskAsync("SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger'")
            : await database.AskAsync("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal");
        var grow = AppendOnly.Select(t => t.Table).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(grow, Tables(triggers, "_is_never_updated"));
        Assert.Equal(grow.Concat(Kept.Select(t => t.Table)).Order(StringComparer.Ordinal), Tables(triggers, "_is_never_deleted", "_is_kept"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_reversal_mirrors_one_entry_that_is_no_reversal(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        const string refusal = "a reversal mirrors one entry that is not itself a reversal";
        await RefusesToEnterAsync(database, refusal, new() { Amount = -9999, Usd = -9999, Reverses = 1 });
        await RefusesToEnterAsync(database, refusal, new() { Donor = "two", Reverses = 1 });
        await RefusesToEnterAsync(database, refusal, new() { Pledge = 8, Kind = "payment", Amount = -4000, Usd = -4000, Date = "2024-02-01", Reverses = 2 });
        await RefusesToEnterAsync(database, refusal, new() { Kind = "commitment", Reverses = 1 });
        await RefusesToEnterAsync(database, refusal, new() { Date = "2024-01-02", Reverses = 1 });
        await RefusesToEnterAsync(database, refusal, new() { Reverses = 99 });
        await RefusesToEnterAsync(database, refusal, new() { Kind = "payment", Amount = 4000, Usd = 4000, Date = "2024-02-01", Reverses = 3 });
        // What was reversed is not reversed again.
        await Assert.ThrowsAnyAsync<DbException>(() => EnterAsync(database, new() { Kind = "payment", Amount = -4000, Usd = -4000, Date = "2024-02-01", Reverses = 2 }));
        await EnterAsync(database, new() { Reverses = 1 });
        Assert.Equal(["1", "2", "3", "4"], await database.AskAsync("SELECT no FROM ledger_entry ORDER BY no"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_belongs_to_a_promise_is_in_its_currency(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        const string refusal = "share the header's currency";
        await RefusesToEnterAsync(database, refusal, new() { Kind = "revision", Currency = "EUR" });
        await RefusesToEnterAsync(database, refusal, new() { Kind = "withdrawal", Currency = "EUR" });
        await RefusesToEnterAsync(database, refusal, new() { Kind = "pledge", Pledge = 8 });
        await EnterAsync(database, new() { Kind = "payment", Currency = "EUR", Amount = 5000, Usd = 6000 });
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_classification_is_fixed_once_there_are_entries(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        string[] changes =
        [
            "id = 'nine'", "origin = 'direct'", "fund_id = 'other'", "fund_id = NULL", "recipient_id = 'two'", "event_id = 'conference'", "instrument = 'loan'", "currency = 'EUR'",
            "shared = TRUE", "countries = '[\"IRQ\"]'", "shares = '[1000000]'", "announced_on = '2024-01-02'", "usage_years = '[2024]'", "restates_no = 8", "passed_on_from_no = 8",
        ];
        foreach (var change in changes)
        {
            await RefusesAsync(database, "a pledge with entries is reclassified, not changed", $"UPDATE pledge SET {change}, version = version + 1 WHERE no = 7");
            await database.ExecuteAsync($"UPDATE pledge SET {change.Replace("= 'direct'", "= 'announced', currency = 'USD'", StringComparison.Ordinal)} WHERE no = 8");
        }

        await database.ExecuteAsync("UPDATE pledge SET fund_id = 'facility', event_id = NULL, shared = FALSE, sectors = '[\"15220\"]', note_en = 'Noted', due_on = '2025-01-01', version = 2 WHERE no = 7");
        Assert.Equal(["Noted|2"], await database.AskAsync("SELECT note_en, version FROM pledge WHERE no = 7"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_restates_or_passes_on_other_money_is_not_counted(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        Assert.Equal(["7", "8"], await database.AskAsync("SELECT no FROM pledge WHERE counted ORDER BY no"));
        await database.ExecuteAsync("UPDATE pledge SET restates_no = 7 WHERE no = 8");
        Assert.Equal(["7"], await database.AskAsync("SELECT no FROM pledge WHERE counted"));
        await database.ExecuteAsync("UPDATE pledge SET restates_no = NULL, passed_on_from_no = 7 WHERE no = 8");
        Assert.Equal(["8"], await database.AskAsync("SELECT no FROM pledge WHERE NOT counted"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Lists_that_are_no_JSON_and_days_that_are_none_are_refused(SqlEngine engine)
    {
        await using var database = await FilledAsync(engine);
        foreach (var change in new[] { "countries = '[IRQ]'", "shares = '1,'", "sectors = ''", "usage_years = '[2024'", "instalments = 'x'", "due_on = '2024-02-30'", "overdue_from = '2024'" })
        {
            await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync($"UPDATE pledge SET {change} WHERE no = 8"));
        }
    }

    private static async Task<SchemaDatabase> FilledAsync(SqlEngine engine)
    {
        var database = await SchemaDatabase.CreateAsync(engine);
        await database.ExecuteAsync(Rows, ("@hash", new byte[32]));
        return database;
    }

    private static List<string> Tables(List<string> triggers, params string[] endings) =>
        [.. triggers.Where(row => endings.Any(ending => row.EndsWith(ending, StringComparison.Ordinal))).Select(row => row.Split('|')[0]).Order(StringComparer.Ordinal)];

    /// <summary>However a row may be taken out of a table.</summary>
    private static async Task RefusesToLoseAsync(SchemaDatabase database, string refusal, string table, string key)
    {
        await RefusesAsync(database, refusal, $"DELETE FROM {table}");
        await RefusesAsync(database, refusal, $"DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})");
        var columns = await ColumnsAsync(database, table);
        await RefusesAsync(database, refusal, database.Engine == SqlEngine.Postgres
            ? $"TRUNCATE {table} CASCADE"
            : $"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}");
    }

    // All that are written: the others are computed.
    private static async Task<string> ColumnsAsync(SchemaDatabase database, string table) => string.Join(", ", await database.AskAsync(database.Engine == SqlEngine.Sqlite
        ? $"SELECT name FROM pragma_table_xinfo('{table}') WHERE hidden = 0"
        : $"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND attgenerated = '' ORDER BY attnum"));

    private static Task<List<string>> AllAsync(SchemaDatabase database, string table, string key) => database.AskAsync($"SELECT * FROM {table} ORDER BY {key}");

    // Within a transaction, which one engine gives up where a statement of it fails.
    private static async Task RefusesWithinAsync(SchemaDatabase database, string sql)
    {
        await database.ExecuteAsync("SAVEPOINT trial");
        await RefusesAsync(database, "append-only", sql);
        await database.ExecuteAsync("ROLLBACK TO SAVEPOINT trial");
    }

    /// <summary>The columns of a table, each with a value of its type that none of its rows has.</summary>
    private static async Task<List<(string Column, string Value)>> OthersAsync(SchemaDatabase database, string table)
    {
        var columns = await database.AskAsync(database.Engine == SqlEngine.Sqlite
            ? $"SELECT name, type FROM pragma_table_xinfo('{table}') WHERE hidden = 0"
            : $"SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND attgenerated = '' ORDER BY attnum");
        return columns.ConvertAll(row => (row.Split('|')[0], row.Split('|')[1] switch
        {
            "INTEGER" or "bigint" => "77",
            "BLOB" => "randomblob(32)",
            "bytea" => @"'\x00'",
            _ => "'1999-09-09'",
        }));
    }

    private static async Task RefusesAsync(SchemaDatabase database, string refusal, string sql)
    {
        var refused = await Record.ExceptionAsync(() => database.ExecuteAsync(sql));
        Assert.True(refused is DbException && refused.Message.Contains(refusal, StringComparison.Ordinal), $"{sql}\n{refused?.Message ?? "was carried out"}");
    }

    private static async Task RefusesToEnterAsync(SchemaDatabase database, string refusal, NewEntry entry)
    {
        var refused = await Assert.ThrowsAnyAsync<DbException>(() => EnterAsync(database, entry));
        Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
    }

    private static Task EnterAsync(SchemaDatabase database, NewEntry entry) => database.ExecuteAsync(
        Entry,
        ("@pledge", entry.Pledge), ("@donor", entry.Donor), ("@kind", entry.Kind), ("@amount", entry.Amount), ("@currency", entry.Currency), ("@usd", entry.Usd),
        ("@date", DateOnly.ParseExact(entry.Date, "yyyy-MM-dd", null)), ("@reverses", entry.Reverses));

    /// <summary>The mirror image of the pledge's own entry, unless something else is said.</summary>
    private sealed record NewEntry
    {
        public long Pledge { get; init; } = 7;

        public string Donor { get; init; } = "one";

        public string Kind { get; init; } = "pledge";

        public long Amount { get; init; } = -10000;

        public string Currency { get; init; } = "USD";

        public long Usd { get; init; } = -10000;

        public string Date { get; init; } = "2024-01-01";

        public long? Reverses { get; init; }
    }
}
