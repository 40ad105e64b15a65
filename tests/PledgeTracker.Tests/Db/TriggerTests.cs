using System.Data.Common;

namespace PledgeTracker.Tests.Db;

/// <summary>What the database itself refuses, whoever sends it. Everything that is tried here is taken back.</summary>
public sealed class TriggerTests(TriggerTests.FilledServer server) : IClassFixture<TriggerTests.FilledServer>
{
    /// <summary>
    /// A pledge (header 1, entry 1) with a payment (entry 2), another pledge (header 2, entry 3), a shortfall and a requirement.
    /// </summary>
    public sealed class FilledServer : TestServer
    {
        public FilledServer() => Seed = "none";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            using var editor = await this.ClientAsync("editor");
            foreach (var donor in new[] { "anna", "bruno" })
            {
                await editor.RecordAsync("/v1/organizations", $$"""{ "id": "{{donor}}", "name": { "en": "{{donor}}" }, "type": "10" }""");
            }

            foreach (var fund in new[] { "water", "roads" })
            {
                await editor.RecordAsync("/v1/funds", $$"""{ "id": "{{fund}}", "name": { "en": "{{fund}}" }, "kind": "facility" }""");
            }

            await editor.RecordAsync("/v1/events", """{ "id": "summit", "name": { "en": "Summit" }, "startsOn": "2020-11-20" }""");
            var pledge = await editor.RecordAsync("/v1/pledges", """
                { "donors": [{ "donorId": "anna", "amount": 100, "amountUsd": 110 }], "currency": "EUR", "announcedOn": "2020-11-20", "fundId": "water",
                  "eventId": "summit", "instrument": "grant", "countries": ["IRQ"] }
                """);
            await editor.RecordAsync("/v1/contributions", $$"""
                { "pledgeId": "{{pledge.Id()}}", "stage": "payment", "amount": 50, "currency": "EUR", "amountUsd": 60, "date": "2020-11-20" }
                """);
            await editor.RecordAsync("/v1/pledges", """
                { "donors": [{ "donorId": "anna", "amount": 100, "amountUsd": 110 }], "currency": "EUR", "announcedOn": "2020-11-20", "instrument": "grant" }
                """);
            await editor.RecordAsync("/v1/shortfalls", """{ "fundId": "water", "amount": 5, "currency": "USD", "statedOn": "2020-11-20" }""");
            await editor.RecordAsync("/v1/requirements", """
                { "fundId": "water", "kind": "original", "amount": 5, "currency": "USD", "statedOn": "2020-11-20" }
                """);
        }
    }

    [Theory]
    [InlineData("UPDATE ledger_entry SET note_en = 'x' WHERE no = 1", "append-only")]
    [InlineData("DELETE FROM ledger_entry WHERE no = 1", "append-only")]
    [InlineData("UPDATE change SET actor = 'x' WHERE seq = 1", "append-only")]
    [InlineData("DELETE FROM change WHERE seq = 1", "append-only")]
    [InlineData("UPDATE requirement SET amount_minor = 1", "append-only")]
    [InlineData("DELETE FROM requirement", "append-only")]
    [InlineData("UPDATE shortfall SET amount_minor = 1", "append-only")]
    [InlineData("DELETE FROM shortfall", "append-only")]
    [InlineData("DELETE FROM pledge WHERE no = 1", "never deleted")]
    public void What_was_recorded_is_neither_changed_nor_deleted(string sql, string reason) => Tried(database => Refused(database, sql, reason));

    [Theory]
    [InlineData("amount_minor", "-9999")]
    [InlineData("usd_minor", "-9999")]
    [InlineData("kind", "'revision'")]
    [InlineData("donor_id", "'bruno'")]
    [InlineData("pledge_no", "2")]
    [InlineData("value_date", "'2020-11-21'")]
    [InlineData("reverses_no", "99")]
    public void A_reversal_mirrors_one_entry(string column, string value)
    {
        Tried(database => Refused(database, Mirror(1, column, value), "a reversal mirrors one entry"));
        // The same words without the difference are a reversal.
        Tried(database => Assert.Equal(1, database.Execute(Mirror(1))));
    }

    [Fact]
    public void An_entry_is_reversed_at_most_once() => Tried(database =>
    {
        database.Execute(Mirror(2));
        Refused(database, Mirror(2), "unique");
    });

    [Fact]
    public void A_reversal_is_not_reversed() => Tried(database =>
    {
        database.Execute(Mirror(2));
        Refused(database, Mirror(4), "not itself a reversal");
    });

    [Fact]
    public void A_promise_its_revisions_and_its_withdrawals_share_one_currency() => Tried(database => Refused(database, """
        INSERT INTO ledger_entry (no, id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, qualifier, value_date, date_precision, recorded_at, recorded_by)
        SELECT 4, 'another', pledge_no, donor_id, 'revision', 100, 'USD', 100, usd_basis, qualifier, value_date, date_precision, recorded_at, recorded_by
        FROM ledger_entry WHERE no = 1
        """, "share the header's currency"));

    [Theory]
    [InlineData("id", "'another'")]
    [InlineData("origin", "'direct'")]
    [InlineData("fund_id", "'roads'")]
    [InlineData("recipient_id", "'bruno'")]
    [InlineData("event_id", "NULL")]
    [InlineData("instrument", "'loan'")]
    [InlineData("currency", "'JPY'")]
    [InlineData("shared", "TRUE")]
    [InlineData("countries", "'[]'")]
    [InlineData("shares", "'[1000000]'")]
    [InlineData("announced_on", "'2020-01-01'")]
    [InlineData("usage_years", "'[2021]'")]
    [InlineData("restates_no", "2")]
    [InlineData("passed_on_from_no", "2")]
    public void What_decides_totals_is_fixed_once_entries_exist(string column, string value)
    {
        var sql = $"UPDATE pledge SET {column} = {value} WHERE no = 1";
        Tried(database => Refused(database, sql, "reclassified, not changed"));

        // A header that nothing hangs on yet may still be put right, and words that decide nothing may always be.
        Tried(database =>
        {
            database.Execute("""
                INSERT INTO pledge (no, id, origin, event_id, instrument, currency, qualifier, announced_on, date_precision, recorded_at, recorded_by, version)
                SELECT 3, 'empty', origin, event_id, instrument, currency, qualifier, announced_on, date_precision, recorded_at, recorded_by, version
                FROM pledge WHERE no = 1
                """);
            Assert.Equal(1, database.Execute(sql.Replace("no = 1", "no = 3", StringComparison.Ordinal)));
            Assert.Equal(1, database.Execute("UPDATE pledge SET description_en = 'clearer', fund_id = fund_id WHERE no = 1"));
        });
    }

    private static string Mirror(long no, string? column = null, string? value = null)
    {
        string[] columns =
            ["reverses_no", "pledge_no", "donor_id", "kind", "amount_minor", "currency", "usd_minor", "usd_basis", "qualifier", "value_date", "date_precision",
             "recorded_at", "recorded_by"];
        var mirrored = columns.Select(name => name == column ? value : name switch
        {
            "reverses_no" => "no",
            "amount_minor" or "usd_minor" => "-" + name,
            _ => name,
        });
        const string next = "(SELECT max(no) + 1 FROM ledger_entry)";
        return $"INSERT INTO ledger_entry (no, id, {string.Join(", ", columns)}) SELECT {next}, 'mirror of ' || {next}, {string.Join(", ", mirrored)} FROM ledger_entry WHERE no = {no}";
    }

    private void Tried(Action<DbConnection> trial)
    {
        using var database = PlainConnection.Open(server);
        database.Execute("BEGIN");
        trial(database);
        database.Execute("ROLLBACK");
    }

    private static void Refused(DbConnection database, string sql, string reason) =>
        Assert.Contains(reason, Assert.ThrowsAny<DbException>(() => database.Execute(sql)).Message, StringComparison.OrdinalIgnoreCase);
}
