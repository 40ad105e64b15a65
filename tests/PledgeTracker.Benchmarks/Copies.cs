using Microsoft.Data.Sqlite;
using PledgeTracker.Data;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// A database of many pledges made out of one of few, where filling it over HTTP would take an hour: every header comes again so many times, with all that stands under it, under numbers and
/// ids of its own, on other days and with texts of its own; totals and their months are the sums of its days. It is for measuring what reads sums and what is found by words, and nothing else:
/// the log of changes does not tell of the copies, and the days of funds are not among what is copied. None of the pledges has money that is split between countries.
/// </summary>
internal static class Copies
{
    // What of a row is another's in a copy; every other column is the same. A number is as many further as there are rows.
    // A copy's description says what the original's does, and something of its own; every fifth has a note.
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["description_en"] = "t.description_en || told_en(t.no, c.n)",
        ["description_ar"] = "t.description_ar || told_ar(t.no, c.n)",
        ["note_en"] = "CASE WHEN t.no % 5 = 0 THEN 'As it was told' || told_en(t.no, -c.n) END",
        ["note_ar"] = "CASE WHEN t.no % 5 = 0 THEN 'كما ورد' || told_ar(t.no, -c.n) END",
    };

    private static readonly (string Table, string From, (string Column, string Of)[] Numbers, string[] Days)[] Tables =
    [
        ("pledge", "pledge t ON t.no = c.header", [("no", "pledge"), ("restates_no", "pledge"), ("passed_on_from_no", "pledge"), ("reclassifies_no", "pledge")], ["announced_on", "due_on", "overdue_from"]),
        ("ledger_entry", "ledger_entry t ON t.pledge_no = c.header",
            [("no", "ledger_entry"), ("pledge_no", "pledge"), ("reverses_no", "ledger_entry"), ("replaces_no", "ledger_entry")], ["value_date", "counts_from"]),
        ("citation", "citation t ON t.pledge_no = c.header", [("no", "citation"), ("pledge_no", "pledge")], []),
        ("citation", "ledger_entry e ON e.pledge_no = c.header JOIN citation t ON t.entry_no = e.no", [("no", "citation"), ("entry_no", "ledger_entry")], []),
        ("contribution", "contribution t ON t.pledge_no = c.header", [("entry_no", "ledger_entry"), ("pledge_no", "pledge")], ["value_date"]),
        ("line", "line t ON t.pledge_no = c.header", [("pledge_no", "pledge")], ["announced_on"]),
        ("line_day", "line_day t ON t.pledge_no = c.header", [("pledge_no", "pledge")], ["day"]),
        ("pledge_country", "pledge_country t ON t.pledge_no = c.header", [("pledge_no", "pledge")], ["announced_on"]),
        ("contribution_key", "contribution x ON x.pledge_no = c.header JOIN temp.key t ON t.entry_no = x.entry_no", [("entry_no", "ledger_entry")], ["value_date"]),
    ];

    // What a total goes by, and what of a day counts as one of its pledges.
    private static readonly (string Scope, string Id, string Pledges)[] Scopes =
    [
        ("all", "''", "d.begins_header"), ("donor", "d.donor_id", "d.begins_line"), ("fund", "coalesce(p.fund_id, '')", "d.begins_header"), ("event", "coalesce(p.event_id, '')", "d.begins_header"),
        ("country", "CASE WHEN p.countries = '[]' THEN '' WHEN p.shared OR p.countries LIKE '%,%' THEN 'shared' ELSE substr(p.countries, 3, 3) END", "d.begins_header"),
        ("announced", "substr(p.announced_on, 1, 7)", "d.begins_header"),
    ];

    /// <param name="file">What holds the few pledges; it stays as it is.</param>
    /// <param name="to">Made anew.</param>
    public static void Make(string file, string to, int times)
    {
        using (var original = Open($"Data Source={file};Mode=ReadOnly"))
        {
            using var copy = Open($"Data Source={to}");
            original.BackupDatabase(copy);
        }

        using var sql = Open($"Data Source={to};Foreign Keys=False");
        sql.CreateFunction("told_en", (int header, int copy) => Mix.Told(header, copy).En);
        sql.CreateFunction("told_ar", (int header, int copy) => Mix.Told(header, copy).Ar);
        sql.CreateFunction("searched", (string? en, string? ar, string? noteEn, string? noteAr) => SearchText.Searched(en, ar, noteEn, noteAr));
        // Nobody needs what is half done.
        Run(sql, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; PRAGMA temp_store = MEMORY; CREATE TEMP TABLE known AS SELECT * FROM sqlite_stat1");
        Run(sql, "CREATE TEMP TABLE key AS SELECT * FROM contribution_key; CREATE INDEX temp.key_by_entry ON key (entry_no)");
        // Indexes are made anew at the end, which is much faster than adding to them, but for those by which the copies are made; what the planner knows of them is kept.
        var indexes = Query(sql, $"""
            SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({string.Join(", ", Tables.Select(table => $"'{table.Table}'"))})
                AND name NOT IN ('ledger_entry_by_pledge', 'citation_by_pledge', 'citation_by_entry', 'contribution_by_pledge', 'pledge_country_by_pledge')
            """).ToDictionary(index => index, index => Query(sql, $"SELECT sql FROM sqlite_schema WHERE name = '{index}'")[0]);
        Run(sql, string.Concat(indexes.Keys.Select(index => $"DROP INDEX {index};")));
        var (first, last) = (Query(sql, "SELECT min(value_date) FROM ledger_entry")[0], Query(sql, "SELECT max(value_date) FROM ledger_entry")[0]);
        // Each copy of a header lies somewhere else between the first day and the last, its entries as far from each other as they were.
        Run(sql, $"""
            CREATE TEMP TABLE copy AS
            WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n + 1 < {times}),
                header AS (SELECT p.no, CAST(julianday(min(p.announced_on, min(e.value_date))) - julianday('{first}') AS integer) AS at,
                                  CAST(julianday('{last}') - julianday(max(p.announced_on, max(e.value_date))) AS integer) AS left
                           FROM pledge p JOIN ledger_entry e ON e.pledge_no = p.no GROUP BY p.no)
            SELECT k.n, h.no AS header, (h.at + k.n * 53) % (h.at + h.left + 1) - h.at AS days FROM k CROSS JOIN header h ORDER BY k.n, h.no
            """);
        var rows = ((string[])["pledge", "ledger_entry", "citation"]).ToDictionary(table => table, table => Query(sql, $"SELECT max(no) FROM {table}")[0]);
        foreach (var (table, from, numbers, days) in Tables)
        {
            // Without those that the database computes.
            var columns = Query(sql, $"SELECT name FROM pragma_table_info('{table}')");
            var values = columns.Select(column => numbers.FirstOrDefault(number => number.Column == column) is { Of: { } of } ? $"t.{column} + c.n * {rows[of]}"
                : days.Contains(column) ? $"date(t.{column}, c.days || ' days')"
                : column == "id" ? "printf('%08x', c.n) || substr(t.id, 9)"
                : Texts.GetValueOrDefault(column, "t." + column));
            Run(sql, $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM temp.copy c CROSS JOIN {from}");
        }

        Run(sql, $"""
            INSERT INTO pledge_text (rowid, text) SELECT no, searched(description_en, description_ar, note_en, note_ar) FROM pledge WHERE no > {rows["pledge"]} AND description_en IS NOT NULL ORDER BY no;
            INSERT INTO contribution_text (rowid, text)
            SELECT e.no, searched(e.note_en, e.note_ar, '', '') FROM contribution c JOIN ledger_entry e ON e.no = c.entry_no WHERE e.no > {rows["ledger_entry"]} AND e.note_en IS NOT NULL ORDER BY e.no;
            """);
        SumUp(sql);
        Run(sql, string.Join(';', indexes.Values) + "; DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 SELECT * FROM temp.known");
    }

    private static void SumUp(SqliteConnection sql)
    {
        List<string> sums = Query(sql, "SELECT name FROM pragma_table_info('line_day') WHERE name NOT IN ('pledge_no', 'donor_id', 'day')");
        var added = string.Join(", ", sums.Select(column => $"sum({column})"));
        Run(sql, $"""
            DELETE FROM total; DELETE FROM total_month;
            CREATE TEMP TABLE month (scope, instrument, id, month, pledges, lines, {string.Join(", ", sums)});
            CREATE TEMP VIEW day AS
            SELECT *, row_number() OVER (PARTITION BY pledge_no, donor_id ORDER BY day) = 1 AS begins_line, row_number() OVER (PARTITION BY pledge_no ORDER BY day) = 1 AS begins_header FROM main.line_day;
            """);
        foreach (var (scope, id, pledges) in Scopes)
        {
            Run(sql, $"INSERT INTO temp.month SELECT '{scope}', p.instrument, {id}, substr(d.day, 1, 7), sum({pledges}), sum(d.begins_line), {string.Join(", ", sums.Select(column => $"sum(d.{column})"))} FROM temp.day d JOIN pledge p ON p.no = d.pledge_no WHERE p.counted GROUP BY 2, 3, 4");
        }

        Run(sql, $"""
            INSERT INTO temp.month SELECT scope, 'all', id, month, sum(pledges), sum(lines), {added} FROM temp.month GROUP BY scope, id, month;
            INSERT INTO total_month (scope, instrument, id, month, pledges, {string.Join(", ", sums)}) SELECT scope, instrument, id, month, pledges, {string.Join(", ", sums)} FROM temp.month ORDER BY 1, 2, 3, 4;
            INSERT INTO total (scope, instrument, id, pledges, lines, {string.Join(", ", sums)}) SELECT scope, instrument, id, sum(pledges), sum(lines), {added} FROM temp.month GROUP BY scope, instrument, id;
            """);
    }

    private static List<string> Query(SqliteConnection sql, string query)
    {
        using var command = sql.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private static SqliteConnection Open(string connection)
    {
        var sql = new SqliteConnection(connection + ";Pooling=False");
        sql.Open();
        return sql;
    }

    private static void Run(SqliteConnection sql, string text)
    {
        using var command = sql.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (text, 0);
        command.ExecuteNonQuery();
    }
}
