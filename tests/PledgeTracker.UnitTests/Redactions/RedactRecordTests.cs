using System.Text.RegularExpressions;
using Dapper;
using PledgeTracker.Redactions;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Redactions;

/// <summary>A column or a member of free text that a redaction does not know of would keep what it is to blank.</summary>
public sealed partial class RedactRecordTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_column_of_free_text_is_one_that_a_redaction_blanks()
    {
        await using var database = await server.OpenDatabaseAsync();
        var columns = await database.QueryAsync<(string Table, string Column)>(TestDatabase.IsPostgres
            ? "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            : "SELECT t.name, c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE t.schema = 'main'");

        // Why something was redacted stays public.
        Assert.Equal(columns.Where(c => FreeTexts().IsMatch(c.Column) && c is not ("redaction", _)).Select(c => $"{c.Table}.{c.Column}").Order(StringComparer.Ordinal),
            RedactRecord.FreeTexts.Select(text => $"{text.Table}.{text.Column}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_its_columns_are_called_in_JSON_is_blanked_in_changes_as_well() =>
        Assert.Equal(FreeText.Members, RedactRecord.FreeTexts.Select(text => text.Member).Union(["reason", "reversalReason"]).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\A(note_.*|description_.*|stated_by_.*|reason_.*|quote|reference)\z", RegexOptions.NonBacktracking)]
    private static partial Regex FreeTexts();
}
