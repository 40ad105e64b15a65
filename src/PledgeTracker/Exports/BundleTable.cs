using System.Data.Common;
using System.Reflection;
using System.Text.Json;

namespace PledgeTracker.Exports;

/// <summary>A table as a bundle holds it: what is in it, in the order of its key, and how a row of it goes in again.</summary>
internal abstract class BundleTable(string name)
{
    /// <summary>In this order a row stands behind those that it refers to. What is not here is computed anew (<see cref="Derived"/>), or private: keys and kept answers.</summary>
    public static readonly IReadOnlyList<BundleTable> All =
    [
        new BundleTable<BundleRows.Redaction>("redaction", "seq"),
        new BundleTable<BundleRows.Organization>("organization", "id", refersTo: "merged_into", isSearched: true),
        new BundleTable<BundleRows.Fund>("fund", "id", refersTo: "parent_id", isSearched: true),
        new BundleTable<BundleRows.Event>("event", "id", refersTo: "preceded_by", isSearched: true),
        new BundleTable<BundleRows.Source>("source", "id", isSearched: true),
        // The program enters one for each code: here are those that editors gave other names, which may be there already.
        new BundleTable<BundleRows.Country>("country", "code", isSearched: true, from: "(SELECT k.code, k.aliases, k.version FROM country k WHERE k.version > 0) AS country",
            orElse: "ON CONFLICT (code) DO UPDATE SET aliases = excluded.aliases, version = excluded.version"),
        new BundleTable<BundleRows.ExchangeRate>("exchange_rate", "no"),
        new BundleTable<BundleRows.Pledge>("pledge", "no"),
        new BundleTable<BundleRows.LedgerEntry>("ledger_entry", "no"),
        // Only when each last changed: the rest of it follows from its entry.
        new BundleTable<BundleRows.Contribution>("contribution", "entry_no", insert: (session, row) => session.Sql.ExecuteAsync("""
            INSERT INTO contribution (entry_no, pledge_no, stage, donor_id, value_date, reversed, version)
            SELECT e.no, e.pledge_no, e.kind, e.donor_id, e.value_date, FALSE, @Version FROM ledger_entry e WHERE e.no = @EntryNo
            """, row)),
        new BundleTable<BundleRows.Requirement>("requirement", "no"),
        new BundleTable<BundleRows.Shortfall>("shortfall", "no"),
        new BundleTable<BundleRows.Indicator>("indicator", "no"),
        new BundleTable<BundleRows.Citation>("citation", "no"),
        new BundleTable<BundleRows.Verification>("verification", "no"),
        new BundleTable<BundleRows.Confirmation>("confirmation", "no"),
        new BundleTable<BundleRows.Change>("change", "seq"),
        new BundleTable<BundleRows.Flow>("flow", "dataset, external_id"),
        new BundleTable<BundleRows.FtsNumber>("fts_number", "kind, number"),
        new BundleTable<BundleRows.ChangeAbout>("change_about", "kind, id, seq"),
        // Whom a recorder's key speaks for is public (docs/decisions/0006), and nothing else of a key: it goes in as one that opens nothing.
        new BundleTable<BundleRows.Recorder>("recorder", "id",
            from: "(SELECT k.id, k.organization_id FROM api_key k WHERE k.organization_id IS NOT NULL AND k.id IN (SELECT substr(c.actor, 5) FROM change c)) AS recorder",
            insert: (session, row) => session.Sql.ExecuteAsync("""
                INSERT INTO api_key (id, name, role, organization_id, secret_sha256, created_at, created_by, revoked_at, revoked_by)
                VALUES (@Id, 'It came in a bundle, without its secret', 'recorder', @OrganizationId, @secret, @At, @by, @At, @by)
                """, new { row.Id, row.OrganizationId, secret = new byte[32], session.At, by = Caller.Local.Id })),
    ];

    public string Name => name;

    /// <summary>The columns of it that a bundle holds.</summary>
    public abstract IEnumerable<string> Columns { get; }

    public abstract Task<long> CountAsync(Session session);

    /// <summary>The rows behind another, as many as are read at once: the first where that is null, and none where it is the last.</summary>
    public abstract Task<IReadOnlyList<object>> PageAsync(Session session, object? after);

    /// <summary>Puts a row in.</summary>
    /// <returns>What completes it when all rows of its table are there; null where nothing does.</returns>
    /// <exception cref="JsonException">It is no row of this table.</exception>
    /// <exception cref="DbException">The database does not take it.</exception>
    public abstract Task<Func<Task>?> AddAsync(Session session, string json);
}

/// <param name="key">Its columns, as a list in SQL.</param>
/// <param name="refersTo">The column by which a row names another of the same table, which may stand behind it.</param>
/// <param name="isSearched">It has a column of folded names, which is computed anew and may not be empty.</param>
/// <param name="orElse">What becomes of a row that is there already.</param>
/// <param name="from">What is read, where it is not the table itself.</param>
/// <param name="insert">What puts a row in, where that is not all of it; how many went in.</param>
internal sealed class BundleTable<TRow>(string name, string key, string? refersTo = null, bool isSearched = false, string? orElse = null, string? from = null, Func<Session, TRow, Task<int>>? insert = null)
    : BundleTable(name)
    where TRow : class
{
    // Rows may have texts of many thousand characters.
    private const int Page = 250;

    private static readonly Dictionary<string, PropertyInfo> Members = typeof(TRow).GetProperties().ToDictionary(member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name));

    private readonly string _select = $"SELECT {string.Join(", ", Members.Keys)} FROM {from ?? name}";
    private readonly string _after = $"WHERE ({key}) > ({string.Join(", ", key.Split(", ").Select(Parameter))})";
    private readonly string _order = $"ORDER BY {key} LIMIT {Page}";
    private readonly string _insert = Insert(name, [.. Members.Keys.Where(column => column != refersTo).Select(column => (column, Parameter(column))), .. isSearched ? [("search", "''")] : Array.Empty<(string, string)>()], orElse);
    private readonly string _complete = refersTo is null ? "" : $"UPDATE {name} SET {refersTo} = {Parameter(refersTo)} WHERE {key} = {Parameter(key)}";

    public override IEnumerable<string> Columns => Members.Keys;

    public override Task<long> CountAsync(Session session) => session.Sql.ExecuteScalarAsync<long>($"SELECT count(*) FROM {from ?? Name}");

    public override async Task<IReadOnlyList<object>> PageAsync(Session session, object? after) =>
        (await session.Sql.QueryAsync<TRow>($"{_select} {(after is null ? "" : _after)} {_order}", after)).AsList();

    public override async Task<Func<Task>?> AddAsync(Session session, string json)
    {
        var row = JsonSerializer.Deserialize<TRow>(json, Bundle.Json) ?? throw new JsonException("It is null.");
        if (await (insert?.Invoke(session, row) ?? session.Sql.ExecuteAsync(_insert, row)) == 0)
        {
            throw new JsonException("What it belongs to is not there.");
        }

        if (refersTo is null || Members[refersTo].GetValue(row) is not { } other)
        {
            return null;
        }

        // Not the row with all its texts: there may be many.
        var named = new Dictionary<string, object?> { [Members[key].Name] = Members[key].GetValue(row), [Members[refersTo].Name] = other };
        return () => session.Sql.ExecuteAsync(_complete, named);
    }

    private static string Parameter(string column) => $"@{Members[column].Name}";

    private static string Insert(string table, IReadOnlyCollection<(string Column, string Value)> values, string? orElse) =>
        $"INSERT INTO {table} ({string.Join(", ", values.Select(value => value.Column))}) VALUES ({string.Join(", ", values.Select(value => value.Value))}) {orElse}";
}
