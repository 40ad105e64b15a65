using Dapper;
using PledgeTracker.Data;
using PledgeTracker.Exports;

namespace PledgeTracker.UnitTests.Exports;

/// <summary>Nothing is left behind: a migration that adds a table or a column says here, or in <see cref="BundleTable.All"/>, what becomes of it. (That both engines have the same ones is another test.)</summary>
public sealed class BundleTableTests
{
    // What is computed anew from the rest.
    private static readonly string[] Derived = ["line", "line_day", "pledge_country", "contribution_key", "total", "total_month", "fund_day", "superseded", "pledge_text", "contribution_text"];

    // What is nobody else's: keys, kept answers, what was put aside to be imported, and what the tables of this database are.
    private static readonly string[] Private = ["api_key", "idempotency", "import", "import_row", "schema", "schema_migration"];

    private static readonly Dictionary<string, string[]> DerivedColumns = new()
    {
        ["organization"] = ["search"],
        ["fund"] = ["search"],
        ["event"] = ["search"],
        ["source"] = ["search"],
        ["country"] = ["search"],
        ["pledge"] =
        [
            "counted", "amount_minor", "pledged_usd", "withdrawn_usd", "committed_usd", "paid_usd", "outstanding_usd", "status", "overdue_from", "revised_down_usd",
            "promised_only_usd", "excess_usd", "approximate", "at_least", "at_most", "undisbursed_usd",
        ],
        ["flow"] = ["source_plan", "destination_plan"],
        ["contribution"] = ["pledge_no", "stage", "donor_id", "fund_id", "value_date", "reversed", "verification"],
    };

    [Fact]
    public async Task Every_table_and_every_column_is_in_a_bundle_or_derived_or_private()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        List<(string Table, string Column)> all;
        await using (var engine = Engine.Of($"Data Source={Path.Combine(folder, "empty.db")}"))
        {
            await Migrations.ApplyAsync(engine, TimeProvider.System);
            await using var view = await View.OpenAsync(engine, Access.Read, TimeProvider.System, TestContext.Current.CancellationToken);
            all = (await view.Sql.QueryAsync<(string, string)>("""
                SELECT t.name, x.name FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) x
                WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
                """)).AsList();
        }

        Directory.Delete(folder, recursive: true);
        var columns = all.ToLookup(column => column.Table, column => column.Column);
        var bundle = BundleTable.All.ToDictionary(table => table.Name, table => table.Columns);
        // Of a key only what is public: whom it speaks for.
        Assert.Equal(["id", "organization_id"], bundle["recorder"]);
        Assert.Equal(columns.Select(table => table.Key).Order(), bundle.Keys.Except(["recorder"]).Concat(Derived).Concat(Private).Order());
        foreach (var (table, held) in bundle.Where(table => table.Key != "recorder"))
        {
            Assert.Equal(columns[table].Order(), held.Concat(DerivedColumns.GetValueOrDefault(table, [])).Order());
        }
    }
}
