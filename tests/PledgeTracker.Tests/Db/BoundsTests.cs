using System.Data.Common;

namespace PledgeTracker.Tests.Db;

/// <summary>Both engines keep the same bounds of amounts and the same closed vocabularies, whoever asks.</summary>
public sealed class BoundsTests
{
    private const string Rows = """
        INSERT INTO organization (id, name_en, type, search, version) VALUES ('one', 'One', '10', 'one', 1);
        INSERT INTO fund (id, name_en, kind, search, version) VALUES ('facility', 'Facility', 'facility', 'facility', 1);
        INSERT INTO pledge (no, id, origin, instrument, currency, qualifier, announced_on, date_precision, recorded_at, recorded_by, version)
            VALUES (7, 'seven', 'direct', 'grant', 'JPY', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'test', 1);
        INSERT INTO total (scope, instrument, id, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, outstanding_usd)
            VALUES ('fund', 'all', 'facility', 0, 0, 0, 0, 0, 0);
        """;

    public static TheoryData<SqlEngine> Engines => [SqlEngine.Sqlite, SqlEngine.Postgres];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_entry_and_a_statement_hold_ten_to_the_17_of_the_smallest_unit_and_a_trillion_dollars(SqlEngine engine)
    {
        await using var database = await SchemaDatabase.CreateAsync(engine);
        await database.ExecuteAsync(Rows);
        const long minor = 100_000_000_000_000_000, usd = 100_000_000_000_000;
        var no = 0;
        foreach (var (amount, dollars, isTaken) in new[] { (minor, usd, true), (-minor, -usd, true), (minor + 1, 1, false), (-minor - 1, 1, false), (1, usd + 1, false), (1, -usd - 1, false) })
        {
            no++;
            await TakesAsync(isTaken, $"""
                INSERT INTO ledger_entry (no, id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, qualifier, value_date, date_precision, recorded_at, recorded_by)
                VALUES ({no}, '{no}', 7, 'one', 'payment', {amount}, 'JPY', {dollars}, 'reported', 'exact', '2024-01-01', 'day', '2024-01-01T00:00:00.000Z', 'test')
                """);
            foreach (var (table, columns, values) in new[] { ("requirement", "kind", "'original'"), ("shortfall", "date_precision", "'day'") })
            {
                await TakesAsync(isTaken && amount > 0, $"""
                    INSERT INTO {table} (no, id, fund_id, {columns}, amount_minor, currency, usd_minor, usd_basis, qualifier, stated_on, recorded_at, recorded_by, version)
                    VALUES ({no}, '{no}', 'facility', {values}, {amount}, 'JPY', {dollars}, 'reported', 'exact', '2024-01-01', '2024-01-01T00:00:00.000Z', 'test', 1)
                    """);
            }
        }

        async Task TakesAsync(bool isTaken, string sql)
        {
            if (isTaken)
            {
                await database.ExecuteAsync(sql);
            }
            else
            {
                var refusal = await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync(sql));
                Assert.Contains("CHECK", refusal.Message, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task No_sum_that_is_kept_passes_nine_times_ten_to_the_18(SqlEngine engine)
    {
        await using var database = await SchemaDatabase.CreateAsync(engine);
        await database.ExecuteAsync(Rows);
        string[] sums = ["pledged_usd", "withdrawn_usd", "committed_usd", "paid_usd", "outstanding_usd"];
        foreach (var (table, column) in sums.Select(sum => ("total", sum)).Concat(sums.Append("amount_minor").Select(sum => ("pledge", sum))))
        {
            foreach (var sign in new[] { "", "-" })
            {
                await database.ExecuteAsync($"UPDATE {table} SET {column} = {sign}9000000000000000000");
                var refusal = await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync($"UPDATE {table} SET {column} = {sign}9000000000000000001"));
                Assert.Contains("total_too_large", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_organization_is_of_a_known_type_and_an_event_does_not_come_before_itself(SqlEngine engine)
    {
        await using var database = await SchemaDatabase.CreateAsync(engine);
        await database.ExecuteAsync("INSERT INTO organization (id, name_en, type, search, version) VALUES ('pool', 'Pool', 'pooled_fund', 'pool', 1), ('group', 'Group', 'group', 'group', 1)");
        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("INSERT INTO organization (id, name_en, type, search, version) VALUES ('pond', 'Pond', 'pooled', 'pond', 1)"));
        await database.ExecuteAsync("INSERT INTO event (id, name_en, starts_on, search, version) VALUES ('first', 'First', '2024-01-01', 'first', 1)");
        await database.ExecuteAsync("INSERT INTO event (id, name_en, starts_on, search, version, preceded_by) VALUES ('second', 'Second', '2025-01-01', 'second', 1, 'first')");
        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("UPDATE event SET preceded_by = 'second' WHERE id = 'second'"));
        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("UPDATE event SET preceded_by = 'nothing' WHERE id = 'second'"));
    }
}
